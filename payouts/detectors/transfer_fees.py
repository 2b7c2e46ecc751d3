"""W19 fees pushed on the worker: money was lost to fees on a way that the vendor chose.

Flags   what was taken from payments on the way at the worker's cost: one finding an account and
        currency.
Leaves  payments that arrived whole; fees that the vendor bears, which are in no payment's amount.
Stake   the fees.
Source  Fairwork Cloudwork principles (June 2024), 1.2: pay is measured after costs; 29 CFR 531.35:
        wages arrive free and clear.
"""

from collections.abc import Callable, Iterator
from operator import attrgetter

from django.utils.translation import gettext_lazy

from payouts.detectors import settled
from payouts.detectors.shapes import EngagementFacts, Finding, Settled

CODE = "W19"
VERSION = 1
TITLE = gettext_lazy("Fees were taken from the worker's pay")

Guard = Callable[[EngagementFacts, Settled], bool]


def cost_a_fee(facts: EngagementFacts, payment: Settled) -> bool:
    """Tell whether anything of the payment was lost to fees."""
    return payment.fee_micros > 0


GUARDS: tuple[Guard, ...] = (cost_a_fee,)
sentence, what_happened = settled.sentence, settled.what_happened


def detect(facts: EngagementFacts, guards: tuple[Guard, ...] = GUARDS) -> Iterator[Finding]:
    """Yield a finding for each currency in which fees were taken."""
    found = [one for one in facts.settled if all(guard(facts, one) for guard in guards)]
    cost, currency = attrgetter("fee_micros"), attrgetter("currency")
    yield from settled.findings(CODE, VERSION, facts, found, cost, currency)
