"""Time as the union of intervals: two tasks held at once are one stretch of time, not two.

A span is (start, end) in whole milliseconds, half-open. The union is shared out to the spans in
order, so that each piece of work has its share and the shares add up to the union exactly.
Source: Hara et al., CHI 2018 (a union, with the gaps between adjacent tasks).
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

Span = tuple[int, int]

NOTHING_BEFORE = -(1 << 62)  # the latest earlier end of a first span: too long ago to bridge


def share_of(latest_end: int, start: int, end: int, gap_ms: int) -> tuple[int, int]:
    """Return (this span's share, the latest end so far): one step along sorted spans.

    latest_end: the latest end of all spans before, NOTHING_BEFORE for the first.
    gap_ms: a pause up to this long before the span is counted with it; 0 or more.
    The running form for loops over many rows; it checks nothing, `shares` does.

    >>> share_of(NOTHING_BEFORE, 100, 200, 0)
    (100, 200)
    >>> share_of(200, 150, 260, 0), share_of(200, 210, 260, 10), share_of(200, 211, 260, 10)
    ((60, 260), (60, 260), (49, 260))
    """
    if end <= latest_end:
        return 0, latest_end
    if start - latest_end <= gap_ms:
        return end - latest_end, end
    return end - start, end


def shares(spans: Sequence[Span], gap_ms: int) -> list[int]:
    """Return each span's share of the union in ms, in the order given; none is negative.

    spans: (start, end) in ms, sorted by start, end and then the row's id, all of one week.
    gap_ms: pauses between two spans up to this long count as work (the floor's merge gap).
    The shares add up to `union_ms(spans, gap_ms)` exactly. Raises ValueError for a negative gap,
    an end before its start, or spans out of order.

    >>> shares([(0, 10), (2, 5), (4, 12), (15, 20)], gap_ms=3)
    [10, 0, 2, 8]
    """
    if gap_ms < 0:
        raise ValueError(f"gap_ms must be 0 or more, got {gap_ms}")
    counted = []
    latest_end = NOTHING_BEFORE
    before: Span = (NOTHING_BEFORE, NOTHING_BEFORE)
    for span in spans:
        start, end = span
        if end < start:
            raise ValueError(f"a span ends at {end}, before it starts at {start}")
        if span < before:
            raise ValueError(f"spans must be sorted, got {span} after {before}")
        share, latest_end = share_of(latest_end, start, end, gap_ms)
        counted.append(share)
        before = span
    return counted


def union_ms(spans: Sequence[Span], gap_ms: int) -> int:
    """Return the length of the union of sorted spans in ms, pauses up to gap_ms included.

    >>> union_ms([(0, 10), (5, 12), (15, 20)], gap_ms=0)
    17
    """
    return sum(shares(spans, gap_ms))


def cut(start: int, end: int, boundaries: Sequence[int]) -> list[Span]:
    """Return [start, end) in pieces, cut at the boundaries that lie inside it, in order.

    boundaries: sorted instants in ms. The pieces add up to the span and none is empty; a span of
    no length is one piece. Raises ValueError where the end is before the start.

    >>> cut(5, 25, [0, 10, 20, 30])
    [(5, 10), (10, 20), (20, 25)]
    """
    if end < start:
        raise ValueError(f"a span ends at {end}, before it starts at {start}")
    inside = boundaries[bisect_right(boundaries, start) : bisect_left(boundaries, end)]
    if not inside:
        return [(start, end)]
    return list(zip([start, *inside], [*inside, end], strict=True))


def most_at_once(spans: Sequence[Span]) -> int:
    """Return how many spans were open at the same instant at most; 0 for none.

    In any order. One that ends when another starts is not open with it, and one of no length is
    never open.

    >>> most_at_once([(0, 10), (5, 12), (10, 20)])
    2
    """
    ends = sorted(end for _, end in spans)
    most = closed = 0
    for opened, start in enumerate(sorted(start for start, _ in spans), 1):
        while closed < len(ends) and ends[closed] <= start:
            closed += 1
        most = max(most, opened - closed)
    return most


def part_of(amount: int, start: int, end: int, low: int, high: int) -> int:
    """Return the part of `amount`, spread evenly over [start, end), that falls into [low, high).

    Whole micros or ms. The parts of adjoining periods add up to the amount exactly. The amount of
    an instant (start equals end) falls whole into the period in which it lies.

    >>> part_of(10, 0, 3, 0, 1), part_of(10, 0, 3, 1, 3), part_of(10, 0, 3, 3, 9)
    (3, 7, 0)
    """
    if start == end:
        return amount if low <= start < high else 0
    if low <= start and end <= high:
        return amount  # nearly always: the hot loops need not divide
    first, last = max(start, low), min(end, high)
    if first >= last:
        return 0
    length = end - start
    return amount * (last - start) // length - amount * (first - start) // length
