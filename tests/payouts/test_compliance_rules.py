"""The pure rules behind a vendor's measures: whose money is where, medians, and counted weeks."""

from collections import Counter
from datetime import date
from fractions import Fraction
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.agreed import Floors, PayTermsInForce
from ledger.models import PayTerms, WageFloor
from ledger.money import parse_micros
from ledger.moves import RULES
from ledger.periods import week_from
from payouts.compliance import measures, table
from payouts.compliance.pay import Books, Transfer
from payouts.compliance.weeks import Payments, WeekRow, count

HOUR = 3_600_000
MONDAY = date(2026, 10, 12)
WORKERS = st.lists(st.tuples(st.integers(0, 10**9), st.integers(1, 10**9)), min_size=1, max_size=40)


def moved(move, micros, work=1, payment=None):
    rule = RULES[move]
    return Transfer(1, work, payment, rule.source, rule.target, "USD", micros)


def undone(transfer):
    return transfer._replace(source=transfer.target, target=transfer.source)


def pay_after(*transfers):
    return Books.of(transfers, {}).pay(1)


SUBMITTED = moved("submit", 10)
APPROVED = moved("approve", 10)


@pytest.mark.parametrize(
    ("transfers", "decision"),
    [
        pytest.param([], "unpaid", id="no money was promised"),
        pytest.param([SUBMITTED], "undecided", id="handed in"),
        pytest.param([SUBMITTED, APPROVED], "approved", id="approved"),
        pytest.param([SUBMITTED, moved("approve", 9)], "undecided", id="approved but for a part"),
        pytest.param([SUBMITTED, moved("refuse", 10)], "refused", id="refused"),
        pytest.param(
            [SUBMITTED, moved("refuse", 10), moved("overturn", 10)], "approved", id="overturned"
        ),
        pytest.param([SUBMITTED, APPROVED, moved("deduct", 10)], "withheld", id="all deducted"),
        pytest.param([SUBMITTED, APPROVED, moved("deduct", 9)], "approved", id="a part deducted"),
        pytest.param([SUBMITTED, undone(SUBMITTED)], "unpaid", id="undone"),
    ],
)
def test_what_was_decided_is_where_the_money_is(transfers, decision):
    assert pay_after(*transfers).decision == decision


def test_what_is_withheld_stays_earned_and_is_not_received():
    pay = pay_after(SUBMITTED, APPROVED, moved("deduct", 4), moved("remit", 3))

    assert (pay.earned, pay.withheld, pay.received) == (10, 4, 3)


def test_what_arrived_falls_on_the_work_in_proportion_and_a_fraction_goes_down():
    books = Books.of(
        [
            SUBMITTED,
            APPROVED,
            moved("submit", 20, work=2),
            moved("approve", 20, work=2),
            moved("pay", 10, payment=7),
            moved("pay", 20, work=2, payment=7),
            moved("settle", 20, work=None, payment=7),
            moved("fee", 4, work=None, payment=7),
        ],
        {},
    )

    assert [books.pay(work).received for work in (1, 2)] == [6, 13]
    assert +Counter(books.accounts(2)) == {"received": 13, "fees": 2, "in_transit": 5}
    assert books.balances["USD", "received"] == 20


def test_a_debt_met_by_what_was_paid_ahead_is_received():
    paid_ahead = [moved("prepay", 10, work=None, payment=7), moved("settle", 10, None, payment=7)]

    assert pay_after(*paid_ahead, SUBMITTED, APPROVED, moved("apply", 10, payment=7)).received == 10


def test_what_was_paid_and_turned_out_not_to_be_owed_is_not_earned():
    paid = [SUBMITTED, APPROVED, moved("pay", 10, payment=7), moved("settle", 10, None, payment=7)]

    pay = pay_after(*paid, moved("overpaid", 10, payment=7))

    assert (pay.earned, pay.received) == (0, 0)


@given(WORKERS)
def test_the_median_is_that_of_exact_fractions(workers):
    exact = median(Fraction(pay * HOUR, ms) for pay, ms in workers)

    assert abs(parse_micros(measures.median_hourly(workers)) - exact) <= 1


@given(WORKERS, st.sampled_from(measures.LINES))
def test_share_and_shortfall_are_those_of_exact_fractions(workers, line):
    rate = Fraction(line) * 1_000_000
    missing = sum(max(Fraction(0), rate * ms / HOUR - pay) for pay, ms in workers)
    below = sum(1 for pay, ms in workers if Fraction(pay * HOUR, ms) < rate)

    found = parse_micros(measures.shortfall(workers, line))

    assert 0 <= found - missing < 1
    assert measures.share_below(workers, line) == round(below / len(workers), 4)


def a_week(**given):
    values = {
        "platform": "tool",
        "starts_on": MONDAY,
        "floor_id": 1,
        "hours": ((HOUR, HOUR),) * 3,
        "measured_ms": 0,
        "earned": 15_000_000,
        "received": 15_000_000,
        "pending": 0,
        "untimed": 0,
        "unpriced": 0,
        "last_due_at_ms": None,
    }
    return WeekRow(**{**values, **given})


def counted(*weeks, complete_until=date(2026, 10, 18), as_of_ms=None, terms=()):
    floors = Floors((WageFloor(pk=1, hourly_micros=15_000_000, currency="USD"),))
    end_ms = week_from(MONDAY, "UTC").end_ms
    payments = Payments(PayTermsInForce("UTC", terms), complete_until, as_of_ms or end_ms)
    return count(weeks, floors, payments)


@pytest.mark.parametrize(
    ("given", "verdict", "low", "high"),
    [
        pytest.param({}, "pass", "0.00", "0.00", id="at the floor"),
        pytest.param({"earned": 14_999_999}, "fail", "0.000001", "0.000001", id="a micro under"),
        pytest.param(
            {"hours": ((HOUR // 2, HOUR),) * 3, "earned": 10_000_000},
            "contested", "0.00", "5.00", id="between the bounds",
        ),
        pytest.param({"unpriced": 1, "earned": 0}, "contested", "0.00", "15.00", id="pay unknown"),
        pytest.param({"untimed": 1}, "contested", "0.00", "0.00", id="time unknown"),
        pytest.param(
            {"hours": ((0, 0),) * 3, "earned": 0}, "no_evidence", "0.00", "0.00", id="nothing"
        ),
    ],
)  # fmt: skip
def test_a_week_is_counted_by_its_verdict(given, verdict, low, high):
    found = counted(a_week(**given))["B"]["earned"]

    assert found[verdict] == 1
    assert sum(found[name] for name in table.VERDICTS) == 1
    assert found["shortfall"] == {"USD": {"low": low, "high": high}}


def test_each_denominator_has_its_own_verdict():
    found = counted(a_week(hours=((HOUR, HOUR), (HOUR + 1, HOUR + 1), (2 * HOUR, 2 * HOUR))))

    assert [found[letter]["earned"]["pass"] for letter in "ABC"] == [1, 0, 0]
    assert found["headline"] == {"denominator": "B", "pay": "earned"}


def test_a_week_before_the_first_floor_has_no_verdict():
    found = counted(a_week(floor_id=None))["B"]["earned"]

    assert found["no_floor"] == 1
    assert found["shortfall"] == {}


SUNDAY_NOON = week_from(MONDAY, "UTC").end_ms - 12 * HOUR


@pytest.mark.parametrize(
    ("given", "setting", "verdict"),
    [
        pytest.param({}, {}, "pass", id="nothing more is ever due once the week has ended"),
        pytest.param({}, {"as_of_ms": SUNDAY_NOON}, "not_due", id="the week goes on"),
        pytest.param({"pending": 1}, {}, "not_due", id="what is undecided has no due date"),
        pytest.param(
            {"pending": 1, "last_due_at_ms": SUNDAY_NOON}, {}, "pass", id="what was due is past"
        ),
        pytest.param(
            {"last_due_at_ms": week_from(MONDAY, "UTC").end_ms}, {}, "not_due", id="due this moment"
        ),
        pytest.param({}, {"complete_until": None}, "not_due", id="no complete record of payments"),
        pytest.param(
            {"platform": "mturk"}, {"complete_until": None}, "pass", id="approval is payment"
        ),
        pytest.param(
            {"platform": "mturk"},
            {"complete_until": None, "terms": (PayTerms(from_on=date(2026, 1, 1)),)},
            "not_due",
            id="approval is payment, but it was agreed otherwise",
        ),
    ],
)
def test_received_pay_has_a_verdict_once_it_is_due_and_known(given, setting, verdict):
    assert counted(a_week(**given), **setting)["B"]["received"][verdict] == 1


def test_the_share_of_measured_time_is_of_all_hours_asked_for():
    found = counted(a_week(measured_ms=HOUR), a_week(hours=((0, 0), (0, 3 * HOUR), (0, 3 * HOUR))))

    assert found["share_measured"] == 0.25
    assert counted()["share_measured"] is None
