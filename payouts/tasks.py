"""Celery's door: thin. Each task finds its rows, makes one call, and is done.

The modules imported here are those that say what their kind of job does: a worker knows no other.
"""

from celery import shared_task
from django.utils import timezone

from ledger import intake, jobs, lapsing, releasing, undo
from payouts import scanning
from payouts.runs import sending
from payouts.settlement import intake as settlement
from payouts.statements import issue

WORKED_OFF = (intake, issue, lapsing, releasing, undo, scanning, sending, settlement)


@shared_task(name="run_job", acks_late=True)  # only the bell: the job row knows where to go on
def run_job(*, job_id: int) -> None:
    """Run a job, unless it is done or somebody else holds it."""
    jobs.run(job_id=job_id, at=timezone.now())


@shared_task(name="sweep")
def sweep() -> int:
    """Ring again for every job that nobody holds: its worker died, or its message was lost."""
    return jobs.sweep(at=timezone.now())


@shared_task(name="scan_all")
def scan_all() -> int:
    """Start the day's scan of every vendor, if nobody has; return how many were started."""
    return len(scanning.start_daily(at=timezone.now()))


@shared_task(name="lapse_all")
def lapse_all() -> int:
    """Start the day's lapsing of review windows of every vendor; return how many there are."""
    return len(lapsing.start_daily(at=timezone.now()))


@shared_task(name="release_all")
def release_all() -> int:
    """Start the release of every hold that is past its end; return for how many vendors."""
    return len(releasing.start_due(at=timezone.now()))
