"""manage.py import_payees FILE --vendor NAME: where each account's pay goes."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from payouts.runs import payee_file
from workers import naming
from workers.counted import counted


class Command(BaseCommand):
    help = "Bring in where pay goes: a CSV with a row for each account."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--vendor", required=True, help="its name or its short name")

    def handle(self, *args: Any, **options: Any) -> None:
        path = options["file"]
        try:
            vendor = naming.vendor_named(options["vendor"])
            kept = payee_file.bring_in(vendor=vendor, path=path, by=None, at=timezone.now())
        except ValueError as error:
            wrong = str(error).removesuffix(".")
            raise CommandError(f"{wrong}. Nothing was kept.", returncode=2) from error
        except OSError as error:
            raise CommandError(
                f"{path}: {error.strerror}. Check the path.", returncode=2
            ) from error
        accounts = counted(kept, "account")
        self.stdout.write(f"{vendor.name}: it is known where the pay of {accounts} goes.")
