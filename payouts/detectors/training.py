"""W22 training: the vendor had somebody trained, or read instructions, and does not pay the time.

Flags   time of the kinds KINDS without pay: one finding an account, project and currency.
Leaves  courses that were decided against (the worker did not pass a check of honesty, say); those
        with any pay; those on record as not required before anybody took them; tests of up to
        SCREENING_MS. Tasks at no price that are a test are W25.
Stake   the time, at the rate agreed by the hour or the floor.
Source  DOMAIN.md W22; 29 CFR 785.27 to 785.28 (when training counts as work).
"""

from collections.abc import Iterator

from payouts.detectors import unpaid_time
from payouts.detectors.shapes import Attempt, EngagementFacts, Finding

CODE = "W22"
VERSION = 1
TITLE = "Training, tests or reading of instructions were not paid"
KINDS = ("training", "instructions", "qualification")
SCREENING_MS = 10 * 60_000  # a test up to this long is no labour


def is_training(facts: EngagementFacts, attempt: Attempt) -> bool:
    """Tell whether it is training, reading or a test."""
    return attempt.kind in KINDS


def is_required(facts: EngagementFacts, attempt: Attempt) -> bool:
    """Tell whether nothing on record says that one may leave it."""
    return not attempt.is_optional


def is_more_than_a_screening(facts: EngagementFacts, attempt: Attempt) -> bool:
    """Tell whether it is longer than SCREENING_MS, if it is a test."""
    return attempt.kind != "qualification" or unpaid_time.time_of(attempt) > SCREENING_MS


def was_not_refused(facts: EngagementFacts, attempt: Attempt) -> bool:
    """Tell whether nobody has decided against it."""
    return attempt.decided_as != "refused"


GUARDS: tuple[unpaid_time.Guard, ...] = (
    is_training,
    is_required,
    is_more_than_a_screening,
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
