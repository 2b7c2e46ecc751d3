"""manage.py release UUID --reason TEXT: give back what a hold or a deduction withholds.

manage.py release --ended [--as-of T]: release every hold that is past its end, as the clock does.
"""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from ledger import jobs, releasing, withholding
from ledger.models import Withholding
from workers import naming


class Command(BaseCommand):
    help = "Give back what a hold or a deduction withholds, or all holds that are past their end."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number", nargs="?", help="of the hold, as its report said")
        parser.add_argument("--reason", default="", help="why, for the worker")
        parser.add_argument("--ended", action="store_true", help="all holds past their end")
        parser.add_argument("--as-of", metavar="T", help="the instant asked; else now")

    def handle(self, *args: Any, number: str | None, **options: Any) -> None:
        at = timezone.now()
        try:
            as_of = naming.moment_written(options["as_of"]) if options["as_of"] else at
            if options["ended"]:
                self._ended(as_of, at)
            else:
                self._one(number, options["reason"], at)
        except ValueError as error:
            raise CommandError(str(error), returncode=2) from error

    def _one(self, number: str | None, reason: str, at: datetime) -> None:
        rows = Withholding.objects.select_related("engagement__vendor")
        try:
            found = rows.filter(uuid=number).first() if number else None
        except ValidationError:
            found = None
        if found is None:
            raise ValueError(f"{number}: there is no such hold or deduction. Its report names it.")
        given = withholding.release(withholding=found, reason=reason, at=at)
        if given is None:
            self.stdout.write("Nothing is withheld by it any more.")
        else:
            self.stdout.write(f"{given} is owed again, since the day on which it was first due.")

    def _ended(self, as_of: datetime, at: datetime) -> None:
        released = 0
        for vendor in releasing.vendors_due(as_of):
            job = releasing.start(vendor=vendor, as_of=as_of, at=at)
            done = jobs.run(job_id=job.pk, at=at)
            released += done.cursor["released"] if done else 0
        self.stdout.write(f"Released: {released} that were past their end.")
