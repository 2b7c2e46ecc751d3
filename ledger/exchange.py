"""Money of one currency in another, at reference rates that were recorded. Pure; exact integers.

A day's rate is that of the last business day up to it, at most MOST_AGE old; older is no rate.
Rates go on being brought in, and history is never converted again: what counts for a day is what
the first file of rates knew that was recorded after the day was over. A rate that comes in later,
for whatever day, changes nothing that had a rate. So which rate is used follows from the recorded
rates alone, in whatever order they, the work and the question came (DECISIONS.md D-090).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise
from operator import attrgetter
from typing import Any, NamedTuple

from ledger.money import ceil_div
from ledger.periods import day_of

NANOS = 1_000_000_000  # rates are whole billionths
DECIMALS = 9
MOST_AGE = timedelta(days=7)
MOST_BASES = 2  # KES per USD, USD per EUR: no longer chain is looked for

Pair = tuple[str, str]  # (currency, base)


class Quote(NamedTuple):
    """One reference rate: so many billionths of a unit of `currency` are one unit of `base`.

    file: the number of the file that it was recorded with; files are numbered as they come in.
    recorded_on: the day on which that was, in UTC.
    """

    currency: str
    base: str
    on: date
    nanos: int
    source: str
    file: int
    recorded_on: date


@dataclass(frozen=True)
class Conversion:
    """The way from one currency to another on a day: the rates that were used, in their order.

    The amount is divided by each rate whose currency it is in, and multiplied by each whose base.
    No rates at all: both are one currency.
    """

    currency: str
    into: str
    on: date
    quotes: tuple[Quote, ...] = ()

    @cached_property
    def ratio(self) -> tuple[int, int]:
        """What one unit is in the other currency, as numerator and denominator."""
        over = under = 1
        held = self.currency
        for quote in self.quotes:
            if held == quote.currency:
                over, under, held = over * NANOS, under * quote.nanos, quote.base
            else:
                over, under, held = over * quote.nanos, under * NANOS, quote.currency
        return over, under

    def micros(self, micros: int) -> int:
        """Return an amount in the other currency, a fraction of a micro down.

        What is converted is pay that is held against a floor: rounded up it could reach it.
        """
        over, under = self.ratio
        return micros * over // under

    def as_dict(self) -> dict[str, Any]:
        """Return what was used as JSON: rates as exact text, each with its day and source."""
        return {
            "currency": self.currency,
            "into": self.into,
            "day": self.on.isoformat(),
            "rates": [
                {
                    "currency": quote.currency,
                    "base": quote.base,
                    "rate": format_rate(quote.nanos),
                    "day": quote.on.isoformat(),
                    "source": quote.source,
                }
                for quote in self.quotes
            ],
        }


BY_CURRENCY_AND_DAY = attrgetter("currency", "on")


class Rates:
    """The reference rates that can matter to what is asked, ready to be asked.

    quotes: all of the pairs concerned, from MOST_AGE before the first day that is asked on.
    """

    def __init__(self, quotes: Iterable[Quote] = ()) -> None:
        self._days: dict[Pair, dict[date, Quote]] = defaultdict(dict)
        self._files: dict[Pair, dict[int, tuple[date, date]]] = defaultdict(dict)
        for quote in quotes:
            pair = quote.currency, quote.base
            self._days[pair][quote.on] = quote
            known = self._files[pair].get(quote.file)
            reaches = max(known[1], quote.on) if known else quote.on
            self._files[pair][quote.file] = quote.recorded_on, reaches
        self._known: dict[tuple[str, str, date], Conversion | None] = {}

    def conversion(self, currency: str, into: str, on: date) -> Conversion | None:
        """Return the way from one currency to another on a day, or None where there is no rate.

        Of several ways the one that was known first counts, of those the one with the fewest
        rates, then the first by name.
        """
        key = currency, into, on
        if key not in self._known:
            self._known[key] = self._find(currency, into, on, self._settled)
        return self._known[key]

    def newest(self, currency: str, into: str, on: date) -> Conversion | None:
        """Return the way on a day by what is recorded now: for what is decided on that day.

        It is no answer that stays: whoever uses it writes down what was used. None where there is
        no rate, or only one older than MOST_AGE.
        """
        return self._find(currency, into, on, self._recent)

    def _find(
        self,
        currency: str,
        into: str,
        on: date,
        of_pair: Callable[[Pair, date], tuple[int, Quote] | None],
    ) -> Conversion | None:
        if currency == into:
            return Conversion(currency, into, on)
        ways = []
        for pairs in self._ways(currency, into):
            found = [of_pair(pair, on) for pair in pairs]
            known = [one for one in found if one is not None]
            if len(known) == len(pairs):
                since = max(file for file, _ in known)
                ways.append((since, len(pairs), pairs, tuple(quote for _, quote in known)))
        return Conversion(currency, into, on, min(ways)[-1]) if ways else None

    def _ways(self, currency: str, into: str) -> Iterator[list[Pair]]:
        """Yield the pairs from one currency up to a common base, and down to the other."""
        upwards = self._upwards(into)
        for chain in self._upwards(currency):
            for other in upwards:
                if chain[-1] == other[-1] and not set(chain[:-1]) & set(other):
                    yield [*pairwise(chain), *list(pairwise(other))[::-1]]

    def _upwards(self, currency: str) -> list[tuple[str, ...]]:
        """Return the chains of bases that begin with a currency, itself included."""
        chains: list[tuple[str, ...]] = [(currency,)]
        newest = chains
        for _ in range(MOST_BASES):
            newest = [
                (*chain, base)
                for chain in newest
                for quoted, base in sorted(self._days)
                if quoted == chain[-1] and base not in chain
            ]
            chains = chains + newest
        return chains

    def _recent(self, pair: Pair, on: date) -> tuple[int, Quote] | None:
        """Return the rate of the last business day up to a day, and the file that has it."""
        days = self._days[pair]
        quote = next((days[day] for day in _window(on) if day in days), None)
        return None if quote is None else (quote.file, quote)

    def _settled(self, pair: Pair, on: date) -> tuple[int, Quote] | None:
        """Return the rate of a pair that counts for a day, and with which file it was settled."""
        days = self._days[pair]
        recent = [days[day] for day in _window(on) if day in days]
        if not recent:
            return None
        oldest = min(quote.file for quote in recent)
        after = [
            file
            for file, (recorded_on, reaches) in self._files[pair].items()
            if file >= oldest and recorded_on > on and reaches >= on - MOST_AGE
        ]
        if not after:
            return None
        settled = min(after)
        return settled, next(quote for quote in recent if quote.file <= settled)


@dataclass(frozen=True)
class Exchange:
    """How pay becomes money of one currency: at the rate of the day, on the clock of a zone."""

    rates: Rates
    into: str
    zone: str

    @cached_property
    def unchanged(self) -> Conversion:
        """The way of what is in this currency already."""
        return Conversion(self.into, self.into, date.min)

    def of(self, currency: str, at_ms: int) -> Conversion | None:
        """Return the way from a currency at this instant, or None where there is no rate."""
        if currency == self.into:
            return self.unchanged
        return self.rates.conversion(currency, self.into, day_of(at_ms, self.zone))


def lost_by_waiting(micros: int, then: Conversion, now: Conversion) -> int:
    """Return by how much less an amount is now than it was then, a fraction of a micro up.

    Both ways lead to one currency, and the answer is in it: 0 where it is not less. Whoever pays
    late owes the better of the two (DECISIONS.md D-137).
    """
    (over_then, under_then), (over_now, under_now) = then.ratio, now.ratio
    fallen = over_then * under_now - over_now * under_then
    return max(0, ceil_div(micros * fallen, under_then * under_now))


def better(then: Conversion | None, now: Conversion) -> Conversion:
    """Return the way by which an amount is more: whoever pays late owes that (D-137)."""
    if then is None:
        return now
    (over_then, under_then), (over_now, under_now) = then.ratio, now.ratio
    return then if over_then * under_now > over_now * under_then else now


def format_rate(nanos: int) -> str:
    """Return a rate as a decimal number, exactly.

    >>> format_rate(1_117_200_000), format_rate(136 * NANOS)
    ('1.1172', '136')
    """
    units, fraction = divmod(nanos, NANOS)
    decimals = f"{fraction:0{DECIMALS}}".rstrip("0")
    return f"{units}.{decimals}" if decimals else str(units)


def _window(on: date) -> Iterator[date]:
    """Yield the days whose rate may count for a day, the newest first."""
    for days in range(MOST_AGE.days + 1):
        yield on - timedelta(days=days)
