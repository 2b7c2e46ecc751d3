"""Which weeks are to be computed again: written with the facts, taken away by ledger/weeks.py."""

from collections.abc import Iterable
from datetime import date

from ledger import bulk
from ledger.models import WeekMark
from ledger.periods import Week, week_from, weeks_overlapping
from workers.models import Vendor


def add(vendor: Vendor, spans: Iterable[tuple[int, int, int]]) -> None:
    """Mark the weeks that (engagement id, start, end) touch to be computed again."""
    zone = vendor.zone
    marks: set[tuple[int, Week]] = set()
    last: dict[int, Week] = {}  # most of an account's work lies in the week of the work before
    recent: Week | None = None  # or, in a file by time, in that of whoever's work was before
    for engagement_id, start_ms, end_ms in spans:
        week = last.get(engagement_id)
        if week and week.holds(start_ms, end_ms):
            continue
        if recent and recent.holds(start_ms, end_ms):
            touched = [recent]
        else:
            touched = weeks_overlapping(start_ms, end_ms, zone)
        marks.update((engagement_id, week) for week in touched)
        last[engagement_id] = recent = touched[-1]
    _mark(vendor, marks)


def add_weeks(vendor: Vendor, weeks: Iterable[tuple[int, date]]) -> None:
    """Mark these (engagement id, Monday) to be computed again."""
    _mark(vendor, {(pk, week_from(starts_on, vendor.zone)) for pk, starts_on in weeks})


def _mark(vendor: Vendor, marks: set[tuple[int, Week]]) -> None:
    columns = ("vendor_id", "engagement_id", "starts_on", "starts_at_ms", "ends_at_ms")
    rows = [
        (vendor.pk, engagement_id, week.starts_on.isoformat(), week.start_ms, week.end_ms)
        for engagement_id, week in marks
    ]
    bulk.put(WeekMark, columns, sorted(rows), "DO NOTHING")
