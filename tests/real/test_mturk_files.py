"""Real MTurk exports, file by file, against figures that an independent program computed.

They lie outside the repository (tests/surroundings.py says where); nothing of them is copied here.
"""

import json
from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ledger.importers import UnreadableFile, mturk, recognise
from ledger.importers.reading import open_file
from ledger.importers.rows import NoWork, Row, WorkRow
from ledger.money import MICROS_PER_UNIT
from tests.surroundings import real_data

DATA = real_data()
ORACLE = DATA / "oracle.json"
FOLDERS = (
    "mturk_crowdtruth_2017",
    "mturk_ukp_2016_17",
    "mturk_i256_2013",
    "mturk_errorbars_2018",
    "mturk_vln_2019",
)
STATUS_OF = {"": "Submitted", "approved": "Approved", "refused": "Rejected"}

pytestmark = pytest.mark.real


def expected() -> list[Any]:
    """Return a parameter for each file of the five folders that the oracle knows."""
    if not ORACLE.exists():
        return []
    files = json.loads(ORACLE.read_text(encoding="utf-8"))["mturk"]
    return [
        pytest.param(file, id=file["file"]) for file in files if file["file"].startswith(FOLDERS)
    ]


def rows_of(path: Path) -> list[Row]:
    """Return every row of a file that must be recognised as MTurk, without warnings."""
    with open_file(path) as source:
        importer = recognise(source.header)
        assert importer is mturk
        rows = list(importer.rows(source))
        assert source.warnings == []
    return rows


def iso(at_ms: int) -> str:
    """Return an instant as the oracle writes it."""
    return datetime.fromtimestamp(at_ms // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def what_stands(work: WorkRow) -> str:
    """Return the platform's word for what was decided last."""
    return STATUS_OF[work.decisions[-1].what if work.decisions else ""]


@pytest.mark.parametrize("oracle", expected())
def test_a_real_file_is_what_the_oracle_says(oracle: dict[str, Any]) -> None:
    rows = rows_of(DATA / oracle["file"])
    works = [row for row in rows if isinstance(row, WorkRow)]
    micros: Counter[str] = Counter()
    for work in works:
        assert work.promised_micros is not None
        micros[what_stands(work)] += work.promised_micros

    assert {type(row) for row in rows} <= {WorkRow, NoWork}
    assert len(rows) == oracle["rows"]
    assert len(rows) - len(works) == oracle["unassigned_rows"]
    assert Counter(map(what_stands, works)) == oracle["status"]
    assert (
        len({work.external_id.split("@")[0] for work in works})
        == (oracle["assignment_ids_distinct"])
    )
    assert len({work.account for work in works}) == oracle["workers"]
    assert iso(min(work.started_at_ms or 0 for work in works)) == oracle["first_accept_utc"]
    assert iso(max(work.ended_at_ms or 0 for work in works)) == oracle["last_submit_utc"]
    for status, name in (
        ("Approved", "paid_approved"),
        ("Submitted", "pending_submitted"),
        ("Rejected", "rejected_reward"),
    ):
        assert micros[status] == Decimal(oracle[name]) * MICROS_PER_UNIT


def test_every_export_in_the_five_folders_is_read() -> None:
    exports = {
        str(path.relative_to(DATA))
        for folder in FOLDERS
        for path in (DATA / folder).rglob("*.csv")
        if not path.name.endswith("stats.csv")
    }

    assert exports == {parameter.values[0]["file"] for parameter in expected()}


def test_tables_of_hours_by_worker_are_refused() -> None:
    tables = sorted((DATA / "mturk_ukp_2016_17").rglob("*stats.csv"))

    assert len(tables) == 7
    for path in tables:
        with open_file(path) as source, pytest.raises(UnreadableFile, match="lacks"):
            recognise(source.header)


def test_files_without_ids_are_refused_and_those_without_pay_are_read_as_unknown() -> None:
    for path in sorted((DATA / "mturk_ncbo_2012").glob("*.csv")):
        with open_file(path) as source:
            if path.name in ("BWW-raw.csv", "EKAW-raw.csv", "WN-raw.csv"):
                with pytest.raises(UnreadableFile, match="for mturk it lacks"):
                    recognise(source.header)
            else:
                works = list(mturk.rows(source))
                assert {type(work) for work in works} == {WorkRow}
                assert {work.promised_micros for work in works} == {None}  # type: ignore[union-attr]
    for path in sorted((DATA / "mturk_ctcore_2018").glob("*.csv")):
        assert {(type(row), row.decisions) for row in rows_of(path)} == {(WorkRow, ())}  # type: ignore[union-attr]
