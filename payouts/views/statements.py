"""Statements: the page of one, and the lists of the vendor and of the auditor."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.generic import DetailView, ListView, View

from ledger.models import Job, WorkWeek
from ledger.periods import day_of, ms_of
from payouts import paper
from payouts.models import Statement
from payouts.statements import issue
from payouts.statements.data import from_json
from payouts.statements.page import page_context
from payouts.views.vendor import GOES_ON, REFRESH_S, OfVendor
from workers.models import AuditGrant, Vendor
from workers.roles import Permission, Role
from workers.scoping import Scoped, may

PAGE = 50  # rows


class StatementPage(Scoped, DetailView):
    """One statement, in the same words as its PDF."""

    model = Statement
    permission = Permission.STATEMENT_VIEW
    template_name = "payouts/statement.html"

    def get_queryset(self) -> Any:
        """Return the statements with what stands beside them on the page."""
        return super().get_queryset().select_related("vendor", "replaced_by")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return what the statement says."""
        said = page_context(from_json(self.object.data))
        may_ask = may(self.request.user, Permission.DISPUTE_ASK, timezone.now())
        return super().get_context_data(**said, row=self.object, may_ask=may_ask, **kwargs)


class Listed(ListView):
    """A list of statements of one month, with their sums."""

    model = Statement
    paginate_by = PAGE
    period = ""

    def of_month(self, statements: Any) -> Any:
        """Return the statements of the month asked for; of the newest one if none is."""
        self.months = paper.months_issued(statements)
        asked = self.request.GET.get("period", "")
        self.period = asked if asked in self.months else next(iter(self.months), "")
        self.chosen = statements.filter(period=self.period)
        return paper.listed(self.chosen)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the months and the sums."""
        context = super().get_context_data(**kwargs)
        return context | {
            "rows": [paper.row(values) for values in context["object_list"]],
            "totals": paper.totals(self.chosen),
            "months": [(one, paper.named(one)) for one in self.months],
            "period": self.period,
            "period_named": paper.named(self.period) if self.period else "",
        }


class VendorStatements(OfVendor, Listed):
    """The vendor's statements; issue those of a month."""

    permission = Permission.STATEMENT_VIEW
    template_name = "payouts/vendor_statements.html"
    section = "vendor-statements"

    def get_queryset(self) -> Any:
        """Return the vendor's statements of the month."""
        return self.of_month(super().get_queryset().filter(vendor=self.find()))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the months that can be issued, and how far an issuing is."""
        jobs = self.visible(Job).filter(vendor=self.vendor, kind=issue.KIND)
        weeks, now = self.visible(WorkWeek).filter(vendor=self.vendor), timezone.now()
        today = day_of(ms_of(now), self.vendor.zone)
        may_issue = may(self.request.user, Permission.STATEMENT_ISSUE, now)
        return super().get_context_data(
            vendor=self.vendor,
            job=jobs.order_by("-pk").first(),
            may_issue=may_issue,
            to_issue=[(one, paper.named(one)) for one in paper.months_to_state(weeks, today)],
            **kwargs,
        )

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """Load the page again by itself while statements are being issued."""
        response = super().render_to_response(context, **kwargs)
        if context["job"] is not None and context["job"].state in GOES_ON:
            response.headers["Refresh"] = str(REFRESH_S)
        return response


class Issue(OfVendor, View):
    """Issue the statements of a month."""

    http_method_names = ["post"]
    model = Statement
    permission = Permission.STATEMENT_ISSUE

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Queue the issuing, and show how far it is."""
        vendor, period = self.find(), request.POST.get("period", "")
        try:
            issue.start(vendor=vendor, period=period, by=request.user, at=timezone.now())  # type: ignore[arg-type]
        except ValueError as error:
            messages.error(request, f"{error} Choose a month from the list.")
        return redirect("vendor-statements", slug=vendor.slug)


class Audit(Scoped, Listed):
    """The auditor's statements: those of the vendors and the days of the grant."""

    permission = Permission.GRANT_VIEW
    template_name = "payouts/audit.html"
    nav, section = Role.AUDITOR, "audit"

    def get_queryset(self) -> Any:
        """Return the statements of the vendor and the month asked for."""
        statements = super().get_queryset()
        self.slug = self.request.GET.get("vendor", "")
        if self.slug:
            statements = statements.filter(vendor__slug=self.slug)
        return self.of_month(statements)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the grants and the vendors."""
        grants = self.visible(AuditGrant).prefetch_related("vendors").order_by("expires_at", "pk")
        vendors = list(self.visible(Vendor).order_by("name"))
        return super().get_context_data(
            grants=grants,
            vendors=vendors,
            several=len(vendors) > 1 and not self.slug,
            slug=self.slug,
            **kwargs,
        )
