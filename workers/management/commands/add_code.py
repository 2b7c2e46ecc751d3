"""manage.py add_code --vendor V --account A [--source S]"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from workers import claims, naming


class Command(BaseCommand):
    help = "Make a code with which a worker claims an account. It is shown once and works once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--vendor", required=True)
        parser.add_argument("--account", required=True, help="the vendor's id for the worker")
        parser.add_argument("--source", help="the platform, where two have the same account")

    def handle(
        self, *args: Any, vendor: str, account: str, source: str | None, **options: Any
    ) -> None:
        try:
            engagement = naming.account_named(naming.vendor_named(vendor), account, source)
        except naming.Unknown as error:
            raise CommandError(str(error)) from error
        at = timezone.now()
        code = claims.make_code(engagement=engagement, at=at)
        self.stdout.write(f"Code, shown this once: {code}")
        self.stdout.write(f"It works once, until {at + claims.LIFETIME:%Y-%m-%d}.")
