"""Which accounts a scan has to look at again; all others give the findings that they gave.

An account was judged on its stream of facts up to n, by a basis (the detectors' versions and what
was agreed for all accounts), as of an instant up to which no comparison with the clock changes. It
is looked at again when any of the three has moved on, or when something that is only seen over all
accounts, or computed beside the stream, has changed for it: then it is marked. Nothing else reaches
a detector, so what is left out gives the same flags (DECISIONS.md D-144).
"""

import hashlib
import json
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple
from typing import Any, NamedTuple

from django.db.models import Count, F, Max, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from ledger.models import (
    Closing,
    Course,
    Deactivation,
    Manifest,
    Payment,
    PayTerms,
    Promise,
    Rate,
    ReferenceRate,
    WageFloor,
    Work,
    WorkWeek,
)
from ledger.periods import ms_of
from payouts import detectors
from payouts.detectors.record_gap import Unchecked
from payouts.detectors.shapes import EngagementFacts, MassRefusal
from payouts.facts import ahead
from payouts.facts.background import Across
from payouts.leaving import record
from payouts.models import Look, LookAcross, Scan
from workers.models import Engagement, Vendor

AGREED: tuple[type[Model], ...] = (PayTerms, Rate, Course, Promise, Closing, Manifest)
ROOTS = 500  # works asked for at once
FOR_EVERYBODY: tuple[type[Model], ...] = (WageFloor,)
MOVES_ON = ["as_of_ms", "n", "decisions", "basis", "changes_at_ms", "again", "unchecked"]


class Head(NamedTuple):
    """How far an account is told: the number of its last fact, and of the decisions about it."""

    n: int
    decisions: int


def basis(vendor: Vendor) -> str:
    """Return a digest of all that every account of a vendor is judged by, beside its own facts."""
    versions = sorted((code, module.VERSION) for code, module in detectors.BY_CODE.items())
    said = [(one.__name__, *_extent(one._default_manager.filter(vendor=vendor))) for one in AGREED]
    said += [(one.__name__, *_extent(one._default_manager.all())) for one in FOR_EVERYBODY]
    whole = [versions, said, vendor.zone, vendor.currency, str(record.known(vendor).until)]
    return hashlib.sha256(json.dumps(whole).encode()).hexdigest()


def _extent(rows: QuerySet[Any]) -> tuple[int, int]:
    """Return how many rows there are, and the last one's id: of rows that are only ever added."""
    told = rows.aggregate(number=Count("pk"), last=Max("pk"))
    return told["number"], told["last"] or 0


def due(scan: Scan, basis: str) -> QuerySet[Any]:
    """Return the accounts that a scan has to look at."""
    as_of_ms = ms_of(scan.as_of)
    moved_on = Q(look__n__lt=F("now_n")) | Q(look__decisions__lt=F("now_decisions"))
    time_went_by = Q(look__as_of_ms__gt=as_of_ms) | Q(look__changes_at_ms__lte=as_of_ms)
    marked = Q(look=None) | Q(look__again=True) | ~Q(look__basis=basis)
    return _as_they_are(scan.vendor).filter(marked | moved_on | time_went_by)


def _as_they_are(vendor: Vendor) -> QuerySet[Any]:
    """Return a vendor's accounts with the number of their last fact, and of decisions about them.

    Decisions that move no money, that is: they are no facts of the account's stream.
    """
    about = Deactivation.objects.filter(engagement=OuterRef("pk")).order_by()
    number = about.values("engagement").annotate(number=Count("pk")).values("number")
    return Engagement.objects.filter(vendor=vendor).annotate(
        now_n=Coalesce("stream__n", 0), now_decisions=Coalesce(Subquery(number), 0)
    )


def heads(due: QuerySet[Any], *, limit: int) -> dict[int, Head]:
    """Return the first of these accounts by id, each with how far it is told. One query.

    To be asked before their facts are read: whoever decides something does not wait for scans.
    """
    told = due.order_by("pk").values_list("pk", "now_n", "now_decisions")[:limit]
    return {pk: Head(n, decisions) for pk, n, decisions in told}


def remember(
    scan: Scan, chunk: Sequence[EngagementFacts], basis: str, heads: Mapping[int, Head]
) -> None:
    """Write down that these accounts were looked at. In the transaction that keeps what was found.

    basis, heads: as they were before the facts were read. Whether another scan has begun meanwhile,
    and sees other things over all accounts, is asked here: what this one looks at is then to be
    looked at again.
    """
    ids = [one.engagement_id for one in chunk]
    overtaken = not LookAcross.objects.filter(vendor=scan.vendor, scan=scan).exists()
    dated = ahead.read(ids, ms_of(scan.as_of))
    looks = []
    for one in chunk:
        unchecked = Unchecked()
        unchecked.add(one)
        head = heads[one.engagement_id]
        looks.append(
            Look(
                engagement_id=one.engagement_id,
                as_of_ms=ms_of(scan.as_of),
                n=head.n,
                decisions=head.decisions,
                basis=basis,
                changes_at_ms=_first(one.as_of_ms.changes_at_ms, dated.get(one.engagement_id)),
                again=overtaken,
                unchecked=unchecked.as_json() if unchecked else None,
            )
        )
    Look.objects.bulk_create(
        looks, update_conflicts=True, unique_fields=["engagement"], update_fields=MOVES_ON
    )


def _first(*instants: int | None) -> int | None:
    return min((one for one in instants if one is not None), default=None)


def unchecked(vendor: Vendor) -> Unchecked:
    """Return what nobody could check of all accounts when they were looked at last."""
    added_up = Unchecked()
    looks = Look.objects.filter(engagement__vendor=vendor, unchecked__isnull=False)
    for kept in looks.values_list("unchecked", flat=True).iterator():
        added_up.add_up(Unchecked.from_json(kept or {}))
    return added_up


def mark(scan: Scan, across: Across) -> None:
    """Mark the accounts for which something beside their stream has changed; keep what is seen now.

    Under the vendor's lock. For a full scan all accounts are marked.
    """
    before = LookAcross.objects.filter(vendor=scan.vendor).first()
    last_week = WorkWeek.objects.aggregate(last=Max("pk"))["last"] or 0
    quotes = ReferenceRate.objects.count()
    if before is None or scan.full:
        Look.objects.filter(engagement__vendor=scan.vendor).update(again=True)
    else:
        for changed in _changed(scan.vendor, before, across, quotes):
            Look.objects.filter(engagement__in=changed).update(again=True)
    LookAcross.objects.update_or_create(
        vendor=scan.vendor,
        defaults={
            "scan": scan,
            "last_week": last_week,
            "quotes": quotes,
            "masses": {
                name: [astuple(one) for one in those] for name, those in across.masses.items()
            },
            "vanished": _packed(across.vanished),
            "collapsed": _packed(across.collapsed),
        },
    )


def _changed(
    vendor: Vendor, before: LookAcross, across: Across, quotes: int
) -> Iterator[QuerySet[Any, Any]]:
    """Yield the accounts, as ids, that are concerned by what has changed beside their streams."""
    weeks = WorkWeek.objects.filter(vendor=vendor, pk__gt=before.last_week)
    yield weeks.values("engagement_id")
    works = Work.objects.filter(engagement__vendor=vendor).values("engagement_id")
    known = across_of(before)
    roots = sorted((known.vanished ^ across.vanished) | (known.collapsed ^ across.collapsed))
    for start in range(0, len(roots), ROOTS):
        yield works.filter(pk__in=roots[start : start + ROOTS])
    projects = [
        name
        for name in known.masses.keys() | across.masses.keys()
        if known.masses.get(name) != across.masses.get(name)
    ]
    if projects:
        yield works.filter(project__in=projects, decided_as="refused")
    if quotes != before.quotes:
        exchanged = Payment.objects.filter(engagement__vendor=vendor, arrivals__isnull=False)
        yield exchanged.values("engagement_id")


def across_of(kept: LookAcross) -> Across:
    """Return what was seen over all accounts, as it was kept."""
    return Across(
        masses={name: [MassRefusal(*one) for one in those] for name, those in kept.masses.items()},
        vanished=_unpacked(kept.vanished),
        collapsed=_unpacked(kept.collapsed),
    )


def _packed(roots: Iterable[int]) -> bytes:
    return array("q", sorted(roots)).tobytes()


def _unpacked(kept: bytes | memoryview) -> frozenset[int]:
    return frozenset(array("q", bytes(kept)))
