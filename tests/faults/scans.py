"""Scans that are disturbed: what is begun, what it flags, and how to tell that it was done once."""

from ledger.models import Job
from payouts import scan_jobs, scanning
from payouts.models import Flag, Scan
from tests.payouts.exports import AS_OF
from workers.models import Engagement

LATE = 40  # accounts with late pay of the vendor `many`


def what_is_flagged():
    """Return all flags, without the ids and times that differ from one scan to the next."""
    names = ("code", "subject", "stake_micros", "evidence", "resolved_at")
    return list(Flag.objects.order_by("code", "subject").values_list(*names))


def started(vendor):
    """Start a scan; return the id of its first job."""
    return scanning.job_of(scanning.start(vendor=vendor, as_of=AS_OF, at=AS_OF)).pk


def jobs_of_the_scan():
    """Return the jobs of the only scan."""
    return Job.objects.filter(scan_jobs.is_of(Scan.objects.get())).order_by("pk")


def looked_at():
    """Return how many accounts the jobs of the scan have looked at so far."""
    return scanning.progress(jobs_of_the_scan()).done


def is_done():
    """Tell whether the scan has ended, and each of its jobs."""
    ended = Scan.objects.filter(finished_at__isnull=False).exists()
    return ended and not jobs_of_the_scan().exclude(state="done").exists()


def assert_everything_was_flagged_once(vendor):
    """Hold what a disturbed scan of `many` left behind against a scan of everything."""
    scan = Scan.objects.get()
    late = Flag.objects.filter(code="W01", engagement__account__regex="^(first|last)-")
    assert late.count() == late.values("engagement").distinct().count() == LATE
    assert scan.counts["W01"]["found"] == scan.counts["W01"]["new"] == LATE + 2  # and w0, w2
    assert scan.accounts == scan.looked_at == Engagement.objects.filter(vendor=vendor).count()
    assert {job.state for job in jobs_of_the_scan()} == {"done"}
    before = what_is_flagged()
    again = scanning.scan(vendor=vendor, as_of=AS_OF, at=AS_OF, full=True)
    assert {counts["new"] + counts["resolved"] for counts in again.counts.values()} == {0}
    assert what_is_flagged() == before
