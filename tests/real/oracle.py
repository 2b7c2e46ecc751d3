"""Our figures beside those of an independent program, for the real MTurk projects.

`make oracle` prints the table: it brings every export of a project in, one vendor per folder, in a
database of its own.
"""

import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any, NamedTuple

PROJECTS = (
    "mturk_crowdtruth_2017",
    "mturk_ukp_2016_17",
    "mturk_i256_2013",
    "mturk_errorbars_2018",
    "mturk_vln_2019",
)
BASES = {
    "A": ("earned", "summed"),
    "B": ("approved_or_pending", "summed"),
    "U": ("approved_or_pending", "union"),
}
STATUSES = {"Approved": "approved", "Submitted": "undecided", "Rejected": "refused"}
MONEY = {"paid_approved": "earned", "pending_submitted": "pending", "rejected_reward": "refused"}
HOURS = {"work_hours": "summed", "union_hours": "union", "cluster60_hours": "union_merged"}
CENTS, FINE = 2, 4  # decimals of money, and of hours, shares and hourly pay
AS_OF = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


class Figure(NamedTuple):
    """One figure: what the oracle printed, and what we say."""

    name: str
    oracle: Any
    ours: Any
    decimals: int = 0  # as many as the oracle prints; zeros at the end are not in the file

    @property
    def is_equal(self) -> bool:
        """True where ours, rounded to as many decimals as the oracle prints, is the same."""
        if self.ours is None or self.oracle is None:
            return self.ours is self.oracle
        last = Decimal(1).scaleb(-self.decimals)
        ours = Decimal(str(self.ours)).quantize(last, ROUND_HALF_UP)
        return ours == Decimal(str(self.oracle))


def expected(data: Path, project: str) -> dict[str, Any]:
    """Return what the oracle says of a project."""
    projects = json.loads((data / "oracle.json").read_text(encoding="utf-8"))["mturk_projects"]
    return next(entry for entry in projects if entry["file"].startswith(project))


def exports(data: Path, project: str) -> list[Path]:
    """Return a project's export files: all CSV files but the tables of hours by worker."""
    found = sorted((data / project).rglob("*.csv"))
    return [path for path in found if not path.name.endswith("stats.csv")]


def figures(report: dict[str, Any], oracle: dict[str, Any]) -> Iterator[Figure]:
    """Yield every figure that both have."""
    rows = {status: _decided(report, STATUSES[status]) for status in STATUSES}
    money = report["money"]["USD"]
    yield Figure("workers", oracle["workers"], report["workers"])
    yield Figure("assignments", oracle["assignment_ids_distinct"], sum(rows.values()))
    for status, count in rows.items():
        yield Figure(status, oracle["status"].get(status, 0), count)
    for name, ours in MONEY.items():
        yield Figure(name, oracle[name], money[ours], CENTS)
    for name, ours in HOURS.items():
        yield Figure(name, oracle[name], report["hours"][ours], FINE)
    yield Figure("max_concurrent", oracle["max_concurrent"], report["max_concurrent"])
    for letter, (pay, time) in BASES.items():
        yield from _measure(report, oracle, letter, pay, time)


def _measure(
    report: dict[str, Any], oracle: dict[str, Any], letter: str, pay: str, time: str
) -> Iterator[Figure]:
    measure = next(one for one in report["measures"] if (one["pay"], one["time"]) == (pay, time))
    name = f"worker_hourly_median_{letter}"
    yield Figure(name, oracle[name], measure["worker_hourly_median"], FINE)
    for line, share in measure["share_of_workers_below"].items():
        name = f"share_workers_below_{line}_{letter}"
        yield Figure(name, oracle[name], share, FINE)
    name = f"shortfall15_{letter}"
    yield Figure(name, oracle[name], measure["shortfall"]["15"], CENTS)


def _decided(report: dict[str, Any], decision: str) -> int:
    return sum(row["rows"] for row in report["work"] if row["decision"] == decision)


def brought_in(data: Path, project: str) -> Any:
    """Bring a project in as a vendor of its own, and return it. A floor must be there."""
    from tests.bringing import bring_in
    from workers.models import Vendor

    vendor = Vendor.objects.create(name=project, slug=project, created_at=AS_OF)
    for path in exports(data, project):
        bring_in(vendor, path, at=AS_OF)
    return vendor


def measured(data: Path, project: str) -> dict[str, Any]:
    """Bring a project in and return its measures."""
    from payouts.compliance import report

    return report.of(vendor=brought_in(data, project), as_of=AS_OF)


def as_text(project: str, compared: list[Figure]) -> str:
    """Return a project's figures, ours beside the oracle's, as lines to print."""
    lines = [f"{project:32} {'oracle':>12} {'ours':>14}"]
    for figure in compared:
        differs = "" if figure.is_equal else "  DIFFERS"
        lines.append(f"  {figure.name:30} {figure.oracle!s:>12} {figure.ours!s:>14}{differs}")
    return "\n".join(lines)


@contextmanager
def own_database() -> Iterator[None]:
    """Set Django up on an empty database of its own, with a floor in it; it is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(PAID_VAR=folder, DJANGO_SETTINGS_MODULE="config.settings")
        os.environ.pop("DATABASE_URL", None)
        import django

        django.setup()
        from django.core.management import call_command

        from tests.bringing import floor_since_2010

        call_command("migrate", verbosity=0)
        floor_since_2010()
        yield


def main() -> int:
    """Print the table of all projects; 0 if every figure is equal."""
    from tests.surroundings import real_data

    equal = True
    with own_database():
        for project in PROJECTS:
            oracle = expected(real_data(), project)
            compared = list(figures(measured(real_data(), project), oracle))
            equal &= all(figure.is_equal for figure in compared)
            print(as_text(project, compared), flush=True)
    return 0 if equal else 1


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    sys.exit(main())
