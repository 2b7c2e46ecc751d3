"""From files to flags: what detectors of unpaid work are given, and what scans keep of it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ledger import agreeing, ending, jobs, journal, lapsing, manifests, pledging
from ledger.models import Rate, Transfer
from ledger.money import Money
from ledger.periods import ms_of
from payouts import scanning
from payouts.facts import accounts, prices
from payouts.facts.background import Background
from payouts.models import Flag
from tests import bringing, factories
from tests.payouts.exports import AS_OF, START, bring_payouts, bring_work, payment, pending, work
from workers.models import Engagement
from workers.roles import Permission

pytestmark = pytest.mark.django_db
DOLLAR = 1_000_000
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


def free(kind, number=1, **given):
    """Return a row: an hour that was asked for, without pay."""
    return work(number=number, work_category=kind, rate_amount="0", **given)


def hourly(paid="7200", **given):
    return work(rate_kind="hour", rate_amount="10.00", paid_seconds=paid, **given)


def test_unpaid_time_is_counted_once_where_it_overlaps(vendor, tmp_path):
    """Half of the training lies in a paid hour, so half an hour of it is left."""
    half_past = START + timedelta(hours=1, minutes=30)
    paid = work(number=1, work_category="task")
    bring_work(vendor, tmp_path, paid, free("training", 2, start=half_past))

    assert stakes(vendor, "W22", "W28") == {"W22": 7.5, "W28": 0}


def test_a_week_below_the_floor_takes_what_unpaid_time_leaves(vendor, tmp_path):
    cheap = work(number=5, work_category="task", rate_amount="10.00")
    bring_work(vendor, tmp_path, cheap, free("waiting", 7))

    assert stakes(vendor, "W24", "W28") == {"W24": 15, "W28": 5}


def test_an_expired_task_is_worth_its_measured_time(vendor, tmp_path):
    lost = {"status": "expired", "status_at": "", "due_at": "", "active_seconds": "1200"}
    bring_work(vendor, tmp_path, work(**lost))

    assert stakes(vendor, "W15") == {"W15": 5}


def test_hours_that_were_approved_and_then_removed(vendor, tmp_path):
    bring_work(vendor, tmp_path, hourly(), exported_at=FIRST)
    bring_work(vendor, tmp_path, hourly("3600"), exported_at=SECOND)

    assert stakes(vendor, "W16", "W17") == {"W16": 10, "W17": 0}


def test_a_refusal_after_approval_with_a_reason_and_a_date_is_explained(vendor, tmp_path):
    bring_work(vendor, tmp_path, work(), exported_at=FIRST)
    refused = {"status": "rejected", "status_at": "2026-10-15T12:00:00Z", "due_at": ""}
    bring_work(vendor, tmp_path, work(status_reason="copied", **refused), exported_at=SECOND)

    assert stakes(vendor, "W17") == {}
    assert Transfer.objects.filter(move="deduct").exists()


@pytest.mark.parametrize(
    ("price", "found"),
    [
        ("20.00", {}),
        ("12.00", {"W12": 0, "W13": 8}),
        ("11.00", {"W12": 9}),
    ],
)
def test_work_below_the_agreed_rate(vendor, tmp_path, price, found):
    for amount, from_on in (("20.00", date(2026, 10, 1)), ("12.00", date(2026, 10, 20))):
        rate = {"project": "maps", "task_type": "outline", "per": "piece", "currency": "USD"}
        micros = round(float(amount) * DOLLAR)
        Rate.objects.create(
            vendor=vendor, amount_micros=micros, from_on=from_on, recorded_at=AS_OF, **rate
        )
    bring_work(vendor, tmp_path, work(rate_amount=price))

    assert stakes(vendor, "W12", "W13") == found


def test_a_payment_that_came_back(vendor, tmp_path):
    bring_work(vendor, tmp_path, work())
    bring_payouts(vendor, tmp_path, payment("ada", "20.00"))
    sent = Transfer.objects.select_related("work", "payment").get(move="pay")
    account = journal.accounts(Engagement.objects.filter(vendor=vendor))[sent.engagement_id]
    at_ms = ms_of(datetime(2026, 10, 14, 9, tzinfo=UTC))
    with journal.batch(vendor=vendor, kind="settle", at=AS_OF) as draft:
        row = draft.row(account, line=0, raw=b"returned")
        row.reverse(sent, reason="account closed", happened_at_ms=at_ms)

    assert stakes(vendor, "W01", "W07") == {"W07": 0, "W01": 20}

    bring_payouts(vendor, tmp_path, payment("ada", "20.00", sent_at="2026-10-20T10:00:00Z"))
    assert stakes(vendor, "W01", "W07") == {}


def test_many_refusals_at_once(vendor, tmp_path):
    rows = [work(f"w{number}", number) for number in range(25)]
    refused = {"status": "rejected", "due_at": "", "status_reason": "low quality"}
    bring_work(vendor, tmp_path, *[{**row, **refused} for row in rows])

    scanning.scan(vendor=vendor, as_of=AS_OF, at=AS_OF)

    flags = Flag.objects.filter(code="W04")
    assert flags.count() == 25
    assert {flag.stake_micros for flag in flags} == {20 * DOLLAR}
    assert {flag.evidence["refused"] for flag in flags} == {25}


@pytest.mark.parametrize(
    ("later", "is_found"),
    [
        pytest.param([1, 3, 4], True, id="one of four is missing"),
        pytest.param([1, 2, 3, 4, 5], False, id="all are there"),
        pytest.param([7, 8, 9], False, id="an export of other work"),
        pytest.param([3, 4], False, id="it begins later"),
    ],
)
def test_work_that_a_later_complete_export_does_not_name(vendor, tmp_path, later, is_found):
    rows = {number: pending("ada", number) for number in range(1, 10)}
    earlier = [rows[number] for number in (1, 2, 3, 4)]
    bring_work(vendor, tmp_path, *earlier, exported_at=FIRST)
    bring_work(vendor, tmp_path, *[rows[n] for n in later], exported_at=SECOND, complete=True)

    scanning.scan(vendor=vendor, as_of=AS_OF, at=AS_OF)

    found = [
        [one["external_id"] for one in flag.evidence["works"]]
        for flag in Flag.objects.filter(code="W05")
    ]
    assert found == ([["ada-2"]] if is_found else [])


def test_long_hours_are_for_the_worker_and_the_auditor_alone(vendor, tmp_path):
    begin = datetime(2026, 10, 13, 3, tzinfo=UTC)
    tasks = [
        work(
            "ada",
            number,
            started_at=(begin + timedelta(minutes=15 * number)).isoformat(),
            ended_at=(begin + timedelta(minutes=15 * number + 15)).isoformat(),
        )
        for number in range(50)
    ]
    bring_work(vendor, tmp_path, *tasks)
    scan = scanning.scan(vendor=vendor, as_of=AS_OF, at=AS_OF)
    people = {
        "vendor": factories.staff(vendor),
        "worker": factories.worker(Engagement.objects.get(vendor=vendor)),
        "auditor": factories.auditor(vendor),
    }

    assert "W30" not in scan.counts
    assert {
        role: Flag.objects.visible_to(user, Permission.FLAG_VIEW).filter(code="W30").count()
        for role, user in people.items()
    } == {"vendor": 0, "worker": 1, "auditor": 1}


def test_what_was_never_brought_in_is_said_once_each(vendor, tmp_path):
    bring_work(vendor, tmp_path, *[work(f"w{n}") for n in range(5)], exported_at=FIRST)
    stakes(vendor)

    def notices():
        found = Flag.objects.filter(code="W32", resolved_at=None, subject__startswith="record ")
        return [flag.evidence["record"] for flag in found.order_by("subject")]

    assert notices() == [
        "activity", "endings", "exports", "instructions", "promises", "rates", "sessions",
    ]  # fmt: skip

    agreeing.set_rate(
        vendor=vendor, project="maps", amount=Money(20 * DOLLAR, "USD"), per="piece",
        from_on=AS_OF.date(), at=AS_OF,
    )  # fmt: skip
    ending.close(
        vendor=vendor, project="boats", text="over", decided_by="board", from_at=AS_OF, at=AS_OF
    )
    pledging.promise(
        vendor=vendor, name="more", text="5 more", project="maps", pieces_at_least=9,
        amount=Money(DOLLAR, "USD"), at=AS_OF, **dict.fromkeys(
            ("first_on", "last_on", "due_on"), AS_OF.date()
        ),
    )  # fmt: skip
    pledging.publish(
        vendor=vendor, project="maps", name="guide", version=1, kind="training", words=9,
        required=False, from_on=AS_OF.date(), at=AS_OF,
    )  # fmt: skip
    row = free("training", active_seconds="60")
    bring_work(vendor, tmp_path, row, complete=True, exported_at=SECOND)
    stakes(vendor)
    assert notices() == []


def test_an_attempt_is_told_to_detectors_with_its_hours(vendor, tmp_path):
    bring_work(vendor, tmp_path, free("rework", 1), work(number=4, work_category="task"))
    background = Background.of(vendor, ms_of(AS_OF))

    ((one,),) = [each.attempts for each in accounts.read(background, after=0, limit=9)]

    assert (one.share_ms, one.task_ms, one.rework_ms) == (3_600_000,) * 3
    assert (one.hourly_micros, one.hourly_currency, one.asked_for) == (15 * DOLLAR, "USD", True)


def test_refused_work_that_was_delivered(vendor, tmp_path):
    refused = {"status": "rejected", "due_at": "", "status_reason": "blurred"}
    bring_work(vendor, tmp_path, work("ada", 1, **refused), work("ben", 2, **refused))
    sent = b"external_id,worker_external_id\nada-1,ada\nben-2,cleo\n"
    manifests.bring_in(vendor=vendor, name="sent.csv", raw=sent, at=AS_OF)

    assert stakes(vendor, "W03") == {"W03": 20}
    (flag,) = Flag.objects.filter(code="W03")
    assert (flag.engagement.account, flag.evidence["works"][0]["line"]) == ("ada", 2)


@pytest.mark.parametrize(
    ("delivered", "lapses", "is_found"),
    [
        pytest.param(2, False, False, id="as many as were approved"),
        pytest.param(3, False, True, id="one more"),
        pytest.param(3, True, False, id="one more, which nobody decided in time"),
        pytest.param(4, True, True, id="and yet one more"),
    ],
)
def test_more_was_delivered_than_was_approved(vendor, tmp_path, delivered, lapses, is_found):
    refused = {"status": "rejected", "due_at": "", "status_reason": "blurred"}
    rows = [work("ada", 1), work("ada", 2), work("ben", 3, **refused), pending("ben", 4)]
    bring_work(vendor, tmp_path, *rows)
    sent = f"project,attempts\nmaps,{delivered}\n".encode()
    manifests.bring_in(vendor=vendor, name="sent.csv", raw=sent, at=AS_OF)
    if lapses:
        jobs.run(job_id=lapsing.start(vendor=vendor, as_of=AS_OF, at=AS_OF).pk, at=AS_OF)

    assert stakes(vendor, "W03") == ({"W03": 20} if is_found else {})


def test_prices_are_compared_between_regions_of_five(vendor, tmp_path):
    rows = []
    for number in range(10):
        region, price = (("KE", "8.00"), ("US", "20.00"))[number % 2]
        rows.append(work(f"w{number}", number, worker_country=region, rate_amount=price))
    bring_work(vendor, tmp_path, *rows)

    assert stakes(vendor, "W31") == {"W31": 0}
    (flag,) = Flag.objects.filter(code="W31")
    assert flag.evidence["low"] == ["KE", 8 * DOLLAR, 5]
    assert flag.engagement is None


@pytest.mark.parametrize(
    ("regions", "is_read"),
    [
        pytest.param("KE KE KE US US US", True, id="two regions of three"),
        pytest.param("KE KE KE US US", False, id="two people show no price"),
        pytest.param("KE KE KE KE KE", False, id="one region is compared with nothing"),
    ],
)
def test_prices_are_read_only_where_regions_can_be_compared(vendor, tmp_path, regions, is_read):
    named = enumerate(regions.split())
    bring_work(vendor, tmp_path, *[work(f"w{n}", n, worker_country=one) for n, one in named])

    with CaptureQueriesContext(connection) as captured:
        list(prices.by_region(vendor))

    assert any("ledger_work" in query["sql"] for query in captured) is is_read


def test_errors_of_a_quarter_that_is_over_are_counted_by_event(vendor, tmp_path):
    rate = {"project": "maps", "per": "piece", "currency": "USD", "recorded_at": AS_OF}
    Rate.objects.create(vendor=vendor, amount_micros=20 * DOLLAR, from_on=date(2026, 1, 1), **rate)
    days = [datetime(2026, 8, day, 9, tzinfo=UTC) for day in range(3, 8)]
    rows = [work("ada", n, start=day, rate_amount="18.00") for n, day in enumerate(days)]
    running = work("ada", 9, rate_amount="18.00")
    bring_work(vendor, tmp_path, *rows, running)

    assert stakes(vendor, "W29") == {"W29": 0}
    (flag,) = Flag.objects.filter(code="W29")
    assert (flag.evidence["events"], flag.evidence["net_micros"]) == (5, -10 * DOLLAR)


@pytest.mark.parametrize(
    ("paid", "found"),
    [
        pytest.param(["ada"], {"W01": 20, "W06": 0}, id="one of two was paid"),
        pytest.param(["ada", "ben"], {}, id="both were"),
        pytest.param([], {}, id="neither was"),
    ],
)
def test_two_accounts_work_with_one_id_is_paid_twice(vendor, tmp_path, paid, found):
    rows = [work(name, number, external_id="same") for number, name in enumerate(("ada", "ben"))]
    bring_work(vendor, tmp_path, *rows)
    bring_payouts(
        vendor, tmp_path, *[payment(name, "20.00") for name in paid], payment("cleo", "1.00")
    )

    late = stakes(vendor, "W01", "W06")
    assert {code: late[code] for code in found} == found
    assert ("W06" in late) is ("W06" in found)
