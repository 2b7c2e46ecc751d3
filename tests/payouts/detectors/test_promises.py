"""W11: bonuses that were promised, and W32 where nobody can tell whether they were earned."""

import pytest

from ledger.promising import Pieces
from payouts.detectors import broken_promise, judge, record_gap
from tests.payouts.detectors.builders import (
    AS_OF_MS,
    DAY_MS,
    DOLLAR,
    facts,
    promised,
    week,
)


def stakes_of(*promises):
    found = broken_promise.detect(facts(promised=promises))
    return [one.stake_micros / DOLLAR for one in found]


@pytest.mark.parametrize(
    ("given", "stake"),
    [
        pytest.param({}, [5], id="met and not awarded"),
        pytest.param({"awarded": 5}, [], id="awarded"),
        pytest.param({"awarded": 2}, [3], id="half of it was awarded"),
        pytest.param({"pieces": Pieces(approved=2)}, [], id="not met"),
        pytest.param({"pieces": Pieces(approved=2, undecided=1)}, [], id="undecided work decides"),
        pytest.param({"pieces": Pieces(approved=2, refused=1)}, [], id="refused"),
        pytest.param(
            {"pieces": Pieces(approved=2, refused=1), "counting": "submitted"},
            [5],
            id="refused work was handed in all the same",
        ),
        pytest.param({"pieces_at_least": None, "counting": ""}, [], id="unclear words"),
        pytest.param({"due_ms": AS_OF_MS}, [5], id="its last day is over"),
        pytest.param({"due_ms": AS_OF_MS + 1}, [], id="its last day is not over"),
    ],
)
def test_a_promise_is_kept_when_its_condition_is_met(given, stake):
    assert stakes_of(promised(**given)) == stake


def test_each_promise_is_a_question_of_its_own():
    assert stakes_of(promised(1, name="hundred"), promised(2, name="thousand")) == [5, 5]


def test_it_is_said_in_words_with_the_promise_as_it_was_made():
    (found,) = broken_promise.detect(facts(promised=[promised(awarded=2)]))

    said = broken_promise.sentence(stake_micros=0, currency="USD", evidence=found.evidence)

    assert said == (
        "project maps, three maps: 5.00 USD for 3 pieces approved by 25 Oct 2026; "
        "3 done, 2.00 USD awarded"
    )
    assert found.evidence["text"] == "Three maps a month: five dollars more."


def test_a_bonus_would_have_lifted_the_week_so_its_money_counts_once():
    """The promise is for four weeks, so a quarter of it lies in each."""
    begin = week().start_ms
    four_weeks = promised(first_ms=begin, after_ms=begin + 28 * DAY_MS)

    found = {one.code: one.stake_micros / DOLLAR for one in judge(
        facts(promised=[four_weeks], weeks=[week(earned=28)])
    )}  # fmt: skip

    assert found == {"W11": 5, "W28": 2 - 5 / 4}


def unchecked(*accounts):
    added_up = record_gap.Unchecked()
    for promises in accounts:
        added_up.add(facts(promised=promises))
    return record_gap.Unchecked.from_json(added_up.as_json())


def test_what_nobody_can_tell_is_counted_by_promise():
    undecided = promised(pieces=Pieces(undecided=3))
    unclear = promised(2, name="good work", pieces_at_least=None, counting="")
    open_still = {"pieces": Pieces(undecided=3)}
    is_kept = promised(awarded=5, **open_still)
    is_early = promised(due_ms=AS_OF_MS + 1, **open_still)

    one = unchecked([undecided, unclear], [undecided], [is_kept], [is_early], [promised()])

    assert one.doubts() == {"conditions": {"of": {"good work": 1, "three maps": 2}}}
    assert unchecked([is_kept]).doubts() == {}


@pytest.mark.parametrize(
    ("account", "said"),
    [
        (facts(promised=[promised(awarded=5)]), "It has been awarded."),
        (facts(), "With what is on record now, what it asked for was not done."),
        (None, "With what is on record now, what it asked for was not done."),
    ],
)
def test_a_promise_that_is_not_found_any_more_says_why(account, said):
    assert broken_promise.what_happened(account, {"promise": "three maps"}, {}) == said
