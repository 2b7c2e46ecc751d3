"""Statements per second from database rows to PDF bytes, beside a bare canvas with the same pages.

    python -m tests.benchmarks.statements_end_to_end [--workers 300] [--rounds 5]

One month of the sample is issued on each kind of database (facts read, figures, numbers, canonical
JSON, written), and each statement is read back and rendered. The limit draws the same strings,
rules and boxes on a bare ReportLab canvas, all of it worked out before. The goal is 0.5.
"""

import argparse
import tempfile
from pathlib import Path

from tests.benchmarks import databases


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for kind in databases.kinds_here():
            with databases.empty(kind, folder, "statements") as database:
                told = databases.call(
                    "one_month", database, folder, workers=options.workers, rounds=options.rounds
                )
            print(
                f"{kind}: {told['statements']} statements of {told['pages']:.1f} pages; "
                f"{told['per_second']:.1f} a second (issue {told['issue_ms']:.1f} ms, "
                f"render {told['render_ms']:.1f} ms); bare canvas {told['bare_per_second']:.1f} "
                f"a second; ratio {told['ratio']:.2f}"
            )


if __name__ == "__main__":
    main()
