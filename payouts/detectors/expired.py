"""W15 expired: the time ran out on a task that was being worked on, and it earned nothing.

Flags   attempts that expired after more than LEAST_MS of measured activity, without any pay: one
        finding an account, project and currency.
Leaves  attempts whose activity nobody measured: the clock of an attempt that was left lying runs
        to its limit (W32 says once that activity is not on record); attempts with any pay.
Stake   the measured time, at the rate agreed by the hour or the floor.
Source  DOMAIN.md W15: a task that is taken away takes the work in it along.
"""

from collections.abc import Iterator

from payouts.detectors import unpaid_time
from payouts.detectors.shapes import Attempt, EngagementFacts, Finding

CODE = "W15"
VERSION = 1
TITLE = "Time ran out on a task, and the work in it earned nothing"
LEAST_MS = 60_000  # a look at a task is no work


def has_expired(facts: EngagementFacts, attempt: Attempt) -> bool:
    """Tell whether the platform ended it because its time was over."""
    return attempt.ended_as == "expired"


def was_worked_on(facts: EngagementFacts, attempt: Attempt) -> bool:
    """Tell whether more than LEAST_MS of activity was measured."""
    return (attempt.active_ms or 0) > LEAST_MS


GUARDS: tuple[unpaid_time.Guard, ...] = (
    has_expired,
    was_worked_on,
    unpaid_time.no_pay,
    unpaid_time.took_time,
)


def detect(
    facts: EngagementFacts, guards: tuple[unpaid_time.Guard, ...] = GUARDS
) -> Iterator[Finding]:
    """Yield a finding for each project and currency with such time."""
    yield from unpaid_time.detect(CODE, VERSION, facts, guards)


sentence = unpaid_time.sentence
what_happened = unpaid_time.what_happened
