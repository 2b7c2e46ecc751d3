"""W27 stopped: the platform or a fault ended the work, and what was done of it earned nothing.

Flags   attempts that were screened out, and time of kind `tech_failure`, of more than LEAST_MS and
        without pay: one finding an account, project and currency.
Leaves  attempts that the worker gave back or skipped; those with a reward for the part that was
        done; a first glance.
Stake   the time, at the rate agreed by the hour or the floor.
Source  Prolific's API, Submission object: who is screened out has a fixed reward. The least time is
        chosen here.
"""

from django.utils.translation import gettext_lazy

from payouts.detectors import unpaid_time
from payouts.detectors.shapes import Attempt, EngagementFacts

CODE = "W27"
VERSION = 1
TITLE = gettext_lazy("Work was stopped by the platform or a fault and not paid")
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

detect, sentence, what_happened = unpaid_time.detector(CODE, VERSION, GUARDS)
