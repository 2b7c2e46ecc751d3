"""How a finding is said: days and numbers of things in plain words."""

from collections.abc import Mapping
from datetime import date

from django.utils.translation import ngettext

from ledger.money import format_amount
from payouts.statements import words


def day(iso: str) -> str:
    """Return a day, given as YYYY-MM-DD, as it is said.

    >>> day("2026-11-02")
    '2 Nov 2026'
    """
    return words.day(date.fromisoformat(iso))


def number(count: int) -> str:
    """Return a count with its thousands grouped.

    >>> number(999), number(48190)
    ('999', '48,190')
    """
    return f"{count:,}"


def pieces(count: int) -> str:
    """Return how many pieces of work, in words.

    >>> pieces(1), pieces(3)
    ('1 piece', '3 pieces')
    """
    said = ngettext("%(number)s piece", "%(number)s pieces", count)
    return said % {"number": number(count)}


def amount(micros: int, currency: str) -> str:
    """Return money as it is said.

    >>> amount(38_400_000, "USD"), amount(12_345_600_000, "KES"), amount(-500_000, "USD")
    ('38.40 USD', '12,345.60 KES', '-0.50 USD')
    """
    minus, (whole, point, decimals) = "-" * (micros < 0), format_amount(abs(micros)).partition(".")
    return f"{minus}{number(int(whole))}{point}{decimals} {currency}"


def hours(ms: int) -> str:
    """Return a time in hours and minutes; a started minute is not counted.

    >>> hours(5_400_000)
    '1 h 30 min'
    """
    return words.hours_and_minutes(ms // 60_000)


def positive(where: Mapping[str, int], *accounts: str) -> bool:
    """Tell whether there is money in any of these accounts."""
    return any(where.get(account, 0) > 0 for account in accounts)


def is_with_the_worker(where: Mapping[str, int]) -> bool:
    """Tell whether any of this money has left for the worker, or was paid out for them."""
    return positive(where, "in_transit", "received", "fees", "remitted", "advance")


def is_decided_for_the_worker(where: Mapping[str, int]) -> bool:
    """Tell whether any of this money was decided for the worker, wherever it is now."""
    return positive(where, "payable", "withheld") or is_with_the_worker(where)
