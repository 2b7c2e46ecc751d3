"""WorkWeek from the facts: drop it and rebuild it, and it is the same.

The database gathers a chunk of marked weeks, sorted, in a fixed number of queries; plain integer
loops judge them. One code path for both databases: it runs at four fifths of PostgreSQL's best
window query and twice SQLite's, and Python's integers cannot overflow where pay is split
(DECISIONS.md D-008).
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.db import connection, transaction

from ledger import bulk, journal, quotes, week_facts, week_marks
from ledger.agreed import Floors, PayTermsInForce
from ledger.exchange import BY_CURRENCY_AND_DAY, Conversion, Exchange, Rates
from ledger.floor import ASKED_FOR, EVERYTHING, TASK_ONLY, TOP_UP
from ledger.intervals import NOTHING_BEFORE, part_of, share_of
from ledger.models import Job, WageFloor, WeekMark, Work, WorkWeek
from ledger.periods import day_of
from ledger.week_facts import IN_ORDER, Pay, Piece
from workers.models import Vendor

ROUNDING_MS = 1_000  # by so much a stated duration and the clock may differ and be the same
MARKS = 500  # weeks computed in one transaction


class Hours(NamedTuple):
    """The hours of some pieces of a week in ms: at least, at most, and with an active time."""

    low: int
    high: int
    measured: int


@dataclass(slots=True)
class Sums:
    """A week while it is being added up."""

    hours: list[Hours]  # for A, B and C
    earned: int = 0
    topped_up: int = 0
    pending: int = 0
    refused: int = 0
    received: int = 0
    untimed: int = 0
    unpriced: int = 0
    pieces: int = 0
    last_due: int | None = None
    rates: set[Conversion] = field(default_factory=set)  # that some of the pay was converted at


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
        journal.look_up_by_index()
        waiting = WeekMark.objects.filter(vendor=vendor)
        marks = list(waiting.order_by("engagement_id", "starts_on")[:MARKS])  # few accounts at once
        if not marks:
            return 0
        weeks = _compute(vendor, marks)
        _forget(marks)
        if weeks:
            bulk.insert(WorkWeek, list(weeks[0]), [tuple(week.values()) for week in weeks])
        WeekMark.objects.filter(id__in=[mark.pk for mark in marks]).delete()
        return len(marks)


def _compute(vendor: Vendor, marks: list[WeekMark]) -> list[dict[str, Any]]:
    pieces = week_facts.pieces(marks)
    roots = {piece.root_id for group in pieces.values() for piece in group}
    pay = week_facts.pay(roots, vendor.zone)
    terms, floors = PayTermsInForce.of(vendor), Floors.read()
    rates = _rates(pieces, floors, vendor)
    weeks = []
    for (engagement_id, starts_on), group in pieces.items():
        wage_floor = floors.for_week(starts_on)
        into = wage_floor.currency if wage_floor else vendor.currency
        sums = _add_up(group, pay, terms, wage_floor, Exchange(rates, into, vendor.zone))
        if sums.pieces:
            weeks.append(_week(vendor, engagement_id, starts_on, wage_floor, sums))
    return weeks


def _rates(pieces: dict[tuple[int, date], list[Piece]], floors: Floors, vendor: Vendor) -> Rates:
    """Read the reference rates that these weeks may need; no query where all is one currency."""
    currencies = {piece.currency for group in pieces.values() for piece in group}
    for _, starts_on in pieces:
        wage_floor = floors.for_week(starts_on)
        currencies.add(wage_floor.currency if wage_floor else vendor.currency)
    if not pieces:
        return Rates()
    first = min(piece.ended for group in pieces.values() for piece in group)
    return quotes.read(currencies, day_of(first, vendor.zone))


def _add_up(
    pieces: list[Piece],
    pay: dict[int, Pay],
    terms: PayTermsInForce,
    wage_floor: WageFloor | None,
    exchange: Exchange,
) -> Sums:
    """Return one week's hours and pay."""
    gap = wage_floor.merge_gap_ms if wage_floor else 0
    counted = frozenset(wage_floor.kinds) if wage_floor else ASKED_FOR
    # One that has a clock and touches the week's edge and no more is not in it.
    inside = [piece for piece in pieces if piece.start < piece.end or not piece.has_clock]
    inside.sort(key=IN_ORDER)
    sums = Sums(_hours_of(inside, gap, (TASK_ONLY, counted, EVERYTHING)), pieces=len(inside))
    for piece in inside:
        _add_pay(sums, piece, pay.get(piece.root_id), terms, exchange)
        if _is_untimed(piece):
            sums.untimed += 1
    return sums


def shares(pieces: list[Piece], gap_ms: int, kinds: frozenset[str]) -> dict[int, int]:
    """Return each piece's part of one week's hours in ms, by root: those with a clock and a kind.

    The same order and the same steps as the week's own hours, so the parts add up to them.
    """
    latest_end, parts = NOTHING_BEFORE, {}
    for piece in sorted(pieces, key=IN_ORDER):
        if piece.kind in kinds and piece.start < piece.end:
            parts[piece.root_id], latest_end = share_of(latest_end, piece.start, piece.end, gap_ms)
    return parts


def _in_week(amount: int, piece: Piece) -> int:
    """Return the part of a piece's amount that falls into its week, by length."""
    return part_of(amount, piece.started, piece.ended, piece.week_start, piece.week_end)


def _hours_of(
    pieces: list[Piece], gap: int, denominators: tuple[frozenset[str], ...]
) -> list[Hours]:
    """Return the hours for each set of kinds; those that take the same pieces are added up once."""
    there = {piece.kind for piece in pieces}
    known: dict[frozenset[str], Hours] = {}
    for taken in {frozenset(kinds & there) for kinds in denominators}:
        own = pieces if taken == there else [piece for piece in pieces if piece.kind in taken]
        known[taken] = _hours(own, gap)
    return [known[kinds & there] for kinds in denominators]


def _hours(pieces: list[Piece], gap: int) -> Hours:
    """Return the hours of pieces that all count, in their order."""
    low = high = measured = 0
    latest_end = NOTHING_BEFORE
    for piece in pieces:
        if piece.has_clock:
            share, latest_end = share_of(latest_end, piece.start, piece.end, gap)
            least, longer = _bounds(piece, share)
            low += least
            high += share + longer
        else:  # in `high` only: it may have overlapped with all other work
            share = _stated(piece) or 0
            high += share
        if piece.active_ms is not None:
            measured += share
    return Hours(low, high, measured)


def _bounds(piece: Piece, share: int) -> tuple[int, int]:
    """Return the least that a piece's share may be, and by how much it may be longer, in ms.

    At least: what a tool measured or the source says now. Longer: an export without a clock may
    have named a longer time than any clock since.
    """
    longer = (piece.wall_ms or 0) - (piece.ended - piece.started)
    longer = _in_week(longer, piece) if longer > ROUNDING_MS else 0
    known = [ms for ms in (piece.active_ms, piece.said_ms) if ms is not None]
    return (min(share, _in_week(min(known), piece)) if known else share), longer


def _stated(piece: Piece) -> int | None:
    """Return the time of a row without a clock: as stated, or what a tool measured, or unknown."""
    return piece.wall_ms if piece.wall_ms is not None else piece.active_ms


def _is_untimed(piece: Piece) -> bool:
    """Tell whether nobody knows how long a row with pay, or that was handed in, took."""
    if piece.has_clock or piece.kind == "award" or _stated(piece) is not None:
        return False
    return bool(piece.promised) or piece.ended_as == "submitted"


def _add_pay(
    sums: Sums, piece: Piece, pay: Pay | None, terms: PayTermsInForce, exchange: Exchange
) -> None:
    if piece.promised is None:
        sums.unpriced += 1
        return
    if pay is None:
        return
    conversion = exchange.of(piece.currency, piece.ended)
    if conversion is None:
        sums.unpriced += 1  # without a reference rate, pay in another currency is not known
        return
    if conversion.quotes:
        sums.rates.add(conversion)
        pay = pay.split(conversion.micros)
    sums.rates |= pay.exchanged
    if not piece.lies_in_its_week:
        pay = pay.split(lambda amount: _in_week(amount, piece))
    sums.earned += pay.earned
    if piece.task_type == TOP_UP:
        sums.topped_up += pay.earned
    sums.pending += pay.pending
    sums.refused += pay.refused
    received = pay.received
    if received != pay.earned and terms.pays_on_approval(
        source=piece.source, project=piece.project, at_ms=piece.started
    ):
        received = pay.earned
    sums.received += received
    if pay.last_due_at_ms is not None:
        sums.last_due = max(sums.last_due or pay.last_due_at_ms, pay.last_due_at_ms)


def _week(
    vendor: Vendor, engagement_id: int, starts_on: date, wage_floor: WageFloor | None, sums: Sums
) -> dict[str, Any]:
    """Return a week as the values of its columns."""
    a, b, c = sums.hours
    return {
        "vendor_id": vendor.pk,
        "engagement_id": engagement_id,
        "starts_on": starts_on.isoformat(),
        "floor_id": wage_floor.pk if wage_floor else None,
        "a_low_ms": a.low,
        "a_high_ms": a.high,
        "b_low_ms": b.low,
        "b_high_ms": b.high,
        "c_low_ms": c.low,
        "c_high_ms": c.high,
        "measured_ms": b.measured,
        "currency": wage_floor.currency if wage_floor else vendor.currency,
        "earned_micros": sums.earned,
        "topped_up_micros": sums.topped_up,
        "pending_micros": sums.pending,
        "refused_micros": sums.refused,
        "received_micros": sums.received,
        "untimed": sums.untimed,
        "unpriced": sums.unpriced,
        "pieces": sums.pieces,
        "last_due_at_ms": sums.last_due,
        "rates": json.dumps([one.as_dict() for one in sorted(sums.rates, key=BY_CURRENCY_AND_DAY)]),
    }


def _forget(marks: list[WeekMark]) -> None:
    """Delete the marked weeks as they were before."""
    these = ", ".join(["%s"] * len(marks))
    with connection.cursor() as cursor:
        cursor.execute(
            f"""DELETE FROM ledger_workweek WHERE id IN (
                   SELECT w.id FROM ledger_weekmark m JOIN ledger_workweek w
                       ON w.engagement_id = m.engagement_id AND w.starts_on = m.starts_on
                   WHERE m.id IN ({these}))""",
            [mark.pk for mark in marks],
        )
