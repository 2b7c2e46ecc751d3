"""W13 rate cut: a rate fell after the work was claimed, or with less notice than was agreed.

Flags   tasks below the rate in force at claim whose price is that of a later version; and tasks at
        a rate that was cut with less notice than agreed, as long as that notice would have kept the
        old one in force: one finding an account, project and currency.
Leaves  cuts that were on record in time; prices that no later version explains (W12 asks about
        those); refused work; a later version that is not lower. Notice is from when it came on
        record here: an earlier one is for the vendor to show.
Stake   what is missing to the rate at claim; W12 asks about the same money, which counts once. A
        cut without notice was in force, so nothing is staked on it.
Source  ILO Convention 95, article 14: workers are told when the conditions of their pay change.
        Illinois Freelance Worker Protection Act (2024): once work has begun, timely payment does
        not hang on taking less than was agreed. 7 days of notice where nothing was agreed are
        chosen here.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_lazy

from payouts.detectors import below_rate, grouped, stakes
from payouts.detectors.shapes import Attempt, EngagementFacts, Finding

CODE = "W13"
VERSION = 1
TITLE = gettext_lazy("A rate was cut after the work was claimed")

Guard = Callable[[EngagementFacts, Attempt], bool]


def is_priced_by_a_later_version(facts: EngagementFacts, attempt: Attempt) -> bool:
    """Tell whether its price is that of a rate which came into force after it was claimed."""
    return below_rate.missing(attempt) > 0 and attempt.promised_micros in attempt.later_micros


def was_cut_or_came_too_late(facts: EngagementFacts, attempt: Attempt) -> bool:
    """Tell whether its price is a later one, or a lower one that was not told in time."""
    before, promised = attempt.unnoticed_micros, attempt.promised_micros
    came_too_late = before is not None and promised is not None and promised < before
    return came_too_late or is_priced_by_a_later_version(facts, attempt)


GUARDS: tuple[Guard, ...] = (
    was_cut_or_came_too_late,
    below_rate.was_not_refused,
    below_rate.was_handed_in,
)


def detect(facts: EngagementFacts, guards: tuple[Guard, ...] = GUARDS) -> Iterator[Finding]:
    """Yield a finding for each project and currency with work priced by a later, lower rate."""
    cut = [one for one in facts.attempts if all(guard(facts, one) for guard in guards)]
    for _, _, pieces in grouped.by_project(cut):
        claims = [stakes.of(one, stakes.AGREED, _breach(facts, one)) for one in pieces]
        yield grouped.finding(CODE, VERSION, facts, pieces, claims, lambda one: one.started_at_ms)


def _breach(facts: EngagementFacts, attempt: Attempt) -> int:
    """Return what is missing to the rate at claim where a later one was used."""
    return below_rate.missing(attempt) if is_priced_by_a_later_version(facts, attempt) else 0


sentence = grouped.sentence
what_happened: Callable[[EngagementFacts | None, Mapping[str, Any], Mapping[str, int]], str] = (
    below_rate.what_happened
)
