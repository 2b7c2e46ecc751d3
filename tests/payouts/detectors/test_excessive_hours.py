"""W30: hours that nobody should work; a matter of care, and not of pay."""

from datetime import date

import pytest

from payouts import detectors
from payouts.detectors import excessive_hours
from tests.payouts.detectors.builders import facts, session, week


def found(**given):
    return list(excessive_hours.detect(facts(**given)))


@pytest.mark.parametrize(
    ("one", "is_found"),
    [
        pytest.param(session(12.01), True, id="more than twelve hours"),
        pytest.param(session(12), False, id="twelve hours"),
        pytest.param(session(8, lasting=24), True, id="a day and a night without a rest"),
        pytest.param(session(8, lasting=23.9), False, id="less than that"),
        pytest.param(session(36, pieces=108), True, id="a start or an end every ten minutes"),
        pytest.param(session(36, pieces=107), False, id="fewer: the clock was left running"),
        pytest.param(session(14, pieces=3, active=12.5), True, id="few, but measured"),
        pytest.param(session(14, pieces=3, active=12), False, id="few, and measured as less"),
    ],
)
def test_a_stretch_without_a_rest(one, is_found):
    assert bool(found(sessions=[one])) is is_found


@pytest.mark.parametrize(("hours", "is_found"), [((60, 80), False), ((60.1, 60.1), True)])
def test_a_week_counts_by_its_shortest_time(hours, is_found):
    assert bool(found(weeks=[week(hours=hours)])) is is_found


def test_nothing_is_at_stake_and_the_vendor_is_not_told():
    (one,) = found(sessions=[session(13)])

    assert one.stake_micros == 0
    assert detectors.audience("W30") == {"worker", "auditor"}


def test_it_is_said_in_words():
    stretch, long_week = found(
        sessions=[session(13)], weeks=[week(date(2026, 10, 5), hours=(61, 61))]
    )

    assert [
        excessive_hours.sentence(stake_micros=0, currency="USD", evidence=one.evidence)
        for one in (stretch, long_week)
    ] == [
        "from 7 Oct 2026 on, 13 h 0 min of work without six hours' rest",
        "week of 5 Oct 2026: 61 h 0 min of work",
    ]
