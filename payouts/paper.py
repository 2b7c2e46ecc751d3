"""Lists of statements with their figures, for vendors and auditors: rows, months and totals.

The figures are those that were issued: they are read from the statements' own data.
"""

from collections import Counter, defaultdict
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import JSONField, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from ledger.models import WorkWeek
from ledger.money import parse_micros
from payouts.models import Statement
from payouts.statements import words

FIGURES = ("earned", "received", "owed", "overdue")


class Row(NamedTuple):
    """One statement in a list; money in micros of its currency."""

    pk: int
    number: str
    vendor: str
    account: str
    period: str
    currency: str
    replaced_by: str | None
    earned: int
    received: int
    owed: int
    overdue: int


class Total(NamedTuple):
    """The statements of one currency that have not been replaced."""

    currency: str
    statements: int
    earned: int
    received: int
    owed: int
    overdue: int


def listed(statements: "QuerySet[Statement]") -> "QuerySet[Any]":
    """Return statements as plain rows with their figures, those with most owed being anywhere.

    In the order of vendor, month (newest first) and account.
    """
    rows = _with_figures(statements).order_by(
        "vendor__name", "-last_on", "engagement__account", "-serial", "pk"
    )
    return rows.values_list(
        "pk", "number", "vendor__name", "engagement__account", "period", "currency",
        "replaced_by__number", *FIGURES,
    )  # fmt: skip


def row(values: tuple[Any, ...]) -> Row:
    """Return one row of `listed`, its amounts as micros."""
    return Row(*values[:7], *map(parse_micros, values[7:]))


def totals(statements: "QuerySet[Statement]") -> list[Total]:
    """Return the sums of statements that hold, by currency. One query."""
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    holding = _with_figures(statements.filter(replaced_by=None)).order_by()
    for currency, *amounts in holding.values_list("currency", *FIGURES):
        sums[currency]["statements"] += 1
        for name, amount in zip(FIGURES, amounts, strict=True):
            sums[currency][name] += parse_micros(amount)
    return [
        Total(code, some["statements"], *(some[name] for name in FIGURES))
        for code, some in sorted(sums.items())
    ]


def _with_figures(statements: "QuerySet[Statement]") -> "QuerySet[Statement]":
    said = statements.annotate(said=Cast("data", JSONField()))
    return said.annotate(**{name: KT(f"said__totals__{name}") for name in FIGURES})


def months_to_state(weeks: "QuerySet[WorkWeek]", today: date) -> list[str]:
    """Return the months that can be issued, the newest first: over, and with weeks that end."""
    return [month for month in months_of(weeks) if month < f"{today:%Y-%m}"]


def months_of(weeks: "QuerySet[WorkWeek]") -> list[str]:
    """Return the months in which these weeks end, the newest first. One query."""
    mondays = weeks.order_by().values_list("starts_on", flat=True).distinct()
    return sorted({f"{monday + timedelta(days=6):%Y-%m}" for monday in mondays}, reverse=True)


def months_issued(statements: "QuerySet[Statement]") -> list[str]:
    """Return the months that have statements, the newest first."""
    found = statements.order_by().values_list("period", flat=True).distinct()
    return sorted(found, reverse=True)


def named(period: str) -> str:
    """Return a month in words.

    >>> named("2026-10")
    'Oct 2026'
    """
    return words.month(date.fromisoformat(f"{period}-01"))
