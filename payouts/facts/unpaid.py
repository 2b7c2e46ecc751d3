"""Reads what is known around attempts that may be work without pay. QUERIES a chunk."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.db import connection

from ledger import week_facts, weeks
from ledger.agreed import AWARDED_HERE, price_by
from ledger.balances import sql_of
from ledger.floor import ASKED_FOR, EVERYTHING, TOP_UP
from ledger.models import WeekMark
from ledger.moves import PENDING, REFUSED, VENDOR
from ledger.periods import day_of, last_ms_of, week_of, weeks_overlapping
from payouts.detectors import awarding
from payouts.detectors.shapes import Attempt
from payouts.detectors.terms import Award
from payouts.facts import candidates
from payouts.facts.agreed_before import Claimed, is_optional, price_before_cut
from payouts.facts.asking import HAPPENED, among, is_newest
from payouts.facts.background import Background
from payouts.facts.candidates import Row, is_free_task

QUERIES = 6
CLOCK_MS = "COALESCE(w.said_ms, w.wall_ms, w.ended_at_ms - w.started_at_ms)"  # as it was told
LASTING_MS = "COALESCE(w.active_ms, w.wall_ms, w.ended_at_ms - w.started_at_ms)"


@dataclass
class Around:
    """What is known around the candidates, by root or by (account, project)."""

    earned: dict[int, int] = field(default_factory=dict)
    approved_paid_ms: dict[int, int] = field(default_factory=dict)
    share_ms: dict[int, int] = field(default_factory=dict)
    task_ms: dict[tuple[int, str], int] = field(default_factory=dict)
    rework_ms: Counter[tuple[int, str]] = field(default_factory=Counter)
    approved_clock_ms: dict[int, int] = field(default_factory=dict)
    priced_from_ms: dict[tuple[int, str, str], int] = field(default_factory=dict)


class Unpaid(NamedTuple):
    """What may be work without pay, and what was awarded for such, by account."""

    attempts: Mapping[int, list[Attempt]]
    awards: Mapping[int, list[Award]]


def read(background: Background, sources: Mapping[int, str]) -> Unpaid:
    """Return what detectors of unpaid work look at. sources: of each account."""
    told = candidates.read(background, sources)
    rows = [row for row in told if row.kind != "award"]
    before = _approved_before([row.root_id for row in rows if row.revision > 1])
    around = Around(
        earned=_earned([row.root_id for row in told], background.as_of_ms),
        approved_paid_ms={root: paid for root, (paid, _) in before.items() if paid is not None},
        approved_clock_ms={root: clock for root, (_, clock) in before.items()},
        priced_from_ms=_first_prices({row.engagement_id for row in rows if is_free_task(row)}),
        share_ms=_shares(background, rows),
        task_ms=_task_time({row.engagement_id for row in rows if row.kind == "rework"}),
    )
    for row in rows:
        if row.kind == "rework" and row.promised_micros == 0:
            around.rework_ms[row.engagement_id, row.project] += _time(row, around)
    attempts: defaultdict[int, list[Attempt]] = defaultdict(list)
    for row in rows:
        attempts[row.engagement_id].append(
            _attempt(background, sources[row.engagement_id], row, around)
        )
    awards: defaultdict[int, list[Award]] = defaultdict(list)
    for row in told:
        if row.kind == "award" and around.earned.get(row.root_id, 0) > 0:
            awards[row.engagement_id].append(_award(row, around, background.vendor.zone))
    return Unpaid(attempts, awards)


def _award(row: Row, around: Around, zone: str) -> Award:
    """Return an award with what it names: one that was made here names all in its type of task."""
    week = week_of(row.ended_at_ms, zone)
    names = row.task_type
    if row.task_type == TOP_UP:
        names = ""
    elif row.project not in AWARDED_HERE:
        names = awarding.name_of(row.task_type, row.project)
    return Award(
        work_id=row.root_id,
        names=names,
        currency=row.currency,
        until_ms=last_ms_of(day_of(row.decided_at_ms or row.ended_at_ms, zone), zone) + 1,
        week_start_ms=week.start_ms,
        week_end_ms=week.end_ms,
        micros=around.earned[row.root_id],
    )


def _earned(root_ids: list[int], as_of_ms: int) -> dict[int, int]:
    """Return what was decided for the worker of these attempts, wherever it is. One query."""
    wanted, parameter = among(root_ids)
    earned = " - ".join(["0", *(sql_of(account) for account in (VENDOR, PENDING, REFUSED))])
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT t.work_id, {earned} FROM ledger_transfer t
                WHERE t.work_id {wanted} AND {HAPPENED} GROUP BY t.work_id""",
            {"ids": parameter, "as_of": as_of_ms},
        )
        return dict(cursor.fetchall())


def _approved_before(root_ids: list[int]) -> dict[int, tuple[int | None, int]]:
    """Return the longest paid time and clock of these that were told as approved. One query.

    What was told before an undo was never told.
    """
    wanted, parameter = among(root_ids)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT w.root_id, MAX(w.paid_ms), MAX({CLOCK_MS})
                FROM ledger_work w
                WHERE w.root_id {wanted} AND w.decided_as = 'approved' AND NOT w.void
                  AND NOT EXISTS (SELECT 1 FROM ledger_work undone
                                  WHERE undone.root_id = w.root_id AND undone.void
                                    AND undone.revision > 1 AND undone.revision > w.revision)
                GROUP BY w.root_id""",
            {"ids": parameter},
        )
        return {root: (paid_ms, clock_ms) for root, paid_ms, clock_ms in cursor.fetchall()}


def _first_prices(engagement_ids: Collection[int]) -> dict[tuple[int, str, str], int]:
    """Return when these accounts began their first priced task, by project and type. One query."""
    wanted, parameter = among(engagement_ids)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT w.engagement_id, w.project, w.task_type, MIN(w.started_at_ms)
                FROM ledger_work w
                WHERE w.engagement_id {wanted} AND w.kind = 'task' AND w.promised_micros > 0
                  AND {is_newest()}
                GROUP BY w.engagement_id, w.project, w.task_type""",
            {"ids": parameter},
        )
        return {tuple(name): at_ms for *name, at_ms in cursor.fetchall()}


def _task_time(engagement_ids: Collection[int]) -> dict[tuple[int, str], int]:
    """Return the time of tasks of these accounts by project. One query."""
    wanted, parameter = among(engagement_ids)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT w.engagement_id, w.project, CAST(SUM({LASTING_MS}) AS bigint)
                FROM ledger_work w
                WHERE w.engagement_id {wanted} AND w.kind = 'task' AND {is_newest()}
                GROUP BY w.engagement_id, w.project""",
            {"ids": parameter},
        )
        return {(pk, project): ms for pk, project, ms in cursor.fetchall()}


def _shares(background: Background, rows: list[Row]) -> dict[int, int]:
    """Return each candidate's part of its account's hours, by root. One query.

    By the floor's own kinds where they count it, else among all time.
    """
    marks: dict[tuple[int, date], WeekMark] = {}
    for row in rows:
        if row.ended_at_ms > row.started_at_ms:
            zone = background.vendor.zone
            for week in weeks_overlapping(row.started_at_ms, row.ended_at_ms, zone):
                marks[row.engagement_id, week.starts_on] = WeekMark(
                    engagement_id=row.engagement_id,
                    starts_on=week.starts_on,
                    starts_at_ms=week.start_ms,
                    ends_at_ms=week.end_ms,
                )
    wanted = {row.root_id for row in rows}
    found: defaultdict[int, int] = defaultdict(int)
    by_week = week_facts.pieces(marks[key] for key in sorted(marks))
    for (_, starts_on), pieces in by_week.items():
        wage_floor = background.floors.for_week(starts_on)
        gap = wage_floor.merge_gap_ms if wage_floor else 0
        kinds = frozenset(wage_floor.kinds) if wage_floor else ASKED_FOR
        parts = weeks.shares(pieces, gap, EVERYTHING) | weeks.shares(pieces, gap, kinds)
        for root_id, ms in parts.items():
            if root_id in wanted:
                found[root_id] += ms
    return found


def _is_before_pay(row: Row, around: Around) -> bool:
    """Tell whether the account had no priced task of this project and type before."""
    first = around.priced_from_ms.get((row.engagement_id, row.project, row.task_type))
    return first is None or row.started_at_ms < first


def _share(row: Row, around: Around) -> int | None:
    """Return its part of the hours; without a clock, the stated time, or what a tool measured."""
    if row.ended_at_ms > row.started_at_ms:
        return around.share_ms.get(row.root_id, 0)
    return row.wall_ms if row.wall_ms is not None else row.active_ms


def _time(row: Row, around: Around) -> int:
    known = [ms for ms in (_share(row, around), row.active_ms) if ms is not None]
    return min(known, default=0)


def _attempt(background: Background, source: str, row: Row, around: Around) -> Attempt:
    claimed = Claimed(source, row.project, row.task_type, row.started_at_ms)
    wage_floor = background.floor_at(row.started_at_ms)
    asked = {
        "project": row.project,
        "task_type": row.task_type,
        "claimed_at_ms": row.started_at_ms,
    }
    rate = background.rates.at(**asked)  # type: ignore[arg-type]
    hourly, currency = background.worth_of_an_hour(wage_floor, rate)
    later = background.rates.after(**asked)  # type: ignore[arg-type]
    priced = [price_by(one, row.paid_ms) for one in later if one.currency == row.currency]
    is_agreed = rate is not None and rate.currency == row.currency and row.kind == "task"
    return Attempt(
        work_id=row.root_id,
        external_id=row.external_id,
        project=row.project,
        task_type=row.task_type,
        kind=row.kind,
        ended_as=row.ended_as,
        decided_as=row.decided_as,
        currency=row.currency or background.vendor.currency,
        started_at_ms=row.started_at_ms,
        ended_at_ms=row.ended_at_ms,
        share_ms=_share(row, around),
        active_ms=row.active_ms,
        paid_ms=row.paid_ms,
        promised_micros=row.promised_micros,
        earned_micros=around.earned.get(row.root_id, 0),
        hourly_micros=hourly,
        hourly_currency=currency,
        asked_for=row.kind in (wage_floor.kinds if wage_floor else ASKED_FOR),
        task_ms=around.task_ms.get((row.engagement_id, row.project), 0),
        rework_ms=around.rework_ms[row.engagement_id, row.project],
        approved_paid_ms=around.approved_paid_ms.get(row.root_id),
        agreed_micros=price_by(rate, row.paid_ms) if rate and is_agreed else None,
        later_micros=tuple(one for one in priced if one is not None),
        clock_ms=row.said_ms if row.said_ms is not None else row.wall_ms,
        approved_clock_ms=around.approved_clock_ms.get(row.root_id),
        unnoticed_micros=price_before_cut(
            background.terms, background.rates, claimed, rate if is_agreed else None, row.paid_ms
        ),
        is_optional=is_optional(background.courses, claimed, background.vendor.zone),
        is_before_pay=is_free_task(row) and _is_before_pay(row, around),
    )
