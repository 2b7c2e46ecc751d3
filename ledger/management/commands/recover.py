"""manage.py recover --vendor V --account A --payment REF ... --notice T: set off an overpayment."""

from typing import Any

from django.core.management.base import CommandParser

from ledger import withholding
from ledger.grounds import Grounds
from ledger.management.commands._withholding import WithholdingCommand
from ledger.models import Withholding
from workers.models import Engagement


class Command(WithholdingCommand):
    help = "Set off what a payment had overpaid against what is owed, after notice."
    move = "apply"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--payment", required=True, metavar="REF", help="the one that overpaid")

    def decide(
        self,
        account: Engagement,
        grounds: Grounds,
        given: dict[str, Any],
        options: dict[str, Any],
    ) -> Withholding:
        """Recover from what is owed."""
        return withholding.recover(
            engagement=account, reference=options["payment"], grounds=grounds, **given
        )
