"""manage.py import_rates FILE [--source NAME]: record reference rates of currencies."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from ledger import reference_rates
from ledger.importers import fields
from ledger.importers.reading import UnreadableFile
from workers.counted import counted

SHOWN = 20  # conflicts printed; --json has more


class Command(BaseCommand):
    help = (
        "Record reference rates: the ECB's eurofxref-hist.zip or .csv, or the canonical CSV of "
        "docs/canonical-csv.md for currencies that the ECB has not. Known rates stay as they are."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--source", default="", help="who published them, like central-bank")
        parser.add_argument("--json", action="store_true", help="one JSON object")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        if not file.is_file():
            raise CommandError(f"{file}: there is no such file. Check the path.", returncode=2)
        try:
            source = fields.code(options["source"]) if options["source"] else ""
            brought = reference_rates.bring_in(
                path=file, name=file.name, source=source, at=timezone.now()
            )
        except (UnreadableFile, fields.FieldError) as error:
            raise CommandError(f"{file.name}: nothing is kept. {error}", returncode=2) from error
        self.stdout.write(json.dumps(report(brought)) if options["json"] else _told(brought))
        if not options["json"]:
            for conflict in brought.conflicts[:SHOWN]:
                self.stderr.write(f"  {conflict}; the recorded rate stays.")


def report(brought: reference_rates.BroughtIn) -> dict[str, Any]:
    """Return what became of a file of rates, as JSON."""
    return {
        "file": brought.file.name,
        "format": brought.file.format,
        "sha256": brought.file.sha256,
        "already_imported": not brought.is_new,
        "rates": brought.file.counts,
        "conflicts": [str(conflict) for conflict in brought.conflicts],
        "weeks": brought.weeks,
    }


def _told(brought: reference_rates.BroughtIn) -> str:
    file, counts = brought.file, brought.file.counts
    if not brought.is_new:
        return (
            f"{file.name} was brought in before ({file.recorded_at:%Y-%m-%d %H:%M} UTC); "
            "nothing is added."
        )
    return (
        f"{file.name}: {counted(counts['new'], 'rate')} recorded, {counts['known']:,} known, "
        f"{counts['conflicts']:,} in conflict ({file.format}); "
        f"computed again: {counted(brought.weeks, 'week')} with pay that had no rate."
    )
