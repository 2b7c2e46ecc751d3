"""W28 below the floor: what a week's work earned does not reach the hourly floor.

Flags   a week that has ended and whose verdict is `fail`: earned, on denominator B. One finding an
        account and week.
Leaves  contested weeks (hours or pay not known well enough), weeks that still run, weeks before
        the first floor.
Stake   the week's shortfall over the longest time, as far as no other finding has counted it (its
        time, or money that is not part of its pay: stakes.py); what is approved and late (W01) was
        earned, so it is not part of the shortfall. A week that fails stays a finding when nothing
        is left.
Source  DESIGN.md, "The floor"; UK National Minimum Wage arrears; Fairwork Cloudwork 1.2.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ledger.floor import Verdict, shortfall_bounds, verdict
from payouts.detectors import wording
from payouts.detectors.shapes import EngagementFacts, Finding, WeekOfWork

CODE = "W28"
VERSION = 1
TITLE = "A week's work earned less than the hourly floor"

Guard = Callable[[EngagementFacts, WeekOfWork], bool]


def week_has_ended(facts: EngagementFacts, week: WeekOfWork) -> bool:
    """Tell whether the week is over: until then, work in it may still be approved."""
    return facts.as_of_ms >= week.end_ms


def floor_was_missed(facts: EngagementFacts, week: WeekOfWork) -> bool:
    """Tell whether even the shortest time makes the pay too little, all pay being known."""
    return verdict(week.evidence, week.floor_hourly_micros) is Verdict.FAIL


GUARDS: tuple[Guard, ...] = (week_has_ended, floor_was_missed)


def detect(facts: EngagementFacts, guards: tuple[Guard, ...] = GUARDS) -> Iterator[Finding]:
    """Yield a finding for each week that missed the floor."""
    for week in facts.weeks:
        if not all(guard(facts, week) for guard in guards):
            continue
        missing = shortfall_bounds(week.evidence, week.floor_hourly_micros)
        yield Finding(
            code=CODE,
            version=VERSION,
            subject=f"{facts.pseudonym}/{week.starts_on.isoformat()}",
            stake_micros=missing.high_micros,
            currency=week.currency,
            since_at_ms=week.end_ms,
            evidence={
                "week": week.starts_on.isoformat(),
                "low_ms": week.evidence.low_ms,
                "high_ms": week.evidence.high_ms,
                "earned_micros": week.evidence.pay_micros,
                "floor_hourly_micros": week.floor_hourly_micros,
                "shortfall_low_micros": missing.low_micros,
                "shortfall_micros": missing.high_micros,
            },
            left_of=(week.start_ms, week.end_ms),
        )


def sentence(*, stake_micros: int, currency: str, evidence: Mapping[str, Any]) -> str:
    """Return the finding in words: the week, what it earned in how many hours, what is missing."""
    earned = wording.amount(evidence["earned_micros"], currency)
    floor = wording.amount(evidence["floor_hourly_micros"], currency)
    missing = wording.amount(evidence["shortfall_micros"], currency)
    return (
        f"week of {wording.day(evidence['week'])}: {earned} earned in "
        f"{wording.hours(evidence['high_ms'])}, {missing} short of {floor} an hour"
    )


def what_happened(
    facts: EngagementFacts | None, evidence: Mapping[str, Any], where: Mapping[str, int]
) -> str:
    """Return why it is not found any more: what the week's verdict is now."""
    for week in facts.weeks if facts else ():
        if week.starts_on.isoformat() == evidence["week"]:
            if facts and not week_has_ended(facts, week):
                return "The week is not over on the day asked."
            if verdict(week.evidence, week.floor_hourly_micros) is Verdict.PASS:
                return "What was earned reaches the floor now."
            return "Hours or pay are not known well enough any more to say so."
    return "The record that said so was taken back."
