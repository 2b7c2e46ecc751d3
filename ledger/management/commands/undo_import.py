"""manage.py undo_import NUMBER [--yes]: take an import back; without --yes, say what that does."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from ledger import jobs, undo
from ledger.files import Refused
from ledger.models import Import
from ledger.money import format_amount
from workers.counted import counted


class Command(BaseCommand):
    help = "Take an import back by void revisions and reversals; afterwards its file is new again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number", type=int, help="of the import, as its report said")
        parser.add_argument("--yes", action="store_true", help="do it")

    def handle(self, *args: Any, number: int, yes: bool, **options: Any) -> None:
        imported = Import.objects.select_related("vendor").filter(pk=number).first()
        if imported is None:
            raise CommandError(
                f"{number}: there is no import of this number. Its report names it.", returncode=2
            )
        preview = undo.preview(imported)
        self.stdout.write(
            f"{imported.name} ({imported.vendor}): "
            f"{counted(preview.attempts, 'piece of work', 'pieces of work')}, "
            f"{counted(preview.payments, 'payment')}."
        )
        for currency, micros in preview.returned.items():
            self.stdout.write(f"  {format_amount(micros)} {currency} goes back to where it was.")
        for currency, micros in preview.overpaid.items():
            self.stdout.write(
                f"  {format_amount(micros)} {currency} has been paid already: it stays with the "
                "workers and is shown as overpaid."
            )
        if not yes:
            self.stdout.write("Nothing is changed. Add --yes to do it.")
            return
        try:
            job = undo.start(imported=imported, by=None, at=timezone.now())
        except Refused as error:
            raise CommandError(str(error), returncode=2) from error
        jobs.run(job_id=job.pk, at=timezone.now())
        self.stdout.write("Undone. The file is new again.")
