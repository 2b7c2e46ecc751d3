"""W24 waiting: somebody was on call, or waited for tasks, and the time has no pay.

Flags   time of kind `waiting` without pay: one finding an account, project and currency.
Leaves  breaks, which are a kind of their own: whoever was truly relieved did not wait; waiting
        that was paid; what lies within other work of the same account, which has its own pay.
Stake   the time, at the rate agreed by the hour or the floor.
Source  29 CFR 785.15 (engaged to wait) and 785.16 (truly off duty).
"""

from django.utils.translation import gettext_lazy

from payouts.detectors import unpaid_time
from payouts.detectors.shapes import Attempt, EngagementFacts

CODE = "W24"
VERSION = 1
TITLE = gettext_lazy("Waiting for work was not paid")


def is_waiting(facts: EngagementFacts, attempt: Attempt) -> bool:
    """Tell whether the account was waiting for work."""
    return attempt.kind == "waiting"


GUARDS: tuple[unpaid_time.Guard, ...] = (
    is_waiting,
    unpaid_time.no_pay,
    unpaid_time.took_time,
)

detect, sentence, what_happened = unpaid_time.detector(CODE, VERSION, GUARDS)
