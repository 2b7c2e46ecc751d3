"""Any order of files, any repetition, any split of reports over files: the same balances."""

import itertools
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.money import Money
from payouts.models import SettlementFile
from payouts.settlement.verdicts import Paid, Report, judge
from tests.payouts.settlement import reports
from tests.payouts.settlement.bank import Bank
from tests.payouts.settlement.reports import Line

MONDAY_TO_FRIDAY = [f"2026-10-{day}" for day in range(19, 24)]
STATUSES = ["booked", "booked", "booked", "pending", "rejected", "returned"]
names = itertools.count(1)

REPORTS = st.lists(
    st.builds(
        Report,
        id=st.just(0),
        direction=st.sampled_from(["debit", "debit", "credit"]),
        status=st.sampled_from(STATUSES),
        amount_micros=st.sampled_from([None, 30, 50, 70, 95, 100, 120]),
        currency=st.sampled_from(["USD", "USD", "EUR"]),
        on=st.sampled_from([None, *(date(2026, 10, day) for day in (1, 2, 3))]),
        fee_micros=st.sampled_from([0, 5]),
        bank_reference=st.sampled_from(["", "A", "B"]),
        others=st.sampled_from([(), (), (Money(100, "USD"),), (Money(80, "EUR"),)]),
        arrived=st.none(),
        is_untold=st.just(False),
    ),
    max_size=6,
)  # fmt: skip
PAYOUTS = st.sampled_from([None, Money(80, "EUR")])


@given(REPORTS, st.booleans(), PAYOUTS, st.randoms(use_true_random=False))
def test_a_verdict_does_not_depend_on_the_order_of_reports(told, has_arrived, payout, random):
    told = [one._replace(id=number) for number, one in enumerate(told)]
    paid = Paid(100, "USD", has_arrived, 5 if has_arrived else 0, payout)
    first = judge(paid, told)
    random.shuffle(told)
    again = judge(paid, told)

    def money(verdict):
        return (
            verdict.received_micros, verdict.fee_micros, verdict.has_come_back, verdict.on,
            verdict.exchanged,
        )  # fmt: skip

    assert money(first) == money(again)
    assert first.outcomes.keys() == {one.id for one in told}
    assert first.received_micros >= 0
    assert first.received_micros + first.fee_micros <= 100


def test_which_parts_fit_does_not_depend_on_which_came_first():
    """Both orders of two parts that are too much together settle the same one."""
    parts = [
        Report(number, "debit", "booked", micros, "USD", date(2026, 10, 1 + number))
        for number, micros in enumerate((70, 50))
    ]
    paid = Paid(100, "USD")

    assert judge(paid, parts).received_micros == judge(paid, parts[::-1]).received_micros == 70


@given(REPORTS, st.booleans(), PAYOUTS, st.data())
def test_a_report_that_is_told_twice_counts_once(told, has_arrived, payout, data):
    told = [one._replace(id=number) for number, one in enumerate(told)]
    paid = Paid(100, "USD", has_arrived, payout=payout)
    first = judge(paid, told)
    twice = [one._replace(id=100 + one.id) for one in told if data.draw(st.booleans())]
    again = judge(paid, told + twice)

    assert (first.received_micros, first.fee_micros, first.has_come_back) == (
        again.received_micros, again.fee_micros, again.has_come_back,
    )  # fmt: skip


LINES = st.lists(
    st.builds(
        Line,
        reference=st.sampled_from(["PAY-1", "PAY-2", "PAY-3", ""]),
        amount=st.sampled_from(["10.00", "10.00", "4.00", "6.00", "15.00"]),
        day=st.sampled_from(MONDAY_TO_FRIDAY),
        status=st.sampled_from(STATUSES),
        currency=st.sampled_from(["USD", "USD", "USD", "EUR"]),
        fee=st.sampled_from(["", "0.50"]),
        arrived=st.sampled_from([("", ""), ("", ""), ("8.00", "GBP")]),
        account=st.sampled_from(["", "NL46ABNA0499998748"]),
        bank_reference=st.sampled_from(["", "B1", "B2"]),
    ),
    min_size=1,
    max_size=6,
)


def work(bank):
    bank.work(("a1", "w1", "20.00"), ("b1", "w2", "10.00"), ("b2", "w2", "5.00"))
    # Known before any payment: a payee who is known later is tried with the next file.
    bank.payee("w1", "Jan Nowak", "NL46ABNA0499998748")


def pay(bank):
    bank.paid(("PAY-1", "w1", "10.00"), ("PAY-2", "w1", "10.00"), ("PAY-3", "w2", "15.00"))


def story(folder, files, payments_at):
    """Return the balances after these files came in, the payments before file `payments_at`."""
    bank = Bank(folder, f"Vendor {next(names)}")
    work(bank)
    for number, lines in enumerate([*files, None]):
        if number == payments_at:
            pay(bank)
        if lines:
            bank.report(reports.csv(*lines), name=f"{number}.csv")
    bank.prove()
    return bank.balances()


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(LINES, st.data())
def test_any_split_of_reports_over_files_in_any_order_gives_the_same_balances(
    db, tmp_path, settings, lines, data
):
    settings.VAR_DIR = tmp_path
    in_one = story(tmp_path, [lines], 0)
    files = [[] for _ in range(3)]
    for line in data.draw(st.permutations(lines)):
        files[data.draw(st.integers(0, 2))].append(line)
    files.append(data.draw(st.lists(st.sampled_from(lines), unique=True)))  # told once more

    assert story(tmp_path, files, data.draw(st.integers(0, len(files)))) == in_one


def test_a_file_of_each_line_is_as_good_as_one_file(bank):
    bank.work(("a1", "w1", "30.00"))
    bank.paid(*((f"PAY-{n}", "w1", "10.00") for n in range(3)))
    for n in range(3):
        bank.report(reports.camt(Line(f"PAY-{n}"), kind="054"))
    bank.report(reports.camt(*(Line(f"PAY-{n}") for n in range(3))))

    assert [file.counts["known"] for file in SettlementFile.objects.order_by("pk")] == [0, 0, 0, 3]
    assert all(bank.money(f"PAY-{n}") == {"received": 10} for n in range(3))


FIRST = ("PAY-1", "w1", "20.00", {"works": "a1"})
AGAIN = ("PAY-2", "w1", "20.00", {"works": "a1", "sent": "2026-10-21T10:00:00Z"})
THIRD = ("PAY-3", "w1", "20.00", {"works": "a1", "sent": "2026-10-23T10:00:00Z"})


def returned(reference, day):
    return reports.csv(Line(reference, "20.00", day=day, status="returned", reason="AC04"))


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))), ids=str)
def test_a_payment_sent_again_pays_what_came_back_whichever_file_came_first(bank, order):
    bank.work(("a1", "w1", "20.00"))
    comes = (
        lambda: bank.paid(FIRST),
        lambda: bank.paid(AGAIN),
        lambda: bank.report(returned("PAY-1", "2026-10-20")),
    )
    for number in order:
        comes[number]()
    bank.report(reports.csv(Line("PAY-2", "20.00", day="2026-10-22")), name="arrived.csv")

    assert bank.owed("w1") == 0
    assert (bank.money("PAY-1"), bank.money("PAY-2")) == ({}, {"received": 20})
    assert ("w1", "payment", "PAY-2", "advance") not in bank.balances()
    bank.prove()


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))), ids=str)
def test_the_third_of_three_pays_where_two_came_back(bank, order):
    bank.work(("a1", "w1", "20.00"))
    comes = (
        lambda: bank.paid(FIRST, AGAIN, THIRD),
        lambda: bank.report(returned("PAY-1", "2026-10-20")),
        lambda: bank.report(returned("PAY-2", "2026-10-22")),
    )
    for number in order:
        comes[number]()

    assert bank.owed("w1") == 0
    assert bank.money("PAY-3") == {"in_transit": 20}
    bank.prove()


def test_what_was_sent_again_and_is_undone_is_owed_again(bank):
    bank.work(("a1", "w1", "20.00"))
    bank.paid(FIRST)
    again = bank.paid(AGAIN)
    bank.report(returned("PAY-1", "2026-10-20"))
    bank.take_back(again)

    assert bank.owed("w1") == 20
    assert bank.money("PAY-2") == {}
    bank.prove()


def test_money_paid_ahead_for_other_work_does_not_pay_what_came_back(bank):
    bank.work(("a1", "w1", "20.00"))
    bank.paid(FIRST, ("PAY-2", "w1", "20.00", {"works": "b1"}))
    bank.report(returned("PAY-1", "2026-10-20"))

    assert bank.owed("w1") == 20
