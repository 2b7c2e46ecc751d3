"""From the record to flags: notice of cuts, courses, decisions to withhold, new ids and clocks."""

from datetime import UTC, date, datetime, timedelta

import pytest

from ledger import agreeing, pledging, withholding
from ledger.models import Work
from ledger.money import Money
from ledger.periods import ms_of
from payouts import scanning
from payouts.facts import accounts, told
from payouts.facts.background import Background
from payouts.models import Flag
from tests import bringing, factories
from tests.ledger import owed
from tests.payouts.exports import AS_OF, START, bring_payouts, bring_work, payment, pending, work
from workers.models import Engagement

pytestmark = pytest.mark.django_db
DOLLAR = 1_000_000
DAY = timedelta(days=1)
FIRST, SECOND = datetime(2026, 10, 12, tzinfo=UTC), datetime(2026, 10, 20, tzinfo=UTC)


@pytest.fixture
def vendor():
    bringing.floor_since_2010()
    return factories.vendor()


def stakes(vendor, *codes):
    """Return the stakes of a scan's open flags in dollars, by code."""
    scanning.scan(vendor=vendor, as_of=AS_OF, at=AS_OF)
    flags = Flag.objects.filter(vendor=vendor, resolved_at=None, code__in=codes)
    return {flag.code: flag.stake_micros / DOLLAR for flag in flags}


@pytest.mark.parametrize(
    ("told_on", "price", "found"),
    [
        pytest.param(START - 2 * DAY, "12.00", {"W13": 0}, id="two days of notice"),
        pytest.param(START - 30 * DAY, "12.00", {}, id="a month of notice"),
        pytest.param(START - 7 * DAY, "12.00", {}, id="seven days, to the hour"),
        pytest.param(START - 2 * DAY, "20.00", {}, id="the old price is paid all the same"),
    ],
)
def test_a_rate_is_cut_with_notice(vendor, tmp_path, told_on, price, found):
    rate = {"vendor": vendor, "project": "maps", "task_type": "outline", "per": "piece"}
    for dollars, from_on, at in ((20, date(2026, 9, 1), START - 60 * DAY), (12, START, told_on)):
        day = from_on if from_on != START else START.date()
        agreeing.set_rate(**rate, amount=Money(dollars * DOLLAR, "USD"), from_on=day, at=at)
    bring_work(vendor, tmp_path, work(number=0, rate_amount=price))

    assert stakes(vendor, "W12", "W13") == found


@pytest.mark.parametrize(
    ("required", "recorded_at", "is_found"),
    [
        pytest.param(False, START - DAY, False, id="not required"),
        pytest.param(True, START - DAY, True, id="required"),
        pytest.param(False, AS_OF, True, id="called optional afterwards"),
    ],
)
def test_a_course_that_one_may_leave(vendor, tmp_path, required, recorded_at, is_found):
    pledging.publish(
        vendor=vendor, project="maps", name="history of maps", version=1, kind="training", pages=9,
        required=required, from_on=date(2026, 9, 1), at=recorded_at,
    )  # fmt: skip
    taken = work(task_type="history of maps", work_category="training", rate_amount="0")
    bring_work(vendor, tmp_path, taken)

    assert stakes(vendor, "W22") == ({"W22": 15} if is_found else {})


def test_tasks_at_no_price_are_a_trial_until_the_first_one_with_a_price(vendor, tmp_path):
    free = {"rate_amount": "0"}
    bring_work(vendor, tmp_path, work(number=1, **free), work(number=2), work(number=3, **free))

    assert stakes(vendor, "W25") == {"W25": 15}
    (flag,) = Flag.objects.filter(code="W25")
    assert [one["external_id"] for one in flag.evidence["works"]] == ["ada-1"]


def test_the_clock_of_approved_work_got_shorter(vendor, tmp_path):
    bring_work(vendor, tmp_path, work(), exported_at=FIRST)
    half = (START + timedelta(hours=1, minutes=30)).isoformat()
    bring_work(vendor, tmp_path, work(ended_at=half), exported_at=SECOND)

    assert stakes(vendor, "W16", "W17") == {"W16": 0}
    (flag,) = Flag.objects.filter(code="W16")
    assert flag.evidence["removed_ms"] == 1_800_000


def test_a_clock_that_was_shortened_before_the_approval_is_nobodys_loss(vendor, tmp_path):
    bring_work(vendor, tmp_path, pending(), exported_at=FIRST)
    half = (START + timedelta(hours=1, minutes=30)).isoformat()
    late = {"status_at": "2026-10-15T12:00:00Z", "due_at": ""}
    bring_work(vendor, tmp_path, work(ended_at=half, **late), exported_at=SECOND)

    assert stakes(vendor, "W16") == {}


@pytest.mark.parametrize(
    ("given", "is_found"),
    [
        pytest.param({}, False, id="the same work by a new id"),
        pytest.param({"started_at": START.isoformat()}, True, id="other work"),
    ],
)
def test_work_that_a_later_export_names_by_a_new_id_has_not_vanished(
    vendor, tmp_path, given, is_found
):
    rows = [pending("ada", number) for number in range(1, 5)]
    bring_work(vendor, tmp_path, *rows, exported_at=FIRST)
    renamed = {**rows[1], "external_id": "ada-2-new", **given}
    later = [rows[0], renamed, *rows[2:]]
    bring_work(vendor, tmp_path, *later, exported_at=SECOND, complete=True)

    assert ("W05" in stakes(vendor, "W05")) is is_found


@pytest.mark.parametrize(
    ("approved", "found"),
    [
        pytest.param("2026-10-09T12:00:00Z", {"W06": 20}, id="owed when the other one was paid"),
        pytest.param("2026-10-14T12:00:00Z", {}, id="approved after that"),
    ],
)
def test_a_shared_id_is_asked_about_before_the_debt_is_late(vendor, tmp_path, approved, found):
    later = {"status_at": approved, "due_at": "2026-12-12T12:00:00Z"}
    rows = [work("ada", external_id="same"), work("ben", 2, external_id="same", **later)]
    bring_work(vendor, tmp_path, *rows)
    bring_payouts(vendor, tmp_path, payment("ada", "20.00"))

    assert stakes(vendor, "W06") == found


def test_a_small_balance_is_not_kept_back_for_ever(vendor, tmp_path):
    agreeing.set_terms(
        vendor=vendor, review_days=7, due_days=90, threshold=Money(50 * DOLLAR, "USD"),
        from_on=date(2026, 1, 1), at=AS_OF,
    )  # fmt: skip
    old = {"start": START - 10 * DAY, "due_at": "2026-12-30T12:00:00Z"}
    rows = [work("ada", 1, **old), *[work("ben", n, **old) for n in (1, 2, 3)]]
    bring_work(vendor, tmp_path, *rows)
    bring_payouts(vendor, tmp_path, payment("cleo", "1.00"))

    assert stakes(vendor, "W08") == {"W08": 20}


def test_what_a_decision_holds_is_explained_until_its_end(vendor, tmp_path):
    bring_work(vendor, tmp_path, work())
    account = Engagement.objects.get(vendor=vendor)
    at = AS_OF - 2 * DAY
    given = owed.grounds(notice_at=at, ends_at=AS_OF + 5 * DAY)
    withholding.withhold(
        "hold", engagement=account, grounds=given, most=Money(8 * DOLLAR, "USD"), at=at
    )
    root = Work.objects.get(engagement=account).pk

    assert stakes(vendor, "W17") == {}
    assert told.held_by_decision([root], ms_of(AS_OF)) == {root: 8 * DOLLAR}
    late = Background.of(vendor, ms_of(AS_OF + 6 * DAY))
    ((one,),) = [each.works for each in accounts.read(late, after=0, limit=9)]
    assert (one.withheld_micros, one.held_micros, one.withholding) == (8 * DOLLAR, 0, None)
