"""A table of columns, and what it means for the header of one file.

One home for the rules of a format: the importer reads by the table, a reject is found by the
table, and the documentation is written from it.
"""

from collections.abc import Callable, Iterator, Sequence
from operator import itemgetter
from typing import NamedTuple

from ledger.importers.fields import MAX_CELL, ROW, FieldError, shown
from ledger.importers.reading import Source, UnreadableFile, plain
from ledger.importers.rows import Reject

MARK = "_line"  # the column by which a file of rejects that was written here is known
FORMULA = tuple("=+-@\t\r＝＋－＠")  # a cell that begins so is written with an apostrophe before


class Column(NamedTuple):
    """One column of a format. parse: None for a column that is known and not kept."""

    name: str
    required: bool
    form: str
    meaning: str
    example: str
    parse: Callable[[str], object] | None
    aliases: tuple[str, ...] = ()  # other spellings; the first one that is there counts
    free_text: bool = False  # cut, not refused, when it is long


class Bound:
    """The columns of a table as they lie in one header.

    Raises UnreadableFile when required columns are missing or a kept column is there twice.
    pick(cells) gives the kept cells in the order of the table, "" for absent columns; `cells`
    must have been brought to `width` and one empty cell added behind.
    """

    def __init__(self, table: Sequence[Column], header: list[str], what: str) -> None:
        self.width = len(header)
        self._header = header
        names = [plain(name) for name in header]
        self._kept = [column for column in table if column.parse]
        self._at = {column.name: _position(column, names) for column in self._kept}
        missing = [c.name for c in table if c.required and self._at[c.name] is None]
        if missing:
            raise UnreadableFile(
                f"no column {', '.join(missing)}",
                f"{what} has these columns",
                f"The columns of this file are: {_listed(header)}",
            )
        for column in self._kept:
            at = self._at[column.name]
            if at is not None and names.count(names[at]) > 1:
                raise UnreadableFile(
                    f"column {shown(header[at])} {names.count(names[at])} times",
                    "a column is there once",
                    f"The columns of this file are: {_listed(header)}",
                )
        getter = itemgetter(*(self.width if at is None else at for at in self._at.values()))
        self.pick: Callable[[list[str]], tuple[str, ...]] = getter
        self._ours = MARK in names
        if self._ours:
            self.pick = lambda cells: tuple(map(unguarded, getter(cells)))
        known = {spelling for column in table for spelling in (column.name, *column.aliases)}
        self.unknown = [
            shown(written)
            for written, name in zip(header, names, strict=True)
            if name and name not in known and not name.startswith("_")
        ]

    def position(self, name: str) -> int | None:
        """Return the index of a kept column in this header."""
        return self._at[name]

    def reject(self, line: int, cells: list[str], error: FieldError) -> Reject:
        """Return the reject for a row: its first bad cell in file order, else `error`."""
        padded = cells + [""] * (self.width - len(cells))
        if self._ours:
            padded = list(map(unguarded, padded))
        found = None if error.column == ROW else next(self._problems(padded), None)
        column, problem = found or (error.column, error)
        at = self._at.get(column)
        return Reject(
            line,
            column if at is None else self._header[at].strip(),
            problem.value,
            problem.rule,
            problem.mend,
            {
                self._header[at].strip().strip('\ufeff"'): padded[at]
                for at in sorted(at for at in self._at.values() if at is not None)
            },
        )

    def _problems(self, cells: list[str]) -> Iterator[tuple[str, FieldError]]:
        present = [(at, c) for c in self._kept if (at := self._at[c.name]) is not None]
        for at, column in sorted(present, key=itemgetter(0)):
            assert column.parse is not None  # for mypy: only kept columns are here
            try:
                if len(cells[at]) > MAX_CELL and not column.free_text:
                    rule = f"a cell of at most {MAX_CELL} characters"
                    raise FieldError(cells[at], rule, "Shorten it")
                if column.required or cells[at].strip():
                    column.parse(cells[at])
            except FieldError as error:
                yield column.name, error


def unguarded(cell: str) -> str:
    """Return a cell without the apostrophe that keeps spreadsheets from running it.

    >>> unguarded("'=1"), unguarded("'tis")
    ('=1', "'tis")
    """
    return cell[1:] if cell.startswith("'") and cell.startswith(FORMULA, 1) else cell


def missing(table: Sequence[Column], header: list[str]) -> list[str]:
    """Return the required columns that a header lacks."""
    names = [plain(name) for name in header]
    return [c.name for c in table if c.required and _position(c, names) is None]


def _position(column: Column, names: list[str]) -> int | None:
    for spelling in (column.name.casefold(), *column.aliases):
        if spelling in names:
            return names.index(spelling)
    return None


def _listed(header: list[str]) -> str:
    names = [shown(name) for name in header if name.strip()]
    return ", ".join(names[:40]) + (f" and {len(names) - 40} more" if len(names) > 40 else "")


def name_unknown(source: Source, bound: Bound) -> None:
    """Warn once about the columns that are there and not read."""
    if bound.unknown:
        source.warn(f"These columns are not known and were not read: {_listed(bound.unknown)}.")


def as_markdown(table: Sequence[Column]) -> str:
    """Return a table of columns as documentation, one line each."""
    lines = ["| column | needed | form | meaning | example |", "|---|---|---|---|---|"]
    for column in table:
        example = f"`{column.example}`" if column.example else ""
        needed = "yes" if column.required else ""
        cells = (f"`{column.name}`", needed, column.form, column.meaning, example)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)
