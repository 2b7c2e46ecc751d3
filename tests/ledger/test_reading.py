"""Time of reading that nobody measured: estimated, with its basis, and never beside a measure."""

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import promising, reading
from ledger.promising import MET, NOT_MET, OPEN, UNCLEAR, Pieces
from ledger.reading import Measured, Version, Worked, estimate, read_by

FIRST = Version(1, "boats", "", "guide", 1, "instructions", 2380, None, None, True, 100, 200)
SECOND = FIRST._replace(id=2, version=2, words=4760, fresh_words=238, from_ms=200, until_ms=None)
OTHER = FIRST._replace(id=3, name="glossary")
MINUTE_MS = 60_000
BOTH = (Worked("boats", "boxes", 120, 250),)


def minutes(versions=(FIRST, SECOND), worked=BOTH, measured=()):
    """Return the versions that were read and not measured, each with its minutes."""
    found = read_by(versions, worked=worked, measured=measured)
    return [
        (one.version.version, one.estimate.time_ms // MINUTE_MS)
        for one in found
        if not one.is_measured
    ]


def test_each_version_is_read_once_and_of_the_later_one_what_is_new():
    assert minutes() == [(1, 10), (2, 1)]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        pytest.param({"worked": ()}, [], id="no work, nothing to read"),
        pytest.param({"worked": [Worked("cars", "boxes", 120, 250)]}, [], id="another project"),
        pytest.param({"worked": [Worked("boats", "boxes", 120, 150)]}, [(1, 10)],
                     id="it left before the second version"),
        pytest.param({"worked": [Worked("boats", "boxes", 220, 250)]}, [(2, 20)],
                     id="it came with the second version and reads all of it"),
        pytest.param({"versions": [FIRST._replace(required=False)]}, [], id="nobody has to"),
        pytest.param({"versions": [FIRST._replace(task_type="lines")]}, [], id="of another task"),
        pytest.param({"versions": [SECOND._replace(fresh_words=None)]}, [(2, 20)],
                     id="nobody counted what is new"),
        pytest.param({"versions": [FIRST._replace(words=None, pages=5)]}, [(1, 10)],
                     id="pages of 500 words"),
        pytest.param({"measured": [Measured("boats", "", "instructions", 50)]}, [(2, 1)],
                     id="the first was measured, before the work began"),
        pytest.param({"measured": [Measured("boats", "", "instructions", 210)]}, [(1, 10)],
                     id="the second was measured"),
        pytest.param({"measured": [Measured("boats", "", "training", 110)]}, [(1, 10), (2, 1)],
                     id="training is no reading of instructions"),
        pytest.param({"versions": [FIRST._replace(kind="training")],
                      "measured": [Measured("boats", "", "qualification", 110)]}, [],
                     id="a qualification shows a course"),
        pytest.param({"versions": [FIRST, OTHER],
                      "measured": [Measured("boats", "glossary", "instructions", 110)]}, [(1, 10)],
                     id="a row that names another text measures that one"),
        pytest.param({"versions": [FIRST, OTHER],
                      "measured": [Measured("boats", "boxes", "instructions", 110)]}, [],
                     id="a row that names none may be of both"),
    ],
)  # fmt: skip
def test_what_is_estimated(changed, expected):
    assert minutes(**changed) == expected


@pytest.mark.parametrize(
    ("first_ms", "expected"),
    [
        pytest.param(120, [(1, False, 120), (2, True, 200)], id="it came with the first"),
        pytest.param(90, [(1, False, 100), (2, True, 200)], id="and had worked before that"),
        pytest.param(220, [(2, False, 220)], id="the second is no change to it"),
    ],
)
def test_a_version_is_a_change_to_whoever_worked_before_it(first_ms, expected):
    found = read_by([FIRST, SECOND], worked=[Worked("boats", "boxes", first_ms, 250)], measured=[])
    assert [(one.version.version, one.read_before, one.at_ms) for one in found] == expected


@given(st.integers(1, 10**7))
def test_an_estimate_covers_every_word_and_no_whole_one_more(words):
    one = estimate(FIRST._replace(words=words), read_before=False)
    assert one.time_ms * reading.WORDS_A_MINUTE >= words * MINUTE_MS
    assert (one.time_ms - 1) * reading.WORDS_A_MINUTE < words * MINUTE_MS
    assert one.basis == f"{words} words, read at 238 words a minute"


@pytest.mark.parametrize(
    ("counting", "pieces", "expected"),
    [
        ("approved", Pieces(approved=3), MET),
        ("approved", Pieces(approved=2, undecided=1), OPEN),
        ("approved", Pieces(approved=2, refused=9), NOT_MET),
        ("submitted", Pieces(approved=1, undecided=1, refused=1), MET),
        ("submitted", Pieces(approved=2), NOT_MET),
    ],
)
def test_a_promise_is_met_by_what_it_counts(counting, pieces, expected):
    assert promising.standing(counting=counting, pieces_at_least=3, pieces=pieces) == expected


def test_words_that_give_no_number_are_unclear_whatever_was_done():
    pieces = Pieces(approved=1000)
    assert promising.standing(counting="", pieces_at_least=None, pieces=pieces) == UNCLEAR


@pytest.mark.parametrize("module", [reading, promising])
def test_the_examples_in_the_docstrings_run(module):
    assert doctest.testmod(module).failed == 0
