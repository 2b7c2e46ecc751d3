"""The calendar of the sample: Nairobi weeks, pay dates and instants as text.

Instants are whole seconds since 1970 (UTC), suffix `_s`. Nairobi keeps UTC+03:00 all year, so a
week is always 168 hours. Weeks are counted back from the end: -1 is 26 October to 1 November.
"""

from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache

ZONE = "Africa/Nairobi"
OFFSET = timezone(timedelta(hours=3))

MINUTE, HOUR, DAY = 60, 3_600, 86_400
WEEK = 7 * DAY
GRACE_S = 3 * DAY
REVIEW_S = 7 * DAY
PAY_AFTER_S = 14 * DAY


def at_s(text: str) -> int:
    """Return the instant of an RFC 3339 text.

    >>> at_s("2026-11-02T06:00:00Z")
    1793599200
    """
    return int(datetime.fromisoformat(text).timestamp())


AS_OF_S = at_s("2026-11-02T06:00:00Z")
END_S = at_s("2026-11-02T00:00:00+03:00")
LAST_EXPORT_S = AS_OF_S - HOUR

TWICE_EXPORTED = "2026-09"
FIRST_SNAPSHOT_S = at_s("2026-10-01T06:00:00Z")


def week_start_s(week: int) -> int:
    """Return the Monday 00:00, Nairobi, with which a week begins; -1 is the last week."""
    return END_S + week * WEEK


def week_of(at: int) -> int:
    """Return the week, counted back from the end, that an instant lies in."""
    return (at - END_S) // WEEK


def monday(week: int) -> str:
    """Return the date of a week's Monday.

    >>> monday(-1)
    '2026-10-26'
    """
    return stamp(week_start_s(week))[:10]


def moment(week: int, day: int, hour: float) -> int:
    """Return an instant of a week: day 0 is Monday, hour on Nairobi's clock."""
    return week_start_s(week) + day * DAY + round(hour * HOUR)


def due_s(approved: int) -> int:
    """Return when approved work must be paid: 14 days after the end of the week of its approval."""
    return week_start_s(week_of(approved) + 1) + PAY_AFTER_S


def stamp(at: int) -> str:
    """Return an instant on Nairobi's clock.

    >>> stamp(AS_OF_S)
    '2026-11-02T09:00:00+03:00'
    """
    days, rest = divmod(at + 3 * HOUR, DAY)
    minutes, seconds = divmod(rest, MINUTE)
    return f"{_day(days)}T{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}+03:00"


def utc(at: int) -> str:
    """Return an instant in UTC.

    >>> utc(AS_OF_S)
    '2026-11-02T06:00:00Z'
    """
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%SZ}"


def exported_s(month: str) -> int:
    """Return when a month was exported for good: days after its end, or just before the scan."""
    year, number = int(month[:4]), int(month[5:7])
    following = datetime(year + number // 12, number % 12 + 1, 1, 6, tzinfo=UTC)
    return min(LAST_EXPORT_S, int(following.timestamp()) + 9 * DAY)


@lru_cache(maxsize=4_096)
def _day(days: int) -> str:
    return (date(1970, 1, 1) + timedelta(days=days)).isoformat()
