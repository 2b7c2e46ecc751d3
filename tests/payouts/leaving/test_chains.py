"""How far statements prove an account's movements: whatever is left out between two breaks it."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from payouts.leaving import chains, knowing
from payouts.leaving.chains import Stated
from payouts.leaving.knowing import Declared

FIRST = date(2026, 10, 1)
MICROS = 1_000_000


def day(number, month=10):
    return date(2026, month, number)


def stated(opened, closed, opening, closing, *more):
    """A statement. more: its number, its flaw, its balances by day."""
    opened_on = FIRST - timedelta(days=1) if opened == 0 else day(opened)
    return Stated(opened_on, day(closed), opening * MICROS, closing * MICROS, *more)


def overlapping(opened, closed, opening, *nets, number=None):
    """A statement that tells its days. nets: (day, by how much that day changes the balance)."""
    ends, balance = [], opening
    for on, net in nets:
        balance += net
        ends.append((day(on), balance * MICROS))
    return stated(opened, closed, opening, balance, number)._replace(day_ends=tuple(ends))


def reach(*statements, first_on=FIRST):
    return chains.of("DE89", "EUR", statements, first_on)


@pytest.mark.parametrize(
    ("statements", "until"),
    [
        pytest.param([(0, 5, 10, 7)], day(5), id="one statement"),
        pytest.param([(5, 9, 7, 3), (0, 5, 10, 7)], day(9), id="a chain, in any order"),
        pytest.param([(0, 5, 10, 7), (6, 9, 7, 3)], day(9), id="the next opens a day later"),
        pytest.param([(0, 5, 10, 7), (7, 9, 7, 3)], day(5), id="a day between is a gap"),
        pytest.param([(0, 5, 10, 7), (5, 9, 6, 3)], day(5), id="another balance is a gap"),
        pytest.param([(0, 5, 10, 7, 1), (8, 9, 7, 3, 2)], day(9), id="numbered as the next one"),
        pytest.param([(0, 5, 10, 7, 1), (5, 9, 7, 3, 3)], day(5), id="a number is left out"),
        pytest.param([(0, 5, 10, 7, 9), (5, 9, 7, 3, 1)], day(9), id="numbers begin again"),
        pytest.param([(0, 5, 10, 7, 1), (5, 9, 7, 3, 1)], day(9), id="pages of one number"),
        pytest.param([(0, 5, 10, 7), (5, 9, 7, 3, None, "is torn")], day(5), id="a flaw breaks it"),
        pytest.param([(1, 5, 10, 7)], None, id="it opens on the first day: its begin or its end?"),
        pytest.param([], None, id="no statement"),
        pytest.param([(0, 5, 10, 10), (5, 5, 10, 10), (5, 9, 10, 8)], day(9), id="twins end"),
    ],
)
def test_how_far_a_chain_reaches(statements, until):
    assert reach(*(stated(*one) for one in statements)).until == until


@pytest.mark.parametrize(
    ("statements", "said"),
    [
        pytest.param(
            [(0, 5, 10, 7, 1), (8, 9, 6, 3, 4)],
            "one ends with 7.00 EUR on 5 Oct 2026, the next begins with 6.00 EUR on 8 Oct 2026 "
            "(numbers 1 and 4)",
            id="which gap",
        ),
        pytest.param(
            [(0, 5, 10, 7), (5, 9, 7, 3, None, "does not agree")],
            "the statement of 9 Oct 2026 does not agree",
            id="which statement",
        ),
        pytest.param(
            [(0, 9, 7, 3, None, "", ((day(4), 5 * MICROS), (day(9), 3 * MICROS))),
             (2, 12, 7, 1, None, "", ((day(5), 5 * MICROS), (day(12), 1 * MICROS)))],
            "from 30 Sep 2026 to 9 Oct 2026 and from 2 Oct 2026 to 12 Oct 2026 overlap and do not "
            "agree: at the end of 4 Oct 2026 one has 5.00 EUR, the other 7.00 EUR",
            id="which day of an overlap",
        ),
        pytest.param([(3, 9, 7, 3)], "no statement covers 1 Oct 2026", id="the beginning"),
        pytest.param(
            [(0, 9, 7, 3, None, "does not agree")], "9 Oct 2026, with which it begins",
            id="a flaw in the first",
        ),
    ],
)  # fmt: skip
def test_the_gap_is_named(statements, said):
    gap = reach(*(stated(*one) for one in statements)).gap

    assert (gap.account, gap.currency) == ("DE89", "EUR")
    assert said in gap.what


@pytest.mark.parametrize(
    ("statements", "until"),
    [
        pytest.param(
            [(0, 10, 10, (3, -1), (7, -2)), (5, 15, 9, (7, -2), (12, 4))], day(15),
            id="they agree on each common day",
        ),
        pytest.param(
            [(0, 10, 10, (3, -1), (7, -2)), (5, 15, 9, (8, -2), (12, 4))], day(10),
            id="one day apart",
        ),
        pytest.param(
            [(0, 10, 10, (3, -1), (7, -2)), (5, 15, 8, (7, -2))], day(10), id="from the first on",
        ),
        pytest.param(
            [(0, 10, 10, (10, -1)), (5, 15, 10, (10, -3))], day(15),
            id="fetched at noon: the last day of one goes on in the other",
        ),
        pytest.param(
            [(0, 10, 10, (3, -1)), (3, 15, 10, (3, -1), (12, 4))], day(15),
            id="the opening is that of its day's begin",
        ),
        pytest.param(
            [(0, 5, 10, (3, -1)), (2, 20, 10, (3, -1), (12, 4)), (8, 12, 9, (12, 4))], day(20),
            id="one within another",
        ),
        pytest.param(
            [(0, 10, 10, (10, -1)), (10, 15, 5, (10, 4))], day(10),
            id="a day of which both tell a part is no overlap",
        ),
    ],
)  # fmt: skip
def test_statements_that_overlap_go_on_where_they_agree(statements, until):
    told = [overlapping(*one) for one in statements]

    assert reach(*told).until == reach(*reversed(told)).until == until


def test_days_that_are_not_known_cannot_agree():
    gap = reach(stated(0, 10, 10, 7), stated(5, 15, 8, 6)).gap

    assert "one does not tell the day of each of its movements" in gap.what


def test_a_statement_sent_again_under_another_number_is_no_gap():
    told = [stated(0, 5, 10, 7, 6), stated(5, 5, 7, 4, 7), stated(5, 5, 7, 4, 8),
            stated(6, 6, 4, 2, 9)]  # fmt: skip

    assert reach(*told).until == day(6)
    assert reach(*(one for one in told if one.number != 8)).until == day(5)


def test_the_same_statement_with_and_without_a_number():
    assert reach(stated(0, 5, 10, 7, 6), stated(0, 5, 10, 7)).until == day(5)


@given(st.data())
def test_a_period_fetched_in_any_overlapping_pieces_is_known_to_its_end(data):
    """Whatever the movements: pieces that overlap make the whole, and one lie in them is seen."""
    nets = data.draw(st.lists(st.integers(-3, 3), min_size=20, max_size=20))

    def piece(first, last):
        inside = [(on, nets[on - 1]) for on in range(first + 1, last + 1) if nets[on - 1]]
        return overlapping(first, last, 100 + sum(nets[:first]), *inside)

    ends = sorted(data.draw(st.sets(st.integers(3, 19), max_size=5)) | {20})
    begins = [0, *(data.draw(st.integers(0, end - 2)) for end in ends[:-1])]
    pieces = [piece(first, last) for first, last in zip(begins, ends, strict=True)]
    assert reach(*data.draw(st.permutations(pieces))).until == day(20)

    *_, last = pieces
    if len(pieces) > 1 and last.opened_on >= FIRST:
        lie = last._replace(opening_micros=last.opening_micros + 1, day_ends=tuple(
            (on, micros + 1) for on, micros in last.day_ends
        ), closing_micros=last.closing_micros + 1)  # fmt: skip
        assert reach(*pieces[:-1], lie).until == pieces[-2].closed_on


@settings(max_examples=200)
@given(st.data())
def test_a_statement_left_out_is_always_seen(data):
    """Whatever the movements, the record ends before the first statement that is missing."""
    nets = data.draw(st.lists(st.integers(-3, 3), min_size=2, max_size=12))
    balance, told = 10, []
    for number, net in enumerate(nets):
        told.append(stated(number * 2, number * 2 + 2, balance, balance + net))
        balance += net
    missing = data.draw(st.integers(0, len(told) - 1))
    left = told[:missing] + told[missing + 1 :]

    assert reach(*data.draw(st.permutations(told))).until == told[-1].closed_on
    assert reach(*data.draw(st.permutations(left))).until == (
        told[missing - 1].closed_on if missing else None
    )


EUR, USD = ("DE89", "EUR"), ("GB82", "USD")
TO_FIVE, TO_NINE = [stated(0, 5, 10, 7)], [stated(0, 5, 10, 7), stated(5, 9, 7, 3)]


def known(declarations, statements, by_word=None, work_before=False):
    return knowing.known(
        by_word=by_word, work_before=work_before, declarations=declarations, statements=statements
    )


def test_every_declared_account_must_be_known():
    both = [Declared(FIRST, (EUR, USD))]

    assert known(both, {EUR: TO_NINE, USD: TO_FIVE}).until == day(5)
    assert known(both, {EUR: TO_NINE}).until is None
    assert [gap.account for gap in known(both, {EUR: TO_NINE}).gaps] == ["GB82"]


def test_pay_from_before_the_declaration_must_be_known_by_word():
    declared = [Declared(FIRST, (EUR,))]

    unknown = known(declared, {EUR: TO_NINE}, work_before=True)
    assert unknown.until is None
    assert "nobody says that all payments before it are known" in unknown.gaps[0].what
    assert known(declared, {EUR: TO_NINE}, by_word=day(30, 9), work_before=True).until == day(9)
    early = known(declared, {EUR: TO_NINE}, by_word=day(29, 9), work_before=True)
    assert (early.until, early.by_statements) == (day(29, 9), False)


def test_statements_go_on_where_a_word_ends_and_never_shorten_it():
    declared = [Declared(FIRST, (EUR,))]

    assert known(declared, {EUR: TO_NINE}, by_word=day(7)).until == day(9)
    assert known(declared, {EUR: TO_NINE}, by_word=day(20)).until == day(20)
    assert known([], {EUR: TO_NINE}, by_word=day(2)).until == day(2)


def test_another_declaration_counts_from_its_day():
    moved = [Declared(FIRST, (EUR,)), Declared(day(6), (USD,))]
    usd_goes_on = [stated(5, 12, 1, 0)]

    assert known(moved, {EUR: TO_FIVE, USD: usd_goes_on}).until == day(12)
    assert known(moved, {EUR: TO_NINE, USD: []}).until == day(5)
    taken_back = [Declared(FIRST, (EUR,)), Declared(day(6), ())]
    assert known(taken_back, {EUR: TO_NINE}).until == day(5)
