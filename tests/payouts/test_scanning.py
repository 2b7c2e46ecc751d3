"""The scan: the same finding is the same flag; what is not found any more closes and says why."""

from datetime import date, timedelta

import pytest

from ledger import jobs, undo
from payouts import flagging, scanning
from payouts.detectors import late_pay
from payouts.facts import accounts
from payouts.models import Flag, Scan
from tests import bringing, factories
from tests.payouts.exports import AS_OF, bring_payouts, bring_work, payment, pending, work

pytestmark = pytest.mark.django_db
LATER = AS_OF + timedelta(days=1)
ONE_LATE = {"found": 1, "new": 1, "resolved": 0}


@pytest.fixture
def vendor():
    bringing.floor_since_2010()
    return factories.vendor()


def look(vendor, as_of=AS_OF, at=None):
    return scanning.scan(vendor=vendor, as_of=as_of, at=at or as_of)


def flags(vendor):
    """Return the flags of a vendor, without the notices on kinds of record that are not there."""
    found = Flag.objects.filter(vendor=vendor).exclude(subject__startswith="record ")
    return list(found.order_by("code", "subject").values())


@pytest.fixture
def one_of_each(vendor, tmp_path):
    """Late pay of one account, undecided work of another, a week below the floor of a third."""
    cheap = work("cleo", 1, rate_amount="5.00")
    bring_work(vendor, tmp_path, work("ada", 1), work("ada", 2), pending("ben", 1), cheap)
    bring_payouts(vendor, tmp_path, payment("ada", "20.00"), payment("cleo", "5.00"))
    return vendor


def test_a_scan_of_unchanged_data_adds_nothing_and_records_that_it_looked(one_of_each):
    first = look(one_of_each)
    before = flags(one_of_each)
    second = look(one_of_each, at=LATER)
    after = flags(one_of_each)

    assert [flag["code"] for flag in before] == ["W01", "W02", "W28", "W28"]
    moved = {"last_seen_at": LATER, "last_scan_id": second.pk}
    assert after == [{**flag, **moved} for flag in before]
    assert {counts["new"] for counts in second.counts.values()} == {0}
    assert (first.accounts, second.accounts) == (3, 3)
    assert second.finished_at is not None


def test_a_scan_that_finds_nothing_records_that_it_looked(vendor):
    scan = look(vendor)

    assert scan.accounts == 0
    assert scan.finished_at is not None
    assert scan.counts == dict.fromkeys(flagging.TOLD, flagging.NOTHING)
    assert flags(vendor) == []


def test_evidence_says_where_the_work_and_its_approval_stood(one_of_each):
    look(one_of_each)

    late, undecided, *_ = flags(one_of_each)
    assert {
        key: late["evidence"]["works"][0][key] for key in ("external_id", "micros", "line")
    } == {
        "external_id": "ada-2",
        "micros": 20_000_000,
        "line": 3,
    }
    assert late["evidence"]["works"][0]["file"].startswith("export-")
    assert undecided["evidence"]["works"][0]["line"] == 4


def test_money_is_at_stake_once(one_of_each):
    look(one_of_each)

    assert flagging.at_stake(one_of_each) == {
        "W01": {"USD": 20_000_000},
        "W02": {"USD": 20_000_000},
        "W28": {"USD": 10_000_000},  # of cleo; what ben's week lacks is undecided
    }


def test_a_flag_closes_when_the_money_comes_and_opens_again_when_it_goes_back(
    one_of_each, tmp_path
):
    look(one_of_each)
    (before,) = (flag for flag in flags(one_of_each) if flag["code"] == "W01")
    late = payment("ada", "20.00", "ada-2", sent_at="2026-11-01T10:00:00Z")
    paid = bring_payouts(one_of_each, tmp_path, late)

    scan = look(one_of_each, at=LATER)

    closed = Flag.objects.get(pk=before["id"])
    assert scan.counts["W01"] == {"found": 0, "new": 0, "resolved": 1}
    assert (closed.resolved_at, closed.resolution) == (LATER, "It has been paid.")
    assert (closed.stake_micros, closed.last_seen_at) == (20_000_000, AS_OF)

    jobs.run(job_id=undo.start(imported=paid, by=None, at=LATER).pk, at=LATER)
    again = look(one_of_each, at=LATER + timedelta(days=1))

    opened = Flag.objects.get(pk=before["id"])
    assert again.counts["W01"] == {"found": 1, "new": 0, "resolved": 0}
    assert (opened.resolved_at, opened.resolution) == (None, "")
    assert opened.first_seen_at == AS_OF


@pytest.mark.parametrize(
    ("decision", "said"),
    [
        ({"status": "approved", "due_at": "2026-11-12T12:00:00Z"}, "approved."),
        ({"status": "rejected", "status_reason": "blurred"}, "refused."),
    ],
)
def test_a_flag_closes_when_the_decision_comes(one_of_each, tmp_path, decision, said):
    look(one_of_each)
    decided = {**pending("ben", 1), "status_at": "2026-10-30T12:00:00Z", **decision}
    bring_work(one_of_each, tmp_path, decided)

    look(one_of_each, at=LATER)

    assert Flag.objects.get(code="W02").resolution == f"It has been decided: {said}"


def test_a_new_version_of_a_detector_makes_new_flags_and_rewrites_none(one_of_each, monkeypatch):
    look(one_of_each)
    (before,) = (flag for flag in flags(one_of_each) if flag["code"] == "W01")
    monkeypatch.setattr(late_pay, "VERSION", 2)

    scan = look(one_of_each, at=LATER)

    old, new = Flag.objects.filter(code="W01").order_by("version")
    assert scan.counts["W01"] == {"found": 1, "new": 1, "resolved": 1}
    assert (new.version, new.subject, new.resolved_at) == (2, old.subject, None)
    assert old.resolution == "A newer version of this check looks after it from now on."
    unchanged = ("stake_micros", "evidence", "first_seen_at", "last_seen_at", "since_at_ms")
    assert {name: getattr(old, name) for name in unchanged} == {
        name: before[name] for name in unchanged
    }
    assert flagging.at_stake(one_of_each)["W01"] == {"USD": 20_000_000}


@pytest.mark.parametrize("reach", [None, date(2026, 10, 1)])
def test_payments_that_were_never_reported_are_one_notice(vendor, tmp_path, reach):
    rows = [work(f"w{number}", 1) for number in range(30)]
    bring_work(vendor, tmp_path, *rows)
    if reach:
        bring_payouts(vendor, tmp_path, payment("w1", "1.00"), complete_until=reach)

    look(vendor)

    (notice,) = flags(vendor)
    assert (notice["code"], notice["stake_micros"], notice["engagement_id"]) == ("W32", 0, None)
    assert notice["evidence"]["accounts"] == 30

    bring_payouts(vendor, tmp_path, payment("w1", "19.00"))
    scan = look(vendor, at=LATER)

    assert scan.counts["W32"]["resolved"] == 1
    assert scan.counts["W01"]["found"] == 29 + (reach is None)


def test_a_platform_that_pays_on_approval_owes_no_remittances(vendor, tmp_path):
    bring_work(vendor, tmp_path, work(source_system="mturk"))

    look(vendor)

    assert flags(vendor) == []


def test_what_was_refused_after_all_is_not_late(vendor, tmp_path):
    bring_work(vendor, tmp_path, work())
    bring_payouts(vendor, tmp_path, payment("somebody else"))
    refused = work(status="rejected", status_at="2026-10-09T12:00:00Z", status_reason="blurred")
    bring_work(vendor, tmp_path, {**refused, "due_at": ""})

    assert look(vendor).counts["W01"]["found"] == 0


def test_a_payment_dated_later_has_not_been_made(vendor, tmp_path):
    bring_work(vendor, tmp_path, work())
    later = payment("ada", "20.00", sent_at="2026-11-05T10:00:00Z")
    bring_payouts(vendor, tmp_path, later, at=AS_OF + timedelta(days=4))

    assert look(vendor).counts["W01"]["found"] == 1
    assert look(vendor, AS_OF + timedelta(days=4)).counts["W01"]["resolved"] == 1


def test_a_scan_leaves_other_vendors_alone(one_of_each, tmp_path):
    other = factories.vendor("Birch Data")
    bring_work(other, tmp_path, pending("ada", 1))
    look(other)
    before = flags(other)

    look(one_of_each, at=LATER)

    assert flags(other) == before
    assert len(before) == 2


@pytest.mark.parametrize("size", [1, 2, 3])
def test_the_size_of_a_chunk_changes_nothing(one_of_each, monkeypatch, size):
    monkeypatch.setattr(accounts, "ACCOUNTS", size)

    scan = look(one_of_each)

    assert [flag["code"] for flag in flags(one_of_each)] == ["W01", "W02", "W28", "W28"]
    assert [scan.counts[code]["found"] for code in ("W01", "W02", "W28")] == [1, 1, 2]
    assert scan.accounts == 3


def test_a_scan_that_ends_after_a_later_one_takes_nothing_back(one_of_each):
    look(one_of_each)
    slow = scanning.start(vendor=one_of_each, as_of=AS_OF, at=AS_OF + timedelta(hours=1))
    later = AS_OF + timedelta(hours=2)
    look(one_of_each, at=later)

    jobs.run(job_id=scanning.job_of(slow).pk, at=AS_OF)

    slow.refresh_from_db()
    assert slow.finished_at is not None
    seen = Flag.objects.filter(vendor=one_of_each).values_list("last_seen_at", flat=True)
    assert set(seen) == {later}


def test_two_schedulers_start_one_scan_a_day(one_of_each):
    times = [AS_OF, AS_OF + timedelta(seconds=1), AS_OF + timedelta(hours=20), LATER]

    started = [len(scanning.start_daily(at=at)) for at in times]

    assert started == [1, 0, 0, 1]
    assert Scan.objects.count() == 2


def test_the_day_of_a_scan_begins_at_three():
    before_three = AS_OF.replace(hour=2, minute=59)

    assert len(scanning.start_daily(at=before_three)) == 0
    assert scanning._slot(before_three) == AS_OF.replace(hour=3) - timedelta(days=1)
    assert scanning._slot(AS_OF.replace(hour=3)) == AS_OF.replace(hour=3)
