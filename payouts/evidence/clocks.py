"""Two clocks side by side: what the worker wrote down, and what the platform says. Pure.

They are never merged. The difference is the time that only the worker's clock shows: own time that
no interval of the platform covers, less the platform's time without a clock, which may be the same
time. What else the platform shows on other days takes nothing away from it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ledger.floor import MS_PER_HOUR
from ledger.intervals import Span, union_ms
from ledger.money import ceil_div


@dataclass(frozen=True, slots=True)
class Pay:
    """What an hour of the week was worth. None: not known."""

    earned_micros: int | None  # for `paid_ms`, by the platform's record
    paid_ms: int  # the most time that the record may mean
    floor_micros: int | None  # an hour


def length_ms(spans: Iterable[Span]) -> int:
    """Return the length of the union of spans in any order, in ms.

    >>> length_ms([(10, 20), (0, 12)])
    20
    """
    return union_ms(sorted(spans), gap_ms=0)


def uncovered_ms(own: Sequence[Span], known: Sequence[Span]) -> int:
    """Return how much of the union of `own` lies outside of `known`, in ms; any order.

    >>> uncovered_ms([(0, 10), (20, 30)], [(5, 22)])
    13
    """
    return length_ms([*own, *known]) - length_ms(known)


def missing_ms(own: Sequence[Span], known: Sequence[Span], unclocked_ms: int) -> int:
    """Return the time that only the worker's clock shows, in ms; never below zero.

    own, known: spans within one week. unclocked_ms: time that the platform states without saying
    when; it may be the same time, so it is taken off.

    >>> missing_ms([(0, 10)], [(0, 4)], 5), missing_ms([(0, 10)], [(0, 4)], 50)
    (1, 0)
    """
    if unclocked_ms < 0:
        raise ValueError(f"unclocked_ms must be 0 or more, got {unclocked_ms}")
    return max(0, uncovered_ms(own, known) - unclocked_ms)


def added_ms(
    own: Sequence[Span], released: Sequence[Span], known: Sequence[Span], unclocked_ms: int
) -> int:
    """Return the missing time that `own` adds to what was released before, in ms.

    The platform's time without a clock is taken off all that is released together, not off each
    entry: piece by piece, as much is asked for as at once.

    >>> added_ms([(10, 20)], [(0, 10)], [], 10), added_ms([(0, 20)], [], [], 10)
    (10, 10)
    """
    together = missing_ms([*released, *own], known, unclocked_ms)
    return together - missing_ms(released, known, unclocked_ms)


def worth(missing: int, pay: Pay) -> int | None:
    """Return what missing time is worth in micros, rounded up; None where no rate is known.

    The week's own pay per hour or the floor, whichever is more (DECISIONS.md D-102).

    >>> worth(1_800_000, Pay(20_000_000, 3_600_000, 15_000_000))
    10000000
    >>> worth(1_800_000, Pay(None, 0, 15_000_000))
    7500000
    >>> worth(1_800_000, Pay(None, 0, None)) is None
    True
    """
    if missing < 0:
        raise ValueError(f"missing time must be 0 or more, got {missing}")
    values = []
    if pay.earned_micros is not None and pay.paid_ms > 0:
        values.append(ceil_div(missing * pay.earned_micros, pay.paid_ms))
    if pay.floor_micros is not None:
        values.append(ceil_div(missing * pay.floor_micros, MS_PER_HOUR))
    return max(values, default=None)
