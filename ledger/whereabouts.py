"""Where the money of a payment is: arrived, lost to fees or to its exchange, or on its way. Pure.

What a payment paid for shares in all of that in proportion. Weeks reckon what arrived by the same
rule (ledger/week_facts.py).
"""

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from ledger.moves import FEES, IN_TRANSIT, RECEIVED

# No account of the ledger: of what arrived in another currency, by how much it was worth less than
# what had been sent, at the reference rate of its day (ledger/exchanged.py).
LOST = "lost_on_exchange"


class Whereabouts(NamedTuple):
    """The money of one payment in micros of its currency, by where it is."""

    received: int = 0
    fees: int = 0
    lost: int = 0
    in_transit: int = 0

    @classmethod
    def of(cls, balances: Mapping[str, int], lost: int) -> "Whereabouts":
        """Return where a payment's money is. balances: of its accounts; lost: of what arrived."""
        return cls(
            balances.get(RECEIVED, 0) - lost,
            balances.get(FEES, 0),
            lost,
            balances.get(IN_TRANSIT, 0),
        )

    def part(self, micros: int) -> Counter[str]:
        """Return where the first `micros` of it are: they add up, and grow with `micros`.

        Of what arrived a fraction of a micro goes down.

        >>> Whereabouts(received=90, fees=6, lost=4).part(50)
        Counter({'received': 45, 'fees': 3, 'lost_on_exchange': 2, 'in_transit': 0})
        """
        total = sum(self)
        received = micros * self.received // total if total else 0
        rest, off = total - self.received, self.fees + self.lost
        taken = (micros - received) * off // rest if rest else 0
        fees = taken * self.fees // off if off else 0
        return Counter(
            {
                RECEIVED: received,
                FEES: fees,
                LOST: taken - fees,
                IN_TRANSIT: micros - received - taken,
            }
        )
