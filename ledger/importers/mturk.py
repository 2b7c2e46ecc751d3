"""MTurk batch results: the web export and the output of the Command Line Tools.

Both name the same things differently, and both are often saved again by other programs. A row is
one assignment; ids of assignments are used again after a return, so the attempt is named by the
assignment and its accept time. Columns Approve and Reject are instructions to the platform and
say nothing about what happened. Bonuses are not in these files.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from ledger.importers import fields
from ledger.importers.columns import Bound, Column, missing
from ledger.importers.fields import FieldError, Memo
from ledger.importers.mturk_dates import instant
from ledger.importers.reading import Source, plain
from ledger.importers.rows import Decision, NoWork, Reject, WorkRow

FORMAT = "mturk"
KIND = "work"
VERSION = 1
TITLE_LENGTH = 100
ASSIGNMENT_LENGTH = fields.MAX_ID - len("@20260228T170000Z")
BATCH = re.compile(r"(?:^|;)\s*BatchId:\s*([0-9]{1,20})")
STATUSES = ("submitted", "approved", "rejected")


def _assignment(text: str) -> str:
    return fields.identifier(text, ASSIGNMENT_LENGTH)


def _reward(text: str) -> int:
    """Return a reward in micros of a US dollar; one dollar sign and blanks are allowed."""
    try:
        return fields.amount(text.strip().removeprefix("$"))
    except FieldError as error:
        raise FieldError(text, "dollars as digits with a dot", "Write $0.05") from error


def _status(text: str) -> str:
    status = text.strip().casefold()
    if status not in STATUSES:
        raise FieldError(
            text,
            "one of Submitted, Approved, Rejected",
            "Write Submitted",
            column="AssignmentStatus",
        )
    return status


def _text(name: str, *aliases: str) -> Column:
    return Column(name, False, "text", "", "", fields.reason, aliases, free_text=True)


def _time(name: str, *aliases: str, required: bool = False) -> Column:
    return Column(name, required, "date with zone", "", "", instant, aliases)


# The order here is the order in which `_work` takes the cells.
COLUMNS = (
    Column("AssignmentId", True, "text", "", "", _assignment),
    Column("WorkerId", True, "text", "", "", fields.identifier),
    Column("AssignmentStatus", False, ", ".join(STATUSES), "", "", _status, ("status",)),
    _time("AcceptTime", "assignmentaccepttime", required=True),
    _time("SubmitTime", "assignmentsubmittime", required=True),
    _time("AutoApprovalTime", "assignmentautoapprovaltime"),
    _time("ApprovalTime", "assignmentapprovaltime"),
    _time("RejectionTime", "assignmentrejecttime", "assignmentrejectiontime"),
    _text("RequesterFeedback", "feedback"),
    Column("Reward", False, "dollars", "", "", _reward),
    _text("RequesterAnnotation", "annotation"),
    _text("HITTypeId"),
    _text("Title", "hittitle"),
    Column("WorkTimeInSeconds", False, "seconds", "", "", fields.seconds),
)

_INSTANTS, _REWARDS, _REASONS = Memo(instant), Memo(_reward), Memo(fields.reason)


def lacks(header: list[str]) -> list[str]:
    """Return the required columns that a header does not have, in any spelling."""
    return missing(COLUMNS, header)


def matches(header: list[str]) -> bool:
    """Return whether a header is one of this format."""
    return not lacks(header)


def rows(source: Source) -> Iterator[WorkRow | NoWork | Reject]:
    """Yield one row for each record after the header, two for a record with a header glued on.

    Rows may be shorter than the header (missing cells are empty) or longer (the rest is answers).
    A header in the middle of a file counts for the rows after it.
    Raises UnreadableFile when required columns are missing or the file breaks off.
    """
    header = source.header
    bound = _bind(header)
    for line, raw, cells in source.records():
        if not any(cells):
            yield NoWork(line, "blank line")
            continue
        glued: list[str] = []
        if len(cells) > bound.width:
            cells, glued = _unglued(cells, header)
            cells = _without_index(cells, bound)
        row: WorkRow | NoWork | Reject
        try:
            row = _row(line, raw, cells, bound, source.latest_ms)
        except FieldError as error:
            row = bound.reject(line, cells, error)
        if not isinstance(row, WorkRow) and matches(cells):
            header, bound = cells, _bind(cells)
            row = NoWork(line, "repeated header")
        yield row
        if glued:
            header, bound = glued, _bind(glued)
            yield NoWork(line, "repeated header")


def _bind(header: list[str]) -> Bound:
    return Bound(COLUMNS, header, "An MTurk results file")


def _unglued(cells: list[str], header: list[str]) -> tuple[list[str], list[str]]:
    """Return (cells of the row, cells of the header that follows it in the same line, or []).

    Two files put together without a line end between them: the last cell of the one runs into the
    first name of the other.
    """
    first, second = plain(header[0]), plain(header[1])
    for index in range(1, len(cells) - 1):
        cell = cells[index]
        if plain(cells[index + 1]) == second and plain(cell).endswith(first):
            following = [header[0], *cells[index + 1 :]]
            if matches(following):
                end = len(cell) - len(first) if first else len(cell)
                last = cell[:end].rstrip('\ufeff"') if first else cell
                return [*cells[:index], last], following
    return cells, []


def _without_index(cells: list[str], bound: Bound) -> list[str]:
    """Return the cells without a row number in front that the header does not name."""
    at = bound.position("AcceptTime")
    if at is None or len(cells) != bound.width + 1 or not cells[0].strip().isdecimal():
        return cells
    try:
        instant(cells[at])
    except FieldError:
        return cells[1:]
    return cells


def _row(line: int, raw: bytes, cells: list[str], bound: Bound, latest_ms: int) -> WorkRow | NoWork:
    cells = cells[: bound.width]
    cells += [""] * (bound.width + 1 - len(cells))
    kept = bound.pick(cells)
    worker, status = kept[1].strip(), kept[2].strip()
    if not worker and not status:
        return NoWork(line, "unassigned HIT")
    if bound.position("AssignmentStatus") is not None:
        status = _status(status)
    _refuse_long(kept, raw)
    return _work(line, raw, kept, worker, status, latest_ms)


def _refuse_long(kept: tuple[str, ...], raw: bytes) -> None:
    if len(raw) > fields.MAX_CELL:
        for column, cell in zip(COLUMNS, kept, strict=True):
            if len(cell) > fields.MAX_CELL and not column.free_text:
                rule = f"a cell of at most {fields.MAX_CELL} characters"
                raise FieldError(cell, rule, "Shorten it", column=column.name)


def _work(
    line: int, raw: bytes, kept: tuple[str, ...], worker: str, status: str, latest_ms: int
) -> WorkRow:
    # fmt: off
    (
        assignment, _, _, accept, submit, auto_approval, approval, rejection, feedback,
        reward, annotation, hit_type, title, work_time,
    ) = kept
    # fmt: on
    accepted_at_ms, submitted_at_ms = _INSTANTS[accept], _INSTANTS[submit]
    if submitted_at_ms < accepted_at_ms:
        raise FieldError(
            submit,
            f"a submission is not before its acceptance, {fields.shown(accept)}",
            "Correct one of the two",
            column="SubmitTime",
        )
    if submitted_at_ms > latest_ms:
        raise fields.to_come(submit, "SubmitTime")
    accepted = datetime.fromtimestamp(accepted_at_ms // 1000, UTC)
    promised = _REWARDS[reward] if reward.strip() else None
    batch = BATCH.search(annotation)
    return WorkRow(
        line,
        raw,
        "mturk",
        fields.identifier(worker),
        None,
        f"{_assignment(assignment)}@{accepted:%Y%m%dT%H%M%SZ}",
        f"batch-{batch[1]}" if batch else _REASONS[hit_type][: fields.MAX_NAME] or "mturk",
        _REASONS[title][:TITLE_LENGTH].strip() or "task",
        "task",
        "submitted",
        accepted_at_ms,
        submitted_at_ms,
        fields.seconds(work_time) if work_time.strip() else None,
        None,
        None,
        None if promised is None else "piece",
        promised,
        "USD",
        _decisions(status, approval.strip(), rejection.strip(), feedback),
        _INSTANTS[auto_approval] if auto_approval.strip() else None,
        None,
        submitted_at_ms,
    )


def _decisions(status: str, approval: str, rejection: str, feedback: str) -> tuple[Decision, ...]:
    """Return what was decided, oldest first; the status is the last word.

    An assignment may carry both times: refused first and approved after all. A time of the other
    decision that lies after the one of the status contradicts it and is left out.
    """
    approved_at_ms = _INSTANTS[approval] if approval else None
    refused_at_ms = _INSTANTS[rejection] if rejection else None
    if status not in ("approved", "rejected"):
        return ()
    approved = Decision("approved", approved_at_ms, "")
    refused = Decision("refused", refused_at_ms, _REASONS[feedback])
    last, other = (approved, refused) if status == "approved" else (refused, approved)
    if last.at_ms is not None and other.at_ms is not None and other.at_ms <= last.at_ms:
        return other, last
    return (last,)
