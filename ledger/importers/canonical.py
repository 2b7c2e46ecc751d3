"""Canonical CSV v1: the form of work that any tool can be made to write.

Comma separated with a header; the order of columns is free. docs/canonical-csv.md is written from
COLUMNS below. Strict: a row has as many cells as the header, a number is digits, and an instant
carries its offset.
"""

from collections.abc import Iterator, Mapping

from ledger.importers import fields
from ledger.importers.columns import Bound, Column, missing, name_unknown
from ledger.importers.fields import FieldError, Memo
from ledger.importers.reading import Source
from ledger.importers.rows import Decision, NoWork, Reject, WorkRow
from ledger.money import ceil_div, format_amount

FORMAT = "canonical"
KIND = "work"
VERSION = 1
MS_PER_HOUR = 3_600_000
WALL_TOLERANCE_MS = 1000

STATUSES = ("submitted", "approved", "rejected", "returned", "expired", "skipped", "screened_out")
UNPAID = ("returned", "expired", "skipped")
# fmt: off
KINDS = (
    "task", "rework", "instructions", "training", "qualification", "meeting", "waiting",
    "searching", "admin", "tech_failure", "break", "award",
)
# fmt: on
RATE_KINDS = ("piece", "hour")

_status, _kind = fields.one_of(*STATUSES), fields.one_of(*KINDS)
_rate_kind = fields.one_of(*RATE_KINDS)

_INSTANT = "RFC 3339 with offset"
_SECONDS = "seconds, at most 3 decimals"

# The order here is the order in which `_work` takes the cells.
COLUMNS = (
    Column(
        "external_id",
        True,
        "text, at most 200 characters",
        "The tool's own id of this attempt at a piece of work. The same id in a later file is the "
        "same attempt, told again.",
        "att-000123",
        fields.identifier,
    ),
    Column(
        "worker_external_id",
        True,
        "text, at most 200 characters",
        "The worker's account in the tool.",
        "w-17",
        fields.identifier,
    ),
    Column(
        "source_system",
        True,
        "a-z, 0-9, _ and -, at most 40",
        "The tool that the record comes from. Ids are unique within it.",
        "my_tool",
        fields.code,
    ),
    Column(
        "project",
        True,
        "text, cut to 200 characters",
        "What the work was part of: a project, a study or a batch.",
        "street-signs-3",
        fields.name,
    ),
    Column(
        "task_type",
        True,
        "text, cut to 200 characters",
        "What sort of task it was.",
        "draw boxes",
        fields.name,
    ),
    Column(
        "status",
        True,
        ", ".join(STATUSES),
        "How the attempt ended, or what was decided about it. `returned`, `expired` and `skipped` "
        "earn nothing, but their time counts. `screened_out` earns `rate_amount` when there is "
        "one and is then decided.",
        "approved",
        _status,
    ),
    Column(
        "worker_country",
        False,
        "ISO 3166 alpha-2",
        "Where the worker is. No verdict depends on it.",
        "KE",
        fields.country,
    ),
    Column(
        "work_category",
        False,
        ", ".join(KINDS),
        "What kind of work it was; empty means `task`. An `award` is a bonus or a top-up: it has "
        "a `rate_amount`, no duration, and the status `approved`.",
        "task",
        _kind,
    ),
    Column(
        "started_at",
        False,
        _INSTANT,
        "When the work began on the clock. One of `started_at`, `ended_at` and `status_at` must "
        "be there.",
        "2026-02-28T16:52:00+03:00",
        fields.instant,
    ),
    Column(
        "ended_at",
        False,
        _INSTANT,
        "When it ended on the clock; not before `started_at`.",
        "2026-02-28T17:00:00+03:00",
        fields.instant,
    ),
    Column(
        "active_seconds",
        False,
        _SECONDS,
        "Time that the tool measured as active. Empty means not measured, never zero.",
        "412.5",
        fields.seconds,
    ),
    Column(
        "wall_seconds",
        False,
        _SECONDS,
        "Time from begin to end as the tool gives it. Where both instants are there it may differ "
        "from them by at most 1 second.",
        "480",
        fields.seconds,
    ),
    Column(
        "paid_seconds",
        False,
        _SECONDS,
        "Time that the vendor pays for. Pay by the hour is computed from it.",
        "480",
        fields.seconds,
    ),
    Column(
        "rate_kind",
        False,
        ", ".join(RATE_KINDS),
        "What `rate_amount` is paid for: one unit, or an hour of `paid_seconds`. Empty means "
        "`piece`.",
        "piece",
        _rate_kind,
    ),
    Column(
        "rate_amount",
        False,
        "digits with a dot, at most 6 decimals",
        "The pay that was promised. Empty means that the pay is not known, 0 that there is none.",
        "0.45",
        fields.amount,
    ),
    Column(
        "units",
        False,
        "a count, at most 3 decimals",
        "How many units of piece work the row stands for; empty means 1.",
        "1",
        fields.thousandths,
    ),
    Column(
        "currency",
        False,
        "ISO 4217",
        "The currency of `rate_amount`; needed when that is given.",
        "USD",
        fields.currency,
    ),
    Column(
        "status_at",
        False,
        _INSTANT,
        "When it was decided. It lets a later decision win over an earlier one.",
        "2026-03-01T09:00:00Z",
        fields.instant,
    ),
    Column(
        "status_reason",
        False,
        "text, cut to 200 characters",
        "The reason for the decision, as the worker was told.",
        "boxes too wide",
        fields.reason,
        free_text=True,
    ),
    Column(
        "decide_by",
        False,
        _INSTANT,
        "When the work counts as approved if nobody decides.",
        "2026-03-07T17:00:00Z",
        fields.instant,
    ),
    Column(
        "due_at",
        False,
        _INSTANT,
        "When the pay is due.",
        "2026-03-31T23:59:59Z",
        fields.instant,
    ),
    Column(
        "note",
        False,
        "text",
        "Not read and not kept: free text may name people.",
        "",
        None,
    ),
)

_ACCOUNTS, _NAMES = Memo(fields.identifier), Memo(fields.name)
_SOURCES, _COUNTRIES, _CURRENCIES = (
    Memo(fields.code),
    Memo(fields.country),
    Memo(fields.currency),
)
_STATUSES, _KINDS, _RATE_KINDS = Memo(_status), Memo(_kind), Memo(_rate_kind)
_AMOUNTS, _SECONDS_OF, _UNITS = (
    Memo(fields.amount),
    Memo(fields.seconds),
    Memo(fields.thousandths),
)


def lacks(header: list[str]) -> list[str]:
    """Return the required columns that a header does not have."""
    return missing(COLUMNS, header)


def matches(header: list[str]) -> bool:
    """Return whether a header is one of this format."""
    return not lacks(header)


def rows(
    source: Source, options: Mapping[str, str] | None = None
) -> Iterator[WorkRow | NoWork | Reject]:
    """Yield one row for each record after the header. There are no options.

    Raises UnreadableFile when required columns are missing or the file breaks off.
    """
    bound = Bound(COLUMNS, source.header, "A canonical work file")
    name_unknown(source, bound)
    width, pick = bound.width, bound.pick
    for line, raw, cells in source.records():
        if len(cells) == width and len(raw) <= fields.MAX_CELL:
            cells.append("")
            try:
                yield _work(line, raw, pick(cells))
                continue
            except FieldError:
                cells.pop()
        yield _careful(line, raw, cells, bound)


def _careful(line: int, raw: bytes, cells: list[str], bound: Bound) -> WorkRow | NoWork | Reject:
    """Read a row that is not plain: blanks around cells, long cells, something wrong."""
    stripped = [cell.strip() for cell in cells]
    if not any(stripped):
        return NoWork(line, "blank line")
    try:
        if len(cells) != bound.width:
            raise wrong_width(len(cells), bound.width)
        kept = bound.pick([*stripped, ""])
        refuse_long(kept)
        return _work(line, raw, kept)
    except FieldError as error:
        return bound.reject(line, cells, error)


def wrong_width(cells: int, width: int) -> FieldError:
    """Return the error for a row that is wider or narrower than its header."""
    return FieldError(
        f"{cells} cells",
        f"a row has as many cells as the header, {width}",
        "Put quotes around cells that hold a comma, and write empty cells too",
        column=fields.ROW,
    )


def refuse_long(kept: tuple[str, ...]) -> None:
    """Raise FieldError if a kept cell is over the cap; which one is found by the caller."""
    for cell in kept:
        if len(cell) > fields.MAX_CELL:
            raise FieldError(cell, f"a cell of at most {fields.MAX_CELL} characters", "Shorten it")


def _work(line: int, raw: bytes, kept: tuple[str, ...]) -> WorkRow:
    # fmt: off
    (
        external_id, account, source, project, task_type, status, country, kind,
        started, ended, active, wall, paid, rate_kind, rate, units, currency,
        status_at, reason, decide_by, due_at,
    ) = kept
    # fmt: on
    status = _STATUSES[status]
    kind = _KINDS[kind] if kind else "task"
    started_at_ms = fields.instant(started) if started else None
    ended_at_ms = fields.instant(ended) if ended else None
    decided_at_ms = fields.instant(status_at) if status_at else None
    wall_ms = _SECONDS_OF[wall] if wall else None
    active_ms = _SECONDS_OF[active] if active else None
    paid_ms = _SECONDS_OF[paid] if paid else None
    rate_micros = _AMOUNTS[rate] if rate else None
    units_thousandths = _UNITS[units] if units else 1000
    by = _RATE_KINDS[rate_kind] if rate_kind else None if rate_micros is None else "piece"
    if started_at_ms is not None and ended_at_ms is not None:
        _check_clock(started_at_ms, ended_at_ms, wall_ms, (started, ended))
    if kind == "award":
        _check_award(kept)
    if rate and not currency:
        raise FieldError("", "a rate_amount needs its currency", "Write USD", column="currency")
    return WorkRow(
        line,
        raw,
        _SOURCES[source],
        _ACCOUNTS[account],
        _COUNTRIES[country] if country else None,
        fields.identifier(external_id),
        _NAMES[project],
        _NAMES[task_type],
        kind,
        "submitted" if status in ("approved", "rejected") else status,
        started_at_ms,
        ended_at_ms,
        wall_ms,
        active_ms,
        paid_ms,
        by,
        _promised(status, by, rate_micros, units_thousandths, paid_ms),
        _CURRENCIES[currency] if currency else "",
        _decisions(status, decided_at_ms, reason, rate_micros),
        fields.instant(decide_by) if decide_by else None,
        fields.instant(due_at) if due_at else None,
        _placed_at(ended_at_ms, started_at_ms, decided_at_ms),
    )


def _check_clock(started: int, ended: int, wall: int | None, texts: tuple[str, str]) -> None:
    if ended < started:
        raise FieldError(
            texts[1],
            f"an end is not before its start, {texts[0]}",
            "Correct one of the two",
            column="ended_at",
        )
    if wall is not None and abs(ended - started - wall) > WALL_TOLERANCE_MS:
        raise FieldError(
            f"{wall / 1000:g} s",
            f"wall_seconds is ended_at - started_at, which is {(ended - started) / 1000:g} s",
            "Correct one of the three, or leave wall_seconds empty",
            column="wall_seconds",
        )


def _check_award(kept: tuple[str, ...]) -> None:
    """Refuse an award that is not a sum of money by itself."""
    cells = dict(zip((column.name for column in COLUMNS if column.parse), kept, strict=True))
    if cells["status"].strip() != "approved":
        raise FieldError(cells["status"], "an award is approved", "Write approved", column="status")
    for name in ("started_at", "active_seconds", "wall_seconds", "paid_seconds"):
        if cells[name].strip():
            raise FieldError(cells[name], "an award has no time", "Leave it empty", column=name)
    if cells["rate_kind"].strip() == "hour" or not cells["rate_amount"].strip():
        name = "rate_kind" if cells["rate_kind"].strip() == "hour" else "rate_amount"
        raise FieldError(
            cells[name], "an award is one amount", "Write it as rate_amount, piece", column=name
        )


def _promised(
    status: str, by: str | None, rate: int | None, units: int, paid_ms: int | None
) -> int | None:
    """Return promised micros, a fraction up, to the worker; None when the pay is unknown."""
    if status in UNPAID:
        return 0
    if rate is None:
        return 0 if status == "screened_out" else None
    if by == "hour":
        if paid_ms is None:
            return None
        promised = ceil_div(rate * paid_ms, MS_PER_HOUR)
    else:
        promised = rate if units == 1000 else ceil_div(rate * units, 1000)
    if promised > fields.MAX_MICROS:
        raise FieldError(
            format_amount(promised),
            "the pay of a row is at most 1000000000000.00",
            "Correct rate_amount or units",
            column="rate_amount",
        )
    return promised


def _decisions(
    status: str, at_ms: int | None, reason: str, rate: int | None
) -> tuple[Decision, ...]:
    if status == "approved" or (status == "screened_out" and rate is not None):
        return (Decision("approved", at_ms, fields.reason(reason)),)
    if status == "rejected":
        return (Decision("refused", at_ms, fields.reason(reason)),)
    return ()


def _placed_at(ended: int | None, started: int | None, decided: int | None) -> int:
    at_ms = ended if ended is not None else started if started is not None else decided
    if at_ms is None:
        raise FieldError(
            "",
            "one of started_at, ended_at and status_at is given",
            "Fill in ended_at",
            column="ended_at",
        )
    return at_ms
