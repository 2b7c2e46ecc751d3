"""manage.py deactivate --vendor V --account A --code C --reason R --decided-by W [--from T]."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from ledger import ending
from ledger.periods import datetime_of
from workers import naming


class Command(BaseCommand):
    help = "Deactivate an account, or lift that; what is owed is to be settled within 14 days."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--vendor", required=True)
        parser.add_argument("--account", required=True, help="the vendor's id for the worker")
        parser.add_argument("--source", help="the platform, where two have the same account")
        parser.add_argument("--code", default="", help="why, in a word, like project_ended")
        parser.add_argument("--reason", default="", help="why, for the worker")
        parser.add_argument("--decided-by", default="", help="who decided")
        parser.add_argument("--told", metavar="T", help="when the worker was told; else now")
        parser.add_argument("--from", dest="first", metavar="T", help="from when; else now")
        parser.add_argument("--lift", action="store_true", help="take the deactivation back")

    def handle(self, *args: Any, **options: Any) -> None:
        at = timezone.now()
        try:
            vendor = naming.vendor_named(options["vendor"])
            said = {
                "engagement": naming.account_named(vendor, options["account"], options["source"]),
                "code": options["code"],
                "text": options["reason"],
                "decided_by": options["decided_by"],
                "at": at,
            }
            if options["lift"]:
                ending.lift(**said)
                self.stdout.write(f"{options['account']} is active again.")
                return
            made = ending.deactivate(
                told_at=naming.moment_written(options["told"]) if options["told"] else at,
                from_at=naming.moment_written(options["first"]) if options["first"] else at,
                **said,
            )
        except ValueError as error:
            raise CommandError(str(error), returncode=2) from error
        self.stdout.write(
            f"{options['account']} is deactivated. All that is owed is to be paid by "
            f"{datetime_of(made.settle_by_at_ms):%Y-%m-%d}; the worker keeps seeing all of it."
        )
