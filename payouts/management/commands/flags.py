"""manage.py flags --vendor NAME [--state S] [--json]: what is asked, of whom, until when."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ledger.money import format_amount
from ledger.periods import day_of, ms_of
from payouts import flag_list
from payouts.models import Dispute, Flag
from workers import naming


class Command(BaseCommand):
    help = "List the flags that a vendor may see, worst money first: the open ones, or by --state."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--vendor", required=True, help="its name or its short name")
        parser.add_argument("--state", default="", choices=flag_list.STANDS)
        parser.add_argument("--json", action="store_true", help="one JSON object a flag")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            vendor = naming.vendor_named(options["vendor"])
        except ValueError as error:
            raise CommandError(str(error), returncode=2) from error
        flags = flag_list.standing_now(
            Flag.objects.filter(vendor=vendor, for_vendor=True),
            Dispute.objects.filter(vendor=vendor),
        )
        for flag in flag_list.rows(flags, stands=options["state"]).iterator():
            self.stdout.write(json.dumps(told(flag)) if options["json"] else said(flag))


def told(flag: Any) -> dict[str, Any]:
    """Return one flag as JSON. flag: from flag_list.standing_now."""
    return {
        "id": flag.pk,
        "code": flag.code,
        "account": flag.engagement.account if flag.engagement else None,
        "stake": format_amount(flag.stake_micros),
        "currency": flag.currency,
        "state": flag.stands,
        "closed_as": flag.closed_as,
        "answer_due_at": flag.answer_due_at and flag.answer_due_at.isoformat(),
        "title": flag_list.title_of(flag.code),
        "sentence": flag_list.sentence_of(flag),
    }


def said(flag: Any) -> str:
    """Return one flag as a line to read; days are on the vendor's clock."""
    row, due = told(flag), ""
    if row["state"] == "asked":
        due = f", answer due {day_of(ms_of(flag.answer_due_at), flag.vendor.zone)}"
    return (
        f"{row['id']} {row['code']} {row['account'] or 'all accounts'}: {row['stake']} "
        f"{row['currency']}, {row['closed_as'] or row['state']}{due}. {row['sentence']}"
    )
