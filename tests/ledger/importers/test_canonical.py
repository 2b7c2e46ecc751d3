"""The canonical CSV of work: what each column may hold and what becomes of it."""

import pytest

from ledger.importers import UnreadableFile, canonical
from ledger.importers.fields import instant
from ledger.importers.rows import Decision, NoWork, WorkRow
from tests.ledger.importers.files import csv_of, reject_of, rows_of, source_of, work_of

ROW = {
    "external_id": "att-1",
    "worker_external_id": "w-17",
    "source_system": "my_tool",
    "project": "street signs",
    "task_type": "boxes",
    "status": "submitted",
    "worker_country": "KE",
    "work_category": "",
    "started_at": "2026-03-02T09:00:00+03:00",
    "ended_at": "2026-03-02T09:10:00+03:00",
    "active_seconds": "412.5",
    "wall_seconds": "600",
    "paid_seconds": "",
    "rate_kind": "piece",
    "rate_amount": "0.45",
    "units": "",
    "currency": "USD",
    "status_at": "",
    "status_reason": "",
    "decide_by": "2026-03-09T00:00:00Z",
    "due_at": "2026-03-31T00:00:00Z",
    "note": "Ask Anna",
}
NO_PAY = {"rate_kind": "", "rate_amount": "", "currency": ""}
NO_TIME = {"started_at": "", "active_seconds": "", "wall_seconds": "", "paid_seconds": ""}
AWARD = (
    ROW
    | NO_TIME
    | {"work_category": "award", "status": "approved", "status_at": "2026-03-05T00:00:00Z"}
)
ENDED_AT_MS = instant("2026-03-02T06:10:00Z")


def test_a_full_row_becomes_work() -> None:
    text = csv_of(ROW)

    assert work_of(text) == WorkRow(
        line=2,
        raw=text.splitlines()[1].encode(),
        source="my_tool",
        account="w-17",
        country="KE",
        external_id="att-1",
        project="street signs",
        task_type="boxes",
        kind="task",
        ended_as="submitted",
        started_at_ms=ENDED_AT_MS - 600_000,
        ended_at_ms=ENDED_AT_MS,
        wall_ms=600_000,
        active_ms=412_500,
        paid_ms=None,
        rate_kind="piece",
        promised_micros=450_000,
        currency="USD",
        decisions=(),
        decide_by_at_ms=instant("2026-03-09T00:00:00Z"),
        due_at_ms=instant("2026-03-31T00:00:00Z"),
        at_ms=ENDED_AT_MS,
    )


def test_the_required_columns_and_one_instant_are_enough() -> None:
    text = (
        "ENDED_AT,external_id,worker_external_id,source_system,project,task_type,status\r\n"
        "2026-03-02T06:10:00Z,a,w,s,p,t,submitted\r\n"
    )

    work = work_of(text)

    assert (work.promised_micros, work.rate_kind, work.currency) == (None, None, "")
    assert (work.kind, work.at_ms) == ("task", ENDED_AT_MS)


def test_the_order_of_columns_is_free() -> None:
    turned = dict(reversed(ROW.items()))

    assert work_of(csv_of(turned))._replace(raw=b"") == work_of(csv_of(ROW))._replace(raw=b"")


def test_blanks_around_cells_do_not_matter() -> None:
    blank = {name: f" {cell} " for name, cell in ROW.items()}

    assert work_of(csv_of(blank))._replace(raw=b"") == work_of(csv_of(ROW))._replace(raw=b"")


@pytest.mark.parametrize(
    ("change", "promised_micros"),
    [
        pytest.param({}, 450_000, id="one piece"),
        pytest.param({"units": "3"}, 1_350_000, id="several"),
        pytest.param({"rate_kind": ""}, 450_000, id="piece is the default"),
        pytest.param({"rate_amount": "0.000001", "units": "0.5"}, 1, id="a fraction goes up"),
        pytest.param({"rate_amount": "0"}, 0, id="known to be nothing"),
        pytest.param(NO_PAY, None, id="unknown"),
        pytest.param(
            {"rate_kind": "hour", "rate_amount": "15", "paid_seconds": "600"},
            2_500_000,
            id="by the hour",
        ),
        pytest.param(
            {"rate_kind": "hour", "rate_amount": "0.01", "paid_seconds": "0.001"},
            1,
            id="a fraction of an hour goes up",
        ),
        pytest.param(
            {"rate_kind": "hour", "rate_amount": "15"}, None, id="hours that nobody counted"
        ),
        pytest.param({"status": "returned"}, 0, id="returned"),
        pytest.param({"status": "expired"}, 0, id="expired"),
        pytest.param({"status": "skipped"} | NO_PAY, 0, id="skipped"),
        pytest.param({"status": "screened_out"}, 450_000, id="screened out for a fixed fee"),
        pytest.param({"status": "screened_out"} | NO_PAY, 0, id="screened out for nothing"),
        pytest.param({"status": "rejected"}, 450_000, id="rejected work was promised its pay"),
    ],
)
def test_what_was_promised(change: dict[str, str], promised_micros: int | None) -> None:
    assert work_of(csv_of(ROW | change)).promised_micros == promised_micros


@pytest.mark.parametrize(
    ("change", "ended_as", "decisions"),
    [
        ({"status": "submitted"}, "submitted", []),
        ({"status": "approved"}, "submitted", [Decision("approved", ENDED_AT_MS, "late")]),
        ({"status": "rejected"}, "submitted", [Decision("refused", ENDED_AT_MS, "late")]),
        ({"status": "returned"}, "returned", []),
        ({"status": "expired"}, "expired", []),
        ({"status": "skipped"}, "skipped", []),
        ({"status": "screened_out"}, "screened_out", [Decision("approved", ENDED_AT_MS, "late")]),
        ({"status": "screened_out"} | NO_PAY, "screened_out", []),
    ],
)
def test_how_work_ended_and_what_was_decided(
    change: dict[str, str], ended_as: str, decisions: list[Decision]
) -> None:
    decided = {"status_at": "2026-03-02T06:10:00Z", "status_reason": "late"}

    work = work_of(csv_of(ROW | decided | change))

    assert (work.ended_as, work.decisions) == (ended_as, tuple(decisions))


def test_an_approval_without_a_time_is_still_one() -> None:
    assert work_of(csv_of(ROW | {"status": "approved"})).decisions == (
        Decision("approved", None, ""),
    )


@pytest.mark.parametrize(
    ("change", "at"),
    [
        ({}, "2026-03-02T09:10:00+03:00"),
        ({"ended_at": ""}, "2026-03-02T09:00:00+03:00"),
        ({"ended_at": "", "started_at": ""}, "2026-03-05T00:00:00Z"),
    ],
)
def test_a_row_is_placed_by_its_end_else_its_start_else_its_decision(
    change: dict[str, str], at: str
) -> None:
    row = ROW | {"status": "approved", "status_at": "2026-03-05T00:00:00Z"} | change

    assert work_of(csv_of(row)).at_ms == instant(at)


def test_an_award_is_money_without_time() -> None:
    work = work_of(csv_of(AWARD))

    assert (work.kind, work.promised_micros, work.started_at_ms) == ("award", 450_000, None)
    assert work.decisions == (Decision("approved", instant("2026-03-05T00:00:00Z"), ""),)


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"external_id": ""}, "external_id"),
        ({"worker_external_id": "w\u202e17"}, "worker_external_id"),
        ({"source_system": "My Tool"}, "source_system"),
        ({"project": " "}, "project"),
        ({"task_type": ""}, "task_type"),
        ({"status": "done"}, "status"),
        ({"status": ""}, "status"),
        ({"worker_country": "Kenya"}, "worker_country"),
        ({"work_category": "lunch"}, "work_category"),
        ({"started_at": "02/03/2026 09:00"}, "started_at"),
        ({"ended_at": "31/02/2026"}, "ended_at"),
        ({"ended_at": "2026-03-02T09:10:00"}, "ended_at"),
        ({"ended_at": "2026-03-02T05:59:59Z"}, "ended_at"),
        ({"started_at": "", "ended_at": ""}, "ended_at"),
        ({"active_seconds": "1,5"}, "active_seconds"),
        ({"wall_seconds": "NaN"}, "wall_seconds"),
        ({"wall_seconds": "601.001"}, "wall_seconds"),
        ({"paid_seconds": "-1"}, "paid_seconds"),
        ({"rate_kind": "day"}, "rate_kind"),
        ({"rate_amount": "1E+999999"}, "rate_amount"),
        ({"rate_amount": "١٢"}, "rate_amount"),
        ({"rate_amount": "1_000"}, "rate_amount"),
        ({"rate_amount": "-0.45"}, "rate_amount"),
        ({"rate_amount": "999999999999", "units": "2"}, "rate_amount"),
        ({"units": "one"}, "units"),
        ({"currency": "Dollar"}, "currency"),
        ({"currency": ""}, "currency"),
        ({"status_at": "yesterday"}, "status_at"),
        ({"decide_by": "2026-02-29T00:00:00Z"}, "decide_by"),
        ({"due_at": "2126-03-31T00:00:00Z"}, "due_at"),
        ({"project": "x" * 501}, "project"),
        (AWARD | {"status": "submitted"}, "status"),
        (AWARD | {"active_seconds": "5"}, "active_seconds"),
        (AWARD | {"started_at": ROW["started_at"]}, "started_at"),
        (AWARD | {"rate_kind": "hour"}, "rate_kind"),
        (AWARD | NO_PAY, "rate_amount"),
    ],
)
def test_a_row_that_breaks_a_rule_is_a_reject_of_that_column(
    change: dict[str, str], column: str
) -> None:
    reject = reject_of(csv_of(ROW | change))

    assert (reject.line, reject.column) == (2, column)
    assert reject.rule
    assert reject.mend
    assert "note" not in reject.cells


def test_a_reject_says_value_rule_and_mend() -> None:
    reject = reject_of(csv_of(ROW | {"ended_at": "31/02/2026"}))

    assert (reject.value, reject.rule) == ("31/02/2026", "RFC 3339 with offset")
    assert reject.mend == "Write 2026-02-28T17:00:00+03:00"


def test_a_wall_time_that_the_clock_contradicts_is_shown_beside_it() -> None:
    reject = reject_of(csv_of(ROW | {"wall_seconds": "700"}))

    assert reject.value == "700 s"
    assert "600 s" in reject.rule


@pytest.mark.parametrize("wall", ["599", "601", "600.5"])
def test_a_wall_time_may_be_rounded(wall: str) -> None:
    assert work_of(csv_of(ROW | {"wall_seconds": wall})).wall_ms == round(float(wall) * 1000)


@pytest.mark.parametrize("line", ["a,b", "a" + "," * 30 + "b"])
def test_a_row_with_more_or_fewer_cells_than_the_header_is_a_reject(line: str) -> None:
    header = csv_of(ROW).splitlines()[0]

    reject = reject_of(f"{header}\n{line}\n")

    assert reject.column == "(row)"
    assert "as many cells as the header, 22" in reject.rule


@pytest.mark.parametrize("line", ["", " ", "," * 21, "," * 40, " , "])
def test_a_blank_line_is_no_work(line: str) -> None:
    header = csv_of(ROW).splitlines()[0]

    assert rows_of(f"{header}\n{line}\n{header}"[: -len(header)]) == [NoWork(2, "blank line")]


def test_unknown_columns_are_named_once_and_not_read() -> None:
    text = csv_of(ROW | {"age": "31", "IP address": "10.0.0.1", "_line": "7"})
    source = source_of(text)

    rows = list(canonical.rows(source))

    assert [type(row) for row in rows] == [WorkRow]
    assert source.warnings == ["These columns are not known and were not read: age, IP address."]


def test_missing_columns_are_named_beside_those_that_are_there() -> None:
    row = {name: cell for name, cell in ROW.items() if name not in ("project", "status")}

    with pytest.raises(UnreadableFile, match=r"no column project, status.*task_type"):
        rows_of(csv_of(row), format="canonical")


def test_a_column_that_is_there_twice_is_refused() -> None:
    text = csv_of(ROW).replace('"note"', '"Status"')

    with pytest.raises(UnreadableFile, match="2 times"):
        rows_of(text)


def test_an_id_that_was_guarded_in_a_file_of_rejects_is_itself_again() -> None:
    guarded = ROW | {"external_id": "'=att-1"}

    assert work_of(csv_of(guarded)).external_id == "'=att-1"
    assert work_of(csv_of({"_line": "2"} | guarded)).external_id == "=att-1"
    assert reject_of(csv_of({"_line": "2"} | guarded | {"status": ""})).cells["external_id"] == (
        "=att-1"
    )


def test_rejects_can_be_corrected_and_imported_again() -> None:
    reject = reject_of(csv_of(ROW | {"rate_amount": "45 cents", "status_reason": 'so "so",\n'}))
    notes = {"_line": str(reject.line), "_column": reject.column, "_mend": reject.mend}

    corrected = work_of(csv_of(notes | reject.cells | {"rate_amount": "0.45"}))

    assert corrected._replace(raw=b"") == work_of(csv_of(ROW))._replace(raw=b"")
