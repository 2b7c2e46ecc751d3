"""Work that goes on in the background and survives being killed at any moment.

The Job row is the truth and a Celery message only the bell. Whoever runs a job holds it by a lease
under a fence; each step is one transaction that first makes sure of the fence and last moves the
cursor. A lost or doubled message changes nothing: `sweep` rings again whatever nobody holds.

A kind of job is a generator of steps: it reads the job's cursor once, and yields callables that
each do one bounded piece of work and return the new cursor.
"""

import gc
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from celery import current_app
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import translation
from kombu.exceptions import OperationalError

from ledger.models import Job
from workers.models import Vendor

logger = logging.getLogger(__name__)

# How long a job whose worker died stays untouched. A step that takes longer is safe: it holds the
# row's lock, and the lease that it extends is seen as soon as the lock is free. With the time from
# one sweep to the next (config/celery.py) it is how long a dead worker's job waits for another.
# Leases are written and read with the database's clock: no worker's own clock matters.
LEASE = timedelta(seconds=15)
RUNG_AGAIN_AFTER = timedelta(seconds=4)  # sweeps that piled up must not each ring for every job
# Made and still there before Python looks for reference cycles: more than a chunk makes.
OBJECTS = 1_000_000
GOES_ON = ("waiting", "running")  # the states of a job that is not over
MOST_ATTEMPTS = 5  # without any progress; then somebody must look

Step = Callable[[], dict[str, Any]]
KINDS: dict[str, Callable[[Job], Iterator[Step]]] = {}
Following = Callable[[Job, Vendor], Iterator[Step]]
FOLLOWERS: dict[str, list[Following]] = {}


class Lost(Exception):
    """Somebody else holds the job now; what this process was about to write is not written."""


class Failed(Exception):
    """The job cannot be done, however often it is tried; the message says why."""


def kind(name: str) -> Callable[[Callable[[Job], Iterator[Step]]], Callable[[Job], Iterator[Step]]]:
    """Register a generator of steps as a kind of job."""

    def register(steps: Callable[[Job], Iterator[Step]]) -> Callable[[Job], Iterator[Step]]:
        KINDS[name] = steps
        return steps

    return register


def follows(what: str) -> Callable[[Following], Following]:
    """Register a generator of steps that goes on behind every import of this kind, or its undoing.

    So an app to the right has its turn when something came in, and this one need not know it.
    """

    def register(steps: Following) -> Following:
        FOLLOWERS.setdefault(what, []).append(steps)
        return steps

    return register


def followers(what: str, job: Job, vendor: Vendor) -> Iterator[Step]:
    """Yield the steps of all that follow an import of this kind."""
    for steps in FOLLOWERS.get(what, []):
        yield from steps(job, vendor)


def add(*, kind: str, key: str, vendor: Vendor, params: dict[str, Any], at: datetime) -> Job:
    """Return the job with this key, made now if there is none, and ring for it after the commit."""
    job, _ = Job.objects.get_or_create(
        key=key, defaults={"kind": kind, "vendor": vendor, "params": params, "created_at": at}
    )
    transaction.on_commit(lambda: ring(job))
    return job


def ring(job: Job) -> None:
    """Tell a worker that there is something to do. If no broker answers, the sweep does it."""
    try:
        current_app.send_task("run_job", kwargs={"job_id": job.pk})
    except OperationalError:
        logger.warning("No broker answers; job %s waits for the sweep.", job.pk)


def waiting() -> models.QuerySet[Job]:
    """Return the jobs that should go on and that nobody holds."""
    free = Q(lease_until=None) | Q(lease_until__lt=Now())
    return Job.objects.filter(free, state__in=GOES_ON)


def sweep(*, at: datetime) -> int:
    """Ring for every job that nobody holds, unless a sweep has just done so; return how many.

    One that was begun five times and never got a step done ends as failed: it kills its workers.
    """
    waiting().filter(attempts__gte=MOST_ATTEMPTS).update(
        state="failed",
        finished_at=at,
        error=f"Its worker died {MOST_ATTEMPTS} times without getting a step done.",
    )
    silent = Q(rung_at=None) | Q(rung_at__lt=Now() - RUNG_AGAIN_AFTER)
    jobs = list(waiting().filter(silent).order_by("pk"))
    Job.objects.filter(pk__in=[job.pk for job in jobs]).update(rung_at=Now())
    for job in jobs:
        ring(job)
    return len(jobs)


def again(job: Job) -> None:
    """Let a job that failed go on where it stopped."""
    if Job.objects.filter(pk=job.pk, state="failed").update(state="waiting", attempts=0, error=""):
        transaction.on_commit(lambda: ring(job))


@translation.override(None)  # what a job leaves on record is said in English
def run(*, job_id: int, at: datetime) -> Job | None:
    """Run a job to its end, or return None when it is done or somebody else holds it."""
    job = _claim(job_id)
    if job is None:
        return None
    job.run_at = at
    try:
        with _seldom_searching():
            for step in KINDS[job.kind](job):
                _take(job, step)
    except Lost:
        return None
    except Failed as error:
        return _end(job, "failed", at, str(error)[:500])
    except Exception as error:
        if not _let_go(job, f"{type(error).__name__}: {error}"[:500], at):
            return None  # somebody else has gone on: what it met here is that one's doing
        raise
    return _end(job, "done", at)


@contextmanager
def _seldom_searching() -> Iterator[None]:
    """Let Python seldom look for reference cycles.

    A chunk is a hundred thousand tuples without any, and looking took a third of an import's time.
    """
    usual = gc.get_threshold()
    gc.set_threshold(OBJECTS, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _claim(job_id: int) -> Job | None:
    taken = (
        waiting()
        .filter(pk=job_id)
        .update(
            state="running",
            fence=F("fence") + 1,
            attempts=F("attempts") + 1,
            lease_until=Now() + LEASE,
        )
    )
    return Job.objects.select_related("vendor").get(pk=job_id) if taken else None


def _take(job: Job, step: Step) -> None:
    """Do one step in one transaction, if the job is still ours."""
    with transaction.atomic():
        _hold(job)
        job.cursor = step()
        job.attempts = 0
        job.save(update_fields=["cursor", "attempts", "done", "total"])
    step_done(job)


def step_done(job: Job) -> None:
    """Called after each committed step; fault tests put a sudden death here."""


def _hold(job: Job) -> None:
    held = Job.objects.filter(pk=job.pk, fence=job.fence, state="running")
    if not held.update(lease_until=Now() + LEASE):
        raise Lost(f"job {job.pk} has a newer fence than {job.fence}")


def _end(job: Job, state: str, at: datetime, error: str = "") -> Job | None:
    ended = Job.objects.filter(pk=job.pk, fence=job.fence).update(
        state=state, error=error, finished_at=at, lease_until=None
    )
    if not ended:
        return None
    job.refresh_from_db()
    return job


def _let_go(job: Job, error: str, at: datetime) -> bool:
    """Give a job back after an unexpected error: another try soon, and an end after five.

    Returns whether it was ours to give.
    """
    if job.attempts >= MOST_ATTEMPTS:
        return _end(job, "failed", at, error) is not None
    return bool(
        Job.objects.filter(pk=job.pk, fence=job.fence).update(
            error=error, lease_until=Now() + timedelta(seconds=2**job.attempts)
        )
    )
