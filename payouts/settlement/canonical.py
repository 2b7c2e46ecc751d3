"""Canonical settlement CSV v1: what a bank or a processor reports, one row a movement.

docs/settlement.md is written from COLUMNS below.
"""

from collections.abc import Iterator
from datetime import date
from io import BytesIO

from ledger.importers import fields
from ledger.importers.columns import Bound, Column, missing
from ledger.importers.fields import FieldError
from ledger.importers.reading import Source, UnreadableFile
from payouts.settlement import values
from payouts.settlement.entries import (
    BOOKED,
    IN,
    OUT,
    PENDING,
    REJECTED,
    RETURNED,
    Entry,
    Problem,
    Report,
    Statement,
)

FORMATS = ("settlement",)


def _day(text: str) -> date:
    found = values.iso_day(text) if len(text.strip()) == 10 else None
    if found is None:
        raise FieldError(text, "a day that there is", "Write 2026-03-05")
    return found


COLUMNS = (
    Column(
        "settled_reference", True, "text, at most 140 characters",
        "The payment's own id (its end-to-end id), as in the remittance record or the payout file.",
        "TRF-2026-0042", values.reference,
    ),
    Column(
        "amount", True, "digits with a dot, at most 6 decimals",
        "What moved. For a payment what left the vendor, or what arrived of it.",
        "38.40", fields.amount,
    ),
    Column("currency", True, "ISO 4217", "The currency of the amount.", "USD", fields.currency),
    Column(
        "status", True, "booked, pending, rejected, returned",
        "`booked`: it went out and was not rejected; `returned`: it came back.",
        "booked", fields.one_of(BOOKED, PENDING, REJECTED, RETURNED),
    ),
    Column("booked_on", False, "YYYY-MM-DD", "The day of it.", "2026-03-06", _day),
    Column("value_on", False, "YYYY-MM-DD", "The value date; the later of the two counts.",
           "2026-03-06", _day),
    Column(
        "direction", False, "debit, credit",
        "Seen from the vendor's account. Empty means `credit` for `returned`, else `debit`.",
        "debit", fields.one_of(OUT, IN),
    ),
    Column(
        "fee", False, "digits with a dot, at most 6 decimals",
        "What was taken on the way at the worker's cost. Empty means 0.", "0.40", fields.amount,
    ),
    Column("bank_reference", False, "text", "The bank's own id of the movement.", "B-991",
           values.reference),
    Column("name", False, "text", "The recipient.", "Jan Nowak", values.shown, free_text=True),
    Column("account", False, "text", "The recipient's account.", "NL46ABNA0499998748",
           values.account_number),
    Column(
        "arrived_amount", False, "digits with a dot, at most 6 decimals",
        "Where it was exchanged on the way: what the recipient got, in `arrived_currency`.",
        "4890.00", fields.amount,
    ),
    Column(
        "arrived_currency", False, "ISO 4217",
        "The currency of `arrived_amount`; another one than `currency`. Both or neither.",
        "KES", fields.currency,
    ),
    Column("reason", False, "text, at most 35 characters", "The code of a rejection or return.",
           "AC04", values.reference),
)  # fmt: skip


def matches(content: bytes) -> bool:
    """Return whether these bytes are a CSV with the columns that are needed."""
    try:
        return not missing(COLUMNS, Source(BytesIO(content)).header)
    except UnreadableFile:
        return False


def read(content: bytes) -> Report:
    """Return what the file says. Raises UnreadableFile where it is no such CSV."""
    source = Source(BytesIO(content))
    bound = Bound(COLUMNS, source.header, "A settlement file")
    statement = Statement(is_known=True)
    for made in _rows(source, bound):
        if isinstance(made, Entry):
            statement.entries.append(made)
        else:
            statement.problems.append(made)
    return Report("settlement", (statement,))


def _rows(source: Source, bound: Bound) -> Iterator[Entry | Problem]:
    for line, _, cells in source.records():
        if not any(cell.strip() for cell in cells):
            continue
        try:
            if len(cells) != bound.width:
                raise FieldError(
                    f"{len(cells)} cells",
                    f"a row has as many cells as the header ({bound.width})",
                    "Quote cells that hold the delimiter",
                    column=fields.ROW,
                )
            yield _entry(f"line {line}", bound.pick([*cells, ""]))
        except FieldError as error:
            yield Problem(f"line {line}", error.value, error.rule, error.mend)


def _entry(place: str, cells: tuple[str, ...]) -> Entry:
    said = {
        column.name: column.parse(cell) if column.required or cell.strip() else None
        for column, cell in zip(COLUMNS, cells, strict=True)
        if column.parse is not None
    }
    status = str(said["status"])
    counter = said["arrived_amount"], said["arrived_currency"]
    if None in counter and counter != (None, None):
        raise FieldError(
            str(counter[1] or ""), "what arrived is an amount and its currency",
            "Fill in arrived_amount and arrived_currency, or neither",
        )  # fmt: skip
    return Entry(
        place=place,
        direction=str(said["direction"] or (IN if status == RETURNED else OUT)),
        status=status,
        amount_micros=said["amount"],  # type: ignore[arg-type]
        currency=str(said["currency"]),
        booked_on=said["booked_on"],  # type: ignore[arg-type]
        value_on=said["value_on"],  # type: ignore[arg-type]
        end_to_end_id=str(said["settled_reference"]),
        bank_reference=str(said["bank_reference"] or ""),
        name=str(said["name"] or ""),
        account=str(said["account"] or ""),
        reason_code=str(said["reason"] or ""),
        fee_micros=said["fee"] or 0,  # type: ignore[arg-type]
        counter=None if None in counter else counter,  # type: ignore[arg-type]
    )
