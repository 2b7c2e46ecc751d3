"""W26 around the work: meetings, and administration or searching that was asked for, without pay.

Flags   time of the kinds KINDS without pay: one finding an account, project and currency. Meetings
        are always asked for; other kinds are where the floor in force counts them.
Leaves  searching and administration that nobody asked for (they are in denominator C); meetings
        with any pay; time within other work of the same account.
Stake   the time, at the rate agreed by the hour or the floor.
Source  DOMAIN.md W26.
"""

from collections.abc import Iterator

from payouts.detectors import unpaid_time
from payouts.detectors.shapes import Attempt, EngagementFacts, Finding

CODE = "W26"
VERSION = 1
TITLE = "Meetings or other time around the work was not paid"
KINDS = ("meeting", "admin", "searching")


def is_around_the_work(facts: EngagementFacts, attempt: Attempt) -> bool:
    """Tell whether it is time around the work."""
    return attempt.kind in KINDS


def was_asked_for(facts: EngagementFacts, attempt: Attempt) -> bool:
    """Tell whether the vendor asked for it."""
    return attempt.kind == "meeting" or attempt.asked_for


GUARDS: tuple[unpaid_time.Guard, ...] = (
    is_around_the_work,
    was_asked_for,
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
