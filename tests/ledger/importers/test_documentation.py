"""docs/canonical-csv.md says what the code does."""

import re
from pathlib import Path

import pytest

from ledger.importers import canonical, reference_rates, remittance
from ledger.importers.columns import Column, as_markdown
from ledger.importers.rows import PaymentRow, WorkRow
from tests.ledger.importers.files import csv_of, rows_of, source_of

DOCUMENT = Path(__file__).parents[3] / "docs/canonical-csv.md"


@pytest.mark.parametrize("table", [canonical.COLUMNS, remittance.COLUMNS, reference_rates.COLUMNS])
def test_every_column_is_documented_as_it_is_read(table: tuple[Column, ...]) -> None:
    assert as_markdown(table) in DOCUMENT.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("table", "kind"), [(canonical.COLUMNS, WorkRow), (remittance.COLUMNS, PaymentRow)]
)
def test_the_examples_of_the_columns_make_a_row(table: tuple[Column, ...], kind: type) -> None:
    (row,) = rows_of(csv_of({column.name: column.example for column in table}))

    assert isinstance(row, kind), row


def test_the_examples_of_files_are_read_without_rejects() -> None:
    examples = re.findall(r"```csv\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)

    *facts, quoted = examples
    assert [{type(row) for row in rows_of(text)} for text in facts] == [{WorkRow}, {PaymentRow}]
    assert len(list(reference_rates.rates(source_of(quoted)))) == 1
