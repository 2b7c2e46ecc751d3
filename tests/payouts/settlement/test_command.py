"""manage.py import_settlement: what it says, what it leaves, how it ends."""

import json

import pytest
from django.core.management import CommandError, call_command

from ledger.models import Transfer
from payouts.models import SettlementEntry, SettlementFile
from tests.payouts.settlement import reports
from tests.payouts.settlement.reports import Line


@pytest.fixture
def run(bank, tmp_path, capsys):
    """Write a file and bring it in; return the exit code and what was said."""
    bank.work(("a1", "w1", "10.00"))
    bank.paid(("PAY-1", "w1", "10.00"))

    def bring_in(content, *options, name="bank.xml"):
        path = tmp_path / name
        path.write_bytes(content)
        code = 0
        try:
            call_command("import_settlement", str(path), "--vendor", bank.vendor.slug, *options)
        except SystemExit as end:
            code = end.code
        return code, capsys.readouterr()

    return bring_in


def test_it_says_what_became_of_the_entries_and_of_the_sums(run, bank):
    code, said = run(reports.camt(Line("PAY-1"), Line("OTHER", "3.00")))

    assert code == 0
    assert "bank.xml: done; 2 entries, 0 known before" in said.out
    assert "1 settled" in said.out
    assert "1 unmatched" in said.out
    assert "they agree with the balances" in said.out
    assert bank.money("PAY-1") == {"received": 10}


def test_a_dry_run_shows_it_all_and_keeps_nothing(run, bank):
    before = Transfer.objects.count()
    code, said = run(reports.camt(Line("PAY-1")), "--dry-run", "--json")

    told = json.loads(said.out)
    assert (code, told["dry_run"], told["outcomes"]) == (0, True, {"settled": 1})
    assert told["statements"][0]["agrees"] is True
    assert told["statements"][0]["out"] == "10.00"
    assert Transfer.objects.count() == before
    assert not SettlementFile.objects.exists()
    assert not SettlementEntry.objects.exists()
    assert bank.money("PAY-1") == {"in_transit": 10}


def test_the_same_file_again_adds_nothing_and_says_so(run):
    run(reports.camt(Line("PAY-1")))
    code, said = run(reports.camt(Line("PAY-1")))

    assert (code, said.out) == (0, "bank.xml was brought in before; nothing is added.\n")


def test_a_file_with_problems_ends_with_3_and_names_them(run):
    code, said = run(reports.camt(Line("PAY-1"), opening="5.00").replace(b"5.00", b"6.00", 1))

    assert code == 3
    assert "they DO NOT AGREE by 1.00" in said.out
    assert "opening balance and entries make the closing balance" in said.err


def test_a_file_that_nobody_can_read_ends_with_4(run):
    code, said = run(b"what is this?")

    assert code == 4
    assert "Nothing is kept" in said.err
    assert SettlementFile.objects.get().state == "refused"


def test_a_processors_csv_needs_a_mapping(run, bank, tmp_path):
    mapping = tmp_path / "mapping.json"
    mapping.write_text('{"columns": {"reference": "Ref", "amount": "Sum"}, "currency": "USD"}')
    content = b"Ref,Sum\nPAY-1,10.00\n"
    assert run(content)[0] == 4

    code, said = run(content, "--mapping", str(mapping))

    assert (code, "1 settled" in said.out) == (0, True)
    assert bank.money("PAY-1") == {"received": 10}


def test_what_is_not_there_is_said(run, bank):
    with pytest.raises(CommandError, match="no such file"):
        call_command("import_settlement", "/nowhere.xml", "--vendor", bank.vendor.slug)
    with pytest.raises(CommandError):
        call_command("import_settlement", "/nowhere.xml", "--vendor", "nobody")
