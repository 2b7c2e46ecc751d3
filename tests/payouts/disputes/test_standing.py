"""Whose turn it is, what is at stake, and by which moves a vendor pays."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.moves import ACCOUNTS, RULES
from payouts.disputes.standing import CHOICES, is_overdue, outcome, split, stake, turn

DUE = datetime(2026, 11, 17, tzinfo=UTC)
micros = st.integers(0, 10**12)


@dataclass
class Happened:
    answer_due_at: datetime = DUE
    answered_at: datetime | None = None
    escalated_at: datetime | None = None
    closed_at: datetime | None = None


@pytest.mark.parametrize(
    ("happened", "whose"),
    [
        pytest.param(Happened(), "vendor", id="asked"),
        pytest.param(Happened(answered_at=DUE), "worker", id="answered"),
        pytest.param(Happened(escalated_at=DUE), "auditor", id="escalated"),
        pytest.param(Happened(answered_at=DUE, escalated_at=DUE), "auditor", id="answered late"),
        pytest.param(Happened(closed_at=DUE), "", id="closed"),
    ],
)
def test_whose_turn_it_is(happened, whose):
    assert turn(happened) == whose


def test_the_last_day_is_still_in_time():
    assert not is_overdue(Happened(), DUE)
    assert is_overdue(Happened(), DUE + timedelta(milliseconds=1))
    assert not is_overdue(Happened(answered_at=DUE), DUE + timedelta(days=1))


@given(
    st.integers(1, 10**13), micros, micros, st.dictionaries(st.integers(1, 9), micros, max_size=3)
)
def test_what_is_paid_adds_up_and_takes_no_more_than_there_is(amount, refused, withheld, held):
    parts = split(amount, {"refused": refused, "withheld": withheld, "payable": 9}, held)
    taken = Counter()
    for part in parts:
        taken[RULES[part.move].source, part.withholding] += part.micros

    assert taken.total() == amount
    assert all(part.micros > 0 for part in parts)
    assert taken["refused", None] <= refused
    assert taken["withheld", None] <= withheld
    assert all(taken["withheld", decision] <= there for decision, there in held.items())
    there = refused + withheld + sum(held.values())
    assert taken["vendor", None] == max(0, amount - there)
    assert all(RULES[part.move].target == "payable" for part in parts)


def test_nothing_is_no_payment():
    with pytest.raises(ValueError, match="above 0"):
        split(0, {}, {})


@given(st.sampled_from(CHOICES), st.dictionaries(st.sampled_from(ACCOUNTS), micros))
def test_what_arrived_is_never_at_stake(choice, at_micros):
    known = stake(choice, at_micros)

    assert known is None or known <= sum(at_micros.values()) - at_micros.get("received", 0)


@given(micros, st.none() | micros)
def test_only_all_that_was_asked_for_closes_a_question(paid, asked):
    assert (outcome(paid, asked) == "paid") == (asked is not None and asked > 0 and paid >= asked)
