"""Issued statements on paper: a function of the stored data alone, always the same bytes."""

from payouts.models import Statement
from payouts.statements import data, pdf


def pdf_of(statement: Statement) -> bytes:
    """Return the statement as a PDF document."""
    return pdf.render(data.from_json(statement.data))
