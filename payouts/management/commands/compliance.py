"""manage.py compliance --vendor NAME [--from D --to D] [--as-of T] [--json]"""

import json
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from ledger.importers.fields import instant
from ledger.periods import datetime_of
from payouts.compliance import report, table
from payouts.compliance.gathering import Range
from workers import naming


class Command(BaseCommand):
    help = "Print a vendor's measures: work, money, hours, worker-weeks by verdict, hourly pay."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--vendor", required=True, help="its name or short name")
        parser.add_argument("--from", dest="first", help="work that ended on this day or later")
        parser.add_argument("--to", dest="last", help="work that ended on this day or earlier")
        parser.add_argument("--as-of", help="what is due by then, like 2026-10-31T00:00:00Z")
        parser.add_argument("--json", action="store_true", help="one JSON object")

    def handle(self, *args: Any, vendor: str, **options: Any) -> None:
        try:
            measures = report.of(
                vendor=naming.vendor_named(vendor),
                days=_range(options["first"], options["last"]),
                as_of=_instant(options["as_of"]),
            )
        except ValueError as error:
            raise CommandError(str(error), returncode=2) from error
        self.stdout.write(json.dumps(measures) if options["json"] else table.text(measures))


def _range(first: str | None, last: str | None) -> Range:
    days = Range(
        naming.day_written(first) if first else None, naming.day_written(last) if last else None
    )
    if days.first_on and days.last_on and days.first_on > days.last_on:
        raise ValueError(f"the range begins on {first}, after it ends on {last}")
    return days


def _instant(text: str | None) -> datetime:
    if text is None:
        return timezone.now()
    try:
        return datetime_of(instant(text))
    except ValueError as error:
        raise ValueError(f"--as-of {text!r}: write it like 2026-10-31T00:00:00Z") from error
