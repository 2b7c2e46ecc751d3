"""Full scans of a vendor by one Celery process and by two, in turns, with a Redis of their own.

Parameters: vendor, rounds. Prints what `run` returns. The client, the database and Redis share the
machine's processors: with two of them, two processes cannot take half the time of one that already
keeps the database's own process busy beside it.
"""

import json
import statistics
import sys
import tempfile
from collections import defaultdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import django

django.setup()

import redis  # noqa: E402

from ledger.models import Job  # noqa: E402
from ledger.periods import datetime_of  # noqa: E402
from ledger.sample.days import AS_OF_S  # noqa: E402
from payouts import scan_jobs, scanning  # noqa: E402
from payouts.models import Scan  # noqa: E402
from tests import surroundings  # noqa: E402
from tests.faults import workers  # noqa: E402
from workers.models import Vendor  # noqa: E402

PROCESSES = (1, 2)
NO_JOB = 0  # there is none with this id: a message that only shows that somebody answers
LONGEST_S = 3600


def run(vendor: str, rounds: int) -> dict[str, Any]:
    """Return the median of the seconds that a scan took, by how many processes worked on it."""
    owner = Vendor.objects.get(slug=vendor)
    as_of = datetime_of(AS_OF_S * 1000)
    seconds: defaultdict[int, list[float]] = defaultdict(list)
    with surroundings.redis_server() as server, tempfile.TemporaryDirectory() as folder:
        for number in range(rounds):
            for processes in PROCESSES if number % 2 else PROCESSES[::-1]:
                with workers.worker(server.url, Path(folder), processes=processes):
                    _wait_for_an_answer(server.url)
                    seconds[processes].append(_one_scan(owner, as_of, server.url))
    parts = Job.objects.filter(scan_jobs.is_of(Scan.objects.latest("pk"))).count()
    return {"parts": parts} | {str(n): statistics.median(told) for n, told in seconds.items()}


def _wait_for_an_answer(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as queue:
        queue.flushall()  # the worker before was killed with a message in its hands
        workers.ring(redis_url, NO_JOB)
        workers.until(lambda: not (queue.llen("celery") or queue.hlen("unacked")), LONGEST_S)


def _one_scan(vendor: Vendor, as_of: datetime, redis_url: str) -> float:
    """Start a scan of everything; return how long it took from the first message to its end."""
    at = as_of + timedelta(hours=Scan.objects.count())
    scan = scanning.start(vendor=vendor, as_of=as_of, at=at, full=True)
    workers.ring(redis_url, scanning.job_of(scan).pk)
    done = Scan.objects.filter(pk=scan.pk, finished_at__isnull=False)
    return workers.until(done.exists, LONGEST_S)


if __name__ == "__main__":
    print(json.dumps(run(**json.loads(sys.argv[1]))))
