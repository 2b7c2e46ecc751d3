"""W14 time cut: less time was paid than a tool measured as active, again and again or by much.

Flags   attempts whose paid time is less than the measured one, where they are at least LEAST_PIECES
        and paid for less than PERCENT of it, or more than WEEKLY_MS of a week is missing, or at
        least LEAST_PIECES of different lengths end at the same longest paid time (a cap): one
        finding an account, project and currency. Weeks are those of UTC.
Leaves  what only the clock on the wall has more of: idle time is not active; single small cuts, as
        rounding makes them; attempts without a measured time (W32 says so once).
Stake   the missing time at the rate that the attempt was paid at; where its pay is not known, at
        the rate agreed by the hour or the floor.
Source  DOMAIN.md W14.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ledger.money import ceil_div
from payouts.detectors import grouped, stakes, wording
from payouts.detectors.shapes import Attempt, EngagementFacts, Finding

CODE = "W14"
VERSION = 1
TITLE = "Less time was paid than was worked"
LEAST_PIECES = 5
PERCENT = 90
WEEKLY_MS = 15 * 60_000
DAY_MS = 86_400_000

Guard = Callable[[EngagementFacts, list[Attempt]], bool]


def missing(attempt: Attempt) -> int:
    """Return the active time in ms that was not paid; 0 where either is not known."""
    if attempt.active_ms is None or attempt.paid_ms is None:
        return 0
    return max(0, attempt.active_ms - attempt.paid_ms)


def much_is_missing(facts: EngagementFacts, cut: list[Attempt]) -> bool:
    """Tell whether it is more than rounding: often and much, much of one week, or a cap."""
    return _is_often_and_much(cut) or _most_of_a_week(cut) > WEEKLY_MS or _cap(cut) is not None


GUARDS: tuple[Guard, ...] = (much_is_missing,)


def detect(facts: EngagementFacts, guards: tuple[Guard, ...] = GUARDS) -> Iterator[Finding]:
    """Yield a finding for each project and currency whose time was cut."""
    cut = [one for one in facts.attempts if missing(one) > 0]
    for _, _, pieces in grouped.by_project(cut):
        if all(guard(facts, pieces) for guard in guards):
            yield grouped.finding(
                CODE,
                VERSION,
                facts,
                pieces,
                [stakes.of(one, stakes.TIME, _worth(one)) for one in pieces],
                lambda one: one.ended_at_ms,
                missing_ms=sum(map(missing, pieces)),
                cap_ms=_cap(pieces),
            )


def _is_often_and_much(cut: list[Attempt]) -> bool:
    paid = sum(one.paid_ms or 0 for one in cut)
    active = sum(one.active_ms or 0 for one in cut)
    return len(cut) >= LEAST_PIECES and paid * 100 < active * PERCENT


def _most_of_a_week(cut: list[Attempt]) -> int:
    weeks: Counter[int] = Counter()
    for one in cut:
        weeks[(one.started_at_ms // DAY_MS + 3) // 7] += missing(one)  # 1970 began on a Thursday
    return max(weeks.values(), default=0)


def _cap(cut: list[Attempt]) -> int | None:
    """Return the paid time at which attempts pile up: the longest of all, often reached."""
    longest = max((one.paid_ms or 0 for one in cut), default=0)
    reached = [one.active_ms for one in cut if one.paid_ms == longest]
    is_pile = len(reached) >= LEAST_PIECES and len(set(reached)) > 1  # alike work is paid alike
    return longest if longest and is_pile else None


def _worth(attempt: Attempt) -> int:
    if attempt.promised_micros and attempt.paid_ms:
        return ceil_div(missing(attempt) * attempt.promised_micros, attempt.paid_ms)
    same = attempt.hourly_currency == attempt.currency
    return attempt.worth(missing(attempt)) if same else 0


def sentence(*, stake_micros: int, currency: str, evidence: Mapping[str, Any]) -> str:
    """Return the finding in words: how much time of how many pieces was not paid."""
    cap = evidence["cap_ms"]
    capped = f", many cut at {wording.hours(cap)}" if cap else ""
    return (
        f"project {evidence['project']}, {wording.pieces(evidence['pieces'])}, "
        f"{wording.hours(evidence['missing_ms'])} of measured time not paid{capped}"
    )


def what_happened(
    facts: EngagementFacts | None, evidence: Mapping[str, Any], where: Mapping[str, int]
) -> str:
    """Return why it is not found any more."""
    return "The time that is paid or measured has changed in the record."
