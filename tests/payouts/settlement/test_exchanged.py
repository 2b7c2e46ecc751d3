"""Payments that were exchanged on the way: what arrived settles them, and its worth counts."""

import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import jobs, reference_rates
from ledger.models import Arrival, Payment, Transfer, WorkWeek
from ledger.money import Money
from payouts.facts import paid_across
from payouts.models import PayItem
from payouts.settlement import across, verdicts
from payouts.settlement.across import Amounts
from payouts.settlement.verdicts import Paid, Report
from tests import factories
from tests.payouts.settlement import reports
from tests.payouts.settlement.bank import NOW
from tests.payouts.settlement.reports import Line

FORMS = [
    pytest.param(reports.csv, id="canonical CSV"),
    pytest.param(reports.camt, id="camt.053"),
]


@pytest.fixture
def paid(bank):
    bank.work(("a1", "w1", "10.00"))
    bank.paid(("PAY-1", "w1", "10.00"))
    return bank


@pytest.fixture
def fixed(paid):
    """The same payment, of which a run fixed that the recipient gets 8.00 EUR."""
    payment = Payment.objects.get()
    run = paid.vendor.pay_runs.create(
        number=1, currency="USD", first_on=NOW, last_on=NOW, state="sent", drafted_at=NOW,
        one_person=True,
    )  # fmt: skip
    PayItem.objects.create(
        run=run, engagement=payment.engagement, reference="PAY-1", owed_micros=10_000_000,
        amount_micros=10_000_000, payout_micros=8_000_000, payout_currency="EUR", pieces=1,
        digest="",
    )  # fmt: skip
    return paid


def arrived():
    rows = Arrival.objects.order_by("pk").values_list("amount_micros", "currency", "void")
    return [(micros / 1_000_000, currency, void) for micros, currency, void in rows]


@pytest.mark.parametrize("form", FORMS)
def test_what_the_bank_exchanged_settles_its_payment_and_is_kept(paid, form):
    paid.report(form(Line("PAY-1", arrived=("1290.00", "KES"))))

    assert paid.money("PAY-1") == {"received": 10}
    assert arrived() == [(1290, "KES", False)]
    paid.prove()


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("line", "money", "outcome"),
    [
        pytest.param(Line("PAY-1", "8.00", currency="EUR"), {"received": 10}, "settled",
                     id="from an account of the recipient's currency"),
        pytest.param(Line("PAY-1", "10.35", arrived=("8.00", "EUR")), {"received": 10}, "settled",
                     id="the bank took more from the vendor"),
        pytest.param(Line("PAY-1", "9.80", arrived=("8.00", "EUR")), {"received": 10}, "settled",
                     id="the bank took less from the vendor"),
        pytest.param(Line("PAY-1", "4.00", currency="EUR"), {"received": 5, "in_transit": 5},
                     "settled", id="a part arrived"),
        pytest.param(Line("PAY-1", "8.01", currency="EUR"), {"in_transit": 10}, "conflict",
                     id="more arrived than was to"),
        pytest.param(Line("PAY-1", "10.35"), {"in_transit": 10}, "currency",
                     id="what arrived is not told"),
        pytest.param(Line("PAY-1", "9.80"), {"in_transit": 10}, "currency",
                     id="a smaller debit is no part: it is another rate"),
        pytest.param(Line("PAY-1", "7.00", currency="GBP"), {"in_transit": 10}, "currency",
                     id="a third currency"),
        pytest.param(Line("PAY-1", "8.00", currency="EUR", fee="0.40"),
                     {"received": 9.5, "fees": 0.5}, "settled", id="less a fee"),
        pytest.param(Line("PAY-1", "10.40", currency="USD", status="returned"), {}, "returned",
                     id="it came back at another rate"),
        pytest.param(Line("PAY-1", "7.50", currency="EUR", status="returned"), {}, "returned",
                     id="it came back in the other currency"),
    ],
)  # fmt: skip
def test_a_run_that_fixed_what_arrives(fixed, form, line, money, outcome):
    fixed.report(form(line))

    assert fixed.money("PAY-1") == money
    assert [one for *_, one in fixed.outcomes()] == [outcome]
    assert fixed.owed("w1") == (0 if money else 10)
    fixed.prove()


def test_why_a_report_moves_nothing_is_said(fixed):
    fixed.report(reports.camt(Line("PAY-1", "10.35")))

    assert fixed.reasons() == [
        "it does not say what arrived of the 8.00 EUR that were to be paid out: it has no amount "
        "in EUR, and no rate that names the currency of its unit"
    ]


@pytest.mark.parametrize(
    ("line", "money", "there"),
    [
        pytest.param(Line("PAY-1", "10.35", rate=("EUR", "USD", "1.29375")), {"received": 10},
                     [8], id="all of it, exactly"),
        pytest.param(Line("PAY-1", "10.35", rate=("EUR", "USD", "1.2931")), {"received": 10},
                     [8], id="all of it costs that, to the cent"),
        pytest.param(Line("PAY-1", "10.35", rate=("USD", "EUR", "0.773")), {"received": 10},
                     [8], id="of the other unit"),
        pytest.param(Line("PAY-1", "10.35", rate=("EUR", "USD", "1.38")),
                     {"received": 9.375, "in_transit": 0.625}, [7.5], id="a part"),
        pytest.param(Line("PAY-1", "10.00", rate=("EUR", "USD", "1.5")),
                     {"received": 8.333332, "in_transit": 1.666668}, [6.666666],
                     id="a part, rounded down"),
        pytest.param(Line("PAY-1", "10.35", rate=("EUR", "USD", "1.25")), {"in_transit": 10}, [],
                     id="more than was to arrive"),
        pytest.param(Line("PAY-1", "10.35", rate=("", "EUR", "1.29375")), {"in_transit": 10}, [],
                     id="no unit: of which of the two?"),
        pytest.param(Line("PAY-1", "10.35", rate=("EUR", "USD", "0")), {"in_transit": 10}, [],
                     id="no rate"),
        pytest.param(Line("PAY-1", "10.35", rate=("EU", "USD", "1.29375")), {"in_transit": 10}, [],
                     id="no currency"),
        pytest.param(Line("PAY-1", "10.35", rate=("EUR", "USD", "0.0000000001")),
                     {"in_transit": 10}, [], id="absurdly much"),
        pytest.param(Line("PAY-1", "10.35", rate=("GBP", "USD", "1.6")), {"in_transit": 10}, [],
                     id="a rate of a third currency"),
    ],
)  # fmt: skip
def test_amount_and_rate_say_what_arrived(fixed, line, money, there):
    fixed.report(reports.camt(line))

    assert fixed.money("PAY-1") == money
    assert [amount for amount, *_ in arrived()] == there
    fixed.prove()


def test_a_rate_alone_tells_what_the_worker_got_and_what_was_sent(paid):
    paid.report(reports.camt(Line("PAY-1", rate=("USD", "KES", "116.1"))))

    assert paid.money("PAY-1") == {"received": 10}
    assert arrived() == [(1161, "KES", False)]


def test_a_debit_from_another_account_is_worth_its_rate(paid):
    paid.report(reports.camt(Line("PAY-1", "8.02", currency="EUR", rate=("EUR", "USD", "1.2469"))))

    assert paid.money("PAY-1") == {"received": 10}


def test_an_open_entry_closes_once_another_report_tells_what_arrived(fixed):
    fixed.report(reports.camt(Line("PAY-1", "10.35")))
    assert [one for *_, one in fixed.outcomes()] == ["currency"]
    fixed.report(reports.csv(Line("PAY-1", "10.35", arrived=("8.00", "EUR"))))

    assert [one for *_, one in fixed.outcomes()] == ["repeat", "settled"]


def test_two_parts_make_the_whole_to_the_micro(fixed):
    PayItem.objects.update(payout_micros=7_000_000)
    fixed.report(reports.csv(Line("PAY-1", "3.33", currency="EUR")))
    fixed.report(reports.csv(Line("PAY-1", "3.67", currency="EUR", day="2026-10-21")))

    assert fixed.money("PAY-1") == {"received": 10}
    assert arrived() == [(3.33, "EUR", False), (7, "EUR", False)]
    fixed.prove()


def test_a_payment_that_came_back_did_not_arrive(fixed):
    fixed.report(reports.csv(Line("PAY-1", "8.00", currency="EUR")))
    fixed.report(
        reports.csv(Line("PAY-1", "8.00", currency="EUR", day="2026-10-22", status="returned"))
    )

    assert arrived() == [(8, "EUR", False), (8, "EUR", True)]
    assert fixed.owed("w1") == 10
    fixed.prove()


def test_the_same_report_in_another_file_writes_nothing(fixed):
    fixed.report(reports.csv(Line("PAY-1", "10.35", arrived=("8.00", "EUR"))))
    count = Transfer.objects.count()
    fixed.report(reports.camt(Line("PAY-1", "10.35", arrived=("8.00", "EUR"))))

    assert (Transfer.objects.count(), len(arrived())) == (count, 1)


def test_how_it_arrived_may_be_told_later_and_is_committed_to(paid):
    paid.report(reports.camt(Line("PAY-1")))
    paid.report(reports.csv(Line("PAY-1", arrived=("1290.00", "KES"))))

    assert paid.money("PAY-1") == {"received": 10}
    assert arrived() == [(1290, "KES", False)]
    paid.prove()


def test_a_mapped_file_tells_of_an_exchange(paid):
    mapping = {
        "columns": {
            "reference": "id", "amount": "source", "currency": "source ccy", "date": "done",
            "arrived_amount": "target", "arrived_currency": "target ccy",
        }
    }  # fmt: skip
    header = b"id,source,source ccy,done,target,target ccy\n"
    paid.report(header + b"PAY-1,10.00,USD,2026-10-20,1290.00,KES\n", "wise.csv",
                mapping=json.dumps(mapping).encode())  # fmt: skip

    assert paid.money("PAY-1") == {"received": 10}
    assert arrived() == [(1290, "KES", False)]


def test_half_an_exchange_is_a_problem_of_its_row(paid):
    file = paid.report(reports.csv(Line("PAY-1", arrived=("1290.00", ""))))

    assert "what arrived is an amount and its currency" in file.problems[0]["rule"]
    assert paid.money("PAY-1") == {"in_transit": 10}


@pytest.mark.parametrize(
    ("shillings", "received"),
    [
        pytest.param("1290.00", 10_000_000, id="the reference rate: all of it"),
        pytest.param("1161.00", 9_000_000, id="a mark-up of a tenth is at the worker's cost"),
        pytest.param("1419.00", 10_000_000, id="a gain changes no verdict"),
    ],
)
def test_what_arrived_is_worth_the_reference_rate_of_its_day(paid, shillings, received):
    factories.floor()
    factories.reference_rate(
        "KES", "USD", 129, date(2026, 10, 20), recorded_at=datetime(2026, 10, 21, tzinfo=UTC)
    )
    paid.report(reports.camt(Line("PAY-1", arrived=(shillings, "KES"))))

    week = WorkWeek.objects.get()
    assert week.received_micros == received
    (settled,) = paid_across.read([week.engagement_id], "UTC", 2**60)[week.engagement_id]
    assert settled.exchanged.micros == int(shillings[:4]) * 1_000_000


def test_a_rate_that_comes_later_is_counted_then(paid, tmp_path):
    factories.floor()
    paid.report(reports.camt(Line("PAY-1", arrived=("1161.00", "KES"))))
    assert WorkWeek.objects.get().received_micros == 10_000_000

    path = tmp_path / "rates.csv"
    path.write_text("currency,base,day,rate,source\nKES,USD,2026-10-20,129,a-bank\n")
    reference_rates.bring_in(path=path, name=path.name, at=NOW)

    assert WorkWeek.objects.get().received_micros == 9_000_000
    assert not jobs.waiting().exists()


USD, EUR = "USD", "EUR"
AMOUNT = st.integers(1, 10**9)


@given(AMOUNT, AMOUNT, st.lists(st.tuples(AMOUNT, st.integers(0, 10**8)), max_size=5), st.data())
def test_no_report_makes_more_arrive_than_was_sent(sent, payout, told, data):
    paid = Paid(sent, USD, payout=Money(payout, EUR))
    rows = [
        Report(number, "debit", "booked", micros, EUR, date(2026, 10, number + 1), fee)
        for number, (micros, fee) in enumerate(told)
    ]
    verdict = verdicts.judge(paid, rows)
    again = verdicts.judge(paid, data.draw(st.permutations(rows)))

    assert verdict.received_micros >= 0
    assert verdict.fee_micros >= 0
    assert verdict.received_micros + verdict.fee_micros <= sent
    assert (again.received_micros, again.fee_micros, again.exchanged) == (
        verdict.received_micros, verdict.fee_micros, verdict.exchanged,
    )  # fmt: skip
    assert set(verdict.outcomes) == set(range(len(rows)))


@given(AMOUNT, AMOUNT, AMOUNT)
def test_all_of_the_payout_is_all_of_the_payment(sent, payout, booked):
    told = Amounts(Money(booked, USD), (Money(payout, EUR),), 0)

    found = across.converted(told, Money(sent, USD), Money(payout, EUR))

    assert (found.micros, found.arrived) == (sent, Money(payout, EUR))
