"""A scan killed at any moment goes on: nothing is lost, nothing doubled, and it gets done."""

import pytest
import redis
from django.db import DatabaseError

from ledger import jobs
from ledger.models import Job
from payouts import facts, flagging, scanning
from payouts.models import Flag, Scan
from tests import bringing, factories
from tests.faults import workers
from tests.payouts.exports import AS_OF, bring_payouts, bring_work, payment, pending, work
from workers.models import Engagement

IDLE_ACCOUNTS = 8_000  # accounts without work: forty chunks between the first and the last
RECOVERY_S = 60  # the lease of 20 s, the sweep's 10 s, the start of a worker, and a busy machine


class Death(BaseException):
    """The process ends here: nothing catches it, nothing is tidied up."""


def what_is_flagged():
    names = ("code", "subject", "stake_micros", "evidence", "resolved_at")
    return list(Flag.objects.order_by("code", "subject").values_list(*names))


@pytest.fixture
def vendor(tmp_path):
    bringing.floor_since_2010()
    one = factories.vendor()
    rows = [work(f"w{number}", 1, rate_amount="9.00") for number in range(3)]
    bring_work(one, tmp_path, *rows, *(pending(f"w{number}", 2) for number in range(3)))
    bring_payouts(one, tmp_path, payment("w1", "9.00"))
    return one


@pytest.fixture
def undisturbed(vendor):
    """What one scan that nobody disturbs flags; the flags are gone again."""
    scan = scanning.scan(vendor=vendor, as_of=AS_OF, at=AS_OF)
    flagged = what_is_flagged()
    Flag.objects.all().delete()
    return flagged, scan.counts


@pytest.mark.django_db
@pytest.mark.parametrize("steps", range(1, 6))
def test_a_scan_that_dies_after_any_step_goes_on_from_there(
    vendor, undisturbed, monkeypatch, steps
):
    monkeypatch.setattr(facts, "ACCOUNTS", 1)
    job_id = started(vendor)
    done = []

    def die(job):
        done.append(job.cursor)
        if len(done) == steps:
            raise Death

    monkeypatch.setattr(jobs, "step_done", die)
    with pytest.raises(Death):
        jobs.run(job_id=job_id, at=AS_OF)
    assert jobs.run(job_id=job_id, at=AS_OF) is None  # the dead one still holds it

    let_the_lease_run_out()
    job = jobs.run(job_id=job_id, at=AS_OF)

    assert job.state == "done"
    assert len(done) == 5  # three accounts, the end of the accounts, the end: none of them twice
    assert (what_is_flagged(), Scan.objects.latest("pk").counts) == undisturbed


@pytest.mark.django_db
def test_a_chunk_that_fails_half_way_leaves_nothing_behind(vendor, undisturbed, monkeypatch):
    job_id = started(vendor)

    def fail(*_):
        raise DatabaseError("the connection is gone")

    with monkeypatch.context() as broken:
        broken.setattr(flagging, "_close", fail)
        with pytest.raises(DatabaseError):
            jobs.run(job_id=job_id, at=AS_OF)
    assert not Flag.objects.exists()

    let_the_lease_run_out()
    jobs.run(job_id=job_id, at=AS_OF)

    assert (what_is_flagged(), Scan.objects.latest("pk").counts) == undisturbed


def started(vendor):
    return scanning.job_of(scanning.start(vendor=vendor, as_of=AS_OF, at=AS_OF)).pk


def let_the_lease_run_out():
    Job.objects.update(lease_until=None)


@pytest.fixture
def broker(redis_url):
    """The address of a Redis with nothing in it."""
    with redis.Redis.from_url(redis_url) as connection:
        connection.flushall()
    return redis_url


@pytest.fixture
def many(vendor, tmp_path):
    """A vendor with late pay of its first 20 accounts and its last 20, and idle ones between."""
    late = [work(f"first-{number}", 1) for number in range(20)]
    bring_work(vendor, tmp_path, *late)
    Engagement.objects.bulk_create(
        [
            Engagement(vendor=vendor, source="studio", account=f"idle-{number}")
            for number in range(IDLE_ACCOUNTS)
        ],
        batch_size=2000,
    )
    bring_work(vendor, tmp_path, *[work(f"last-{number}", 1) for number in range(20)])
    return vendor


def is_done(job_id):
    return lambda: Job.objects.get(pk=job_id).state == "done"


def assert_everything_was_flagged_once(vendor):
    scan = Scan.objects.latest("pk")
    late = Flag.objects.filter(code="W01", engagement__account__regex="^(first|last)-")
    assert late.count() == late.values("engagement").distinct().count() == 40
    assert scan.counts["W01"]["found"] == scan.counts["W01"]["new"] == 42  # and w0, w2
    assert scan.accounts == Engagement.objects.filter(vendor=vendor).count()
    before = what_is_flagged()
    again = scanning.scan(vendor=vendor, as_of=AS_OF, at=AS_OF)
    assert {counts["new"] + counts["resolved"] for counts in again.counts.values()} == {0}
    assert what_is_flagged() == before


@pytest.mark.postgres
@pytest.mark.redis
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("pool", "death"),
    [
        pytest.param("prefork", workers.kill, id="a worker with all its processes"),
        pytest.param("prefork", workers.kill_children, id="the process that does the work"),
        pytest.param("solo", workers.kill, id="a worker of one process"),
    ],
)
def test_a_worker_killed_in_mid_scan_is_replaced(many, broker, tmp_path, pool, death):
    job_id = started(many)
    workers.ring(broker, job_id)
    with workers.worker(broker, tmp_path, pool=pool) as first:
        workers.until(lambda: Job.objects.get(pk=job_id).done >= 1000, 30)
        death(first)
        job = Job.objects.get(pk=job_id)
        assert job.state == "running"
        assert 0 < job.done < job.total
        with workers.worker(broker, tmp_path, pool=pool, clock=True):
            seconds = workers.until(is_done(job_id), RECOVERY_S)

    print(f"killed after {job.done} of {job.total} accounts; done {seconds:.1f} s later")
    assert Job.objects.get(pk=job_id).fence == 2
    assert_everything_was_flagged_once(many)


@pytest.mark.postgres
@pytest.mark.redis
@pytest.mark.django_db(transaction=True)
def test_a_message_delivered_ten_times_is_worked_off_once(many, broker, tmp_path):
    job_id = started(many)
    workers.ring(broker, job_id, times=10)
    with (
        workers.worker(broker, tmp_path),
        workers.worker(broker, tmp_path),
        redis.Redis.from_url(broker) as queue,
    ):
        workers.until(is_done(job_id), RECOVERY_S)
        workers.until(lambda: queue.llen("celery") == 0, RECOVERY_S)

    assert Job.objects.get(pk=job_id).fence == 1
    assert_everything_was_flagged_once(many)


@pytest.mark.postgres
@pytest.mark.redis
@pytest.mark.django_db(transaction=True)
def test_a_message_that_was_lost_is_made_up_for_by_the_sweep(many, broker, tmp_path):
    job_id = started(many)
    workers.ring(broker, job_id)
    with redis.Redis.from_url(broker) as queue:
        assert queue.llen("celery") == 1
        queue.flushall()

    with workers.worker(broker, tmp_path, clock=True):
        seconds = workers.until(is_done(job_id), RECOVERY_S)

    print(f"the message was lost; done after {seconds:.1f} s, start of the worker included")
    assert_everything_was_flagged_once(many)


@pytest.mark.postgres
@pytest.mark.redis
@pytest.mark.django_db(transaction=True)
def test_two_clocks_start_one_scan(broker, vendor, tmp_path):
    with (
        workers.worker(broker, tmp_path),
        workers.worker(broker, tmp_path),
        redis.Redis.from_url(broker) as queue,
        workers.sender(broker) as send,
    ):
        for _ in range(8):
            send("scan_all")
        workers.until(lambda: Scan.objects.exclude(finished_at=None).exists(), RECOVERY_S)
        workers.until(lambda: queue.llen("celery") == 0, RECOVERY_S)

    assert Scan.objects.count() == 1
