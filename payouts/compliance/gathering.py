"""Reads a vendor's work and money, one account after another, in two streams.

Both come sorted by account, so only one account's rows are ever in memory.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import NamedTuple

from django.db.models import Min, QuerySet

from ledger import exchanged, models, quotes
from ledger.exchange import Exchange
from ledger.exchanged import Worth
from ledger.periods import day_of, ms_of, zone_of
from payouts.compliance.pay import Books, Transfer
from workers.models import Vendor

AT_ONCE = 10_000  # rows
NOT_EXCHANGED: tuple[None, dict[int, Worth]] = (None, {})


class Row(NamedTuple):
    """A piece of work as it stands: the newest revision of an attempt that is not void."""

    engagement_id: int
    platform: str
    root_id: int
    project: str
    kind: str
    ended_as: str
    started: int
    ended: int
    wall_ms: int | None
    active_ms: int | None
    promised: int | None
    currency: str


@dataclass(frozen=True)
class Range:
    """The days asked for, both included, on the clock of the vendor's zone; None: open."""

    first_on: date | None = None
    last_on: date | None = None

    @property
    def is_open(self) -> bool:
        """True where everything is asked for."""
        return self.first_on is None and self.last_on is None

    def work(self, rows: "QuerySet[models.Work]", zone: str) -> "QuerySet[models.Work]":
        """Return the work that ended on these days."""
        if self.first_on is not None:
            rows = rows.filter(ended_at_ms__gte=_midnight(self.first_on, zone))
        if self.last_on is not None:
            rows = rows.filter(ended_at_ms__lt=_midnight(self.last_on + timedelta(days=1), zone))
        return rows

    def weeks(self, rows: "QuerySet[models.WorkWeek]") -> "QuerySet[models.WorkWeek]":
        """Return the weeks whose Sunday is one of these days."""
        if self.first_on is not None:
            rows = rows.filter(starts_on__gte=self.first_on - timedelta(days=6))
        if self.last_on is not None:
            rows = rows.filter(starts_on__lte=self.last_on - timedelta(days=6))
        return rows


def by_account(vendor: Vendor, days: Range) -> Iterator[tuple[list[Row], Books]]:
    """Yield each account's work in the range and its books, in the order of accounts.

    The work is sorted by start, end and id. Accounts that have neither are not yielded. Three
    queries, whatever the size, and at most three more where payments were exchanged.
    """
    work = groupby(_work(vendor, days), key=lambda row: row.engagement_id)
    money = groupby(_transfers(vendor), key=lambda row: row.engagement_id)
    abroad = exchanged.worth_by_account(vendor)
    nobody: tuple[None, Iterator[Row]] = (None, iter(()))
    worker, rows = next(work, nobody)
    recipient, worth = next(abroad, NOT_EXCHANGED)
    for payee, transfers in money:
        while worker is not None and worker < payee:
            yield list(rows), Books()
            worker, rows = next(work, nobody)
        books = Books.of(transfers, worth if recipient == payee else {})
        if recipient == payee:
            recipient, worth = next(abroad, NOT_EXCHANGED)
        if worker == payee:
            yield list(rows), books
            worker, rows = next(work, nobody)
        else:
            yield [], books
    while worker is not None:
        yield list(rows), Books()
        worker, rows = next(work, nobody)


def exchange(vendor: Vendor, days: Range, into: str) -> Exchange:
    """Return how the pay for this work becomes money of one currency.

    One query for which currencies there are, and a few for rates where there is another one.
    """
    rows = days.work(models.Work.objects.filter(engagement__vendor=vendor), vendor.zone)
    first = dict(rows.order_by().values_list("currency").annotate(Min("ended_at_ms")))
    since = day_of(min(first.values(), default=0), vendor.zone)
    return Exchange(quotes.read({into, *first}, since), into, vendor.zone)


def _work(vendor: Vendor, days: Range) -> Iterator[Row]:
    rows = models.Work.objects.filter(
        engagement__vendor=vendor, void=False, corrected_by__isnull=True
    )
    columns = days.work(rows, vendor.zone).values_list(
        "engagement_id", "engagement__source", "root_id", "project", "kind", "ended_as",
        "started_at_ms", "ended_at_ms", "wall_ms", "active_ms", "promised_micros", "currency",
    )  # fmt: skip
    ordered = columns.order_by("engagement_id", "started_at_ms", "ended_at_ms", "id")
    return map(Row._make, ordered.iterator(AT_ONCE))


def _transfers(vendor: Vendor) -> Iterator[Transfer]:
    rows = models.Transfer.objects.filter(engagement__vendor=vendor).values_list(
        "engagement_id", "work_id", "payment_id", "source", "target", "currency", "amount_micros"
    )
    return map(Transfer._make, rows.order_by("engagement_id", "n").iterator(AT_ONCE))


def _midnight(day: date, zone: str) -> int:
    """Return the instant at which this day begins on the zone's clock."""
    return ms_of(datetime.combine(day, time(), zone_of(zone)))
