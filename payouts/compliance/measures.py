"""Hourly pay over a worker's whole range, as research measures it. Pure.

These figures do not cut at weeks ("scope": "worker_range") and are no verdicts: a median hides
people, and a good week makes up for a bad one. They are there to be compared with published ones.
Source: Hara et al., CHI 2018 (hourly wage by worker, with and without overlap).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ledger.floor import MS_PER_HOUR
from ledger.intervals import Span, most_at_once, union_ms
from ledger.money import ceil_div, format_amount, parse_micros

CURRENCY = "USD"  # of the lines below
LINES = ("7.25", "12", "15")  # dollars an hour
SHORTFALL_LINES = ("15",)
PAYS = ("earned", "approved_or_pending")
TIMES = ("summed", "union")
FINE = 1_000_000  # hourly pay is compared in millionths of a micro
DECIMALS = 4  # of shares and hours


@dataclass(slots=True)
class Clock:
    """One worker's counted time. spans: sorted by start, end and id; stated: rows without one."""

    spans: list[Span] = field(default_factory=list)
    stated_ms: int = 0
    untimed: int = 0  # rows with pay or handed in, without any time

    def times(self, gap_ms: int) -> "Times":
        """Return the time in all ways of counting it."""
        return Times(
            summed_ms=sum(end - start for start, end in self.spans) + self.stated_ms,
            union_ms=union_ms(self.spans, 0) + self.stated_ms,
            merged_ms=union_ms(self.spans, gap_ms) + self.stated_ms,
            most_at_once=most_at_once(self.spans),
        )


class Times(NamedTuple):
    """One worker's time: the sum of the intervals, and their union without and with pauses."""

    summed_ms: int
    union_ms: int
    merged_ms: int
    most_at_once: int


class Person(NamedTuple):
    """One worker's range: pay in micros of CURRENCY, time in ms.

    known: all the work has its time and its pay; otherwise there is no hourly pay to speak of.
    """

    earned: int
    approved_or_pending: int
    summed: int
    union: int
    known: bool


def of_range(people: Sequence[Person]) -> list[dict[str, Any]]:
    """Return one object for each way to count pay and time.

    Workers without time, or with work whose time or pay is not known, are left out and counted.
    """
    known = [person for person in people if person.known]
    return [
        {
            "scope": "worker_range",
            "denominator": "B",
            "pay": pay,
            "time": time,
            "currency": CURRENCY,
            "workers_left_out": len(people) - len(known),
            **_measure([(getattr(one, pay), getattr(one, time)) for one in known]),
        }
        for pay in PAYS
        for time in TIMES
    ]


def _measure(workers: Iterable[tuple[int, int]]) -> dict[str, Any]:
    """Return the figures of workers given as (pay in micros, time in ms)."""
    timed = [(pay, ms) for pay, ms in workers if ms > 0]
    return {
        "workers": len(timed),
        "worker_hourly_median": median_hourly(timed),
        "share_of_workers_below": {line: share_below(timed, line) for line in LINES},
        "shortfall": {line: shortfall(timed, line) for line in SHORTFALL_LINES},
    }


def median_hourly(workers: Sequence[tuple[int, int]]) -> str | None:
    """Return the median of the workers' hourly pay, to the nearest micro; None for no workers.

    >>> median_hourly([(1_000_000, 3_600_000), (4_000_000, 3_600_000)])
    '2.50'
    """
    rates = sorted(pay * MS_PER_HOUR * FINE // ms for pay, ms in workers)
    if not rates:
        return None
    middle = rates[(len(rates) - 1) // 2] + rates[len(rates) // 2]
    return format_amount((middle + FINE) // (2 * FINE))


def share_below(workers: Sequence[tuple[int, int]], line: str) -> float | None:
    """Return the share of workers whose hourly pay is below a line; None for no workers.

    >>> share_below([(14_999_999, 3_600_000), (15_000_000, 3_600_000)], "15")
    0.5
    """
    if not workers:
        return None
    micros = parse_micros(line)
    below = sum(1 for pay, ms in workers if pay * MS_PER_HOUR < micros * ms)
    return round(below / len(workers), DECIMALS)


def shortfall(workers: Iterable[tuple[int, int]], line: str) -> str:
    """Return what the workers below a line are missing to it, as an exact amount.

    The sum is exact; a fraction of a micro goes up, to the workers, once.

    >>> shortfall([(5_000_000, 1_800_000), (20_000_000, 3_600_000), (0, 1)], "15")
    '2.500005'
    """
    micros = parse_micros(line)
    missing = sum(max(0, micros * ms - pay * MS_PER_HOUR) for pay, ms in workers)
    return format_amount(ceil_div(missing, MS_PER_HOUR))


def hours(ms: int) -> float:
    """Return milliseconds as hours with four decimals.

    >>> hours(5_400_000)
    1.5
    """
    return round(ms / MS_PER_HOUR, DECIMALS)
