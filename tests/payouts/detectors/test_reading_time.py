"""W22 and W23: what had to be read for the work, measured by rows or else estimated."""

import pytest

from payouts.detectors import instruction_churn, judge, training
from tests.payouts.detectors.builders import (
    DOLLAR,
    HOUR_MS,
    MINUTE_MS,
    attempt,
    facts,
    reading,
    week,
)

BY_ROW = frozenset({1})


def found_in(account):
    return {one.code: one.stake_micros / DOLLAR for one in judge(account)}


@pytest.mark.parametrize(
    ("readings", "rows", "found"),
    [
        pytest.param([reading()], [], {"W23": 1.5}, id="six minutes of a change, estimated"),
        pytest.param([reading(is_change=False)], [], {"W22": 1.5}, id="the first it met"),
        pytest.param([reading(1), reading(2, version=3)], [], {"W23": 3}, id="two changes"),
        pytest.param([reading(minutes=0)], [], {}, id="no new words"),
        pytest.param([reading(hourly_micros=0)], [], {"W23": 0}, id="no floor and no rate"),
        pytest.param(
            [reading(measured_by=BY_ROW)],
            [attempt(kind="instructions", hours=0.5)],
            {"W23": 7.5},
            id="measured: half an hour, and no estimate",
        ),
        pytest.param(
            [reading(measured_by=BY_ROW)],
            [attempt(kind="instructions", hours=0.5, promised=7.5)],
            {},
            id="measured and paid",
        ),
        pytest.param(
            [reading(1, measured_by=BY_ROW), reading(2, name="glossary", measured_by=BY_ROW)],
            [attempt(kind="instructions", hours=0.5)],
            {"W23": 7.5},
            id="a row that measured two of them counts once",
        ),
        pytest.param(
            [reading(is_change=False, measured_by=BY_ROW)],
            [attempt(kind="instructions", hours=0.5)],
            {"W22": 7.5},
            id="the first it met, measured",
        ),
    ],
)
def test_reading_is_work(readings, rows, found):
    assert found_in(facts(readings=readings, attempts=rows)) == found


def test_an_estimate_is_shown_with_what_it_rests_on():
    (found,) = instruction_churn.detect(facts(readings=[reading()]))

    said = instruction_churn.sentence(stake_micros=0, currency="USD", evidence=found.evidence)

    assert said == (
        "project maps, 0 h 6 min of reading without pay "
        "(guide version 2: 1428 new words, read at 238 words a minute)"
    )
    assert found.evidence["texts"][0]["time_ms"] == 6 * MINUTE_MS


def test_what_was_measured_is_shown_as_measured():
    rows = [attempt(kind="instructions", hours=0.5)]
    (found,) = instruction_churn.detect(
        facts(readings=[reading(measured_by=BY_ROW)], attempts=rows)
    )

    assert found.evidence["texts"] == [{"name": "guide", "version": 2, "basis": "measured"}]
    assert [one["external_id"] for one in found.evidence["works"]] == ["a-1"]
    assert found.evidence["time_ms"] == HOUR_MS // 2


def test_a_row_that_measured_two_texts_is_named_once():
    two = [reading(number, name=f"text {number}", measured_by=BY_ROW) for number in (1, 2)]
    rows = [attempt(kind="instructions", hours=0.5)]

    (found,) = instruction_churn.detect(facts(readings=two, attempts=rows))

    assert found.stake_micros == 7.5 * DOLLAR
    assert (len(found.evidence["works"]), len(found.evidence["texts"])) == (1, 2)


def test_many_versions_are_counted_and_some_are_named():
    versions = [reading(number, version=number) for number in range(2, 8)]
    (found,) = instruction_churn.detect(facts(readings=versions))

    said = instruction_churn.sentence(stake_micros=0, currency="USD", evidence=found.evidence)

    assert said.endswith("; 3 more)")
    assert len(found.evidence["texts"]) == 6


def test_estimated_reading_takes_nothing_from_a_week_below_the_floor():
    """No week has it among its hours, so paying it would not lift one."""
    short = facts(readings=[reading(at_ms=week().start_ms)], weeks=[week(earned=20)])

    assert found_in(short) == {"W23": 1.5, "W28": 10}


def test_reading_that_is_not_found_any_more_says_why():
    (found,) = training.detect(facts(readings=[reading(is_change=False)]))
    paid = facts(readings=[reading(is_change=False, measured_by=BY_ROW)])

    assert training.what_happened(paid, found.evidence, {}) == "It has pay now."
    assert training.what_happened(facts(), found.evidence, {}) == (
        "The record of this time says something else now."
    )
