"""manage.py promise 5.00 USD --vendor V --name N --text T --project P --pieces N --from D ..."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from ledger import pledging, projects
from ledger.models import Promise
from ledger.money import Money, parse_micros
from workers import naming
from workers.counted import counted


class Command(BaseCommand):
    help = "Record a bonus that was promised: how it was said, its condition, and when it is due."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("amount", help="like 5.00")
        parser.add_argument("currency", help="ISO 4217 code, like USD")
        parser.add_argument("--vendor", required=True)
        parser.add_argument("--account", help="to this account only; else to everybody")
        parser.add_argument("--source", help="the platform, where two have the same account")
        parser.add_argument("--name", required=True, help="its award's type of task")
        parser.add_argument("--text", required=True, help="how it was promised, word for word")
        parser.add_argument("--project", required=True)
        parser.add_argument(
            "--new-project",
            action="store_true",
            help="nobody has worked in it yet, and it is meant",
        )
        parser.add_argument("--task-type", default="", help="of one kind of task only")
        parser.add_argument(
            "--pieces", type=int, help="at least so many; left out where the words do not say"
        )
        parser.add_argument("--counting", default="approved", choices=pledging.COUNTING)
        parser.add_argument("--from", dest="first", required=True, metavar="D", help="YYYY-MM-DD")
        parser.add_argument("--to", dest="last", required=True, metavar="D", help="that day too")
        parser.add_argument("--due", required=True, metavar="D", help="paid by that day")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            vendor = naming.vendor_named(options["vendor"])
            account, project = options["account"], options["project"]
            if not options["new_project"]:
                projects.worked_in(
                    vendor, project, else_say="If it is still to begin: --new-project."
                )
            made = pledging.promise(
                vendor=vendor,
                engagement=account and naming.account_named(vendor, account, options["source"]),
                name=options["name"],
                text=options["text"],
                project=project,
                task_type=options["task_type"],
                pieces_at_least=options["pieces"],
                counting=options["counting"],
                first_on=naming.day_written(options["first"]),
                last_on=naming.day_written(options["last"]),
                amount=Money(
                    parse_micros(options["amount"]), naming.currency_named(options["currency"])
                ),
                due_on=naming.day_written(options["due"]),
                at=timezone.now(),
            )
        except ValueError as error:
            raise CommandError(str(error), returncode=2) from error
        self.stdout.write(
            f"{made.name}: {Money(made.amount_micros, made.currency)} for "
            f"{_condition(made)}, due {made.due_on}."
        )


def _condition(made: Promise) -> str:
    if made.pieces_at_least is None:
        return "what its words say, which gives no number"
    return f"{counted(made.pieces_at_least, 'piece')} ({made.counting})"
