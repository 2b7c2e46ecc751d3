"""What each check finds in the real MTurk files: `make found` prints a line a project and check.

Each project is a vendor of its own, in a database of its own, held to a floor of 15 dollars. No
bank's report is among the files, so what asks for payments that are on record finds nothing here.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

HEADER = f"{'project':24} {'check':5} {'flags':>6} {'at stake':>16} {'asked for':>16}  the largest"


def lines(data: Path, project: str) -> Iterator[str]:
    """Scan a project's files and yield its lines. A floor must be there."""
    from ledger.money import format_amount
    from payouts import detectors, flag_list, scanning
    from payouts.models import Flag
    from tests.planted import asked_for
    from tests.real import oracle

    vendor = oracle.brought_in(data, project)
    scanning.scan(vendor=vendor, as_of=oracle.AS_OF, at=oracle.AS_OF)
    for code in sorted(detectors.CODES):
        flags = list(Flag.objects.filter(vendor=vendor, code=code).order_by("-stake_micros", "pk"))
        if flags:
            stake = sum(one.stake_micros for one in flags)
            asked = sum(asked_for(code, one.stake_micros, one.evidence) for one in flags)
            money = f"{format_amount(stake):>16} {format_amount(asked):>16}"
            yield f"{project:24} {code:5} {len(flags):6} {money}  {flag_list.sentence_of(flags[0])}"


def main() -> int:
    """Print the table of all projects."""
    from tests.real.oracle import PROJECTS, own_database
    from tests.surroundings import real_data

    with own_database():
        print(HEADER)
        for project in PROJECTS:
            print("\n".join(lines(real_data(), project)), flush=True)
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    sys.exit(main())
