"""Celery's door: thin. Each task finds its rows, makes one call, and is done.

The modules imported here are those that say what their kind of job does: a worker knows no other.
"""

from celery import shared_task
from django.utils import timezone

from ledger import intake, jobs, lapsing, releasing, undo
from payouts import scanning
from payouts.disputes import answering
from payouts.flag_life import answering as flags
from payouts.runs import sending
from payouts.settlement import intake as settlement
from payouts.statements import issue

WORKED_OFF = (
    answering, intake, issue, lapsing, releasing, undo, scanning, sending, settlement,
)  # fmt: skip


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


@shared_task(name="escalate")
def escalate() -> int:
    """Show questions that nobody answered in time to the auditors; return how many."""
    return answering.escalate_overdue(at=timezone.now())


@shared_task(name="escalate_flags")
def escalate_flags() -> int:
    """Show flags that no vendor answered in time to the auditors; return how many."""
    return flags.escalate_overdue(at=timezone.now())
