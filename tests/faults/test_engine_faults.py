"""Workers, clocks and Redis die in mid-scan: nothing is lost, nothing doubled, and it gets done.

Real Celery workers on PostgreSQL and a real Redis. What the recovery took stands in the table.
"""

from contextlib import ExitStack

import pytest
import redis
from django.db import transaction
from django.db.models import Q

from payouts import scanning
from payouts.models import Scan
from tests.faults import workers
from tests.faults.scans import (
    assert_everything_was_flagged_once,
    is_done,
    jobs_of_the_scan,
    looked_at,
    started,
    what_is_flagged,
)
from tests.payouts.exports import AS_OF

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.redis,
    pytest.mark.django_db(transaction=True),
]
BEGUN = 400  # accounts: then several jobs are at it
SOON_S = 60
HOURS_2 = 7200


def wait_until_begun():
    workers.until(lambda: looked_at() >= BEGUN, SOON_S)
    assert not is_done()


def is_at_a_job():
    """Tell whether somebody is at a job that has more left to do than to end."""
    return jobs_of_the_scan().filter(~Q(cursor__has_key="seen_all"), state="running").exists()


@pytest.mark.parametrize(
    ("pool", "death", "fault"),
    [
        ("prefork", workers.kill, "a worker with all its processes"),
        ("prefork", workers.kill_children, "the processes that do the work"),
        ("solo", workers.kill, "a worker of one process"),
    ],
    ids=["all of it", "its processes", "one process"],
)
def test_a_worker_killed_in_mid_scan_is_replaced(
    many, broker, tmp_path, recovery, pool, death, fault
):
    workers.ring(broker, started(many))
    with workers.worker(broker, tmp_path, pool=pool) as first:
        wait_until_begun()
        with workers.held_up(many, is_at_a_job):
            death(first)
        with workers.worker(broker, tmp_path, pool=pool, clock=True):
            recovery(is_done, f"{fault} killed")

    assert max(job.fence for job in jobs_of_the_scan()) == 2
    assert_everything_was_flagged_once(many)


def test_a_worker_that_dies_after_every_step_gets_the_scan_done(vendor, broker, tmp_path, recovery):
    with transaction.atomic():  # what one scan flags that nobody disturbs; nothing of it stays
        undisturbed = scanning.scan(vendor=vendor, as_of=AS_OF, at=AS_OF)
        flagged = what_is_flagged()
        transaction.set_rollback(True)
    deaths = tmp_path / "deaths"
    started(vendor)
    dying = {"app": "tests.faults.dying", "DEATHS": str(deaths)}
    with workers.worker(broker, tmp_path, **dying), workers.sender(broker) as send:

        def is_done_if_rung_for():
            send("sweep")
            return is_done()

        recovery(is_done_if_rung_for, "a worker dying after each of the steps")

    died = deaths.read_text().splitlines()
    steps = {key: died.count(key) for key in died}
    first, second, third = jobs_of_the_scan()
    # The start and the whole; two accounts and their end; one and its end; at one of them the end.
    assert sum(steps.values()) == 2 + 3 + 2 + 1
    assert {first.key, second.key, third.key} == set(steps)
    assert (what_is_flagged(), Scan.objects.get().counts) == (flagged, undisturbed.counts)


def test_messages_delivered_ten_times_are_worked_off_once(many, broker, tmp_path):
    workers.ring(broker, started(many), times=10)
    with (
        workers.worker(broker, tmp_path),
        workers.worker(broker, tmp_path),
        redis.Redis.from_url(broker) as queue,
    ):
        wait_until_begun()
        for job in jobs_of_the_scan():
            workers.ring(broker, job.pk, times=10)
        workers.until(is_done, SOON_S)
        workers.until(lambda: queue.llen("celery") == 0, SOON_S)

    assert {job.fence for job in jobs_of_the_scan()} == {1}
    assert_everything_was_flagged_once(many)


def test_messages_that_were_lost_are_made_up_for_by_the_sweep(many, broker, tmp_path, recovery):
    workers.ring(broker, started(many))
    with (
        workers.worker(broker, tmp_path, clock=True),
        redis.Redis.from_url(broker) as queue,
    ):
        wait_until_begun()
        assert queue.delete("celery") == 1  # the parts that wait for a process
        recovery(is_done, "the queue deleted")

    assert_everything_was_flagged_once(many)


@pytest.mark.parametrize(
    ("gone_s", "fault"),
    [
        pytest.param(0, "Redis restarted, its messages lost", id="restarted"),
        pytest.param(6, "Redis gone for 6 s, and come back empty", id="gone for a while"),
    ],
)
def test_a_scan_survives_its_redis(many, redis_server, broker, tmp_path, recovery, gone_s, fault):
    workers.ring(broker, started(many))
    with workers.worker(broker, tmp_path, clock=True):
        wait_until_begun()
        redis_server.kill()
        if gone_s:
            workers.stand_by(gone_s)
        redis_server.start()
        recovery(is_done, fault)

    assert_everything_was_flagged_once(many)


def test_a_scan_that_was_started_without_redis_is_done_when_there_is_one(
    many, redis_server, broker, tmp_path, recovery
):
    redis_server.kill()
    started(many)
    redis_server.start()
    with workers.worker(broker, tmp_path, clock=True):
        recovery(is_done, "Redis gone when the scan was started")

    assert_everything_was_flagged_once(many)


def test_two_beats_start_one_scan(vendor, broker, tmp_path):
    with ExitStack() as stack:
        for name in ("one", "other"):
            stack.enter_context(workers.worker(broker, tmp_path))
            stack.enter_context(
                workers.beat(broker, tmp_path, app="tests.faults.hurried", name=name)
            )
        workers.until(is_done, SOON_S)
        workers.stand_by(3)  # each of them has asked again by then

    assert Scan.objects.count() == 1
    assert {job.fence for job in jobs_of_the_scan()} == {1}


@pytest.mark.parametrize(
    "off_s", [pytest.param(HOURS_2, id="ahead"), pytest.param(-HOURS_2, id="behind")]
)
def test_a_clock_that_is_two_hours_off_changes_nothing(many, broker, tmp_path, recovery, off_s):
    """One worker has the wrong clock and another the right one; beat has the wrong one, too."""
    workers.ring(broker, started(many))
    wrong = {"app": "tests.faults.clock_off", "CLOCK_OFF_S": str(off_s)}
    with (
        workers.worker(broker, tmp_path, processes=1),
        workers.worker(broker, tmp_path, processes=1, clock=True, **wrong),
        redis.Redis.from_url(broker) as queue,
    ):
        wait_until_begun()
        queue.delete("celery")
        way = "ahead" if off_s > 0 else "behind"
        recovery(is_done, f"the queue deleted, beat and a worker two hours {way}")

    assert_everything_was_flagged_once(many)
