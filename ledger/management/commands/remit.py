"""manage.py remit --vendor V --account A --amount N --basis B ...: paid on for the worker."""

from ledger.management.commands._withholding import WithholdingCommand


class Command(WithholdingCommand):
    help = "Record what is paid to a third party for the worker on a legal basis, such as a tax."
    move = "remit"
