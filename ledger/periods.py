"""Weeks, days and months on the clock of a vendor's zone.

Instants are whole milliseconds since 1970-01-01T00:00Z, periods are half-open [start, end). A week
begins on Monday at 00:00 local time, so it has 168 hours, or 167 or 169 where the clocks change.
Weeks leave no gap and do not overlap, whatever the zone does at midnight.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.translation import gettext

from workers.years import FIRST_YEAR, LAST_YEAR

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
DAY_MS = 86_400_000
FIRST_MONDAY_MS = 4 * DAY_MS  # 1970 began on a Thursday
DAY = timedelta(days=1)
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """One week: the Monday it starts on, and its first and its first following instant."""

    starts_on: date
    start_ms: int
    end_ms: int

    @property
    def last_on(self) -> date:
        """The Sunday. A week belongs to the month or quarter in which this day lies."""
        return self.starts_on + 6 * DAY

    def holds(self, start_ms: int, end_ms: int) -> bool:
        """Tell whether [start_ms, end_ms) touches this week and no other."""
        return self.start_ms <= start_ms < self.end_ms and end_ms <= self.end_ms


@dataclass(frozen=True, slots=True)
class Period:
    """A span of whole days, both ends included, and the name it is asked for by."""

    label: str
    first_on: date
    last_on: date


def ms_of(at: datetime) -> int:
    """Return an aware datetime as epoch milliseconds; a fraction of one is dropped (floor).

    Raises ValueError for a naive datetime: without its offset it is not an instant.

    >>> ms_of(datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC))
    1000
    """
    if at.utcoffset() is None:
        raise ValueError(f"{at.isoformat()} has no UTC offset, so it is not an instant")
    return (at - EPOCH) // MILLISECOND


def datetime_of(at_ms: int) -> datetime:
    """Return epoch milliseconds as a datetime in UTC, exactly.

    >>> datetime_of(1500).isoformat()
    '1970-01-01T00:00:01.500000+00:00'
    """
    return EPOCH + at_ms * MILLISECOND


def day_of(at_ms: int, zone: str) -> date:
    """Return the date that the zone's calendar shows at this instant.

    >>> day_of(0, "America/Los_Angeles")
    datetime.date(1969, 12, 31)
    """
    return datetime.fromtimestamp(at_ms // 1000, zone_of(zone)).date()


def week_of(at_ms: int, zone: str) -> Week:
    """Return the week in which this instant lies. Raises ValueError for an unknown zone.

    >>> week_of(0, "UTC")
    Week(starts_on=datetime.date(1969, 12, 29), start_ms=-259200000, end_ms=345600000)
    """
    day = day_of(at_ms, zone)
    week = week_from(day - day.weekday() * DAY, zone)
    # A clock that jumps over midnight may show Monday before the week's first instant, or Sunday
    # after its last.
    shift = (at_ms >= week.end_ms) - (at_ms < week.start_ms)
    return week_from(week.starts_on + shift * WEEK, zone) if shift else week


@lru_cache(maxsize=8192)
def week_from(starts_on: date, zone: str) -> Week:
    """Return the week that starts on this Monday. Raises ValueError for another day."""
    if starts_on.weekday():
        raise ValueError(f"a week starts on a Monday, {starts_on} is a {starts_on:%A}")
    return Week(starts_on, midnight_ms(starts_on, zone), midnight_ms(starts_on + WEEK, zone))


def weeks_overlapping(start_ms: int, end_ms: int, zone: str) -> list[Week]:
    """Return the weeks that [start_ms, end_ms) touches, in order; for an instant, its one week.

    Raises ValueError where the end is before the start.
    """
    if end_ms < start_ms:
        raise ValueError(f"the end {end_ms} is before the start {start_ms}")
    weeks = [week_of(start_ms, zone)]
    while weeks[-1].end_ms < end_ms:
        weeks.append(week_from(weeks[-1].starts_on + WEEK, zone))
    return weeks


def month(label: str) -> Period:
    """Return the calendar month written as YYYY-MM. Raises ValueError for anything else.

    >>> month("2026-02").last_on
    datetime.date(2026, 2, 28)
    """
    match = re.fullmatch(r"([0-9]{4})-(0[1-9]|1[0-2])", label)
    if match is None:
        said = gettext("%(text)s is not a month: write it as YYYY-MM, like 2026-10")
        raise ValueError(said % {"text": repr(label)})
    return _months(label, int(match[1]), int(match[2]), 1)


def quarter(label: str) -> Period:
    """Return the calendar quarter written as YYYY-Qn. Raises ValueError for anything else.

    >>> quarter("2026-Q4").first_on
    datetime.date(2026, 10, 1)
    """
    match = re.fullmatch(r"([0-9]{4})-Q([1-4])", label)
    if match is None:
        raise ValueError(f"{label!r} is not a quarter: write it as YYYY-Qn, like 2026-Q4")
    return _months(label, int(match[1]), 3 * int(match[2]) - 2, 3)


def weeks_ending_in(period: Period, zone: str) -> list[Week]:
    """Return the weeks whose Sunday lies in the period, in order.

    Each week belongs to exactly one month, so what statements of months cover adds up.

    >>> [week.starts_on.isoformat() for week in weeks_ending_in(month("2026-10"), "UTC")]
    ['2026-09-28', '2026-10-05', '2026-10-12', '2026-10-19']
    """
    return [week_from(sunday - 6 * DAY, zone) for sunday in _sundays(period)]


@lru_cache(maxsize=1024)
def zone_of(zone: str) -> ZoneInfo:
    """Return the zone of this IANA name. Raises ValueError for a name that is none."""
    try:
        return ZoneInfo(zone)
    except (ZoneInfoNotFoundError, OSError, ValueError) as error:
        raise ValueError(f"{zone!r} is not an IANA time zone, like Africa/Nairobi") from error


def last_ms_of(day: date, zone: str) -> int:
    """Return the last instant of a day on the zone's clock: when what has only a day is done.

    >>> last_ms_of(date(1970, 1, 1), "UTC")
    86399999
    """
    return midnight_ms(day + DAY, zone) - 1


def midnight_ms(day: date, zone: str) -> int:
    """Return the first instant at which the clock shows 00:00 of this day.

    Where it never does, the instant at which it would have, had it not jumped: always one answer,
    and never an earlier one for a later day.
    """
    return ms_of(datetime.combine(day, time(), zone_of(zone)))


def _months(label: str, year: int, first: int, count: int) -> Period:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        said = gettext("%(text)s: years are %(first)s to %(last)s. Correct the year.")
        raise ValueError(said % {"text": repr(label), "first": FIRST_YEAR, "last": LAST_YEAR})
    last = first + count - 1
    next_first = date(year + 1, 1, 1) if last == 12 else date(year, last + 1, 1)
    return Period(label, date(year, first, 1), next_first - DAY)


def _sundays(period: Period) -> Iterator[date]:
    sunday = period.first_on + (6 - period.first_on.weekday()) * DAY
    while sunday <= period.last_on:
        yield sunday
        sunday += WEEK
