"""manage.py top_up --vendor NAME --period 2026-10 [--yes]: close the gaps to the floor."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from ledger import periods, weeks
from ledger.money import Money
from payouts import topups
from workers import naming
from workers.counted import counted

SHOWN = 20


class Command(BaseCommand):
    help = "Say which worker-weeks of a month are below the floor, and top them up with --yes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--vendor", required=True, help="its name or its short name")
        parser.add_argument("--period", required=True, help="a month, like 2026-10")
        parser.add_argument("--yes", action="store_true", help="do it")
        parser.add_argument("--by", help="who does it: a user's sign-in name")

    def handle(self, *args: Any, **options: Any) -> None:
        at = timezone.now()
        try:
            vendor = naming.vendor_named(options["vendor"])
            period = periods.month(options["period"])
            by = naming.user_named(options["by"]) if options["by"] else None
            weeks.refresh(vendor)
            seen = topups.preview(vendor=vendor, period=period, as_of=at)
            self._say(seen)
            if options["yes"]:
                made = topups.close(vendor=vendor, period=period, digest=seen.digest, by=by, at=at)
                self.stdout.write(topups.said(made))
        except ValueError as error:
            raise CommandError(str(error), returncode=2) from error
        if seen.gaps and not options["yes"]:
            self.stdout.write("Nothing is posted. Add --yes to do it.")

    def _say(self, seen: topups.Preview) -> None:
        for gap in seen.gaps[:SHOWN]:
            test = gap.week.test
            self.stdout.write(
                f"  {gap.account}  {test.starts_on} to {test.ends_on}  "
                f"vendor -> payable  {Money(gap.micros, gap.week.currency)}"
            )
        if len(seen.gaps) > SHOWN:
            self.stdout.write(f"  and {len(seen.gaps) - SHOWN:,} more")
        sums = ", ".join(str(Money(micros, code)) for code, micros in seen.micros.items())
        self.stdout.write(
            f"{counted(len(seen.gaps), 'worker-week')} of {seen.period.label} can be topped up"
            f"{': ' + sums if sums else ''}; {seen.undecided:,} wait for decisions, "
            f"{seen.unknown:,} cannot be judged."
        )
