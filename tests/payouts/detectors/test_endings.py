"""W09 and W10: what was owed when an account was deactivated or a project closed."""

import pytest

from ledger.promising import Pieces
from payouts.detectors import broken_promise, cancelled, forfeited, judge, milestones
from tests.payouts.detectors.builders import (
    AS_OF_MS,
    DAY_MS,
    DOLLAR,
    HOUR_MS,
    MINUTE_MS,
    attempt,
    debt,
    ending,
    facts,
    promised,
    told,
    work,
)

ENDED = ending(20, "fraud", "no more maps")
CLOSED_AT_MS = ENDED.from_at_ms


def open_of(*works, **given):
    """Return the stakes in dollars of both detectors, for work at an ended account and project."""
    account = facts(*works, deactivated=ENDED, closed={"maps": ENDED}, **given)
    return [
        sum(one.stake_micros for one in detector.detect(account)) / DOLLAR
        for detector in (forfeited, cancelled)
    ]


@pytest.mark.parametrize(
    ("given", "stake"),
    [
        pytest.param({"pending": 5}, 5, id="undecided"),
        pytest.param({"refused": 5}, 5, id="refused, and nobody says why"),
        pytest.param({"refused": 5, "refusal": told("", 10)}, 5, id="without a reason"),
        pytest.param({"refused": 5, "refusal": told("copied", None)}, 5, id="without a date"),
        pytest.param({"refused": 5, "refusal": told("Fraud", 10)}, 5, id="the ending's own reason"),
        pytest.param(
            {"refused": 5, "refusal": told("the source now says less", 10)}, 5, id="priced at less"
        ),
        pytest.param(
            {"refused": 5, "refusal": told("copied from item 7", 10)}, 0, id="its own reason"
        ),
        pytest.param({"refused": 5, "refusal": told("", 21)}, 0, id="refused before"),
        pytest.param({"withheld": 5}, 5, id="withheld, and nobody says why"),
        pytest.param({"withheld": 5, "held_micros": 5 * DOLLAR}, 0, id="held by a decision"),
        pytest.param({"withheld": 5, "held_micros": 2 * DOLLAR}, 3, id="some of it is"),
        pytest.param(
            {"withheld": 5, "withholding": told("copied from item 7", 10)}, 0, id="told why"
        ),
    ],
)
def test_what_an_ending_leaves_open(given, stake):
    assert open_of(work(**given)) == [stake, stake]


def test_what_is_owed_is_to_be_settled_whenever_it_was_due():
    assert open_of(work(debt(9, 3), debt(-30, 4))) == [7, 7]


def test_work_found_genuine_is_owed_also_where_other_work_was_not():
    bad, good = work(refused=5, refusal=told("copied from item 7")), work(pending=8, pk=2)

    (found,) = forfeited.detect(facts(bad, good, deactivated=ENDED))

    assert [one["external_id"] for one in found.evidence["works"]] == ["a-2"]
    assert found.stake_micros == 8 * DOLLAR
    assert found.since_at_ms == ENDED.settle_by_at_ms


def test_an_account_that_goes_on_and_another_project_have_not_ended():
    assert list(forfeited.detect(facts(work(pending=5)))) == []
    other = {"boats": ENDED}
    assert list(cancelled.detect(facts(work(pending=5), closed=other))) == []


@pytest.mark.parametrize(
    ("given", "stake"),
    [
        pytest.param({}, 7.5, id="half an hour of its clock lies before the closing"),
        pytest.param({"active_ms": 20 * MINUTE_MS}, 5, id="measured"),
        pytest.param({"active_ms": 40 * MINUTE_MS}, 10, id="measured, and all of it counts"),
        pytest.param({"share_ms": 6 * MINUTE_MS}, 1.5, id="the rest lies in other work"),
        pytest.param({"ended_as": "returned"}, 7.5, id="given back as it could not be handed in"),
        pytest.param({"ended_as": "skipped"}, 0, id="skipped"),
        pytest.param({"started_at_ms": CLOSED_AT_MS - 2 * HOUR_MS}, 0, id="over by then"),
        pytest.param({"started_at_ms": CLOSED_AT_MS}, 0, id="begun afterwards"),
        pytest.param({"hourly_micros": 20 * DOLLAR}, 10, id="the agreed rate is more"),
        pytest.param({"promised": None}, 0, id="its pay is not known"),
    ],
)
def test_what_was_under_way_is_worth_its_time_up_to_the_closing(given, stake):
    began = CLOSED_AT_MS - 30 * MINUTE_MS
    one = attempt(**{"started_at_ms": began, "ended_as": "expired", **given})

    assert open_of(attempts=[one]) == [0, stake]


def test_work_and_time_of_a_closed_project_are_one_question():
    under_way = attempt(2, started_at_ms=CLOSED_AT_MS - MINUTE_MS * 30, ended_as="returned")

    (found,) = cancelled.detect(
        facts(work(pending=5), attempts=[under_way], closed={"maps": ENDED})
    )

    assert (found.stake_micros, found.evidence["pieces"]) == (12_500_000, 2)
    said = cancelled.sentence(
        stake_micros=found.stake_micros, currency="USD", evidence=found.evidence
    )
    assert said == "project maps, 2 pieces, 12.50 USD; to be settled by 27 Oct 2026"


def test_the_same_money_counts_once_at_whatever_it_is_asked_for():
    late = work(debt(10, 8), pending=3, decide_by_days_ago=9)
    account = facts(late, deactivated=ENDED, closed={"maps": ENDED})

    found = {one.code: one.stake_micros / DOLLAR for one in judge(account)}

    assert found == {"W01": 8, "W02": 3, "W09": 0, "W10": 0}


MILESTONE = {
    "pieces_at_least": 4,
    "pieces": Pieces(approved=1, undecided=1, refused=1),
    "after_ms": CLOSED_AT_MS + DAY_MS,
    "due_ms": AS_OF_MS + DAY_MS,
    "dollars": 8.0,
}


def of_milestone(guards=milestones.GUARDS, ended=ENDED, **given):
    account = facts(promised=[promised(**{**MILESTONE, **given})], closed={"maps": ended})
    found = cancelled.detect(account, of_milestones=guards)
    return [one.stake_micros / DOLLAR for one in found]


@pytest.mark.parametrize(
    ("given", "stake"),
    [
        pytest.param({}, [4], id="two of four pieces, half of the sum"),
        pytest.param({"counting": "submitted"}, [6], id="refused ones were handed in"),
        pytest.param({"pieces_at_least": 3, "dollars": 1}, [0.666667], id="a fraction goes up"),
        pytest.param({"pieces": Pieces(approved=9)}, [8], id="all of them, before its due day"),
        pytest.param({"awarded": 3}, [1], id="a part was awarded"),
        pytest.param({"awarded": 4}, [], id="what was done was awarded"),
        pytest.param({"pieces": Pieces(refused=3)}, [], id="nothing that counts was done"),
        pytest.param({"pieces_at_least": None, "counting": ""}, [], id="words without a number"),
        pytest.param({"after_ms": CLOSED_AT_MS}, [], id="its days were over"),
        pytest.param({"first_ms": CLOSED_AT_MS}, [], id="its days had not begun"),
        pytest.param({"project": "boats"}, [], id="of a project that goes on"),
        pytest.param({"ended": ending(14)}, [], id="there is time to settle it"),
    ],
)
def test_a_milestone_that_was_cut_off_is_asked_for_by_its_part(given, stake):
    assert of_milestone(**given) == stake


@pytest.mark.parametrize(
    ("guard", "given"),
    [
        (milestones.there_was_time, {"ended": ending(14), "after_ms": AS_OF_MS}),
        (milestones.was_cut_off, {"after_ms": CLOSED_AT_MS}),
        (milestones.is_not_awarded, {"awarded": 4}),
    ],
)
def test_without_a_guard_a_milestone_is_flagged_that_must_not_be(guard, given):
    others = tuple(one for one in milestones.GUARDS if one is not guard)

    assert len(milestones.GUARDS) == 3
    assert (len(of_milestone(**given)), len(of_milestone(others, **given))) == (0, 1)


def test_a_milestone_that_was_reached_counts_once_when_it_is_due_too():
    reached = promised(pieces=Pieces(approved=3), after_ms=CLOSED_AT_MS + DAY_MS, dollars=8)

    found = judge(facts(promised=[reached], closed={"maps": ENDED}))

    assert [(one.code, one.stake_micros / DOLLAR) for one in found] == [("W10", 8), ("W11", 0)]


def test_a_milestone_is_said_in_words():
    (found,) = cancelled.detect(facts(promised=[promised(**MILESTONE)], closed={"maps": ENDED}))

    said = cancelled.sentence(stake_micros=0, currency="USD", evidence=found.evidence)

    assert said == (
        "project maps, three maps: 8.00 USD for 4 pieces; 2 done when it was closed, "
        "0.00 USD awarded; to be settled by 27 Oct 2026"
    )
    kept = facts(promised=[promised(**{**MILESTONE, "awarded": 4})])
    assert cancelled.what_happened(kept, found.evidence, {}) == "It has been awarded."
    gone = "With what is on record now, nothing of it was done."
    assert cancelled.what_happened(None, found.evidence, {}) == gone


def test_a_milestone_in_words_is_told_as_unclear_once_its_project_is_settled():
    unclear = promised(pieces_at_least=None, counting="", due_ms=AS_OF_MS + DAY_MS)

    assert broken_promise.in_doubt(facts(promised=[unclear], closed={"maps": ENDED})) == [unclear]
    assert broken_promise.in_doubt(facts(promised=[unclear], closed={"maps": ending(14)})) == []
    assert broken_promise.in_doubt(facts(promised=[unclear])) == []


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ({"payable": 5}, "There is time to settle it, or it goes on after all."),
        ({"received": 5}, "It has been paid."),
        ({"refused": 5}, "A reason was given for each piece of it."),
        ({}, "The record that said so was taken back."),
    ],
)
def test_what_is_not_found_any_more_says_why(where, said):
    assert forfeited.what_happened(None, {}, where) == said
    assert ENDED.settle_by_at_ms + DAY_MS < AS_OF_MS
