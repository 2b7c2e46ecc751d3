"""W18 rework: work was given back to be done again, and the second pass has no pay.

Flags   time of kind `rework` without pay, where it is more than ALLOWANCE_PERCENT of the time of
        the account's tasks in the project: one finding an account, project and currency.
Leaves  rework that was promised pay, whatever became of it; corrections within the allowance.
Stake   all of that time, at the rate agreed by the hour or the floor.
Source  29 CFR 785.11: mending errors is work time. California Labor Code 226.2: time that a price
        by the piece does not cover is paid by itself. The allowance is chosen here.
"""

from django.utils.translation import gettext_lazy

from payouts.detectors import unpaid_time
from payouts.detectors.shapes import Attempt, EngagementFacts

CODE = "W18"
VERSION = 1
TITLE = gettext_lazy("Rework was asked for and not paid")
ALLOWANCE_PERCENT = 10  # of the time of tasks: mending one's own slips is part of the price


def is_rework(facts: EngagementFacts, attempt: Attempt) -> bool:
    """Tell whether it is a second pass."""
    return attempt.kind == "rework"


def is_beyond_the_allowance(facts: EngagementFacts, attempt: Attempt) -> bool:
    """Tell whether the project's unpaid rework is more than the allowance."""
    return attempt.rework_ms * 100 > attempt.task_ms * ALLOWANCE_PERCENT


GUARDS: tuple[unpaid_time.Guard, ...] = (
    is_rework,
    is_beyond_the_allowance,
    unpaid_time.no_pay,
    unpaid_time.took_time,
)

detect, sentence, what_happened = unpaid_time.detector(CODE, VERSION, GUARDS)
