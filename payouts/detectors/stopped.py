"""W27 stopped: the platform or a fault ended the work, and what was done of it earned nothing.

Flags   attempts that were screened out, and time of kind `tech_failure`, of more than LEAST_MS and
        without pay: one finding an account, project and currency.
Leaves  attempts that the worker gave back or skipped; those with a reward for the part that was
        done; a first glance.
Stake   the time, at the rate agreed by the hour or the floor.
Source  DOMAIN.md W27; Prolific pays a fixed reward to whoever is screened out.
"""

from collections.abc import Iterator

from payouts.detectors import unpaid_time
from payouts.detectors.shapes import Attempt, EngagementFacts, Finding

CODE = "W27"
VERSION = 1
TITLE = "Work was stopped by the platform or a fault and not paid"
LEAST_MS = 60_000


def was_stopped(facts: EngagementFacts, attempt: Attempt) -> bool:
    """Tell whether it ended by no doing of the worker."""
    return attempt.ended_as == "screened_out" or attempt.kind == "tech_failure"


def took_more_than_a_glance(facts: EngagementFacts, attempt: Attempt) -> bool:
    """Tell whether it took more than LEAST_MS."""
    return unpaid_time.time_of(attempt) > LEAST_MS


GUARDS: tuple[unpaid_time.Guard, ...] = (
    was_stopped,
    took_more_than_a_glance,
    unpaid_time.no_pay,
)


def detect(
    facts: EngagementFacts, guards: tuple[unpaid_time.Guard, ...] = GUARDS
) -> Iterator[Finding]:
    """Yield a finding for each project and currency with such time."""
    yield from unpaid_time.detect(CODE, VERSION, facts, guards)


sentence = unpaid_time.sentence
what_happened = unpaid_time.what_happened
