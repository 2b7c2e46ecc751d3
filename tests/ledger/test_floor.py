"""The floor: three answers, bounds in the worker's favour, and no place for a region."""

import inspect
from dataclasses import fields, replace
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ledger import floor
from ledger.floor import (
    ASKED_FOR,
    CERTIFIED,
    KINDS_COUNTED,
    MS_PER_HOUR,
    Bounds,
    Evidence,
    Verdict,
    received_verdict,
    shortfall,
    shortfall_bounds,
    verdict,
)
from ledger.money import CurrencyMismatch, Money

FLOOR = 15_000_000
HOUR = MS_PER_HOUR
RANK = {Verdict.FAIL: 0, Verdict.CONTESTED: 1, Verdict.NO_EVIDENCE: 1, Verdict.PASS: 2}

MS = st.one_of(st.integers(0, 8), st.integers(0, 169 * HOUR))
PAY = st.one_of(st.integers(-3, 40), st.integers(-(10**9), 10**10))
FLOORS = st.one_of(st.integers(1, 5 * HOUR), st.just(FLOOR))
ROWS = st.sampled_from([0, 0, 0, 1, 7])
EVIDENCE = st.builds(
    lambda a, b, pay, untimed, unpriced: Evidence(
        min(a, b), max(a, b), min(a, b), pay, untimed, unpriced
    ),
    *(MS, MS, PAY, ROWS, ROWS),
)


def week(
    low: float, high: float, pay: float, *, untimed: int = 0, unpriced: int = 0, measured: float = 0
) -> Evidence:
    """Return a week with hours in hours and pay in whole units."""
    hours = (int(low * HOUR), int(high * HOUR), int(measured * HOUR))
    return Evidence(*hours, int(pay * 1_000_000), untimed, unpriced)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        pytest.param(week(10, 10, 150), "pass", id="exactly the floor is a pass"),
        pytest.param(week(10, 10, 151), "pass", id="above the floor is a pass"),
        pytest.param(week(10, 10, 149.999999), "fail", id="one micro under is a fail"),
        pytest.param(week(8, 10, 150), "pass", id="the longest time decides a pass"),
        pytest.param(week(8, 10, 149), "contested", id="between the bounds is contested"),
        pytest.param(week(8, 10, 120), "contested", id="the shortest time reaches the floor"),
        pytest.param(week(8, 10, 119.999999), "fail", id="not even over the shortest time"),
        pytest.param(week(8, 10, 0), "fail", id="hours without pay stay in and fail"),
        pytest.param(week(0, 0, 0), "no_evidence", id="neither time nor pay"),
        pytest.param(week(0, 10, 0), "contested", id="no lower bound, no fail"),
        pytest.param(week(0, 10, 150), "pass", id="no lower bound, but the longest time is paid"),
        pytest.param(
            week(10, 10, 500, untimed=1), "contested", id="a row without time bars a pass"
        ),
        pytest.param(week(10, 10, 5, untimed=1), "fail", id="a row without time excuses no fail"),
        pytest.param(week(0, 0, 500, untimed=1), "contested", id="pay and untimed rows only"),
        pytest.param(week(0, 0, 0, untimed=1), "contested", id="untimed work without pay"),
        pytest.param(week(10, 10, 500, unpriced=1), "contested", id="unknown pay bars a pass"),
        pytest.param(week(10, 10, 5, unpriced=1), "contested", id="unknown pay bars a fail"),
        pytest.param(week(0, 0, 0, unpriced=1), "contested", id="unknown pay is evidence of work"),
        pytest.param(week(0, 0, 20), "contested", id="pay without any time has no hourly rate"),
        pytest.param(week(1, 1, -5), "fail", id="a worker who paid to work"),
    ],
)
def test_verdict(facts: Evidence, expected: str) -> None:
    assert verdict(facts, FLOOR) == Verdict(expected)


@given(EVIDENCE, FLOORS)
def test_the_verdict_is_that_of_exact_fractions(facts: Evidence, floor_hourly: int) -> None:
    low, high = (Fraction(ms * floor_hourly, HOUR) for ms in (facts.low_ms, facts.high_ms))

    answer = verdict(facts, floor_hourly)

    if answer is Verdict.PASS:
        assert facts.pay_micros >= high > 0
        assert facts.untimed == facts.unpriced == 0
    elif answer is Verdict.FAIL:
        assert facts.pay_micros < low
        assert facts.unpriced == 0
    elif answer is Verdict.NO_EVIDENCE:
        assert facts == Evidence(0, 0, 0, 0)
    else:
        fails = facts.pay_micros < low and not facts.unpriced
        passes = facts.pay_micros >= high > 0 and not (facts.untimed or facts.unpriced)
        assert answer is Verdict.CONTESTED
        assert not fails
        assert not passes


@given(EVIDENCE, FLOORS, st.integers(1, 10**10))
def test_more_pay_never_makes_it_worse(facts: Evidence, floor_hourly: int, more: int) -> None:
    better = replace(facts, pay_micros=facts.pay_micros + more)

    assert RANK[verdict(better, floor_hourly)] >= RANK[verdict(facts, floor_hourly)]
    assert shortfall_bounds(better, floor_hourly) <= shortfall_bounds(facts, floor_hourly)


@given(EVIDENCE, FLOORS, st.integers(1, 10 * HOUR))
def test_more_time_never_makes_it_better(facts: Evidence, floor_hourly: int, more: int) -> None:
    assume(facts.high_ms > 0)  # of pay without any time nothing can be said before there is time
    longer = replace(facts, high_ms=facts.high_ms + more)
    surely_longer = replace(longer, low_ms=facts.low_ms + more)

    answers = [RANK[verdict(e, floor_hourly)] for e in (surely_longer, longer, facts)]

    assert answers == sorted(answers)
    assert shortfall_bounds(longer, floor_hourly) >= shortfall_bounds(facts, floor_hourly)


@given(EVIDENCE, FLOORS, st.integers(1, 10**7))
def test_a_higher_floor_never_makes_it_better(facts: Evidence, floor_hourly: int, up: int) -> None:
    assert RANK[verdict(facts, floor_hourly + up)] <= RANK[verdict(facts, floor_hourly)]


@given(EVIDENCE, FLOORS, st.sampled_from(["untimed", "unpriced"]))
def test_a_gap_in_the_record_never_makes_a_pass(
    facts: Evidence, floor_hourly: int, gap: str
) -> None:
    assert verdict(replace(facts, **{gap: 1}), floor_hourly) is not Verdict.PASS


@given(EVIDENCE, FLOORS, MS)
def test_how_much_was_measured_is_printed_but_decides_nothing(
    facts: Evidence, floor_hourly: int, measured_ms: int
) -> None:
    other = replace(facts, measured_ms=measured_ms)

    assert verdict(other, floor_hourly) is verdict(facts, floor_hourly)


@given(EVIDENCE, FLOORS)
def test_the_shortfall_agrees_with_the_verdict(facts: Evidence, floor_hourly: int) -> None:
    low, high = shortfall_bounds(facts, floor_hourly)

    assert 0 <= low <= high
    if verdict(facts, floor_hourly) is Verdict.PASS:
        assert (low, high) == (0, 0)
    if verdict(facts, floor_hourly) is Verdict.FAIL:
        assert low > 0


@given(EVIDENCE, FLOORS)
def test_a_paid_shortfall_makes_the_hours_pass(facts: Evidence, floor_hourly: int) -> None:
    assume(facts.high_ms > 0 and not facts.untimed and not facts.unpriced)
    missing = shortfall_bounds(facts, floor_hourly).high_micros

    paid = replace(facts, pay_micros=facts.pay_micros + missing)

    assert verdict(paid, floor_hourly) is Verdict.PASS
    if missing:
        one_micro_less = replace(paid, pay_micros=paid.pay_micros - 1)
        assert verdict(one_micro_less, floor_hourly) is not Verdict.PASS


@given(EVIDENCE, FLOORS)
def test_both_ways_to_ask_for_the_shortfall_agree(facts: Evidence, floor_hourly: int) -> None:
    claimed = shortfall(
        worked_ms=facts.high_ms,
        earned=Money(facts.pay_micros, "USD"),
        floor_per_hour=Money(floor_hourly, "USD"),
    )

    assert claimed.micros == shortfall_bounds(facts, floor_hourly).high_micros


@pytest.mark.parametrize(
    ("worked_ms", "earned_micros", "missing_micros"),
    [
        pytest.param(HOUR, 15_000_000, 0, id="at the floor, nothing is missing"),
        pytest.param(HOUR, 14_999_999, 1, id="one micro under, one micro is missing"),
        pytest.param(HOUR, 20_000_000, 0, id="above the floor, nothing is taken back"),
        pytest.param(1, 0, 5, id="a fraction of a micro goes up, to the worker"),
        pytest.param(HOUR, -1_000_000, 16_000_000, id="what the worker paid in is missing too"),
        pytest.param(0, 0, 0, id="no time, no floor"),
    ],
)
def test_shortfall(worked_ms: int, earned_micros: int, missing_micros: int) -> None:
    facts = Evidence(0, worked_ms, 0, earned_micros)
    missing = shortfall(
        worked_ms=worked_ms,
        earned=Money(earned_micros, "USD"),
        floor_per_hour=Money(FLOOR, "USD"),
    )

    assert missing == Money(missing_micros, "USD")
    assert shortfall_bounds(facts, FLOOR).high_micros == missing_micros


def test_the_shortfall_has_two_bounds_where_the_hours_have() -> None:
    assert shortfall_bounds(week(8, 10, 100), FLOOR) == Bounds(20_000_000, 50_000_000)


def test_a_shortfall_is_not_worked_out_over_two_currencies() -> None:
    with pytest.raises(CurrencyMismatch):
        shortfall(worked_ms=1, earned=Money(1, "KES"), floor_per_hour=Money(FLOOR, "USD"))


def test_negative_time_has_no_shortfall() -> None:
    with pytest.raises(ValueError, match="worked_ms must be 0 or more, got -1"):
        shortfall(worked_ms=-1, earned=Money(0, "USD"), floor_per_hour=Money(FLOOR, "USD"))


@pytest.mark.parametrize(
    ("due_past", "payments_known", "expected"),
    [
        pytest.param(True, True, "fail", id="due, and the record is complete"),
        pytest.param(False, True, "not_due", id="the due date is still to come"),
        pytest.param(True, False, "not_due", id="payments are not known up to the due date"),
        pytest.param(False, False, "not_due", id="neither"),
    ],
)
def test_pay_that_did_not_arrive_is_a_fail_only_once_it_is_due_and_known(
    due_past: bool, payments_known: bool, expected: str
) -> None:
    answer = received_verdict(
        week(10, 10, 0), FLOOR, due_past=due_past, payments_known=payments_known
    )

    assert answer == Verdict(expected)


@given(EVIDENCE, FLOORS)
def test_once_due_and_known_received_pay_is_judged_like_earned_pay(
    facts: Evidence, floor_hourly: int
) -> None:
    received = received_verdict(facts, floor_hourly, due_past=True, payments_known=True)

    assert received is verdict(facts, floor_hourly)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        pytest.param(
            {"low_ms": 11}, "low_ms must not be above high_ms, got 11 and 10", id="bounds"
        ),
        pytest.param({"low_ms": -1}, "low_ms must be 0 or more", id="time below zero"),
        pytest.param({"measured_ms": -1}, "measured_ms must be 0", id="measured time below zero"),
        pytest.param({"untimed": -1}, "untimed must be 0", id="fewer than no rows without time"),
        pytest.param({"unpriced": -1}, "unpriced must be 0", id="fewer than no rows without pay"),
    ],
)
def test_evidence_that_cannot_be_is_refused(change: dict[str, int], rule: str) -> None:
    with pytest.raises(ValueError, match=rule):
        replace(Evidence(5, 10, 5, 0), **change)


@pytest.mark.parametrize("no_floor", [0, -1])
def test_without_a_floor_there_is_no_verdict(no_floor: int) -> None:
    facts = week(10, 10, 150)

    with pytest.raises(ValueError, match="the floor must be above 0"):
        verdict(facts, no_floor)
    with pytest.raises(ValueError, match="the floor must be above 0"):
        shortfall_bounds(facts, no_floor)


def test_each_denominator_holds_the_one_before() -> None:
    assert KINDS_COUNTED["A"] == {"task"}
    assert KINDS_COUNTED["A"] < KINDS_COUNTED["B"] < KINDS_COUNTED["C"]
    assert KINDS_COUNTED["C"] - KINDS_COUNTED["B"] == {"searching", "admin"}
    assert KINDS_COUNTED[CERTIFIED] is ASKED_FOR


def test_an_award_has_no_time_in_any_denominator() -> None:
    assert not any("award" in kinds for kinds in KINDS_COUNTED.values())


def test_no_region_can_reach_the_floor() -> None:
    """Whatever a verdict depends on is an argument: these are all, and none is a place."""
    functions = [
        f
        for _, f in inspect.getmembers(floor, inspect.isfunction)
        if f.__module__ == floor.__name__
    ]
    arguments = {name for f in functions for name in inspect.signature(f).parameters}
    known = {field.name for field in fields(Evidence)}

    hours_and_pay = {"facts", "worked_ms", "pay_micros", "earned"}
    terms = {"floor_hourly_micros", "floor_per_hour", "due_past", "payments_known"}

    assert arguments == hours_and_pay | terms
    assert known == {"low_ms", "high_ms", "measured_ms", "pay_micros", "untimed", "unpriced"}
    assert {field.name for field in fields(Money)} == {"micros", "currency"}
