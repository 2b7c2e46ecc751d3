"""Holds, deductions, remittances and recoveries: what they need, where the money goes, and back."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from ledger import commitments, guards, jobs, proofs, releasing, undo, withholding
from ledger.grounds import Disagreed
from ledger.models import Batch, Job, Transfer, Withholding, WorkWeek
from ledger.money import Money
from tests import factories
from tests.ledger import owed
from tests.ledger.owed import DAY, DOLLAR, NOW, grounds, row, until
from workers.models import Engagement

pytestmark = pytest.mark.django_db


@pytest.fixture
def vendor(tmp_path):
    one = factories.vendor()
    owed.work(one, tmp_path, row("a0", 10), row("a1", 20))
    return one


@pytest.fixture
def account(vendor):
    return Engagement.objects.get(vendor=vendor)


def usd(dollars):
    return Money(dollars * DOLLAR, "USD")


def set_off(_move, **given):
    return withholding.recover(reference="P1", **given)


@pytest.mark.parametrize("dollars", [-10, 0])
@pytest.mark.parametrize(
    ("decide", "move"),
    [
        (withholding.withhold, "hold"),
        (withholding.withhold, "deduct"),
        (withholding.withhold, "remit"),
        (set_off, "apply"),
    ],
)
def test_an_amount_is_above_zero(vendor, account, decide, move, dollars):
    with pytest.raises(Disagreed) as refusal:
        decide(move, engagement=account, grounds=until(), most=usd(dollars), at=NOW)

    assert (refusal.value.value, refusal.value.rule) == (
        f"{dollars}.00 USD",
        "an amount is above 0",
    )
    assert refusal.value.mend


def test_a_hold_takes_the_oldest_debt_first_and_gives_it_back(vendor, account):
    before = owed.money(vendor)
    held = withholding.withhold("hold", engagement=account, grounds=until(), most=usd(15), at=NOW)

    assert owed.money(vendor, "a0") == {"vendor": -10, "withheld": 10}
    assert owed.money(vendor, "a1") == {"vendor": -20, "withheld": 5, "payable": 15}
    assert {one.reason for one in held.transfers.all()} == {"a second look at this work"}

    assert withholding.release(withholding=held, reason="all is well", at=NOW + DAY) == usd(15)
    assert owed.money(vendor) == before
    assert withholding.release(withholding=held, reason="once more", at=NOW + DAY) is None
    assert all(proofs.recheck(batch) == [] for batch in Batch.objects.all())


@pytest.mark.parametrize(
    ("move", "lacking", "value"),
    [
        pytest.param("hold", {"code": ""}, "no code", id="a hold without a code"),
        pytest.param("hold", {"text": " "}, "no reason", id="a hold without a reason"),
        pytest.param("hold", {"decided_by": ""}, "no decided-by", id="a hold by nobody"),
        pytest.param("hold", {"ends_at": None}, "end None", id="a hold without an end"),
        pytest.param("hold", {"ends_at": NOW}, "end", id="a hold that is over"),
        pytest.param("hold", {"ends_at": NOW + timedelta(days=1827, seconds=1)}, "end",
                     id="a hold that hardly ever ends"),
        pytest.param("hold", {"notice_at": NOW + DAY}, "notice", id="a hold before its notice"),
        pytest.param("deduct", {"legal_basis": ""}, "no basis", id="a deduction without a basis"),
        pytest.param("deduct", {"evidence": ""}, "no evidence", id="one without evidence"),
        pytest.param("deduct", {"appeal": ""}, "no appeal", id="one without a way to object"),
        pytest.param("deduct", {"notice_at": NOW}, "notice", id="one that comes with its notice"),
        pytest.param("deduct", {"notice_at": NOW - 7 * DAY + timedelta(seconds=1)}, "notice",
                     id="one that leaves no week to object"),
        pytest.param("remit", {"legal_basis": ""}, "no basis", id="a remittance without a basis"),
    ],
)  # fmt: skip
def test_a_decision_that_does_not_say_enough_is_refused(vendor, account, move, lacking, value):
    before = owed.money(vendor)
    with pytest.raises(Disagreed) as refusal:
        withholding.withhold(
            move, engagement=account, grounds=until(**lacking), most=usd(1), at=NOW,
        )  # fmt: skip

    assert refusal.value.value.startswith(value)
    assert refusal.value.rule
    assert refusal.value.mend
    assert (owed.money(vendor), Withholding.objects.count()) == (before, 0)
    withholding.withhold(move, engagement=account, grounds=until(), most=usd(1), at=NOW)


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"code": ""}, id="no code"),
        pytest.param({"ends_at_ms": None}, id="a hold without an end"),
        pytest.param({"ends_at_ms": 0}, id="a hold that ends before it begins"),
        pytest.param({"notice_at_ms": 2**50}, id="notice after the decision"),
        pytest.param({"move": "pay"}, id="another move"),
        pytest.param({"move": "remit", "ends_at_ms": None}, id="no basis to remit"),
        pytest.param({"move": "deduct", "ends_at_ms": None, "legal_basis": "x", "evidence": "y",
                      "appeal": "z"}, id="a deduction at the moment of its notice"),
        pytest.param({"move": "deduct", "ends_at_ms": None, "legal_basis": "x", "evidence": "y",
                      "notice_at_ms": 0}, id="a deduction without a way to object"),
    ],
)  # fmt: skip
def test_the_database_refuses_a_decision_that_does_not_say_enough(account, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.withholding(account, **wrong)
    factories.withholding(account)


def test_no_more_is_withheld_than_is_owed(vendor, account):
    for works, most in (((), usd(31)), (["a0"], usd(11)), (["nothing"], None)):
        with pytest.raises(Disagreed, match="owed"):
            withholding.withhold(
                "hold", engagement=account, grounds=until(), works=works, most=most, at=NOW
            )
    with pytest.raises(Disagreed, match="which work"):
        withholding.withhold("hold", engagement=account, grounds=until(), at=NOW)
    assert not Withholding.objects.exists()


def test_what_is_paid_on_approval_is_not_there_to_be_held(vendor, account):
    Engagement.objects.update(source="mturk")
    account.refresh_from_db()
    with pytest.raises(Disagreed, match="is owed and not sent"):
        withholding.withhold("hold", engagement=account, grounds=until(), works=["a0"], at=NOW)


def test_what_is_remitted_counts_as_received(vendor, account):
    withholding.withhold("remit", engagement=account, grounds=grounds(), works=["a0"], at=NOW)
    assert owed.money(vendor, "a0") == {"vendor": -10, "remitted": 10}
    week = WorkWeek.objects.get(engagement=account)
    assert week.received_micros == 10 * DOLLAR


def test_an_export_neither_releases_nor_takes_what_a_decision_holds(vendor, account, tmp_path):
    held = withholding.withhold(
        "hold", engagement=account, grounds=until(), works=["a0"], most=usd(4), at=NOW
    )
    owed.work(vendor, tmp_path, row("a0", 10, day=2), as_of=11)
    assert owed.money(vendor, "a0") == {"vendor": -10, "withheld": 4, "payable": 6}

    owed.work(vendor, tmp_path, row("a0", 10, "rejected", day=3, reason="poor"), as_of=12)
    assert owed.money(vendor, "a0") == {"vendor": -10, "withheld": 10}

    # What was refused meanwhile stays withheld for that, and nothing is lost from sight.
    withholding.release(withholding=held, reason="looked at", at=NOW + DAY)
    assert owed.money(vendor, "a0") == {"vendor": -10, "withheld": 10}
    assert Transfer.objects.filter(target="withheld").latest("pk").reason == "poor"

    owed.work(vendor, tmp_path, row("a0", 10, day=4), as_of=13)
    assert owed.money(vendor, "a0") == {"vendor": -10, "payable": 10}


def test_a_hold_past_its_end_releases_itself_once(vendor, account):
    held = withholding.withhold(
        "hold", engagement=account, grounds=until(days=5), works=["a0"], at=NOW
    )
    withholding.withhold("hold", engagement=account, grounds=until(days=50), works=["a1"], at=NOW)
    assert releasing.start_due(at=NOW + 4 * DAY) == []

    at = NOW + 6 * DAY
    (job,) = releasing.start_due(at=at)
    assert releasing.start_due(at=at) == [job]  # a second clock, a lost message
    assert jobs.run(job_id=job.pk, at=at).cursor["released"] == 1
    assert jobs.run(job_id=job.pk, at=at) is None
    assert releasing.start_due(at=at + DAY) == []

    assert owed.money(vendor) == {"vendor": -30, "payable": 10, "withheld": 20}
    freed = Transfer.objects.get(move="release")
    assert freed.happened_at_ms == held.ends_at_ms
    assert freed.reason == "the hold came to its end"


class Death(BaseException):
    """The process ends here."""


def test_a_release_that_dies_goes_on_and_releases_once(vendor, account, monkeypatch):
    monkeypatch.setattr(releasing, "HOLDS", 1)
    for name in ("a0", "a1"):
        withholding.withhold("hold", engagement=account, grounds=until(5), works=[name], at=NOW)
    at = NOW + 6 * DAY
    (job,) = releasing.start_due(at=at)

    def die(job):
        raise Death

    with monkeypatch.context() as deadly:
        deadly.setattr(jobs, "step_done", die)
        for _ in range(2):
            with pytest.raises(Death):
                jobs.run(job_id=job.pk, at=at)
            Job.objects.update(lease_until=None)
    jobs.run(job_id=job.pk, at=at)

    assert owed.money(vendor) == {"vendor": -30, "payable": 30}
    assert Transfer.objects.filter(move="release").count() == 2


def test_released_money_meets_what_was_paid_ahead(vendor, account, tmp_path):
    held = withholding.withhold("hold", engagement=account, grounds=until(), works=["a0"], at=NOW)
    owed.paid(vendor, tmp_path, "P1", 30)
    assert owed.money(vendor)["advance"] == -10
    withholding.release(withholding=held, reason="looked at", at=NOW + DAY)
    assert owed.money(vendor) == {"vendor": -30, "in_transit": 30}


@pytest.mark.parametrize("move", ["hold", "deduct", "remit"])
def test_undoing_the_import_takes_its_decisions_with_it(account, vendor, tmp_path, move):
    more = owed.work(vendor, tmp_path, row("a0", 15, day=2), as_of=12)
    withholding.withhold(move, engagement=account, grounds=until(), works=["a0"], at=NOW)

    jobs.run(job_id=undo.start(imported=more, by=None, at=NOW).pk, at=NOW)
    assert owed.money(vendor, "a0") == {"vendor": -10, "payable": 10}
    first = vendor.imports.get(state="done")
    withholding.withhold(move, engagement=account, grounds=until(), works=["a0"], at=NOW)
    jobs.run(job_id=undo.start(imported=first, by=None, at=NOW).pk, at=NOW)

    assert owed.money(vendor) == {}
    assert all(proofs.recheck(batch) == [] for batch in Batch.objects.all())
    owed.work(vendor, tmp_path, row("a0", 10), row("a1", 20))
    assert owed.money(vendor) == {"vendor": -30, "payable": 30}


def test_what_was_overpaid_is_recovered_only_on_notice_and_no_more_than_that(
    vendor, account, tmp_path
):
    extra = owed.work(vendor, tmp_path, row("a2", 8), as_of=11)
    owed.paid(vendor, tmp_path, "P1", 8, "a2")
    with pytest.raises(Disagreed, match="nothing of it is overpaid"):
        recover(account)
    jobs.run(job_id=undo.start(imported=extra, by=None, at=NOW).pk, at=NOW)
    assert owed.money(vendor) == {"vendor": -30, "payable": 30, "advance": -8, "in_transit": 8}

    for wrong in ({"notice_at": NOW}, {"legal_basis": ""}):
        with pytest.raises(Disagreed):
            recover(account, **wrong)
    with pytest.raises(Disagreed, match="no more than that"):
        recover(account, most=usd(9))
    recover(account, most=usd(3))
    recover(account)
    with pytest.raises(Disagreed, match="nothing of it is overpaid"):
        recover(account)

    assert owed.money(vendor) == {"vendor": -30, "payable": 22, "in_transit": 8}
    assert Transfer.objects.filter(move="apply", withholding=None).count() == 0
    # The work comes again: it is owed again, as what had been overpaid for it is used up.
    owed.work(vendor, tmp_path, row("a2", 8), as_of=11)
    assert owed.money(vendor, "a2")["payable"] == 8


def recover(account, most=None, **given):
    return withholding.recover(
        engagement=account, reference="P1", grounds=grounds(**given), most=most, at=NOW
    )


def test_the_decision_is_part_of_what_the_batch_committed_to(vendor, account):
    held = withholding.withhold("hold", engagement=account, grounds=until(), works=["a0"], at=NOW)
    (batch,) = {one.batch for one in held.transfers.all()}
    assert proofs.recheck(batch) == []

    if connection.vendor == "postgresql":  # it alters no table with checks put off to the commit
        connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
    with guards.lifted():
        Withholding.objects.update(ends_at_ms=held.ends_at_ms + 1)
    assert proofs.recheck(batch)


def test_no_two_decisions_are_committed_to_alike():
    one = Withholding(move="deduct", evidence="a\x1eb", appeal="c")
    other = Withholding(move="deduct", evidence="a", appeal="b\x1ec", uuid=one.uuid)
    form = commitments.form

    assert form("money", one.said()) != form("money", other.said())
