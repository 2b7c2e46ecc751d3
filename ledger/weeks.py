"""WorkWeek from the facts: drop it and rebuild it, and it is the same.

The database gathers a chunk of marked weeks, sorted, in a fixed number of queries; plain integer
loops judge them. One code path for both databases: it runs at four fifths of PostgreSQL's best
window query and twice SQLite's, and Python's integers cannot overflow where pay is split
(DECISIONS.md D-008).
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from django.db import connection, transaction

from ledger import journal, week_marks
from ledger.agreed import Floors, PayTermsInForce
from ledger.floor import ASKED_FOR, EVERYTHING, TASK_ONLY
from ledger.intervals import NOTHING_BEFORE, share_of
from ledger.models import Job, WageFloor, WeekMark, Work, WorkWeek
from ledger.moves import (
    ADVANCE,
    FEES,
    IN_TRANSIT,
    PAYABLE,
    PENDING,
    RECEIVED,
    REFUSED,
    REMITTED,
    VENDOR,
)
from workers.models import Vendor

MARKS = 1_500  # weeks computed in one transaction


class Piece(NamedTuple):
    """One row of work in one of the weeks that it overlaps."""

    engagement_id: int
    starts_on: date
    week_start: int
    week_end: int
    source: str
    root_id: int
    project: str
    kind: str
    ended_as: str
    started: int
    ended: int
    wall_ms: int | None
    said_ms: int | None
    active_ms: int | None
    promised: int | None
    currency: str


@dataclass(slots=True)
class Pay:
    """Where the money of one piece of work is, in micros of its currency."""

    earned: int = 0
    pending: int = 0
    refused: int = 0
    received: int = 0
    last_due_at_ms: int | None = None


@dataclass(slots=True)
class Sums:
    """A week while it is being added up. Hours are lists of low and high ms for A, B and C."""

    low: list[int] = field(default_factory=lambda: [0, 0, 0])
    high: list[int] = field(default_factory=lambda: [0, 0, 0])
    latest_end: list[int] = field(default_factory=lambda: [NOTHING_BEFORE] * 3)
    measured: int = 0
    earned: int = 0
    pending: int = 0
    refused: int = 0
    received: int = 0
    untimed: int = 0
    unpriced: int = 0
    pieces: int = 0
    last_due: int | None = None


def refresh(vendor: Vendor) -> int:
    """Compute all marked weeks of a vendor again; return how many there were."""
    done = 0
    while step := refresh_some(vendor):
        done += step
    return done


def refresh_steps(job: Job, vendor: Vendor) -> Iterator[Any]:
    """Yield steps of a job that compute a vendor's marked weeks, until none is left."""

    def step() -> dict[str, Any]:
        refresh_some(vendor)
        return job.cursor

    while WeekMark.objects.filter(vendor=vendor).exists():
        yield step


def rebuild(vendor: Vendor) -> int:
    """Drop a vendor's weeks and compute all of them from the facts."""
    with transaction.atomic():
        journal.lock(vendor)
        WorkWeek.objects.filter(vendor=vendor).delete()
        spans = Work.objects.filter(engagement__vendor=vendor).values_list(
            "engagement_id", "started_at_ms", "ended_at_ms"
        )
        week_marks.add(vendor, spans.iterator(10_000))
    return refresh(vendor)


def refresh_some(vendor: Vendor) -> int:
    """Compute up to MARKS marked weeks, in one transaction; return how many there were."""
    with transaction.atomic():
        journal.lock(vendor)
        marks = WeekMark.objects.filter(vendor=vendor).order_by("id")[:MARKS]
        ids = list(marks.values_list("id", flat=True))
        if not ids:
            return 0
        weeks = _compute(vendor, ids[-1])
        _forget(vendor, ids[-1])
        WorkWeek.objects.bulk_create(weeks, batch_size=500)
        WeekMark.objects.filter(vendor=vendor, id__lte=ids[-1]).delete()
        return len(ids)


def _compute(vendor: Vendor, last_mark: int) -> list[WorkWeek]:
    pieces = _pieces(vendor, last_mark)
    pay = _pay({piece.root_id for piece in pieces})
    terms, floors = PayTermsInForce.of(vendor), Floors.read()
    weeks = []
    for (engagement_id, starts_on), group in groupby(pieces, key=itemgetter(0, 1)):
        wage_floor = floors.for_week(starts_on)
        sums = _add_up(list(group), pay, terms, wage_floor, vendor.currency)
        if sums.pieces:
            weeks.append(_week(vendor, engagement_id, starts_on, wage_floor, sums))
    return weeks


def _add_up(
    pieces: list[Piece],
    pay: dict[int, Pay],
    terms: PayTermsInForce,
    wage_floor: WageFloor | None,
    currency: str,
) -> Sums:
    """Return one week's hours and pay. pieces: sorted by start, end and id."""
    gap = wage_floor.merge_gap_ms if wage_floor else 0
    counted = frozenset(wage_floor.kinds) if wage_floor else ASKED_FOR
    currency = wage_floor.currency if wage_floor else currency
    denominators = (TASK_ONLY, counted, EVERYTHING)
    sums = Sums()
    for piece in pieces:
        has_clock = piece.ended > piece.started
        start, end = max(piece.started, piece.week_start), min(piece.ended, piece.week_end)
        if has_clock and start >= end:
            continue  # it touches the week's edge and no more
        sums.pieces += 1
        where = (piece.started, piece.ended, start, end)
        if has_clock:
            _add_clocked(sums, piece, where, gap, denominators)
        else:
            _add_stated(sums, piece, denominators)
        _add_pay(sums, piece, pay.get(piece.root_id), where, terms, currency)
    return sums


Where = tuple[int, int, int, int]  # the whole interval, and the part of it that is in the week


def _part(amount: int, where: Where) -> int:
    """Return the part of an amount that falls into a week, by length; the parts add up exactly."""
    whole_start, whole_end, start, end = where
    length = whole_end - whole_start
    if length == 0 or length == end - start:
        return amount
    return amount * (end - whole_start) // length - amount * (start - whole_start) // length


def _add_clocked(
    sums: Sums, piece: Piece, where: Where, gap: int, denominators: tuple[frozenset[str], ...]
) -> None:
    least = _least(piece.active_ms, piece.said_ms)
    cap = None if least is None else _part(least, where)
    for index, kinds in enumerate(denominators):
        if piece.kind in kinds:
            share, sums.latest_end[index] = share_of(
                sums.latest_end[index], where[2], where[3], gap
            )
            sums.high[index] += share
            sums.low[index] += share if cap is None or share < cap else cap
            if index == 1 and piece.active_ms is not None:
                sums.measured += share


def _add_stated(sums: Sums, piece: Piece, denominators: tuple[frozenset[str], ...]) -> None:
    """Add a row without a clock: its stated duration, or what a tool measured, or nothing known."""
    duration = piece.wall_ms if piece.wall_ms is not None else piece.active_ms
    if duration is None:
        if piece.kind != "award" and (piece.promised or piece.ended_as == "submitted"):
            sums.untimed += 1
        return
    least = _least(piece.active_ms, piece.said_ms)
    for index, kinds in enumerate(denominators):
        if piece.kind in kinds:
            sums.high[index] += duration
            sums.low[index] += duration if least is None or duration < least else least
            if index == 1 and piece.active_ms is not None:
                sums.measured += duration


def _add_pay(
    sums: Sums, piece: Piece, pay: Pay | None, where: Where, terms: PayTermsInForce, currency: str
) -> None:
    if piece.promised is None:
        sums.unpriced += 1
        return
    if pay is None:
        return
    if piece.currency != currency:
        sums.unpriced += 1  # no reference rate is kept: pay in another currency is not known
        return
    sums.earned += _part(pay.earned, where)
    sums.pending += _part(pay.pending, where)
    sums.refused += _part(pay.refused, where)
    on_approval = terms.pays_on_approval(
        source=piece.source, project=piece.project, at_ms=piece.started
    )
    sums.received += _part(pay.earned if on_approval else pay.received, where)
    if pay.last_due_at_ms is not None:
        sums.last_due = max(sums.last_due or pay.last_due_at_ms, pay.last_due_at_ms)


def _least(*values: int | None) -> int | None:
    return min((value for value in values if value is not None), default=None)


def _week(
    vendor: Vendor, engagement_id: int, starts_on: date, wage_floor: WageFloor | None, sums: Sums
) -> WorkWeek:
    return WorkWeek(
        vendor=vendor,
        engagement_id=engagement_id,
        starts_on=starts_on,
        floor=wage_floor,
        a_low_ms=sums.low[0],
        a_high_ms=sums.high[0],
        b_low_ms=sums.low[1],
        b_high_ms=sums.high[1],
        c_low_ms=sums.low[2],
        c_high_ms=sums.high[2],
        measured_ms=sums.measured,
        currency=wage_floor.currency if wage_floor else vendor.currency,
        earned_micros=sums.earned,
        pending_micros=sums.pending,
        refused_micros=sums.refused,
        received_micros=sums.received,
        untimed=sums.untimed,
        unpriced=sums.unpriced,
        pieces=sums.pieces,
        last_due_at_ms=sums.last_due,
    )


def _pieces(vendor: Vendor, last_mark: int) -> list[Piece]:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT m.engagement_id, m.starts_on, m.starts_at_ms, m.ends_at_ms, e.source,
                      w.root_id, w.project, w.kind, w.ended_as, w.started_at_ms, w.ended_at_ms,
                      w.wall_ms, w.said_ms, w.active_ms, w.promised_micros, w.currency
               FROM ledger_weekmark m
               JOIN workers_engagement e ON e.id = m.engagement_id
               JOIN ledger_work w ON w.engagement_id = m.engagement_id
                    AND w.ended_at_ms >= m.starts_at_ms AND w.started_at_ms < m.ends_at_ms
               LEFT JOIN ledger_work newer ON newer.corrects_id = w.id
               WHERE m.vendor_id = %s AND m.id <= %s AND NOT w.void AND newer.id IS NULL
               ORDER BY m.engagement_id, m.starts_at_ms, w.started_at_ms, w.ended_at_ms, w.id""",
            [vendor.pk, last_mark],
        )
        return [Piece(*row) for row in cursor.fetchall()]


def _forget(vendor: Vendor, last_mark: int) -> None:
    """Delete the marked weeks as they were before."""
    with connection.cursor() as cursor:
        cursor.execute(
            """DELETE FROM ledger_workweek WHERE id IN (
                   SELECT w.id FROM ledger_weekmark m JOIN ledger_workweek w
                       ON w.engagement_id = m.engagement_id AND w.starts_on = m.starts_on
                   WHERE m.vendor_id = %s AND m.id <= %s)""",
            [vendor.pk, last_mark],
        )


def _pay(root_ids: set[int]) -> dict[int, Pay]:
    """Return where the money of these attempts is.

    Received is what arrived of the payments that paid them: each payment's part that arrived,
    net of fees, falls on its work in proportion, a fraction of a micro down.
    """
    pay: dict[int, Pay] = defaultdict(Pay)
    sent: Counter[tuple[int, int]] = Counter()
    for work_id, payment_id, source, target, micros, due in _transfers("work_id", root_ids):
        one = pay[work_id]
        if VENDOR in (source, target):
            one.earned += micros if source == VENDOR else -micros
        for account, change in ((source, -micros), (target, micros)):
            if account == PENDING:
                one.pending += change
                one.earned -= change
            elif account == REFUSED:
                one.refused += change
                one.earned -= change
            elif account == REMITTED:
                one.received += change
            elif account in (IN_TRANSIT, ADVANCE) and payment_id is not None:
                sent[work_id, payment_id] += change
        if target == PAYABLE and due is not None:
            one.last_due_at_ms = max(one.last_due_at_ms or due, due)
    arrived = _arrived({payment_id for _, payment_id in sent})
    for (work_id, payment_id), micros in sent.items():
        received, total = arrived[payment_id]
        if total:
            pay[work_id].received += micros * received // total
    return pay


def _arrived(payment_ids: set[int]) -> dict[int, tuple[int, int]]:
    """Return (received net of fees, all that was sent) of these payments, in micros."""
    balances: dict[int, Counter[str]] = defaultdict(Counter)
    for _, payment_id, source, target, micros, _ in _transfers("payment_id", payment_ids):
        balances[payment_id][source] -= micros
        balances[payment_id][target] += micros
    return {
        payment_id: (at[RECEIVED], at[IN_TRANSIT] + at[RECEIVED] + at[FEES])
        for payment_id, at in balances.items()
    }


def _transfers(column: str, ids: set[int]) -> list[tuple[Any, ...]]:
    """Return the transfers whose `column` is one of many ids."""
    if connection.vendor == "postgresql":
        wanted, parameter = "= ANY(%s)", list(ids)
    else:
        wanted, parameter = "IN (SELECT value FROM json_each(%s))", json.dumps(list(ids))  # type: ignore[assignment]
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT work_id, payment_id, source, target, amount_micros, due_at_ms
                FROM ledger_transfer WHERE {column} {wanted}""",
            [parameter],
        )
        return cursor.fetchall()
