"""What the recipients of a run get where that is another currency than the one that is owed.

Each debt is converted at the reference rate of the run's day; one that was due before it at the
better of that rate and the one of its due day, for the worker. The sum is rounded up to the coin,
once: nothing else is rounded.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from ledger import quotes
from ledger.exchange import Conversion, Rates, better
from ledger.money import ceil_div, coin_micros
from ledger.owed import Owed
from ledger.periods import day_of
from payouts.leaving.fees import Way
from workers.models import Payee, Vendor


class Payout(NamedTuple):
    """What a recipient gets. ways: the rates, with the micros of debts converted at each."""

    micros: int
    currency: str
    ways: tuple[tuple[Conversion, int], ...]

    def as_json(self) -> list[dict[str, Any]]:
        """Return the rates as they are kept with a payment."""
        return [{**way.as_dict(), "micros": micros} for way, micros in self.ways]


def ways_of(vendor: Vendor) -> dict[int, Way]:
    """Return by which method and in which currency each account is paid, as known. One query."""
    payees = Payee.objects.filter(engagement__vendor=vendor)
    rows = payees.values_list("engagement_id", "method", "currency").iterator(10_000)
    return {pk: (method, currency) for pk, method, currency in rows}


def of(
    debts: Sequence[Owed], ways: Mapping[int, Way], *, on: date, zone: str
) -> dict[int, Payout | None]:
    """Return by account what is paid out where another currency is expected; None without a rate.

    ways: how each account is paid. on: the run's day, on the clock of `zone`. At most two queries.
    """
    expected = {pk: currency for pk, (_, currency) in ways.items()}
    across = [one for one in debts if expected.get(one.engagement_id, one.currency) != one.currency]
    if not across:
        return {}
    codes = {code for one in across for code in (one.currency, expected[one.engagement_id])}
    due = [day_of(debt.due_at_ms, zone) for one in across for debt in one.debts]
    rates = quotes.read(codes, min([on, *due]))
    return {
        one.engagement_id: payout(one, expected[one.engagement_id], rates, on=on, zone=zone)
        for one in across
    }


def payout(owed: Owed, into: str, rates: Rates, *, on: date, zone: str) -> Payout | None:
    """Return what pays an account's debts in another currency; None without a rate of the day."""
    now = rates.newest(owed.currency, into, on)
    if now is None:
        return None
    by_due: Counter[date] = Counter()
    for debt in owed.debts:
        by_due[min(on, day_of(debt.due_at_ms, zone))] += debt.open_micros
    by_way: dict[Conversion, int] = {}
    for due_on, micros in sorted(by_due.items()):
        way = better(_back_then(rates, owed.currency, into, due_on), now) if due_on < on else now
        by_way[way] = by_way.get(way, 0) + micros
    exact = sum((Fraction(*way.ratio) * micros for way, micros in by_way.items()), Fraction())
    coin = coin_micros(into)
    coins = ceil_div(exact.numerator, exact.denominator * coin)
    return Payout(coins * coin, into, tuple(by_way.items()))


def _back_then(rates: Rates, currency: str, into: str, on: date) -> Conversion | None:
    """Return the rate that counts for a day; where no later file has settled it, the newest."""
    return rates.conversion(currency, into, on) or rates.newest(currency, into, on)
