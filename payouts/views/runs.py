"""Pay runs and top-ups: draft, check, let go by a second person, and the files for the bank."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.generic import TemplateView, View

from ledger import periods
from ledger.models import Job, WorkWeek
from ledger.periods import day_of, ms_of
from payouts import paper, topups
from payouts.models import PayItem, PayRun, TopUp
from payouts.runs import drafting, files, looking, owed, sending
from payouts.runs.drafting import Refused
from payouts.views.vendor import GOES_ON, REFRESH_S, OfVendor
from workers.models import User
from workers.roles import Permission
from workers.scoping import may

PAGE = 50  # payments
RUNS = 30


class OfRuns(OfVendor, abstract=True):
    """A page below Pay runs."""

    section = "runs"
    model: Any = PayRun

    def months(self) -> list[tuple[str, str]]:
        """Return the months with work, the newest first: (2026-10, Oct 2026)."""
        weeks = self.visible(WorkWeek).filter(vendor=self.vendor)
        return [(one, paper.named(one)) for one in paper.months_of(weeks)]

    def latest_over(self, months: list[tuple[str, str]]) -> str:
        """Return the newest of these months that is over; else the newest one; "" if none."""
        today = day_of(ms_of(timezone.now()), self.vendor.zone)
        over = (one for one, _ in months if periods.month(one).last_on < today)
        return next(over, months[0][0] if months else "")

    def find_run(self, number: int) -> PayRun:
        """Return one of the vendor's runs; else Http404."""
        runs = self.visible(PayRun).select_related("vendor", "drafted_by", "approved_by")
        run: PayRun = get_object_or_404(runs, vendor=self.find(), number=number)
        return run

    @property
    def user(self) -> User:
        """Whoever asks."""
        user: User = self.request.user  # type: ignore[attr-defined]
        return user


class Runs(OfRuns, TemplateView):
    """The vendor's pay runs, and the form that drafts one."""

    permission = Permission.RUN_VIEW
    template_name = "payouts/runs.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the runs, the newest first, with their sums."""
        vendor = self.find()
        months = self.months()
        runs = self.get_queryset().filter(vendor=vendor).order_by("-number")[:RUNS]
        return super().get_context_data(
            vendor=vendor,
            runs=[(run, drafting.sums(run)) for run in runs],
            months=months,
            latest_over=self.latest_over(months),
            currencies=owed.currencies(vendor) or [vendor.currency],
            **kwargs,
        )


class DraftRun(OfRuns, View):
    """Draft a run."""

    http_method_names = ["post"]
    permission = Permission.RUN_DRAFT

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Draft it and show it; or say why there is none."""
        vendor = self.find()
        try:
            run = drafting.draft(
                vendor=vendor,
                period=periods.month(request.POST.get("period", "")),
                currency=request.POST.get("currency", ""),
                by=self.user,
                at=timezone.now(),
            )
        except ValueError as error:
            messages.error(request, str(error))
            return redirect("runs", slug=vendor.slug)
        return redirect("run", slug=vendor.slug, number=run.number)


class Run(OfRuns, TemplateView):
    """One run: its checks, its payments, and what can be done with it."""

    permission = Permission.RUN_VIEW
    template_name = "payouts/run.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the run as things stand now."""
        run, at = self.find_run(self.kwargs["number"]), timezone.now()
        items = self.visible(PayItem).filter(run=run).select_related("engagement")
        left_out_first = Case(When(left_out="", then=1), default=0)
        page = Paginator(items.order_by(left_out_first, "-amount_micros", "pk"), PAGE).get_page(
            self.request.GET.get("page")
        )
        checks = looking.checked(run, as_of=at) if run.state == "draft" else []
        self.job = self.visible(Job).filter(key=f"{sending.KIND}:{run.uuid}").first()
        may_approve = may(self.user, Permission.RUN_APPROVE, at)
        return super().get_context_data(
            vendor=run.vendor,
            run=run,
            sums=drafting.sums(run),
            checks=checks,
            all_hold=all(check.holds for check in checks),
            is_maker=run.drafted_by_id == self.user.pk and not run.vendor.one_person,
            may_approve=may_approve,
            page_obj=page,
            items=page.object_list,
            forms=files.payments_in(run) if run.state == "sent" else [],
            job=self.job,
            **kwargs,
        )

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """Load the page again by itself while the run is being posted."""
        response = super().render_to_response(context, **kwargs)
        if self.job is not None and self.job.state in GOES_ON:
            response.headers["Refresh"] = str(REFRESH_S)
        return response


class ChangeRun(OfRuns, View):
    """Change a draft: leave an account out or put it back, answer a check, cancel."""

    http_method_names = ["post"]
    permission = Permission.RUN_DRAFT

    def post(self, request: HttpRequest, slug: str, number: int) -> HttpResponse:
        """Do what was asked, and show the run again."""
        run = self.find_run(number)
        asked = request.POST.get("do", "")
        changes: dict[str, Callable[[PayRun], None]] = {
            "leave_out": self._leave_out,
            "answer": self._answer,
            "cancel": lambda one: drafting.cancel(run=one),
        }
        if asked not in changes:
            raise Http404(f"{asked!r} is nothing that can be done with a run")
        try:
            changes[asked](run)
        except Refused as error:
            messages.error(request, str(error))
        return redirect("run", slug=slug, number=number)

    def _leave_out(self, run: PayRun) -> None:
        items = self.visible(PayItem).filter(run=run)
        item = get_object_or_404(items, reference=self.request.POST.get("reference", ""))
        drafting.leave_out(run=run, item=item, reason=self.request.POST.get("reason", ""))

    def _answer(self, run: PayRun) -> None:
        code, reason = self.request.POST.get("code", ""), self.request.POST.get("reason", "")
        drafting.answer(run=run, code=code, reason=reason)


class ApproveRun(OfRuns, View):
    """Let a run go."""

    http_method_names = ["post"]
    permission = Permission.RUN_APPROVE

    def post(self, request: HttpRequest, slug: str, number: int) -> HttpResponse:
        """Approve it, or say what stands in the way."""
        run = self.find_run(number)
        try:
            sending.approve(run=run, by=self.user, at=timezone.now())
        except Refused as error:
            messages.error(request, str(error))
        else:
            messages.success(request, f"Run {run.number} is approved and is being posted.")
        return redirect("run", slug=slug, number=number)


class RunFile(OfRuns, View):
    """The file of a sent run, for the bank or the payment service."""

    http_method_names = ["get", "head"]
    permission = Permission.RUN_VIEW

    def get(self, request: HttpRequest, slug: str, number: int, form: str) -> HttpResponse:
        """Return the file; 404 while there is none."""
        run = self.find_run(number)
        if form not in files.FORMS:
            raise Http404(f"{form!r} is no form of a payment file")
        try:
            content = files.written(run, form)
        except ValueError as error:
            raise Http404(str(error)) from error
        name = f"{slug}-run-{run.number}-{form}.{files.FORMS[form].suffix}"
        return HttpResponse(
            content,
            content_type=files.FORMS[form].content_type,
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )


class TopUps(OfRuns, TemplateView):
    """The gaps to the floor of a month, as the lines that would be posted; and those closed."""

    permission = Permission.RUN_VIEW
    template_name = "payouts/top_ups.html"
    model = TopUp

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the preview of the month asked for, else of the newest one that is over."""
        vendor, at = self.find(), timezone.now()
        months = self.months()
        asked = self.request.GET.get("period", "")
        period = asked if asked in dict(months) else self.latest_over(months)
        preview = None
        if period:
            preview = topups.preview(vendor=vendor, period=periods.month(period), as_of=at)
        return super().get_context_data(
            vendor=vendor,
            months=months,
            period=period,
            period_named=paper.named(period) if period else "",
            preview=preview,
            made=self.get_queryset().filter(vendor=vendor).order_by("-made_at")[:RUNS],
            **kwargs,
        )


class CloseGaps(OfRuns, View):
    """Close the gaps that were previewed."""

    http_method_names = ["post"]
    permission = Permission.RUN_DRAFT

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Award what is missing; or say that the gaps are others by now."""
        vendor, period = self.find(), request.POST.get("period", "")
        try:
            made = topups.close(
                vendor=vendor,
                period=periods.month(period),
                digest=request.POST.get("digest", ""),
                by=self.user,
                at=timezone.now(),
            )
        except ValueError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, topups.said(made))
        back = redirect("top-ups", slug=vendor.slug)
        back["Location"] += f"?period={period}" if len(period) == len("2026-10") else ""
        return back
