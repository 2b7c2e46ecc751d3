"""Strict parsers for one cell each. What does not fit is a FieldError with a rule and a mend.

Every number is checked by an ASCII expression before it becomes one: `1E+999999`, Arabic digits,
`1_000` and `NaN` never reach int() or Decimal(). A mend is an example that would be accepted.
"""

import re
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import TypeVar
from unicodedata import category

from babel import Locale

from ledger.money import parse_micros
from ledger.periods import DAY_MS
from workers import currencies
from workers.years import FIRST_YEAR, LAST_YEAR

MAX_CELL = 500  # characters of a kept cell
MAX_ID = 200
MAX_NAME = 120  # names of projects and of types of task are cut to this
MAX_TEXT = 200  # reasons are cut to this
MAX_MICROS = 10**18  # a 64-bit integer holds nine times as much
EPOCH = date(1970, 1, 1).toordinal()

HOUR = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt ]([01][0-9]|2[0-3])")
MINUTE = re.compile(r":([0-5][0-9]):([0-5][0-9])")
REST = re.compile(r"(?:\.([0-9]{1,9}))?(?:[Zz]|([+-])(0[0-9]|1[0-4]):([0-5][0-9]))")
SECONDS = re.compile(r"([0-9]{1,9})(?:\.([0-9]{1,3}))?")
WHOLE_SECOND = (20, 25)  # characters of an instant without a fraction, with Z and with an offset
COUNTRY = re.compile(r"[A-Z]{2}")
HIDDEN = ("Cc", "Cf", "Cs", "Zl", "Zp")
CODE = re.compile(r"[a-z0-9_-]{1,30}")

ROW = "(row)"

K = TypeVar("K")
T = TypeVar("T")


class FieldError(ValueError):
    """A cell that breaks a rule.

    column: set where the rule is about one column beside others; ROW where it is about the whole.
    """

    def __init__(self, value: str, rule: str, mend: str, *, column: str = "") -> None:
        super().__init__(f"{shown(value)}: {rule}. {mend}")
        self.value, self.rule, self.mend, self.column = shown(value), rule, mend, column


def shown(value: str) -> str:
    """Return a value as it may be shown: without control characters, cut."""
    return clean(value[:MAX_CELL])[:80]


class Memo(dict[K, T]):
    """Answers of a parser by cell text; emptied when full, so memory stays flat.

    >>> Memo(seconds)["1.5"]
    1500
    """

    def __init__(self, parse: Callable[[K], T], capacity: int = 20_000) -> None:
        super().__init__()
        self._parse, self._capacity = parse, capacity

    def __missing__(self, text: K) -> T:
        if len(self) >= self._capacity:
            self.clear()
        answer = self[text] = self._parse(text)
        return answer


def day_ms(year: int, month: int, day: int) -> int:
    """Return UTC midnight of a date in epoch ms. ValueError when there is no such day or year."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"years are {FIRST_YEAR} to {LAST_YEAR}, got {year}")
    return (date(year, month, day).toordinal() - EPOCH) * DAY_MS


def to_come(text: str, column: str) -> FieldError:
    """Return the error for what is said to happen after the file came in."""
    rule = "what a file tells of happened before it was brought in"
    return FieldError(text, rule, "Correct the date", column=column)


def _hour_ms(text: str) -> int:
    match = HOUR.fullmatch(text)
    if match is None:
        raise ValueError(text)
    year, month, day, hour = map(int, match.groups())
    return day_ms(year, month, day) + hour * 3_600_000


def _minute_ms(text: str) -> int:
    match = MINUTE.fullmatch(text)
    if match is None:
        raise ValueError(text)
    return int(match[1]) * 60_000 + int(match[2]) * 1000


def _rest_ms(text: str) -> int:
    match = REST.fullmatch(text)
    if match is None:
        raise ValueError(text)
    fraction, sign, hours, minutes = match.groups()
    ms = int(fraction.ljust(3, "0")[:3]) if fraction else 0
    if sign:
        offset = (int(hours) * 60 + int(minutes)) * 60_000
        ms += offset if sign == "-" else -offset
    return ms


def _in_hour_ms(text: str) -> int:
    return _MINUTES[text[:6]] + _RESTS[text[6:]]


_HOURS, _MINUTES, _RESTS = Memo(_hour_ms), Memo(_minute_ms), Memo(_rest_ms)
# What follows the hour, without a fraction: 3,600 an offset, so that all of a file are remembered.
_IN_HOUR = Memo(_in_hour_ms, capacity=100_000)


def instant(text: str) -> int:
    """Return an RFC 3339 instant as UTC epoch ms; the offset is mandatory.

    Fractions beyond a millisecond are cut off; leap seconds (:60) are refused. FieldError says
    which rule was broken.

    >>> instant("2026-02-28T17:00:00+03:00") == instant("2026-02-28T14:00:00Z")
    True
    """
    try:
        if len(text) in WHOLE_SECOND:
            return _HOURS[text[:13]] + _IN_HOUR[text[13:]]
        return _HOURS[text[:13]] + _MINUTES[text[13:19]] + _RESTS[text[19:]]
    except ValueError:
        if text != text.strip():
            return instant(text.strip())
        raise _no_instant(text) from None


def _no_instant(text: str) -> FieldError:
    match = HOUR.match(text)
    if match and not FIRST_YEAR <= int(match[1]) <= LAST_YEAR:
        rule = f"a year from {FIRST_YEAR} to {LAST_YEAR}"
        return FieldError(text, rule, "Correct the year")
    return FieldError(text, "RFC 3339 with offset", "Write 2026-02-28T17:00:00+03:00")


def seconds(text: str) -> int:
    """Return seconds with at most 3 decimals as whole ms. FieldError otherwise."""
    match = SECONDS.fullmatch(text.strip())
    if match is None:
        raise FieldError(text, "seconds as digits, at most 3 decimals", "Write 90 or 90.5")
    return int(match[1]) * 1000 + int((match[2] or "").ljust(3, "0"))


def thousandths(text: str) -> int:
    """Return a count with at most 3 decimals in thousandths. FieldError otherwise."""
    match = SECONDS.fullmatch(text.strip())
    if match is None:
        raise FieldError(text, "a count as digits, at most 3 decimals", "Write 1 or 2.5")
    return int(match[1]) * 1000 + int((match[2] or "").ljust(3, "0"))


def amount(text: str) -> int:
    """Return an amount of 0 or more in micros. FieldError otherwise."""
    try:
        micros = parse_micros(text.strip())
    except ValueError:
        micros = -1
    if micros < 0:
        raise FieldError(
            text,
            "an amount of 0 or more, digits with a dot, at most 12 before it and 6 after it",
            "Write 1234.50",
        )
    return micros


def currency(text: str) -> str:
    """Return an ISO 4217 code of money; FieldError otherwise, also for gold (XAU)."""
    code = text.strip()
    if code not in currencies.known():
        raise FieldError(text, "a currency code of ISO 4217, in capitals", "Write USD")
    return code


@cache
def _countries() -> frozenset[str]:
    return frozenset(filter(COUNTRY.fullmatch, Locale("en").territories)) - {"EU", "EZ", "UN", "ZZ"}


def country(text: str) -> str:
    """Return an ISO 3166 alpha-2 code. FieldError otherwise."""
    code = text.strip()
    if code not in _countries():
        raise FieldError(text, "a country code of ISO 3166, two capitals", "Write KE")
    return code


def identifier(text: str, limit: int = MAX_ID) -> str:
    """Return an id without blanks around it: 1 to `limit` characters, none of them invisible."""
    stripped = text.strip()
    if not stripped:
        raise FieldError(text, "an id, not empty", "Fill it in")
    if len(stripped) > limit:
        raise FieldError(text, f"an id of at most {limit} characters", "Shorten it")
    if not stripped.isprintable() and any(map(_hidden, stripped)):
        raise FieldError(text, "an id without control or direction marks", "Remove those")
    return stripped


def code(text: str) -> str:
    """Return a short code of a-z, 0-9, _ and -. FieldError otherwise."""
    stripped = text.strip()
    if not CODE.fullmatch(stripped):
        raise FieldError(text, "a code of a-z, 0-9, _ and -, at most 30", "Write my_tool")
    return stripped


def name(text: str) -> str:
    """Return a short text that must not be empty, cleaned and cut to 120 characters."""
    cleaned = clean(text)[:MAX_NAME].strip()
    if not cleaned:
        raise FieldError(text, "a name, not empty", "Fill it in")
    return cleaned


def reason(text: str) -> str:
    """Return free text cleaned and cut to 200 characters; may be empty."""
    return clean(text)[:MAX_TEXT].strip()


def clean(text: str) -> str:
    """Return text without control and direction marks; joiners inside words stay.

    >>> clean("a\\n\\u202eb\\x07 c")
    'a b c'
    """
    if not text.isprintable():
        text = "".join(" " if c.isspace() else c for c in text if c.isspace() or not _hidden(c))
    return text.strip()


def _hidden(character: str) -> bool:
    # By category, not isprintable(): that also refuses characters newer than this Python.
    return category(character) in HIDDEN and character not in "\u200c\u200d"


def one_of(*choices: str) -> Callable[[str], str]:
    """Return a parser that accepts these words only, in lower case."""
    accepted = {choice: choice for choice in choices}

    def parse(text: str) -> str:
        try:
            return accepted[text.strip()]
        except KeyError:
            raise FieldError(text, "one of " + ", ".join(choices), f"Write {choices[0]}") from None

    return parse
