"""Whether work or pay dropped after a question was sent: figures side by side, and no more. Pure.

Flags   work offered (pieces, time) that fell below half of what it was, and pay per hour that fell
        by more than a fifth; in the weeks after the question, against the weeks before it.
Leaves  too few weeks or pieces to say anything; a drop that is no lower than some week before the
        question was, too, since work comes and goes; the week of the question itself.
Source  SA8000 and Fairwork: no disadvantage for who complains. It says nothing of anybody's intent.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from ledger.floor import MS_PER_HOUR

WEEKS = 8  # looked at on either side
LEAST_BEFORE, LEAST_AFTER = 4, 3  # weeks
LEAST_PIECES = 20  # in all weeks before


class Week(NamedTuple):
    """What one week of an account had: pieces of work, time (B) and what was earned."""

    pieces: int
    time_ms: int
    earned_micros: int


class Drop(NamedTuple):
    """One measure on both sides of a question, each a week's average, rounded down."""

    measure: str  # pieces, time or hourly
    before: int
    after: int
    weeks_before: int
    weeks_after: int


class Measure(NamedTuple):
    """How a measure is averaged over weeks, and what part of it is left at most after a drop."""

    average: Callable[[Sequence[Week]], int]
    left: tuple[int, int]  # numerator, denominator


def _pieces(weeks: Sequence[Week]) -> int:
    return sum(week.pieces for week in weeks) // len(weeks)


def _time(weeks: Sequence[Week]) -> int:
    return sum(week.time_ms for week in weeks) // len(weeks)


def _hourly(weeks: Sequence[Week]) -> int:
    time_ms = sum(week.time_ms for week in weeks)
    return sum(week.earned_micros for week in weeks) * MS_PER_HOUR // time_ms if time_ms else 0


MEASURES = {
    "pieces": Measure(_pieces, (1, 2)),
    "time": Measure(_time, (1, 2)),
    "hourly": Measure(_hourly, (4, 5)),
}


def drops(before: Sequence[Week], after: Sequence[Week]) -> list[Drop]:
    """Return the measures that dropped; none where there is too little to say.

    before, after: whole weeks on either side, without the one of the question; one without work is
    a week of zeros. Pay per hour is compared over the weeks that had time.

    >>> drops([Week(10, 1, 1)] * 4, [Week(4, 1, 1)] * 3)
    [Drop(measure='pieces', before=10, after=4, weeks_before=4, weeks_after=3)]
    """
    found = []
    for name, measure in MEASURES.items():
        worked = [week for week in before if week.time_ms] if name == "hourly" else before
        since = [week for week in after if week.time_ms] if name == "hourly" else after
        if len(worked) < LEAST_BEFORE or len(since) < LEAST_AFTER:
            continue
        if sum(week.pieces for week in worked) < LEAST_PIECES:
            continue
        was, is_now = measure.average(worked), measure.average(since)
        part, whole = measure.left
        lowest = min(measure.average([week]) for week in worked)
        if is_now * whole < was * part and is_now < lowest:
            found.append(Drop(name, was, is_now, len(worked), len(since)))
    return found
