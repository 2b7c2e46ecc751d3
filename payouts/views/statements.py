"""Statements: the page of one, and the lists of the vendor and of the auditor."""

from datetime import datetime
from typing import Any, cast

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import DetailView, ListView

from ledger import jobs
from ledger.models import Job, WorkWeek
from ledger.periods import day_of, ms_of
from payouts import paper
from payouts.models import Statement
from payouts.runs.forms import MonthForm
from payouts.statements import issue
from payouts.statements.data import from_json
from payouts.statements.page import page_context
from payouts.views.vendor import OfVendor
from workers.models import AuditGrant, User, Vendor
from workers.posting import Posting, WithForms
from workers.reloading import Reloading
from workers.roles import Permission, Role
from workers.scoping import Scoped, may

PAGE = 50  # rows
ISSUE = _("Issue the statements of")


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


class VendorStatements(Reloading, WithForms, OfVendor, Listed):
    """The vendor's statements; issue those of a month."""

    permission = Permission.STATEMENT_VIEW
    template_name = "payouts/vendor_statements.html"
    section = "vendor-statements"

    def get_queryset(self) -> Any:
        """Return the vendor's statements of the month."""
        return self.of_month(super().get_queryset().filter(vendor=self.find()))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the months that can be issued, and how far an issuing is."""
        issuing = self.visible(Job).filter(vendor=self.vendor, kind=issue.KIND)
        weeks, now = self.visible(WorkWeek).filter(vendor=self.vendor), timezone.now()
        may_issue = may(self.request.user, Permission.STATEMENT_ISSUE, now)
        months = _to_issue(weeks, self.vendor, now)
        return super().get_context_data(
            vendor=self.vendor,
            job=issuing.order_by("-pk").first(),
            may_issue=may_issue,
            to_issue=months and self.form(MonthForm, months=months, label=ISSUE),
            **kwargs,
        )

    def goes_on(self, context: dict[str, Any]) -> bool:
        """Tell whether statements are being issued."""
        return context["job"] is not None and context["job"].state in jobs.GOES_ON


class Issue(OfVendor, Posting):
    """Issue the statements of a month."""

    model = Statement
    permission = Permission.STATEMENT_ISSUE
    on_page, page_name = VendorStatements, "vendor-statements"

    def sent(self, row: Vendor) -> MonthForm:
        """Return the form that was sent."""
        weeks = self.visible(WorkWeek).filter(vendor=row)
        months = _to_issue(weeks, row, timezone.now())
        return MonthForm(self.request.POST, months=months, label=ISSUE)

    def act(self, row: Vendor, form: MonthForm) -> None:
        """Queue the issuing; the page shows how far it is."""
        by = cast(User, self.request.user)
        issue.start(vendor=row, period=form.cleaned_data["period"], by=by, at=timezone.now())


def _to_issue(weeks: Any, vendor: Vendor, at: datetime) -> list[tuple[str, str]]:
    """Return the months whose statements can be issued, each as (2026-10, Oct 2026)."""
    today = day_of(ms_of(at), vendor.zone)
    return [(one, paper.named(one)) for one in paper.months_to_state(weeks, today)]


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
