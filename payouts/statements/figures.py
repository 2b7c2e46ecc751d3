"""The parts of a statement that count something: time, pay, payments, debts, weeks and work.

Amounts are whole micros of the statement's currency, durations whole milliseconds. `None` is
"not known", never zero.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from payouts.statements import canonical

MS_PER_HOUR = 3_600_000
CENT_MICROS = 10_000
EARNED_KINDS = ("task_pay", "hourly_pay", "bonus", "top_up", "adjustment")


@dataclass(frozen=True, slots=True)
class Span:
    """Time that was at least low_ms and at most high_ms: the same where all of it was measured."""

    low_ms: int
    high_ms: int


@dataclass(frozen=True, slots=True)
class KindHours:
    """The time of one kind of work, and how it was measured."""

    kind: str  # ledger's kinds: task, rework, training, ...
    time: Span
    rows: int
    untimed_rows: int
    measured_by: str  # "tool", "clock", "vendor", "mixed", "none"


@dataclass(frozen=True, slots=True)
class Hours:
    """The period's time on the three denominators. B is the one that the floor is tested on."""

    a: Span
    b: Span
    c: Span
    measured_permille: int  # the share of B that a tool measured, rounded down
    kinds: tuple[KindHours, ...]


@dataclass(frozen=True, slots=True)
class Totals:
    """The figures of page 1."""

    # Of work of the period, wherever its money is on the day of issue:
    earned_micros: int  # decided for the worker
    received_micros: int  # arrived, less fees and loss on exchange; and what approval pays
    on_approval_micros: int  # of which approved where the platform pays when it approves
    in_transit_micros: int  # sent, not confirmed
    withheld_micros: int
    fees_micros: int
    refused_micros: int  # and earlier work that was refused since the last statement
    shortfall_micros: int  # the weeks' shortfalls
    # Of all work, on the day of issue:
    owed_micros: int
    overdue_micros: int  # of which past its due date, and known not to have been sent
    overdue_since_on: date | None
    not_known_micros: int  # of which due where the payer has not said what was sent by then
    undecided_micros: int
    # Of what arrived in another currency: by how much it was worth less than what had been sent.
    lost_on_exchange_micros: int = field(default=0, metadata=canonical.LATER)


@dataclass(frozen=True, slots=True)
class WorkGroup:
    """The pieces of work of one project and task type; decided is not counted twice."""

    project: str
    task_type: str
    submitted: int
    accepted: int
    refused: int
    undecided: int
    returned: int
    earned_micros: int


@dataclass(frozen=True, slots=True)
class PayLine:
    """One step from what was earned to what was received; negative where it is taken off.

    kind: task_pay, hourly_pay, bonus, top_up, adjustment (these make up "earned"); then withheld,
    remitted, fees, lost_on_exchange, in_transit, still_owed: they add up to what was received.
    """

    kind: str
    amount_micros: int
    reason: str = ""

    @property
    def is_earned(self) -> bool:
        """True for a line that is part of what was earned."""
        return self.kind in EARNED_KINDS


@dataclass(frozen=True, slots=True)
class FloorWeek:
    """One week against the floor. Hourly pay is earned pay / time B, from hourly()."""

    starts_on: date
    ends_on: date
    a: Span
    b: Span
    c: Span
    earned_micros: int | None  # None: some of the pay is not known
    received_micros: int | None
    hourly_low_micros: int | None  # None: no time or no pay known
    hourly_high_micros: int | None
    floor_micros: int | None  # per hour, in the statement's currency; None: no floor or no rate
    verdict: str  # earned on B: pass, fail, contested, no_evidence
    received_verdict: str  # received on B: these, and not_due
    shortfall_micros: int


@dataclass(frozen=True, slots=True)
class Exchanged:
    """What arrived of a payment in another currency than it was sent in."""

    arrived_micros: int
    currency: str
    lost_micros: int  # of the payment, in its currency
    valued_by: str  # the reference rate, in words; "": none is known, and so nothing counts as lost


@dataclass(frozen=True, slots=True)
class Payment:
    """Money that left the vendor for the worker."""

    reference: str
    sent_on: date
    arrived_on: date | None  # None: not confirmed
    amount_micros: int  # what left the vendor
    fee_micros: int
    works: tuple[str, ...]  # external ids that it pays
    # Of a payment by a run: whether one person drafted and approved it; and where the recipient was
    # to get another currency, how much of it.
    one_person: bool = field(default=False, metadata=canonical.LATER)
    payout_micros: int | None = field(default=None, metadata=canonical.LATER)
    payout_currency: str = field(default="", metadata=canonical.LATER)
    exchange: Exchanged | None = field(default=None, metadata=canonical.LATER)


@dataclass(frozen=True, slots=True)
class OwedItem:
    """Approved and not paid."""

    external_id: str
    project: str
    amount_micros: int
    earned_on: date
    due_on: date | None  # None: no date was agreed
    is_known: bool  # payments are known up to the due date: if it was due, it was not sent


@dataclass(frozen=True, slots=True)
class AgeBucket:
    """What is owed, by how late it is.

    code: not_due, to_16, to_30, to_60, over_60; and not_known, undated where there is any.
    """

    code: str
    items: int
    amount_micros: int


@dataclass(frozen=True, slots=True)
class RefusedItem:
    """Handed in and refused, with the reason given."""

    external_id: str
    project: str
    amount_micros: int
    refused_on: date | None
    reason: str


@dataclass(frozen=True, slots=True)
class WithheldItem:
    """Owed, and held back or taken off: why, since and until when, and by whose decision.

    kind: hold, deduct; or export, where the source took it back and nobody's decision is recorded.
    """

    external_id: str
    project: str
    amount_micros: int
    kind: str
    since_on: date | None
    until_on: date | None  # a hold releases itself then
    reason: str
    decided_by: str


@dataclass(frozen=True, slots=True)
class UndecidedItem:
    """Handed in and not decided."""

    external_id: str
    project: str
    amount_micros: int | None
    handed_in_on: date
    decide_by_on: date | None


@dataclass(frozen=True, slots=True)
class AccountMovement:
    """One account over the period: opening + added - taken = closing."""

    account: str
    opening_micros: int
    added_micros: int
    taken_micros: int
    closing_micros: int


@dataclass(frozen=True, slots=True)
class RestatedWeek:
    """A week of an earlier statement that later facts changed. None: some pay is not known."""

    starts_on: date
    statement: str
    earned_before_micros: int | None
    earned_now_micros: int | None
    shortfall_before_micros: int
    shortfall_now_micros: int


@dataclass(frozen=True, slots=True)
class WorkLine:
    """One piece of work: where it came from, and where its money is."""

    external_id: str
    project: str
    task_type: str
    kind: str
    day_on: date
    time_ms: int | None
    measured_by: str
    promised_micros: int | None  # None: not known
    earned_micros: int
    state: str  # the account that holds its money, or "none" or "unknown"
    paid_by: str  # the reference of the payment, or ""
    file: str
    line: int


def hourly(*, pay_micros: int, time_ms: int) -> int | None:
    """Return pay per hour in micros, rounded down to whole cents; None where there is no time.

    For showing only: verdicts compare exact products. Down, so that 14.999 never reads 15.00.

    >>> hourly(pay_micros=14_999_999, time_ms=3_600_000), hourly(pay_micros=1, time_ms=0)
    (14990000, None)
    """
    if time_ms <= 0:
        return None
    return pay_micros * MS_PER_HOUR // (time_ms * CENT_MICROS) * CENT_MICROS


def age(items: Sequence[OwedItem], *, as_of_on: date) -> tuple[AgeBucket, ...]:
    """Return what is owed by how late it is on `as_of_on`: always five ages.

    An item is late from the day after its due date. What may have been sent, and what has no due
    date, have ages of their own, left out when there is none.
    """
    sums: dict[str, list[int]] = {
        code: [0, 0] for code in ("not_due", "to_16", "to_30", "to_60", "over_60")
    }
    for item in items:
        bucket = sums.setdefault(age_code(item, as_of_on), [0, 0])
        bucket[0] += 1
        bucket[1] += item.amount_micros
    return tuple(AgeBucket(code, count, micros) for code, (count, micros) in sums.items())


def age_code(item: OwedItem, as_of_on: date) -> str:
    """Return the age of a debt: see AgeBucket."""
    if item.due_on is None:
        return "undated"
    late = (as_of_on - item.due_on).days
    if late <= 0:
        return "not_due"
    if not item.is_known:
        return "not_known"
    for limit in (16, 30, 60):
        if late <= limit:
            return f"to_{limit}"
    return "over_60"
