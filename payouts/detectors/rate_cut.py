"""W13 rate cut: work was priced by a lower rate that came into force after it was claimed.

Flags   tasks below the rate in force at claim whose price is that of a later version: one finding
        an account, project and currency.
Leaves  work claimed after the cut; prices that no later version explains (W12 asks about those);
        refused work; a later version that is not lower.
Stake   what is missing to the rate at claim; W12 asks about the same money, which counts once.
Source  DOMAIN.md W13, rule A.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from payouts.detectors import below_rate, grouped, stakes
from payouts.detectors.shapes import Attempt, EngagementFacts, Finding

CODE = "W13"
VERSION = 1
TITLE = "A rate was cut after the work was claimed"

Guard = Callable[[EngagementFacts, Attempt], bool]


def is_priced_by_a_later_version(facts: EngagementFacts, attempt: Attempt) -> bool:
    """Tell whether its price is that of a rate which came into force after it was claimed."""
    return attempt.promised_micros in attempt.later_micros


GUARDS: tuple[Guard, ...] = (
    is_priced_by_a_later_version,
    below_rate.was_not_refused,
    below_rate.was_handed_in,
)


def detect(facts: EngagementFacts, guards: tuple[Guard, ...] = GUARDS) -> Iterator[Finding]:
    """Yield a finding for each project and currency with work priced by a later, lower rate."""
    cut = [
        one
        for one in facts.attempts
        if below_rate.missing(one) > 0 and all(guard(facts, one) for guard in guards)
    ]
    for _, _, pieces in grouped.by_project(cut):
        claims = [stakes.of(one, stakes.AGREED, below_rate.missing(one)) for one in pieces]
        yield grouped.finding(CODE, VERSION, facts, pieces, claims, lambda one: one.started_at_ms)


sentence = grouped.sentence
what_happened: Callable[[EngagementFacts | None, Mapping[str, Any], Mapping[str, int]], str] = (
    below_rate.what_happened
)
