"""manage.py add_course --vendor V --project P --name N --number 1 --words N --from D."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from ledger import pledging
from workers import naming


class Command(BaseCommand):
    help = "Record a version of instructions or of a course that work asks for, with its length."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--vendor", required=True)
        parser.add_argument("--project", required=True)
        parser.add_argument("--task-type", default="", help="for one kind of task only")
        parser.add_argument("--name", required=True)
        parser.add_argument("--number", type=int, required=True, help="of the version, from 1 on")
        parser.add_argument("--kind", default="instructions", choices=pledging.KINDS)
        length = parser.add_mutually_exclusive_group(required=True)
        length.add_argument("--words", type=int)
        length.add_argument("--pages", type=int, help="500 words each")
        parser.add_argument("--fresh-words", type=int, help="new since the version before")
        parser.add_argument("--optional", action="store_true", help="nobody has to read it")
        parser.add_argument("--from", dest="first", required=True, metavar="D", help="YYYY-MM-DD")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = pledging.publish(
                vendor=naming.vendor_named(options["vendor"]),
                project=options["project"],
                task_type=options["task_type"],
                name=options["name"],
                version=options["number"],
                kind=options["kind"],
                words=options["words"],
                pages=options["pages"],
                fresh_words=options["fresh_words"],
                required=not options["optional"],
                from_on=naming.day_written(options["first"]),
                at=timezone.now(),
            )
        except ValueError as error:
            raise CommandError(str(error), returncode=2) from error
        self.stdout.write(f"{made.name}, version {made.version}, from {made.from_on} on.")
