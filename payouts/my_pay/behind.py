"""Pieces of work as a worker's page lists them: time, promise, where the money is, who paid it.

Each page of rows costs the same few queries. The money of what was paid is where its payments are,
in proportion: on its way, arrived, or lost to fees or to an exchange.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ledger import exchanged, moves
from ledger.balances import balance
from ledger.exchanged import Worth
from ledger.models import Transfer, Work
from ledger.periods import Week, day_of
from payouts.compliance.pay import Books
from payouts.compliance.pay import Transfer as Moved
from payouts.compliance.weeks import Payments
from payouts.my_pay import earnings
from payouts.statements import codes
from workers.models import Engagement

STATES = ("pending", "payable", "refused", "withheld")  # those that a list can be asked for
NO_PAY = {
    "submitted": gettext_lazy("no pay"),
    "returned": gettext_lazy("no pay (returned)"),
    "expired": gettext_lazy("no pay (expired)"),
    "screened_out": gettext_lazy("no pay (screened out)"),
    "skipped": gettext_lazy("no pay (skipped)"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """Some of a piece's money: where it is, in words, and since or until when."""

    account: str
    micros: int
    state: str
    on: date | None = None
    why: str = ""
    by: str = ""  # who decided

    @property
    def is_late(self) -> bool:
        """Whether it was due and is not paid."""
        return self.state == earnings.OVERDUE


@dataclass(frozen=True, slots=True)
class Piece:
    """One attempt, as it stands."""

    work: Work
    day_on: date
    time_ms: int | None
    parts: tuple[Part, ...]
    paid_by: tuple[tuple[int, str], ...]  # id and reference of each payment that still pays it

    @property
    def no_money(self) -> str:
        """Why no money stands beside it; empty where some does."""
        if self.parts:
            return ""
        if self.work.promised_micros is None:
            return _("pay not known")
        return codes.said(NO_PAY, self.work.ended_as)


def current(rows: "QuerySet[Work]") -> "QuerySet[Work]":
    """Return the newest revisions that are not void."""
    return rows.filter(void=False, corrected_by=None)


def in_week(rows: "QuerySet[Work]", week: Week) -> "QuerySet[Work]":
    """Return the work that touches a week, the oldest first."""
    touching = rows.filter(ended_at_ms__gte=week.start_ms, started_at_ms__lt=week.end_ms)
    return current(touching).order_by("started_at_ms", "pk")


def with_money_in(rows: "QuerySet[Work]", account: str) -> "QuerySet[Work]":
    """Return the work that has money in this account of the rule book, the newest first."""
    touched = Transfer.objects.filter(Q(source=account) | Q(target=account))
    held = (
        touched.filter(engagement__in=rows.order_by().values("engagement"))
        .values("work_id")
        .annotate(net=balance(account))
        .filter(net__gt=0)
    )
    return current(rows.filter(root__in=held.values("work_id"))).order_by("-ended_at_ms", "-pk")


def paid_by(rows: "QuerySet[Work]", payment_id: int) -> "QuerySet[Work]":
    """Return the work that a payment pays, the oldest first."""
    roots = Transfer.objects.filter(payment=payment_id, work__isnull=False).values("work_id")
    return current(rows.filter(root__in=roots)).order_by("ended_at_ms", "pk")


def pieces(
    rows: Sequence[Work], owners: dict[int, Engagement], payments: dict[int, Payments]
) -> list[Piece]:
    """Return one page of work with its money. Three queries, and two for rates after an exchange.

    owners: by engagement; payments: what is known of payments, by vendor.
    """
    moved: dict[int, list[Transfer]] = defaultdict(list)
    transfers = Transfer.objects.filter(work__in=[row.root_id for row in rows])
    for transfer in transfers.select_related("payment", "withholding").order_by("n"):
        moved[transfer.work_id].append(transfer)  # type: ignore[index]
    books = _books([one for some in moved.values() for one in some], owners)
    found = []
    for row in rows:
        owner = owners[row.engagement_id]
        story = Story(row, moved[row.root_id], owner, payments[owner.vendor_id])
        found.append(story.piece(books))
    return found


def _books(transfers: list[Transfer], owners: dict[int, Engagement]) -> Books:
    """Return the books of these pieces, with all that became of the payments that paid them."""
    moved = (
        Moved(one.engagement_id, one.work_id, one.payment_id, one.source, one.target,
              one.currency, one.amount_micros)
        for one in transfers
    )  # fmt: skip
    books = Books.of(moved, _worth(transfers, owners))
    books.of_payment.clear()  # the payments are read whole: they pay for other work, too
    whole = Transfer.objects.filter(payment__in={one.payment_id for one in transfers} - {None})
    for pk, source, target, micros in (
        whole.values_list("payment_id", "source", "target")
        .annotate(Sum("amount_micros"))
        .order_by()
    ):
        books.of_payment[pk][source] -= micros
        books.of_payment[pk][target] += micros
    return books


def _worth(transfers: list[Transfer], owners: dict[int, Engagement]) -> dict[int, Worth]:
    """Return what those of these payments were worth that were exchanged on the way."""
    zones = {
        one.payment_id: owners[one.engagement_id].vendor.zone
        for one in transfers
        if one.payment_id is not None
    }
    return exchanged.worth_in(zones, exchanged.known(zones))


class Story:
    """What happened to one piece of work, told in words."""

    def __init__(
        self, row: Work, moved: list[Transfer], owner: Engagement, payments: Payments
    ) -> None:
        self.row, self.moved, self.owner, self.payments = row, moved, owner, payments
        self.zone = owner.vendor.zone

    def piece(self, books: Books) -> Piece:
        """Return the piece with its parts in the order of the rule book."""
        at = books.accounts(self.row.root_id)
        parts = [
            part
            for account in moves.ACCOUNTS
            if account not in moves.MAY_GO_BELOW_ZERO and at.get(account)
            for part in self.parts(account, at[account])
        ]
        sent = {
            one.payment.pk: one.payment.reference
            for one in self.moved
            if one.payment is not None and books.sent[self.row.root_id][one.payment.pk] > 0
        }
        return Piece(self.row, self._day(self.row.ended_at_ms), self._time(), tuple(parts),
                     tuple(sent.items()))  # fmt: skip

    def parts(self, account: str, micros: int) -> list[Part]:
        """Return what is in one account, in words: of what is withheld, a part a decision."""
        if account != moves.WITHHELD:
            return [self._part(account, micros)]
        by_decision: dict[int | None, list[Transfer]] = defaultdict(list)
        for one in self.moved:
            if moves.WITHHELD in (one.source, one.target):
                by_decision[one.withholding_id].append(one)
        still = ((one, _net(one, moves.WITHHELD)) for one in by_decision.values())
        return [self._withheld(some, micros) for some, micros in still if micros]

    def _part(self, account: str, micros: int) -> Part:
        if account == moves.PENDING:
            until = self.row.decide_by_at_ms
            return Part(
                account, micros, str(codes.STATES[account]), self._day(until) if until else None
            )
        if account == moves.PAYABLE:
            return self._owed(micros)
        why = ""
        if account == moves.REFUSED:
            why = next(one.reason for one in reversed(self.moved) if one.target == account)
        return Part(account, micros, str(codes.STATES[account]), why=why)

    def _withheld(self, moved: list[Transfer], micros: int) -> Part:
        last = next(one for one in reversed(moved) if one.target == moves.WITHHELD)
        decided = last.withholding
        until = decided.ends_at_ms if decided else None
        return Part(
            moves.WITHHELD,
            micros,
            str(codes.STATES[moves.WITHHELD]),
            on=None if until is None else self._day(until),
            why=last.reason,
            by=decided.decided_by if decided else "",
        )

    def _owed(self, micros: int) -> Part:
        dues = [one.due_at_ms for one in self.moved if one.target == moves.PAYABLE]
        due_on = self._day(min((due for due in dues if due is not None), default=0))
        state = earnings.standing(
            self.payments, self.owner.source, self.row.project, self.row.started_at_ms, due_on
        )
        return Part(moves.PAYABLE, micros, state, due_on)

    def _time(self) -> int | None:
        if self.row.ended_at_ms > self.row.started_at_ms:
            return self.row.ended_at_ms - self.row.started_at_ms
        return self.row.wall_ms if self.row.wall_ms is not None else self.row.active_ms

    def _day(self, at_ms: int) -> date:
        return day_of(at_ms, self.zone)


def _net(moved: list[Transfer], account: str) -> int:
    return sum(
        one.amount_micros * ((one.target == account) - (one.source == account)) for one in moved
    )
