"""A week's hours, for A (tasks), B (what the vendor asked for) and C (everything); its last due."""

from datetime import UTC, datetime

import pytest

from ledger import week_facts, weeks
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


def test_what_was_taken_back_is_due_no_more():
    """The week is due when what still stands of its approvals is, the last of them."""
    work = factories.work(factories.engagement(factories.vendor()))
    factories.transfer(work)

    def approved(due_at_ms):
        return factories.transfer(
            work, move="approve", source="pending", target="payable", due_at_ms=due_at_ms,
            amount_micros=1,
        )  # fmt: skip

    approved(5_000)
    late = approved(9_000)
    assert week_facts.pay({work.pk}, "UTC")[work.pk].last_due_at_ms == 9_000

    factories.transfer(
        work, move="reverse", source="payable", target="pending", due_at_ms=9_000, reverses=late,
        amount_micros=1, reason="a slip",
    )  # fmt: skip

    assert week_facts.pay({work.pk}, "UTC")[work.pk].last_due_at_ms == 5_000
