"""One import through the real door, measured in this process: `databases.call("one_import", ...)`.

Parameters: file, vendor (made if it is not there). Prints what `run` returns.
"""

import json
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

import django

django.setup()

from django.utils import timezone  # noqa: E402

from ledger import intake, jobs  # noqa: E402
from ledger.floor import ASKED_FOR  # noqa: E402
from ledger.models import Batch, Job, Transfer, WageFloor, Work, WorkWeek  # noqa: E402
from tests.benchmarks.measuring import Meter, peak_mb  # noqa: E402
from workers.models import Vendor  # noqa: E402

FLOOR_FROM = date(2010, 1, 1)


def run(
    file: str, vendor: str, kind: str = "work", exported_at: str = "", **options: Any
) -> dict[str, Any]:
    """Bring `file` in. Returns seconds, cpu_seconds, peak_mb, counts, and the time of each step."""
    now = timezone.now()
    if exported_at:
        options["exported_at"] = now = datetime.fromisoformat(exported_at)
    owner, _ = Vendor.objects.get_or_create(
        slug=vendor, defaults={"name": vendor, "created_at": now}
    )
    _floor()
    meter = Meter()
    steps: list[tuple[str, int, float]] = []

    def step_done(job: Job) -> None:
        read = job.cursor.get("rows", 0)
        phase = "post" if job.cursor.get("checked") and read else "check"
        if steps and steps[-1][:2] in (("post", read), ("weeks", read)):
            phase = "weeks"
        steps.append((phase, read, meter.read()["seconds"]))

    jobs.step_done = step_done
    imported, _ = intake.receive(
        vendor=owner, kind=kind, path=Path(file), name=Path(file).name, at=now, **options
    )
    job = jobs.run(job_id=intake.job_of(imported).pk, at=now)
    used = meter.read()
    imported.refresh_from_db()
    if job is None or job.state != "done" or imported.state != "done":
        why = imported.refusal or (job and job.error)
        raise SystemExit(f"the import is {imported.state}: {why}")
    return {**used, "peak_mb": peak_mb(), "counts": imported.counts, "steps": steps, **_held()}


def _floor() -> None:
    WageFloor.objects.get_or_create(
        from_on=FLOOR_FROM,
        defaults={
            "hourly_micros": 15_000_000,
            "currency": "USD",
            "kinds": sorted(ASKED_FOR),
            "merge_gap_ms": 60_000,
            "reason": "to measure with",
            "recorded_at": timezone.now(),
        },
    )


def _held() -> dict[str, int]:
    """Return how many rows the ledger now has."""
    tables = {"work": Work, "transfers": Transfer, "weeks": WorkWeek, "batches": Batch}
    return {name: model._default_manager.count() for name, model in tables.items()}


if __name__ == "__main__":
    print(json.dumps(run(**json.loads(sys.argv[1]))))
