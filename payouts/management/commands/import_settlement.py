"""manage.py import_settlement FILE… --vendor NAME: what banks and processors report of payments."""

import json
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from ledger import jobs
from ledger.files import Refused
from payouts.models import SettlementFile
from payouts.settlement import formats, intake, pages
from workers import naming
from workers.counted import counted
from workers.models import Vendor

FINISHED_WITH_PROBLEMS = 3
NOTHING_KEPT = 4
SHOWN = 20  # problems on the screen


class Command(BaseCommand):
    help = "Bring in what a bank or processor reports: arrivals, fees, rejections, returns."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--vendor", required=True, help="its name or its short name")
        parser.add_argument(
            "--format", default="", help=f"recognised if left out: {', '.join(formats.NAMES)}"
        )
        parser.add_argument(
            "--mapping", type=Path, help="JSON that names the columns of a processor's CSV"
        )
        parser.add_argument("--dry-run", action="store_true", help="show it all, keep nothing")
        parser.add_argument("--json", action="store_true", help="one JSON object a file")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            vendor = naming.vendor_named(options["vendor"])
        except ValueError as error:
            raise CommandError(str(error), returncode=2) from error
        mapping = _content(options["mapping"]) if options["mapping"] else None
        worst = 0
        for path in options["files"]:
            content = _content(path)
            # A dry run does all there is to do, and takes it back.
            with transaction.atomic() if options["dry_run"] else nullcontext():
                told, code = self._bring_in(vendor, path.name, content, mapping, options["format"])
                if options["dry_run"]:
                    transaction.set_rollback(True)
            self._say(told, options)
            worst = max(worst, code)
        if worst:
            raise SystemExit(worst)

    def _bring_in(
        self, vendor: Vendor, name: str, content: bytes, mapping: bytes | None, format: str
    ) -> tuple[dict[str, Any], int]:
        """Take one file in, read it to its end, and return what became of it."""
        at = timezone.now()
        try:
            file, new = intake.receive(
                vendor=vendor, content=content, name=name, format=format, mapping=mapping, at=at
            )
        except Refused as error:
            raise CommandError(str(error), returncode=NOTHING_KEPT) from error
        jobs.run(job_id=intake.job_of(file).pk, at=at)
        file.refresh_from_db()
        return pages.report(file, new), _exit_code(file)

    def _say(self, told: dict[str, Any], options: dict[str, Any]) -> None:
        if options["json"]:
            self.stdout.write(json.dumps({**told, "dry_run": options["dry_run"]}))
            return
        if told["already_imported"]:
            self.stdout.write(f"{told['file']} was brought in before; nothing is added.")
            return
        ended = ", ".join(f"{count:,} {name}" for name, count in told["outcomes"].items())
        kept = " (a dry run: nothing is kept)" if options["dry_run"] else ""
        entries = told["entries"]
        self.stdout.write(
            f"{told['file']}: {told['state']}; "
            f"{counted(entries.get('entries', 0), 'entry', 'entries')}, "
            f"{entries.get('known', 0):,} known before"
            + (f", {ended}" if ended else "")
            + f" ({told['format']}){kept}"
        )
        for one in told["statements"]:
            self.stdout.write(f"  {pages.balance_line(one)}")
        if told["refusal"]:
            why = told["refusal"]
            self.stderr.write(f"  Nothing is kept. {why['value']}: {why['rule']}. {why['mend']}.")
        for one in told["problems"][:SHOWN]:
            self.stderr.write(f"  {one['place']}: {one['value']!r}: {one['rule']}. {one['mend']}.")


def _content(path: Path) -> bytes:
    if not path.is_file():
        raise CommandError(f"{path}: there is no such file. Check the path.", returncode=2)
    if path.stat().st_size > formats.MAX_BYTES:
        raise CommandError(
            f"{path} has {path.stat().st_size:,} bytes: a bank's file has at most 16 MB. "
            "Ask the bank for shorter periods.",
            returncode=NOTHING_KEPT,
        )
    return path.read_bytes()


def _exit_code(file: SettlementFile) -> int:
    if file.state == "refused":
        return NOTHING_KEPT
    return FINISHED_WITH_PROBLEMS if file.problems else 0
