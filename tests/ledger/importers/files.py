"""Small files in memory for the tests of the importers."""

from collections.abc import Mapping
from io import BytesIO

from ledger.importers import FORMATS, recognise
from ledger.importers.reading import Source
from ledger.importers.rows import PaymentRow, Reject, Row, WorkRow


def source_of(text: str | bytes, encoding: str = "utf-8") -> Source:
    """Return an open source; text is encoded."""
    return Source(BytesIO(text if isinstance(text, bytes) else text.encode(encoding)))


def rows_of(text: str | bytes, *, format: str | None = None) -> list[Row]:
    """Return what the recognised importer, or the named one, makes of a file."""
    source = source_of(text)
    importer = FORMATS[format] if format else recognise(source.header)
    return list(importer.rows(source))


def works_of(text: str | bytes) -> list[WorkRow]:
    """Return the rows of a file that must hold nothing but work."""
    rows = rows_of(text)
    assert all(isinstance(row, WorkRow) for row in rows), rows
    return [row for row in rows if isinstance(row, WorkRow)]


def work_of(text: str | bytes) -> WorkRow:
    """Return the one piece of work in a file."""
    (work,) = works_of(text)
    return work


def payment_of(text: str) -> PaymentRow:
    """Return the one payment in a file."""
    (payment,) = rows_of(text)
    assert isinstance(payment, PaymentRow), payment
    return payment


def reject_of(text: str | bytes) -> Reject:
    """Return the one row of a file, which must be a reject."""
    (reject,) = rows_of(text)
    assert isinstance(reject, Reject), reject
    return reject


def csv_of(*records: Mapping[str, str], end: str = "\n", delimiter: str = ",") -> str:
    """Return a file with the columns of the first record and a line for each; all quoted."""
    lines = [list(records[0]), *(list(record.values()) for record in records)]
    return "".join(
        delimiter.join('"' + cell.replace('"', '""') + '"' for cell in line) + end for line in lines
    )
