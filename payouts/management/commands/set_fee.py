"""manage.py set_fee --vendor NAME --method iban --currency EUR --fixed 0.50 …: what pay loses."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from ledger.money import Money
from payouts.leaving import fees
from workers import naming
from workers.payees import METHODS


class Command(BaseCommand):
    help = (
        "Declare what a way of paying costs the recipient. A run checks by it whether a week stays "
        "above the floor after fees; --fixed 0 says that it is known to cost nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--vendor", required=True, help="its name or its short name")
        parser.add_argument("--method", required=True, choices=METHODS)
        parser.add_argument("--currency", required=True, help="the one that arrives")
        parser.add_argument("--fixed", default="", metavar="AMOUNT", help="of each payment")
        parser.add_argument("--percent", default="", help="of the amount, besides")
        parser.add_argument("--least", default="", metavar="AMOUNT", help="at least so much")
        parser.add_argument("--from", dest="first", required=True, metavar="D", help="YYYY-MM-DD")
        parser.add_argument("--decided-by", default="", help="who declares it")
        parser.add_argument("--reason", default="", help="where it is known from")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            currency = naming.currency_named(options["currency"])
            fee = fees.written(options["fixed"], options["percent"], options["least"])
            row = fees.set_fee(
                vendor=naming.vendor_named(options["vendor"]),
                method=options["method"],
                currency=currency,
                fee=fee,
                from_on=naming.day_written(options["first"]),
                reason=options["reason"],
                decided_by=options["decided_by"],
                at=timezone.now(),
            )
        except ValueError as error:
            raise CommandError(str(error), returncode=2) from error
        hundred = Money(fee.of(100_000_000), currency)
        self.stdout.write(
            f"{row.vendor}: {row.method} in {currency} costs the recipient {hundred} of 100.00, "
            f"from {row.from_on} on."
        )
