"""Canonical remittance CSV v1: what a vendor paid, to whom, and when it arrived.

Comma separated with a header; the order of columns is free. docs/canonical-csv.md is written from
COLUMNS below. Up to which date the record is complete is declared beside the file, not in it.
"""

import re
from collections.abc import Iterator

from ledger.importers import fields
from ledger.importers.canonical import refuse_long, wrong_width
from ledger.importers.columns import Bound, Column, missing, name_unknown
from ledger.importers.fields import FieldError, Memo
from ledger.importers.reading import Source
from ledger.importers.rows import NoWork, PaymentRow, Reject

FORMAT = "remittance"
KIND = "payouts"
VERSION = 1
REFERENCE_LENGTH = 120
SEPARATOR = re.compile(r"[\s;]+")


def _reference(text: str) -> str:
    return fields.identifier(text, REFERENCE_LENGTH)


def _paid(text: str) -> int:
    micros = fields.amount(text)
    if micros == 0:
        raise FieldError(text, "an amount above 0", "Leave the row out if nothing was paid")
    return micros


def _works(text: str) -> tuple[str, ...]:
    """Return the ids in a list, each once, in their order."""
    return tuple(dict.fromkeys(fields.identifier(work) for work in SEPARATOR.split(text) if work))


# The order here is the order in which `_payment` takes the cells.
COLUMNS = (
    Column(
        "payment_reference",
        True,
        "text, at most 120 characters",
        "The payment's own id at the bank or payment service. With the worker it names the "
        "payment; the same one in a later file is the same payment.",
        "TRF-2026-0042",
        _reference,
    ),
    Column(
        "worker_external_id",
        True,
        "text, at most 200 characters",
        "The worker's account, as in the work file.",
        "w-17",
        fields.identifier,
    ),
    Column(
        "source_system",
        True,
        "a-z, 0-9, _ and -, at most 30",
        "The tool that the account belongs to, as in the work file.",
        "my_tool",
        fields.code,
    ),
    Column(
        "amount",
        True,
        "digits with a dot, at most 6 decimals, above 0",
        "What left the vendor, fee included.",
        "38.40",
        _paid,
    ),
    Column("currency", True, "ISO 4217", "The currency of the amount.", "USD", fields.currency),
    Column(
        "sent_at",
        True,
        "RFC 3339 with offset",
        "When the money left the vendor.",
        "2026-03-05T10:00:00+03:00",
        fields.instant,
    ),
    Column(
        "arrived_at",
        False,
        "RFC 3339 with offset",
        "When it was confirmed as arrived, not before `sent_at`. Empty means still on its way.",
        "2026-03-06T08:30:00Z",
        fields.instant,
    ),
    Column(
        "fee",
        False,
        "digits with a dot, at most 6 decimals",
        "What was taken from it on the way at the worker's cost, at most the amount. Empty "
        "means 0.",
        "0.40",
        fields.amount,
    ),
    Column(
        "arrived_amount",
        False,
        "digits with a dot, at most 6 decimals, above 0",
        "Where it was exchanged on the way: what the recipient got, in `arrived_currency`.",
        "4890.00",
        _paid,
    ),
    Column(
        "arrived_currency",
        False,
        "ISO 4217",
        "The currency of `arrived_amount`; another one than `currency`. Both or neither.",
        "KES",
        fields.currency,
    ),
    Column(
        "work_ids",
        False,
        "ids with blanks or ; between them",
        "The `external_id` of each piece of work that it pays. Empty means that it is not said.",
        "att-000123;att-000124",
        _works,
        free_text=True,
    ),
)

_ACCOUNTS, _SOURCES, _CURRENCIES = (
    Memo(fields.identifier),
    Memo(fields.code),
    Memo(fields.currency),
)
_AMOUNTS = Memo(fields.amount)


def lacks(header: list[str]) -> list[str]:
    """Return the required columns that a header does not have."""
    return missing(COLUMNS, header)


def matches(header: list[str]) -> bool:
    """Return whether a header is one of this format."""
    return not lacks(header)


def rows(source: Source) -> Iterator[PaymentRow | NoWork | Reject]:
    """Yield one row for each record after the header.

    Raises UnreadableFile when required columns are missing or the file breaks off.
    """
    bound = Bound(COLUMNS, source.header, "A canonical remittance file")
    name_unknown(source, bound)
    for line, raw, cells in source.records():
        if not any(cell.strip() for cell in cells):
            yield NoWork(line, "blank line")
            continue
        try:
            if len(cells) != bound.width:
                raise wrong_width(len(cells), bound.width)
            kept = bound.pick([*cells, ""])
            refuse_long(kept[:-1])
            yield _payment(line, raw, kept, source.latest_ms)
        except FieldError as error:
            yield bound.reject(line, cells, error)


def _payment(line: int, raw: bytes, kept: tuple[str, ...], latest_ms: int) -> PaymentRow:
    reference, account, source, amount, currency, sent, arrived, fee, *exchanged, works = kept
    amount_micros = _paid(amount)
    sent_at_ms = fields.instant(sent)
    arrived_at_ms = fields.instant(arrived) if arrived.strip() else None
    fee_micros = _AMOUNTS[fee] if fee.strip() else 0
    if arrived_at_ms is not None and arrived_at_ms < sent_at_ms:
        raise FieldError(
            arrived,
            f"money does not arrive before it was sent, {fields.shown(sent)}",
            "Correct one of the two",
            column="arrived_at",
        )
    if sent_at_ms > latest_ms:
        raise fields.to_come(sent, "sent_at")
    if arrived_at_ms is not None and arrived_at_ms > latest_ms:
        raise fields.to_come(arrived, "arrived_at")
    if fee_micros > amount_micros:
        raise FieldError(
            fee,
            f"a fee is at most the amount, {fields.shown(amount)}",
            "Correct one of the two",
            column="fee",
        )
    return PaymentRow(
        line,
        raw,
        _SOURCES[source],
        _ACCOUNTS[account],
        _reference(reference),
        _CURRENCIES[currency],
        amount_micros,
        sent_at_ms,
        arrived_at_ms,
        fee_micros,
        _works(works),
        *_exchanged(*exchanged, sent_in=_CURRENCIES[currency], arrived=arrived),
    )


def _exchanged(
    amount: str, currency: str, *, sent_in: str, arrived: str
) -> tuple[int, str] | tuple[()]:
    """Return what arrived in another currency; nothing where the row does not say."""
    if not amount.strip() and not currency.strip():
        return ()
    for cell, column in ((amount, "arrived_amount"), (currency, "arrived_currency")):
        if not cell.strip():
            rule = "what arrived is an amount and its currency"
            raise FieldError(cell, rule, "Fill in both, or neither", column=column)
    micros, code = _paid(amount), _CURRENCIES[currency]
    if code == sent_in:
        raise FieldError(
            currency,
            "it is given where the money was exchanged on the way",
            "Leave both cells empty; what is lost to fees goes into fee",
            column="arrived_currency",
        )
    if not arrived.strip():
        raise FieldError(
            amount,
            "what arrived has a day on which it arrived",
            "Fill in arrived_at",
            column="arrived_at",
        )
    return micros, code
