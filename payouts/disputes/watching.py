"""Gathers the weeks around questions for the watch. Only the worker and an auditor are shown it."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Max

from ledger.models import Import, WorkWeek
from ledger.periods import ms_of, week_of
from payouts.disputes.watch import WEEKS, Drop, Week, drops
from payouts.models import Dispute

NO_WORK = Week(0, 0, 0)
A_WEEK = timedelta(days=7)


def of(questions: Iterable[Dispute]) -> dict[UUID, list[Drop]]:
    """Return what dropped after each of these questions, where anything did. Two queries.

    questions: with their vendor. A week is looked at once an export was made after its end, so that
    a vendor who brings nothing in is not taken for one who offers nothing.
    """
    rows = list(questions)
    weeks: dict[int, dict[date, Week]] = defaultdict(dict)
    for pk, monday, *sums in WorkWeek.objects.filter(
        engagement__in={row.engagement_id for row in rows}
    ).values_list("engagement_id", "starts_on", "pieces", "b_high_ms", "earned_micros"):
        weeks[pk][monday] = Week(*sums)
    known = dict(
        Import.objects.filter(vendor__in={row.vendor_id for row in rows}, kind="work", state="done")
        .values_list("vendor_id")
        .annotate(Max("as_of"))
        .order_by("vendor_id")
    )
    found = {}
    for row in rows:
        until = known.get(row.vendor_id)
        if until is not None and weeks[row.engagement_id]:
            zone = row.vendor.zone
            asked = week_of(ms_of(row.asked_at), zone).starts_on
            last = week_of(ms_of(until), zone).starts_on - A_WEEK
            found[row.pk] = drops(*around(weeks[row.engagement_id], asked, last))
    return {pk: some for pk, some in found.items() if some}


def around(weeks: dict[date, Week], asked: date, last: date) -> tuple[list[Week], list[Week]]:
    """Return the weeks before and after the one of a question, at most eight on either side.

    weeks: those with work, by Monday; what lies between the first of them and `last`, the last
    Monday whose week is known, and has no work is a week without.
    """
    first = min(weeks)
    mondays = [asked + number * A_WEEK for number in range(-WEEKS, WEEKS + 1) if number]
    return (
        [weeks.get(one, NO_WORK) for one in mondays if first <= one < asked],
        [weeks.get(one, NO_WORK) for one in mondays if asked < one <= last],
    )
