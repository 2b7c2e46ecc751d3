"""W21 late exchange loss: pay came late, and its currency had fallen meanwhile.

Flags   payments in another currency that paid late work for less than the reference rate of its due
        day would have given: one finding an account and currency of arrival.
Leaves  pay that came by its due day; a rate that rose, whose gain stays with the worker; days
        without a reference rate.
Stake   late pay takes the better of the two days' rates, so: the difference, in the currency that
        arrived, a fraction of a micro up.
Source  The project's own rule (D-137), after the UK National Minimum Wage Act 1998, section 17:
        arrears at the rate then or the rate now, whichever is more.
"""

from collections.abc import Callable, Iterator

from django.utils.translation import gettext_lazy

from payouts.detectors import settled
from payouts.detectors.shapes import EngagementFacts, Finding, Settled

CODE = "W21"
VERSION = 1
TITLE = gettext_lazy("Late pay lost value in its exchange")

Guard = Callable[[EngagementFacts, Settled], bool]


def lost(payment: Settled) -> int:
    """Return what the delay cost, in micros of the currency that arrived."""
    return 0 if payment.exchanged is None else payment.exchanged.late_loss_micros


def fell_meanwhile(facts: EngagementFacts, payment: Settled) -> bool:
    """Tell whether the due day's rate was better for the worker than that of the arrival."""
    return lost(payment) > 0


GUARDS: tuple[Guard, ...] = (fell_meanwhile,)
sentence, what_happened = settled.sentence, settled.what_happened


def detect(facts: EngagementFacts, guards: tuple[Guard, ...] = GUARDS) -> Iterator[Finding]:
    """Yield a finding for each currency in which late pay arrived as less."""
    late = [one for one in facts.settled if one.exchanged is not None]
    found = [one for one in late if all(guard(facts, one) for guard in guards)]
    yield from settled.findings(CODE, VERSION, facts, found, lost, _arrived_in)


def _arrived_in(payment: Settled) -> str:
    assert payment.exchanged is not None  # only those are late in another currency
    return payment.exchanged.currency
