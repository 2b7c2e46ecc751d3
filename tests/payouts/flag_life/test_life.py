"""A flag from the scan that finds it to the entry or the words that close it, told step by step."""

import threading
from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from ledger import agreeing
from ledger.grounds import Disagreed
from ledger.models import Transfer
from ledger.periods import month
from payouts import flagging, reasons, scanning, tasks, topups
from payouts.detectors import late_pay
from payouts.flag_life import answering, listed
from payouts.models import Flag, FlagEvent, FlagWords
from tests import factories
from tests.payouts.exports import AS_OF, bring_payouts, bring_work, payment, pending, work
from tests.payouts.flag_life.history import WHY

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def look(vendor, days=0):
    return scanning.scan(vendor=vendor, as_of=AS_OF + days * DAY, at=AS_OF + days * DAY)


def the_flag(code="W01"):
    return Flag.objects.get(code=code, version=1)


def explain(flag, by, words=WHY, days=1):
    return answering.explain(flag=flag, words=words, seen=flag.events, by=by, at=AS_OF + days * DAY)


def happened(flag):
    return list(flag.history.order_by("position").values_list("happening", flat=True))


def test_one_scan_tells_the_worker_first_and_asks_the_vendor_until_a_day(vendor):
    look(vendor)

    flag = the_flag()
    asked = flag.history.get()
    life = listed.of([flag.pk], lambda model: model.objects.all())[flag.pk]
    assert [one.happening for one in life] == ["notified", "asked"]
    assert {asked.at, *(one.at for one in life)} == {AS_OF}
    assert asked.due_at == flag.answer_due_at == AS_OF + 14 * DAY
    assert (flag.state, flag.closed_as) == ("asked", "")


def test_terms_shorten_the_time_to_answer(vendor):
    terms = {"vendor": vendor, "review_days": 7, "due_days": 30, "from_on": date(2026, 1, 1)}
    agreeing.set_terms(**terms, answer_days=10, at=AS_OF)
    agreeing.set_terms(**terms, project="maps", answer_days=3, at=AS_OF)

    look(vendor)

    assert the_flag().answer_due_at == AS_OF + 3 * DAY
    notice = Flag.objects.filter(vendor=vendor, engagement=None).first()
    assert notice.answer_due_at == AS_OF + 10 * DAY


@pytest.mark.parametrize("days", [0, 15])
def test_terms_cannot_lengthen_the_time_to_answer(vendor, days):
    with pytest.raises(Disagreed, match="a flag is answered within 1 to 14 days"):
        agreeing.set_terms(
            vendor=vendor, review_days=7, due_days=30, answer_days=days,
            from_on=date(2026, 1, 1), at=AS_OF,
        )  # fmt: skip


def test_an_explained_flag_stays_in_every_measure(vendor, staff):
    look(vendor)
    before = flagging.at_stake(vendor)

    explain(the_flag(), staff)
    look(vendor, days=2)

    flag = the_flag()
    assert (flag.state, flag.resolved_at) == ("explained", None)
    assert flagging.at_stake(vendor) == before == {"W01": {"USD": 40_000_000}}
    assert happened(flag) == ["asked", "explained"]


def test_an_explained_flag_is_asked_again_when_more_money_comes_into_it(vendor, staff, tmp_path):
    look(vendor)
    explain(the_flag(), staff)
    bring_payouts(vendor, tmp_path, payment("ada", "20.00", "ada-1"))
    look(vendor, days=2)
    assert the_flag().state == "explained"  # less of the same

    bring_work(vendor, tmp_path, work(number=3))
    look(vendor, days=3)

    flag = the_flag()
    assert (flag.state, flag.answer_due_at) == ("asked", AS_OF + 17 * DAY)
    assert flag.stake_micros == 40_000_000  # no more than before, but other work


def test_the_scan_that_no_longer_finds_it_names_the_entry_that_paid(vendor, staff, tmp_path):
    look(vendor)
    explain(the_flag(), staff)
    bring_payouts(vendor, tmp_path, payment("ada", "40.00", sent_at="2026-11-01T10:00:00Z"))

    look(vendor, days=2)

    flag = the_flag()
    last = flag.history.last()
    assert (flag.closed_as, flag.resolution) == ("paid", "It has been paid.")
    assert (last.entry.move, last.entry.engagement) == ("pay", flag.engagement)
    assert happened(flag) == ["asked", "explained", "paid"]


def test_what_is_owed_only_is_not_said_to_be_paid(vendor, tmp_path):
    bring_work(vendor, tmp_path, pending("ben", 1))
    look(vendor)
    decided = {"status": "approved", "status_at": "2026-10-30T12:00:00Z"}
    bring_work(vendor, tmp_path, {**pending("ben", 1), **decided, "due_at": "2026-11-12T12:00:00Z"})

    look(vendor, days=1)

    flag = the_flag("W02")
    last = flag.history.last()
    assert (flag.closed_as, last.reason) == ("closed", "It has been decided: approved.")
    assert last.entry.move == "approve"


def test_old_pay_is_no_answer_to_a_flag_about_time(vendor, tmp_path):
    """It was paid long ago, for less time than was measured; then the record says otherwise."""
    cut = work("cem", 1, active_seconds="3600", paid_seconds="1800", rate_amount="20.00")
    bring_work(vendor, tmp_path, cut)
    bring_payouts(vendor, tmp_path, payment("cem", "20.00", "cem-1"))
    look(vendor)
    flag = the_flag("W14")
    bring_work(vendor, tmp_path, {**cut, "paid_seconds": "3600"})

    look(vendor, days=1)

    flag.refresh_from_db()
    assert flag.closed_as == "closed"
    assert (
        flag.history.last().reason == "The time that is paid or measured has changed in the record."
    )


def test_a_top_up_closes_the_week_and_is_named(vendor, tmp_path):
    bring_work(vendor, tmp_path, work("cleo", 1, rate_amount="5.00"))
    bring_payouts(vendor, tmp_path, payment("cleo", "5.00"))
    look(vendor)
    october, at = month("2026-10"), AS_OF + DAY
    seen = topups.preview(vendor=vendor, period=october, as_of=at)
    topups.close(vendor=vendor, period=october, digest=seen.digest, by=None, at=at)

    look(vendor, days=2)

    flag = Flag.objects.get(code="W28", engagement__account="cleo")
    last = flag.history.last()
    assert (flag.closed_as, last.reason) == ("closed", "What was earned reaches the floor now.")
    assert (last.entry.move, last.entry.amount_micros) == ("award", 10_000_000)


def test_a_new_version_asks_anew_and_leaves_the_old_flag_with_its_state(vendor, staff, monkeypatch):
    look(vendor)
    old = explain(the_flag(), staff)
    before = list(old.history.order_by("position").values())
    monkeypatch.setattr(late_pay, "VERSION", 2)

    look(vendor, days=2)
    look(vendor, days=3)

    old.refresh_from_db()
    assert (old.state, old.closed_as) == ("explained", "superseded")
    assert list(old.history.order_by("position").values())[:2] == before
    assert happened(old) == ["asked", "explained", "superseded"]
    assert old.history.last().reason == "A newer version of this check looks after it from now on."
    new = Flag.objects.get(code="W01", version=2)
    assert (new.state, new.answer_due_at, new.subject) == ("asked", AS_OF + 16 * DAY, old.subject)
    assert happened(new) == ["asked"]


def test_silence_is_shown_to_auditors_once_and_by_itself(vendor):
    look(vendor)
    number = Flag.objects.filter(state="asked").count()
    due = the_flag().answer_due_at

    assert answering.escalate_overdue(at=due) == 0  # the last day counts
    late = due + timedelta(seconds=1)
    assert [answering.escalate_overdue(at=late) for _ in range(2)] == [number, 0]

    flag = the_flag()
    last = flag.history.last()
    assert (flag.state, last.happening, last.role, last.at) == (
        "escalated", "escalated", "clock", late,
    )  # fmt: skip
    assert tasks.escalate_flags() == 0


def test_more_flags_than_one_transaction_takes_are_all_escalated(vendor, monkeypatch):
    account = vendor.engagements.first()
    for number in range(7):
        factories.flag(account, subject=f"late {number}")
    monkeypatch.setattr(answering, "AT_ONCE", 3)

    assert answering.escalate_overdue(at=factories.AT + 15 * DAY) == 7
    assert FlagEvent.objects.filter(happening="escalated").count() == 7


def test_an_explanation_after_the_escalation_leaves_it_to_the_auditor(vendor, staff):
    look(vendor)
    answering.escalate_overdue(at=AS_OF + 15 * DAY)

    flag = explain(the_flag(), staff, days=16)
    assert flag.state == "escalated"

    auditor = factories.auditor(vendor)
    given = {"words": "The notice is dated 9 October.", "by": auditor, "at": AS_OF + 17 * DAY}
    closed = answering.decide(flag=flag, seen=flag.events, **given)
    look(vendor, days=18)

    closed.refresh_from_db()
    assert (closed.closed_as, closed.resolved_at) == ("decided", AS_OF + 17 * DAY)
    assert flagging.at_stake(vendor) == {}


def test_what_an_auditor_decided_is_asked_again_when_it_grows(vendor, tmp_path):
    look(vendor)
    answering.escalate_overdue(at=AS_OF + 15 * DAY)
    flag, auditor = the_flag(), factories.auditor(vendor)
    answering.decide(flag=flag, words=WHY, seen=2, by=auditor, at=AS_OF + 16 * DAY)
    bring_work(vendor, tmp_path, work(number=3))

    look(vendor, days=17)

    flag.refresh_from_db()
    assert (flag.state, flag.closed_as, flag.resolved_at) == ("asked", "", None)
    assert happened(flag)[2:] == ["decided", "reopened", "asked"]


def test_an_auditor_decides_nothing_that_still_waits_for_the_vendor(vendor):
    look(vendor)
    flag = the_flag()

    with pytest.raises(answering.Overtaken, match="does not wait for your answer"):
        answering.decide(
            flag=flag, words=WHY, seen=flag.events, by=factories.auditor(vendor), at=AS_OF
        )


@pytest.mark.parametrize(
    ("words", "letters"),
    [
        pytest.param("", 0, id="nothing"),
        pytest.param(" \n\t " * 40, 0, id="blanks"),
        pytest.param("." * 60, 0, id="dots"),
        pytest.param("\u200b\u2060" * 30, 0, id="what nobody sees"),
        pytest.param("We will see.", 9, id="too short"),
    ],
)
def test_words_that_are_no_reason_are_refused_with_the_rule(vendor, staff, words, letters):
    look(vendor)

    with pytest.raises(reasons.NoReason) as refused:
        explain(the_flag(), staff, words=words)

    assert str(refused.value).startswith(
        f"These words have {letters} letters or digits; a reason has at least 15."
    )
    assert happened(the_flag()) == ["asked"]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_answer_at_once_one_is_told(vendor):
    look(vendor)
    flag, people = the_flag(), [factories.staff(vendor) for _ in range(4)]
    start, ended = threading.Barrier(len(people)), []

    def answer(who):
        start.wait()
        try:
            explain(flag, who)
            ended.append("kept")
        except answering.Overtaken:
            ended.append("told")
        finally:
            connection.close()

    threads = [threading.Thread(target=answer, args=(who,)) for who in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(ended) == ["kept", "told", "told", "told"]
    assert FlagWords.objects.count() == 1


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda: FlagEvent.objects.update(at=AS_OF), id="an event changed"),
        pytest.param(lambda: FlagEvent.objects.all().delete(), id="events deleted"),
        pytest.param(
            lambda: FlagEvent.objects.create(
                flag=the_flag(), position=9, happening="paid", at=AS_OF, role="scan", stake_micros=0
            ),
            id="paid without an entry",
        ),
        pytest.param(
            lambda: FlagEvent.objects.create(
                flag=the_flag(), position=9, happening="closed", at=AS_OF, role="scan",
                stake_micros=0,
            ),
            id="closed without a reason",
        ),
        pytest.param(
            lambda: FlagEvent.objects.create(
                flag=the_flag(), position=9, happening="explained", at=AS_OF, role="vendor",
                stake_micros=0,
            ),
            id="explained by nobody, without words",
        ),
        pytest.param(
            lambda: Flag.objects.filter(code="W01").update(resolved_at=AS_OF),
            id="resolved without saying as what",
        ),
    ],
)  # fmt: skip
def test_the_database_refuses(vendor, change):
    look(vendor)

    with pytest.raises(DatabaseError), transaction.atomic():
        change()


def test_words_can_be_erased_and_a_change_of_them_shows(vendor, staff):
    look(vendor)
    flag = explain(the_flag(), staff)

    def told():
        life = listed.of([flag.pk], lambda model: model.objects.all())[flag.pk]
        return life[-1].text, life[-1].lost

    assert told() == (WHY, "")
    FlagWords.objects.update(text="Something else, which is as long as that.")
    assert told() == ("", "changed")
    FlagWords.objects.all().delete()
    assert told() == ("", "erased")


def test_health_is_told_to_the_worker_and_asked_of_nobody(vendor):
    flag = factories.flag(vendor.engagements.first(), code="W30", for_vendor=False, state="",
                          answer_due_at=None, changed_at=None)  # fmt: skip

    assert answering.escalate_overdue(at=AS_OF + 99 * DAY) == 0
    with pytest.raises(answering.Overtaken):
        explain(flag, factories.staff(vendor))


def test_no_entry_is_made_by_anything_that_is_said(vendor, staff):
    look(vendor)
    before = Transfer.objects.count()

    explain(the_flag(), staff)
    answering.escalate_overdue(at=AS_OF + 30 * DAY)

    assert Transfer.objects.count() == before
