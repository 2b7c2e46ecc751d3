"""Which work a payment settles. Decided once, when it is posted, and written down; pure."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import NamedTuple

from ledger.facts import Ref


class Debt(NamedTuple):
    """Money owed for one piece of work. open_micros > 0."""

    work: Ref
    external_id: str
    due_at_ms: int
    open_micros: int


class Share(NamedTuple):
    """What a payment pays of one debt."""

    work: Ref
    micros: int


def allocate(
    amount_micros: int, debts: Sequence[Debt], listed: Collection[str]
) -> tuple[list[Share], int]:
    """Return what a payment pays, and what is left over: paid ahead of what is known to be owed.

    The items that the remittance lists, and no others; else the debts of the one due date whose
    sum it equals; else the oldest due. Source: DECISIONS.md D-013.
    """
    in_order = sorted(debts, key=lambda debt: (debt.due_at_ms, debt.work.id))
    if listed:
        return _pay([debt for debt in in_order if debt.external_id in listed], amount_micros)
    by_due: dict[int, list[Debt]] = defaultdict(list)
    for debt in in_order:
        by_due[debt.due_at_ms].append(debt)
    for same_day in by_due.values():
        if sum(debt.open_micros for debt in same_day) == amount_micros:
            return _pay(same_day, amount_micros)
    return _pay(in_order, amount_micros)


def _pay(debts: Sequence[Debt], amount_micros: int) -> tuple[list[Share], int]:
    shares, left = [], amount_micros
    for debt in debts:
        micros = min(left, debt.open_micros)
        if micros:
            shares.append(Share(debt.work, micros))
            left -= micros
    return shares, left
