"""Amounts in a camt file: which way they went, and in which currencies a transaction tells them."""

import re
from fractions import Fraction
from typing import NamedTuple

from ledger.importers.fields import MAX_MICROS
from payouts.settlement import values
from payouts.settlement.entries import IN, OUT, Faulty
from payouts.settlement.xml_tree import Node

DIRECTIONS = {"CRDT": IN, "DBIT": OUT}
MOVED = ("Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/CntrValAmt/Amt")
EXCHANGES = tuple(f"AmtDtls/{name}/CcyXchg" for name in ("TxAmt", "InstdAmt", "CntrValAmt"))


def amount_of(node: Node | None) -> tuple[int, str]:
    """Return an amount in micros, and its currency. Raises Faulty."""
    if node is None:
        raise Faulty("no Amt", "every entry and balance has an amount", "Ask the bank")
    return values.micros(node.text), values.currency(node.attributes.get("Ccy", ""))


def direction_of(node: Node) -> str:
    """Return which way an entry or a balance goes. Raises Faulty."""
    said = node.said("CdtDbtInd")
    if said not in DIRECTIONS:
        raise Faulty(values.shown(said), "a movement is CRDT or DBIT", "Ask the bank")
    return DIRECTIONS[said]


class Rate(NamedTuple):
    """A rate of exchange: one of `unit` is so many of `other`."""

    unit: str
    other: str
    factor: Fraction

    def reckoned(self, micros: int, currency: str) -> tuple[int, str] | None:
        """Return what an amount is in the other currency, rounded down; None for a third one.

        >>> Rate("EUR", "USD", Fraction("1.25")).reckoned(10_000_000, "USD")
        (8000000, 'EUR')
        """
        if currency == self.other:
            made = int(micros / self.factor), self.unit
        elif currency == self.unit:
            made = int(micros * self.factor), self.other
        else:
            return None
        return made if 0 < made[0] <= MAX_MICROS else None


class Told(NamedTuple):
    """The amounts of one transaction, each in its currency: moved, and as the payer asked for."""

    moved: tuple[tuple[int, str], ...]
    instructed: tuple[int, str] | None
    rate: Rate | None = None

    def of(self, currency: str) -> int | None:
        """Return what moved in this currency, where that is told."""
        return next((micros for micros, code in self.moved if code == currency), None)

    def counter(self, currency: str) -> tuple[int, str] | None:
        """Return the same money in another currency than this one, where that is told."""
        return next((one for one in self.moved if one[1] != currency), None)

    def reckoned(self, micros: int, currency: str) -> tuple[int, str] | None:
        """Return what amount and rate determine, where the other currency's amount is not told."""
        is_told = self.instructed is not None and self.instructed[1] != currency
        if is_told or self.counter(currency) is not None or self.rate is None:
            return None
        return self.rate.reckoned(micros, currency)

    @property
    def first_currency(self) -> str:
        """The currency that is told first; "" where none is."""
        return self.moved[0][1] if self.moved else ""


def told_of(node: Node) -> Told:
    """Return the amounts that a transaction tells: its own, its counter value, the instructed."""
    there = (node.at(path) for path in MOVED)
    instructed = node.at("AmtDtls/InstdAmt/Amt")
    return Told(
        tuple(amount_of(one) for one in there if one is not None),
        amount_of(instructed) if instructed is not None else None,
        next(filter(None, (_rate(node.at(path)) for path in EXCHANGES)), None),
    )


def _rate(node: Node | None) -> Rate | None:
    """Return a rate; None where it does not say of which currency one is so many of the other."""
    if node is None:
        return None
    unit, said = node.said("UnitCcy"), node.said("XchgRate")
    others = {node.said("SrcCcy"), node.said("TrgtCcy")} - {"", unit}
    if not unit or len(others) != 1 or not re.fullmatch(r"[0-9]{1,11}(\.[0-9]{0,10})?", said):
        return None
    try:
        pair = values.currency(unit), values.currency(others.pop())
    except Faulty:
        return None
    factor = Fraction(said)
    return Rate(*pair, factor) if factor else None
