"""W25 unpaid trial: tasks at no price stand before the paid ones.

Flags   tasks that were handed in at price 0 before the account had any priced task of the project
        and type, and took longer than SCREENING_MS: one finding an account, project and currency.
Leaves  short screenings; trials with any pay; refused ones; tasks with an agreed rate, of which W12
        asks. Tests that are a kind of time of their own are W22.
Stake   the time, at the rate agreed by the hour or the floor.
Source  29 CFR 785.27: training without pay holds no productive work. How long a screening may be is
        chosen here; what is W22 and what W25: D-079.
"""

from django.utils.translation import gettext_lazy

from payouts.detectors import unpaid_time
from payouts.detectors.shapes import Attempt, EngagementFacts

CODE = "W25"
VERSION = 1
TITLE = gettext_lazy("A trial or a test was not paid")
SCREENING_MS = 10 * 60_000  # a screening up to this long is no labour


def is_a_trial(facts: EngagementFacts, attempt: Attempt) -> bool:
    """Tell whether it is a task at no price that stands before paid work."""
    return attempt.kind == "task" and attempt.is_before_pay and attempt.agreed_micros is None


def was_handed_in(facts: EngagementFacts, attempt: Attempt) -> bool:
    """Tell whether it was finished, and nobody refused it."""
    return attempt.ended_as == "submitted" and attempt.decided_as != "refused"


def is_more_than_a_screening(facts: EngagementFacts, attempt: Attempt) -> bool:
    """Tell whether it took longer than SCREENING_MS."""
    return unpaid_time.time_of(attempt) > SCREENING_MS


GUARDS: tuple[unpaid_time.Guard, ...] = (
    is_a_trial,
    was_handed_in,
    is_more_than_a_screening,
    unpaid_time.no_pay,
)

detect, sentence, what_happened = unpaid_time.detector(CODE, VERSION, GUARDS)
