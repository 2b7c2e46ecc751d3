"""manage.py import_work FILE… --vendor NAME: bring in exports of work."""

from typing import Any

from django.core.management.base import CommandParser

from ledger.management.commands import _bringing_in as bringing_in
from workers import naming


class Command(bringing_in.BringIn):
    help = "Bring in exports of annotation platforms: canonical CSV v1 or MTurk batch results."
    kind = "work"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--exported-at", metavar="T", help="when the export was made")
        parser.add_argument("--complete", action="store_true", help="it holds all of its scope")

    def declared(self, options: dict[str, Any]) -> dict[str, Any]:
        """Return the date and completeness that the vendor declares of the export."""
        return {
            "exported_at": naming.moment_written(options["exported_at"])
            if options["exported_at"]
            else None,
            "complete": options["complete"],
        }
