"""manage.py import_payouts FILE… --vendor NAME: bring in a record of payments that were sent."""

from typing import Any

from django.core.management.base import CommandParser

from ledger.management.commands import _bringing_in as bringing_in
from workers import naming


class Command(bringing_in.BringIn):
    help = "Bring in remittances: who was sent how much and when, and what arrived of it."
    kind = "payouts"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--complete-until",
            metavar="D",
            help="no payment sent up to this day is missing from what was brought in",
        )

    def declared(self, options: dict[str, Any]) -> dict[str, Any]:
        """Return up to when the vendor declares its record of payments to be complete."""
        until = options["complete_until"]
        return {"complete_until": naming.day_written(until) if until else None}
