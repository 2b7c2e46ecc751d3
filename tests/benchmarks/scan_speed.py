"""A scan of all accounts for missing pay, beside a plain read of the same rows."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from ledger.sample.bench import write_bench
from tests.benchmarks import databases
from tests.benchmarks.import_speed import ROWS_A_WORKER

HEADER = ("scan", "rows/s", "seconds", "processor s", "read s", "ratio", "peak MB")


def measure(rows: int, kinds: list[str]) -> Iterator[tuple[str, ...]]:
    """Yield the lines of a table under HEADER; what was found is printed on the way."""
    with tempfile.TemporaryDirectory(prefix="bench-") as temporary:
        folder = Path(temporary)
        work, paid = write_bench(folder, rows=rows, workers=max(rows // ROWS_A_WORKER, 1))
        for kind in kinds:
            with databases.empty(kind, folder, "scan") as ledger:
                for file, what in ((work, "work"), (paid, "payouts")):
                    databases.call(
                        "one_import", ledger, folder, file=str(file), vendor="bench", kind=what
                    )
                told = databases.call("one_scan", ledger, folder, vendor="bench")
            print(f"{kind}, flags: {told['counts']}", flush=True)
            for name, run in (("of all", told["first"]), ("again", told["again"])):
                yield (
                    f"{kind}: {name}",
                    f"{rows / run['seconds']:,.0f}",
                    f"{run['seconds']:.1f}",
                    f"{run['cpu_seconds']:.1f}",
                    f"{told['read']['seconds']:.1f}",
                    f"{told['read']['seconds'] / run['seconds']:.2f}",
                    f"{told['peak_mb']:.0f}",
                )
