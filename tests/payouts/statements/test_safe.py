"""User text: cleaned, capped, and never able to break or slow a statement."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payouts.statements import faces, safe
from tests import effort
from tests.payouts.statements.corpus import HOSTILE

CALLS_PER_CHAR = 8
ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=()), max_size=400)


def is_clean(text: str) -> bool:
    bad = ("Cc", "Cs", "Cn", "Co", "Zl", "Zp")
    return not any(
        unicodedata.category(char) in bad
        or (unicodedata.category(char) == "Cf" and char not in safe.JOINERS)
        for char in text
    )


@given(ANY_TEXT, st.integers(2, 60))
def test_clean_text_is_capped_normal_and_without_controls(text, cap):
    kept = safe.clean(text, cap)

    assert len(kept) <= cap
    assert is_clean(kept)
    assert kept == " ".join(kept.split())
    assert safe.clean(kept, cap) == kept


@given(ANY_TEXT)
def test_what_the_face_lacks_is_replaced(text):
    glyphs = faces.face(faces.REGULAR).face.charToGlyph

    assert all(ord(char) in glyphs for char in faces.shown(safe.clean(text)))


@given(ANY_TEXT, st.integers(20, 200), st.integers(1, 4))
def test_lines_fit_their_room(text, room, most):
    def width(part: str) -> float:
        return faces.width(faces.REGULAR, part, 9)

    lines = safe.wrapped(faces.shown(safe.clean(text)), room, width, most)

    assert 1 <= len(lines) <= most
    assert all(width(line) <= room for line in lines)


def test_wrapped_text_loses_nothing_that_fits():
    text = "You will be answered within 14 days by the people who pay you"

    assert " ".join(safe.wrapped(text, 20, len, 9)) == text


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_cleaning_is_no_more_work_than_its_cap_allows(text):
    cap = 300

    assert effort.calls(lambda: safe.clean(text, cap)) < CALLS_PER_CHAR * safe.WORK_PER_CHAR * cap


def test_joiners_stay_and_overrides_go():
    assert safe.clean("\u06a9\u200c\u06cc \u202eabc") == "\u06a9\u200c\u06cc abc"


def test_no_letter_carries_more_than_three_accents():
    assert safe.clean("x" + "\u0336" * 50) == "x" + "\u0336" * 3
