"""Awards are laid on the time that they name: the oldest first, once, and up to their amount."""

from dataclasses import replace

import pytest

from payouts import detectors
from payouts.detectors import awarding
from payouts.detectors.terms import Award
from tests.payouts.detectors.builders import (
    AS_OF_MS,
    DAY_MS,
    DOLLAR,
    HOUR_MS,
    MINUTE_MS,
    attempt,
    ending,
    facts,
    reading,
)

WAITED = attempt(1, kind="waiting")
LATER = attempt(2, kind="waiting", started_at_ms=WAITED.started_at_ms + 2 * HOUR_MS)
WEEK = (WAITED.started_at_ms - DAY_MS, WAITED.started_at_ms + DAY_MS)


def award(dollars, names="W24 maps", pk=90, **given):
    values = {
        "currency": "USD",
        "until_ms": AS_OF_MS,
        "week_start_ms": WEEK[0],
        "week_end_ms": WEEK[1],
    }
    return Award(pk, names, micros=round(dollars * DOLLAR), **{**values, **given})


def asked(account, *awards):
    """Return what is still asked for, in dollars, by code and subject's end."""
    found = detectors.judge(detectors.with_awards(replace(account, awards=awards)))
    return {f"{one.code} {one.subject.split('/')[-1]}": one.stake_micros / DOLLAR for one in found}


@pytest.mark.parametrize(
    ("awards", "left"),
    [
        pytest.param([], {"W24 maps": 30}, id="none"),
        pytest.param([award(15)], {"W24 maps": 15}, id="of one of two hours"),
        pytest.param([award(15), award(14, pk=91)], {"W24 maps": 1}, id="two add up"),
        pytest.param([award(15), award(15, pk=91)], {}, id="all of it"),
        pytest.param([award(40)], {}, id="more than it"),
        pytest.param([award(30, "W26 maps")], {"W24 maps": 30}, id="of another check"),
        pytest.param([award(30, currency="EUR")], {"W24 maps": 30}, id="of another currency"),
        pytest.param(
            [award(30, until_ms=LATER.started_at_ms)], {"W24 maps": 15}, id="before the second"
        ),
        pytest.param([award(30, "")], {}, id="the week's top-up"),
        pytest.param(
            [award(30, "", week_start_ms=WEEK[1], week_end_ms=AS_OF_MS)],
            {"W24 maps": 30},
            id="another week's",
        ),
        pytest.param([award(20, ""), award(10, pk=91)], {}, id="what names it goes first"),
    ],
)
def test_what_awards_leave(awards, left):
    assert asked(facts(attempts=[WAITED, LATER]), *awards) == left


def test_a_finding_names_only_the_time_that_is_left():
    account = replace(facts(attempts=[WAITED, LATER]), awards=(award(20),))

    (finding,) = detectors.judge(detectors.with_awards(account))

    assert [(one["work"], one["micros"]) for one in finding.evidence["works"]] == [(2, 10_000_000)]
    assert finding.evidence["awarded_micros"] == 5 * DOLLAR
    said = detectors.sentence(code="W24", stake_micros=1, currency="USD", evidence=finding.evidence)
    assert said == "project maps, 1 piece, 1 h 0 min without pay, 5.00 USD of it awarded"


def test_an_award_does_not_pay_for_two_projects():
    boats = attempt(3, kind="waiting", project="boats")

    assert asked(facts(attempts=[WAITED, boats]), award(30)) == {"W24 boats": 15}


def test_time_that_goes_over_into_the_next_week_is_paid_there_by_its_part():
    over = attempt(1, kind="waiting", started_at_ms=WEEK[1] - HOUR_MS // 4)

    assert asked(facts(attempts=[over]), award(15, "")) == {"W24 maps": 11.25}
    assert asked(facts(attempts=[over]), award(15, ""), award(15, "", 91)) == {"W24 maps": 11.25}


def test_what_a_closing_cut_off_is_paid_for_both_checks_that_ask():
    at_ms = AS_OF_MS - 20 * DAY_MS
    cut = attempt(1, ended_as="expired", active_ms=HOUR_MS, started_at_ms=at_ms - HOUR_MS // 2)
    account = facts(attempts=[cut], closed={"maps": ending(20)})
    assert asked(account) == {"W10 maps": 15, "W15 maps": 0}

    for names in ("W10 maps", "W15 maps"):
        assert asked(account, award(15, names)) == {}


def test_reading_that_nobody_measured_can_be_awarded_and_no_week_pays_for_it():
    account = facts(readings=[reading(minutes=60)])

    assert asked(account, award(15, "")) == {"W23 reading": 15}
    assert asked(account, award(15, "W23 maps")) == {}
    assert asked(account, award(6, "W23 maps")) == {"W23 reading": 9}


def test_time_whose_worth_nobody_knows_is_paid_by_no_award():
    account = facts(attempts=[replace(WAITED, hourly_micros=0)])

    assert asked(account, award(100)) == {"W24 maps": 0}


def test_cut_time_that_was_awarded_is_not_asked_for_as_cut():
    cut = [
        attempt(
            n, kind="waiting", active_ms=HOUR_MS, paid_ms=0,
            started_at_ms=WAITED.started_at_ms + n * HOUR_MS + MINUTE_MS,
        )
        for n in range(2)
    ]  # fmt: skip
    account = facts(attempts=cut)
    assert asked(account) == {"W14 maps": 30, "W24 maps": 0}

    assert asked(account, award(15)) == {"W14 maps": 15, "W24 maps": 0}
    assert asked(account, award(30)) == {}


def test_who_closed_it_is_told_by_the_time_that_the_evidence_names():
    account = replace(facts(attempts=[WAITED, LATER]), awards=(award(15), award(15, pk=91)))
    laid = detectors.with_awards(account)

    assert awarding.behind(laid, {"works": [{"work": 2}]}) == {91}
    assert awarding.behind(laid, {"works": [{"work": 7}]}) == set()
    assert awarding.behind(None, {"works": [{"work": 2}]}) == set()
