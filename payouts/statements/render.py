"""Issued statements on paper: a function of the stored data alone, always the same bytes."""

from pathlib import Path

from django.db.models import QuerySet

from payouts.models import Statement
from payouts.statements import data, pdf

AT_ONCE = 100  # statements in memory


def pdf_of(statement: Statement) -> bytes:
    """Return the statement as a PDF document."""
    return pdf.render(data.from_json(statement.data))


def write_all(statements: "QuerySet[Statement]", folder: Path) -> int:
    """Write the PDF and the data file of each statement into a folder; return how many."""
    folder.mkdir(parents=True, exist_ok=True)
    written = 0
    for statement in statements.iterator(AT_ONCE):
        (folder / f"{statement.number}.pdf").write_bytes(pdf_of(statement))
        (folder / f"{statement.number}.json").write_bytes(statement.data.encode())
        written += 1
    return written
