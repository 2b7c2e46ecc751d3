"""Which payment an entry speaks of. Pure: the same entries and payments give the same answer.

First by the end-to-end id, which is the payment's reference; by another reference only where amount
or recipient bears it out, as banks write codes of their own there; else a whole booked debit by
amount, day and recipient, where nothing else fits. It is never a guess: where two would do, none is
taken, and the reason is said.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from payouts.settlement.entries import BOOKED, OUT

BEFORE, AFTER = timedelta(days=2), timedelta(days=10)  # of the day on which a payment was sent
CONFIDENCE = {"reference": 100, "account": 95, "name": 80}  # per cent, as stated beside a match
SEVERAL = "several"  # payments have the entry's reference, and nothing tells them apart
LEAST_OF_A_NAME = 2  # words: a first name alone is nobody's name
NO_ACCOUNT = ""


class Sent(NamedTuple):
    """A payment as far as matching needs it. sent_on: on the vendor's clock."""

    id: int
    reference: str
    currency: str
    amount_micros: int
    sent_on: date
    name_words: tuple[str, ...] = ()
    accounts: frozenset[str] = frozenset()


class Told(NamedTuple):
    """An entry as far as matching needs it."""

    id: int
    direction: str
    status: str
    amount_micros: int | None
    currency: str
    on: date | None
    end_to_end_id: str = ""
    other_references: tuple[str, ...] = ()
    name_words: tuple[str, ...] = ()
    account: str = NO_ACCOUNT
    fee_micros: int = 0
    bank_reference: str = ""
    elsewhere: tuple[tuple[int, str], ...] = ()  # the same money in other currencies

    @property
    def references(self) -> tuple[str, ...]:
        """All references, each once, the end-to-end id first."""
        return tuple(dict.fromkeys(filter(None, [self.end_to_end_id, *self.other_references])))

    @property
    def order(self) -> tuple[object, ...]:
        """Sorts entries in the same way whatever the order in which they came in."""
        return (self.on or date.max, not self.bank_reference, self.bank_reference, -self.fee_micros)


class Match(NamedTuple):
    """The payment of an entry and by what it was found; or, without a payment, why none was."""

    payment_id: int | None
    by: str = ""
    reason: str = ""


def by_reference(entry: Told, payments: Sequence[Sent]) -> Match | None:
    """Return the payment that one of an entry's references names; None where none names any.

    payments: those of the vendor with one of these references. Several with the same one are told
    apart by amount and currency, then by the recipient.
    """
    for reference in entry.references:
        named = [one for one in payments if one.reference == reference]
        if reference != entry.end_to_end_id:
            named = [one for one in named if _is_borne_out(entry, one)]
        if not named:
            continue
        for narrow in (_has_amount, _is_for):
            if len(named) > 1:
                named = [one for one in named if narrow(entry, one)] or named
        if len(named) == 1:
            return Match(named[0].id, "reference")
        return Match(None, SEVERAL, f"{len(named)} payments have the reference {reference}")
    return None


def by_amount(entries: Collection[Told], payments: Iterable[Sent]) -> dict[int, Match]:
    """Return for each entry the payment that alone fits by amount, day and recipient.

    entries: all that no reference matched; payments: all that no entry has by reference. A payment
    is taken where it is the only one for its entry, and all entries that could be it say the same.
    """
    by_money: dict[tuple[str, int], list[Sent]] = defaultdict(list)
    for payment in payments:
        by_money[payment.currency, payment.amount_micros].append(payment)
    found: dict[int, Match] = {}
    claims: dict[int, list[tuple[Told, str]]] = defaultdict(list)
    for entry in entries:
        fitting = [(one, by) for one in _of_amount(entry, by_money) if (by := _fits(entry, one))]
        best = [pair for pair in fitting if pair[1] == "account"] or fitting
        if len(best) == 1:
            claims[best[0][0].id].append((entry, best[0][1]))
        else:
            found[entry.id] = Match(None, reason=why_not(entry, len(best)))
    for payment_id, claimed in claims.items():
        found |= _granted(payment_id, claimed)
    return found


def _granted(payment_id: int, claimed: list[tuple[Told, str]]) -> dict[int, Match]:
    """Return which of the entries that could be one payment is taken for it."""
    in_order = sorted(claimed, key=lambda pair: pair[0].order)
    if len({(entry.on, entry.amount_micros) for entry, _ in in_order}) > 1:
        reason = f"{len(in_order)} entries of different days could be the same payment"
        return {entry.id: Match(None, reason=reason) for entry, _ in in_order}
    (first, by), *rest = in_order
    later = Match(None, reason="the one payment that fits is taken by an entry of the same day")
    return {first.id: Match(payment_id, by), **{entry.id: later for entry, _ in rest}}


def _of_amount(entry: Told, by_money: dict[tuple[str, int], list[Sent]]) -> list[Sent]:
    if entry.direction != OUT or entry.status != BOOKED or entry.amount_micros is None:
        return []
    amounts = {entry.amount_micros, entry.amount_micros + entry.fee_micros}
    return [one for amount in amounts for one in by_money.get((entry.currency, amount), [])]


def _fits(entry: Told, payment: Sent) -> str:
    """Return by what an entry fits a payment of its amount: account, name, or "" for not at all."""
    if entry.on is None or not -BEFORE <= entry.on - payment.sent_on <= AFTER:
        return ""
    if entry.account and payment.accounts:
        return "account" if entry.account in payment.accounts else ""
    return "name" if _is_same_name(entry.name_words, payment.name_words) else ""


def _is_same_name(left: tuple[str, ...], right: tuple[str, ...]) -> bool:
    return len(left) >= LEAST_OF_A_NAME and left == right


def _is_borne_out(entry: Told, payment: Sent) -> bool:
    """Tell whether more than a reference speaks for a payment, where the entry tells any more."""
    tells = entry.amount_micros is not None or entry.account or entry.name_words
    return not tells or _has_amount(entry, payment) or _is_for(entry, payment)


def _has_amount(entry: Told, payment: Sent) -> bool:
    own = entry.amount_micros
    told = {*entry.elsewhere}
    if own is not None:
        told |= {(own, entry.currency), (own + entry.fee_micros, entry.currency)}
    return (payment.amount_micros, payment.currency) in told


def _is_for(entry: Told, payment: Sent) -> bool:
    if entry.account and payment.accounts:
        return entry.account in payment.accounts
    return _is_same_name(entry.name_words, payment.name_words)


def why_not(entry: Told, fitting: int = 0) -> str:
    """Return why an entry has no payment. fitting: how many would do."""
    if fitting:
        return f"{fitting} payments fit by amount, day and recipient"
    named = "it has no reference"
    if entry.end_to_end_id:
        named = f"no payment has the reference {entry.end_to_end_id}"
    elif entry.other_references:
        reference = entry.other_references[0]
        named = f"no payment of this amount or recipient has the reference {reference}"
    if entry.direction != OUT or entry.status != BOOKED:
        return named
    if not (entry.account or entry.name_words):
        return f"{named}, and it names nobody: an amount and a day alone are no match"
    return f"{named}, and none that is left fits by amount, day and recipient"
