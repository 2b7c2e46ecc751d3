"""A vendor's measures, from files that come in by the real way to the figures that are printed."""

import json
from datetime import UTC, date, datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ledger.models import WorkWeek
from ledger.money import format_amount
from payouts.compliance import report
from payouts.compliance.gathering import Range
from tests import factories
from tests.bringing import bring_in, floor_since_2010
from workers.models import Vendor

pytestmark = pytest.mark.django_db

HEADER = (
    "external_id,worker_external_id,source_system,project,task_type,status,work_category,"
    "started_at,ended_at,rate_kind,rate_amount,currency,due_at"
)
PAID = "payment_reference,worker_external_id,source_system,amount,currency,sent_at,arrived_at,fee"
AS_OF = datetime(2026, 10, 31, tzinfo=UTC)
A_DAY = """
W1,ann,tool,boats,boxes,approved,task,2026-10-13T09:00:00Z,2026-10-13T10:00:00Z,piece,12,USD,2026-10-20T00:00:00Z
W2,ann,tool,boats,boxes,submitted,task,2026-10-13T09:30:00Z,2026-10-13T10:30:00Z,piece,3,USD,
W3,bea,tool,boats,boxes,submitted,training,2026-10-13T11:00:00Z,2026-10-13T11:20:00Z,piece,0,USD,
W4,bea,tool,boats,boxes,rejected,task,2026-10-13T12:00:00Z,2026-10-13T12:40:00Z,piece,5,USD,
W5,cy,tool,boats,boxes,approved,award,,2026-10-13T13:00:00Z,piece,2,USD,2026-10-20T00:00:00Z
"""


@pytest.fixture
def vendor():
    floor_since_2010()
    return Vendor.objects.create(name="Kestrel Labels", slug="kestrel", created_at=AS_OF)


@pytest.fixture
def work(vendor, tmp_path):
    """Brings rows of work in."""

    def bring(text, name="work.csv"):
        path = tmp_path / name
        path.write_text(HEADER + "\n" + text.strip() + "\n", encoding="utf-8")
        return bring_in(vendor, path)

    return bring


@pytest.fixture
def payments(vendor, tmp_path):
    """Brings payments in; complete_until: all that was sent by then is in it."""

    def bring(text, complete_until=None):
        path = tmp_path / "paid.csv"
        path.write_text(PAID + "\n" + text.strip() + "\n", encoding="utf-8")
        return bring_in(vendor, path, kind="payouts", complete_until=complete_until)

    return bring


def measures(vendor, pay, time, **given):
    measured = report.of(vendor=vendor, as_of=AS_OF, **given)["measures"]
    return next(one for one in measured if (one["pay"], one["time"]) == (pay, time))


def row(number, *, start="09:00", end="10:00", worker="ann", day="2026-10-13", **given):
    """Return a line of work: an hour for 15 dollars, approved, unless something else is given."""
    values = {"status": "approved", "category": "task", "amount": "15", "currency": "USD"} | given
    due = "2026-10-20T00:00:00Z" if values["status"] == "approved" else ""
    clock = f"{day}T{start}:00Z,{day}T{end}:00Z" if start else f",{day}T{end}:00Z"
    rate = f"piece,{values['amount']},{values['currency']}" if values["amount"] else ",,"
    what = f"tool,boats,boxes,{values['status']},{values['category']}"
    return f"W{number},{worker},{what},{clock},{rate},{due}"


def test_a_day_of_work_is_counted_by_hand(vendor, work):
    work(A_DAY)

    found = report.of(vendor=vendor, as_of=AS_OF)

    assert found["workers"] == 3
    assert found["work"] == [
        {"kind": "award", "ended_as": "submitted", "decision": "approved", "rows": 1},
        {"kind": "task", "ended_as": "submitted", "decision": "approved", "rows": 1},
        {"kind": "task", "ended_as": "submitted", "decision": "refused", "rows": 1},
        {"kind": "task", "ended_as": "submitted", "decision": "undecided", "rows": 1},
        {"kind": "training", "ended_as": "submitted", "decision": "unpaid", "rows": 1},
    ]
    held = found["money"]["USD"]
    assert {name: held[name] for name in ("earned", "pending", "refused", "received")} == {
        "earned": "14.00",
        "pending": "3.00",
        "refused": "5.00",
        "received": "0.00",
    }
    assert held["accounts"]["payable"] == "14.00"
    assert held["accounts"]["vendor"] == "-22.00"
    assert (found["hours"]["summed"], found["hours"]["union"]) == (3.0, 2.5)
    assert found["max_concurrent"] == 2


@pytest.mark.parametrize(
    ("pay", "time", "median", "below", "shortfall"),
    [
        ("earned", "summed", "3.00", {"7.25": 1.0, "12": 1.0, "15": 1.0}, "33.00"),
        ("earned", "union", "4.00", {"7.25": 0.5, "12": 1.0, "15": 1.0}, "25.50"),
        ("approved_or_pending", "summed", "3.75", {"7.25": 0.5, "12": 1.0, "15": 1.0}, "30.00"),
        ("approved_or_pending", "union", "5.00", {"7.25": 0.5, "12": 1.0, "15": 1.0}, "22.50"),
    ],
)
def test_hourly_pay_hangs_on_what_is_counted(vendor, work, pay, time, median, below, shortfall):
    work(A_DAY)

    found = measures(vendor, pay, time)

    assert found["scope"] == "worker_range"
    assert found["workers"] == 2  # the award has no time
    assert found["worker_hourly_median"] == median
    assert found["share_of_workers_below"] == below
    assert found["shortfall"] == {"15": shortfall}


def test_pauses_up_to_a_minute_count_as_work_where_the_floor_says_so(vendor, work):
    work(
        "\n".join([row(1, end="09:30"), row(2, start="09:31"), row(3, start="10:02", end="10:03")])
    )

    hours = report.of(vendor=vendor, as_of=AS_OF)["hours"]

    assert hours["union"] == 1.0
    assert hours["union_merged"] == 1.0167
    assert hours["merge_gap_seconds"] == 60


@pytest.mark.parametrize(
    "unknown",
    [
        pytest.param(row(2, amount=""), id="pay that no one stated"),
        pytest.param(row(2, start="", status="submitted"), id="work without any time"),
        pytest.param(row(2, currency="KES"), id="pay in a currency without a rate"),
    ],
)
def test_a_worker_whose_pay_or_time_is_unknown_has_no_hourly_pay(vendor, work, unknown):
    work("\n".join([row(1), unknown, row(3, worker="bea", amount="20")]))

    found = measures(vendor, "earned", "summed")

    assert (found["workers"], found["workers_left_out"]) == (1, 1)
    assert found["worker_hourly_median"] == "20.00"


def test_time_for_which_nobody_asked_is_not_counted_and_pay_always_is(vendor, work):
    work("\n".join([row(1), row(2, start="11:00", end="12:00", category="searching", amount="3")]))

    found = measures(vendor, "earned", "summed")

    assert found["denominator"] == "B"
    assert found["worker_hourly_median"] == "18.00"


def test_the_range_is_days_on_the_vendors_clock(vendor, work):
    vendor.zone = "Africa/Nairobi"
    vendor.save()
    lines = [
        row(1, start="20:00", end="20:59"),  # ends 23:59 in Nairobi
        row(2, start="20:30", end="21:00", worker="bea"),  # ends at its midnight
        row(3, day="2026-10-14", start="20:00", end="20:59", worker="cy"),
        row(4, day="2026-10-14", start="20:30", end="21:00", worker="dee"),
    ]
    work("\n".join(lines))
    day = date(2026, 10, 14)

    found = report.of(vendor=vendor, days=Range(day, day), as_of=AS_OF)

    assert found["workers"] == 2
    assert found["money"]["USD"]["earned"] == "30.00"
    assert found["money"]["USD"]["accounts"]["vendor"] == "-30.00"


@pytest.mark.parametrize(
    ("first", "last", "count"),
    [
        ("2026-10-18", "2026-10-18", 1),
        ("2026-10-12", "2026-10-17", 0),
        ("2026-10-19", "2026-10-24", 0),
    ],
)
def test_a_week_lies_where_its_sunday_lies(vendor, work, first, last, count):
    work(row(1))
    days = Range(date.fromisoformat(first), date.fromisoformat(last))

    found = report.of(vendor=vendor, days=days, as_of=AS_OF)

    assert found["worker_weeks"]["B"]["earned"]["pass"] == count


def test_money_under_way_is_where_its_payment_is(vendor, work, payments):
    work("\n".join([row(1), row(2, start="11:00", end="12:00")]))
    payments("P1,ann,tool,20,USD,2026-10-19T00:00:00Z,2026-10-20T00:00:00Z,2")

    whole = report.of(vendor=vendor, as_of=AS_OF)["money"]["USD"]
    ranged = report.of(vendor=vendor, days=Range(last_on=AS_OF.date()), as_of=AS_OF)

    assert (whole["earned"], whole["received"]) == ("30.00", "18.00")
    assert whole["accounts"]["received"] == "18.00"
    assert whole["accounts"]["fees"] == "2.00"
    assert ranged["money"]["USD"] == whole


@pytest.mark.parametrize(
    ("as_of", "complete_until", "verdict"),
    [
        pytest.param("2026-10-31", date(2026, 10, 20), "pass", id="paid, and the record says so"),
        pytest.param("2026-10-20", date(2026, 10, 20), "not_due", id="not due yet"),
        pytest.param("2026-10-31", date(2026, 10, 19), "not_due", id="the record ends too early"),
        pytest.param("2026-10-31", None, "not_due", id="the record is not complete"),
    ],
)
def test_received_pay_is_judged_when_it_is_due_and_known(
    vendor, work, payments, as_of, complete_until, verdict
):
    work(row(1))
    payments("P1,ann,tool,15,USD,2026-10-19T00:00:00Z,2026-10-20T00:00:00Z,", complete_until)
    at = datetime.fromisoformat(f"{as_of}T00:00:00+00:00")

    found = report.of(vendor=vendor, as_of=at)["worker_weeks"]["B"]

    assert found["earned"]["pass"] == 1
    assert found["received"][verdict] == 1


def test_pay_that_was_due_and_never_came_fails(vendor, work, payments):
    work("\n".join([row(1), row(2, worker="bea")]))
    payments("P1,ann,tool,15,USD,2026-10-19T00:00:00Z,2026-10-20T00:00:00Z,", date(2026, 10, 31))

    found = report.of(vendor=vendor, as_of=AS_OF)["worker_weeks"]["B"]["received"]

    assert (found["pass"], found["fail"]) == (1, 1)
    assert found["shortfall"] == {"USD": {"low": "15.00", "high": "15.00"}}


def test_money_and_hours_add_up_to_those_of_the_weeks(vendor, work, payments):
    lines = [
        row(
            number,
            worker=f"w{number % 7}",
            start=f"{number % 20:02}:00",
            end=f"{number % 20:02}:50",
        )
        for number in range(60)
    ]
    work("\n".join(lines) + A_DAY.replace("W", "V"))
    payments("P1,w1,tool,31,USD,2026-10-19T00:00:00Z,2026-10-20T00:00:00Z,1.37")

    found = report.of(vendor=vendor, as_of=AS_OF)

    weeks = list(WorkWeek.objects.filter(vendor=vendor))
    for name in ("earned", "pending", "refused", "received"):
        total = sum(getattr(week, f"{name}_micros") for week in weeks)
        assert found["money"]["USD"][name] == format_amount(total)
    merged = sum(week.b_high_ms for week in weeks) / 3_600_000
    assert found["hours"]["union_merged"] == round(merged, 4)


def test_pay_in_another_currency_is_counted_at_the_reference_rate(vendor, work):
    factories.reference_rate("KES", "USD", 100, date(2026, 10, 12))
    work("\n".join([row(1, amount="1000", currency="KES"), row(2, worker="bea", amount="20"),
                    row(3, worker="cy", amount="90", currency="EUR")]))  # fmt: skip

    one = measures(vendor, "earned", "union")

    assert (one["worker_hourly_median"], one["workers"], one["workers_left_out"]) == ("15.00", 2, 1)
    exchange = report.of(vendor=vendor, as_of=AS_OF)["exchange"]
    assert exchange["rows_without_rate"] == {"EUR": 1}
    assert [(one["currency"], one["day"]) for one in exchange["rates"]] == [("KES", "2026-10-13")]


def test_the_number_of_queries_hangs_on_nothing(vendor, work):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            report.of(vendor=vendor, as_of=AS_OF)
        return [query for query in captured if query["sql"].lstrip().startswith(("SELECT", "DECL"))]

    work("\n".join(row(number) for number in range(5)))
    few = len(queries())
    lines = [
        row(number, worker=f"w{number % 40}", day=f"2026-{number % 9 + 1:02}-13")
        for number in range(5, 400)
    ]
    work("\n".join(lines), "more.csv")

    assert len(queries()) == few == 9


def test_the_command_prints_what_the_report_says(vendor, work, capsys):
    work(A_DAY)
    arguments = ["--vendor", "kestrel", "--from", "2026-10-13", "--to", "2026-10-18"]

    call_command("compliance", *arguments, "--as-of", "2026-10-31T00:00:00Z", "--json")
    printed = json.loads(capsys.readouterr().out)
    call_command("compliance", *arguments)
    text = capsys.readouterr().out

    days = Range(date(2026, 10, 13), date(2026, 10, 18))
    assert printed == report.of(vendor=vendor, days=days, as_of=AS_OF)
    assert "3 workers, at most 2 tasks at once" in text
    assert "earned / summed: median 3.00 USD" in text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--vendor", "kestral"], "Known: Kestrel Labels"),
        (["--vendor", "kestrel", "--from", "13.10.2026"], "Write it as YYYY-MM-DD"),
        (["--vendor", "kestrel", "--as-of", "noon"], "write it like 2026-10-31T00:00:00Z"),
        (
            ["--vendor", "kestrel", "--from", "2026-10-02", "--to", "2026-10-01"],
            "begins on 2026-10-02, after it ends on 2026-10-01",
        ),
    ],
)
def test_the_command_says_what_it_cannot_read(vendor, arguments, said):
    with pytest.raises(CommandError, match=said):
        call_command("compliance", *arguments)


def test_a_vendor_without_work_has_measures_that_say_nothing(vendor):
    found = report.of(vendor=vendor, as_of=AS_OF)

    assert found["workers"] == 0
    assert found["money"] == {}
    assert {one["worker_hourly_median"] for one in found["measures"]} == {None}
    assert {
        share for one in found["measures"] for share in one["share_of_workers_below"].values()
    } == {None}
