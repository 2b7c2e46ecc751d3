"""Which formats there are, and which of them a file is."""

from collections.abc import Callable

from ledger.importers.reading import UnreadableFile
from payouts.settlement import camt, canonical, mapping, mt940, ofx, pain002, values
from payouts.settlement.entries import Report

MAX_BYTES = 16_000_000  # some 40,000 payments; read whole, in a moment and in memory
READERS = (camt, pain002, ofx, mt940, canonical)
NAMES = tuple(name for module in READERS for name in module.FORMATS) + mapping.FORMATS


def read(content: bytes, format: str = "", mapped: bytes | None = None) -> Report:
    """Return what a bank's file says.

    format: one of NAMES, where it is not to be recognised. mapped: the JSON of a mapping, for the
    CSV of a processor. Raises UnreadableFile where the file as a whole cannot be read.
    """
    if not content.strip():
        raise UnreadableFile("an empty file", "a file has entries or balances", "Export it again")
    if len(content) > MAX_BYTES:
        raise UnreadableFile(
            f"{len(content):,} bytes", "a bank's file has at most 16 MB", "Ask for shorter periods"
        )
    if mapped is not None:
        return mapping.read(content, mapping.Mapping.parse(mapped))
    return _reader(content, format)(content)


def _reader(content: bytes, format: str) -> Callable[[bytes], Report]:
    if format == "mapped":
        raise UnreadableFile(
            "no mapping",
            "a processor's CSV is read by a mapping",
            "Give one; see docs/settlement.md",
        )
    if format and format not in NAMES:
        raise UnreadableFile(
            values.shown(format, 40),
            f"the formats are {', '.join(NAMES)}",
            "Leave it out, or name one",
        )
    for module in READERS:
        if format in module.FORMATS or (not format and module.matches(content)):
            return module.read
    raise UnreadableFile(
        values.shown(content[:200].decode("utf-8", "replace"), 60),
        f"a file is one of {', '.join(NAMES)}",
        "Bring it in as the bank wrote it, or give a mapping for a processor's CSV",
    )
