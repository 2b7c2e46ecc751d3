"""Facts of one account as detectors get them, with what does not matter filled in."""

from datetime import UTC, date, datetime

from ledger.floor import Evidence
from ledger.periods import day_of, ms_of, week_from
from ledger.promising import Pieces
from payouts.detectors.shapes import (
    Attempt,
    Debt,
    EngagementFacts,
    Exchanged,
    MassRefusal,
    OpenWork,
    Returned,
    Session,
    Settled,
    Told,
    WeekOfWork,
)
from payouts.detectors.terms import Ending, Promised, Reading

AS_OF = datetime(2026, 11, 2, 6, tzinfo=UTC)
AS_OF_MS = ms_of(AS_OF)
DAY_MS = 86_400_000
HOUR_MS = 3_600_000
MINUTE_MS = 60_000
DOLLAR = 1_000_000


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


def facts(*works, weeks=(), known_until=date(2026, 11, 2), as_of_ms=AS_OF_MS, **given):
    """Return facts; attempts, sessions, sent_back: what else is known of the account."""
    return EngagementFacts(
        1,
        "somebody",
        as_of_ms,
        known_until,
        tuple(works),
        tuple(weeks),
        attempts=tuple(given.get("attempts", ())),
        sessions=tuple(given.get("sessions", ())),
        returned=tuple(given.get("sent_back", ())),
        settled=tuple(given.get("settled", ())),
        deactivated=given.get("deactivated"),
        closed=given.get("closed", {}),
        promised=tuple(given.get("promised", ())),
        readings=tuple(given.get("readings", ())),
    )


def ending(days_ago=20.0, *reasons):
    """Return an ending whose fourteen days for the settlement began so long ago."""
    from_at_ms = AS_OF_MS - round(days_ago * DAY_MS)
    settle_by_at_ms = from_at_ms + 14 * DAY_MS
    said = frozenset(reasons or ("no more maps",))
    return Ending(from_at_ms, settle_by_at_ms, day_of(settle_by_at_ms, "UTC"), said)


def promised(pk=1, *, dollars=5.0, awarded=0.0, **given):
    """Return a promise of three approved pieces, due a week ago, to an account that made them."""
    values = {
        "name": "three maps",
        "project": "maps",
        "text": "Three maps a month: five dollars more.",
        "counting": "approved",
        "pieces_at_least": 3,
        "pieces": Pieces(approved=3),
        "first_ms": AS_OF_MS - 40 * DAY_MS,
        "after_ms": AS_OF_MS - 10 * DAY_MS,
        "due_ms": AS_OF_MS - 7 * DAY_MS,
        "due_on": date(2026, 10, 25),
        "currency": "USD",
        "micros": round(dollars * DOLLAR),
        "awarded_micros": round(awarded * DOLLAR),
    }
    return Promised(pk, **{**values, **given})


def reading(pk=1, *, minutes=6.0, **given):
    """Return a change of instructions that nobody measured, where the floor is 15 dollars."""
    values = {
        "project": "maps",
        "name": "guide",
        "version": 2,
        "at_ms": AS_OF_MS - 30 * DAY_MS,
        "is_change": True,
        "measured_by": frozenset(),
        "time_ms": round(minutes * MINUTE_MS),
        "basis": "1428 new words, read at 238 words a minute",
        "hourly_micros": 15 * DOLLAR,
        "currency": "USD",
    }
    return Reading(pk, **{**values, **given})


def attempt(pk=1, *, hours=1.0, promised=0.0, **given):
    """Return an attempt of an hour without pay, where the floor is 15 dollars."""
    start = given.pop("started_at_ms", ms_of(datetime(2026, 10, 7, 9, tzinfo=UTC)))
    values = {
        "external_id": f"a-{pk}",
        "project": "maps",
        "task_type": "outline",
        "kind": "task",
        "ended_as": "submitted",
        "decided_as": "",
        "currency": "USD",
        "ended_at_ms": start + round(hours * HOUR_MS),
        "share_ms": round(hours * HOUR_MS),
        "promised_micros": None if promised is None else round(promised * DOLLAR),
        "hourly_micros": 15 * DOLLAR,
        "hourly_currency": "USD",
    }
    return Attempt(work_id=pk, started_at_ms=start, **{**values, **given})


def session(hours, *, pieces=100, active=0.0, lasting=0.0):
    start = ms_of(datetime(2026, 10, 7, 9, tzinfo=UTC))
    worked = round(hours * HOUR_MS)
    end = start + max(worked, round(lasting * HOUR_MS))
    return Session(start, end, worked, round(active * HOUR_MS), pieces)


def told(reason, days_ago=10.0):
    at_ms = None if days_ago is None else AS_OF_MS - round(days_ago * DAY_MS)
    return Told(reason, at_ms)


def mass(**given):
    values = {"decided": 40, "refused": 30, "usual_percent": 2, "rule": "day"}
    return MassRefusal("maps", 0, AS_OF_MS, **{**values, **given})


def returned(days_ago, pk=1, dollars=8.0, reason="account closed"):
    at_ms = AS_OF_MS - round(days_ago * DAY_MS)
    return Returned(pk, "PAY1", at_ms, round(dollars * DOLLAR), reason)


def debt(days_ago=10.0, dollars=8.0):
    due_at_ms = AS_OF_MS - round(days_ago * DAY_MS)
    return Debt(due_at_ms, day_of(due_at_ms, "UTC"), round(dollars * DOLLAR))


def work(*debts, pk=1, pending=0.0, refused=0.0, withheld=0.0, decide_by_days_ago=None, **given):
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
        refused_micros=round(refused * DOLLAR),
        withheld_micros=round(withheld * DOLLAR),
        debts=debts,
        **{**values, **given},
    )


def week(starts_on=date(2026, 10, 5), *, hours=(2.0, 2.0), earned=15.0, **unknown):
    """Return a week between two bounds of hours, held to a floor of 15 dollars."""
    span = week_from(starts_on, "UTC")
    low_ms, high_ms = (round(one * HOUR_MS) for one in hours)
    evidence = Evidence(low_ms, high_ms, 0, round(earned * DOLLAR), **unknown)
    return WeekOfWork(starts_on, span.start_ms, span.end_ms, evidence, 15 * DOLLAR, "USD")
