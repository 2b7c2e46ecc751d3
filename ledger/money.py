"""Money: whole micros of one currency, and the few sums that are allowed with it.

A micro is a millionth of a currency unit: labels earn fractions of a cent. Money is an integer
from the file to the statement; no float and no rounding context ever touches it.
"""

import re
from dataclasses import dataclass
from functools import cache

from babel.numbers import get_currency_precision, is_currency
from django.utils.translation import gettext

MICROS_PER_UNIT = 1_000_000
AMOUNT = re.compile(r"(-?)([0-9]{1,12})(?:\.([0-9]{1,6}))?")
CURRENCY_CODE = re.compile(r"[A-Z]{3}")


class CurrencyMismatch(ValueError):
    """Two currencies met in one sum or comparison. Convert first, at a rate that is kept."""

    def __init__(self, left: "Money", right: "Money") -> None:
        super().__init__(f"{left} and {right} are in different currencies; convert one first")


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in one currency; may be negative.

    micros: whole millionths of a currency unit. currency: ISO 4217 code, three capital letters.
    Ordered within a currency; two currencies are never equal and cannot be compared or added
    (CurrencyMismatch).

    >>> Money(2_500_000, "USD") + Money(1, "USD")
    Money(micros=2500001, currency='USD')
    >>> Money(1, "USD") < Money(1, "KES")
    Traceback (most recent call last):
    ledger.money.CurrencyMismatch: 0.000001 USD and 0.000001 KES are in different currencies; \
convert one first
    """

    micros: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.micros) is not int:
            raise TypeError(f"micros must be a whole number (int), got {self.micros!r}")
        if not CURRENCY_CODE.fullmatch(self.currency):
            raise ValueError(f"currency must be three capital letters, got {self.currency!r}")

    def __str__(self) -> str:
        return f"{format_amount(self.micros)} {self.currency}"

    def __add__(self, other: "Money") -> "Money":
        return Money(self.micros + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.micros - self._same(other), self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.micros < self._same(other)

    def __le__(self, other: "Money") -> bool:
        return self.micros <= self._same(other)

    def __gt__(self, other: "Money") -> bool:
        return self.micros > self._same(other)

    def __ge__(self, other: "Money") -> bool:
        return self.micros >= self._same(other)

    def _same(self, other: "Money") -> int:
        """Return the micros of `other`, which must be in this currency."""
        if self.currency != other.currency:
            raise CurrencyMismatch(self, other)
        return other.micros


def ceil_div(a: int, b: int) -> int:
    """Return a / b rounded up (towards positive infinity), exactly. b must be above 0.

    >>> ceil_div(7, 2), ceil_div(-7, 2), ceil_div(6, 2)
    (4, -3, 3)
    """
    if b <= 0:
        raise ValueError(f"the divisor must be above 0, got {b}")
    return -(-a // b)


def parse_micros(text: str) -> int:
    """Return the amount written in `text` as whole micros, exactly.

    Only ASCII digits with an optional leading minus: 1 to 12 before the point, and where there is
    a point 1 to 6 after it. No currency sign, blank, exponent, separator of thousands or other
    script: an amount that can be read in two ways is refused. Raises ValueError naming the value
    and the rule.

    >>> parse_micros("0.05"), parse_micros("-15"), parse_micros("0.000001")
    (50000, -15000000, 1)
    >>> parse_micros("1E+999999")
    Traceback (most recent call last):
    ValueError: '1E+999999' is not an amount: write digits, with at most 12 before and 6 after \
the point
    """
    match = AMOUNT.fullmatch(text)
    if match is None:
        shown = repr(text if len(text) <= 40 else text[:40] + "…")
        said = gettext(
            "%(text)s is not an amount: write digits, with at most 12 before and 6 after the point"
        )
        raise ValueError(said % {"text": shown})
    minus, units, fraction = match.groups()
    micros = int(units) * MICROS_PER_UNIT + int((fraction or "").ljust(6, "0"))
    return -micros if minus else micros


def format_amount(micros: int) -> str:
    """Return micros as a decimal number of currency units: exact, 2 to 6 decimals, no rounding.

    `parse_micros` reads it back to the same number.

    >>> format_amount(15_000_000), format_amount(12_500), format_amount(-1)
    ('15.00', '0.0125', '-0.000001')
    """
    units, fraction = divmod(abs(micros), MICROS_PER_UNIT)
    decimals = f"{fraction:06}".rstrip("0").ljust(2, "0")
    return f"{'-' if micros < 0 else ''}{units}.{decimals}"


def round_up_to_coin(micros: int, currency: str) -> int:
    """Return micros rounded up to a whole minor unit of the currency (cent, yen, fils).

    Up is to the worker: used once, when a payment is made. The minor units are those of ISO 4217
    as CLDR keeps them, which leaves out units no longer in use. Raises ValueError for a code
    that is not a currency: guessing two decimals could pay too little.

    >>> round_up_to_coin(10_001, "USD"), round_up_to_coin(10_001, "JPY")
    (20000, 1000000)
    """
    coin = coin_micros(currency)
    return ceil_div(micros, coin) * coin


@cache
def coin_micros(currency: str) -> int:
    """Return the micros in one minor unit: 10,000 for USD, 1,000,000 for JPY, 1,000 for KWD."""
    if not is_currency(currency):
        raise ValueError(f"{currency!r} is not a currency of ISO 4217")
    # babel ships no type hints
    return int(MICROS_PER_UNIT // 10 ** get_currency_precision(currency))
