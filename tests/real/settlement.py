"""What is read of the real bank files: python -m tests.real.settlement (make settlement).

One line a statement: entries, sums, and whether opening balance and entries make the closing one.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

FOLDERS = ("settlement_camt", "settlement_mt940", "settlement_ofx")


def files(data: Path) -> list[Path]:
    """Return the banks' files among the real files."""
    found = [path for folder in FOLDERS for path in sorted((data / folder).glob("*"))]
    return [path for path in found if path.suffix != ".md"]


def lines(path: Path) -> Iterator[str]:
    """Yield what is read of one file, as lines to print."""
    from ledger.importers.reading import UnreadableFile
    from ledger.money import format_amount
    from payouts.settlement import formats
    from payouts.settlement.entries import IN, OUT

    try:
        report = formats.read(path.read_bytes())
    except UnreadableFile as error:
        yield f"{path.name[:38]:38} refused: {error}"
        return
    answers = {True: "yes", False: "NO", None: "not told"}
    for one in report.statements:
        money = "".join(f"{format_amount(one.sum_of(way)):>16}" for way in (IN, OUT))
        gap = f" by {format_amount(one.gap_micros)}" if one.gap_micros else ""
        entries = f"{report.format:9} {one.currency:3} {len(one.entries):7}"
        yield f"{path.name[:38]:38} {entries}{money}  {answers[one.agrees]}{gap}"
    for problem in report.all_problems:
        yield f"{'':38}   {problem.place}: {problem.value!r}: {problem.rule}"


def main() -> int:
    """Print the table of all files."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    from tests.surroundings import real_data

    print(f"{'file':38} {'format':9} {'':3} entries{'in':>16}{'out':>16}  opening+entries=closing")
    for path in files(real_data()):
        print("\n".join(lines(path)))
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    sys.exit(main())
