"""What PDF and page set alike: sections with sentences and a table.

Cells are final text. User text has gone through safe.clean; nothing here is markup.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """A column. share: of the table's width, in per cent. kind: "text", "user", "number"."""

    label: str
    share: float
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Row:
    """Cells, and a small second line (where the row comes from). strong: a sum."""

    cells: tuple[str, ...]
    under: str = ""
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, sentences, and a table; `empty` is said where the table has no rows."""

    key: str
    title: str
    intro: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()
    rows: tuple[Row, ...] = ()
    empty: str = ""
    after: tuple[str, ...] = ()
    dense: bool = False


def text(label: str, share: float) -> Column:
    """Return a column of words made here."""
    return Column(label, share)


def user(label: str, share: float) -> Column:
    """Return a column of words that users wrote."""
    return Column(label, share, "user")


def number(label: str, share: float) -> Column:
    """Return a column of figures, set flush right."""
    return Column(label, share, "number")
