"""What the commands that withhold owed money share: their options, and what they say."""

from datetime import datetime
from typing import Any, ClassVar

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from ledger import withholding
from ledger.grounds import Grounds
from ledger.models import Withholding
from ledger.money import Money, parse_micros
from workers import naming
from workers.models import Engagement


class WithholdingCommand(BaseCommand):
    """A door to one kind of decision about money that is owed. `move` says which."""

    move: ClassVar[str]

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--vendor", required=True)
        parser.add_argument("--account", required=True, help="the vendor's id for the worker")
        parser.add_argument("--source", help="the platform, where two have the same account")
        parser.add_argument("--work", nargs="+", default=[], metavar="ID", help="of which work")
        parser.add_argument("--amount", default="", help="how much, like 12.50; else all of it")
        parser.add_argument("--currency", default="", help="of the amount; else the vendor's")
        parser.add_argument("--code", default="", help="why, in a word, like quality_review")
        parser.add_argument("--reason", default="", help="why, for the worker")
        parser.add_argument("--decided-by", default="", help="who decided")
        parser.add_argument("--notice", default="", metavar="T", help="when the worker was told")
        parser.add_argument("--basis", default="", help="the law or clause that allows it")
        parser.add_argument("--evidence", default="", help="what shows that it is so")
        parser.add_argument("--appeal", default="", help="how the worker can object")

    def handle(self, *args: Any, **options: Any) -> None:
        at = timezone.now()
        try:
            vendor = naming.vendor_named(options["vendor"])
            account = naming.account_named(vendor, options["account"], options["source"])
            made = self.decide(
                account,
                _grounds(options, at),
                {"works": options["work"], "most": _most(account, options), "at": at},
                options,
            )
        except ValueError as error:
            raise CommandError(str(error), returncode=2) from error
        self.stdout.write(self.said(made))

    def decide(
        self,
        account: Engagement,
        grounds: Grounds,
        given: dict[str, Any],
        options: dict[str, Any],
    ) -> Withholding:
        """Make the decision; return it."""
        return withholding.withhold(self.move, engagement=account, grounds=grounds, **given)

    def said(self, made: Withholding) -> str:
        """Say what was taken, and by which number it can be released."""
        moved = [
            (one.amount_micros, one.currency, one.work.external_id if one.work else "")
            for one in made.transfers.select_related("work").order_by("n")
        ]
        total = Money(sum(micros for micros, _, _ in moved), moved[0][1])
        works = ", ".join(external_id for _, _, external_id in moved)
        return f"{self.move} {made.uuid}: {total} of {works}. The worker sees it from now on."


def _grounds(options: dict[str, Any], at: datetime) -> Grounds:
    until = options.get("until")
    return Grounds(
        code=options["code"],
        text=options["reason"],
        decided_by=options["decided_by"],
        notice_at=naming.moment_written(options["notice"]) if options["notice"] else at,
        ends_at=naming.moment_written(until) if until else None,
        legal_basis=options["basis"],
        evidence=options["evidence"],
        appeal=options["appeal"],
    )


def _most(account: Engagement, options: dict[str, Any]) -> Money | None:
    if not options["amount"]:
        return None
    currency = naming.currency_named(options["currency"] or account.vendor.currency)
    return Money(parse_micros(options["amount"]), currency)
