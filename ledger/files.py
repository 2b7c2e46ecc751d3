"""A file before it is read: what it is, and why it may not be taken."""

import hashlib
from pathlib import Path

from ledger import importers
from ledger.importers import Importer, UnreadableFile
from ledger.importers.reading import Source
from workers.refusal import RefusalInParts


class Refused(RefusalInParts):
    """The file is not taken. value: what was met; rule: what it breaks; mend: what to do."""


def recognise(path: Path, name: str, kind: str, format: str | None) -> Importer:
    """Return the importer for a file. Raises Refused for one that nobody can read."""
    if format is not None and format not in importers.FORMATS:
        known = ", ".join(sorted(importers.FORMATS))
        raise Refused(
            format, f"the known formats are {known}", "Leave the format out, or name one."
        )
    try:
        with open(path, "rb") as file:
            source = Source(file)
            module = importers.FORMATS[format] if format else importers.recognise(source.header)
    except UnreadableFile as error:
        raise Refused(f"{name}: {error.value}", error.rule, error.mend) from error
    if kind != module.KIND:
        command = {"work": "import_work", "payouts": "import_payouts"}[module.KIND]
        is_it = {"work": "an export of work", "payouts": "a list of payments"}
        raise Refused(
            f"{name} is {is_it[module.KIND]} ({module.FORMAT})",
            f"it was brought in as {is_it[kind]}",
            f"Bring it in as {is_it[module.KIND]} (on the command line: manage.py {command}).",
        )
    return module


def sha256(path: Path) -> str:
    """Return the hash of a file's bytes, in hex."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
