"""manage.py statements --vendor NAME --period 2026-10 --out DIR [--json]"""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from payouts.models import Statement
from payouts.statements import issue, render
from workers import naming
from workers.counted import counted


class Command(BaseCommand):
    help = "Issue a month's pay statements, and write a PDF and a data file for each worker."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--vendor", required=True, help="its name or its short name")
        parser.add_argument("--period", required=True, help="a month, like 2026-10")
        parser.add_argument("--out", type=Path, required=True, help="the folder to write into")
        parser.add_argument("--json", action="store_true", help="say it as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        out, period = options["out"], options["period"]
        try:
            vendor = naming.vendor_named(options["vendor"])
            out.mkdir(parents=True, exist_ok=True)
            counts = issue.issue_all(vendor=vendor, period=period, by=None, at=timezone.now())
        except ValueError as error:
            raise CommandError(str(error), returncode=2) from error
        except OSError as error:
            raise CommandError(f"{out}: {error.strerror}. Name a folder that can be written to.",
                               returncode=2) from error  # fmt: skip
        standing = Statement.objects.filter(vendor=vendor, period=period, replaced_by=None)
        written = render.write_all(standing.order_by("serial"), out)
        said = {
            "vendor": vendor.name, "period": period, "new": counts["new"],
            "corrections": counts["corrections"], "unchanged": counts["unchanged"],
            "written": written, "out": str(out),
        }  # fmt: skip
        self.stdout.write(json.dumps(said) if options["json"] else _sentence(said))


def _sentence(said: dict[str, Any]) -> str:
    if not said["written"]:
        return f"{said['vendor']} has no work in {said['period']}: there is nothing to state."
    corrections = counted(said["corrections"], "correction")
    news = f"{said['new']} new, {corrections}, {said['unchanged']} unchanged"
    if not said["new"] and not said["corrections"]:
        news = "nothing has changed, so none is new"
    return (
        f"{said['vendor']}, {said['period']}: {news}. "
        f"{counted(said['written'], 'statement is', 'statements are')} in {said['out']}, "
        "a PDF and a data file each."
    )
