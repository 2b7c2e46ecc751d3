"""Pay runs: draft, check, let go by a second person, files for the bank, and what it answers."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import Case, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from ledger import jobs, owed, periods
from ledger.grounds import Disagreed
from ledger.models import Job, WorkWeek
from ledger.periods import day_of, ms_of
from payouts import paper
from payouts.models import PayItem, PayRun
from payouts.my_pay import paid
from payouts.runs import answered, drafting, files, looking, sending
from payouts.runs.forms import AnswerForm, DraftForm, LeaveOutForm
from payouts.views.vendor import OfVendor
from workers.models import User, Vendor
from workers.posting import Form, Posting, WithForms
from workers.reloading import Reloading
from workers.roles import Permission
from workers.scoping import may

PAGE = 25  # payments
RUNS = 30


class OfRuns(OfVendor, abstract=True):
    """A page below Pay runs."""

    section = "runs"
    model: Any = PayRun

    def months(self) -> list[tuple[str, str]]:
        """Return the months with work, the newest first: (2026-10, Oct 2026)."""
        weeks = self.visible(WorkWeek).filter(vendor=self.vendor)
        return [(one, paper.named(one)) for one in paper.months_of(weeks)]

    def of_draft(self) -> dict[str, Any]:
        """Return what the form of a new run offers."""
        months = self.months()
        chosen = {"period": self.latest_over(months), "currency": self.vendor.currency}
        currencies = owed.currencies(self.vendor) or [self.vendor.currency]
        return {"months": months, "currencies": currencies, "initial": chosen}

    def latest_over(self, months: list[tuple[str, str]]) -> str:
        """Return the newest of these months that is over; else the newest one; "" if none."""
        today = day_of(ms_of(timezone.now()), self.vendor.zone)
        over = (one for one, _name in months if periods.month(one).last_on < today)
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


class Runs(WithForms, OfRuns, TemplateView):
    """The vendor's pay runs, and the form that drafts one."""

    permission = Permission.RUN_VIEW
    template_name = "payouts/runs.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the runs, the newest first, with their sums."""
        vendor = self.find()
        runs = self.get_queryset().filter(vendor=vendor).order_by("-number")[:RUNS]
        return super().get_context_data(
            vendor=vendor,
            runs=[(run, drafting.sums(run)) for run in runs],
            draft=self.form(DraftForm, **self.of_draft()),
            **kwargs,
        )


class DraftRun(OfRuns, Posting):
    """Draft a run."""

    permission = Permission.RUN_DRAFT
    on_page, page_name = Runs, "runs"

    def sent(self, row: Vendor) -> DraftForm:
        """Return the form that was sent."""
        return DraftForm(self.request.POST, **self.of_draft())

    def act(self, row: Vendor, form: DraftForm) -> HttpResponse:
        """Draft it and show it."""
        run = drafting.draft(
            vendor=row,
            period=periods.month(form.cleaned_data["period"]),
            currency=form.cleaned_data.get("currency", row.currency),
            by=self.user,
            at=timezone.now(),
        )
        return redirect("run", slug=row.slug, number=run.number)


class Run(Reloading, WithForms, OfRuns, TemplateView):
    """One run: its checks, its payments, and what can be done with it."""

    permission = Permission.RUN_VIEW
    template_name = "payouts/run.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the run as things stand now."""
        run, at = self.find_run(self.kwargs["number"]), timezone.now()
        page, sums = self.payments(run), drafting.sums(run)
        is_draft = run.state == "draft"
        now = looking.looked(run, as_of=at) if is_draft else looking.Looked([], {}, {})
        self.job = self.visible(Job).filter(key=f"{sending.KIND}:{run.uuid}").first()
        may_approve = may(self.user, Permission.RUN_APPROVE, at)
        return super().get_context_data(
            vendor=run.vendor,
            run=run,
            sums=sums,
            problems=[
                (check, self.form(AnswerForm, check.code, initial={"reason": check.answer}))
                for check in now.checks
                if check.count
            ],
            clear=[check for check in now.checks if not check.count],
            waiting=sum(not check.holds for check in now.checks),
            is_maker=run.drafted_by_id == self.user.pk and not run.vendor.one_person,
            may_approve=may_approve,
            page_obj=page,
            items=[
                (item, self.form(LeaveOutForm, item.reference) if is_draft else None)
                for item in page.object_list
            ],
            people_shown="page" in self.request.GET or isinstance(self.refused, LeaveOutForm),
            payouts=now.payouts,
            job=self.job,
            **(self.of_sent(run, sums.micros, page) if run.state == "sent" else {"sent": {}}),
            **kwargs,
        )

    @staticmethod
    def of_sent(run: PayRun, micros: int, page: Page) -> dict[str, Any]:
        """Return the files of a sent run, and what banks have answered to them."""
        accounts = {item.engagement_id: run.vendor.zone for item in page.object_list}
        payments = answered.payments(run).filter(engagement__in=accounts)
        return {
            "forms": files.payments_in(run),
            "answered": answered.sums(run, micros),
            "sent": {one.engagement_id: one for one in paid.newest(payments, accounts, PAGE)},
        }

    def payments(self, run: PayRun) -> Page:
        """Return a page of the run's payments: those left out first, then the largest."""
        items = self.visible(PayItem).filter(run=run).select_related("engagement")
        left_out_first = Case(When(left_out="", then=1), default=0)
        in_order = items.order_by(left_out_first, "-amount_micros", "pk")
        return Paginator(in_order, PAGE).get_page(self.request.GET.get("page"))

    def goes_on(self, context: dict[str, Any]) -> bool:
        """Tell whether the run is being posted."""
        return self.job is not None and self.job.state in jobs.GOES_ON


class ChangeRun(OfRuns, Posting):
    """Change a draft: leave an account out or put it back, answer a check, cancel."""

    permission = Permission.RUN_DRAFT
    on_page, page_name = Run, "run"

    def meant(self) -> PayRun:
        """Return the run; Http404 where there is no such payment in it, or nothing to be done."""
        asked = self.request.POST.get("do", "")
        if asked not in ("leave_out", "put_back", "answer", "cancel"):
            raise Http404(f"{asked!r} is nothing that can be done with a run")
        run = self.find_run(self.kwargs["number"])
        if asked in ("leave_out", "put_back"):
            items = self.visible(PayItem).filter(run=run)
            self.item = get_object_or_404(items, reference=self.request.POST.get("reference", ""))
        return run

    def sent(self, row: PayRun) -> Form:
        """Return the form of what is to be done."""
        said = self.request.POST
        if said["do"] == "leave_out":
            return LeaveOutForm(said, of=self.item.reference)
        if said["do"] == "answer":
            return AnswerForm(said, of=said.get("code", ""))
        return Form(said)

    def act(self, row: PayRun, form: Form) -> HttpResponse | None:
        """Do what was asked, and show the same payments again."""
        reason, asked = form.cleaned_data.get("reason", ""), self.request.POST["do"]
        if asked == "cancel":
            drafting.cancel(run=row)
        elif asked == "answer":
            drafting.answer(run=row, code=form.of, reason=reason)
        else:
            drafting.leave_out(run=row, item=self.item, reason=reason)
        back, page = redirect(self.page_name, **self.kwargs), self.request.GET.get("page", "")
        back["Location"] += f"?page={page}" if page.isdecimal() else ""
        return back


class ApproveRun(OfRuns, View):
    """Let a run go."""

    http_method_names = ["post"]
    permission = Permission.RUN_APPROVE

    def post(self, request: HttpRequest, slug: str, number: int) -> HttpResponse:
        """Approve it, or say what stands in the way."""
        run = self.find_run(number)
        try:
            sending.approve(run=run, by=self.user, at=timezone.now())
        except Disagreed as error:
            messages.error(request, str(error))
        else:
            said = _("Run %(number)s is approved and is being posted.")
            messages.success(request, said % {"number": run.number})
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
