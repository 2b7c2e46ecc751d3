"""A worker's pay so far: what was earned, what arrived, what is owed and since when.

Sums come from the transfers, so they are those of the ledger to the micro; no week and no
statement is asked. A fixed number of queries, whatever the number of pieces of work.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Min, Q, QuerySet, Sum

from ledger import exchanged, moves
from ledger.balances import balance
from ledger.models import Transfer
from ledger.periods import day_of, ms_of
from payouts.compliance.weeks import Payments
from payouts.weekly import payments_of
from workers.models import Engagement, Vendor

NOT_DUE, OVERDUE, NOT_KNOWN, ON_APPROVAL = "not due", "overdue", "not known", "on approval"


@dataclass
class Purse:
    """Money of some accounts in one currency, in micros.

    earned = received + remitted + on_approval + on_the_way + fees + lost + owed + withheld
    - paid_ahead, exactly.
    """

    currency: str
    earned: int = 0
    received: int = 0  # confirmed as arrived
    remitted: int = 0  # paid to a third party for the worker
    on_approval: int = 0  # approved on a platform that pays when it approves
    on_the_way: int = 0
    fees: int = 0
    lost: int = 0  # by what arrived in another currency was worth less than what had been sent
    pending: int = 0
    refused: int = 0
    withheld: int = 0
    paid_ahead: int = 0
    overdue: int = 0
    overdue_since_on: date | None = None
    not_known: int = 0  # due, but payments are not known up to that day
    not_due: int = 0
    next_due_on: date | None = None
    in_review: int = 0  # pieces
    undecided_late: int = 0  # of pending: past the day by which it was to be decided
    decide_by_on: date | None = None  # the next such day

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands in it: all that there was of it has been taken back."""
        return self == Purse(self.currency)

    @property
    def owed(self) -> int:
        """All that was approved and is not known to be paid."""
        return self.overdue + self.not_known + self.not_due


@dataclass(frozen=True)
class Debt:
    """Approved money of one account with one due date."""

    engagement_id: int
    currency: str
    micros: int
    due_on: date
    state: str  # NOT_DUE, OVERDUE, NOT_KNOWN or ON_APPROVAL


@dataclass
class Pay:
    """What a worker's page says. known: what is known of payments, by vendor."""

    accounts: list[Engagement]
    vendors: list[Vendor]
    known: dict[int, Payments]
    purses: list[Purse]
    by_account: dict[int, list[Purse]] = field(default_factory=dict)


def so_far(accounts: "QuerySet[Engagement]", *, as_of: datetime) -> Pay:
    """Return what these accounts earned and received, together and each by itself.

    Six queries, one more a time zone of the vendors', and four where pay was exchanged.
    """
    people = list(accounts.select_related("vendor").order_by("vendor__name", "account", "pk"))
    vendors = list({one.vendor_id: one.vendor for one in people}.values())
    payments = payments_of(vendors, as_of)
    ids = [one.pk for one in people]
    purses: dict[tuple[int, str], Purse] = {}
    for (pk, currency), balances in _balances(ids).items():
        purses[pk, currency] = _purse(currency, balances)
    for key, micros in _lost_to_exchanges(people).items():
        purses[key].lost += micros
        purses[key].received -= micros
    for debt in debts(people, payments, as_of=as_of):
        _add_debt(purses[debt.engagement_id, debt.currency], debt)
    for person, currency, micros, decide_by_ms in _reviews(people):
        _add_review(purses[person.pk, currency], person, micros, decide_by_ms, ms_of(as_of))
    purses = {key: purse for key, purse in purses.items() if not purse.is_empty}
    return Pay(
        accounts=people,
        vendors=vendors,
        known=payments,
        purses=_together(purses.values()),
        by_account={
            pk: [purse for (owner, _), purse in sorted(purses.items()) if owner == pk] for pk in ids
        },
    )


def debts(
    people: Sequence[Engagement], payments: dict[int, Payments], *, as_of: datetime
) -> list[Debt]:
    """Return what is approved and not sent, oldest due date first, by account and due date.

    Late is what was due before today, on the vendor's calendar; where payments are not known up
    to that day, nobody can say whether it was sent. One query.
    """
    owner = {one.pk: one for one in people}
    found: Counter[tuple[int, str, date, str]] = Counter()
    for row in _open_work(owner):
        person = owner[row["engagement_id"]]
        known = payments[person.vendor_id]
        zone = person.vendor.zone
        due_on = day_of(row["due"], zone)
        state = standing(
            known, person.source, row["work__project"], row["work__started_at_ms"], due_on
        )
        found[person.pk, row["currency"], due_on, state] += row["net"]
    made = [Debt(pk, code, micros, on, state) for (pk, code, on, state), micros in found.items()]
    return sorted(made, key=lambda debt: (debt.due_on, debt.engagement_id, debt.currency))


def standing(known: Payments, source: str, project: str, claimed_at_ms: int, due_on: date) -> str:
    """Return how approved and unpaid money stands: NOT_DUE, OVERDUE, NOT_KNOWN or ON_APPROVAL."""
    if known.terms.pays_on_approval(source=source, project=project, at_ms=claimed_at_ms):
        return ON_APPROVAL
    if due_on >= day_of(known.as_of_ms, known.terms.zone):
        return NOT_DUE
    is_known = known.complete_until is not None and known.complete_until >= due_on
    return OVERDUE if is_known else NOT_KNOWN


def _open_work(engagements: Collection[int]) -> Iterable[Any]:
    touched = Q(source=moves.PAYABLE) | Q(target=moves.PAYABLE)
    rows = Transfer.objects.filter(touched, engagement__in=list(engagements)).values(
        "engagement_id", "work_id", "work__project", "work__started_at_ms", "currency"
    )
    return rows.annotate(
        net=balance(moves.PAYABLE),
        due=Min("due_at_ms", filter=Q(target=moves.PAYABLE, reversed_by=None)),
    ).filter(net__gt=0, due__isnull=False)


def _reviews(people: Sequence[Engagement]) -> Iterator[tuple[Engagement, str, int, int | None]]:
    """Yield each piece in review: whose, its money, and by when it is to be decided. One query."""
    owner = {one.pk: one for one in people}
    touched = Q(source=moves.PENDING) | Q(target=moves.PENDING)
    rows = Transfer.objects.filter(touched, engagement__in=list(owner)).values_list(
        "engagement_id", "currency", "work_id", "work__decide_by_at_ms"
    )
    for pk, currency, _, by_ms, micros in rows.annotate(net=balance(moves.PENDING)).filter(
        net__gt=0
    ):
        yield owner[pk], currency, micros, by_ms


def _add_review(
    purse: Purse, person: Engagement, micros: int, decide_by_ms: int | None, now_ms: int
) -> None:
    purse.in_review += 1
    if decide_by_ms is None:
        return
    if decide_by_ms < now_ms:
        purse.undecided_late += micros
    else:
        day = day_of(decide_by_ms, person.vendor.zone)
        purse.decide_by_on = _first(purse.decide_by_on, day)


def _lost_to_exchanges(people: Sequence[Engagement]) -> Counter[tuple[int, str]]:
    lost: Counter[tuple[int, str]] = Counter()
    for zone in {one.vendor.zone for one in people}:
        lost.update(
            exchanged.lost_by_account([one.pk for one in people if one.vendor.zone == zone], zone)
        )
    return lost


def _balances(engagements: list[int]) -> dict[tuple[int, str], Counter[str]]:
    found: dict[tuple[int, str], Counter[str]] = defaultdict(Counter)
    rows = Transfer.objects.filter(engagement__in=engagements).values_list(
        "engagement_id", "currency", "source", "target"
    )
    for pk, currency, source, target, micros in rows.annotate(Sum("amount_micros")).order_by():
        found[pk, currency][source] -= micros
        found[pk, currency][target] += micros
    return dict(found)


def _purse(currency: str, at: Counter[str]) -> Purse:
    return Purse(
        currency,
        earned=-at[moves.VENDOR] - at[moves.PENDING] - at[moves.REFUSED],
        received=at[moves.RECEIVED],
        remitted=at[moves.REMITTED],
        on_the_way=at[moves.IN_TRANSIT],
        fees=at[moves.FEES],
        pending=at[moves.PENDING],
        refused=at[moves.REFUSED],
        withheld=at[moves.WITHHELD],
        paid_ahead=-at[moves.ADVANCE],
    )


def _add_debt(purse: Purse, debt: Debt) -> None:
    if debt.state == ON_APPROVAL:
        purse.on_approval += debt.micros
    elif debt.state == OVERDUE:
        purse.overdue += debt.micros
        purse.overdue_since_on = _first(purse.overdue_since_on, debt.due_on)
    elif debt.state == NOT_KNOWN:
        purse.not_known += debt.micros
    else:
        purse.not_due += debt.micros
        purse.next_due_on = _first(purse.next_due_on, debt.due_on)


def _together(purses: Iterable[Purse]) -> list[Purse]:
    """Return one purse a currency, the one with most earned first."""
    sums: dict[str, Purse] = {}
    for purse in purses:
        whole = sums.setdefault(purse.currency, Purse(purse.currency))
        for name, value in vars(purse).items():
            if isinstance(value, int):
                setattr(whole, name, getattr(whole, name) + value)
            elif name.endswith("_on"):
                setattr(whole, name, _first(getattr(whole, name), value))
    return sorted(sums.values(), key=lambda purse: (-purse.earned, purse.currency))


def _first(one: date | None, other: date | None) -> date | None:
    return min((day for day in (one, other) if day is not None), default=None)
