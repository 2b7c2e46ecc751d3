"""What a bank's file says, whatever its format: statements, their entries, and what is unreadable.

Plain data. Money is whole micros, above zero; the direction says which way it went, as seen from
the account that the report is about.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from itertools import accumulate
from typing import NamedTuple

from django.utils.translation import gettext_noop

IN, OUT = "credit", "debit"
BOOKED, PENDING, REJECTED, RETURNED = "booked", "pending", "rejected", "returned"


class Problem(NamedTuple):
    """Something in a file that could not be read, or does not agree with the rest of it."""

    place: str
    value: str
    rule: str
    mend: str


class Faulty(ValueError):
    """One value that breaks a rule; where it stood is added by whoever reads the entry."""

    def __init__(self, value: str, rule: str, mend: str) -> None:
        super().__init__(f"{value}: {rule}. {mend}")
        self.value, self.rule, self.mend = value[:80], rule, mend

    def at(self, place: str) -> Problem:
        """Return it as a problem of this place."""
        return Problem(place, self.value, self.rule, self.mend)


@dataclass(frozen=True, slots=True)
class Entry:
    """One movement, or one report of what became of a payment.

    amount_micros: None where the report names a payment and not its amount (pain.002).
    instructed: micros and currency that the payer asked for, where the bank says them.
    counter: the same money in another currency, where it was exchanged: what arrived, or what left.
    is_reckoned: the counter is what the amount is at the bank's rate, rounded down.
    """

    place: str
    direction: str
    status: str
    amount_micros: int | None
    currency: str
    booked_on: date | None = None
    value_on: date | None = None
    dates_said: str = ""  # what the file has where a date is no day
    end_to_end_id: str = ""
    bank_reference: str = ""
    references: tuple[str, ...] = ()
    name: str = ""
    account: str = ""
    text: str = ""
    reason_code: str = ""
    fee_micros: int = 0  # what was taken on the way at the recipient's cost
    instructed: tuple[int, str] | None = None
    counter: tuple[int, str] | None = None
    is_reckoned: bool = False
    is_charge: bool = False  # the bank's own charge for the account

    @property
    def on(self) -> date | None:
        """The later of the days that the file gives."""
        return max((day for day in (self.booked_on, self.value_on) if day), default=None)


class Declared(NamedTuple):
    """How many entries of one direction a file says it has, and their sum. None: not said."""

    entries: int | None
    micros: int | None


@dataclass(slots=True)
class Statement:
    """The entries of one account, and the balances and sums that the file gives beside them."""

    account: str = ""
    currency: str = ""
    reference: str = ""
    opening_micros: int | None = None  # below zero: the account was overdrawn
    closing_micros: int | None = None
    on: date | None = None
    opened_on: date | None = None  # of the opening balance; of the day before a stated period
    closed_on: date | None = None  # of the closing balance
    number: int | None = None  # of the account's statements, as the bank counts them
    entries: list[Entry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    declared: dict[str, Declared] = field(default_factory=dict)  # by direction
    is_known: bool = False  # the file names an account or a balance: more than stray text

    def sum_of(self, direction: str) -> int:
        """Return the booked money that went in this direction; pending money is no balance."""
        return sum(
            one.amount_micros or 0
            for one in self.entries
            if one.direction == direction and one.status in (BOOKED, RETURNED)
        )

    @property
    def sums(self) -> list[tuple[str, int, int]]:
        """Currency, money in and money out of the booked entries: currencies do not add up."""
        found: dict[str, Counter[str]] = {self.currency: Counter()} if self.currency else {}
        for one in self.entries:
            if one.amount_micros is not None and one.status in (BOOKED, RETURNED):
                found.setdefault(one.currency, Counter())[one.direction] += one.amount_micros
        return [(code, found[code][IN], found[code][OUT]) for code in sorted(found)]

    @property
    def has_balances(self) -> bool:
        """Whether the file gives both balances, so that its entries can be proven complete."""
        return self.opening_micros is not None and self.closing_micros is not None

    @property
    def day_ends(self) -> list[tuple[date, int]] | None:
        """The balance at the end of each day with movements; None where their days are not told."""
        if self.opening_micros is None or self.opened_on is None or self.closed_on is None:
            return None
        nets: Counter[date] = Counter()
        for one in self.entries:
            if one.status in (BOOKED, RETURNED):
                on = one.booked_on or one.value_on
                if on is None or not self.opened_on <= on <= self.closed_on:
                    return None
                nets[on] += (one.amount_micros or 0) * (1 if one.direction == IN else -1)
        days = sorted(nets)
        ends = accumulate((nets[on] for on in days), initial=self.opening_micros)
        return list(zip(days, list(ends)[1:], strict=True))

    @property
    def flaw(self) -> str:
        """Why it does not prove that all of its days' movements are here; "" where it does."""
        if not self.has_balances or self.opened_on is None or self.closed_on is None:
            return gettext_noop("does not have both balances with their days")
        if not self.agrees:
            return gettext_noop("does not agree with its balances and sums")
        return gettext_noop("has entries that could not be read") if self.problems else ""

    @property
    def gap_micros(self) -> int | None:
        """Opening and entries less closing: 0 where all is there. None without both balances."""
        if self.opening_micros is None or self.closing_micros is None:
            return None
        return self.opening_micros + self.sum_of(IN) - self.sum_of(OUT) - self.closing_micros

    @property
    def agrees(self) -> bool | None:
        """Whether the entries are what balances and declared sums say; None: the file says none."""
        said = [] if self.gap_micros is None else [self.gap_micros == 0]
        for direction, declared in self.declared.items():
            if declared.entries is not None:
                said.append(declared.entries == self.entry_count(direction))
            if declared.micros is not None:
                said.append(declared.micros == self.sum_of(direction))
        return all(said) if said else None

    def entry_count(self, direction: str) -> int:
        """Return how many booked entries of this direction the file has, batches as one."""
        places = {
            one.place.split(", ")[0]
            for one in self.entries
            if one.direction == direction and one.status in (BOOKED, RETURNED)
        }
        return len(places)


@dataclass(frozen=True, slots=True)
class Report:
    """All that one file says."""

    format: str
    statements: tuple[Statement, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def entries(self) -> list[Entry]:
        """All entries, in the order of the file."""
        return [entry for statement in self.statements for entry in statement.entries]

    @property
    def all_problems(self) -> list[Problem]:
        """Those of the file and those of its statements."""
        return [*self.problems, *(one for each in self.statements for one in each.problems)]
