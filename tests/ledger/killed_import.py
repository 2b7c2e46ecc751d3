"""A process that brings one file in and is killed: `python -m tests.ledger.killed_import HOW SEED`.

HOW: prepare (make the vendor, its accounts and the import of FILE), undisturbed, boundaries (dies
after every step that it commits) or moments (dies at 20 random moments). Each try runs in a child
that is killed for good (SIGKILL), and the next one goes on. Prints what was left, as JSON.
"""

import hashlib
import json
import os
import random
import signal
import sys
import time
from pathlib import Path

import django

django.setup()

from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from ledger import intake, jobs, proofs  # noqa: E402
from ledger.models import (  # noqa: E402
    Batch,
    Import,
    Job,
    Payment,
    Stream,
    Transfer,
    WeekMark,
    Work,
    WorkWeek,
)  # fmt: skip
from tests.bringing import floor_since_2010  # noqa: E402
from workers.models import Engagement, Vendor  # noqa: E402

MOMENTS = 20
LONGEST_S = 1.2
intake.CHUNK_ROWS = 5_000


def prepare(file: str, source: str, accounts: list[str]) -> None:
    """Make all that is random by nature: keys and pseudonyms of accounts, the import's uuid."""
    vendor = Vendor.objects.create(name="Killed", slug="killed", created_at=timezone.now())
    floor_since_2010()
    Engagement.objects.bulk_create(
        [Engagement(vendor=vendor, source=source, account=name) for name in accounts]
    )
    intake.receive(vendor=vendor, kind="work", path=Path(file), name="bench.csv", at=timezone.now())


def bring_in(*, dies_after_a_step: bool) -> None:
    """Run the import's job in this process, as long as it lives."""
    job = Job.objects.get()
    # Whoever held it is dead: do not wait until the lease runs out.
    Job.objects.filter(pk=job.pk).update(lease_until=None)
    if dies_after_a_step:
        jobs.step_done = lambda job: os.kill(os.getpid(), signal.SIGKILL)
    jobs.run(job_id=job.pk, at=timezone.now())


def child(dies_after_a_step: bool, killed_after_s: float | None = None) -> bool:
    """Run a try in a child; return whether it came to its own end."""
    pid = os.fork()
    if pid == 0:
        try:
            bring_in(dies_after_a_step=dies_after_a_step)
            os._exit(0)
        finally:
            os._exit(1)
    if killed_after_s is not None:
        time.sleep(killed_after_s)
        os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise SystemExit("the child failed")
    return os.WIFEXITED(status)


def kill(how: str, seed: int) -> int:
    """Bring the file in, however often its process dies; return how often it died."""
    deaths, moments = 0, random.Random(seed)
    if how == "moments":
        while deaths < MOMENTS and not child(False, LONGEST_S * moments.random() ** 2):
            deaths += 1
    while not child(how == "boundaries"):
        deaths += 1
    return deaths


def left() -> dict[str, object]:
    """Return what is in the database and in the folder of uploads, but for ids and moments."""
    imported = Import.objects.get()
    digest = hashlib.sha256()
    for rows in (
        Work.objects.order_by("engagement", "n").values_list(
            "engagement", "n", "external_id", "revision", "started_at_ms", "ended_at_ms"
        ),
        Transfer.objects.order_by("engagement", "n").values_list(
            "engagement", "n", "work__external_id", "move", "amount_micros", "due_at_ms"
        ),
        WorkWeek.objects.order_by("engagement", "starts_on").values_list(
            "engagement", "starts_on", "b_low_ms", "b_high_ms", "earned_micros", "pieces"
        ),
        Stream.objects.order_by("engagement").values_list("engagement", "n"),
    ):
        for row in rows.iterator(2_000):
            digest.update(repr(row).encode())
    batches = list(Batch.objects.order_by("chunk"))
    return {
        "state": imported.state,
        "job": Job.objects.get().state,
        "counts": imported.counts,
        "roots": [bytes(batch.merkle_root).hex() for batch in batches],
        "wrong": [text for batch in batches[:1] for text in proofs.recheck(batch)],
        "rows": [model.objects.count() for model in (Work, Transfer, Payment, WorkWeek)],
        "marks": WeekMark.objects.count(),
        "digest": digest.hexdigest(),
        "files": sorted(path.name for path in intake.uploads().iterdir()),
    }


if __name__ == "__main__":
    how, *rest = sys.argv[1:]
    if how == "prepare":
        prepare(rest[0], rest[1], rest[2].split(","))
    else:
        deaths = kill(how, int(rest[0]))
        print(json.dumps({"deaths": deaths, **left()}))
        connection.close()
