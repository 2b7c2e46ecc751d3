"""manage.py close_project --vendor V --project P --reason R --decided-by W [--from T]."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from ledger import ending, projects
from ledger.periods import datetime_of
from workers import naming


class Command(BaseCommand):
    help = "Close a project; what was done for it is to be settled within 14 days."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--vendor", required=True)
        parser.add_argument("--project", required=True)
        parser.add_argument("--reason", default="", help="why")
        parser.add_argument("--decided-by", default="", help="who decided")
        parser.add_argument("--from", dest="first", metavar="T", help="from when; else now")

    def handle(self, *args: Any, **options: Any) -> None:
        at = timezone.now()
        try:
            vendor = naming.vendor_named(options["vendor"])
            made = ending.close(
                vendor=vendor,
                project=projects.worked_in(vendor, options["project"]),
                text=options["reason"],
                decided_by=options["decided_by"],
                from_at=naming.moment_written(options["first"]) if options["first"] else at,
                at=at,
            )
        except ValueError as error:
            raise CommandError(str(error), returncode=2) from error
        self.stdout.write(
            f"{made.project} is closed. What was done for it is to be paid by "
            f"{datetime_of(made.settle_by_at_ms):%Y-%m-%d}."
        )
