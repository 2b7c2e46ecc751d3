"""What the commands of paying say, sentence by sentence."""

import pytest
from django.core.management import CommandError, call_command

from payouts.management.commands.pay_run import Command
from tests import factories
from workers.models import Payee

pytestmark = pytest.mark.django_db
HEADER = "worker_external_id,source_system,holder,method,address,currency\n"


@pytest.fixture
def payees(tmp_path):
    factories.engagement(factories.vendor(), "w1", source="tool")
    path = tmp_path / "payees.csv"

    def bring_in(row, header=HEADER):
        path.write_text(header + row)
        call_command("import_payees", path, vendor="Aster Labelling")

    return bring_in


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("w1,tool,Ada,wallet,+254700,usd\n", r"Write USD\. Nothing was kept\.$"),
        ("w1,tool,Ada,cash,+254700,USD\n", r"Write one\. Nothing was kept\.$"),
        ('w1,tool,"Ada\n', r"\w\. Nothing was kept\.$"),
    ],
)
def test_a_refusal_of_payees_is_in_whole_sentences(payees, row, said):
    with pytest.raises(CommandError, match=said):
        payees(row)
    assert not Payee.objects.exists()


def test_one_payee_is_one_account(payees, capsys):
    payees("w1,tool,Ada,wallet,+254700,USD\n")

    assert "where the pay of 1 account goes." in capsys.readouterr().out


def test_each_step_of_a_run_says_what_it_does():
    helped = " ".join(Command().create_parser("manage.py", "pay_run").format_help().split())

    for step in ("show say its checks", "approve let it go", "cancel take a draft back"):
        assert step in helped
