"""An import of payments is undone: what it had paid is met by whatever else was sent for it."""

import itertools

import pytest

from ledger import jobs
from ledger.models import Import, Transfer
from payouts.settlement import unsettling
from tests.payouts.settlement import reports
from tests.payouts.settlement.bank import NOW, Bank
from tests.payouts.settlement.reports import Line

FIRST = ("PAY-1", "w1", "20.00", {"works": "a1"})
AGAIN = ("PAY-2", "w1", "20.00", {"works": "a1", "sent": "2026-10-21T10:00:00Z"})
FILES = {
    "first": lambda bank: bank.paid(FIRST),
    "again": lambda bank: bank.paid(AGAIN),
    "back": lambda bank: bank.report(
        reports.csv(Line("PAY-1", "20.00", day="2026-10-20", status="returned"))
    ),
}
names = itertools.count(1)


def undo(bank, name, file):
    if name == "back":
        jobs.run(job_id=unsettling.start(file=file, by=None, at=NOW).pk, at=NOW)
    else:
        bank.take_back(file)


def story(folder, comes, undone=()):
    """Bring these files in, undo some, and return the bank."""
    bank = Bank(folder, f"Vendor {next(names)}")
    bank.work(("a1", "w1", "20.00"))
    brought = {name: FILES[name](bank) for name in comes}
    for name in undone:
        undo(bank, name, brought[name])
        bank.prove()
    return bank


def stands(bank):
    """Return what is owed, and how much of what is on its way pays the work and is not ahead."""
    at = bank.balances()
    ways = [
        at.get(("w1", "payment", name, "advance"), 0) / 1_000_000 for name in ("PAY-1", "PAY-2")
    ]
    sent = [sum(bank.money(name).values()) for name in ("PAY-1", "PAY-2")]
    return bank.owed("w1"), sum(sent) + sum(ways)


@pytest.fixture
def folder(db, tmp_path, settings):
    settings.VAR_DIR = tmp_path
    return tmp_path


def test_what_was_sent_ahead_pays_the_work_once_the_first_payment_is_undone(folder):
    bank = story(folder, ["first", "again"], ["first"])

    assert bank.owed("w1") == 0
    assert (bank.money("PAY-1"), bank.money("PAY-2")) == ({}, {"in_transit": 20})
    assert ("w1", "payment", "PAY-2", "advance") not in bank.balances()
    met = Transfer.objects.get(move="apply")
    assert met.happened_at_ms == met.payment.sent_at_ms  # as if the first had never been told


def test_nothing_is_paid_twice_when_the_first_payment_comes_in_again(folder):
    bank = story(folder, ["first", "again"], ["first"])
    bank.paid(FIRST)

    assert bank.owed("w1") == 0
    assert bank.balances()["w1", "work", "a1", "vendor"] == -20_000_000
    assert bank.balances()["w1", "payment", "PAY-1", "advance"] == -20_000_000
    bank.prove()


ORDERS = [["first", "again", "back"], ["first", "back", "again"], ["back", "again", "first"]]
UNDONE = [["first"], ["again"], ["back"], ["first", "back"], ["back", "first"], ["back", "again"]]


@pytest.mark.parametrize("order", ORDERS, ids="-".join)
@pytest.mark.parametrize("undone", UNDONE, ids="-".join)
def test_what_is_undone_is_as_if_it_had_never_come(folder, order, undone):
    kept = [name for name in order if name not in undone]

    assert stands(story(folder, order, undone)) == stands(story(folder, kept))


def test_what_arrived_after_a_return_that_was_undone_goes_with_its_payment(folder):
    bank = story(folder, ["first", "again", "back"], ["back"])
    bank.report(reports.csv(Line("PAY-1", "20.00", day="2026-10-25")), name="arrived.csv")
    assert bank.money("PAY-1") == {"received": 20}
    bank.take_back(Import.objects.filter(vendor=bank.vendor, kind="payouts").earliest("pk"))

    assert (bank.owed("w1"), bank.money("PAY-1")) == (0, {})
    assert bank.money("PAY-2") == {"in_transit": 20}
    bank.prove()
