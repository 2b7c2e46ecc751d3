"""manage.py lapse --vendor NAME [--as-of T] [--dry-run]: approve what nobody decided in time."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from ledger import jobs, lapsing
from ledger.money import format_amount
from workers import naming
from workers.counted import counted


class Command(BaseCommand):
    help = "Approve to the worker what was handed in and not decided within its review window."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--vendor", required=True)
        parser.add_argument("--as-of", metavar="T", help="the instant asked; else now")
        parser.add_argument("--dry-run", action="store_true", help="say what would lapse")

    def handle(self, *args: Any, **options: Any) -> None:
        at = timezone.now()
        try:
            vendor = naming.vendor_named(options["vendor"])
            as_of = naming.moment_written(options["as_of"]) if options["as_of"] else at
        except ValueError as error:
            raise CommandError(str(error), returncode=2) from error
        if as_of > at:
            raise CommandError(
                f"{as_of:%Y-%m-%d %H:%M}: a window lapses when it is over, and that is to come. "
                "Give an instant that has been.",
                returncode=2,
            )
        if options["dry_run"]:
            would = lapsing.preview(vendor=vendor, as_of=as_of)
            self._say("would be approved", would.pieces, would.micros)
            return
        job = jobs.run(job_id=lapsing.start(vendor=vendor, as_of=as_of, at=at).pk, at=at)
        if job is None:
            self.stdout.write("A worker does it now.")
            return
        self._say("approved", job.cursor.get("pieces", 0), job.cursor.get("micros", {}))

    def _say(self, what: str, pieces: int, micros: dict[str, int]) -> None:
        sums = ", ".join(f"{format_amount(n)} {code}" for code, n in sorted(micros.items()))
        self.stdout.write(
            f"{counted(pieces, 'piece of work', 'pieces of work')} {what}: {sums or 'no money'}."
        )
