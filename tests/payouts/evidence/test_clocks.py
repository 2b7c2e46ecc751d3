"""The rule that compares two clocks: never mixed, never below zero, nothing asked for twice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payouts.evidence.clocks import Pay, added_ms, length_ms, missing_ms, uncovered_ms, worth

HOUR_MS = 3_600_000
instants = st.integers(0, 200)
spans = st.lists(st.tuples(instants, instants).map(lambda pair: (min(pair), max(pair))), max_size=8)


def minutes_of(some):
    """Return the unit intervals that spans cover: the plain way to say what a union is."""
    return {at for start, end in some for at in range(start, end)}


@given(spans, spans)
def test_what_is_uncovered_is_what_only_the_own_clock_shows(own, known):
    assert uncovered_ms(own, known) == len(minutes_of(own) - minutes_of(known))


@given(spans, spans, st.integers(0, 300))
def test_missing_time_lies_between_nothing_and_all_of_the_own_time(own, known, unclocked):
    missing = missing_ms(own, known, unclocked)

    assert 0 <= missing <= length_ms(own)
    assert missing >= length_ms(own) - length_ms(known) - unclocked


@given(spans, spans, spans, st.integers(0, 300))
def test_more_in_the_own_record_never_makes_less_missing(own, more, known, unclocked):
    assert missing_ms(own + more, known, unclocked) >= missing_ms(own, known, unclocked)


@given(spans, spans, spans)
def test_work_of_another_day_takes_nothing_away(own, known, elsewhere):
    later = [(start + 1_000, end + 1_000) for start, end in elsewhere]

    assert missing_ms(own, known + later, 0) == missing_ms(own, known, 0)


@given(spans, spans, st.integers(0, 200), st.permutations(range(4)))
def test_released_piece_by_piece_as_much_is_asked_for_as_at_once(own, known, unclocked, order):
    released, asked = [], 0
    for one in [own[at] for at in order if at < len(own)]:
        asked += added_ms([one], released, known, unclocked)
        released.append(one)

    assert asked == missing_ms(released, known, unclocked)


@given(
    st.integers(0, 100 * HOUR_MS),
    st.integers(0, 10**12),
    st.integers(1, 100 * HOUR_MS),
    st.integers(0, 10**9),
)
def test_the_worth_is_never_below_the_floor_nor_below_the_weeks_own_pay(
    missing, earned, paid_ms, floor
):
    micros = worth(missing, Pay(earned, paid_ms, floor))

    assert micros * HOUR_MS >= missing * floor
    assert micros * paid_ms >= missing * earned
    below = micros - 1
    assert micros == 0 or below * HOUR_MS < missing * floor or below * paid_ms < missing * earned


@pytest.mark.parametrize(
    ("pay", "micros"),
    [
        pytest.param(Pay(30_000_000, HOUR_MS, 15_000_000), 30_000_000, id="the week paid more"),
        pytest.param(Pay(5_000_000, HOUR_MS, 15_000_000), 15_000_000, id="the floor is more"),
        pytest.param(Pay(None, HOUR_MS, 15_000_000), 15_000_000, id="pay not known"),
        pytest.param(Pay(5_000_000, 0, None), None, id="no time and no floor: not known"),
    ],
)
def test_an_hour_is_worth_the_better_of_both_rates(pay, micros):
    assert worth(HOUR_MS, pay) == micros


def test_time_below_zero_is_refused():
    with pytest.raises(ValueError, match="0 or more"):
        missing_ms([], [], -1)
    with pytest.raises(ValueError, match="0 or more"):
        worth(-1, Pay(None, 0, None))
