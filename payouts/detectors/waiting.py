"""W24 waiting: somebody was on call, or waited for tasks, and the time has no pay.

Flags   time of kind `waiting` without pay: one finding an account, project and currency.
Leaves  breaks, which are a kind of their own: whoever was truly relieved did not wait; waiting
        that was paid; what lies within other work of the same account, which has its own pay.
Stake   the time, at the rate agreed by the hour or the floor.
Source  DOMAIN.md W24; 29 CFR 785.15 (engaged to wait).
"""

from collections.abc import Iterator

from payouts.detectors import unpaid_time
from payouts.detectors.shapes import Attempt, EngagementFacts, Finding

CODE = "W24"
VERSION = 1
TITLE = "Waiting for work was not paid"


def is_waiting(facts: EngagementFacts, attempt: Attempt) -> bool:
    """Tell whether the account was waiting for work."""
    return attempt.kind == "waiting"


GUARDS: tuple[unpaid_time.Guard, ...] = (
    is_waiting,
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
