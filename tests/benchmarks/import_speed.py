"""An import of canonical rows through the real door, beside the raw copy of what it leaves behind.

Each database, in turns: the file into an empty ledger; the raw copy; the same file again (all rows
unchanged); as many other rows of the same workers, in the order of time, into the ledger that is
now full. Every run is a process of its own.
"""

import csv
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ledger.importers.fields import instant
from ledger.sample.bench import write_bench
from tests.benchmarks import databases

ROWS_A_WORKER = 500
HEADER = ("import", "rows/s", "seconds", "processor s", "limit s", "ratio", "peak MB")


def measure(rows: int, kinds: list[str]) -> Iterator[tuple[str, ...]]:
    """Yield the lines of a table under HEADER; what grows with the ledger is printed on the way."""
    with tempfile.TemporaryDirectory(prefix="bench-") as temporary:
        folder = Path(temporary)
        first, _ = write_bench(folder, rows=rows, workers=max(rows // ROWS_A_WORKER, 1))
        second = _others_by_time(first)
        for kind in kinds:
            with databases.empty(kind, folder, "import") as ledger:
                yield from _one(kind, ledger, folder, rows, first, second)


def _one(
    kind: str, ledger: str, folder: Path, rows: int, first: Path, second: Path
) -> Iterator[tuple[str, ...]]:
    def bring_in(file: Path, **options: Any) -> dict[str, Any]:
        return databases.call(
            "one_import", ledger, folder, file=str(file), vendor="bench", **options
        )

    fresh = bring_in(first)
    with databases.empty(kind, folder, "limit") as copy:
        limit = databases.call("raw_copy", copy, folder, source=ledger)
    yield _line(f"{kind}: into an empty ledger", rows, fresh, limit)
    again = folder / "again.csv"
    again.write_bytes(first.read_bytes() + b"\n")  # another file, the same rows
    yield _line(f"{kind}: the same rows again", rows, bring_in(again))
    full = bring_in(second)
    yield _line(f"{kind}: as many more, by time", rows, full)
    for name, run in (("empty", fresh), ("full", full)):
        print(f"{kind}, {name} ledger, seconds for each tenth: {_tenths(run['steps'])}", flush=True)


def _line(
    name: str, rows: int, run: dict[str, Any], limit: dict[str, Any] | None = None
) -> tuple[str, ...]:
    beside = ("", "")
    if limit:
        ratio = limit["seconds"] / run["seconds"]
        by_cpu = limit["cpu_seconds"] / run["cpu_seconds"]
        beside = (f"{limit['seconds']:.1f}", f"{ratio:.2f} ({by_cpu:.2f} by processor)")
    return (
        name,
        f"{rows / run['seconds']:,.0f}",
        f"{run['seconds']:.1f}",
        f"{run['cpu_seconds']:.1f}",
        *beside,
        f"{run['peak_mb']:.0f}",
    )


def _tenths(steps: list[tuple[str, int, float]]) -> str:
    """Return check, post in ten parts of equal rows, and weeks, in seconds."""
    ends = {phase: [(done, at) for its, done, at in steps if its == phase] for phase in PHASES}
    checked = ends["check"][-1][1]
    parts, began = [], checked
    total = ends["post"][-1][0]
    for tenth in range(1, 11):
        ended = max((at for done, at in ends["post"] if done <= total * tenth / 10), default=began)
        parts.append(f"{ended - began:.1f}")
        began = ended
    weeks = steps[-1][2] - ends["post"][-1][1]
    return f"check {checked:.1f}, post {' '.join(parts)}, weeks {weeks:.1f}"


PHASES = ("check", "post")


def _others_by_time(first: Path) -> Path:
    """Write rows like those of `first` under other ids, in the order in which they ended."""
    other = first.with_name("others.csv")
    with first.open(newline="") as source, other.open("w", newline="") as out:
        rows = csv.reader(source)
        header = next(rows)
        at, ended = header.index("external_id"), header.index("ended_at")
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(header)
        for row in sorted(rows, key=lambda row: instant(row[ended])):
            row[at] += "-b"
            writer.writerow(row)
    return other
