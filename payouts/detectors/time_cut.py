"""W14 time cut: less time was paid than a tool measured as active, again and again or by much.

Flags   attempts whose paid time is less than the measured one, where they are at least LEAST_PIECES
        and paid for less than PERCENT of it, or more than WEEKLY_MS of a week is missing, or at
        least LEAST_PIECES of different lengths end at the same longest paid time (a cap): one
        finding an account, project and currency. Weeks are those of UTC.
Leaves  what only the clock on the wall has more of: idle time is not active; single small cuts, as
        rounding makes them; attempts without a measured time (W32 says so once).
Stake   the missing time at the rate that the attempt was paid at; where its pay is not known, at
        the rate agreed by the hour or the floor.
Source  29 CFR 785.48: rounding of time must not, in the long run, leave time unpaid. GitHub,
        cvat-ai/cvat 6973: a dashboard that showed 1.91 of 3.87 hours. The figures are chosen here
        (D-079).
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext, gettext_lazy, gettext_noop

from ledger.money import ceil_div
from ledger.periods import DAY_MS
from payouts.detectors import awarding, grouped, stakes, unpaid_time, wording
from payouts.detectors.shapes import Attempt, Claim, EngagementFacts, Finding

CODE = "W14"
VERSION = 1
TITLE = gettext_lazy("Less time was paid than was worked")
LEAST_PIECES = 5
PERCENT = 90
WEEKLY_MS = 15 * 60_000

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
    for _, _, group in grouped.by_project(cut):
        pieces = [one for one in group if not _is_awarded(one)]
        if pieces and all(guard(facts, group) for guard in guards):
            yield grouped.finding(
                CODE,
                VERSION,
                facts,
                pieces,
                list(map(_claim, pieces)),
                lambda one: one.ended_at_ms,
                missing_ms=sum(map(missing, pieces)),
                cap_ms=_cap(group),
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


def _is_awarded(attempt: Attempt) -> bool:
    """Tell whether its time was awarded, which is asked for as unpaid besides."""
    same = attempt.hourly_currency == attempt.currency
    return same and unpaid_time.is_awarded(attempt, _worth(attempt))


def _claim(attempt: Attempt) -> Claim:
    if attempt.hourly_currency != attempt.currency:
        return stakes.of(attempt, stakes.TIME, _worth(attempt))
    return unpaid_time.claim(attempt, _worth(attempt))


def _worth(attempt: Attempt) -> int:
    if attempt.promised_micros and attempt.paid_ms:
        return ceil_div(missing(attempt) * attempt.promised_micros, attempt.paid_ms)
    same = attempt.hourly_currency == attempt.currency
    return attempt.worth(missing(attempt)) if same else 0


def sentence(*, stake_micros: int, currency: str, evidence: Mapping[str, Any]) -> str:
    """Return the finding in words: how much time of how many pieces was not paid."""
    cap = evidence["cap_ms"]
    said = gettext("project %(project)s, %(pieces)s, %(time)s of measured time not paid")
    if cap:
        said = gettext(
            "project %(project)s, %(pieces)s, %(time)s of measured time not paid, many cut at "
            "%(cap)s"
        )
    return said % {
        "project": evidence["project"],
        "pieces": wording.pieces(evidence["pieces"]),
        "time": wording.hours(evidence["missing_ms"]),
        "cap": wording.hours(cap or 0),
    }


def what_happened(
    facts: EngagementFacts | None, evidence: Mapping[str, Any], where: Mapping[str, int]
) -> str:
    """Return why it is not found any more."""
    if awarding.behind(facts, evidence):
        return unpaid_time.AWARDED
    return gettext_noop("The time that is paid or measured has changed in the record.")
