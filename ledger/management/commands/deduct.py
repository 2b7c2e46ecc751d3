"""manage.py deduct --vendor V --account A --work ID --notice T --basis B --evidence E ..."""

from ledger.management.commands._withholding import WithholdingCommand


class Command(WithholdingCommand):
    help = (
        "Take off what is owed: with a legal basis, evidence, a way to object, and notice before."
    )
    move = "deduct"
