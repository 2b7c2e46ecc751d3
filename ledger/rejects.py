"""Rejected rows as a CSV that can be corrected and brought in again.

First the columns that the importer needs, as they stood in the file; then, beginning with `_` and
ignored when the file comes back, the line, the column, the value, the rule and the mend.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator

from ledger.models import Remark

NOTES = ("_line", "_column", "_value", "_rule", "_mend")
NUMBER = re.compile(r"[-+]?[0-9]+(\.[0-9]+)?")
FORMULA = tuple("=+-@\t\r\0＝＋－＠")


def as_csv(remarks: Iterable[Remark]) -> Iterator[str]:
    """Yield the lines of the file, its header first. Remarks come in the order of their lines.

    The columns are those of the first remark: all rows of one file have the same.
    """
    columns: list[str] | None = None
    for remark in remarks:
        if columns is None:
            columns = list(remark.cells)
            yield _line([*columns, *NOTES])
        cells = [str(remark.cells.get(name) or "") for name in columns]
        notes = [str(remark.line), remark.column, remark.value, remark.rule, remark.mend]
        yield _line([inert(cell) for cell in (*cells, *notes)])
    if columns is None:
        yield _line(list(NOTES))


def inert(cell: str) -> str:
    """Return the cell so that no spreadsheet runs it: with an apostrophe before what could be."""
    return f"'{cell}" if cell.startswith(FORMULA) and not NUMBER.fullmatch(cell) else cell


def _line(cells: list[str]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue()
