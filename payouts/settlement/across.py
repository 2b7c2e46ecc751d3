"""Reports of payments that were exchanged on the way, in the currency of the payment. Pure.

A bank tells the same money in up to three currencies: what left the account, what it was asked to
send, what arrived. Where the run fixed what the recipient gets, that decides: all of it arrived if
that amount did, whatever the bank charged the vendor for it. Else what is told in the payment's
currency counts. What arrived is kept beside it; what it is worth is said where it is judged
(ledger/exchanged.py), as for what remittances tell.
"""

from collections.abc import Sequence
from operator import attrgetter
from typing import NamedTuple

from ledger.money import Money, ceil_div, coin_micros

by_amount = attrgetter("currency", "micros")


class Amounts(NamedTuple):
    """The amounts of one report. fee_micros: at the worker's cost, in the currency of `booked`."""

    booked: Money
    others: tuple[Money, ...]
    fee_micros: int

    def of(self, currency: str) -> Money | None:
        """Return what is told in this currency."""
        return next((one for one in (self.booked, *self.others) if one.currency == currency), None)

    def to_the_coin(self, whole: Money) -> "Amounts":
        """Return them where the other amount was reckoned by a rate, and may be this whole.

        It is where the whole would have cost what was booked, to the coin.
        """
        reckoned = self.of(whole.currency)
        if reckoned is None or whole.currency == self.booked.currency:
            return self
        apart = abs(whole.micros - reckoned.micros) * self.booked.micros
        if apart >= coin_micros(self.booked.currency) * reckoned.micros:
            return self
        return self._replace(others=(whole,))


class Converted(NamedTuple):
    """A report in its payment's currency. arrived: what the recipient got, net of the fee."""

    micros: int
    fee_micros: int
    arrived: Money | None


def converted(told: Amounts, sent: Money, payout: Money | None) -> Converted | None:
    """Return a report in the currency of what was sent; None where nothing in it leads there.

    A fee that is told in the other currency is as large a part of what was sent as it is of what
    was to arrive, a fraction of a micro up. A part that arrived is rounded down.
    """
    arrived = told.of(payout.currency) if payout else _foreign(told, sent.currency)
    ours = told.of(sent.currency)
    if arrived is None:
        if ours is None or (payout and ours != sent):
            return None  # what of the payout arrived is not told
        return Converted(ours.micros, _fee(told, sent, ours, ours.micros), None)
    fee = told.fee_micros if told.booked.currency == arrived.currency else 0
    if payout is None:
        if ours is None:
            return None
        net = Money(arrived.micros - fee, arrived.currency)
        return Converted(ours.micros, _fee(told, sent, arrived, ours.micros), _if_any(net))
    if payout.micros in (arrived.micros, arrived.micros + fee):
        net = Money(payout.micros - fee, payout.currency)
        return Converted(sent.micros, _fee(told, sent, payout, sent.micros), _if_any(net))
    share = sent.micros * arrived.micros
    micros = (
        share // payout.micros
        if arrived.micros < payout.micros
        else ceil_div(share, payout.micros) + 1  # more than was sent, and so in conflict
    )
    return Converted(micros, _fee(told, sent, payout, sent.micros), arrived)


def _foreign(told: Amounts, currency: str) -> Money | None:
    return next((one for one in (*told.others, told.booked) if one.currency != currency), None)


def _fee(told: Amounts, sent: Money, whole: Money, micros: int) -> int:
    """Return the fee in the currency of what was sent. micros: what `whole` is in it."""
    if told.booked.currency == sent.currency or not told.fee_micros:
        return told.fee_micros
    if told.booked.currency != whole.currency or not whole.micros:
        return 0
    return ceil_div(told.fee_micros * micros, whole.micros)


def _if_any(money: Money) -> Money | None:
    return money if money.micros > 0 else None


def total(arrived: Sequence[Money | None]) -> Money | None:
    """Return what several parts make together; None where one is not told, or of two currencies."""
    known = [one for one in arrived if one is not None]
    if len(known) != len(arrived) or len({one.currency for one in known}) != 1:
        return None
    return sum(known[1:], known[0])


def why_not(sent_in: str, payout: Money | None) -> str:
    """Return why a report that was exchanged moves nothing, and what is missing in it."""
    missing = payout.currency if payout is not None else sent_in
    mend = f"it has no amount in {missing}, and no rate that names the currency of its unit"
    if payout is not None:
        return f"it does not say what arrived of the {payout} that were to be paid out: {mend}"
    return f"the payment is in {sent_in}, and it does not say how much of that it is: {mend}"
