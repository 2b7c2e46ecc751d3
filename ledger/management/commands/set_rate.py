"""manage.py set_rate 0.15 USD --per piece --vendor NAME --project P --from D: agree a price."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from ledger import agreeing
from ledger.money import Money, parse_micros
from workers import naming


class Command(BaseCommand):
    help = "Agree the price of a kind of task, for exports that do not give one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("amount", help="like 0.15")
        parser.add_argument("currency", help="ISO 4217 code, like USD")
        parser.add_argument("--per", choices=["piece", "hour"], required=True)
        parser.add_argument("--vendor", required=True)
        parser.add_argument("--project", required=True)
        parser.add_argument("--task-type", default="", help="of one kind of task only")
        parser.add_argument("--from", dest="first", required=True, metavar="D", help="YYYY-MM-DD")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            currency = naming.currency_named(options["currency"])
            rate = agreeing.set_rate(
                vendor=naming.vendor_named(options["vendor"]),
                project=options["project"],
                task_type=options["task_type"],
                per=options["per"],
                amount=Money(parse_micros(options["amount"]), currency),
                from_on=naming.day_written(options["first"]),
                at=timezone.now(),
            )
        except ValueError as error:
            raise CommandError(str(error), returncode=2) from error
        price = Money(rate.amount_micros, rate.currency)
        self.stdout.write(f"{rate.project}: {price} per {rate.per} from {rate.from_on} on.")
