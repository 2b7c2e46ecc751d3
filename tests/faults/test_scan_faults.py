"""A scan killed at any moment goes on: nothing is lost, nothing doubled, and it gets done."""

import pytest
from django.db import DatabaseError, transaction

from ledger import jobs
from ledger.models import Job
from payouts import flagging, scan_jobs, scanning
from payouts.facts import accounts
from payouts.models import Flag, Scan
from tests.faults.scans import jobs_of_the_scan, started, what_is_flagged
from tests.payouts.exports import AS_OF


class Death(BaseException):
    """The process ends here: nothing catches it, nothing is tidied up."""


@pytest.fixture
def undisturbed(vendor):
    """What one scan that nobody disturbs flags; nothing of it is there any more."""
    with transaction.atomic():
        scan = scanning.scan(vendor=vendor, as_of=AS_OF, at=AS_OF)
        flagged = what_is_flagged()
        transaction.set_rollback(True)
    return flagged, scan.counts


@pytest.mark.django_db
@pytest.mark.parametrize("steps", range(1, 8))
def test_a_scan_that_dies_after_any_step_goes_on_from_there(
    vendor, undisturbed, monkeypatch, steps
):
    monkeypatch.setattr(accounts, "ACCOUNTS", 1)
    monkeypatch.setattr(scan_jobs, "CHUNKS_A_PART", 3)
    started(vendor)
    done = []

    def die(job):
        done.append(job.cursor)
        if len(done) == steps:
            raise Death

    monkeypatch.setattr(jobs, "step_done", die)
    with pytest.raises(Death):
        run_what_waits()
    (held,) = jobs_of_the_scan().filter(state="running")
    assert jobs.run(job_id=held.pk, at=AS_OF) is None  # the dead one still holds it

    let_the_lease_run_out()
    run_what_waits()

    assert {job.state for job in jobs_of_the_scan()} == {"done"}
    # The start, the whole, three accounts, their end, the end: none of them twice.
    assert len(done) == 7
    assert (what_is_flagged(), Scan.objects.latest("pk").counts) == undisturbed


@pytest.mark.django_db
def test_a_chunk_that_fails_half_way_leaves_nothing_behind(vendor, undisturbed, monkeypatch):
    started(vendor)

    def fail(*_):
        raise DatabaseError("the connection is gone")

    with monkeypatch.context() as broken:
        broken.setattr(flagging, "_close", fail)
        with pytest.raises(DatabaseError):
            run_what_waits()
    assert not Flag.objects.exists()

    let_the_lease_run_out()
    run_what_waits()

    assert (what_is_flagged(), Scan.objects.latest("pk").counts) == undisturbed


def run_what_waits():
    """Run the jobs of the scan one after another, until none is left that nobody holds."""
    while waiting := jobs.waiting().filter(pk__in=jobs_of_the_scan()).first():
        jobs.run(job_id=waiting.pk, at=AS_OF)


def let_the_lease_run_out():
    Job.objects.update(lease_until=None)
