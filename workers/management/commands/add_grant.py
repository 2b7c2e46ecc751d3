"""manage.py add_grant --auditor U --vendor V… --from D --to D --expires D --purpose TEXT"""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from workers import naming, people


class Command(BaseCommand):
    help = "Let an auditor read the records of vendors, of a period, until a day."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--auditor", required=True, help="the name that the auditor signs in by"
        )
        parser.add_argument("--vendor", required=True, nargs="+", dest="vendors")
        parser.add_argument("--from", required=True, dest="first", help="first day, YYYY-MM-DD")
        parser.add_argument("--to", required=True, dest="last", help="last day, YYYY-MM-DD")
        parser.add_argument("--expires", required=True, help="last day of access, YYYY-MM-DD")
        parser.add_argument("--purpose", required=True)

    def handle(self, *args: Any, vendors: list[str], purpose: str, **options: Any) -> None:
        try:
            expires_on = naming.day_written(options["expires"])
            grant = people.add_grant(
                auditor=naming.user_named(options["auditor"]),
                vendors=[naming.vendor_named(vendor) for vendor in vendors],
                first_on=naming.day_written(options["first"]),
                last_on=naming.day_written(options["last"]),
                expires_at=datetime.combine(expires_on + timedelta(days=1), time(), UTC),
                purpose=purpose,
                at=timezone.now(),
            )
        except ValueError as error:
            raise CommandError(str(error)) from error
        names = ", ".join(vendor.name for vendor in grant.vendors.order_by("name"))
        self.stdout.write(
            f"{grant.auditor.username} may read {names}, {grant.first_on} to {grant.last_on}, "
            f"until the end of {expires_on} (UTC)."
        )
