"""manage.py pay_accounts --vendor NAME [--account IBAN/EUR … --from D …]: where all pay leaves."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from payouts.leaving import record
from payouts.models import PayingAccounts
from workers import naming
from workers.models import Vendor


class Command(BaseCommand):
    help = (
        "Declare through which accounts all pay goes out, so that their banks' statements tell up "
        "to when payments are known; without --from, say up to when they are."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--vendor", required=True, help="its name or its short name")
        parser.add_argument(
            "--account", action="append", default=[], metavar="NUMBER/CURRENCY",
            help="one of the accounts; the vendor's currency if none is given; none at all takes "
            "the declaration back",
        )  # fmt: skip
        parser.add_argument("--from", dest="first", metavar="D", help="since when, YYYY-MM-DD")
        parser.add_argument("--decided-by", default="", help="who decided it")
        parser.add_argument("--reason", default="", help="why it is so")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            vendor = naming.vendor_named(options["vendor"])
            if not options["first"] and (options["account"] or options["reason"]):
                raise CommandError(
                    "no --from: a declaration says since when all pay goes out through these "
                    "accounts. Give --from D; only the first may reach back.",
                    returncode=2,
                )
            if options["first"]:
                made = record.declare(
                    vendor=vendor,
                    accounts=[record.written(one, vendor.currency) for one in options["account"]],
                    from_on=naming.day_written(options["first"]),
                    reason=options["reason"],
                    decided_by=options["decided_by"],
                    at=timezone.now(),
                )
                self.stdout.write(f"{vendor}: {_declared(made)}, from {made.from_on} on.")
        except ValueError as error:
            raise CommandError(str(error), returncode=2) from error
        self._say(vendor)

    def _say(self, vendor: Vendor) -> None:
        known = record.known(vendor)
        by = "their banks' statements" if known.by_statements else "what was said of the records"
        self.stdout.write(
            f"{vendor}: payments are known up to {known.until}, by {by}."
            if known.until
            else f"{vendor}: nobody knows up to when payments are known."
        )
        for (number, currency), until in known.reaches:
            reach = f"without a gap up to {until}" if until else "nothing that begins in time"
            self.stdout.write(f"  {number} {currency}: {reach}")
        for gap in known.gaps:
            whose = f"{gap.account} {gap.currency}: " if gap.account else ""
            self.stdout.write(f"  {whose}{gap.what}")


def _declared(made: PayingAccounts) -> str:
    named = ", ".join(f"{number} {currency}" for number, currency in made.accounts)
    return f"all pay goes out through {named}" if named else "nobody says where pay goes out"
