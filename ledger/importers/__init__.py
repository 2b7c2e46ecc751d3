"""Importers: one file a format, declared in FORMATS. Pure parsing: no ORM, no settings, no clock.

with reading.open_file(path) as source:
    importer = recognise(source.header)
    for row in importer.rows(source): ...
"""

from collections.abc import Iterator
from typing import Protocol

from ledger.importers import canonical, mturk, remittance
from ledger.importers.reading import Source, UnreadableFile
from ledger.importers.rows import Row

__all__ = ["FORMATS", "Importer", "UnreadableFile", "recognise"]


class Importer(Protocol):
    """What each format module offers."""

    FORMAT: str
    KIND: str  # work, payouts
    VERSION: int

    def matches(self, header: list[str]) -> bool: ...

    def lacks(self, header: list[str]) -> list[str]: ...

    def rows(self, source: Source) -> Iterator[Row]: ...


FORMATS: dict[str, Importer] = {
    importer.FORMAT: importer for importer in (canonical, mturk, remittance)
}


def recognise(header: list[str]) -> Importer:
    """Return the importer whose required columns are all in a header.

    Raises UnreadableFile naming the nearest format and what is missing for it.
    """
    for importer in FORMATS.values():
        if importer.matches(header):
            return importer
    nearest = min(FORMATS.values(), key=lambda importer: len(importer.lacks(header)))
    there = ", ".join(name.strip() for name in header[:40])[:400]
    raise UnreadableFile(
        f"the columns {there}",
        f"a file is one of {', '.join(FORMATS)}; for {nearest.FORMAT} it lacks "
        + ", ".join(nearest.lacks(header)),
        "Bring the export as the platform wrote it, or write the canonical CSV",
    )
