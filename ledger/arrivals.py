"""What arrived of a payment, and what was lost on the way: one rule for whoever reports it.

A remittance record says that a payment arrived, a bank says how much of it; both come here.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from ledger.drafts import Row
from ledger.facts import Ref
from ledger.models import Payment, Transfer
from ledger.moves import FEES, IN_TRANSIT, RECEIVED, RULES

MOVES = ("settle", "fee", "late_fee", "recall")  # where a payment's money is once it was sent


@dataclass
class KnownPayment:
    """A payment's newest revision, and where its money is."""

    latest: Payment | None
    ref: Ref
    balances: Counter[str]

    @property
    def on_its_way_or_there(self) -> int:
        """All its money that was not taken back, in micros."""
        return self.balances[IN_TRANSIT] + self.balances[RECEIVED] + self.balances[FEES]


def known(payments: Iterable[Payment]) -> dict[int, KnownPayment]:
    """Return where the money of these payments is, by id. One query."""
    by_id = {one.pk: KnownPayment(one, Ref(one.pk, one.n), Counter()) for one in payments}
    for payment_id, source, target, micros in Transfer.objects.filter(
        payment__in=list(by_id)
    ).values_list("payment_id", "source", "target", "amount_micros"):
        by_id[payment_id].balances[source] -= micros
        by_id[payment_id].balances[target] += micros
    return by_id


def steps(balances: Counter[str], *, received: int, fees: int) -> list[tuple[str, int]]:
    """Return the moves that bring a payment's money to these balances; the rest is on its way.

    Fees only grow: what is lost comes first from what is on its way. Raises ValueError for balances
    that this payment cannot have.

    >>> steps(Counter(in_transit=100), received=95, fees=5)
    [('fee', 5), ('settle', 95)]
    >>> steps(Counter(received=100), received=0, fees=5)
    [('late_fee', 5), ('recall', 95)]
    """
    all_of_it = balances[IN_TRANSIT] + balances[RECEIVED] + balances[FEES]
    lost = fees - balances[FEES]
    if lost < 0 or received < 0 or received + fees > all_of_it:
        raise ValueError(f"received {received} and fees {fees} are no balances of {dict(balances)}")
    at_once = min(lost, balances[IN_TRANSIT])
    there = balances[RECEIVED] - (lost - at_once)
    moves = [("fee", at_once), ("late_fee", lost - at_once)]
    moves += [("settle", received - there), ("recall", there - received)]
    return [(move, micros) for move, micros in moves if micros > 0]


def post(row: Row, there: KnownPayment, *, received: int, fees: int, at_ms: int | None) -> bool:
    """Post what brings a payment's money to these balances; return whether anything moved."""
    assert there.latest is not None
    moves = steps(there.balances, received=received, fees=fees)
    for move, micros in moves:
        row.move(move, micros, there.latest.currency, payment=there.ref, happened_at_ms=at_ms)
        there.balances[RULES[move].source] -= micros
        there.balances[RULES[move].target] += micros
    return bool(moves)


def arrived(row: Row, there: KnownPayment, *, fee_micros: int, at_ms: int) -> None:
    """Post that all of a payment is there, less the greatest fee that was ever told."""
    all_of_it = there.on_its_way_or_there
    fees = min(all_of_it, max(fee_micros, there.balances[FEES]))
    post(row, there, received=all_of_it - fees, fees=fees, at_ms=at_ms)


def works_of(payments: Collection[int]) -> set[int]:
    """Return the root works that these payments have paid or met. One query."""
    return set(
        Transfer.objects.filter(payment__in=payments, work__isnull=False).values_list(
            "work_id", flat=True
        )
    )
