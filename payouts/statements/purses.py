"""Where the money of each piece of work is: payments are followed to what arrived of them.

Pure: transfers in, sums out, all in micros and exact. What arrived of a payment falls on the work
that it paid in the order in which it was paid, so that the parts add up to the payment.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from ledger.exchanged import Arrived, Worth
from ledger.moves import (
    ADVANCE,
    FEES,
    IN_TRANSIT,
    PAYABLE,
    PENDING,
    RECEIVED,
    REFUSED,
    REMITTED,
    WITHHELD,
)
from ledger.whereabouts import LOST, Whereabouts
from payouts.statements.figures import Exchanged
from payouts.statements.rows import Move, Sent
from payouts.statements.words import converted

ON_APPROVAL = "on_approval"  # approved where the platform pays when it approves
EARNED_IN = (RECEIVED, ON_APPROVAL, FEES, LOST, IN_TRANSIT, WITHHELD, REMITTED, PAYABLE)
OWN = frozenset({PENDING, REFUSED, PAYABLE, WITHHELD, REMITTED})


@dataclass(slots=True)
class Followed:
    """A payment: what of it arrived, and what it paid, by root work in the order of paying."""

    at: Counter[str] = field(default_factory=Counter)
    paid: dict[int, int] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    arrived: int | None = None  # when the last of it did
    across: Arrived | None = None  # what arrived, where it was exchanged on the way
    worth: Worth | None = None  # and what that was worth; None: no rate is known

    @property
    def lost(self) -> int:
        """What of it was lost on exchange."""
        return self.worth.lost(self.at[RECEIVED]) if self.worth else 0

    def exchange(self) -> Exchanged | None:
        """Return what a statement says of the payment's exchange, if there was one."""
        if self.across is None:
            return None
        by = "" if self.worth is None else converted(self.worth.conversion.as_dict())
        return Exchanged(self.across.micros, self.across.currency, self.lost, by)

    def works(self) -> tuple[str, ...]:
        """Return the external ids of the work that it pays."""
        return tuple(self.names[work] for work, micros in self.paid.items() if micros > 0)

    def shares(self) -> dict[int, Counter[str]]:
        """Return, for each work that it pays, how much is where (ledger/whereabouts.py)."""
        whereabouts = Whereabouts.of(self.at, self.lost)
        found = {}
        upto, before = 0, whereabouts.part(0)
        for work, micros in self.paid.items():
            if micros <= 0 or not any(whereabouts):
                continue
            upto += micros
            now = whereabouts.part(upto)
            found[work] = Counter({place: now[place] - before[place] for place in now})
            before = now
        return found


def follow(
    transfers: Iterable[Sent], across: Mapping[int, Arrived], worth: Mapping[int, Worth]
) -> dict[int, Followed]:
    """Return what happened to each payment. transfers: all that name it, oldest first.

    across, worth: what arrived of those that were exchanged on the way, and its worth.
    """
    found: dict[int, Followed] = defaultdict(Followed)
    for one in transfers:
        payment = found[one.payment_id]
        payment.at[one.source] -= one.micros
        payment.at[one.target] += one.micros
        if one.target == RECEIVED and one.happened is not None:
            payment.arrived = max(payment.arrived or one.happened, one.happened)
        if one.work_id is not None:
            change = (one.target in (IN_TRANSIT, ADVANCE)) - (one.source in (IN_TRANSIT, ADVANCE))
            payment.paid[one.work_id] = payment.paid.get(one.work_id, 0) + change * one.micros
            payment.names[one.work_id] = one.external_id or ""
    for pk, payment in found.items():
        payment.across, payment.worth = across.get(pk), worth.get(pk)
    return found


class Purse(NamedTuple):
    """The money of one piece of work: micros by place, and the payments that paid for it."""

    at: Counter[str]
    paid_by: tuple[int, ...]

    @property
    def earned(self) -> int:
        """All that was decided for the worker, wherever it is now."""
        return sum(self.at[place] for place in EARNED_IN)

    def state(self) -> str:
        """Return the one place where all of it is; "split" for several, "none" for no money."""
        places = {place for place, micros in self.at.items() if micros > 0}
        if RECEIVED in places and places <= {RECEIVED, FEES, LOST}:
            return RECEIVED
        return places.pop() if len(places) == 1 else "split" if places else "none"


def purse(
    moves: Iterable[Move], shares: dict[int, dict[int, Counter[str]]], on_approval: bool
) -> Purse:
    """Return where the money of one piece of work is.

    moves: its transfers. shares: by payment, then by work. on_approval: what is approved is paid.
    """
    at: Counter[str] = Counter()
    payments: dict[int, Counter[str]] = {}
    for one in moves:
        if one.source in OWN:
            at[one.source] -= one.micros
        if one.target in OWN:
            at[one.target] += one.micros
        if one.payment_id is not None and one.work_id is not None:
            share = shares.get(one.payment_id, {}).get(one.work_id)
            if share is not None:
                payments[one.payment_id] = share
    for share in payments.values():
        at.update(share)
    if on_approval:
        at[ON_APPROVAL] = at.pop(PAYABLE, 0)
    return Purse(at, tuple(payments))


def part(amount: int, start: int, end: int, first: int, last: int) -> int:
    """Return the part of an amount for [start, end) that falls into [first, last), by length.

    Cut at the same instants, the parts of neighbours add up to the whole: ledger/weeks.py cuts so.

    >>> part(100, 0, 30, 0, 10), part(100, 0, 30, 10, 30), part(7, 5, 5, 0, 10)
    (33, 67, 7)
    """
    low, high = max(start, first), min(end, last)
    if end - start in (0, high - low):
        return amount
    return amount * (high - start) // (end - start) - amount * (low - start) // (end - start)


def inside(purse: Purse, start: int, end: int, first: int, last: int) -> Purse:
    """Return the part of a purse that falls into [first, last); it adds up as the whole does."""
    if first <= start and end <= last:
        return purse
    at: Counter[str] = Counter()
    upto = done = 0
    for place in EARNED_IN:
        upto += purse.at[place]
        now = part(upto, start, end, first, last)
        at[place], done = now - done, now
    for place in (PENDING, REFUSED):
        at[place] = part(purse.at[place], start, end, first, last)
    return Purse(at, purse.paid_by)
