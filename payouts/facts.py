"""Reads the database into the facts that detectors judge: chunks of accounts, QUERIES a chunk.

Money is what the transfers up to the day asked say: a payment dated later has not been made yet,
and one without a date counts. Weeks are those of ledger/weeks.py, as the ledger knows them now.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db import connection
from django.db.models import Max

from ledger.agreed import PayTermsInForce
from ledger.floor import Evidence
from ledger.models import Import, WorkWeek
from ledger.moves import PAYABLE, PENDING
from ledger.periods import day_of, week_from
from payouts.detectors.shapes import Debt, EngagementFacts, OpenWork, WeekOfWork
from workers.models import Engagement, Vendor

ACCOUNTS = 200  # accounts a chunk
QUERIES = 4  # to read a chunk, however large it is
ORIGIN_QUERIES = 1  # to say where what was found came from

# Transfers of work that have happened on the day asked. A reversal takes back what it names whenever
# it was posted: a record that was undone later was not true before either.
HAPPENED = """
    LEFT JOIN ledger_transfer undone ON undone.id = t.reverses_id
    WHERE t.work_id IS NOT NULL
      AND (CASE WHEN t.reverses_id IS NULL THEN t.happened_at_ms ELSE undone.happened_at_ms END
           <= %(as_of)s
           OR (t.reverses_id IS NULL AND t.happened_at_ms IS NULL)
           OR (t.reverses_id IS NOT NULL AND undone.happened_at_ms IS NULL))
"""


class Row(NamedTuple):
    """An attempt with open money, as the database gives it."""

    engagement_id: int
    source: str
    work_id: int
    currency: str
    pending: int
    payable: int
    first_due_at_ms: int | None
    last_due_at_ms: int | None
    external_id: str
    project: str
    started_at_ms: int
    ended_at_ms: int
    decide_by_at_ms: int | None


@dataclass(frozen=True)
class Background:
    """What holds for all accounts of a vendor: read once a scan."""

    vendor: Vendor
    terms: PayTermsInForce
    payments_known_until: date | None
    as_of_ms: int

    @classmethod
    def of(cls, vendor: Vendor, as_of_ms: int) -> "Background":
        """Read a vendor's terms, and how far its remittance records reach."""
        reach = Import.objects.filter(vendor=vendor, kind="payouts", state="done")
        known_until = reach.aggregate(last=Max("complete_until"))["last"]
        return cls(vendor, PayTermsInForce.of(vendor), known_until, as_of_ms)


def read(background: Background, *, after: int, limit: int) -> list[EngagementFacts]:
    """Return the facts of the next accounts of a vendor, by id; an empty list at the end.

    after: the id of the last account that was read, 0 to begin with. limit: how many at most.
    """
    accounts = list(
        Engagement.objects.filter(vendor=background.vendor, pk__gt=after)
        .order_by("pk")
        .values_list("pk", "pseudonym")[:limit]
    )
    if not accounts:
        return []
    last = accounts[-1][0]
    works = _works(background, after, last)
    weeks = _weeks(background.vendor, after, last)
    return [
        EngagementFacts(
            engagement_id=pk,
            pseudonym=str(pseudonym),
            as_of_ms=background.as_of_ms,
            payments_known_until=background.payments_known_until,
            works=tuple(works.get(pk, ())),
            weeks=tuple(weeks.get(pk, ())),
        )
        for pk, pseudonym in accounts
    ]


def _works(background: Background, after: int, last: int) -> dict[int, list[OpenWork]]:
    rows = _open_rows(background, after, last)
    several = [row.work_id for row in rows if row.first_due_at_ms != row.last_due_at_ms]
    owed = _owed(several, background.as_of_ms)
    zone = background.vendor.zone
    works: defaultdict[int, list[OpenWork]] = defaultdict(list)
    for row in rows:
        dues = owed.get(row.work_id) or [(row.first_due_at_ms or row.ended_at_ms, row.payable)]
        works[row.engagement_id].append(
            OpenWork(
                work_id=row.work_id,
                external_id=row.external_id,
                project=row.project,
                currency=row.currency,
                started_at_ms=row.started_at_ms,
                ended_at_ms=row.ended_at_ms,
                decide_by_at_ms=row.decide_by_at_ms,
                pending_micros=max(row.pending, 0),
                debts=tuple(
                    Debt(due_at_ms, day_of(due_at_ms, zone), micros)
                    for due_at_ms, micros in still_open(row.payable, dues)
                ),
                pays_on_approval=background.terms.pays_on_approval(
                    source=row.source, project=row.project, at_ms=row.started_at_ms
                ),
            )
        )
    return works


def still_open(open_micros: int, owed: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return what is open of a work by due date. owed: (due, micros) that ever became payable.

    Payments settle the oldest due first, so what is open is what fell due last; the oldest due
    takes what is more than that.

    >>> still_open(5, [(100, 4), (200, 3)])
    [(100, 2), (200, 3)]
    """
    debts = []
    oldest_last = sorted(owed, reverse=True)
    for number, (due_at_ms, micros) in enumerate(oldest_last, 1):
        part = open_micros if number == len(oldest_last) else min(micros, open_micros)
        if part > 0:
            debts.append((due_at_ms, part))
            open_micros -= part
    return debts[::-1]


def _open_rows(background: Background, after: int, last: int) -> list[Row]:
    """Return the attempts of these accounts with pending or payable money. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""WITH wanted AS (
                    SELECT id, source FROM workers_engagement
                    WHERE vendor_id = %(vendor)s AND id > %(after)s AND id <= %(last)s
                ), held AS (
                    SELECT t.work_id, t.currency,
                           {_balance(PENDING)} AS pending, {_balance(PAYABLE)} AS payable,
                           MIN(t.due_at_ms) AS first_due, MAX(t.due_at_ms) AS last_due
                    FROM wanted JOIN ledger_transfer t ON t.engagement_id = wanted.id
                    {HAPPENED}
                    GROUP BY t.work_id, t.currency
                    HAVING {_balance(PENDING)} > 0 OR {_balance(PAYABLE)} > 0
                )
                SELECT w.engagement_id, wanted.source, held.work_id, held.currency, held.pending,
                       held.payable, held.first_due, held.last_due, w.external_id, w.project,
                       w.started_at_ms, w.ended_at_ms, w.decide_by_at_ms
                FROM held
                JOIN ledger_work root ON root.id = held.work_id
                JOIN ledger_work w ON w.engagement_id = root.engagement_id
                     AND w.external_id = root.external_id
                JOIN wanted ON wanted.id = w.engagement_id
                LEFT JOIN ledger_work newer ON newer.corrects_id = w.id
                WHERE newer.id IS NULL AND NOT w.void""",
            {
                "vendor": background.vendor.pk,
                "after": after,
                "last": last,
                "as_of": background.as_of_ms,
            },
        )
        return sorted(Row(*row) for row in cursor.fetchall())


def _balance(account: str) -> str:
    return (
        f"CAST(SUM(CASE WHEN t.target = '{account}' THEN t.amount_micros"
        f" WHEN t.source = '{account}' THEN -t.amount_micros ELSE 0 END) AS bigint)"
    )


def _owed(work_ids: list[int], as_of_ms: int) -> dict[int, list[tuple[int, int]]]:
    """Return (due, micros) of all that became payable, and stayed so, for these works."""
    owed: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    wanted, parameter = _among(work_ids)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT t.work_id, t.due_at_ms, t.amount_micros
                FROM ledger_transfer t
                LEFT JOIN ledger_transfer mirror ON mirror.reverses_id = t.id
                WHERE t.work_id {wanted} AND t.target = '{PAYABLE}' AND t.due_at_ms IS NOT NULL
                  AND t.reverses_id IS NULL AND mirror.id IS NULL
                  AND (t.happened_at_ms IS NULL OR t.happened_at_ms <= %(as_of)s)""",
            {"ids": parameter, "as_of": as_of_ms},
        )
        for work_id, due_at_ms, micros in cursor.fetchall():
            owed[work_id].append((due_at_ms, micros))
    return owed


def _among(ids: Collection[int]) -> tuple[str, list[int] | str]:
    """Return SQL for "is one of %(ids)s", and what to give for it: one parameter for many ids."""
    if connection.vendor == "postgresql":
        return "= ANY(%(ids)s)", list(ids)
    return "IN (SELECT value FROM json_each(%(ids)s))", json.dumps(list(ids))


WEEK_COLUMNS = (
    "engagement_id", "starts_on", "b_low_ms", "b_high_ms", "measured_ms", "earned_micros",
    "untimed", "unpriced", "floor__hourly_micros", "currency",
)  # fmt: skip


def _weeks(vendor: Vendor, after: int, last: int) -> dict[int, list[WeekOfWork]]:
    """Return the weeks of these accounts that a floor holds for. One query."""
    weeks: defaultdict[int, list[WeekOfWork]] = defaultdict(list)
    rows = WorkWeek.objects.filter(
        engagement__gt=after, engagement__lte=last, vendor=vendor, floor__isnull=False
    ).order_by("engagement_id", "starts_on")
    for engagement_id, starts_on, *figures, hourly, currency in rows.values_list(*WEEK_COLUMNS):
        span = week_from(starts_on, vendor.zone)
        weeks[engagement_id].append(
            WeekOfWork(starts_on, span.start_ms, span.end_ms, Evidence(*figures), hourly, currency)
        )
    return weeks


def origins(work_ids: Collection[int]) -> dict[tuple[int, str], tuple[str, int]]:
    """Return file and line of the row that made money of a work pending or payable. One query.

    By (work, account); of several rows the last one. No entry where there was no file.
    """
    wanted, parameter = _among(work_ids)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT t.work_id, t.target, file.name, leaf.line
                FROM ledger_transfer t
                JOIN ledger_batch batch ON batch.id = t.batch_id
                JOIN ledger_import file ON file.id = batch.imported_id
                JOIN ledger_leaf leaf ON leaf.batch_id = t.batch_id AND leaf.position = t.position
                WHERE t.work_id {wanted} AND t.target IN ('{PENDING}', '{PAYABLE}')
                  AND t.reverses_id IS NULL
                ORDER BY t.id""",
            {"ids": parameter},
        )
        return {(work_id, target): (name, line) for work_id, target, name, line in cursor}


def where_now(work_ids: Collection[int]) -> Mapping[int, Counter[str]]:
    """Return the balances of these works by account, as the ledger knows them now. One query."""
    where: defaultdict[int, Counter[str]] = defaultdict(Counter)
    wanted, parameter = _among(work_ids)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT t.work_id, t.source, t.target, SUM(t.amount_micros)
                FROM ledger_transfer t WHERE t.work_id {wanted}
                GROUP BY t.work_id, t.source, t.target""",
            {"ids": parameter},
        )
        for work_id, source, target, micros in cursor.fetchall():
            where[work_id][source] -= int(micros)
            where[work_id][target] += int(micros)
    return where
