"""Scans of all accounts and after 1 % of the work changed; by one Celery process and by two."""

import csv
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from ledger.periods import datetime_of
from ledger.sample.bench import write_bench
from ledger.sample.days import AS_OF_S
from tests import surroundings
from tests.benchmarks import databases

HEADER = ("scan", "looked at", "rows/s", "seconds", "processor s", "read s", "ratio", "peak MB")
ROWS_A_WORKER = 50
ROUNDS = 3
ONE_PERCENT = 100


def measure(rows: int, kinds: list[str]) -> Iterator[tuple[str, ...]]:
    """Yield the lines of a table under HEADER; what was found is printed on the way."""
    with tempfile.TemporaryDirectory(prefix="bench-") as temporary:
        folder = Path(temporary)
        files = write_bench(folder, rows=rows, workers=max(rows // ROWS_A_WORKER, 1))
        for kind in kinds:
            with databases.empty(kind, folder, "scan") as ledger:
                yield from _measured(kind, ledger, folder, rows, files)


def _measured(
    kind: str, ledger: str, folder: Path, rows: int, files: tuple[Path, Path]
) -> Iterator[tuple[str, ...]]:
    work, paid = files
    _bring_in(ledger, folder, work, "work")
    _bring_in(ledger, folder, paid, "payouts")

    def line(name: str, later: int, full: bool = False) -> tuple[str, ...]:
        told = databases.call("one_scan", ledger, folder, vendor="bench", full=full, later=later)
        print(f"{kind}, {name}, flags: {told['counts']}", flush=True)
        return _line(f"{kind}: {name}", rows, told)

    yield line("of all, the first", 0)
    yield line("of all, again", 1, full=True)
    yield line("nothing changed", 2)
    end = rows // ONE_PERCENT
    for number, (name, those) in enumerate(
        {
            "1 % of the work changed, of 1 % of the workers": slice(end),
            "1 % of the work changed, of as many workers as can be": slice(7, None, ONE_PERCENT),
        }.items(),
        start=3,
    ):
        changed = _changed(work, folder / f"changed-{number}.csv", those, number)
        exported_at = datetime_of(AS_OF_S * 1000) + timedelta(hours=number)
        _bring_in(ledger, folder, changed, "work", exported_at=exported_at.isoformat())
        yield line(name, number)
    if kind == "PostgreSQL" and "redis" not in surroundings.missing():
        yield from _fan_out(ledger, folder, rows)


def _bring_in(ledger: str, folder: Path, file: Path, kind: str, **given: str) -> None:
    databases.call("one_import", ledger, folder, file=str(file), vendor="bench", kind=kind, **given)


def _changed(work: Path, into: Path, those: slice, cents: int) -> Path:
    """Write an export in which some rows of another are told with a little more pay."""
    with work.open(newline="") as stream, into.open("w", newline="") as written:
        reader = csv.DictReader(stream)
        writer = csv.DictWriter(written, list(reader.fieldnames or ()))
        writer.writeheader()
        for row in list(reader)[those]:
            writer.writerow(
                {**row, "rate_amount": f"{float(row['rate_amount']) + cents / 100:.2f}"}
            )
    return into


def _line(name: str, rows: int, told: dict[str, Any]) -> tuple[str, ...]:
    scan, read = told["scan"], told["read"]
    return (
        name,
        f"{told['looked_at']:,} of {told['accounts']:,}",
        f"{rows / scan['seconds']:,.0f}",
        f"{scan['seconds']:.1f}",
        f"{scan['cpu_seconds']:.1f}",
        f"{read['seconds']:.1f}",
        f"{read['seconds'] / scan['seconds']:.2f}",
        f"{told['peak_mb']:.0f}",
    )


def _fan_out(ledger: str, folder: Path, rows: int) -> Iterator[tuple[str, ...]]:
    told = databases.call("one_fan_out", ledger, folder, vendor="bench", rounds=ROUNDS)
    for processes in ("1", "2"):
        seconds, ratio = told[processes], told[processes] / told["1"]
        name = f"PostgreSQL: of all in {told['parts']} parts, Celery processes: {processes}"
        yield (
            name, "all", f"{rows / seconds:,.0f}", f"{seconds:.1f}", "", "",
            f"{ratio:.2f} of one's time", "",
        )  # fmt: skip
