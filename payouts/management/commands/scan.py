"""manage.py scan [--vendor V] [--as-of T] [--full] [--json]: look for missing pay."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from ledger import jobs
from ledger.money import format_amount
from payouts import detectors, flagging, scanning
from payouts.models import Scan
from workers import naming
from workers.counted import counted
from workers.models import Vendor


class Command(BaseCommand):
    help = "Look for missing pay: flags what is found, and closes what is not found any more."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--vendor", help="its name or its short name; all vendors if left out")
        parser.add_argument(
            "--as-of", metavar="T", help="the moment that decides what is late; now if left out"
        )
        parser.add_argument(
            "--full", action="store_true", help="every account, also where nothing can have changed"
        )
        parser.add_argument("--json", action="store_true", help="one JSON object a vendor")

    def handle(self, *args: Any, **options: Any) -> None:
        at = timezone.now()
        try:
            named = options["vendor"]
            vendors = [naming.vendor_named(named)] if named else Vendor.objects.order_by("pk")
            as_of = naming.moment_written(options["as_of"]) if options["as_of"] else at
        except ValueError as error:
            raise CommandError(str(error), returncode=2) from error
        for vendor in vendors:
            try:
                report = reported(
                    scanning.scan(vendor=vendor, as_of=as_of, at=at, full=options["full"])
                )
            except jobs.Failed as error:
                raise CommandError(f"The scan of {vendor.name} failed: {error}") from error
            self.stdout.write(json.dumps(report) if options["json"] else said(report))


def reported(scan: Scan) -> dict[str, Any]:
    """Return what a scan found, as JSON; amounts are strings."""
    stakes = flagging.at_stake(scan.vendor)
    total: dict[str, int] = {}
    for by_currency in stakes.values():
        for currency, micros in by_currency.items():
            total[currency] = total.get(currency, 0) + micros
    return {
        "vendor": scan.vendor.name,
        "scan": scan.pk,
        "as_of": scan.as_of.isoformat(),
        "accounts": scan.accounts,
        "looked_at": scan.looked_at,
        "flags": {
            code: {
                "title": detectors.title(code),
                **scan.counts.get(code, flagging.NOTHING),
                "at_stake": written(stakes.get(code, {})),
            }
            for code in flagging.TOLD
        },
        "at_stake": written(total),
    }


def written(money: dict[str, int]) -> dict[str, str]:
    """Return amounts in micros as text, by currency."""
    return {currency: format_amount(micros) for currency, micros in money.items()}


def said(report: dict[str, Any]) -> str:
    """Return a report as lines to read."""
    lines = [
        f"{report['vendor']}, as of {report['as_of']}: {counted(report['accounts'], 'account')}, "
        f"{report['looked_at']:,} of them looked at"
    ]
    looked_for = report["flags"].items()
    quiet = [code for code, flags in looked_for if not flags["found"] and not flags["resolved"]]
    for code, flags in looked_for:
        if code in quiet:
            continue
        lines.append(
            f"  {code} {flags['title']}: {flags['found']:,} found, {flags['new']:,} new, "
            f"{flags['resolved']:,} resolved{_money(flags['at_stake'])}"
        )
    if quiet:
        lines.append(f"  Found nothing: {', '.join(sorted(quiet))}")
    return "\n".join([*lines, f"  At stake{_money(report['at_stake']) or ': nothing'}"])


def _money(amounts: dict[str, str]) -> str:
    text = " and ".join(f"{amount} {currency}" for currency, amount in amounts.items())
    return f": {text}" if text else ""
