"""Every figure that an independent program computed from the real files, against ours.

Further: the i256 exports are snapshots of the same assignments before and after they were decided;
whatever the order in which they arrive, what the ledger then says is the same.
"""

import hashlib
import random
from collections import Counter, defaultdict
from datetime import timedelta
from pathlib import Path

import pytest

from ledger.models import Transfer, Work, WorkWeek
from payouts.compliance import report
from tests.bringing import AT, bring_in, floor_since_2010
from tests.real import oracle
from workers.models import Vendor

pytestmark = [pytest.mark.real, pytest.mark.django_db]
ORDERS = 20
OF_ATTEMPT = (
    "root_id", "engagement__account", "external_id", "project", "task_type", "kind", "ended_as",
    "started_at_ms", "ended_at_ms", "wall_ms", "said_ms", "active_ms", "promised_micros",
    "currency", "decide_by_at_ms",
)  # fmt: skip
NOT_OF_WEEK = {"id", "vendor", "engagement", "floor"}


@pytest.mark.parametrize("project", oracle.PROJECTS)
def test_the_figures_equal_those_of_an_independent_program(project: str, real_data: Path) -> None:
    floor_since_2010()

    measured = oracle.measured(real_data, project)

    compared = list(oracle.figures(measured, oracle.expected(real_data, project)))
    assert len(compared) == 27
    assert [figure for figure in compared if not figure.is_equal] == []


def test_the_order_in_which_snapshots_arrive_changes_nothing(real_data: Path) -> None:
    floor_since_2010()
    files = oracle.exports(real_data, "mturk_i256_2013")
    states = Counter(state_after(order(files, seed), seed) for seed in range(ORDERS))

    assert len(files) == 14
    assert states.total() == ORDERS
    assert len(states) == 1


def order(files: list[Path], seed: int) -> list[Path]:
    """Return the files shuffled; the first time as they are, the second time backwards."""
    if seed < 2:
        return files[:: -1 if seed else 1]
    return random.Random(seed).sample(files, len(files))


def state_after(files: list[Path], number: int) -> str:
    """Return a digest of all that is known of a new vendor who brings these files in, in order.

    Nobody says when the exports were made, so each counts as made when it came in.
    """
    vendor = Vendor.objects.create(name=f"Vendor {number}", slug=f"v{number}", created_at=AT)
    for hour, path in enumerate(files):
        bring_in(vendor, path, at=AT + timedelta(hours=hour))
    measured = report.of(vendor=vendor, as_of=AT + timedelta(days=1)) | {"vendor": ""}
    state = (attempts(vendor), weeks(vendor), measured)
    return hashlib.sha256(repr(state).encode()).hexdigest()


def attempts(vendor: Vendor) -> list[tuple[object, ...]]:
    """Return every attempt as it stands, with its money by account."""
    money: dict[int, Counter[str]] = defaultdict(Counter)
    moved = Transfer.objects.filter(engagement__vendor=vendor, work__isnull=False)
    for work, source, target, due, micros in moved.values_list(
        "work_id", "source", "target", "due_at_ms", "amount_micros"
    ):
        money[work].update({target: micros, f"due {due}": micros if due else 0})
        money[work].subtract({source: micros})
    rows = Work.objects.filter(engagement__vendor=vendor, corrected_by=None)
    found = rows.values_list(*OF_ATTEMPT)
    return sorted((*row[1:], sorted((+money[row[0]]).items())) for row in found)


def weeks(vendor: Vendor) -> list[tuple[object, ...]]:
    """Return every worker-week."""
    names = [field.name for field in WorkWeek._meta.fields if field.name not in NOT_OF_WEEK]
    rows = WorkWeek.objects.filter(vendor=vendor)
    return sorted(rows.values_list("engagement__account", *names))
