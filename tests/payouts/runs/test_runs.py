"""A pay run from what is owed to the file: what is paid, by whom, once, and what stops it."""

from collections import Counter
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from ledger import jobs, owed, periods
from ledger.grounds import Disagreed
from ledger.models import Payment, Transfer, Work, WorkWeek
from ledger.periods import ms_of
from payouts.models import PayItem, PayRun
from payouts.runs import drafting, looking, sending
from tests import factories
from tests.payouts import exports
from tests.payouts.runs.conftest import know_payees
from workers import payees
from workers.models import Engagement, Payee

pytestmark = pytest.mark.django_db

OCTOBER = periods.month("2026-10")
AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
WHY = "the record was compared by hand"


def drafted(vendor, by=None, **given):
    return drafting.draft(vendor=vendor, period=OCTOBER, by=by, at=AT, **given)


def answer_all(run):
    for check in looking.checked(run, as_of=AT):
        if not check.holds and not check.must_hold:
            drafting.answer(run=run, code=check.code, reason=WHY)
    run.refresh_from_db()


def send(run, checker):
    answer_all(run)
    job = sending.approve(run=run, by=checker, at=AT)
    jobs.run(job_id=job.pk, at=AT)
    run.refresh_from_db()
    return run


def found(run, code):
    return next(check for check in looking.checked(run, as_of=AT) if check.code == code)


def balances(account):
    at = Counter()
    for source, target, micros in Transfer.objects.filter(engagement__account=account).values_list(
        "source", "target", "amount_micros"
    ):
        at[source] -= micros
        at[target] += micros
    return {name: micros for name, micros in at.items() if micros}


def test_a_run_pays_every_debt_and_rounds_up_once_in_the_workers_favour(two, maker, checker):
    run = send(drafted(two, maker), checker)

    assert run.state == "sent"
    assert balances("ada") == {"vendor": -40_000_000, "in_transit": 40_000_000}
    assert balances("ben") == {"vendor": -10_010_000, "in_transit": 10_010_000}
    assert list(
        Payment.objects.order_by("engagement").values_list("reference", "amount_micros")
    ) == [("ASTERLABELLI-R1-000001", 40_000_000), ("ASTERLABELLI-R1-000002", 10_010_000)]
    assert Transfer.objects.get(move="round").amount_micros == 9_999


def test_nothing_is_posted_by_a_draft(two, maker):
    before = Transfer.objects.count()

    run = drafted(two, maker)

    assert run.state == "draft"
    assert Transfer.objects.count() == before
    assert drafting.sums(run) == (2, 50_010_000, 0, 0)


def test_whoever_drafted_a_run_cannot_approve_it(two, maker):
    run = drafted(two, maker)
    answer_all(run)

    with pytest.raises(Disagreed, match="second person"):
        sending.approve(run=run, by=maker, at=AT)

    run.refresh_from_db()
    assert run.state == "draft"


def test_the_database_itself_wants_a_second_person(two, maker):
    run = drafted(two, maker)

    with pytest.raises(IntegrityError), transaction.atomic():
        PayRun.objects.filter(pk=run.pk).update(state="approved", approved_by=maker)


def test_a_vendor_of_one_person_may_and_the_run_says_so(two, maker):
    two.one_person = True
    two.save()

    run = send(drafted(two, maker), maker)

    assert run.state == "sent"
    assert run.one_person


def test_one_run_is_made_at_a_time(two, maker):
    drafted(two, maker)

    with pytest.raises(Disagreed, match="run 1 is a draft"):
        drafted(two, maker)


def test_what_was_paid_is_not_owed_again(two, maker, checker):
    send(drafted(two, maker), checker)

    with pytest.raises(Disagreed, match="nothing is owed"):
        drafted(two, maker)


def test_an_account_that_is_left_out_stays_owed_and_the_reason_stays_with_the_run(
    two, maker, checker
):
    run = drafted(two, maker)
    item = PayItem.objects.get(engagement__account="ben")
    drafting.leave_out(run=run, item=item, reason="  asked for another  bank ")

    send(run, checker)

    assert balances("ben")["payable"] == 10_000_001
    assert PayItem.objects.get(engagement__account="ben").left_out == "asked for another bank"
    assert found(drafted(two, maker), "left_out").count == 0


def test_without_payout_details_a_run_does_not_go(two, maker, checker):
    Payee.objects.filter(engagement__account="ben").delete()
    run = drafted(two, maker)
    answer_all(run)

    with pytest.raises(Disagreed, match="Where the pay goes is not known"):
        sending.approve(run=run, by=checker, at=AT)
    with pytest.raises(Disagreed, match="cannot be answered away"):
        drafting.answer(run=run, code="payee", reason="he will tell us")


def test_what_is_below_the_floor_stops_a_run_until_it_is_answered(two, maker, checker):
    run = drafted(two, maker)
    check = found(run, "floor")

    assert [(entry.account, entry.micros) for entry in check.entries] == [("ben", 4_999_999)]
    with pytest.raises(Disagreed, match="Below the floor"):
        sending.approve(run=run, by=checker, at=AT)


def test_debts_that_changed_since_the_draft_stop_the_run(two, maker, checker, tmp_path):
    run = drafted(two, maker)
    exports.bring_work(two, tmp_path, exports.work("ada", 3), exports.work("cleo", 1))
    answer_all(run)

    assert [entry.account for entry in found(run, "changed").entries] == ["ada", "cleo"]
    with pytest.raises(Disagreed, match="What is owed has changed"):
        sending.approve(run=run, by=checker, at=AT)


def test_what_changes_between_approval_and_payment_is_left_out_and_said(
    two, maker, checker, tmp_path
):
    run = drafted(two, maker)
    answer_all(run)
    job = sending.approve(run=run, by=checker, at=AT)
    exports.bring_work(two, tmp_path, exports.work("ada", 3))

    jobs.run(job_id=job.pk, at=AT)

    assert "payable" in balances("ada")
    assert "in_transit" not in balances("ada")
    assert PayItem.objects.get(engagement__account="ada").left_out == sending.CHANGED
    assert balances("ben")["in_transit"] == 10_010_000


def test_two_payments_to_one_place_are_asked_about(two, maker):
    ada, ben = Engagement.objects.order_by("account")
    same = payees.Details("Ada", "iban", "DE89 3704 0044 0532 0130 00", "", "USD")
    payees.keep(details=[(ada, same), (ben, same)], by=None, at=AT)

    check = found(drafted(two, maker), "twice")

    assert check.count == 2
    assert not check.must_hold


def test_the_same_amount_sent_lately_is_asked_about(two, maker, tmp_path):
    exports.bring_work(two, tmp_path, exports.work("dora", 1), exports.work("dora", 2))
    exports.bring_payouts(
        two,
        tmp_path,
        exports.payment("dora", "20.00", works="dora-1", sent_at="2026-10-30T10:00:00Z"),
    )
    know_payees(two)

    check = found(drafted(two, maker), "sent")

    assert [entry.account for entry in check.entries] == ["dora"]


def test_a_record_of_payments_that_ends_early_is_asked_about(two, maker, tmp_path):
    exports.bring_payouts(
        two, tmp_path, exports.payment("ada", "1.00"), complete_until=AT.date().replace(day=1)
    )

    assert found(drafted(two, maker), "record").count == 1


def test_work_of_later_months_waits(two, maker, tmp_path):
    november = datetime(2026, 11, 1, 9, tzinfo=UTC)
    exports.bring_work(two, tmp_path, exports.work("ada", 9, start=november))

    run = drafted(two, maker)

    assert PayItem.objects.get(run=run, engagement__account="ada").owed_micros == 40_000_000


def test_a_platform_that_pays_on_approval_is_not_paid_again(vendor, maker, tmp_path):
    exports.bring_work(vendor, tmp_path, exports.work("ada", 1, source_system="mturk"))

    with pytest.raises(Disagreed, match="nothing is owed"):
        drafted(vendor, maker)


def test_a_cancelled_draft_paid_nothing_and_makes_room(two, maker, checker):
    run = drafted(two, maker)
    drafting.cancel(run=run)

    with pytest.raises(Disagreed, match="only a draft"):
        sending.approve(run=run, by=checker, at=AT)
    assert drafted(two, maker).number == 2
    assert not Payment.objects.exists()


def test_a_chunk_is_never_posted_twice(two, maker, checker):
    run = drafted(two, maker)
    answer_all(run)
    job = sending.approve(run=run, by=checker, at=AT)
    jobs.run(job_id=job.pk, at=AT)
    job.refresh_from_db()
    job.state, job.cursor = "waiting", {}  # as if nobody had written down how far it was
    job.save()

    with pytest.raises(IntegrityError), transaction.atomic():
        jobs.run(job_id=job.pk, at=AT)

    assert Payment.objects.count() == 2
    assert balances("ada") == {"vendor": -40_000_000, "in_transit": 40_000_000}


def test_the_weeks_know_of_the_rounding(two, maker, checker):
    send(drafted(two, maker), checker)

    week = WorkWeek.objects.get(engagement__account="ben")
    assert week.earned_micros == 10_010_000


def test_owed_asks_once_however_many_accounts(two, django_assert_num_queries):
    with django_assert_num_queries(2):  # the terms, the debts
        list(owed.to_accounts(vendor=two, currency="USD", last_on=OCTOBER.last_on))


def test_another_vendors_debts_are_not_in_the_run(two, maker, tmp_path):
    other = factories.vendor("Birch Imaging")
    exports.bring_work(other, tmp_path, exports.work("zoe", 1))

    run = drafted(two, maker)

    assert set(run.items.values_list("engagement__account", flat=True)) == {"ada", "ben"}


def test_money_that_an_export_took_back_is_asked_about(two, maker, tmp_path):
    later = {"status": "rejected", "status_at": "2026-10-20T12:00:00Z", "status_reason": "late"}
    exports.bring_work(two, tmp_path, exports.work("ada", 2, **later))

    check = found(drafted(two, maker), "held")

    assert [(entry.account, entry.micros) for entry in check.entries] == [("ada", 20_000_000)]
    assert check.entries[0].what == "no decision stands behind it: late"


@pytest.mark.parametrize(
    ("ends_at", "asked"), [("2026-11-01", 1), ("2026-12-01", 0)], ids=["past", "not past"]
)
def test_a_hold_past_its_end_is_asked_about(two, maker, ends_at, asked):
    work = Work.objects.get(external_id="ada-2")
    decision = factories.withholding(
        work.engagement,
        notice_at_ms=0,
        decided_at_ms=1,
        ends_at_ms=ms_of(datetime.fromisoformat(f"{ends_at}T12:00:00+00:00")),
    )
    factories.transfer(
        work, move="hold", source="payable", target="withheld", withholding=decision,
        reason="a second look", n=900,
    )  # fmt: skip

    assert found(drafted(two, maker), "held").count == asked
