"""W04: much work of a project was refused at once."""

import pytest

from ledger.periods import DAY_MS
from payouts.detectors import mass_rejection
from payouts.detectors.mass_rejection import BURST_MS, Decisions, at_once, of_days
from tests.payouts.detectors.builders import DOLLAR, facts, mass, told, work


@pytest.mark.parametrize(
    ("days", "masses"),
    [
        pytest.param([(1, 20, 5)], [1], id="a quarter of twenty, and no other day"),
        pytest.param([(1, 20, 4)], [], id="a fifth"),
        pytest.param([(1, 19, 19)], [], id="nineteen"),
        pytest.param([(1, 100, 30), (2, 100, 9)], [1], id="three times the usual, and more"),
        pytest.param([(1, 100, 30), (2, 100, 10)], [], id="three times the usual"),
        pytest.param([(day, 100, 30) for day in range(5)], [], id="as much on all days"),
        pytest.param([(None, 40, 20)], [None], id="not dated"),
        pytest.param([(1, 40, 20), (2, 10, 0)], [1], id="elsewhere nothing is refused"),
    ],
)
def test_a_day_of_far_more_refusals_than_usual(days, masses):
    found = of_days([Decisions("maps", *day) for day in days])

    assert [None if one.from_ms < 0 else one.from_ms // DAY_MS for one in found] == masses


def test_projects_have_their_own_usual_share():
    days = [Decisions("maps", 1, 20, 10), Decisions("boats", 2, 100, 50)]

    assert {one.project for one in of_days(days)} == {"maps", "boats"}


@pytest.mark.parametrize(
    ("instants", "spans"),
    [
        pytest.param({5: 20}, [(5, 6)], id="twenty at one instant"),
        pytest.param({5: 19}, [], id="nineteen"),
        pytest.param({5: 10, 5 + BURST_MS: 10}, [(5, 6 + BURST_MS)], id="within a minute"),
        pytest.param({5: 10, 6 + BURST_MS: 10}, [], id="in more than a minute"),
        pytest.param({0: 15, 9: 15, 9 + BURST_MS: 5}, [(0, 10 + BURST_MS)], id="one after another"),
    ],
)
def test_refusals_that_crowd(instants, spans):
    assert [(one.from_ms, one.to_ms) for one in at_once({"maps": instants})] == spans


@pytest.mark.parametrize(
    ("given", "stake"),
    [
        pytest.param({"refused_with": mass()}, [8], id="one of many"),
        pytest.param({}, [], id="refused alone"),
        pytest.param(
            {"refused_with": mass(), "refusal": told("the source now says less")},
            [],
            id="not refused",
        ),
    ],
)
def test_refused_work_that_is_one_of_many(given, stake):
    account = facts(work(refused=8, **{"refusal": told("blurred"), **given}))

    assert [one.stake_micros / DOLLAR for one in mass_rejection.detect(account)] == stake


def test_it_is_said_in_words():
    account = facts(work(refused=8, refusal=told("blurred"), refused_with=mass()))
    (finding,) = mass_rejection.detect(account)

    said = mass_rejection.sentence(
        stake_micros=finding.stake_micros, currency="USD", evidence=finding.evidence
    )
    assert said == "project maps, 1 piece, 8.00 USD; of 40 pieces decided then, 30 refused"
