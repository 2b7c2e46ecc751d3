"""A week's hours: what counts for A (tasks), B (what the vendor asked for) and C (everything)."""

from datetime import UTC, datetime

import pytest

from ledger import weeks
from ledger.models import WorkWeek
from ledger.periods import ms_of
from tests import factories

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 10, 12, tzinfo=UTC)
HOUR_MS = 3_600_000


def hours(*pieces):
    """Return (low, high) of A, B and C in hours, for pieces of (kind, start, end, other columns).

    start, end: hours after Monday, 0:00.
    """
    account = factories.engagement(factories.vendor(zone="UTC"))
    for kind, start, end, given in pieces:
        at_ms = [ms_of(MONDAY) + round(hour * HOUR_MS) for hour in (start, end)]
        times = {"started_at_ms": at_ms[0], "ended_at_ms": at_ms[1], "wall_ms": None}
        factories.work(account, kind=kind, **{**times, **given})
    weeks.rebuild(account.vendor)
    week = WorkWeek.objects.get(starts_on=MONDAY.date())
    return [
        tuple(getattr(week, f"{name}_{end}_ms") / HOUR_MS for end in ("low", "high"))
        for name in "abc"
    ]


@pytest.mark.parametrize(
    ("pieces", "a", "b", "c"),
    [
        pytest.param([("task", 1, 3, {})], (2, 2), (2, 2), (2, 2), id="tasks alone, all the same"),
        pytest.param(
            [("task", 1, 3, {}), ("waiting", 3, 4, {}), ("searching", 5, 9, {})],
            (2, 2), (3, 3), (7, 7),
            id="each set of kinds counts its own",
        ),
        pytest.param(
            [("task", 1, 3, {}), ("searching", 2, 4, {})],
            (2, 2), (2, 2), (3, 3),
            id="what overlaps counts once where both count",
        ),
        pytest.param([("admin", 1, 3, {})], (0, 0), (0, 0), (2, 2), id="no tasks at all"),
        pytest.param(
            [("task", -2, 3, {}), ("task", 167, 170, {})],
            (4, 4), (4, 4), (4, 4),
            id="only what lies in the week",
        ),
        pytest.param(
            [("task", 1, 3, {"active_ms": HOUR_MS}), ("meeting", 9, 9, {"wall_ms": HOUR_MS})],
            (1, 2), (1, 3), (1, 3),
            id="at least what was measured, at most what was stated without a clock",
        ),
    ],
)  # fmt: skip
def test_hours_by_what_counts(pieces, a, b, c):
    assert hours(*pieces) == [a, b, c]
