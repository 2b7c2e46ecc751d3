"""Shares of the union against brute force: a set of milliseconds, and gaps filled one by one."""

from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.intervals import NOTHING_BEFORE, Span, cut, most_at_once, share_of, shares, union_ms

INSTANTS = st.integers(0, 120)
SPANS = st.lists(st.tuples(INSTANTS, st.integers(0, 25)), max_size=12).map(
    lambda drawn: sorted((start, start + length) for start, length in drawn)
)
GAPS = st.integers(0, 12)


def covered(spans: list[Span], gap_ms: int) -> set[int]:
    """Return each millisecond that counts: in a span, or in a pause that is short enough."""
    held = {ms for start, end in spans for ms in range(start, end)}
    ends = [end for _, end in spans]
    for start, _ in spans:
        earlier = [e for e, (s, _) in zip(ends, spans, strict=True) if (s, e) < (start, _)]
        latest = max(earlier, default=None)
        if latest is not None and latest < start <= latest + gap_ms:
            held.update(range(latest, start))
    return held


@given(SPANS, GAPS)
def test_shares_add_up_to_the_union_with_its_short_pauses_exactly(
    spans: list[Span], gap_ms: int
) -> None:
    assert sum(shares(spans, gap_ms)) == union_ms(spans, gap_ms) == len(covered(spans, gap_ms))


@given(SPANS, GAPS)
def test_no_share_is_negative_or_more_than_its_span_and_one_pause(
    spans: list[Span], gap_ms: int
) -> None:
    for (start, end), share in zip(spans, shares(spans, gap_ms), strict=True):
        assert 0 <= share <= end - start + gap_ms


@given(SPANS, GAPS)
def test_shares_follow_the_published_formula(spans: list[Span], gap_ms: int) -> None:
    expected: list[int] = []
    ends: list[int] = []
    for start, end in spans:
        latest = max(ends, default=NOTHING_BEFORE)
        expected.append(max(0, end - (latest if start - latest <= gap_ms else start)))
        ends.append(end)

    assert shares(spans, gap_ms) == expected


@given(SPANS, GAPS)
def test_a_longer_gap_never_counts_less(spans: list[Span], gap_ms: int) -> None:
    assert union_ms(spans, gap_ms) <= union_ms(spans, gap_ms + 1)


@given(SPANS, SPANS)
def test_more_work_never_counts_less(spans: list[Span], more: list[Span]) -> None:
    assert union_ms(spans, 0) <= union_ms(sorted(spans + more), 0)


@given(SPANS, GAPS, st.lists(INSTANTS, max_size=4, unique=True).map(sorted))
def test_cut_at_boundaries_first_no_pause_is_bridged_over_one(
    spans: list[Span], gap_ms: int, boundaries: list[int]
) -> None:
    weeks = list(zip([-1, *boundaries], [*boundaries, 10**6], strict=True))
    pieces = [piece for span in spans for piece in cut(*span, boundaries)]
    by_week = [sorted(p for p in pieces if start <= p[0] < end) for start, end in weeks]

    total = 0
    for (start, end), within in zip(weeks, by_week, strict=True):
        counted = covered(within, gap_ms)
        assert union_ms(within, gap_ms) == len(counted)
        assert all(start <= ms < end for ms in counted)
        total += union_ms(within, 0)
    assert total == union_ms(spans, 0)


def test_a_pause_over_midnight_on_monday_counts_in_no_week() -> None:
    sunday, monday = [(0, 95)], [(105, 200)]

    assert union_ms(sunday + monday, gap_ms=10) == 200
    assert union_ms(sunday, gap_ms=10) + union_ms(monday, gap_ms=10) == 190


@given(st.tuples(INSTANTS, st.integers(0, 60)), st.lists(INSTANTS, max_size=6, unique=True))
def test_the_pieces_of_a_span_add_up_to_it(drawn: tuple[int, int], boundaries: list[int]) -> None:
    start, end = drawn[0], drawn[0] + drawn[1]

    pieces = cut(start, end, sorted(boundaries))

    assert pieces[0][0] == start
    assert pieces[-1][1] == end
    assert all(before[1] == after[0] for before, after in pairwise(pieces))
    assert {p[1] for p in pieces[:-1]} == {b for b in boundaries if start < b < end}


@pytest.mark.parametrize(
    ("spans", "gap_ms", "expected"),
    [
        pytest.param([], 0, [], id="no work, no time"),
        pytest.param([(0, 10), (0, 10)], 0, [10, 0], id="two tasks at once are one stretch"),
        pytest.param([(0, 10), (2, 5)], 0, [10, 0], id="a task within another adds nothing"),
        pytest.param([(0, 10), (5, 15)], 0, [10, 5], id="an overlap counts once"),
        pytest.param([(0, 10), (10, 15)], 0, [10, 5], id="tasks that touch count in full"),
        pytest.param([(0, 10), (15, 20)], 5, [10, 10], id="a pause as long as the gap counts"),
        pytest.param([(0, 10), (16, 20)], 5, [10, 4], id="a pause longer than the gap does not"),
        pytest.param([(0, 30), (1, 2), (33, 40)], 5, [30, 0, 10], id="from the latest end"),
        pytest.param([(5, 5)], 5, [0], id="a task of no length has no share"),
        pytest.param([(-20, -10), (-8, -5)], 2, [10, 5], id="time before 1970 is time"),
    ],
)
def test_shares(spans: list[Span], gap_ms: int, expected: list[int]) -> None:
    assert shares(spans, gap_ms) == expected


@pytest.mark.parametrize(
    ("spans", "gap_ms", "rule"),
    [
        pytest.param([(0, 1)], -1, "gap_ms must be 0 or more", id="a negative gap"),
        pytest.param([(5, 4)], 0, "before it starts", id="an end before its start"),
        pytest.param([(5, 9), (4, 6)], 0, "must be sorted", id="starts out of order"),
        pytest.param([(5, 9), (5, 6)], 0, "must be sorted", id="ends out of order"),
    ],
)
def test_spans_that_would_be_counted_wrongly_are_refused(
    spans: list[Span], gap_ms: int, rule: str
) -> None:
    with pytest.raises(ValueError, match=rule):
        shares(spans, gap_ms)


def test_a_span_that_ends_before_it_starts_is_not_cut() -> None:
    with pytest.raises(ValueError, match="before it starts"):
        cut(5, 4, [])


def test_the_first_span_bridges_no_pause_however_long_the_gap() -> None:
    assert share_of(NOTHING_BEFORE, 0, 7, 10**15) == (7, 7)


@given(SPANS)
def test_most_at_once_is_the_most_that_any_instant_is_covered(spans: list[Span]) -> None:
    at = [sum(start <= ms < end for start, end in spans) for ms in range(160)]

    assert most_at_once(spans) == max(at)


@given(SPANS, st.randoms(use_true_random=False))
def test_most_at_once_does_not_depend_on_the_order(spans: list[Span], random: Random) -> None:
    shuffled = random.sample(spans, len(spans))

    assert most_at_once(shuffled) == most_at_once(spans)
