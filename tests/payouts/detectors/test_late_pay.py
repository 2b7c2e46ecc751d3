"""W01: approved money that was due and has not been sent."""

from datetime import date

import pytest

from payouts.detectors import late_pay
from tests.payouts.detectors.builders import AS_OF_MS, DAY_MS, DOLLAR, debt, facts, work


def found(*works, **given):
    return list(late_pay.detect(facts(*works, **given)))


@pytest.mark.parametrize(
    ("days_ago", "is_late"),
    [
        pytest.param(3, False, id="the grace ends just now"),
        pytest.param(3 + 1 / DAY_MS, True, id="the grace ended a millisecond ago"),
        pytest.param(0, False, id="due now"),
        pytest.param(-1, False, id="due tomorrow"),
    ],
)
def test_three_days_of_grace_are_given_and_no_more(days_ago, is_late):
    assert bool(found(work(debt(days_ago)))) is is_late


def test_the_debts_of_one_day_are_one_finding():
    (finding,) = found(work(debt(10, 8), pk=1), work(debt(10, 2.5), pk=2))

    assert finding.stake_micros == 10_500_000
    assert finding.subject == "somebody/2026-10-23/USD"
    assert finding.since_at_ms == AS_OF_MS - 10 * DAY_MS
    assert [one["external_id"] for one in finding.evidence["works"]] == ["a-1", "a-2"]


def test_two_days_are_two_findings_and_so_are_two_currencies():
    findings = found(
        work(debt(10), debt(20), pk=1), work(debt(10), pk=2, currency="KES"), work(pk=3)
    )

    assert [one.subject.split("/", 1)[1] for one in findings] == [
        "2026-10-13/USD",
        "2026-10-23/KES",
        "2026-10-23/USD",
    ]


def test_what_is_found_has_the_same_subject_tomorrow():
    today, tomorrow = (found(work(debt(10)), as_of_ms=AS_OF_MS + day * DAY_MS) for day in (0, 1))

    assert today == tomorrow


@pytest.mark.parametrize(
    ("known_until", "is_late"),
    [
        pytest.param(date(2026, 10, 23), True, id="the record reaches the due day"),
        pytest.param(date(2026, 10, 22), False, id="it ends the day before"),
        pytest.param(None, False, id="there is no record"),
    ],
)
def test_what_nobody_can_check_is_not_late(known_until, is_late):
    assert bool(found(work(debt(10)), known_until=known_until)) is is_late


def test_evidence_names_the_oldest_five_hundred_and_counts_all():
    (finding,) = found(*[work(debt(10, 1), pk=number) for number in range(1, 701)])

    assert finding.stake_micros == 700 * DOLLAR
    assert finding.evidence["pieces"] == 700
    assert [one["work"] for one in finding.evidence["works"]] == list(range(1, 501))


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ({"in_transit": 5}, "It has been paid."),
        ({"received": 4, "fees": 1}, "It has been paid."),
        ({"advance": 5}, "It has been paid."),
        ({"payable": 5}, "It is owed, and not late on the day asked."),
        ({"withheld": 5}, "It is held back now, for a reason that was given."),
        ({"refused": 5}, "The approval was taken back."),
        ({}, "The record that said so was taken back."),
    ],
)
def test_a_debt_that_is_not_found_any_more_says_what_happened(where, said):
    assert late_pay.what_happened(None, {}, where) == said
