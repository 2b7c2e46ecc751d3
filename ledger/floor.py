"""One hourly floor for everyone: what a worker-week's pay and hours say about it.

Nothing here knows where a worker lives, and nothing may: the floor is one amount per hour, and
who reaches it is a question of hours and pay alone. Hours are known between two bounds, so there
is a third answer besides pass and fail. Source: DECISIONS.md (the floor).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from ledger.money import Money, ceil_div

MS_PER_HOUR = 3_600_000

# Which kinds of work count as hours in each denominator; an award is money without time.
TASK_ONLY = frozenset({"task"})
ASKED_FOR = TASK_ONLY | {
    "rework",
    "instructions",
    "training",
    "qualification",
    "meeting",
    "waiting",
    "tech_failure",
    "break",  # the short, paid ones
}
EVERYTHING = ASKED_FOR | {"searching", "admin"}
KINDS_COUNTED = {"A": TASK_ONLY, "B": ASKED_FOR, "C": EVERYTHING}
TOP_UP = "top-up"  # project and task type of an award that closes a gap to the floor
CERTIFIED = "B"  # the denominator of the headline


class Verdict(StrEnum):
    """The answer for one worker-week."""

    PASS = "pass"  # noqa: S105
    FAIL = "fail"
    CONTESTED = "contested"
    NO_EVIDENCE = "no_evidence"
    NOT_DUE = "not_due"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of one worker-week in one denominator.

    low_ms, high_ms: the bounds of the hours worked; low is never above high.
    measured_ms: the part of the time that a tool measured; printed, and not part of the verdict.
    pay_micros: the pay in question (earned, or received), in the floor's currency, as known.
    untimed: rows that carry pay or were handed in and whose time is not known. An award has no
        time by its nature and is not one.
    unpriced: rows whose pay is not known, or is in a currency without a reference rate.

    Raises ValueError for bounds the wrong way round and for anything but pay below zero.
    """

    low_ms: int
    high_ms: int
    measured_ms: int
    pay_micros: int
    untimed: int = 0
    unpriced: int = 0

    def __post_init__(self) -> None:
        for name in ("low_ms", "high_ms", "measured_ms", "untimed", "unpriced"):
            if getattr(self, name) < 0:
                raise ValueError(f"{name} must be 0 or more, got {getattr(self, name)}")
        if self.low_ms > self.high_ms:
            raise ValueError(
                f"low_ms must not be above high_ms, got {self.low_ms} and {self.high_ms}"
            )

    @property
    def is_empty(self) -> bool:
        """True where there is neither time nor pay, known or unknown."""
        return not (self.high_ms or self.pay_micros or self.untimed or self.unpriced)


class Bounds(NamedTuple):
    """The least and the most that is missing, in micros of the floor's currency."""

    low_micros: int
    high_micros: int


def verdict(facts: Evidence, floor_hourly_micros: int) -> Verdict:
    """Return whether the pay in `facts` reached the floor.

    floor_hourly_micros: above 0, in the currency of the pay; ValueError otherwise.
    Pass: the pay reaches the floor over the longest time, and every row has its time and its pay.
    Fail: it does not even over the shortest time, and all pay is known. No evidence: neither time
    nor pay. All else is contested, and so is pay without any time: it has no hourly rate.

    >>> verdict(Evidence(3_600_000, 3_600_000, 0, 15_000_000), 15_000_000)
    <Verdict.PASS: 'pass'>
    >>> verdict(Evidence(3_000_000, 3_600_000, 3_000_000, 14_000_000), 15_000_000)
    <Verdict.CONTESTED: 'contested'>
    """
    _refuse_no_floor(floor_hourly_micros)
    if facts.is_empty:
        return Verdict.NO_EVIDENCE
    pay = facts.pay_micros * MS_PER_HOUR  # both sides in micros x ms, so nothing is rounded
    if facts.unpriced == 0 and pay < floor_hourly_micros * facts.low_ms:
        return Verdict.FAIL
    reached = facts.high_ms > 0 and pay >= floor_hourly_micros * facts.high_ms
    if reached and facts.untimed == 0 and facts.unpriced == 0:
        return Verdict.PASS
    return Verdict.CONTESTED


def received_verdict(
    facts: Evidence, floor_hourly_micros: int, *, due_past: bool, payments_known: bool
) -> Verdict:
    """Return whether the pay that arrived reached the floor; `pay_micros` is what was received.

    due_past: the last due date of the week's pay has passed.
    payments_known: the record of payments is complete up to that date, or the source pays on
        approval. Without both the answer is "not due": what has not been reported is not missing.

    >>> week = Evidence(3_600_000, 3_600_000, 0, 0)
    >>> received_verdict(week, 15_000_000, due_past=False, payments_known=True)
    <Verdict.NOT_DUE: 'not_due'>
    """
    _refuse_no_floor(floor_hourly_micros)
    if not (due_past and payments_known):
        return Verdict.NOT_DUE
    return verdict(facts, floor_hourly_micros)


def shortfall_bounds(facts: Evidence, floor_hourly_micros: int) -> Bounds:
    """Return what is missing to the floor over the shortest and over the longest time.

    Whole micros, 0 or more, a fraction rounded up to the worker. A claim asks for the high one.

    >>> shortfall_bounds(Evidence(1_800_000, 3_600_000, 0, 5_000_000), 15_000_000)
    Bounds(low_micros=2500000, high_micros=10000000)
    """
    _refuse_no_floor(floor_hourly_micros)
    return Bounds(
        low_micros=_missing(facts.low_ms, facts.pay_micros, floor_hourly_micros),
        high_micros=_missing(facts.high_ms, facts.pay_micros, floor_hourly_micros),
    )


def shortfall(*, worked_ms: int, earned: Money, floor_per_hour: Money) -> Money:
    """Return what must be added to `earned` to reach the floor; zero when it is met.

    worked_ms: counted time, whole milliseconds, 0 or more.
    floor_per_hour: money per 3,600,000 ms, in the currency of `earned`.

    A fraction of a micro goes up, to the worker. Raises ValueError for negative time and
    CurrencyMismatch for two currencies.

    >>> shortfall(worked_ms=1_800_000, earned=Money(5_000_000, "USD"),
    ...           floor_per_hour=Money(15_000_000, "USD"))
    Money(micros=2500000, currency='USD')
    """
    if worked_ms < 0:
        raise ValueError(f"worked_ms must be 0 or more, got {worked_ms}")
    owed = Money(ceil_div(worked_ms * floor_per_hour.micros, MS_PER_HOUR), floor_per_hour.currency)
    missing = owed - earned
    return missing if missing.micros > 0 else Money(0, earned.currency)


def _missing(worked_ms: int, pay_micros: int, floor_hourly_micros: int) -> int:
    return max(0, ceil_div(worked_ms * floor_hourly_micros, MS_PER_HOUR) - pay_micros)


def _refuse_no_floor(floor_hourly_micros: int) -> None:
    if floor_hourly_micros <= 0:
        raise ValueError(f"the floor must be above 0 an hour, got {floor_hourly_micros} micros")
