"""W22 training: the vendor had somebody trained, or read instructions, and does not pay the time.

Flags   time of the kinds KINDS without pay: one finding an account, project and currency.
Leaves  courses that were decided against (the worker did not pass a check of honesty, say); those
        with any pay; qualification tests (W25).
Stake   the time, at the rate agreed by the hour or the floor.
Source  DOMAIN.md W22; 29 CFR 785.27 to 785.28 (when training counts as work).
"""

from collections.abc import Iterator

from payouts.detectors import unpaid_time
from payouts.detectors.shapes import Attempt, EngagementFacts, Finding

CODE = "W22"
VERSION = 1
TITLE = "Training or reading of instructions was not paid"
KINDS = ("training", "instructions")


def is_training(facts: EngagementFacts, attempt: Attempt) -> bool:
    """Tell whether it is training or reading."""
    return attempt.kind in KINDS


def was_not_refused(facts: EngagementFacts, attempt: Attempt) -> bool:
    """Tell whether nobody has decided against it."""
    return attempt.decided_as != "refused"


GUARDS: tuple[unpaid_time.Guard, ...] = (
    is_training,
    was_not_refused,
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
