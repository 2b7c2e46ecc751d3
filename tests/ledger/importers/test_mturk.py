"""MTurk results as they come from the platform, its command line and other programs' hands."""

import pytest

from ledger.importers import UnreadableFile, recognise
from ledger.importers.fields import instant
from ledger.importers.rows import Decision, NoWork, Reject, WorkRow
from tests.ledger.importers.files import csv_of, reject_of, rows_of, source_of, work_of, works_of

ROW = {
    "HITId": "HIT1",
    "HITTypeId": "TYPE1",
    "Title": "Name the birds",
    "Reward": "$0.05",
    "RequesterAnnotation": "BatchId:331;OriginalHitTemplateId:7;",
    "AssignmentId": "ASG1",
    "WorkerId": "WORKER1",
    "AssignmentStatus": "Submitted",
    "AcceptTime": "Mon Sep 25 09:38:35 PDT 2017",
    "SubmitTime": "Mon Sep 25 09:40:05 PDT 2017",
    "AutoApprovalTime": "Mon Oct 02 09:40:05 PDT 2017",
    "ApprovalTime": "",
    "RejectionTime": "",
    "RequesterFeedback": "",
    "WorkTimeInSeconds": "90",
    "Input.image": "birds.jpg",
    "Answer.bird": "a wren",
}
APPROVED = ROW | {"AssignmentStatus": "Approved", "ApprovalTime": "2017-10-02 16:40:05 UTC"}
REJECTED = ROW | {
    "AssignmentStatus": "Rejected",
    "RejectionTime": "Tue Sep 26 10:00:00 PDT 2017",
    "RequesterFeedback": "No bird in the picture",
}
ACCEPTED_AT_MS = instant("2017-09-25T16:38:35Z")


def test_a_row_of_the_web_export_becomes_work() -> None:
    text = csv_of(ROW, end="\r\n")

    assert work_of(text) == WorkRow(
        line=2,
        raw=text.splitlines()[1].encode(),
        source="mturk",
        account="WORKER1",
        country=None,
        external_id="ASG1@20170925T163835Z",
        project="batch-331",
        task_type="Name the birds",
        kind="task",
        ended_as="submitted",
        started_at_ms=ACCEPTED_AT_MS,
        ended_at_ms=ACCEPTED_AT_MS + 90_000,
        wall_ms=90_000,
        active_ms=None,
        paid_ms=None,
        rate_kind="piece",
        promised_micros=50_000,
        currency="USD",
        decisions=(),
        decide_by_at_ms=instant("2017-10-02T16:40:05Z"),
        due_at_ms=None,
        at_ms=ACCEPTED_AT_MS + 90_000,
    )


def test_answers_and_inputs_are_in_the_raw_text_and_nowhere_else() -> None:
    work = work_of(csv_of(ROW))

    assert b"a wren" in work.raw
    assert "a wren" not in str(work._replace(raw=b""))
    assert "birds.jpg" not in str(work._replace(raw=b""))


def test_the_command_line_tools_write_tabs_and_other_names() -> None:
    text = csv_of(
        {
            "hitid": "HIT1",
            "hittypeid": "TYPE1",
            "title": "Name the birds",
            "reward": "$0.40",
            "annotation": "birds-7.html",
            "assignmentid": "ASG1",
            "workerid": "WORKER1",
            "assignmentstatus": "Rejected",
            "autoapprovaltime": "Sun Apr 02 10:00:00 CEST 2017",
            "assignmentaccepttime": "Sun Mar 26 01:30:00 CET 2017",
            "assignmentsubmittime": "Sun Mar 26 03:30:00 CEST 2017",
            "assignmentapprovaltime": "",
            "assignmentrejecttime": "Mon Mar 27 10:00:00 CEST 2017",
            "feedback": "Empty",
            "reject": "y",
        },
        delimiter="\t",
    )

    work = work_of(text)

    assert work.project == "TYPE1"
    assert work.promised_micros == 400_000
    assert work.ended_at_ms == instant("2017-03-26T01:30:00Z")
    assert work.ended_at_ms - ACCEPTED_AT_MS != 0
    assert work.at_ms - instant("2017-03-26T00:30:00Z") == 3_600_000  # the clock went forward
    assert work.decisions == (Decision("refused", instant("2017-03-27T08:00:00Z"), "Empty"),)
    assert work.wall_ms is None


def test_rows_may_be_shorter_than_the_header() -> None:
    text = csv_of(ROW | {"Approve": "", "Reject": ""}).replace(',"","","90"', ',"","","90"')
    shorter = text.rstrip("\n").removesuffix(',"",""') + "\n"

    assert work_of(shorter)._replace(raw=b"") == work_of(csv_of(ROW))._replace(raw=b"")


def test_a_row_that_stops_after_its_last_answer_has_empty_cells_behind() -> None:
    text = "assignmentid,workerid,accepttime,submittime,assignmentstatus,feedback,reward\n"
    text += "A,W,2017-10-02 16:39:18 UTC,2017-10-02 16:40:18 UTC,Submitted\n"

    assert work_of(text).promised_micros is None


def test_a_row_may_end_in_a_delimiter_too_many() -> None:
    text = csv_of(ROW).rstrip("\n") + ",\n"

    assert work_of(text).external_id == "ASG1@20170925T163835Z"


@pytest.mark.parametrize(
    "extra",
    [
        pytest.param({"": "17"}, id="an index without a name"),
        pytest.param({"": "", " ": ""}, id="empty columns in front"),
    ],
)
def test_columns_in_front_are_passed_over(extra: dict[str, str]) -> None:
    assert work_of(csv_of(extra | ROW)).account == "WORKER1"


def test_a_row_number_that_the_header_does_not_name_is_passed_over() -> None:
    header, row = csv_of(ROW).splitlines()

    assert work_of(f'{header}\n"1",{row}\n').account == "WORKER1"


@pytest.mark.parametrize(
    ("reward", "micros"),
    [("$0.05", 50_000), ("$0.06 ", 60_000), ("0.65", 650_000), ("$ 1", 1_000_000), ("", None)],
)
def test_rewards_are_dollars(reward: str, micros: int | None) -> None:
    assert work_of(csv_of(ROW | {"Reward": reward})).promised_micros == micros


def test_without_a_reward_column_the_pay_is_unknown() -> None:
    row = {name: cell for name, cell in ROW.items() if name != "Reward"}

    work = work_of(csv_of(row))

    assert (work.promised_micros, work.rate_kind) == (None, None)


def test_without_a_status_column_nothing_is_decided() -> None:
    row = {name: cell for name, cell in ROW.items() if name != "AssignmentStatus"}

    assert work_of(csv_of(row)).decisions == ()


@pytest.mark.parametrize(
    ("row", "decisions"),
    [
        pytest.param(
            APPROVED, [Decision("approved", instant("2017-10-02T16:40:05Z"), "")], id="approved"
        ),
        pytest.param(
            REJECTED,
            [Decision("refused", instant("2017-09-26T17:00:00Z"), "No bird in the picture")],
            id="rejected",
        ),
        pytest.param(
            APPROVED | {"ApprovalTime": ""}, [Decision("approved", None, "")], id="without a time"
        ),
        pytest.param(
            APPROVED | {"RejectionTime": "Tue Sep 26 10:00:00 PDT 2017", "RequesterFeedback": "x"},
            [
                Decision("refused", instant("2017-09-26T17:00:00Z"), "x"),
                Decision("approved", instant("2017-10-02T16:40:05Z"), ""),
            ],
            id="rejected first and approved after all",
        ),
        pytest.param(
            REJECTED | {"ApprovalTime": "Mon Sep 25 10:00:00 PDT 2017"},
            [
                Decision("approved", instant("2017-09-25T17:00:00Z"), ""),
                Decision("refused", instant("2017-09-26T17:00:00Z"), "No bird in the picture"),
            ],
            id="approved first and rejected after all",
        ),
        pytest.param(
            APPROVED | {"RejectionTime": "2017-11-02 16:40:05 UTC"},
            [Decision("approved", instant("2017-10-02T16:40:05Z"), "")],
            id="a rejection later than the approval that stands is left out",
        ),
        pytest.param(
            ROW | {"Approve": "x", "Reject": "bad"},
            [],
            id="columns Approve and Reject decide nothing",
        ),
    ],
)
def test_decisions_are_those_of_the_status_oldest_first(
    row: dict[str, str], decisions: list[Decision]
) -> None:
    assert work_of(csv_of(row)).decisions == tuple(decisions)


def test_a_reason_is_cut_and_cleaned() -> None:
    feedback = "Too\nshort\u202e " + "x" * 1000

    (decision,) = work_of(csv_of(REJECTED | {"RequesterFeedback": feedback})).decisions

    assert decision.reason == ("Too short " + "x" * 1000)[:200]


def test_an_unassigned_hit_is_no_work() -> None:
    nobody = dict.fromkeys(ROW, "") | {"HITId": "HIT2", "Reward": "$0.05"}

    assert rows_of(csv_of(nobody)) == [NoWork(2, "unassigned HIT")]


def test_the_same_assignment_twice_is_two_rows() -> None:
    pending, approved = works_of(csv_of(ROW, APPROVED))

    assert pending.external_id == approved.external_id
    assert pending.decisions != approved.decisions


def test_an_assignment_taken_again_after_a_return_is_another_attempt() -> None:
    again = ROW | {
        "AcceptTime": "Mon Sep 25 11:00:00 PDT 2017",
        "SubmitTime": "Mon Sep 25 11:01:00 PDT 2017",
    }

    first, second = works_of(csv_of(ROW, again))

    assert first.external_id != second.external_id


def test_a_repeated_header_is_no_work() -> None:
    rows = rows_of(csv_of(ROW) + "\n" + csv_of(APPROVED))

    assert [type(row) for row in rows] == [WorkRow, NoWork, NoWork, WorkRow]
    assert rows[1:3] == [NoWork(3, "blank line"), NoWork(4, "repeated header")]


@pytest.mark.parametrize("unquoted", [False, True])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_two_files_glued_in_the_middle_of_a_line_are_both_kept(unquoted: bool, mark: str) -> None:
    files = csv_of(ROW).rstrip("\n") + mark + csv_of(APPROVED)
    text = files.replace('"', "") if unquoted else files

    first, header, second = rows_of(text)

    assert header == NoWork(2, "repeated header")
    assert isinstance(first, WorkRow)
    assert isinstance(second, WorkRow)
    assert (first.line, second.line) == (2, 3)
    assert first._replace(raw=b"") == work_of(csv_of(ROW))._replace(raw=b"")
    assert second.decisions


def test_files_with_an_index_glued_in_the_middle_of_a_line_are_both_kept() -> None:
    files = csv_of({"": "1"} | ROW).rstrip("\n") + csv_of({"": "1"} | APPROVED)

    first, _, second = rows_of(files.replace('"', ""))

    assert isinstance(first, WorkRow)
    assert isinstance(second, WorkRow)


def test_a_glued_file_with_other_columns_is_read_by_its_own_header() -> None:
    other = {"AssignmentId": "ASG2", "WorkerId": "WORKER2", "Reward": "$0.07"}
    times = {"SubmitTime": ROW["SubmitTime"], "AcceptTime": ROW["AcceptTime"]}

    first, header, second = rows_of(csv_of(ROW) + csv_of(times | other))

    assert isinstance(first, WorkRow)
    assert header == NoWork(3, "repeated header")
    assert isinstance(second, WorkRow)
    assert (second.account, second.promised_micros) == ("WORKER2", 70_000)


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"AssignmentStatus": "Pending"}, "AssignmentStatus"),
        ({"AssignmentStatus": ""}, "AssignmentStatus"),
        ({"WorkerId": ""}, "WorkerId"),
        ({"AssignmentId": ""}, "AssignmentId"),
        ({"AssignmentId": "x" * 184}, "AssignmentId"),
        ({"AcceptTime": ""}, "AcceptTime"),
        ({"SubmitTime": "Mon Sep 25 09:40:05 IST 2017"}, "SubmitTime"),
        ({"SubmitTime": "Mon Sep 25 09:00:05 PDT 2017"}, "SubmitTime"),
        ({"ApprovalTime": "soon", "AssignmentStatus": "Approved"}, "ApprovalTime"),
        ({"ApprovalTime": "soon"}, "ApprovalTime"),
        ({"Reward": "0,05"}, "Reward"),
        ({"Reward": "$1E+999999"}, "Reward"),
        ({"Reward": "-$1"}, "Reward"),
        ({"WorkTimeInSeconds": "1_000"}, "WorkTimeInSeconds"),
    ],
)
def test_a_row_that_breaks_a_rule_is_a_reject_of_that_column(
    change: dict[str, str], column: str
) -> None:
    reject = reject_of(csv_of(ROW | change))

    assert (reject.line, reject.column) == (2, column)
    assert reject.rule
    assert reject.mend
    assert "Answer.bird" not in reject.cells
    assert "Input.image" not in reject.cells


def test_the_first_column_in_file_order_is_named() -> None:
    bad = {"SubmitTime": "x", "Reward": "y"}

    assert reject_of(csv_of(ROW | bad)).column == "Reward"


def test_rejects_can_be_corrected_and_imported_again() -> None:
    reject = reject_of(csv_of(REJECTED | {"Reward": "5 cents", "AcceptTime": "yesterday"}))
    notes = {"_line": str(reject.line), "_column": reject.column, "_rule": reject.rule}

    first = reject_of(csv_of(notes | reject.cells))
    assert first.column == reject.column == "Reward"
    corrected = reject.cells | {"Reward": "$0.05", "AcceptTime": ROW["AcceptTime"]}

    assert work_of(csv_of(notes | corrected))._replace(raw=b"") == work_of(
        csv_of(REJECTED)
    )._replace(raw=b"")


def test_a_missing_column_is_named_beside_those_that_are_there() -> None:
    row = {name: cell for name, cell in ROW.items() if name != "WorkerId"}

    with pytest.raises(UnreadableFile, match=r"no column WorkerId.*AssignmentId"):
        rows_of(csv_of(row), format="mturk")


def test_a_column_that_is_there_twice_is_refused() -> None:
    text = csv_of(ROW).replace("Input.image", "reward")

    with pytest.raises(UnreadableFile, match="column Reward 2 times"):
        rows_of(text)


def test_a_table_of_hours_by_worker_is_not_an_export_of_this_kind() -> None:
    with pytest.raises(UnreadableFile, match="lacks AssignmentId"):
        recognise(source_of(" \thits\ttimeAvg\nWORKER1\t3\t17.5\n").header)


def test_every_record_is_one_row() -> None:
    nobody = dict.fromkeys(ROW, "")
    rows = rows_of(csv_of(ROW, ROW | {"Reward": "?"}, nobody | {"HITId": "x"}, APPROVED))

    assert [type(row) for row in rows] == [WorkRow, Reject, NoWork, WorkRow]
    assert [row.line for row in rows] == [2, 3, 4, 5]
