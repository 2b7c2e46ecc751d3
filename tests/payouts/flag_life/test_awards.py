"""A flag on time without pay is closed by the award that pays for it, and by no other."""

from datetime import timedelta

import pytest

from ledger import jobs, undo
from ledger.models import Transfer, Work
from ledger.periods import day_of, month, ms_of
from payouts import scanning, topups
from payouts.disputes import answering as questions
from payouts.disputes import asking, subjects
from payouts.flag_life import paying
from payouts.flag_life.answering import Overtaken
from payouts.models import Flag
from tests import bringing, factories
from tests.payouts.exports import AS_OF, START, bring_payouts, bring_work, payment, work
from workers.models import Engagement

pytestmark = pytest.mark.django_db
DAY, WEEK = timedelta(days=1), timedelta(days=7)
DOLLAR = 1_000_000


@pytest.fixture
def vendor(tmp_path):
    """A vendor with an hour of unpaid waiting beside well-paid work, and all payments known."""
    bringing.floor_since_2010()
    one = factories.vendor()
    bring_work(one, tmp_path, task("90.00"), waiting(3))
    bring_payouts(one, tmp_path, payment("ada", "90.00"))
    return one


def task(dollars):
    return work(number=1, work_category="task", rate_amount=dollars)


def waiting(number, **given):
    return work(number=number, work_category="waiting", rate_amount="0", **given)


def award(dollars, names="W24", **given):
    """Return a row of an export: an award of 12 October."""
    told = {"started_at": "", "ended_at": "2026-10-12T12:00:00Z", "project": "maps"}
    told |= {"external_id": f"award-{names}-{dollars}", "status_at": "2026-10-12T12:00:00Z"}
    return work(work_category="award", task_type=names, rate_amount=dollars, **told | given)


def look(vendor, hours=0):
    at = AS_OF + timedelta(hours=hours)
    return scanning.scan(vendor=vendor, as_of=at, at=at)


def the_flag(code="W24"):
    return Flag.objects.get(code=code)


def stakes(*codes):
    """Return what open flags ask for, in dollars, by code."""
    flags = Flag.objects.filter(resolved_at=None, code__in=codes or ["W24"])
    return {flag.code: flag.stake_micros / DOLLAR for flag in flags}


def pay(flag, by, hours=1):
    at = AS_OF + timedelta(hours=hours)
    micros = paying.asks_for(flag)
    return paying.pay(flag=flag, micros=micros, seen=flag.events, by=by, at=at)


def test_a_flag_that_is_paid_by_its_own_action_closes_with_that_entry(vendor):
    look(vendor)
    assert stakes() == {"W24": 15}

    pay(the_flag(), factories.staff(vendor))
    look(vendor, hours=2)

    flag = the_flag()
    last = flag.history.last()
    assert (last.happening, last.reason) == ("closed", "It was awarded.")
    assert (last.entry.move, last.entry.amount_micros) == ("award", 15 * DOLLAR)
    assert last.entry.work.task_type == "W24 maps"
    assert f"flag {flag.pk}" in last.entry.reason
    assert last.entry.due_at_ms == ms_of(AS_OF + timedelta(hours=1))


def test_the_action_begins_the_scan_that_closes_the_flag(vendor):
    look(vendor)

    scan = pay(the_flag(), factories.staff(vendor))

    assert scan.finished_at is None
    assert scanning.job_of(scan).state == "waiting"


def test_time_that_was_paid_is_not_paid_again(vendor):
    look(vendor)
    flag, staff = the_flag(), factories.staff(vendor)
    pay(flag, staff)

    with pytest.raises(Overtaken, match="asks for nothing by now"):
        pay(flag, staff)

    assert Transfer.objects.filter(move="award").count() == 1


def test_what_is_paid_is_what_was_read(vendor, tmp_path):
    look(vendor)
    flag, staff = the_flag(), factories.staff(vendor)
    bring_work(vendor, tmp_path, waiting(5))

    with pytest.raises(Overtaken, match=r"30.00 USD by now, not 15.00 USD"):
        pay(flag, staff)
    with pytest.raises(Overtaken, match="Read it first"):
        paying.pay(flag=flag, micros=15 * DOLLAR, seen=flag.events - 1, by=staff, at=AS_OF)

    assert not Transfer.objects.filter(move="award").exists()


def test_each_week_is_awarded_by_itself(vendor, tmp_path):
    bring_work(vendor, tmp_path, waiting(7, start=START + WEEK), waiting(8, start=START + WEEK))
    look(vendor)

    pay(the_flag(), factories.staff(vendor))

    awarded = Work.objects.filter(kind="award").order_by("ended_at_ms")
    days = [(day_of(one.ended_at_ms, "UTC"), one.promised_micros / DOLLAR) for one in awarded]
    assert days == [(START.date(), 15), ((START + WEEK).date(), 15)]
    look(vendor, hours=2)
    assert stakes() == {}


@pytest.mark.parametrize(
    ("row", "left"),
    [
        pytest.param(award("15.00"), {}, id="it names the check and the project"),
        pytest.param(award("10.00"), {"W24": 5}, id="no more than its amount"),
        pytest.param(award("15.00", "bonus"), {"W24": 15}, id="it names nothing"),
        pytest.param(award("15.00", "W26"), {"W24": 15}, id="it names another check"),
        pytest.param(award("15.00", project="boats"), {"W24": 15}, id="another project"),
        pytest.param(award("15.00", currency="EUR"), {"W24": 15}, id="another currency"),
        pytest.param(award("15.00", worker_external_id="ben"), {"W24": 15}, id="somebody else's"),
        pytest.param(
            award("15.00", ended_at="2026-10-06T12:00:00Z", status_at="2026-10-06T12:00:00Z"),
            {"W24": 15},
            id="it was made before the time",
        ),
        pytest.param(
            award("15.00", "top-up", ended_at="2026-10-11T12:00:00Z"), {}, id="its week's top-up"
        ),
        pytest.param(
            award("15.00", "top-up", ended_at="2026-10-12T12:00:00Z"),
            {"W24": 15},
            id="another week's",
        ),
    ],
)
def test_an_exported_award_pays_for_what_it_names(vendor, tmp_path, row, left):
    look(vendor)
    bring_work(vendor, tmp_path, row)

    look(vendor, hours=2)

    assert stakes() == left
    if not left:
        last = the_flag().history.last()
        assert (last.reason, last.entry.move) == ("It was awarded.", "award")


def test_one_award_pays_once_and_the_oldest_first(vendor, tmp_path):
    look(vendor)
    bring_work(vendor, tmp_path, award("15.00"))
    look(vendor, hours=2)
    assert stakes() == {}

    bring_work(vendor, tmp_path, waiting(5))
    look(vendor, hours=3)

    flag = the_flag()
    assert stakes() == {"W24": 15}
    assert [one["external_id"] for one in flag.evidence["works"]] == ["ada-5"]


def test_an_award_that_is_taken_back_opens_the_flag_again(vendor, tmp_path):
    look(vendor)
    imported = bring_work(vendor, tmp_path, award("15.00"))
    look(vendor, hours=2)

    jobs.run(job_id=undo.start(imported=imported, by=None, at=AS_OF).pk, at=AS_OF)
    look(vendor, hours=3)

    assert stakes() == {"W24": 15}


def test_time_that_two_checks_ask_for_is_paid_once_for_both(vendor, tmp_path):
    cut = waiting(5, active_seconds="3600", paid_seconds="0", project="boats")
    bring_work(vendor, tmp_path, cut)
    look(vendor)
    boats = Flag.objects.get(code="W24", evidence__project="boats")
    assert Flag.objects.get(code="W14").stake_micros == 15 * DOLLAR
    assert (boats.stake_micros, paying.asks_for(boats)) == (0, 15 * DOLLAR)

    pay(boats, factories.staff(vendor))
    look(vendor, hours=2)

    assert stakes("W14", "W24") == {"W24": 15}  # of the other project
    assert Transfer.objects.filter(move="award").count() == 1


def test_a_top_up_pays_for_the_time_that_was_counted_in_its_week(tmp_path):
    """What the week is short of takes in the waiting; what is above it stays asked for."""
    bringing.floor_since_2010()
    vendor = factories.vendor()
    bring_work(vendor, tmp_path, task("20.00"), waiting(3))
    bring_payouts(vendor, tmp_path, payment("ada", "20.00"))
    look(vendor)
    assert stakes("W24", "W28") == {"W24": 15, "W28": 0}

    period = month("2026-10")
    preview = topups.preview(vendor=vendor, period=period, as_of=AS_OF)
    topups.close(vendor=vendor, period=period, digest=preview.digest, by=None, at=AS_OF)
    look(vendor, hours=2)

    assert preview.micros == {"USD": 10 * DOLLAR}
    assert stakes("W24", "W28") == {"W24": 5}
    assert the_flag().evidence["awarded_micros"] == 10 * DOLLAR


def test_the_answer_to_a_question_about_a_flag_pays_for_its_time(vendor):
    look(vendor)
    account = Engagement.objects.get(vendor=vendor)
    person, flag = factories.worker(account), the_flag()
    subject = subjects.find(f"flag-{flag.pk}", lambda model: model.objects.all())
    draft = asking.begin(worker=person.worker, subject=subject, choice="other", at=AS_OF)
    question = asking.send(draft=draft, subject=subject, words="An hour", by=person, at=AS_OF)

    questions.pay(
        dispute=question, micros=15 * DOLLAR, words="", seen=1, by=factories.staff(vendor), at=AS_OF
    )
    look(vendor, hours=2)

    assert stakes() == {}
