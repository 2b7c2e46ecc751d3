"""manage.py add_vendor NAME [--currency USD] [--zone UTC] [--one-person]"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from workers import naming, people


class Command(BaseCommand):
    help = "Add a vendor: an organisation that has annotation work done and pays for it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--currency", default="USD", help="ISO 4217 code, like KES")
        parser.add_argument("--zone", default="UTC", help="whose Monday begins the week")
        parser.add_argument(
            "--one-person",
            action="store_true",
            help="one person drafts and approves pay runs, which every proof then says",
        )

    def handle(self, *args: Any, name: str, currency: str, zone: str, **options: Any) -> None:
        try:
            vendor = people.add_vendor(
                name=naming.title_of(name),
                currency=naming.currency_named(currency),
                zone=naming.zone_named(zone),
                one_person=options["one_person"],
                at=timezone.now(),
            )
        except ValueError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{vendor.name} is there ({vendor.slug}, {currency}, {zone}).")
