"""Write the sample, or one plain file to measure with."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ledger.sample.bench import write_bench
from ledger.sample.writing import WEEKS, WORKERS, write_sample


class Command(BaseCommand):
    help = "Write the files of an invented vendor, and the list of planted cases."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--out", type=Path, required=True, help="the folder to write into")
        parser.add_argument("--seed", type=int, default=2026)
        parser.add_argument(
            "--workers", type=int, help=f"{WORKERS} if neither it nor rows is given"
        )
        parser.add_argument("--weeks", type=int, default=WEEKS)
        parser.add_argument("--rows", type=int, help="about so many rows (with --plain: exactly)")
        parser.add_argument("--plain", action="store_true", help="one plain file, nothing planted")

    def handle(self, *args: Any, **options: Any) -> None:
        out, seed = options["out"], options["seed"]
        workers, rows = options["workers"], options["rows"]
        try:
            if options["plain"]:
                workers = workers or 1_000
                write_bench(out, rows=rows or 100_000, workers=workers, seed=seed)
            else:
                write_sample(out, seed=seed, workers=workers, weeks=options["weeks"], rows=rows)
        except ValueError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"The sample is in {out}.")
