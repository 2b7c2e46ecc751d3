"""The scan: looks at a vendor's accounts, and keeps what it finds as flags.

The same finding is the same flag however often it is found. A flag that is not found again closes
and says what happened; found once more, it opens again. That somebody looked is recorded also when
nothing was found. How a scan is worked off, by one process or by many, is in scan_jobs.py.
"""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from time import sleep
from typing import NamedTuple

from django.db import IntegrityError, transaction

from ledger import jobs
from ledger.models import Job, Slot
from payouts import flagging, scan_jobs
from payouts.models import Scan
from workers.models import User, Vendor

DAILY_AT = time(3)  # UTC
WAIT_S = 0.2


class Progress(NamedTuple):
    """How far a scan is, over all of its jobs."""

    state: str
    done: int
    total: int
    error: str


def start(
    *, vendor: Vendor, as_of: datetime, by: User | None = None, at: datetime, full: bool = False
) -> Scan:
    """Record that somebody looks at a vendor's pay, and queue the looking.

    as_of: the instant that decides what is late. at: now. full: look at every account, also where
    nothing can have changed since the last scan.
    """
    with transaction.atomic():
        scan = Scan.objects.create(
            vendor=vendor,
            as_of=as_of,
            started_at=at,
            by=by,
            full=full,
            counts={code: dict(flagging.NOTHING) for code in flagging.TOLD},
        )
        scan_jobs.add(scan, at=at)
    return scan


def scan(
    *, vendor: Vendor, as_of: datetime, by: User | None = None, at: datetime, full: bool = False
) -> Scan:
    """Scan a vendor here and now, and return when it is done; also if a worker is quicker.

    Raises jobs.Failed where it cannot be done.
    """
    started = start(vendor=vendor, as_of=as_of, by=by, at=at, full=full)
    going_on = Job.objects.filter(scan_jobs.is_of(started), state__in=jobs.GOES_ON).order_by("pk")
    while waiting := list(going_on.values_list("pk", flat=True)):
        if not any(jobs.run(job_id=pk, at=at) for pk in waiting):
            sleep(WAIT_S)
    started.refresh_from_db()
    if started.finished_at is None:
        raise jobs.Failed(progress(Job.objects.filter(scan_jobs.is_of(started))).error)
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
    """Return the job that begins a scan."""
    return Job.objects.get(key=scan_jobs.key(scan))


def progress(of_scan: Iterable[Job]) -> Progress:
    """Return how far these jobs of one scan are: failed if one is, as then it cannot end."""
    jobs_of_scan = list(of_scan)
    states = {job.state for job in jobs_of_scan}
    state = next((one for one in ("failed", "running", "waiting") if one in states), "done")
    return Progress(
        state,
        sum(job.done for job in jobs_of_scan),
        sum(job.total for job in jobs_of_scan),
        next((job.error for job in jobs_of_scan if job.state == "failed"), ""),
    )
