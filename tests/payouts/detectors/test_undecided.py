"""W02: work handed in, and never decided."""

import pytest

from payouts.detectors import sentence, undecided
from tests.payouts.detectors.builders import AS_OF_MS, DAY_MS, DOLLAR, facts, work


def found(*works):
    return list(undecided.detect(facts(*works)))


@pytest.mark.parametrize(
    ("days_ago", "is_found"),
    [
        pytest.param(0, False, id="the window ends just now"),
        pytest.param(1, True, id="it ended yesterday"),
        pytest.param(-5, False, id="a decision is promised for later"),
        pytest.param(None, False, id="nobody said by when"),
    ],
)
def test_only_a_window_that_has_closed_is_asked_about(days_ago, is_found):
    assert bool(found(work(pending=5, decide_by_days_ago=days_ago))) is is_found


def test_the_pieces_of_one_project_are_one_finding():
    (finding,) = found(
        work(pk=1, pending=5, decide_by_days_ago=2),
        work(pk=2, pending=5.5, decide_by_days_ago=3),
        work(pk=3, pending=0, decide_by_days_ago=3),
    )

    assert finding.stake_micros == 10_500_000
    assert finding.subject == "somebody/USD/maps"
    assert finding.since_at_ms == AS_OF_MS - 3 * DAY_MS
    assert [one["work"] for one in finding.evidence["works"]] == [2, 1]


def test_another_project_is_another_finding():
    findings = found(
        work(pk=1, pending=5, decide_by_days_ago=2),
        work(pk=2, pending=5, decide_by_days_ago=2, project="roads"),
    )

    assert [one.evidence["project"] for one in findings] == ["maps", "roads"]


def test_a_finding_is_said_in_plain_words():
    (finding,) = found(work(pending=5, decide_by_days_ago=2))

    assert (
        sentence(
            code=finding.code,
            stake_micros=5 * DOLLAR,
            currency="USD",
            evidence=finding.evidence,
        )
        == "project maps, 1 piece, 5.00 USD"
    )


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ({"pending": 5}, "The time to decide is not over on the day asked."),
        ({"payable": 5}, "It has been decided: approved."),
        ({"received": 5}, "It has been decided: approved."),
        (
            {"payable": 5, "review window lapsed": 5},
            "It was approved because the review window lapsed.",
        ),
        ({"refused": 5}, "It has been decided: refused."),
        (
            {"refused": 2, "payable": 3},
            "It has been decided: some of it was approved, some refused.",
        ),
        ({}, "The record that said so was taken back."),
    ],
)
def test_what_is_decided_says_how(where, said):
    assert undecided.what_happened(None, {}, where) == said
