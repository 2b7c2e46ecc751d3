"""What banks have answered to a sent run: how much of it arrived, and what came back."""

from typing import NamedTuple

from django.db.models import Exists, OuterRef, QuerySet

from ledger import moves
from ledger.balances import balance
from ledger.models import Payment, Transfer
from payouts.models import PayRun


class Answered(NamedTuple):
    """Where the money of a run is, in micros of its currency; the four are what it sent."""

    arrived: int
    on_its_way: int
    fees: int  # lost on the way at the workers' cost
    back: int  # owed again, or paid since by another payment


def payments(run: PayRun) -> "QuerySet[Payment]":
    """Return the payments that a run has posted."""
    items = run.items.filter(left_out="")
    made = items.filter(engagement=OuterRef("engagement"), reference=OuterRef("reference"))
    own = Payment.objects.filter(engagement__in=items.values("engagement"))
    return own.filter(Exists(made))


def sums(run: PayRun, sent_micros: int) -> Answered:
    """Return what has become of a run's money. sent_micros: all of it. One query."""
    moved = Transfer.objects.filter(payment__in=payments(run)).aggregate(
        arrived=balance(moves.RECEIVED),
        on_its_way=balance(moves.IN_TRANSIT),
        fees=balance(moves.FEES),
    )
    there = {name: int(micros or 0) for name, micros in moved.items()}
    return Answered(**there, back=sent_micros - sum(there.values()))
