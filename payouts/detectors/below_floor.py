"""W28 below the floor: what a week's work earned does not reach the hourly floor.

Flags   a week that has ended and whose verdict is `fail`: earned, on denominator B. One finding an
        account and week.
Leaves  contested weeks (hours or pay not known well enough), weeks that still run, weeks before
        the first floor. Weeks of which no time at all is known are W32, once a vendor.
Stake   the week's shortfall over the longest time, as far as no other finding has counted it (its
        time, or money that is not part of its pay: stakes.py); what is approved and late (W01) was
        earned, so it is not part of the shortfall. A week that fails stays a finding when nothing
        is left.
Source  Fairwork Cloudwork principles (June 2024), 1.2 (after costs), and AI principles (2023), 1.1
        (all hours worked). 29 CFR 778.104: each week stands alone. A fraction goes up, to the
        worker: D-004.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext, gettext_lazy, gettext_noop

from ledger.floor import Verdict, shortfall_bounds, verdict
from payouts.detectors import wording
from payouts.detectors.shapes import EngagementFacts, Finding, WeekOfWork

CODE = "W28"
VERSION = 1
TITLE = gettext_lazy("A week's work earned less than the hourly floor")

Guard = Callable[[EngagementFacts, WeekOfWork], bool]


def week_has_ended(facts: EngagementFacts, week: WeekOfWork) -> bool:
    """Tell whether the week is over: until then, work in it may still be approved."""
    return facts.as_of_ms >= week.end_ms


def floor_was_missed(facts: EngagementFacts, week: WeekOfWork) -> bool:
    """Tell whether even the shortest time makes the pay too little, all pay being known."""
    return verdict(week.evidence, week.floor_hourly_micros) is Verdict.FAIL


GUARDS: tuple[Guard, ...] = (week_has_ended, floor_was_missed)


def without_any_time(facts: EngagementFacts) -> list[WeekOfWork]:
    """Return the weeks of which nobody can tell: something was handed in, and no time is known."""
    return [
        week
        for week in facts.weeks
        if week_has_ended(facts, week) and week.evidence.untimed and not week.evidence.high_ms
    ]


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
    said = gettext(
        "week of %(day)s: %(earned)s earned in %(time)s, %(missing)s short of %(floor)s an hour"
    )
    return said % {
        "day": wording.day(evidence["week"]),
        "earned": earned,
        "time": wording.hours(evidence["high_ms"]),
        "missing": missing,
        "floor": floor,
    }


def what_happened(
    facts: EngagementFacts | None, evidence: Mapping[str, Any], where: Mapping[str, int]
) -> str:
    """Return why it is not found any more: what the week's verdict is now."""
    for week in facts.weeks if facts else ():
        if week.starts_on.isoformat() == evidence["week"]:
            if facts and not week_has_ended(facts, week):
                return gettext_noop("The week is not over on the day asked.")
            if verdict(week.evidence, week.floor_hourly_micros) is Verdict.PASS:
                return gettext_noop("What was earned reaches the floor now.")
            return gettext_noop("Hours or pay are not known well enough any more to say so.")
    return gettext_noop("The record that said so was taken back.")
