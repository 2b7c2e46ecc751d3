"""Gathers both clocks of some weeks: a fixed number of queries, however much was written down."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from ledger.agreed import Floors
from ledger.floor import ASKED_FOR
from ledger.intervals import Span, cut
from ledger.models import Work, WorkWeek
from ledger.periods import week_from, week_of, weeks_overlapping
from payouts import weekly
from payouts.evidence import clocks
from payouts.evidence.clocks import Pay
from payouts.models import Entry
from payouts.my_pay.behind import current as current_work
from payouts.weekly import AccountWeek
from workers.models import Engagement

Key = tuple[int, date]  # an engagement, and the Monday of a week


@dataclass(frozen=True, slots=True)
class Clocks:
    """One account's week by both clocks, and what the difference is worth."""

    engagement: Engagement
    starts_on: date
    own_ms: int
    low_ms: int  # the platform's, on B
    high_ms: int
    missing_ms: int
    worth_micros: int | None
    currency: str

    @property
    def ends_on(self) -> date:
        """The Sunday."""
        return self.starts_on + timedelta(days=6)


@dataclass(frozen=True, slots=True)
class Record:
    """The platform's own time in one week: with a clock, and stated without one."""

    spans: tuple[Span, ...]
    unclocked_ms: int


NO_RECORD = Record((), 0)


def spans_by_week(spans: Iterable[Span], zone: str) -> dict[date, list[Span]]:
    """Return spans cut at the week boundaries of a zone, by the Monday of their week."""
    found: dict[date, list[Span]] = defaultdict(list)
    for start, end in spans:
        boundaries = [week.start_ms for week in weeks_overlapping(start, end, zone)]
        for piece in cut(start, end, boundaries):
            found[week_of(piece[0], zone).starts_on].append(piece)
    return found


def record(engagement: Engagement, starts_on: date, last_on: date) -> dict[date, Record]:
    """Return the platform's time (B) of an account's weeks, by Monday. One query."""
    zone = engagement.vendor.zone
    first, last = week_from(starts_on, zone), week_from(last_on, zone)
    rows = current_work(
        Work.objects.filter(
            engagement=engagement,
            kind__in=ASKED_FOR,
            ended_at_ms__gte=first.start_ms,
            started_at_ms__lt=last.end_ms,
        )
    ).values_list("started_at_ms", "ended_at_ms", "wall_ms")
    clocked: list[Span] = []
    stated: dict[date, int] = defaultdict(int)
    for started, ended, wall_ms in rows:
        if ended > started:
            clocked.append((started, ended))
        else:
            stated[week_of(ended, zone).starts_on] += wall_ms or 0
    by_week = spans_by_week(clocked, zone)
    return {
        monday: Record(tuple(by_week.get(monday, ())), stated[monday])
        for monday in by_week.keys() | stated.keys()
    }


def compare(
    engagements: Sequence[Engagement],
    entries: "QuerySet[Entry]",
    weeks: "QuerySet[WorkWeek]",
    *,
    at: datetime,
) -> list[Clocks]:
    """Return the weeks in which something was written down, by both clocks, the newest first.

    engagements: with their vendor. entries: the newest revisions, with their end; weeks: those that
    the worker may see. One query for each account, and a fixed number beside.
    """
    own: dict[int, list[Span]] = defaultdict(list)
    for pk, started, ended in entries.values_list("engagement_id", "started_at_ms", "ended_at_ms"):
        if ended is not None:
            own[pk].append((started, ended))
    by_account = {
        one: spans_by_week(own[one.pk], one.vendor.zone) for one in engagements if own[one.pk]
    }
    judged = _judged(by_account, weeks, at)
    floors = Floors.read()
    found = []
    for engagement, by_week in by_account.items():
        records = record(engagement, min(by_week), max(by_week))
        for monday, spans in by_week.items():
            week = judged.get((engagement.pk, monday))
            known = records.get(monday, NO_RECORD)
            found.append(_clocks(engagement, monday, spans, known, week, floors))
    return sorted(found, key=lambda one: (one.starts_on, one.engagement.pk), reverse=True)


def pay_of(week: AccountWeek | None, floors: Floors, monday: date) -> tuple[Pay, str]:
    """Return what an hour of a week was worth, and in which currency ("" where nobody knows)."""
    if week is not None:
        test = week.test
        return Pay(test.earned_micros, test.b.high_ms, test.floor_micros), week.currency
    floor = floors.for_week(monday)
    if floor is None:
        return Pay(None, 0, None), ""
    return Pay(None, 0, floor.hourly_micros), floor.currency


def of_week(engagement: Engagement, monday: date, *, at: datetime) -> AccountWeek | None:
    """Return one account's week as it is judged, or None where it was not computed."""
    rows = WorkWeek.objects.filter(engagement=engagement, starts_on=monday)
    return next(weekly.judged(rows, weekly.payments_of([engagement.vendor], at)), None)


def _judged(
    by_account: dict[Engagement, dict[date, list[Span]]],
    weeks: "QuerySet[WorkWeek]",
    at: datetime,
) -> dict[Key, AccountWeek]:
    mondays = {monday for by_week in by_account.values() for monday in by_week}
    rows = weeks.filter(engagement__in=list(by_account), starts_on__in=mondays)
    payments = weekly.payments_of({one.vendor for one in by_account}, at)
    return {(one.engagement_id, one.test.starts_on): one for one in weekly.judged(rows, payments)}


def _clocks(
    engagement: Engagement,
    monday: date,
    spans: list[Span],
    known: Record,
    week: AccountWeek | None,
    floors: Floors,
) -> Clocks:
    missing = clocks.missing_ms(spans, known.spans, known.unclocked_ms)
    pay, currency = pay_of(week, floors, monday)
    return Clocks(
        engagement=engagement,
        starts_on=monday,
        own_ms=clocks.length_ms(spans),
        low_ms=week.test.b.low_ms if week else 0,
        high_ms=week.test.b.high_ms if week else 0,
        missing_ms=missing,
        worth_micros=clocks.worth(missing, pay),
        currency=currency or engagement.vendor.currency,
    )
