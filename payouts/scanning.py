"""The scan: looks at every account of a vendor, and keeps what it finds as flags.

A scan is a job: one step a chunk of accounts, one transaction a step, under the vendor's lock, so
that a scan never sees half of a batch. The same finding is the same flag however often it is found.
A flag that is not found again closes and says what happened; found once more, it opens again. That
somebody looked is recorded also when nothing was found.
"""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from time import sleep
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from ledger import jobs, journal, weeks
from ledger.models import Job, Slot
from ledger.periods import ms_of
from payouts import detectors, facts, flagging, vendor_findings
from payouts.detectors import record_gap
from payouts.models import Scan
from workers.models import Engagement, User, Vendor

DAILY_AT = time(3)  # UTC
WAIT_S = 0.2


def start(*, vendor: Vendor, as_of: datetime, by: User | None = None, at: datetime) -> Scan:
    """Record that somebody looks at a vendor's pay, and queue the looking.

    as_of: the instant that decides what is late. at: now.
    """
    with transaction.atomic():
        scan = Scan.objects.create(
            vendor=vendor,
            as_of=as_of,
            started_at=at,
            by=by,
            counts={code: dict(flagging.NOTHING) for code in flagging.TOLD},
        )
        jobs.add(kind="scan", key=_key(scan), vendor=vendor, params={"scan": scan.pk}, at=at)
    return scan


def scan(*, vendor: Vendor, as_of: datetime, by: User | None = None, at: datetime) -> Scan:
    """Scan a vendor here and now, and return when it is done; also if a worker is quicker.

    Raises jobs.Failed where it cannot be done.
    """
    started = start(vendor=vendor, as_of=as_of, by=by, at=at)
    job = job_of(started)
    while jobs.run(job_id=job.pk, at=at) is None:
        job.refresh_from_db()
        if job.state in ("done", "failed"):
            break
        sleep(WAIT_S)
    started.refresh_from_db()
    if started.finished_at is None:
        raise jobs.Failed(job_of(started).error)
    return started


def start_daily(*, at: datetime) -> list[Scan]:
    """Start the day's scan of every vendor, unless somebody has: of two schedulers, one does.

    The day begins at DAILY_AT. Called more often than once a day, it makes up for a scheduler that
    was off, or a message that was lost.
    """
    try:
        with transaction.atomic():
            Slot.objects.create(name="scan", starts_at=_slot(at))
            return [
                start(vendor=vendor, as_of=at, at=at) for vendor in Vendor.objects.order_by("pk")
            ]
    except IntegrityError:
        return []


def _slot(at: datetime) -> datetime:
    """Return the last DAILY_AT that is not after `at`."""
    today = datetime.combine(at.date(), DAILY_AT, at.tzinfo)
    return today if today <= at else today - timedelta(days=1)


def job_of(scan: Scan) -> Job:
    """Return the job that does a scan."""
    return Job.objects.get(key=_key(scan))


def _key(scan: Scan) -> str:
    return f"scan:{scan.pk}"


@jobs.kind("scan")
def steps(job: Job) -> Iterator[jobs.Step]:
    """Yield the steps of a scan: weeks that wait to be computed, chunks of accounts, the end."""
    scan = Scan.objects.select_related("vendor").get(pk=job.params["scan"])
    yield from weeks.refresh_steps(job, scan.vendor)
    background: facts.Background | None = None

    def look() -> dict[str, Any]:
        nonlocal background
        journal.lock(scan.vendor)
        journal.look_up_by_index()
        background = background or facts.Background.of(scan.vendor, ms_of(scan.as_of))
        return _look(job, scan, background)

    while not job.cursor.get("seen_all"):
        yield look
    if scan.finished_at is None:
        yield lambda: _finish(job, scan)


def _look(job: Job, scan: Scan, background: facts.Background) -> dict[str, Any]:
    """Judge one chunk of accounts, under the vendor's lock; return the cursor behind it."""
    cursor = {
        "after": 0,
        "counts": scan.counts,
        "unchecked": record_gap.Unchecked().as_json(),
        **job.cursor,
    }
    chunk = facts.read(background, after=cursor["after"], limit=facts.ACCOUNTS)
    if not chunk:
        return {**cursor, "seen_all": True}
    unchecked = record_gap.Unchecked.from_json(cursor["unchecked"])
    found = []
    for one in chunk:
        found += [(one.engagement_id, finding) for finding in detectors.judge(one)]
        unchecked.add(one)
    by_engagement = {one.engagement_id: one for one in chunk}
    counted = flagging.keep(scan, found, by_engagement, codes=[d.CODE for d in detectors.DETECTORS])
    job.done += len(chunk)
    job.total = job.total or Engagement.objects.filter(vendor=scan.vendor).count()
    return {
        **cursor,
        "after": chunk[-1].engagement_id,
        "counts": flagging.add(cursor["counts"], counted),
        "unchecked": unchecked.as_json(),
    }


def _finish(job: Job, scan: Scan) -> dict[str, Any]:
    """Judge the vendor as a whole, and record what the scan found."""
    journal.lock(scan.vendor)
    unchecked = record_gap.Unchecked.from_json(job.cursor["unchecked"])
    found = vendor_findings.find(scan.vendor, unchecked, as_of_ms=ms_of(scan.as_of))
    counted = flagging.keep(scan, [(None, one) for one in found], {}, codes=vendor_findings.CODES)
    counts = flagging.add(job.cursor["counts"], counted)
    Scan.objects.filter(pk=scan.pk).update(finished_at=Now(), accounts=job.done, counts=counts)
    return {**job.cursor, "counts": counts}
