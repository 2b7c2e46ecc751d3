"""The worker's pages: pay so far, the work behind each amount, payments, statements."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.generic import ListView, TemplateView

from ledger.models import Deactivation, Payment, Withholding, Work, WorkWeek
from ledger.periods import week_from
from payouts import flag_list, weekly
from payouts.models import Dispute, Flag, Statement
from payouts.my_pay import behind, front, paid
from payouts.statements import codes
from workers import naming
from workers.models import Engagement
from workers.roles import Permission, Role
from workers.scoping import Scoped

PAGE = 50  # rows


class MyPay(Scoped, TemplateView):
    """Am I owed money? All accounts together, or one by itself."""

    model = Engagement
    permission = Permission.PAY_VIEW
    template_name = "payouts/my_pay.html"
    nav, section = Role.WORKER, "my-pay"

    def get_context_data(self, account: UUID | None = None, **kwargs: Any) -> dict[str, Any]:
        """Return what was earned, received and owed, and the newest weeks."""
        accounts = self.get_queryset()
        if account is not None:
            accounts = accounts.filter(pk=get_object_or_404(accounts, pseudonym=account).pk)
        flags = flag_list.standing_now(
            self.visible(Flag).filter(engagement__in=accounts), self.visible(Dispute)
        )
        before = self.request.GET.get("before")
        page = front.of(
            accounts,
            weeks=self.visible(WorkWeek),
            payments=self.visible(Payment),
            statements=self.visible(Statement),
            decisions=self.visible(Withholding),
            endings=self.visible(Deactivation),
            before=_day(before) if before else None,
            as_of=timezone.now(),
        )
        return super().get_context_data(
            page=page,
            flags=flag_list.front_page(flags, timezone.now()),
            alone=account is not None,
            query=f"?account={account}" if account else "",
            **kwargs,
        )


class WorkPage(Scoped, ListView, abstract=True):
    """A list of work with where its money is, fifty a page."""

    model = Work
    template_name = "payouts/my_work.html"
    paginate_by = PAGE
    nav, section = Role.WORKER, "my-pay"

    def owners(self) -> dict[int, Engagement]:
        """Return the accounts that the work on the page can be of."""
        rows = self.visible(Engagement).select_related("vendor")
        return {one.pk: one for one in rows}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the pieces with their money."""
        context = super().get_context_data(**kwargs)
        owners, at = self.owners(), timezone.now()
        payments = weekly.payments_of((one.vendor for one in owners.values()), at)
        context["pieces"] = behind.pieces(context["object_list"], owners, payments)
        context["zones"] = sorted({one.vendor.zone for one in owners.values()})
        context["several"] = len(owners) > 1
        return context


class MyWeek(WorkPage):
    """One week of one account: its work, and how its pay per hour comes about."""

    permission = Permission.PAY_VIEW

    def setup(self, *args: Any, **kwargs: Any) -> None:
        """Read the day, which must be a Monday."""
        super().setup(*args, **kwargs)
        self.monday = _day(self.kwargs["monday"])
        if self.monday.weekday():
            raise Http404

    def get_queryset(self) -> "QuerySet[Work]":
        """Return the work that touches the week."""
        accounts = self.visible(Engagement).select_related("vendor")
        self.account = get_object_or_404(accounts, pseudonym=self.kwargs["account"])
        week = week_from(self.monday, self.account.vendor.zone)
        return behind.in_week(super().get_queryset().filter(engagement=self.account), week)

    def owners(self) -> dict[int, Engagement]:
        """Return the one account."""
        return {self.account.pk: self.account}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the week against the floor, if it has been computed."""
        week = self.visible(WorkWeek).filter(engagement=self.account, starts_on=self.monday)
        payments = weekly.payments_of([self.account.vendor], timezone.now())
        return super().get_context_data(
            account=self.account,
            monday=self.monday,
            week_line=f"week-{self.account.pseudonym.hex}-{self.monday}",
            week=next(weekly.judged(week, payments), None),
            **kwargs,
        )


class MyWork(WorkPage):
    """The work behind an amount: in review, owed, refused or held back."""

    permission = Permission.PAY_VIEW

    def get_queryset(self) -> "QuerySet[Work]":
        """Return the work that has money there, of all accounts or of one."""
        if self.kwargs["state"] not in behind.STATES:
            raise Http404
        rows = super().get_queryset()
        if account := self.request.GET.get("account"):
            found = get_object_or_404(self.visible(Engagement), pseudonym=_uuid(account))
            rows = rows.filter(engagement=found)
        return behind.with_money_in(rows, self.kwargs["state"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what the list is of."""
        state = self.kwargs["state"]
        return super().get_context_data(state=state, title=codes.ACCOUNTS[state], **kwargs)


class MyPayment(WorkPage):
    """One payment: what became of it, and the work that it pays."""

    permission = Permission.PAY_VIEW

    def get_queryset(self) -> "QuerySet[Work]":
        """Return the work that it pays."""
        rows = self.visible(Payment).filter(void=False, corrected_by=None)
        self.payment = get_object_or_404(rows, pk=self.kwargs["pk"])
        return behind.paid_by(super().get_queryset(), self.payment.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the payment."""
        rows = self.visible(Payment).filter(pk=self.payment.pk)
        account = get_object_or_404(
            self.visible(Engagement).select_related("vendor"), pk=self.payment.engagement_id
        )
        (told,) = paid.newest(rows, {account.pk: account.vendor.zone}, 1)
        return super().get_context_data(paid=told, account=account, **kwargs)


class MyStatements(Scoped, ListView):
    """The worker's statements, the newest first."""

    model = Statement
    permission = Permission.PAY_VIEW
    template_name = "payouts/my_statements.html"
    paginate_by = PAGE
    nav, section = Role.WORKER, "my-statements"

    def get_queryset(self) -> "QuerySet[Statement]":
        """Return them without what they say."""
        return front.newest_statements(super().get_queryset())


def _day(text: str) -> date:
    """Return a day written as YYYY-MM-DD, of a year with work; Http404 for anything else."""
    try:
        return naming.day_written(text)
    except ValueError:
        raise Http404 from None


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None
