"""W15 expired: the time ran out on a task that was being worked on, and it earned nothing.

Flags   attempts that expired after more than LEAST_MS of measured activity, without any pay: one
        finding an account, project and currency.
Leaves  attempts whose activity nobody measured: the clock of an attempt that was left lying runs
        to its limit (W32 says once that activity is not on record); attempts with any pay.
Stake   the measured time, at the rate agreed by the hour or the floor.
Source  29 CFR 785.11 to 785.13: work that is suffered is work time. Hara et al., CHI 2018: work
        that was not handed in is the largest part of what goes unpaid. The least time is chosen
        here.
"""

from django.utils.translation import gettext_lazy

from payouts.detectors import unpaid_time
from payouts.detectors.shapes import Attempt, EngagementFacts

CODE = "W15"
VERSION = 1
TITLE = gettext_lazy("Time ran out on a task, and the work in it earned nothing")
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

detect, sentence, what_happened = unpaid_time.detector(CODE, VERSION, GUARDS)
