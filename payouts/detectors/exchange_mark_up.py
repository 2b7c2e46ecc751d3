"""W20 exchange mark-up: what arrived in another currency is worth less than what was sent.

Flags   payments of which more than MOST_PER_MILLE was lost to the exchange, against the reference
        rate of the day of arrival: one finding an account and currency.
Leaves  exchanges without a reference rate, whose price nobody knows; a gain, which stays with the
        worker; what is within the usual width of a market.
Stake   what was lost, in the currency that was sent.
Source  EU Regulation 2021/1230, article 4: the price of an exchange is told as a mark-up on the
        European Central Bank's reference rate. The limit is chosen here; what a rate on record says
        of markets of the street: D-149.
"""

from collections.abc import Callable, Iterator
from operator import attrgetter

from django.utils.translation import gettext_lazy

from payouts.detectors import settled
from payouts.detectors.shapes import EngagementFacts, Finding, Settled

CODE = "W20"
VERSION = 1
TITLE = gettext_lazy("An exchange cost more than the reference rate")
MOST_PER_MILLE = 5

Guard = Callable[[EngagementFacts, Settled], bool]


def lost(payment: Settled) -> int:
    """Return what an exchange took, in micros of the currency that was sent."""
    arrived = payment.exchanged
    return 0 if arrived is None else max(0, payment.net_micros - arrived.worth_micros)


def took_too_much(facts: EngagementFacts, payment: Settled) -> bool:
    """Tell whether the mark-up is above what is allowed."""
    return lost(payment) * 1000 > payment.net_micros * MOST_PER_MILLE


GUARDS: tuple[Guard, ...] = (took_too_much,)
sentence, what_happened = settled.sentence, settled.what_happened


def detect(facts: EngagementFacts, guards: tuple[Guard, ...] = GUARDS) -> Iterator[Finding]:
    """Yield a finding for each currency of which too much was lost."""
    exchanged = [one for one in facts.settled if one.exchanged is not None]
    found = [one for one in exchanged if all(guard(facts, one) for guard in guards)]
    yield from settled.findings(CODE, VERSION, facts, found, lost, attrgetter("currency"))
