"""How fast it is, beside what the same machine can do at best in the same run. `make bench`.

    python -m tests.benchmarks [import] [scan] [statements] [--rows 1000000] [--database SQLite]

Prints tables in Markdown. A ratio is limit time / our time: 1.00 would be as fast as bare writing.
Nothing is asserted: times depend on the machine, ratios less so.
"""

import argparse
import subprocess
import sys
from collections.abc import Iterable

from tests.benchmarks import databases, import_speed, scan_speed

PARTS = ("import", "scan", "statements")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", metavar="part", help=f"some of {', '.join(PARTS)}")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--database", choices=databases.KINDS, help="only this one")
    options = parser.parse_args()
    if unknown := set(options.parts) - set(PARTS):
        parser.error(f"{', '.join(sorted(unknown))}: the parts are {', '.join(PARTS)}")
    parts = options.parts or PARTS
    kinds = [options.database] if options.database else databases.kinds_here()
    if set(kinds) != set(databases.KINDS):
        print(f"Left out: {', '.join(sorted(set(databases.KINDS) - set(kinds)))}")
    if "import" in parts:
        table(import_speed.HEADER, import_speed.measure(options.rows, kinds))
    if "scan" in parts:
        table(scan_speed.HEADER, scan_speed.measure(options.rows, kinds))
    if "statements" in parts:
        for module in ("statement_speed", "statements_end_to_end"):
            subprocess.run([sys.executable, "-m", f"tests.benchmarks.{module}"], check=True)


def table(header: tuple[str, ...], lines: Iterable[tuple[str, ...]]) -> None:
    """Print a Markdown table, once all its lines are measured."""
    measured = [tuple(line) for line in lines]
    print(flush=True)
    for line in (header, ("---",) * len(header), *measured):
        print(f"| {' | '.join(line)} |", flush=True)
    print(flush=True)


if __name__ == "__main__":
    main()
