"""manage.py set_floor 15.00 USD --from 2010-01-01 --reason TEXT: decide the hourly floor."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from ledger import agreeing
from ledger.money import Money, parse_micros
from workers import naming


class Command(BaseCommand):
    help = "Decide the one hourly floor that holds for everybody, wherever they live."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("amount", help="money per hour, like 15.00")
        parser.add_argument("currency", help="ISO 4217 code, like USD")
        parser.add_argument("--from", dest="first", required=True, metavar="D", help="YYYY-MM-DD")
        parser.add_argument("--reason", required=True, help="why it is so high")
        parser.add_argument("--decided-by", default="the operator", help="who decided it")
        parser.add_argument(
            "--merge-gap-seconds", type=int, default=agreeing.MERGE_GAP_MS // 1000,
            help="pauses up to this long between two pieces of work count as work",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            currency = naming.currency_named(options["currency"])
            wage_floor = agreeing.set_floor(
                hourly=Money(parse_micros(options["amount"]), currency),
                from_on=naming.day_written(options["first"]),
                reason=options["reason"],
                decided_by=options["decided_by"],
                merge_gap_ms=options["merge_gap_seconds"] * 1000,
                at=timezone.now(),
            )
        except ValueError as error:
            raise CommandError(str(error), returncode=2) from error
        hourly = Money(wage_floor.hourly_micros, wage_floor.currency)
        self.stdout.write(
            f"The floor is {hourly} per hour for weeks from Monday {wage_floor.from_on} on."
        )
