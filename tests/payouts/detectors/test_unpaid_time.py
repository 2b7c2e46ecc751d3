"""W15, W18, W22, W24 to W27: time that was worked, or asked for, and has no pay."""

import pytest

from payouts.detectors import (
    around_work,
    expired,
    qualification,
    rework,
    stopped,
    training,
    waiting,
)
from tests.payouts.detectors.builders import DOLLAR, HOUR_MS, MINUTE_MS, attempt, facts


def codes(**given):
    """Return the codes of the detectors that find an attempt."""
    account = facts(attempts=[attempt(**given)])
    every = (expired, rework, training, waiting, qualification, around_work, stopped)
    return [one.code for detector in every for one in detector.detect(account)]


@pytest.mark.parametrize(
    ("given", "found"),
    [
        pytest.param({"ended_as": "expired", "active_ms": MINUTE_MS + 1}, ["W15"], id="expired"),
        pytest.param({"ended_as": "expired", "active_ms": MINUTE_MS}, [], id="a minute of it"),
        pytest.param({"ended_as": "expired"}, [], id="expired, activity not measured"),
        pytest.param({"ended_as": "returned", "active_ms": HOUR_MS}, [], id="given back"),
        pytest.param({"kind": "rework", "rework_ms": HOUR_MS}, ["W18"], id="rework without tasks"),
        pytest.param(
            {"kind": "rework", "rework_ms": HOUR_MS, "task_ms": 10 * HOUR_MS},
            [],
            id="rework of a tenth of the tasks",
        ),
        pytest.param(
            {"kind": "rework", "rework_ms": HOUR_MS, "task_ms": 10 * HOUR_MS - 1},
            ["W18"],
            id="rework of more than a tenth",
        ),
        pytest.param({"kind": "training"}, ["W22"], id="training"),
        pytest.param({"kind": "instructions"}, ["W22"], id="instructions"),
        pytest.param({"kind": "training", "decided_as": "refused"}, [], id="training not passed"),
        pytest.param({"kind": "training", "promised": None}, [], id="its pay is not known"),
        pytest.param({"kind": "training", "promised": 3}, [], id="training with pay"),
        pytest.param({"kind": "waiting"}, ["W24"], id="waiting"),
        pytest.param({"kind": "break"}, [], id="truly relieved"),
        pytest.param({"kind": "training", "is_optional": True}, [], id="a course one may leave"),
        pytest.param({"kind": "qualification"}, ["W22"], id="a test of an hour"),
        pytest.param({"is_before_pay": True}, ["W25"], id="a trial of an hour"),
        pytest.param({"is_before_pay": True, "hours": 1 / 6}, [], id="a ten-minute trial"),
        pytest.param({"is_before_pay": True, "promised": 2}, [], id="a trial with pay"),
        pytest.param({"is_before_pay": True, "decided_as": "refused"}, [], id="a refused trial"),
        pytest.param({"is_before_pay": True, "agreed_micros": 9}, [], id="W12 asks about it"),
        pytest.param({"kind": "qualification", "hours": 1 / 6}, [], id="a ten-minute screening"),
        pytest.param({"kind": "meeting"}, ["W26"], id="a meeting"),
        pytest.param({"kind": "meeting", "asked_for": False}, ["W26"], id="always asked for"),
        pytest.param({"kind": "admin"}, ["W26"], id="paperwork that the floor counts"),
        pytest.param({"kind": "searching", "asked_for": False}, [], id="searching by itself"),
        pytest.param({"ended_as": "screened_out"}, ["W27"], id="screened out"),
        pytest.param({"ended_as": "screened_out", "hours": 1 / 60}, [], id="at once"),
        pytest.param({"kind": "tech_failure"}, ["W27"], id="a fault"),
        pytest.param({"kind": "tech_failure", "promised": 1}, [], id="a fault that was paid"),
        pytest.param({"ended_as": "skipped"}, [], id="skipped"),
        pytest.param({}, [], id="a task for nothing is not known to be any of them"),
    ],
)
def test_unpaid_time_is_found_by_its_kind(given, found):
    assert codes(**given) == found


def test_a_project_is_one_finding_with_its_time_at_the_floor():
    pieces = [attempt(1, kind="waiting"), attempt(2, kind="waiting", hours=0.5)]
    other = attempt(3, kind="waiting", project="boats")

    boats, maps = waiting.detect(facts(attempts=[*pieces, other]))

    assert (maps.stake_micros, maps.evidence["time_ms"]) == (22_500_000, 90 * MINUTE_MS)
    assert maps.subject == "somebody/USD/maps"
    assert [one["external_id"] for one in maps.evidence["works"]] == ["a-2", "a-1"]
    assert boats.stake_micros == 15 * DOLLAR


@pytest.mark.parametrize(
    ("given", "stake"),
    [
        pytest.param({"share_ms": HOUR_MS // 2}, 7.5, id="half of it lies in other work"),
        pytest.param({"active_ms": HOUR_MS // 4}, 3.75, id="a tool measured a quarter"),
        pytest.param({"active_ms": 2 * HOUR_MS}, 15, id="never more than its share"),
        pytest.param({"share_ms": None, "active_ms": HOUR_MS}, 15, id="no clock"),
        pytest.param({"hourly_micros": 20 * DOLLAR}, 20, id="the agreed rate is more"),
        pytest.param({"hourly_micros": 0}, 0, id="nothing says what an hour is worth"),
        pytest.param({"share_ms": 1, "hourly_micros": 1}, 0.000001, id="a fraction goes up"),
    ],
)
def test_time_is_worth_its_share_at_the_rate_or_the_floor(given, stake):
    (finding,) = waiting.detect(facts(attempts=[attempt(kind="waiting", **given)]))

    assert finding.stake_micros == round(stake * DOLLAR)


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ({"payable": 5}, "It has pay now."),
        ({"pending": 5}, "Pay was promised for it."),
        ({}, "The record of this time says something else now."),
    ],
)
def test_time_that_is_not_found_any_more_says_why(where, said):
    assert waiting.what_happened(None, {}, where) == said


def test_it_is_said_in_words():
    (finding,) = waiting.detect(facts(attempts=[attempt(kind="waiting")]))

    said = waiting.sentence(stake_micros=0, currency="USD", evidence=finding.evidence)
    assert said == "project maps, 1 piece, 1 h 0 min without pay"
