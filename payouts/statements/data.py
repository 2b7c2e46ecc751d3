"""What a pay statement says, as one frozen dataclass. PDF, page and data file are functions of it.

Pure: no database, no clock, no settings. Whoever fills it reads facts n1 to n2 and the terms
recorded by then. All amounts are in `currency`, whole micros; days are days in `period.zone`;
user text is kept as it came and cleaned where it is shown (safe.py). What a field's name ends
with decides how it is written in JSON: canonical.py.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from payouts.statements import canonical
from payouts.statements.figures import (
    AccountMovement,
    AgeBucket,
    FloorWeek,
    Hours,
    OwedItem,
    PayLine,
    Payment,
    RefusedItem,
    RestatedWeek,
    Totals,
    UndecidedItem,
    WithheldItem,
    WorkGroup,
    WorkLine,
)

SCHEMA = "paid-in-full/statement/1"


@dataclass(frozen=True, slots=True)
class Period:
    """What the statement is about: the weeks that end in it. Days are inclusive."""

    label: str  # "October 2026"
    first_on: date
    last_on: date
    zone: str  # IANA name, the vendor's
    week: str = "Monday to Sunday"


@dataclass(frozen=True, slots=True)
class Payer:
    """Who owes the pay."""

    name: str
    address: str = ""
    registration: str = ""


@dataclass(frozen=True, slots=True)
class Payee:
    """Whose pay it is: a pseudonym or chosen name, never a national id."""

    name: str
    account: str  # the account at the platform
    source: str  # the engagement's source: "mturk"


@dataclass(frozen=True, slots=True)
class FactRange:
    """The facts covered, numbered in the engagement's stream; the next statement begins after."""

    first_n: int
    last_n: int


@dataclass(frozen=True, slots=True)
class FloorTerm:
    """A floor that was in force, and who decided it."""

    version: str
    amount_micros: int  # per hour, in `currency`, which may be another than the statement's
    currency: str
    valid_from_on: date
    decided_by: str
    reason: str
    merge_gap_ms: int


@dataclass(frozen=True, slots=True)
class Source:
    """Which source says so: "time", "pay" or "payments", and who."""

    what: str
    who: str


@dataclass(frozen=True, slots=True)
class Basis:
    """What the figures rest on."""

    floors: tuple[FloorTerm, ...]
    pay_terms: str
    sources: tuple[Source, ...]
    payments_complete_until_on: date | None  # None: never declared


@dataclass(frozen=True, slots=True)
class Dispute:
    """Where to say that something is wrong, and by when an answer is promised."""

    contact: str
    answer_within_days: int | None = None


@dataclass(frozen=True, slots=True)
class BatchRoot:
    """A batch of facts, and the Merkle root over its rows (hex)."""

    batch: str
    root: str


@dataclass(frozen=True, slots=True)
class StatementData:
    """One statement for one engagement, currency and period."""

    number: str  # without gaps per vendor: "TALLGRASS-2026-000042"
    version: int
    replaces: str | None  # the number of the statement that this one corrects
    issued_at_ms: int
    as_of_on: date  # the day on which what is owed was aged
    period: Period
    payer: Payer
    worker: Payee
    currency: str
    facts: FactRange
    totals: Totals
    hours: Hours
    work: tuple[WorkGroup, ...]
    pay: tuple[PayLine, ...]
    weeks: tuple[FloorWeek, ...]  # in order
    payments: tuple[Payment, ...]
    ageing: tuple[AgeBucket, ...]  # from age()
    owed: tuple[OwedItem, ...]
    refused: tuple[RefusedItem, ...]
    undecided: tuple[UndecidedItem, ...]
    accounts: tuple[AccountMovement, ...]
    restated: tuple[RestatedWeek, ...]
    dispute: Dispute
    basis: Basis
    batches: tuple[BatchRoot, ...]
    lines: tuple[WorkLine, ...]
    schema: str = SCHEMA
    withheld: tuple[WithheldItem, ...] = field(default=(), metadata=canonical.LATER)


def to_json(data: StatementData) -> str:
    """Return the statement's data file: canonical JSON, amounts as text, no fractions."""
    return canonical.to_text(data)


def from_json(text: str) -> StatementData:
    """Return the statement that a data file holds. Raises ValueError where it is not one."""
    data = canonical.from_text(StatementData, text)
    if data.schema != SCHEMA:
        raise ValueError(f"{data.schema!r} is not a form read here: it must be {SCHEMA!r}")
    return data


def sha256(data: StatementData) -> str:
    """Return the SHA-256 (hex) of the data file: it is printed on every page."""
    return hashlib.sha256(to_json(data).encode()).hexdigest()


def differences(data: StatementData) -> tuple[str, ...]:
    """Return what does not add up, in words; nothing when all of it does.

    Pay lines sum to what was received, and those before the "earned" group to what was earned;
    owed, undecided, refused and withheld items, and the ages of what is owed, to their totals; the
    work's earned amounts to what was earned; each account's movements to its closing balance.
    """
    totals = data.totals
    accounts = {account.account: account.closing_micros for account in data.accounts}
    pairs = [
        ("pay lines and received", _sum(x.amount_micros for x in data.pay), totals.received_micros),
        (
            "pay lines and earned",
            _sum(x.amount_micros for x in data.pay if x.is_earned),
            totals.earned_micros,
        ),
        ("work and earned", _sum(x.earned_micros for x in data.work), totals.earned_micros),
        ("lines and earned", _sum(x.earned_micros for x in data.lines), totals.earned_micros),
        ("items and owed", _sum(x.amount_micros for x in data.owed), totals.owed_micros),
        ("ages and owed", _sum(x.amount_micros for x in data.ageing), totals.owed_micros),
        (
            "undecided items and undecided",
            _sum(x.amount_micros or 0 for x in data.undecided),
            totals.undecided_micros,
        ),
        ("refused items and refused", _sum(x.amount_micros for x in data.refused),
         totals.refused_micros),
        ("owed and its account", accounts.get("payable", 0), totals.owed_micros),
        ("weeks and shortfall", _sum(x.shortfall_micros for x in data.weeks),
         totals.shortfall_micros),
    ]  # fmt: skip
    if data.withheld:
        withheld = _sum(x.amount_micros for x in data.withheld)
        pairs.append(("withheld items and its account", withheld, accounts.get("withheld", 0)))
    pairs += [
        (f"movements and balance of {x.account}",
         x.opening_micros + x.added_micros - x.taken_micros, x.closing_micros)
        for x in data.accounts
    ]  # fmt: skip
    return tuple(f"{name}: {a} and {b} micros" for name, a, b in pairs if a != b)


def _sum(amounts: Iterable[int]) -> int:
    return sum(amounts)
