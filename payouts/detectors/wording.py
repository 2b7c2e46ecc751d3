"""How a finding is said: days and numbers of things in plain words."""

from collections.abc import Mapping
from datetime import date

from ledger.money import format_amount

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day(iso: str) -> str:
    """Return a day, given as YYYY-MM-DD, as it is said.

    >>> day("2026-11-02")
    '2 Nov 2026'
    """
    on = date.fromisoformat(iso)
    return f"{on.day} {MONTHS[on.month - 1]} {on.year}"


def pieces(count: int) -> str:
    """Return how many pieces of work, in words.

    >>> pieces(1), pieces(3)
    ('1 piece', '3 pieces')
    """
    return "1 piece" if count == 1 else f"{count} pieces"


def amount(micros: int, currency: str) -> str:
    """Return money as it is said.

    >>> amount(38_400_000, "USD")
    '38.40 USD'
    """
    return f"{format_amount(micros)} {currency}"


def hours(ms: int) -> str:
    """Return a time in hours and minutes; a started minute is not counted.

    >>> hours(5_400_000)
    '1 h 30 min'
    """
    minutes = ms // 60_000
    return f"{minutes // 60} h {minutes % 60} min"


def positive(where: Mapping[str, int], *accounts: str) -> bool:
    """Tell whether there is money in any of these accounts."""
    return any(where.get(account, 0) > 0 for account in accounts)


def is_decided_for_the_worker(where: Mapping[str, int]) -> bool:
    """Tell whether any of this money was decided for the worker, wherever it is now."""
    return positive(
        where, "payable", "withheld", "in_transit", "received", "fees", "remitted", "advance"
    )
