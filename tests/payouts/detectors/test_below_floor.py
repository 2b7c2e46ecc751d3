"""W28: weeks whose work earned less than the floor."""

from datetime import UTC, date, datetime

import pytest

from ledger.periods import ms_of
from payouts.detectors import below_floor, judge, late_pay
from tests.payouts.detectors.builders import DOLLAR, HOUR_MS, debt, facts, week, work


def found(*works, weeks, **given):
    return [one for one in judge(facts(*works, weeks=weeks, **given)) if one.code == "W28"]


@pytest.mark.parametrize(
    ("hours", "earned", "unknown", "stake"),
    [
        pytest.param((2, 2), 15, {}, 15_000_000, id="half of the floor"),
        pytest.param((1, 1), 14.999999, {}, 1, id="a millionth under the floor"),
        pytest.param((1, 1), 15, {}, None, id="at the floor"),
        pytest.param((1, 2), 14, {}, 16_000_000, id="the longest time counts in what is missing"),
        pytest.param((1, 2), 15, {}, None, id="at the floor over the shortest time: contested"),
        pytest.param((2, 2), 15, {"unpriced": 1}, None, id="some pay is not known"),
        pytest.param((1, 1), 0, {}, 15_000_000, id="no pay at all"),
        pytest.param((2, 2), 15, {"untimed": 1}, 15_000_000, id="more time could only add"),
        pytest.param((0, 0), 5, {"untimed": 1}, None, id="no time is known"),
    ],
)
def test_a_week_that_fails_is_found_with_what_is_missing(hours, earned, unknown, stake):
    findings = found(weeks=[week(hours=hours, earned=earned, **unknown)])

    assert [one.stake_micros for one in findings] == ([] if stake is None else [stake])


@pytest.mark.parametrize(
    ("seconds", "is_found"),
    [
        pytest.param(0, True, id="it has just ended"),
        pytest.param(-1, False, id="a second is left"),
    ],
)
def test_a_week_that_still_runs_is_left_alone(seconds, is_found):
    one = week()

    assert bool(found(weeks=[one], as_of_ms=one.end_ms + seconds * 1000)) is is_found


def test_what_the_question_of_the_undecided_stakes_is_not_staked_again():
    (finding,) = found(work(pending=10, decide_by_days_ago=8), weeks=[week()])

    assert finding.stake_micros == 5 * DOLLAR
    assert finding.evidence["shortfall_micros"] == 15 * DOLLAR
    assert finding.evidence["staked_elsewhere_micros"] == 10 * DOLLAR


@pytest.mark.parametrize(
    "given",
    [
        pytest.param({"decide_by_days_ago": -1}, id="a window still open"),
        pytest.param({"decide_by_days_ago": 8, "currency": "KES"}, id="another currency"),
        pytest.param(
            {
                "decide_by_days_ago": 8,
                "started_at_ms": ms_of(datetime(2026, 10, 12, tzinfo=UTC)),
                "ended_at_ms": ms_of(datetime(2026, 10, 12, 1, tzinfo=UTC)),
            },
            id="the next week",
        ),
    ],
)
def test_undecided_money_that_is_not_staked_for_this_week_takes_nothing_off(given):
    (finding,) = found(work(pending=10, **given), weeks=[week()])

    assert finding.stake_micros == 15 * DOLLAR


def test_a_week_stays_found_when_all_that_is_missing_is_undecided():
    (finding,) = found(work(pending=40, decide_by_days_ago=8), weeks=[week()])

    assert finding.stake_micros == 0
    assert finding.evidence["staked_elsewhere_micros"] == 15 * DOLLAR


def test_late_pay_was_earned_and_is_not_part_of_the_shortfall():
    late = facts(work(debt(10, 15)), weeks=[week()])

    assert [one.stake_micros for one in late_pay.detect(late)] == [15 * DOLLAR]
    assert [one.stake_micros for one in below_floor.detect(late)] == [15 * DOLLAR]


def test_undecided_work_over_sunday_night_is_split_by_its_length():
    midnight = ms_of(datetime(2026, 10, 12, tzinfo=UTC))
    straddling = work(
        pending=10,
        decide_by_days_ago=8,
        started_at_ms=midnight - HOUR_MS,
        ended_at_ms=midnight + 3 * HOUR_MS,
    )

    findings = found(straddling, weeks=[week(), week(date(2026, 10, 12))])

    assert [one.stake_micros for one in findings] == [12_500_000, 7_500_000]


@pytest.mark.parametrize(
    ("weeks", "said"),
    [
        ([], "The record that said so was taken back."),
        ([week(earned=30)], "What was earned reaches the floor now."),
        ([week(unpriced=1)], "Hours or pay are not known well enough any more to say so."),
    ],
)
def test_a_week_that_is_not_found_any_more_says_why(weeks, said):
    assert below_floor.what_happened(facts(weeks=weeks), {"week": "2026-10-05"}, {}) == said
