"""manage.py import_manifest FILE --vendor NAME: bring in what was delivered to a client."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from ledger import manifests
from workers import naming
from workers.counted import counted


class Command(BaseCommand):
    help = "Bring in a CSV of what was delivered: attempts with their workers, or counts a project."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--vendor", required=True, help="its name or its short name")

    def handle(self, *args: Any, **options: Any) -> None:
        path = options["file"]
        try:
            manifest, is_new = manifests.bring_in(
                vendor=naming.vendor_named(options["vendor"]),
                name=path.name,
                raw=path.read_bytes(),
                at=timezone.now(),
            )
        except (ValueError, OSError) as error:
            raise CommandError(str(error), returncode=2) from error
        if is_new:
            self.stdout.write(
                f"{path.name}: {counted(manifest.rows, 'row')} of what was delivered."
            )
        else:
            self.stdout.write(f"{path.name}: brought in before, as {manifest.name}.")
