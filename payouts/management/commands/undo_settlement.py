"""manage.py undo_settlement FILE --vendor NAME [--yes]: take a bank's file back."""

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from ledger import jobs
from ledger.files import Refused
from ledger.money import Money
from payouts.models import SettlementFile
from payouts.settlement import unsettling
from workers import naming
from workers.counted import counted

SAID = (
    ("unconfirmed", "is no longer confirmed as arrived and is on its way again"),
    ("sent_again", "had come back; it counts as sent and pays the same work again"),
    ("moved_on", "had come back and was paid otherwise since: it stays as it is"),
)


class Command(BaseCommand):
    help = "Take a bank's file back; without --yes, say what that would do. Then it is new again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="its name as it was brought in, or its UUID")
        parser.add_argument("--vendor", required=True, help="its name or its short name")
        parser.add_argument("--yes", action="store_true", help="do it")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            file = _found(options["vendor"], options["file"])
        except ValueError as error:
            raise CommandError(str(error), returncode=2) from error
        preview = unsettling.preview(file)
        self.stdout.write(
            f"{file.name} ({file.vendor}): {counted(preview.entries, 'entry', 'entries')} that no "
            f"other file tells of, of {counted(preview.payments, 'payment')}."
        )
        for name, what in SAID:
            for currency, micros in getattr(preview, name).items():
                self.stdout.write(f"  {Money(micros, currency)} {what}.")
        if not options["yes"]:
            self.stdout.write("Nothing is changed. Add --yes to do it.")
            return
        try:
            job = unsettling.start(file=file, by=None, at=timezone.now())
        except Refused as error:
            raise CommandError(str(error), returncode=2) from error
        jobs.run(job_id=job.pk, at=timezone.now())
        self.stdout.write("Undone. The file is new again.")


def _found(vendor: str, named: str) -> SettlementFile:
    """Return the newest file of this name or UUID that was not refused. Raises ValueError."""
    files = SettlementFile.objects.filter(vendor=naming.vendor_named(vendor))
    files = files.select_related("vendor").exclude(state="refused").order_by("-pk")
    try:
        found = files.filter(uuid=UUID(named)).first()
    except ValueError:
        found = files.filter(name=named).first()
    if found is None:
        known = ", ".join(files.values_list("name", flat=True)[:10]) or "none yet"
        raise ValueError(f"{named}: no such file of a bank. The newest are: {known}.")
    return found
