"""Canonical CSV v1: the form of work that any tool can be made to write.

Comma separated with a header; the order of columns is free. The columns are in
canonical_columns.py. Strict: a row has as many cells as the header, a number is digits, and an
instant carries its offset.
"""

from collections.abc import Iterator

from ledger.importers import fields
from ledger.importers.canonical_columns import (
    COLUMNS as COLUMNS,
)
from ledger.importers.canonical_columns import (
    parse_kind,
    parse_rate_kind,
    parse_status,
)
from ledger.importers.columns import Bound, missing, name_unknown
from ledger.importers.fields import FieldError, Memo
from ledger.importers.reading import Source
from ledger.importers.rows import Decision, NoWork, Reject, WorkRow
from ledger.money import ceil_div, format_amount

FORMAT = "canonical"
KIND = "work"
VERSION = 1
MS_PER_HOUR = 3_600_000
WALL_TOLERANCE_MS = 1000
UNPAID = ("returned", "expired", "skipped")

_ACCOUNTS, _NAMES = Memo(fields.identifier), Memo(fields.name)
_SOURCES, _COUNTRIES, _CURRENCIES = (
    Memo(fields.code),
    Memo(fields.country),
    Memo(fields.currency),
)
_STATUSES, _KINDS, _RATE_KINDS = Memo(parse_status), Memo(parse_kind), Memo(parse_rate_kind)
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


def rows(source: Source) -> Iterator[WorkRow | NoWork | Reject]:
    """Yield one row for each record after the header.

    Raises UnreadableFile when required columns are missing or the file breaks off.
    """
    bound = Bound(COLUMNS, source.header, "A canonical work file")
    name_unknown(source, bound)
    width, pick, latest_ms = bound.width, bound.pick, source.latest_ms
    for line, raw, cells in source.records():
        if len(cells) == width and len(raw) <= fields.MAX_CELL:
            cells.append("")
            try:
                yield _work(line, raw, pick(cells), latest_ms)
                continue
            except FieldError:
                cells.pop()
        yield _careful(line, raw, cells, bound, latest_ms)


def _careful(
    line: int, raw: bytes, cells: list[str], bound: Bound, latest_ms: int
) -> WorkRow | NoWork | Reject:
    """Read a row that is not plain: blanks around cells, long cells, something wrong."""
    stripped = [cell.strip() for cell in cells]
    if not any(stripped):
        return NoWork(line, "blank line")
    try:
        if len(cells) != bound.width:
            raise wrong_width(len(cells), bound.width)
        kept = bound.pick([*stripped, ""])
        refuse_long(kept)
        return _work(line, raw, kept, latest_ms)
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


def _work(line: int, raw: bytes, kept: tuple[str, ...], latest_ms: int) -> WorkRow:
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
    paid_ms = _SECONDS_OF[paid] if paid else None
    rate_micros = _AMOUNTS[rate] if rate else None
    by = _RATE_KINDS[rate_kind] if rate_kind else None if rate_micros is None else "piece"
    if started_at_ms is not None and ended_at_ms is not None:
        _check_clock(started_at_ms, ended_at_ms, wall_ms, (started, ended))
    at_ms = _placed_at(ended_at_ms, started_at_ms, decided_at_ms)
    if at_ms > latest_ms or (decided_at_ms is not None and decided_at_ms > latest_ms):
        raise _to_come((ended, started, status_at), at_ms > latest_ms)
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
        _SECONDS_OF[active] if active else None,
        paid_ms,
        by,
        _promised(status, by, rate_micros, _UNITS[units] if units else 1000, paid_ms),
        _CURRENCIES[currency] if currency else "",
        _decisions(status, decided_at_ms, reason, rate_micros),
        fields.instant(decide_by) if decide_by else None,
        fields.instant(due_at) if due_at else None,
        at_ms,
    )


def _check_clock(started: int, ended: int, wall: int | None, texts: tuple[str, str]) -> None:
    if ended < started:
        raise FieldError(
            texts[1],
            f"an end is not before its start, {fields.shown(texts[0])}",
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


def _to_come(texts: tuple[str, str, str], is_work: bool) -> FieldError:
    """Return the error for a row of the future. texts: its end, start and decision.

    is_work: the work itself is to come, not only the decision on it.
    """
    ended, started, decided = texts
    if is_work and (ended or started):
        return fields.to_come(ended or started, "ended_at" if ended else "started_at")
    return fields.to_come(decided, "status_at")


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
    if status == "rejected":
        what = "refused"
    elif status == "approved" or (status == "screened_out" and rate is not None):
        what = "approved"
    else:
        return ()
    return (Decision(what, at_ms, fields.reason(reason) if reason else ""),)


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
