"""The clock notes when asking later may give another answer, whichever way it is asked."""

from operator import add, eq, ge, gt, le, lt, sub

import pytest

from payouts.detectors.clock import Clock

NOW, LATER, EARLIER = 100, 130, 70


@pytest.mark.parametrize("compare", [lt, le, gt, ge, eq])
@pytest.mark.parametrize("way", ["clock first", "clock last"])
@pytest.mark.parametrize(("other", "noted"), [(EARLIER, None), (NOW, NOW), (LATER, LATER)])
def test_it_compares_as_a_number_does_and_notes_what_is_not_past(compare, way, other, noted):
    clock = Clock(NOW)

    if way == "clock first":
        assert compare(clock, other) == compare(NOW, other)
    else:
        assert compare(other, clock) == compare(other, NOW)

    assert clock.changes_at_ms == noted


def test_the_earliest_of_what_it_is_compared_with_is_kept():
    clock = Clock(NOW)

    assert not any(clock > at for at in (LATER + 1, LATER, LATER + 2))

    assert clock.changes_at_ms == LATER


@pytest.mark.parametrize(
    "reckon",
    [
        lambda clock: add(clock, 1),
        lambda clock: sub(500, clock),
        lambda clock: clock // 1000,
        lambda clock: divmod(clock, 7),
        lambda clock: f"{clock}",
        lambda clock: max(clock, 3) % 4,
    ],
)
def test_what_is_reckoned_from_it_may_change_at_any_time(reckon):
    clock = Clock(NOW)

    assert reckon(clock) == reckon(NOW)

    assert clock.changes_at_ms == NOW
