"""A bank's file is taken back: what only it told does not count, and the file is new again."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings

from ledger import jobs
from ledger.files import Refused
from ledger.models import Transfer
from payouts.models import SettlementFile
from payouts.settlement import unsettling
from tests import factories
from tests.payouts.settlement import reports, test_order
from tests.payouts.settlement.bank import NOW, Bank
from tests.payouts.settlement.reports import Line
from tests.payouts.settlement.test_exchanged import arrived, fixed  # noqa: F401


@pytest.fixture
def paid(bank):
    bank.work(("a1", "w1", "6.00"), ("a2", "w1", "4.00"))
    bank.paid(("PAY-1", "w1", "10.00"))
    return bank


def undo(bank, file):
    said = unsettling.preview(file)
    jobs.run(job_id=unsettling.start(file=file, by=None, at=NOW).pk, at=NOW)
    file.refresh_from_db()
    assert file.state == "undone"
    bank.prove()
    return said


def test_what_had_arrived_is_on_its_way_again_by_mirrors(paid):
    file = paid.report(reports.camt(Line("PAY-1", fee="0.50")))

    said = undo(paid, file)

    assert (said.entries, said.payments, said.unconfirmed) == (1, 1, {"USD": 9_500_000})
    assert paid.money("PAY-1") == {"in_transit": 10}
    assert paid.outcomes() == [("PAY-1", 10, "withdrawn")]
    mirrored = Transfer.objects.filter(move="reverse").values_list("reverses__move", flat=True)
    assert sorted(mirrored) == ["fee", "settle"]


def test_a_return_that_is_taken_back_pays_the_same_work_again(paid):
    paid.report(reports.camt(Line("PAY-1")))
    file = paid.report(reports.camt(Line("PAY-1", day="2026-10-22", status="returned")))
    assert paid.owed("w1") == 10

    said = undo(paid, file)

    assert said.sent_again == {"USD": 10_000_000}
    assert paid.money("PAY-1") == {"received": 10}
    assert paid.owed("w1") == 0
    assert {key[2]: value for key, value in paid.balances().items() if key[3] == "vendor"} == {
        "a1": -6_000_000, "a2": -4_000_000,
    }  # fmt: skip


def test_what_was_paid_again_meanwhile_stays_in_sight(paid):
    file = paid.report(reports.camt(Line("PAY-1", status="returned")))
    paid.paid(("PAY-2", "w1", "6.00", {"works": "a1"}))

    said = undo(paid, file)

    assert (said.sent_again, said.moved_on) == ({"USD": 4_000_000}, {"USD": 6_000_000})
    assert paid.money("PAY-1") == {"in_transit": 4}
    assert paid.money("PAY-2") == {"in_transit": 6}
    assert not any(account == "advance" for *_, account in paid.balances())
    paid.report(reports.camt(Line("PAY-1", day="2026-10-25")))
    assert paid.money("PAY-1") == {"received": 4}


def test_what_another_file_tells_as_well_stays(paid):
    line = Line("PAY-1", fee="0.50")
    first = paid.report(reports.camt(line, kind="054"))
    second = paid.report(reports.camt(line))

    assert undo(paid, first).entries == 0
    assert paid.money("PAY-1") == {"received": 9.5, "fees": 0.5}
    assert undo(paid, second).entries == 1
    assert paid.money("PAY-1") == {"in_transit": 10}


def test_what_the_record_of_payments_says_stays(paid):
    paid.paid(("PAY-1", "w1", "10.00", {"arrived": "2026-10-20T10:00:00Z", "fee": "0.20"}))
    file = paid.report(reports.camt(Line("PAY-1", fee="0.50")))

    undo(paid, file)

    assert paid.money("PAY-1") == {"received": 9.8, "fees": 0.2}


def test_the_file_is_new_again_and_tells_the_same(paid):
    content = reports.camt(Line("PAY-1", fee="0.50"), Line("OTHER", "3.00"))
    first = paid.report(content)
    was = paid.balances()
    undo(paid, first)

    again = paid.report(content)

    assert again != first
    assert paid.balances() == was
    assert [one for *_, one in paid.outcomes()] == ["settled", "unmatched"]
    assert undo(paid, again).entries == 2
    assert paid.money("PAY-1") == {"in_transit": 10}


def test_money_paid_ahead_that_came_back_is_ahead_again(paid):
    paid.paid(("AHEAD", "w2", "5.00"))
    file = paid.report(reports.camt(Line("AHEAD", "5.00", status="returned")))

    undo(paid, file)

    assert paid.money("AHEAD") == {"in_transit": 5}


def test_what_met_a_return_that_is_taken_back_is_ahead_again(bank):
    bank.work(("a1", "w1", "10.00"))
    bank.paid(("PAY-1", "w1", "10.00"), ("PAY-2", "w1", "10.00"))
    was = bank.balances()
    file = bank.report(reports.camt(Line("PAY-1", status="returned")))
    assert bank.money("PAY-1") == {}

    said = undo(bank, file)

    assert (said.sent_again, said.moved_on) == ({"USD": 10_000_000}, {})
    assert bank.balances() == was


def test_money_ahead_that_had_met_work_and_came_back_meets_it_again(bank):
    bank.paid(("PAY-1", "w1", "10.00"))
    bank.work(("a1", "w1", "10.00"))
    was = bank.balances()
    file = bank.report(reports.camt(Line("PAY-1", status="returned")))
    assert bank.owed("w1") == 10

    undo(bank, file)

    assert bank.balances() == was


def test_an_exchange_that_is_taken_back_is_not_known_any_more(fixed):  # noqa: F811
    file = fixed.report(reports.csv(Line("PAY-1", "8.00", currency="EUR")))

    undo(fixed, file)

    assert arrived()[-1] == (8, "EUR", True)
    assert fixed.money("PAY-1") == {"in_transit": 10}


def test_a_match_that_the_file_had_taken_is_free_again(bank):
    """What was matched by amount and name moves no money either, and another entry may be it."""
    bank.work(("a1", "w1", "10.00"))
    bank.paid(("PAY-1", "w1", "10.00"))
    bank.payee("w1", "Jan Nowak")
    wrong = bank.report(reports.csv(Line("", name="Jan Nowak", bank_reference="A")))
    bank.report(reports.csv(Line("", name="Jan Nowak", bank_reference="B")))
    assert [one for *_, one in bank.outcomes()] == ["settled", "unmatched"]

    undo(bank, wrong)

    assert [one for *_, one in bank.outcomes()] == ["withdrawn", "settled"]
    assert bank.money("PAY-1") == {"received": 10}


def test_a_file_that_is_not_done_cannot_be_undone(paid):
    file = paid.report(reports.camt(Line("PAY-1")))
    undo(paid, file)

    with pytest.raises(Refused, match="only a file that was read to its end"):
        unsettling.start(file=file, by=None, at=NOW)


def test_the_command_says_first_what_it_would_do(paid):
    paid.report(reports.camt(Line("PAY-1")), name="october.xml")

    def say(*words):
        out = StringIO()
        call_command("undo_settlement", *words, "--vendor", paid.vendor.name, stdout=out)
        return out.getvalue()

    assert "10.00 USD is no longer confirmed" in say("october.xml")
    assert paid.money("PAY-1") == {"received": 10}
    assert "Undone" in say(str(SettlementFile.objects.get().uuid), "--yes")
    assert paid.money("PAY-1") == {"in_transit": 10}
    with pytest.raises(CommandError, match=r"The newest are: october\.xml"):
        say("november.xml")


def test_the_page_previews_and_undoes(paid, client):
    file = paid.report(reports.camt(Line("PAY-1")), name="october.xml")
    client.force_login(factories.staff(paid.vendor))
    address = f"/v/{paid.vendor.slug}/settlement/{file.uuid}/"

    assert "Undo this file" in client.get(address).content.decode()
    assert "10.00 USD" in client.get(f"{address}undo/").content.decode()
    client.post(f"{address}undo/")
    for job in jobs.waiting():
        jobs.run(job_id=job.pk, at=NOW)
    assert "This file was taken back" in client.get(address).content.decode()
    assert paid.money("PAY-1") == {"in_transit": 10}


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(test_order.LINES, test_order.LINES)
def test_undone_is_as_if_it_had_never_come(db, tmp_path, settings, kept, wrong):
    """Whatever both files say: a file after another, and taken back, leaves what the one left."""
    settings.VAR_DIR = tmp_path
    alone = test_order.story(tmp_path, [kept], 0)

    bank = Bank(tmp_path, f"Vendor {next(test_order.names)}")
    test_order.work(bank)
    test_order.pay(bank)
    bank.report(reports.csv(*kept), name="kept.csv")
    file = bank.report(reports.csv(*wrong), name="wrong.csv")
    if file.name == "wrong.csv":  # else both say the same
        undo(bank, file)

    assert bank.balances() == alone
