"""manage.py hold --vendor V --account A --work ID --code C --reason R --decided-by W --until T."""

from django.core.management.base import CommandParser

from ledger.management.commands._withholding import WithholdingCommand


class Command(WithholdingCommand):
    help = "Hold back what is owed, until a stated time: then it releases itself."
    move = "hold"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--until", metavar="T", help="when it ends, with its offset")
