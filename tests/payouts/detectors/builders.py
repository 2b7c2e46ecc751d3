"""Facts of one account as detectors get them, with what does not matter filled in."""

from datetime import UTC, date, datetime

from ledger.floor import Evidence
from ledger.periods import day_of, ms_of, week_from
from payouts.detectors.shapes import Debt, EngagementFacts, Exchanged, OpenWork, Settled, WeekOfWork

AS_OF = datetime(2026, 11, 2, 6, tzinfo=UTC)
AS_OF_MS = ms_of(AS_OF)
DAY_MS = 86_400_000
HOUR_MS = 3_600_000
DOLLAR = 1_000_000


def facts(*works, weeks=(), settled=(), known_until=date(2026, 11, 2), as_of_ms=AS_OF_MS):
    return EngagementFacts(
        1, "somebody", as_of_ms, known_until, tuple(works), tuple(weeks), settled=tuple(settled)
    )


def settled(reference="P1", *, fee=0.0, net=10.0, worth=None, late=0.0, days_ago=10):
    """Return a payment in dollars; where `worth` or `late` is given it arrived in shillings."""
    exchanged = Exchanged(
        "KES",
        1_000 * DOLLAR,
        round((net if worth is None else worth) * DOLLAR),
        round(late * DOLLAR),
    )
    return Settled(
        reference, "USD", AS_OF_MS - days_ago * DAY_MS, round(net * DOLLAR), round(fee * DOLLAR),
        exchanged,
    )  # fmt: skip


def debt(days_ago=10.0, dollars=8.0):
    due_at_ms = AS_OF_MS - round(days_ago * DAY_MS)
    return Debt(due_at_ms, day_of(due_at_ms, "UTC"), round(dollars * DOLLAR))


def work(*debts, pk=1, pending=0.0, decide_by_days_ago=None, **given):
    """Return work of an hour, on Wednesday of the week of 5 October."""
    start = ms_of(datetime(2026, 10, 7, 9, tzinfo=UTC))
    decide_by = None if decide_by_days_ago is None else AS_OF_MS - decide_by_days_ago * DAY_MS
    values = {
        "external_id": f"a-{pk}",
        "project": "maps",
        "currency": "USD",
        "started_at_ms": start,
        "ended_at_ms": start + HOUR_MS,
    }
    return OpenWork(
        work_id=pk,
        decide_by_at_ms=decide_by,
        pending_micros=round(pending * DOLLAR),
        debts=debts,
        **{**values, **given},
    )


def week(starts_on=date(2026, 10, 5), *, hours=(2.0, 2.0), earned=15.0, **unknown):
    """Return a week between two bounds of hours, held to a floor of 15 dollars."""
    span = week_from(starts_on, "UTC")
    low_ms, high_ms = (round(one * HOUR_MS) for one in hours)
    evidence = Evidence(low_ms, high_ms, 0, round(earned * DOLLAR), **unknown)
    return WeekOfWork(starts_on, span.start_ms, span.end_ms, evidence, 15 * DOLLAR, "USD")
