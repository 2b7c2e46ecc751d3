"""The dates in MTurk files: several styles, mixed in one column, with zones as letters.

Letters are mapped by hand: strptime's %Z follows the machine's own zone. Comparing these dates as
text is wrong, so they become epoch milliseconds at once.
"""

import re

from ledger.importers.fields import FieldError, Memo, day_ms
from workers.years import FIRST_YEAR, LAST_YEAR

ZONE_HOURS = {"PST": -8, "PDT": -7, "GMT": 0, "UTC": 0, "Z": 0, "CET": 1, "CEST": 2}
# fmt: off
MONTHS = {
    "Jan": 1, "Feb": 2, "Mar": 3, "Apr": 4, "May": 5, "Jun": 6,
    "Jul": 7, "Aug": 8, "Sep": 9, "Oct": 10, "Nov": 11, "Dec": 12,
}
# fmt: on
CLOCK = r"([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9])"
# Mon Sep 25 09:38:35 PDT 2017
LETTERS = re.compile(
    rf"(?:[A-Z][a-z]{{2}},? +)?([A-Z][a-z]{{2}}) +([0-9]{{1,2}}) {CLOCK} (\S{{1,10}}) ([0-9]{{4}})"
)
# 2017-10-02 16:39:18 UTC, 2012/11/03 18:30:49 +0000, 2018-01-24T17:40:27.123-05:00
DIGITS = re.compile(
    rf"([0-9]{{4}})([-/])([0-9]{{2}})\2([0-9]{{2}})[ T]{CLOCK}(?:\.([0-9]{{1,9}}))? ?(\S{{0,10}})"
)
OFFSET = re.compile(r"([+-])(0[0-9]|1[0-4]):?([0-5][0-9])")
EXAMPLE = "Write 2017-10-02 16:39:18 UTC"


def instant(text: str) -> int:
    """Return a date of an MTurk file as UTC epoch ms.

    The zone is mandatory, as letters out of ZONE_HOURS or as an offset. FieldError otherwise.

    >>> instant("Mon Sep 25 09:38:35 PDT 2017") == instant("2017/09/25 16:38:35 +0000")
    True
    """
    stripped = text.strip()
    try:
        if match := LETTERS.fullmatch(stripped):
            month, day, hours, minutes, seconds, zone, year = match.groups()
            date_ms = _DAYS[year, str(MONTHS.get(month, 0)), day]
            fraction = None
        elif match := DIGITS.fullmatch(stripped):
            year, _, month, day, hours, minutes, seconds, fraction, zone = match.groups()
            date_ms = _DAYS[year, month, day]
        else:
            raise FieldError(text, "a date with time and zone", EXAMPLE)
    except FieldError:
        raise
    except ValueError:
        rule = f"a date that exists, of the years {FIRST_YEAR} to {LAST_YEAR}"
        raise FieldError(text, rule, EXAMPLE) from None
    clock_ms = (int(hours) * 3600 + int(minutes) * 60 + int(seconds)) * 1000
    fraction_ms = int(fraction.ljust(3, "0")[:3]) if fraction else 0
    return date_ms + clock_ms + fraction_ms - _offset_ms(zone, text)


def _offset_ms(zone: str, text: str) -> int:
    if zone in ZONE_HOURS:
        return ZONE_HOURS[zone] * 3_600_000
    if match := OFFSET.fullmatch(zone):
        minutes = int(match[2]) * 60 + int(match[3])
        return (-minutes if match[1] == "-" else minutes) * 60_000
    known = ", ".join(ZONE_HOURS)
    rule = f"a zone is one of {known} or an offset such as +0000"
    raise FieldError(text, rule, EXAMPLE)


_DAYS: Memo[tuple[str, str, str], int] = Memo(lambda day: day_ms(*map(int, day)))
