"""Vendors to scan while something breaks, and the table of how long it took to get over it."""

import pytest
import redis

from tests import bringing, factories
from tests.faults import workers
from tests.payouts.exports import bring_payouts, bring_work, payment, pending, work
from workers.models import Engagement

# Apps of Celery that are wrong on purpose: for processes of their own, never imported here.
collect_ignore = ["clock_off.py", "dying.py", "hurried.py", "sweeping.py"]
IDLE_ACCOUNTS = 5_000  # without work: some 25 chunks in seven parts, or so
WITHIN_S = 120  # then it counts as not done; how long it took is told, not asserted
RECOVERED: list[tuple[str, float]] = []


@pytest.fixture
def vendor(tmp_path):
    bringing.floor_since_2010()
    one = factories.vendor()
    rows = [work(f"w{number}", 1, rate_amount="9.00") for number in range(3)]
    bring_work(one, tmp_path, *rows, *(pending(f"w{number}", 2) for number in range(3)))
    bring_payouts(one, tmp_path, payment("w1", "9.00"))
    return one


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


@pytest.fixture
def broker(redis_url):
    """The address of a Redis with nothing in it."""
    with redis.Redis.from_url(redis_url) as connection:
        connection.flushall()
    return redis_url


@pytest.fixture
def recovery(request):
    """Wait until something is so again, and put into the table how long that took."""

    def wait(is_so, fault):
        RECOVERED.append((fault, workers.until(is_so, WITHIN_S)))

    return wait


def pytest_terminal_summary(terminalreporter):
    if RECOVERED:
        terminalreporter.section("from the end of a fault until the scan was done")
        for fault, seconds in RECOVERED:
            terminalreporter.line(f"| {fault} | {seconds:.1f} s |")
