"""Which payment an entry is: by reference, else by amount, day and recipient; never a guess."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payouts.settlement import values
from payouts.settlement.matching import Match, Sent, Told, by_amount, by_reference
from tests.payouts.settlement import reports
from tests.payouts.settlement.reports import Line

MONDAY = date(2026, 10, 19)
JAN = values.name_words("Jan Nowak")
IBAN, OTHER = "NL46ABNA0499998748", "NL69ABNA0522123643"


def sent(pk=1, reference="PAY-1", amount=10, on=MONDAY, name=JAN, account=IBAN, currency="USD"):
    accounts = frozenset({account} if account else ())
    return Sent(pk, reference, currency, amount, on, name, accounts)


def told(pk=1, amount=10, on=MONDAY, name=JAN, account="", **more):
    fields = {"direction": "debit", "status": "booked", "currency": "USD", **more}
    return Told(
        id=pk, amount_micros=amount, on=on, name_words=name,
        account=account, **fields,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("entry", "by"),
    [
        pytest.param(told(account=IBAN, name=()), "account", id="its account"),
        pytest.param(told(), "name", id="its name, where the entry has no account"),
        pytest.param(told(on=MONDAY + timedelta(10)), "name", id="ten days after it was sent"),
        pytest.param(told(on=MONDAY - timedelta(2)), "name", id="two days before"),
        pytest.param(told(amount=9, fee_micros=1), "name", id="net of a fee"),
        pytest.param(told(name=values.name_words("NOWAK, Ján")), "name", id="the name as banks do"),
        pytest.param(told(on=MONDAY + timedelta(11)), "", id="eleven days after"),
        pytest.param(told(on=None), "", id="no day"),
        pytest.param(told(amount=11), "", id="another amount"),
        pytest.param(told(currency="EUR"), "", id="another currency"),
        pytest.param(told(name=()), "", id="nobody named"),
        pytest.param(told(name=("jan",)), "", id="a first name alone"),
        pytest.param(told(account=OTHER), "", id="another account under the same name"),
        pytest.param(told(direction="credit"), "", id="money that came in"),
        pytest.param(told(status="pending"), "", id="not booked"),
        pytest.param(told(status="returned"), "", id="a return needs a reference"),
    ],
)
def test_without_a_reference_amount_day_and_recipient_must_fit(entry, by):
    match = by_amount([entry], [sent()])[1]

    assert match.by == by
    assert match.payment_id == (1 if by else None)
    assert bool(match.reason) != bool(by)


def test_two_payments_that_fit_are_no_match():
    match = by_amount([told()], [sent(1), sent(2, "PAY-2")])[1]

    assert match == Match(None, reason="2 payments fit by amount, day and recipient")


def test_an_account_tells_two_payments_of_one_name_apart():
    payments = [sent(1, account=""), sent(2, account=IBAN)]

    assert by_amount([told(account=IBAN)], payments)[1] == Match(2, "account")


def test_two_entries_of_different_days_for_one_payment_are_no_match():
    found = by_amount([told(1), told(2, on=MONDAY + timedelta(1))], [sent()])

    assert {match.payment_id for match in found.values()} == {None}


def test_two_entries_of_one_day_for_one_payment_are_one_match():
    found = by_amount([told(1), told(2)], [sent()])

    assert [found[1].payment_id, found[2].payment_id] == [1, None]


def test_the_reference_goes_before_everything():
    entry = told(amount=3, currency="EUR", name=(), end_to_end_id="PAY-1")

    assert by_reference(entry, [sent()]) == Match(1, "reference")
    assert by_reference(told(end_to_end_id="X"), [sent()]) is None


@pytest.mark.parametrize(
    ("entry", "is_found"),
    [
        pytest.param(told(name=()), True, id="its amount"),
        pytest.param(told(amount=9, fee_micros=1, name=()), True, id="its amount less a fee"),
        pytest.param(
            told(amount=9, currency="EUR", elsewhere=((10, "USD"),), name=()), True,
            id="its amount, exchanged",
        ),
        pytest.param(told(amount=3), True, id="its recipient's name"),
        pytest.param(told(amount=3, account=IBAN, name=()), True, id="its recipient's account"),
        pytest.param(told(amount=None, name=()), True, id="an answer that names nothing else"),
        pytest.param(told(amount=3, name=()), False, id="another amount"),
        pytest.param(told(currency="EUR", name=()), False, id="another currency"),
        pytest.param(told(amount=3, account=OTHER), False, id="another amount and account"),
        pytest.param(told(amount=None, name=("obi", "ada")), False, id="another name"),
    ],
)  # fmt: skip
def test_a_code_of_the_bank_is_a_reference_only_where_more_speaks_for_it(entry, is_found):
    """Banks write "X", "N" or a teller's number where a payer's reference belongs."""
    entry = entry._replace(other_references=("01916", "PAY-1"))

    assert (by_reference(entry, [sent()]) is not None) == is_found


def test_an_end_to_end_id_goes_before_other_references():
    entry = told(end_to_end_id="PAY-1", other_references=("PAY-2",))

    assert by_reference(entry, [sent(2, "PAY-2"), sent(1)]) == Match(1, "reference")


def test_one_reference_for_several_is_told_apart_by_amount_then_by_recipient():
    payments = [sent(1), sent(2, account=OTHER), sent(3, amount=7)]

    assert by_reference(told(end_to_end_id="PAY-1", amount=7), payments).payment_id == 3
    assert by_reference(told(end_to_end_id="PAY-1", account=OTHER), payments).payment_id == 2
    assert by_reference(told(end_to_end_id="PAY-1", name=()), payments).payment_id is None


DAYS = st.integers(0, 14).map(lambda days: MONDAY + timedelta(days))
NAMES = st.sampled_from([JAN, values.name_words("Ada Obi"), ()])
SENT = st.lists(st.tuples(st.integers(1, 3), DAYS, NAMES, st.sampled_from(["", IBAN, OTHER])))
TOLD = st.lists(st.tuples(st.integers(1, 3), DAYS, NAMES, st.sampled_from(["", IBAN, OTHER])))


@given(SENT, TOLD, st.randoms(use_true_random=False))
def test_the_order_of_entries_and_payments_does_not_matter(payments, entries, random):
    payments = [sent(pk, f"P{pk}", *one) for pk, one in enumerate(payments)]
    entries = [told(pk, *one) for pk, one in enumerate(entries)]
    first = by_amount(entries, payments)
    random.shuffle(entries)
    random.shuffle(payments)
    again = by_amount(entries, payments)

    taken = [match.payment_id for match in first.values() if match.payment_id is not None]
    assert len(taken) == len(set(taken)), "one payment, one entry"
    assert first.keys() == again.keys() == {entry.id for entry in entries}
    assert {m.payment_id for m in first.values()} == {m.payment_id for m in again.values()}


def test_a_name_and_an_account_come_from_the_payee(bank):
    bank.work(("a1", "w1", "10.00"), ("b1", "w2", "10.00"))
    bank.paid(("PAY-1", "w1", "10.00"), ("PAY-2", "w2", "10.00"))
    bank.payee("w1", "Jan Nowak", "NL46 ABNA 0499 9987 48")
    bank.payee("w2", "Ada Obi", "NL69 ABNA 0522 1236 43")
    bank.report(reports.camt(Line("", name="J. Nowak", account=IBAN), Line("", name="Obi Ada")))

    assert bank.money("PAY-1") == bank.money("PAY-2") == {"received": 10}
    assert sorted(bank.matches()) == [("account", 95), ("name", 80)]


def test_a_match_that_a_later_payment_makes_doubtful_is_taken_back(bank):
    """Whichever came first, payment or report, the end is the same."""
    bank.work(("a1", "w1", "30.00"))
    bank.paid(("PAY-1", "w1", "10.00"))
    bank.payee("w1", "Jan Nowak", IBAN)
    bank.report(reports.camt(Line("", account=IBAN, fee="1.00")))
    assert bank.money("PAY-1") == {"received": 9, "fees": 1}

    bank.paid(("PAY-2", "w1", "10.00"))

    assert bank.money("PAY-1") == bank.money("PAY-2") == {"in_transit": 10}
    assert bank.reasons() == ["2 payments fit by amount, day and recipient"]
    bank.prove()


def test_what_a_reference_takes_leaves_the_other_payment_to_the_name(bank):
    bank.work(("a1", "w1", "30.00"))
    bank.paid(("PAY-1", "w1", "10.00"), ("PAY-2", "w1", "10.00"))
    bank.payee("w1", "Jan Nowak", IBAN)
    bank.report(reports.camt(Line("", account=IBAN)))
    assert bank.money("PAY-1") == {"in_transit": 10}

    bank.report(reports.camt(Line("PAY-1", account=IBAN, day="2026-10-21")))

    assert bank.money("PAY-1") == bank.money("PAY-2") == {"received": 10}
