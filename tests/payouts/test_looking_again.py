"""A scan that looks only where something can have changed flags what a scan of everything flags.

A few histories are tried always, by their numbers: each fault that was planted in looking_again
(a mark that is not set, a clock that notes nothing, ...) fails one of them. HISTORIES=300 tries so
many more.
"""

import os
from datetime import timedelta
from itertools import product
from random import Random

import pytest
from django.apps import apps
from django.db import transaction
from django.forms.models import model_to_dict

from ledger import agreeing, ending, jobs, pledging
from ledger.models import (
    Arrival,
    Batch,
    Deactivation,
    Job,
    Leaf,
    Payment,
    RateFile,
    ReferenceRate,
    Transfer,
    Withholding,
    Work,
)
from ledger.money import Money
from payouts import looking_again, scan_jobs, scanning
from payouts.detectors import late_pay
from payouts.facts import accounts
from payouts.models import Flag
from tests import bringing, factories
from tests.payouts.exports import AS_OF, START, bring_payouts, bring_work, payment, work
from tests.payouts.scan_histories import STEPS, WITH_TERMS, Months
from workers.models import Engagement

pytestmark = pytest.mark.django_db
ALWAYS = (0, 2, 6, 22, 61)
MORE = range(int(os.environ.get("HISTORIES", "0")))
ALWAYS_WITH_TERMS = (0, 1, 2)
TIMES = 8


def flags(vendor, scan):
    """Return all that is known of a vendor's flags, and of each whether this scan saw it last."""
    rows = [model_to_dict(flag) for flag in Flag.objects.filter(vendor=vendor)]
    for row in rows:
        del row["id"]
        row["last_scan"] = row["last_scan"] == scan.pk
    return sorted(rows, key=lambda row: (row["code"], row["version"], row["subject"]))


def found(scan):
    return {code: counts["found"] for code, counts in scan.counts.items()}


def of_everything(vendor, as_of):
    """Return what a scan of all accounts would flag and count now; nothing of it stays."""
    with transaction.atomic():
        scan = scanning.scan(vendor=vendor, as_of=as_of, at=as_of, full=True)
        assert scan.looked_at == scan.accounts
        seen = flags(vendor, scan), found(scan)
        transaction.set_rollback(True)
    return seen


@pytest.mark.parametrize(
    ("number", "steps"),
    [*product([*ALWAYS, *MORE], [STEPS]), *product([*ALWAYS_WITH_TERMS, *MORE], [WITH_TERMS])],
    ids=lambda value: str(value) if isinstance(value, int) else str(len(value)),
)
def test_whatever_happens_it_flags_what_a_scan_of_everything_flags(tmp_path, number, steps):
    bringing.floor_since_2010()
    months = Months(tmp_path, Random(number), steps)
    for _ in range(TIMES):
        months.go_on()
        expected = of_everything(months.vendor, months.as_of)
        scan = scanning.scan(vendor=months.vendor, as_of=months.as_of, at=months.as_of)
        assert (flags(months.vendor, scan), found(scan)) == expected


# What an account's own stream tells, or is looked for beside it.
OF_THE_STREAM = {Batch, Leaf, Work, Payment, Transfer, Withholding, Arrival}
BESIDE_THE_STREAM = {Deactivation, ReferenceRate, RateFile}
DAY = timedelta(days=1)


def test_whatever_is_agreed_is_a_part_of_what_an_account_was_judged_by():
    """A new kind of term that is in none of these lists would go by unseen."""
    added = {
        model
        for model in apps.get_app_config("ledger").get_models()
        if getattr(model, "APPEND_ONLY", False)
    }

    judged_by = {*looking_again.AGREED, *looking_again.FOR_EVERYBODY}
    assert added <= judged_by | OF_THE_STREAM | BESIDE_THE_STREAM


@pytest.fixture
def vendor(tmp_path):
    """A vendor with four accounts, all paid but the last."""
    bringing.floor_since_2010()
    one = factories.vendor()
    names = [f"w{number}" for number in range(4)]
    bring_work(one, tmp_path, *[work(name, 1) for name in names])
    bring_payouts(one, tmp_path, *[payment(name, "20.00") for name in names[:3]])
    return one


def look(vendor, as_of=AS_OF, **given):
    return scanning.scan(vendor=vendor, as_of=as_of, at=as_of, **given)


def test_only_the_account_with_news_is_looked_at_again(vendor, tmp_path):
    assert look(vendor).looked_at == 4
    assert look(vendor).looked_at == 0
    bring_work(vendor, tmp_path, work("w1", 2))

    scan = look(vendor)

    assert (scan.looked_at, scan.accounts) == (1, 4)
    assert scan.counts["W01"] == {"found": 2, "new": 1, "resolved": 0}


def known_until(vendor, folder, paid, days):
    """Bring a payment in, on the day up to which all payments are known."""
    at = AS_OF + days * DAY
    bring_payouts(vendor, folder, paid, complete_until=at.date(), at=at)


def test_time_alone_brings_an_account_back(vendor, tmp_path):
    bring_work(vendor, tmp_path, work("w1", 2, due_at="2026-11-03T12:00:00Z"))
    known_until(vendor, tmp_path, payment("w1", "0.01"), days=9)
    look(vendor)

    seen = [look(vendor, AS_OF + days * DAY).looked_at for days in (1, 3, 6, 7)]

    assert seen == [0, 0, 1, 0]  # due on the third, late three days after it


def test_a_new_version_of_a_detector_looks_at_everything(vendor, monkeypatch):
    look(vendor)
    monkeypatch.setattr(late_pay, "VERSION", 2)

    assert look(vendor).looked_at == 4


def test_a_full_scan_can_be_asked_for(vendor):
    look(vendor)

    assert look(vendor, full=True).looked_at == 4


def test_a_scan_that_another_one_overtook_leaves_nothing_unseen(vendor, tmp_path, monkeypatch):
    monkeypatch.setattr(accounts, "ACCOUNTS", 1)
    first = scanning.start(vendor=vendor, as_of=AS_OF - 20 * DAY, at=AS_OF)
    begun = []

    def stop(job):
        begun.append(job)
        raise RuntimeError("the worker is stopped")

    with monkeypatch.context() as patched:
        patched.setattr(jobs, "step_done", stop)
        with pytest.raises(RuntimeError):
            jobs.run(job_id=scanning.job_of(first).pk, at=AS_OF)
    look(vendor)
    for job in Job.objects.filter(scan_jobs.is_of(first)):
        Job.objects.update(lease_until=None)
        jobs.run(job_id=job.pk, at=AS_OF)
    first.refresh_from_db()
    assert first.finished_at is not None

    expected = of_everything(vendor, AS_OF)
    scan = look(vendor)

    assert scan.looked_at == 4
    assert (flags(vendor, scan), found(scan)) == expected


def test_what_is_agreed_between_two_chunks_is_looked_at_again(vendor, monkeypatch):
    """The second chunk was still judged by what held at the first."""
    monkeypatch.setattr(accounts, "ACCOUNTS", 2)
    steps = []

    def agree(job):
        steps.append(job.pk)
        if len(steps) == 2:  # the start, and the first chunk
            agreeing.set_rate(
                vendor=vendor, project="maps", per="piece", amount=Money(90_000_000, "USD"),
                from_on=START.date(), at=AS_OF,
            )  # fmt: skip

    with monkeypatch.context() as patched:
        patched.setattr(jobs, "step_done", agree)
        look(vendor)
    expected = of_everything(vendor, AS_OF)

    scan = look(vendor)

    assert expected[1]["W12"] == 4
    assert (flags(vendor, scan), found(scan)) == expected


def test_a_mass_of_refusals_concerns_whoever_was_refused_before(vendor, tmp_path):
    refused = {"status": "rejected", "status_reason": "poor", "due_at": ""}
    bring_work(vendor, tmp_path, work("ada", 1, **refused))
    look(vendor)
    assert not Flag.objects.filter(code="W04").exists()
    bring_work(vendor, tmp_path, *[work(f"other-{each}", 1, **refused) for each in range(24)])

    look(vendor)

    assert Flag.objects.filter(code="W04", engagement__account="ada").count() == 1


def test_work_that_vanished_from_a_list_brings_its_account_back(vendor, tmp_path):
    named = [work(f"v{each}", each) for each in range(6)]
    bring_work(vendor, tmp_path, *named, exported_at=AS_OF - 2 * DAY, complete=True)
    look(vendor)
    without = [*named[:2], *named[3:], work("w0", 3)]
    bring_work(vendor, tmp_path, *without, exported_at=AS_OF - DAY, complete=True)

    look(vendor)

    assert Flag.objects.get(code="W05").engagement.account == "v2"


def deactivated(vendor, at):
    account = Engagement.objects.get(vendor=vendor, account="w3")
    said = {"code": "inactive", "text": "no work", "decided_by": "board"}
    ending.deactivate(engagement=account, told_at=AS_OF, from_at=at, at=AS_OF, **said)


def closed(vendor, at):
    said = {"project": "maps", "text": "no client", "decided_by": "board"}
    ending.close(vendor=vendor, from_at=at, at=AS_OF, **said)


@pytest.mark.parametrize("end", [deactivated, closed])
def test_an_ending_that_comes_while_a_chunk_is_judged_is_looked_at_again(
    vendor, tmp_path, monkeypatch, end
):
    """Nobody who records one waits for a scan."""
    known_until(vendor, tmp_path, payment("w0", "1.00"), days=40)
    later = AS_OF + 30 * DAY
    read = accounts.read

    def read_before(*args, **given):
        chunk = read(*args, **given)
        if chunk:
            end(vendor, AS_OF)
        return chunk

    with monkeypatch.context() as patched:
        patched.setattr(accounts, "read", read_before)
        look(vendor, later)
    expected = of_everything(vendor, later)

    scan = look(vendor, later)

    assert expected[1]["W09"] + expected[1]["W10"] == 1
    assert (flags(vendor, scan), found(scan)) == expected


@pytest.mark.parametrize(("end", "code"), [(deactivated, "W09"), (closed, "W10")])
def test_an_ending_that_is_dated_ahead_counts_from_its_day_on(vendor, tmp_path, end, code):
    known_until(vendor, tmp_path, payment("w0", "1.00"), days=40)
    end(vendor, AS_OF + 5 * DAY)
    for days in (0, 6):
        look(vendor, AS_OF + days * DAY)
    expected = of_everything(vendor, AS_OF + 30 * DAY)

    scan = look(vendor, AS_OF + 30 * DAY)

    assert (flags(vendor, scan), found(scan)) == expected
    assert Flag.objects.filter(code=code, engagement__account="w3").count() == 1


def test_a_decision_that_becomes_overdue_meets_a_promise(vendor, tmp_path):
    """Of work whose pay nobody knows, so that nothing but the promise waits for the decision."""
    undecided = {"status": "submitted", "status_at": "", "due_at": "", "rate_amount": ""}
    decide_by = (AS_OF + 3 * DAY).isoformat()
    bring_work(vendor, tmp_path, work("w1", 2, decide_by=decide_by, project="odd", **undecided))
    pledging.promise(
        vendor=vendor, name="start", text="one piece gives a bonus", project="odd",
        pieces_at_least=1, first_on=AS_OF.date() - 40 * DAY, last_on=AS_OF.date() - 2 * DAY,
        due_on=AS_OF.date() - DAY, amount=Money(5_000_000, "USD"), at=AS_OF,
    )  # fmt: skip
    look(vendor)
    assert not Flag.objects.filter(code="W11").exists()

    look(vendor, AS_OF + 4 * DAY)

    assert Flag.objects.get(code="W11").engagement.account == "w1"


def test_how_far_payments_are_known_concerns_everybody(vendor, tmp_path):
    bring_work(vendor, tmp_path, work("w3", 2, due_at="2026-10-20T12:00:00Z"))
    look(vendor, AS_OF - 3 * DAY)
    known_until(vendor, tmp_path, payment("w0", "1.00"), days=30)

    assert look(vendor, AS_OF - 3 * DAY).looked_at == 4
