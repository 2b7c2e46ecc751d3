"""W26 around the work: meetings, and administration or searching that was asked for, without pay.

Flags   time of the kinds KINDS without pay: one finding an account, project and currency. Meetings
        are always asked for; other kinds are where the floor in force counts them.
Leaves  searching and administration that nobody asked for (they are in denominator C); meetings
        with any pay; time within other work of the same account.
Stake   the time, at the rate agreed by the hour or the floor.
Source  Mercor's policy on time (all-work-paid): meetings that the work needs are paid. Toxtli et
        al., CSCW 2021: of all unpaid work, managing payments takes the most time.
"""

from django.utils.translation import gettext_lazy

from payouts.detectors import unpaid_time
from payouts.detectors.shapes import Attempt, EngagementFacts

CODE = "W26"
VERSION = 1
TITLE = gettext_lazy("Meetings or other time around the work was not paid")
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

detect, sentence, what_happened = unpaid_time.detector(CODE, VERSION, GUARDS)
