"""The most memory that an import holds: `python -m tests.benchmarks.import_memory [ROWS]`.

Writes a file of 1,000,000 rows, brings it in through the real door in a process of its own, on
SQLite or on the database of DATABASE_URL (made for this, empty), prints the peak of its resident
memory, and fails where that is 300 MB or more.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
MOST_MB = 300
WORKERS = 2_000


def measure(rows: int) -> int:
    """Write the file, bring it in in another process; return the exit status."""
    from ledger.sample.bench import write_bench

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file, _ = write_bench(folder, rows=rows, workers=min(WORKERS, rows))
        given = {"DJANGO_SETTINGS_MODULE": "config.settings", "PAID_VAR": str(folder / "var")}
        environment = {**os.environ, **given}
        for command in (
            ["manage.py", "migrate", "--verbosity", "0"],
            ["-m", "tests.benchmarks.import_memory", "child", str(file)],
        ):
            done = subprocess.run([sys.executable, *command], cwd=ROOT, env=environment)
            if done.returncode:
                return done.returncode
    return 0


def bring_in(file: str) -> int:
    """Bring the file in, in this process; return the exit status."""
    import django

    django.setup()
    from django.utils import timezone

    from ledger import intake, jobs
    from tests.bringing import floor_since_2010
    from workers.models import Vendor

    now, started = timezone.now(), time.perf_counter()
    vendor = Vendor.objects.create(name="Memory", slug="memory", created_at=now)
    floor_since_2010()
    imported, _ = intake.receive(vendor=vendor, kind="work", path=Path(file), name=file, at=now)
    jobs.run(job_id=intake.job_of(imported).pk, at=now)
    imported.refresh_from_db()
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1_000_000
    seconds = time.perf_counter() - started
    counts = imported.counts
    print(f"{imported.state}: {counts} in {seconds:.0f} s, at most {peak_mb:.0f} MB resident")
    return int(imported.state != "done" or peak_mb >= MOST_MB)


if __name__ == "__main__":
    if sys.argv[1:2] == ["child"]:
        sys.exit(bring_in(sys.argv[2]))
    sys.exit(measure(int(sys.argv[1]) if sys.argv[1:] else 1_000_000))
