"""Amounts and dates as banks write them: strict, in ASCII, never through a float."""

import re
from datetime import date
from unicodedata import category, normalize

from ledger.importers.fields import FieldError
from ledger.importers.fields import currency as iso_currency
from payouts.settlement.entries import Faulty
from workers.years import FIRST_YEAR, LAST_YEAR

MICROS = 1_000_000
PLAIN = re.compile(r"([0-9]{1,15})(?:\.([0-9]{0,6}))?")
MOST_TEXT = 500
NO_REFERENCE = frozenset(  # what banks write where there is none, or where it stands elsewhere
    {"", "NONREF", "NOTPROVIDED", "NOT PROVIDED", "UNKNOWN", "KREF", "KREF+", "-"}
)


def micros(text: str, decimal: str = ".") -> int:
    """Return an amount of 0 or more in micros. decimal: what stands before the fraction.

    >>> micros("12.5"), micros("0,01", ","), micros("15000,", ",")
    (12500000, 10000, 15000000000)
    """
    stripped = text.strip()
    other = "," if decimal == "." else "."
    match = PLAIN.fullmatch(stripped.replace(decimal, ".")) if other not in stripped else None
    if match is None:
        raise Faulty(
            shown(text),
            f"an amount is digits with at most 6 decimals after a {decimal!r}",
            "Ask the bank for the file again, or correct the amount in it",
        )
    whole, fraction = match.groups()
    return int(whole) * MICROS + int((fraction or "").ljust(6, "0"))


def signed(text: str, decimal: str = ".") -> int:
    """Return an amount that may carry a sign, in micros.

    >>> signed("-80.00"), signed("+1")
    (-80000000, 1000000)
    """
    stripped = text.strip()
    amount = micros(stripped[1:] if stripped[:1] in ("-", "+") else stripped, decimal)
    return -amount if stripped.startswith("-") else amount


def currency(text: str) -> str:
    """Return an ISO 4217 code, also one that is no longer in use (DEM). Faulty otherwise."""
    try:
        return iso_currency(text)
    except FieldError as error:
        raise Faulty(error.value, error.rule, error.mend) from None


def day(year: int, month: int, number: int) -> date | None:
    """Return a day of a plausible year; None where there is no such day."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return date(year, month, number)
    except ValueError:
        return None


def iso_day(text: str) -> date | None:
    """Return the day that an ISO date or time begins with; None where it is none.

    >>> iso_day("2014-01-05T23:59:59.999Z"), iso_day("2016-02-30")
    (datetime.date(2014, 1, 5), None)
    """
    match = re.match(r"([0-9]{4})-?([0-9]{2})-?([0-9]{2})", text.strip())
    return day(*map(int, match.groups())) if match else None


def shown(text: str, limit: int = MOST_TEXT) -> str:
    """Return text on one line without control and direction marks, cut."""
    spaced = (" " if each.isspace() else each for each in text[: 4 * limit])
    kept = "".join(each for each in spaced if category(each)[0] != "C")
    return " ".join(kept.split())[:limit]


def reference(text: str) -> str:
    """Return a reference as references are compared; "" where the bank says that there is none."""
    plain = shown(text, 140)
    return "" if plain.upper() in NO_REFERENCE else plain


def account_number(text: str) -> str:
    """Return an account number without blanks and punctuation, in capitals."""
    return re.sub(r"[^0-9A-Z]", "", text.upper())[:60]


def name_words(text: str) -> tuple[str, ...]:
    """Return the words of a name, without accents, case and order.

    >>> name_words("Nowak, JAN") == name_words("Ján Nowak")
    True
    """
    plain = normalize("NFKD", text.casefold())
    letters = "".join(each for each in plain if category(each) != "Mn")
    return tuple(sorted(re.findall(r"[^\W_]+", letters)))
