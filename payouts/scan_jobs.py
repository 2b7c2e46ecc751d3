"""How a scan is worked off: several jobs side by side, that each look at some accounts.

The first job computes the weeks that wait, sees what is seen over all accounts, marks those to be
looked at, shares them out, and judges the vendor as a whole. The others look at their accounts in
chunks, one transaction each, and nobody posts facts of the vendor meanwhile. Whoever is done counts
itself off in the transaction that moves its cursor; the last one says what could not be checked.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.db.models import F, Q
from django.db.models.functions import Now

from ledger import jobs, journal, weeks
from ledger.agreed import PayTermsInForce
from ledger.models import Job
from ledger.periods import ms_of
from payouts import detectors, flagging, looking_again, vendor_findings
from payouts.detectors.shapes import Finding
from payouts.facts import accounts
from payouts.facts.background import Across, Background
from payouts.models import LookAcross, Scan
from workers.models import Engagement

CHUNKS_A_PART = 2
CODES = tuple(module.CODE for module in detectors.DETECTORS)


def add(scan: Scan, *, at: datetime) -> Job:
    """Queue the first job of a scan."""
    return jobs.add(kind="scan", key=key(scan), vendor=scan.vendor, params={"scan": scan.pk}, at=at)


def key(scan: Scan) -> str:
    """Return the key of a scan's first job; those of its parts begin with it and a stroke."""
    return f"scan:{scan.pk}"


def is_of(scan: Scan) -> Q:
    """Return what is true of the jobs of a scan."""
    return Q(key=key(scan)) | Q(key__startswith=f"{key(scan)}/")


@jobs.kind("scan")
def steps(job: Job) -> Iterator[jobs.Step]:
    """Yield the steps of one job of a scan."""
    scan = Scan.objects.select_related("vendor").get(pk=job.params["scan"])
    if job.key == key(scan):
        if "begun" not in job.cursor:
            yield from weeks.refresh_steps(job, scan.vendor)
            yield lambda: _begin(job, scan)
        if not job.cursor.get("seen_all"):
            yield lambda: _look_at_the_whole(job, scan)
    else:
        yield from _looks(job, scan)
    if job.cursor.get("is_last") and scan.finished_at is None:
        yield lambda: _finish(job, scan)


def _looks(job: Job, scan: Scan) -> Iterator[jobs.Step]:
    """Yield the chunks of one part."""
    judged_by: tuple[str, Background] | None = None

    def look() -> dict[str, Any]:
        nonlocal judged_by
        journal.lock(scan.vendor, shared=True)
        # The basis first: whoever agrees on something does not wait for scans, and what comes
        # between the two is then looked at again.
        judged_by = judged_by or (looking_again.basis(scan.vendor), _background(scan))
        journal.look_up_by_index()
        return _look(job, scan, *judged_by)

    while not job.cursor.get("seen_all"):
        yield look


def _begin(job: Job, scan: Scan) -> dict[str, Any]:
    """Mark what is to be looked at, and share it out."""
    journal.lock(scan.vendor)
    looking_again.mark(scan, Across.of(scan.vendor, ms_of(scan.as_of)))
    job.total, parts = _shared_out(scan)
    for number, (after, last) in enumerate(parts, 1):
        jobs.add(
            kind="scan",
            key=f"{key(scan)}/{number}",
            vendor=scan.vendor,
            params={"scan": scan.pk, "after": after, "last": last},
            at=job.run_at,
        )
    Scan.objects.filter(pk=scan.pk).update(parts_left=len(parts) + 1)
    return {"begun": True}


def _shared_out(scan: Scan) -> tuple[int, list[tuple[int, int]]]:
    """Return how many accounts are to be looked at; and each part: behind which one, to which."""
    size = accounts.ACCOUNTS * CHUNKS_A_PART
    due = looking_again.due(scan, looking_again.basis(scan.vendor)).order_by("pk")
    number, pk, ends = 0, 0, [0]
    for number, pk in enumerate(due.values_list("pk", flat=True).iterator(), 1):
        if number % size == 0:
            ends.append(pk)
    if number % size:
        ends.append(pk)
    return number, list(pairwise(ends))


def _look_at_the_whole(job: Job, scan: Scan) -> dict[str, Any]:
    """Judge the vendor as a whole; return the cursor behind it."""
    journal.lock(scan.vendor, shared=True)
    found = vendor_findings.of_the_whole(scan.vendor, as_of_ms=ms_of(scan.as_of))
    counts = _keep(scan, found, vendor_findings.OF_THE_WHOLE)
    return {**job.cursor, "counts": counts, "seen_all": True, "is_last": _count_off(scan)}


def _keep(scan: Scan, found: list[Finding], codes: Sequence[str]) -> flagging.Counts:
    """Keep what was found of the vendor, and no account of it."""
    terms = PayTermsInForce.of(scan.vendor)
    return flagging.keep(scan, [(None, one) for one in found], {}, codes=codes, terms=terms)


def _background(scan: Scan) -> Background:
    """Return what holds for all accounts; what is seen over all of them, as it was at the start."""
    kept = LookAcross.objects.filter(vendor=scan.vendor, scan=scan).first()
    across = looking_again.across_of(kept) if kept else None  # None: another scan began meanwhile
    return Background.of(scan.vendor, ms_of(scan.as_of), across)


def _look(job: Job, scan: Scan, basis: str, background: Background) -> dict[str, Any]:
    """Judge one chunk of accounts; return the cursor behind it."""
    cursor = {"counts": {}, **job.params, **job.cursor}
    due = looking_again.due(scan, basis).filter(pk__gt=cursor["after"], pk__lte=cursor["last"])
    heads = looking_again.heads(due, limit=accounts.ACCOUNTS)
    those = Engagement.objects.filter(pk__in=heads)
    chunk = accounts.read(background, after=cursor["after"], limit=accounts.ACCOUNTS, those=those)
    if not chunk:
        return {**cursor, "seen_all": True, "is_last": _count_off(scan)}
    found = [(one.engagement_id, finding) for one in chunk for finding in detectors.judge(one)]
    by_engagement = {one.engagement_id: one for one in chunk}
    counted = flagging.keep(scan, found, by_engagement, codes=CODES, terms=background.terms)
    looking_again.remember(scan, chunk, basis, heads)
    job.done += len(chunk)
    return {
        **cursor,
        "after": chunk[-1].engagement_id,
        "counts": flagging.add(cursor["counts"], counted),
    }


def _count_off(scan: Scan) -> bool:
    """Count a part off, in the transaction that ends it; tell whether it was the last one."""
    Scan.objects.filter(pk=scan.pk).update(parts_left=F("parts_left") - 1)
    return not Scan.objects.values_list("parts_left", flat=True).get(pk=scan.pk)


def _finish(job: Job, scan: Scan) -> dict[str, Any]:
    """Say what could not be checked, and record what the scan found."""
    journal.lock(scan.vendor, shared=True)
    found = vendor_findings.of_the_records(scan.vendor, looking_again.unchecked(scan.vendor))
    counts = _keep(scan, found, vendor_findings.OF_THE_RECORDS)
    parts = list(Job.objects.filter(is_of(scan)))
    for part in parts:
        counts = flagging.add(counts, part.cursor["counts"])
    Scan.objects.filter(pk=scan.pk).update(
        finished_at=Now(),
        accounts=Engagement.objects.filter(vendor=scan.vendor).count(),
        looked_at=sum(part.done for part in parts),
        counts=flagging.seen_again(scan, counts),
    )
    return job.cursor
