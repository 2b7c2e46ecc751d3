"""Reads promises and courses with what accounts did about them: a chunk of accounts at a time.

A fixed number of queries whatever the number of accounts and pieces; who judges them is pure:
ledger/promising.py and ledger/reading.py.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import NamedTuple

from django.db.models import Max, Min, QuerySet, Sum

from ledger.models import Course, Promise, Transfer, Work
from ledger.moves import PENDING, REFUSED, VENDOR
from ledger.periods import midnight_ms
from ledger.promising import Pieces
from ledger.reading import MEASURED_AS, Measured, Version, Worked
from workers.models import Vendor

DAY = timedelta(days=1)


class Kept(NamedTuple):
    """A promise, and what one account has done and got for it.

    paid_micros: awards under the promise's name in its project, from its first day on.
    """

    promise: Promise
    engagement_id: int
    pieces: Pieces
    paid_micros: int


def versions(vendor: Vendor) -> list[Version]:
    """Return all versions of a vendor's instructions and courses, in order. One query."""
    rows = list(Course.objects.filter(vendor=vendor).order_by("project", "name", "version"))
    starts = [midnight_ms(row.from_on, vendor.zone) for row in rows]
    found = []
    for place, row in enumerate(rows):
        later = rows[place + 1] if place + 1 < len(rows) else None
        same = later is not None and (later.project, later.name) == (row.project, row.name)
        found.append(
            Version(
                row.pk, row.project, row.task_type, row.name, row.version, row.kind, row.words,
                row.pages, row.fresh_words, row.required, starts[place],
                starts[place + 1] if same else None,
            )
        )  # fmt: skip
    return found


def worked(
    engagement_ids: Collection[int], courses: Iterable[Version]
) -> dict[int, tuple[list[Worked], list[Measured]]]:
    """Return what accounts worked in these courses' projects, and the reading measured.

    Two queries. Only accounts with work in one of the projects are in it.
    """
    projects = {one.project for one in courses}
    rows = _standing(engagement_ids).filter(project__in=projects)
    reading = sorted(frozenset().union(*MEASURED_AS.values()))
    found: dict[int, tuple[list[Worked], list[Measured]]] = defaultdict(lambda: ([], []))
    tasks = rows.exclude(kind__in=[*reading, "award"]).values_list(
        "engagement_id", "project", "task_type"
    )
    spans = tasks.annotate(first=Min("started_at_ms"), last=Max("started_at_ms")).order_by()
    for pk, *work in spans:
        found[pk][0].append(Worked(*work))
    measured = rows.filter(kind__in=reading).values_list(
        "engagement_id", "project", "kind", "started_at_ms"
    )
    for pk, project, kind, at_ms in measured:
        found[pk][1].append(Measured(project, kind, at_ms))
    return dict(found)


def kept(vendor: Vendor, engagement_ids: Collection[int]) -> list[Kept]:
    """Return how each account of a chunk stands to each promise that it has worked for.

    One query for the promises, and three for each of them, whatever the number of accounts.
    """
    found = []
    for promise in Promise.objects.filter(vendor=vendor).order_by("pk"):
        ids = set(engagement_ids)
        if promise.engagement_id is not None:
            ids &= {promise.engagement_id}
        if ids:
            found += _kept(promise, ids, vendor.zone)
    return found


def _kept(promise: Promise, engagement_ids: set[int], zone: str) -> list[Kept]:
    first_ms = midnight_ms(promise.first_on, zone)
    after_ms = midnight_ms(promise.last_on + DAY, zone)
    rows = _standing(engagement_ids).filter(project=promise.project)
    pieces = rows.exclude(kind="award").filter(
        ended_as="submitted", ended_at_ms__gte=first_ms, ended_at_ms__lt=after_ms
    )
    if promise.task_type:
        pieces = pieces.filter(task_type=promise.task_type)
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    at = _balances(pieces)
    for root_id, pk, decided_as in pieces.values_list("root_id", "engagement_id", "decided_as"):
        counts[pk][_decision(at.get(root_id), decided_as)] += 1
    awards = rows.filter(
        kind="award", task_type=promise.name, currency=promise.currency, ended_at_ms__gte=first_ms
    )
    paid = dict(awards.values_list("engagement_id").annotate(Sum("promised_micros")).order_by())
    return [Kept(promise, pk, Pieces(**counts[pk]), paid.get(pk) or 0) for pk in sorted(counts)]


def _decision(at: Counter[str] | None, decided_as: str) -> str:
    """Return where a piece of work stands: undecided while any of it is pending.

    at: its money; None where its pay is not known: then what an export said counts.
    """
    if at is None:
        return decided_as or "undecided"
    if at[PENDING] > 0:
        return "undecided"
    earned = -at[VENDOR] - at[PENDING] - at[REFUSED]
    return "refused" if at[REFUSED] > 0 and earned <= 0 else "approved"


def _balances(pieces: "QuerySet[Work]") -> dict[int, Counter[str]]:
    at: dict[int, Counter[str]] = defaultdict(Counter)
    moved = Transfer.objects.filter(work__in=pieces.values("root_id")).values_list(
        "work_id", "source", "target"
    )
    for root_id, source, target, micros in moved.annotate(Sum("amount_micros")).order_by():
        at[root_id][source] -= micros
        at[root_id][target] += micros
    return at


def _standing(engagement_ids: Collection[int]) -> "QuerySet[Work]":
    """Return the newest revisions of these accounts' work that are not void."""
    return Work.objects.filter(engagement__in=list(engagement_ids), void=False, corrected_by=None)
