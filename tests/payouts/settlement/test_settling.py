"""What a report does to a payment: it arrives, loses a fee, is rejected, comes back."""

import pytest

from ledger.models import Transfer
from payouts.models import SettlementEntry, SettlementOutcome
from tests.payouts.settlement import reports
from tests.payouts.settlement.reports import Line

FORMS = [
    pytest.param(reports.csv, id="canonical CSV"),
    pytest.param(reports.camt, id="camt.053 version 8"),
    pytest.param(lambda *lines: reports.camt(*lines, version="02"), id="camt.053 version 2"),
    pytest.param(lambda *lines: reports.camt(*lines, kind="054"), id="camt.054"),
]


@pytest.fixture
def paid(bank):
    """Two works of one worker, paid by one payment."""
    bank.work(("a1", "w1", "6.00"), ("a2", "w1", "4.00"))
    bank.paid(("PAY-1", "w1", "10.00"))
    return bank


@pytest.mark.parametrize("form", FORMS)
def test_a_booked_debit_settles_its_payment(paid, form):
    file = paid.report(form(Line("PAY-1")))

    assert file.state == "done"
    assert file.problems == []
    assert paid.money("PAY-1") == {"received": 10}
    assert paid.outcomes() == [("PAY-1", 10, "settled")]
    paid.prove()


@pytest.mark.parametrize("form", FORMS)
def test_a_fee_at_the_workers_cost_is_not_received(paid, form):
    paid.report(form(Line("PAY-1", fee="0.50")))

    assert paid.money("PAY-1") == {"received": 9.5, "fees": 0.5}


@pytest.mark.parametrize("form", FORMS)
def test_a_returned_payment_is_owed_again_at_once(paid, form):
    paid.report(form(Line("PAY-1")))
    assert paid.owed("w1") == 0

    paid.report(form(Line("PAY-1", day="2026-10-23", status="returned", reason="AC04")))

    assert paid.money("PAY-1") == {}
    assert paid.owed("w1") == 10
    assert paid.outcomes()[1] == ("PAY-1", 10, "returned")
    reversals = Transfer.objects.filter(move="reverse")
    assert {one.reason for one in reversals} == {"the bank says: returned (AC04)"}
    assert {one.reverses.move for one in reversals} == {"settle", "pay"}
    paid.prove()


def test_a_rejected_payment_never_left_and_is_owed_again(paid):
    paid.report(reports.pain002(Line("PAY-1", status="rejected", reason="AC01")))

    assert paid.money("PAY-1") == {}
    assert paid.owed("w1") == 10
    assert paid.reasons() == ["rejected (AC01)"]


def test_a_status_that_is_not_final_moves_nothing(paid):
    paid.report(reports.pain002(Line("PAY-1", status="pending")))
    paid.report(reports.camt(Line("PAY-1", status="pending")))

    assert paid.money("PAY-1") == {"in_transit": 10}
    assert {outcome for *_, outcome in paid.outcomes()} == {"waiting"}


def test_the_same_file_again_adds_nothing(paid):
    content = reports.camt(Line("PAY-1", fee="0.50"))
    first = paid.report(content)
    count = Transfer.objects.count()

    assert paid.report(content) == first
    assert Transfer.objects.count() == count
    assert SettlementEntry.objects.count() == 1


def test_an_entry_of_two_overlapping_files_counts_once(paid):
    line = Line("PAY-1")
    paid.report(reports.camt(line, kind="054"))
    later = paid.report(reports.camt(line, Line("OTHER", "3.00")))

    assert later.counts["known"] == 1
    assert SettlementEntry.objects.count() == 2
    assert paid.money("PAY-1") == {"received": 10}


def test_two_banks_that_say_the_same_count_once(paid):
    paid.report(reports.camt(Line("PAY-1")))
    paid.report(reports.csv(Line("PAY-1", day="2026-10-22", bank_reference="B2")))

    assert paid.money("PAY-1") == {"received": 10}
    assert sorted(outcome for *_, outcome in paid.outcomes()) == ["repeat", "settled"]


def test_a_part_settles_a_part_and_the_rest_stays_on_its_way(paid):
    paid.report(reports.camt(Line("PAY-1", "7.00")))

    assert paid.money("PAY-1") == {"received": 7, "in_transit": 3}
    assert paid.reasons() == [
        "less than was sent: 3.00 are not accounted for and stay on their way"
    ]

    paid.report(reports.camt(Line("PAY-1", "3.00", day="2026-10-24")))

    assert paid.money("PAY-1") == {"received": 10}
    assert paid.reasons() == ["", ""]


def test_a_net_amount_and_its_fee_make_the_whole(paid):
    paid.report(reports.csv(Line("PAY-1", "9.60", fee="0.40")))

    assert paid.money("PAY-1") == {"received": 9.6, "fees": 0.4}


def test_more_than_was_sent_is_a_conflict_and_moves_nothing(paid):
    paid.report(reports.camt(Line("PAY-1", "12.00")))

    assert paid.money("PAY-1") == {"in_transit": 10}
    assert paid.outcomes() == [("PAY-1", 12, "conflict")]


def test_another_currency_is_shown_and_not_posted(paid):
    paid.report(reports.camt(Line("PAY-1", "9.10", currency="EUR")))

    assert paid.money("PAY-1") == {"in_transit": 10}
    assert paid.outcomes() == [("PAY-1", 9.1, "currency")]


def test_an_amount_that_the_bank_converted_counts_as_it_was_instructed(paid):
    instructed = b'<AmtDtls><InstdAmt><Amt Ccy="USD">10.00</Amt></InstdAmt>'
    content = reports.camt(Line("PAY-1", "9.10", currency="EUR"))
    paid.report(content.replace(b"<AmtDtls>", instructed))

    assert paid.money("PAY-1") == {"received": 10}


def test_a_return_that_kept_a_fee_is_a_return_of_all(paid):
    """The worker has nothing of it: the difference is the vendor's."""
    paid.report(reports.camt(Line("PAY-1")))
    paid.report(reports.camt(Line("PAY-1", "9.00", day="2026-10-22", status="returned")))

    assert paid.owed("w1") == 10
    assert "1.00 of it were kept" in paid.reasons()[1]


def test_a_part_that_came_back_of_parts_that_went_out_is_that_part(paid):
    paid.report(reports.camt(Line("PAY-1", "4.00", day="2026-10-20")))
    paid.report(reports.camt(Line("PAY-1", "6.00", day="2026-10-21")))
    paid.report(reports.camt(Line("PAY-1", "4.00", day="2026-10-22", status="returned")))

    assert paid.owed("w1") == 0
    assert paid.money("PAY-1") == {"received": 6, "in_transit": 4}


def test_a_part_that_came_back_before_any_debit_is_told_stays_owed_as_all_of_it(paid):
    """Nothing said that the rest arrived, and what came back is not taken from the worker again."""
    paid.report(reports.camt(Line("PAY-1", "4.00", day="2026-10-22", status="returned")))
    assert paid.owed("w1") == 10

    paid.report(reports.camt(Line("PAY-1", "4.00", day="2026-10-20")))
    paid.report(reports.camt(Line("PAY-1", "6.00", day="2026-10-21")))
    assert paid.owed("w1") == 10


def test_a_return_less_a_fee_is_one_of_all_before_its_debit_is_told_and_after(paid):
    paid.report(reports.camt(Line("PAY-1", "9.00", day="2026-10-22", status="returned")))
    assert (paid.owed("w1"), paid.money("PAY-1")) == (10, {})
    assert "1.00 of it were kept" in paid.reasons()[0]

    paid.report(reports.camt(Line("PAY-1")))
    assert (paid.owed("w1"), paid.money("PAY-1")) == (10, {})


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(Line("PAY-1", "9.00", fee="1.00", status="returned"), id="its fee is told"),
        pytest.param(Line("PAY-1", "10.00", status="returned"), id="nothing was kept"),
    ],
)
def test_a_return_of_all_needs_no_debit(paid, line):
    paid.report(reports.csv(line))

    assert (paid.owed("w1"), paid.money("PAY-1")) == (10, {})


def test_what_the_record_says_arrived_went_out_whole(paid):
    paid.paid(("PAY-1", "w1", "10.00", {"arrived": "2026-10-20T10:00:00Z"}))
    paid.report(reports.csv(Line("PAY-1", "9.00", day="2026-10-22", status="returned")))

    assert (paid.owed("w1"), paid.money("PAY-1")) == (10, {})


def test_a_part_that_comes_back_counts_as_on_its_way(paid):
    paid.report(reports.csv(Line("PAY-1", "10.00")))
    credit = b",4.00,USD,booked,2026-10-22,,credit,"
    content = reports.csv(Line("PAY-1", "4.00", day="2026-10-22"))
    paid.report(content.replace(b",4.00,USD,booked,2026-10-22,,,", credit))

    assert paid.money("PAY-1") == {"received": 6, "in_transit": 4}
    assert Transfer.objects.filter(move="recall").count() == 1


def test_a_late_fee_is_taken_from_what_was_received(paid):
    paid.report(reports.camt(Line("PAY-1")))
    paid.report(reports.csv(Line("PAY-1", day="2026-10-25", fee="0.30", bank_reference="X")))

    assert paid.money("PAY-1") == {"received": 9.7, "fees": 0.3}
    assert Transfer.objects.filter(move="late_fee").count() == 1


def test_the_retry_of_a_returned_payment_pays_what_is_owed_again(paid):
    paid.report(reports.camt(Line("PAY-1", status="returned")))
    paid.paid(("PAY-2", "w1", "10.00"))
    paid.report(reports.camt(Line("PAY-2", day="2026-10-28")))

    assert paid.owed("w1") == 0
    assert paid.money("PAY-2") == {"received": 10}
    paid.prove()


def test_money_paid_ahead_comes_back_too(paid):
    """What it had met of work that came later is owed again as well."""
    paid.paid(("AHEAD", "w2", "5.00"))
    paid.work(("b1", "w2", "3.00"))
    assert paid.owed("w2") == 0

    paid.report(reports.camt(Line("AHEAD", "5.00", status="returned")))

    assert paid.money("AHEAD") == {}
    assert paid.owed("w2") == 3
    assert not any(account == "advance" for *_, account in paid.balances())
    paid.prove()


def test_an_entry_of_nothing_settles_nothing(paid):
    paid.report(reports.csv(Line("PAY-1", "0.00")))

    assert paid.outcomes() == [("PAY-1", 0, "waiting")]
    assert paid.money("PAY-1") == {"in_transit": 10}


def test_two_bookings_of_one_statement_are_two_payments(paid):
    twice = (Line("PAY-1", bank_reference="B-3"), Line("PAY-1", bank_reference="B-4"))
    paid.report(reports.camt(*twice))

    assert [outcome for *_, outcome in paid.outcomes()] == ["settled", "conflict"]
    assert "it was paid twice" in paid.reasons()[1]
    assert paid.money("PAY-1") == {"received": 10}


def test_what_was_booked_and_is_rejected_shows_that_both_cannot_be(paid):
    paid.report(reports.camt(Line("PAY-1", day="2026-10-20")))
    paid.report(reports.pain002(Line("PAY-1", day="2026-10-21", status="rejected")))

    assert [outcome for *_, outcome in paid.outcomes()] == ["conflict", "rejected"]
    assert "another report says that it was rejected" in paid.reasons()[0]
    assert paid.owed("w1") == 10


def test_what_arrived_in_part_and_came_back_is_not_said_to_be_on_its_way(paid):
    paid.report(reports.camt(Line("PAY-1", "4.00", day="2026-10-20")))
    paid.report(reports.camt(Line("PAY-1", "10.00", day="2026-10-21", status="returned")))

    assert paid.reasons()[0] == "all of it came back since"
    assert paid.owed("w1") == 10


def test_what_came_back_for_work_that_is_no_longer_owed_is_not_owed(bank):
    imported = bank.work(("a1", "w1", "6.00"))
    bank.paid(("PAY-1", "w1", "6.00"))
    bank.take_back(imported)
    assert bank.owed("w1") == 0

    bank.report(reports.camt(Line("PAY-1", "6.00", status="returned")))

    assert bank.owed("w1") == 0
    assert bank.money("PAY-1") == {}
    bank.prove()


def test_a_report_waits_until_its_payment_is_known(bank):
    bank.work(("a1", "w1", "10.00"))
    bank.report(reports.camt(Line("PAY-1")))
    assert bank.outcomes() == [("PAY-1", 10, "unmatched")]
    assert "no payment has the reference PAY-1" in bank.reasons()[0]

    bank.paid(("PAY-1", "w1", "10.00"))

    assert bank.outcomes() == [("PAY-1", 10, "settled")]
    assert bank.money("PAY-1") == {"received": 10}


def test_payments_that_are_taken_back_leave_their_reports_waiting(bank):
    bank.work(("a1", "w1", "10.00"))
    imported = bank.paid(("PAY-1", "w1", "10.00"))
    bank.report(reports.camt(Line("PAY-1", fee="1.00")))
    bank.take_back(imported)

    assert bank.owed("w1") == 10
    assert bank.outcomes() == [("PAY-1", 10, "unmatched")]

    bank.paid(("PAY-1", "w1", "10.00"))

    assert bank.outcomes() == [("PAY-1", 10, "settled")]
    assert bank.money("PAY-1")["fees"] == 1
    bank.prove()


def test_what_a_remittance_record_says_and_what_the_bank_says_go_together(paid):
    arrived = {"arrived": "2026-10-20T10:00:00Z", "fee": "0.20"}
    later = paid.paid(("PAY-1", "w1", "10.00", arrived))
    paid.report(reports.camt(Line("PAY-1", fee="0.50")))
    assert paid.money("PAY-1") == {"received": 9.5, "fees": 0.5}

    paid.take_back(later)

    assert paid.money("PAY-1") == {"received": 9.5, "fees": 0.5}
    paid.prove()


def test_incoming_money_of_customers_is_not_about_pay(paid):
    content = reports.csv(Line("INVOICE-7", "500.00"))
    file = paid.report(content.replace(b"booked,2026-10-20,,,", b"booked,2026-10-20,,credit,"))

    assert file.problems == []
    assert paid.outcomes() == [("INVOICE-7", 500, "ignored")]


def test_two_payments_with_one_reference_are_told_apart_by_amount_or_not_at_all(bank):
    bank.work(("a1", "w1", "10.00"), ("b1", "w2", "10.00"), ("c1", "w3", "7.00"))
    bank.paid(("OCT", "w1", "10.00"), ("OCT", "w2", "10.00"), ("OCT", "w3", "7.00"))
    bank.report(reports.camt(Line("OCT", "7.00"), Line("OCT", "10.00")))

    assert bank.outcomes() == [("OCT", 7, "settled"), ("OCT", 10, "unmatched")]
    assert bank.reasons()[1] == "2 payments have the reference OCT"


def test_a_payment_sent_again_under_its_old_reference_is_a_conflict(paid):
    paid.report(reports.camt(Line("PAY-1", day="2026-10-20", status="returned")))
    paid.report(reports.camt(Line("PAY-1", day="2026-10-27")))

    assert paid.owed("w1") == 10
    assert paid.outcomes()[1] == ("PAY-1", 10, "conflict")


def test_who_was_paid_lies_apart_and_may_be_erased(paid):
    paid.report(reports.camt(Line("PAY-1", name="Jan Nowak", account="NL46ABNA0499998748")))
    entry = SettlementEntry.objects.get()
    assert (entry.party.name, entry.party.account) == ("Jan Nowak", "NL46ABNA0499998748")

    entry.party.delete()

    assert SettlementOutcome.objects.get().outcome == "settled"
