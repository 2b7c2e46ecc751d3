"""Whoever reads a file may die after any step, and whoever goes on loses and doubles nothing."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ledger import jobs
from ledger.models import Batch, Job, Transfer
from payouts.models import SettlementEntry, SettlementFile
from payouts.settlement import intake, reconciling
from tests.payouts.settlement import reports
from tests.payouts.settlement.bank import NOW
from tests.payouts.settlement.reports import Line

PAYMENTS = 12


class Died(Exception):
    """The process is gone."""


@pytest.fixture
def paid(bank, monkeypatch):
    """Payments, and steps so small that a file takes many of them."""
    monkeypatch.setattr(intake, "CHUNK", 5)
    monkeypatch.setattr(reconciling, "ROWS", 4)
    bank.work(*((f"a{n}", f"w{n}", "10.00") for n in range(PAYMENTS)))
    bank.paid(*((f"PAY-{n}", f"w{n}", "10.00") for n in range(PAYMENTS)))
    for n in range(PAYMENTS):
        bank.payee(f"w{n}", f"Worker Number{n}", f"NL{n:02}ABNA0499998748")
    return bank


def lines():
    """Return a report on each payment: by reference, by account, returned, with a fee."""
    for n in range(PAYMENTS):
        account = f"NL{n:02}ABNA0499998748"
        yield Line("" if n % 3 == 0 else f"PAY-{n}", account=account, fee="0.50" if n % 2 else "")
        if n % 4 == 1:
            yield Line(f"PAY-{n}", account=account, day="2026-10-22", status="returned")


def run_to_the_end(file):
    """Run a file's job again after each death; return how many there were."""
    deaths = 0
    while True:
        Job.objects.filter(key=f"settlement:{file.uuid}").update(lease_until=None)
        try:
            jobs.run(job_id=intake.job_of(file).pk, at=NOW)
        except Died:
            deaths += 1
            continue
        return deaths


def test_a_death_after_every_step_changes_nothing(paid, monkeypatch):
    content = reports.camt(*lines())
    file, _ = intake.receive(vendor=paid.vendor, content=content, name="a", at=NOW)
    monkeypatch.setattr(jobs, "MOST_ATTEMPTS", 1_000)

    def die(job):
        raise Died

    monkeypatch.setattr(jobs, "step_done", die)
    deaths = run_to_the_end(file)
    file.refresh_from_db()

    assert deaths > 10
    assert (file.state, file.path) == ("done", "")
    assert SettlementEntry.objects.count() == len(list(lines()))
    for n in range(PAYMENTS):
        fee = 0.5 if n % 2 else 0
        there = {"received": 10 - fee, **({"fees": fee} if fee else {})}
        assert paid.money(f"PAY-{n}") == ({} if n % 4 == 1 else there)
    assert Transfer.objects.filter(move="settle").count() == PAYMENTS - 3
    paid.prove()


def test_a_death_inside_a_step_leaves_nothing_of_it(paid, monkeypatch):
    file, _ = intake.receive(vendor=paid.vendor, content=reports.camt(*lines()), name="a", at=NOW)
    batches = Batch.objects.count()

    def die(*args, **given):
        raise Died

    with monkeypatch.context() as broken:
        broken.setattr(reconciling.posting.payment_posting, "touch_work", die)
        with pytest.raises(Died):
            jobs.run(job_id=intake.job_of(file).pk, at=NOW)
    assert Batch.objects.count() == batches
    assert not SettlementEntry.objects.filter(outcome__payment__isnull=False).exists()

    run_to_the_end(file)

    assert SettlementFile.objects.get().state == "done"
    # Of one payment only the return has a reference, and that names it: its debit fits no other.
    assert SettlementEntry.objects.filter(outcome__payment=None).count() == 1


def queries_for(bank, count, name):
    """Return how many queries a file with this many entries takes to be read and posted."""
    bank.work(*((f"{name}{n}", f"{name}{n}", "10.00") for n in range(count)))
    bank.paid(*((f"{name}{n}", f"{name}{n}", "10.00") for n in range(count)))
    content = reports.camt(*(Line(f"{name}{n}", fee="0.10") for n in range(count)))
    file, _ = intake.receive(vendor=bank.vendor, content=content, name=name, at=NOW)
    with CaptureQueriesContext(connection) as queries:
        jobs.run(job_id=intake.job_of(file).pk, at=NOW)
    assert bank.money(f"{name}0") == {"received": 9.9, "fees": 0.1}
    return len(queries)


def test_the_number_of_queries_does_not_grow_with_the_number_of_entries(bank):
    few, many = queries_for(bank, 5, "few"), queries_for(bank, 60, "many")

    assert many <= few + 6  # blocks of rows that are written together
