"""The PDF: the same bytes anywhere, its faces inside, nothing that acts, nothing that fails."""

import hashlib
import os
import re
import subprocess
import sys
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from payouts.statements import data, pdf
from payouts.statements.words import days, week
from tests import effort
from tests.payouts.statements import builders
from tests.payouts.statements.corpus import HOSTILE

MOST_EFFORT = 4  # times that of a statement full of long plain words
ACTS = re.compile(rb"/(URI|JS|JavaScript|Image|Launch|Annots|OpenAction|AA|EmbeddedFiles)\b")
ONE_RENDER = (
    "import django, hashlib; django.setup(); from tests.payouts.statements import builders; "
    "from payouts.statements import pdf; "
    "print(hashlib.sha256(pdf.render(builders.below_the_floor())).hexdigest())"
)


def names_in(document: bytes) -> bytes:
    """Return everything in the PDF outside of its page streams and metadata strings."""
    reader = PdfReader(BytesIO(document), strict=True)
    found = []
    for page in reader.pages:
        found.append(repr({k: v for k, v in page.items() if k not in ("/Contents", "/Parent")}))
        found.append(repr(page["/Resources"].get_object()))
    found.append(repr(list(reader.root_object.items())))
    return " ".join(found).encode(errors="replace")


def text_of(document: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(document)).pages)


@pytest.mark.parametrize(("zone", "seed"), [("Pacific/Kiritimati", "1"), ("America/Lima", "77")])
def test_another_process_zone_and_hash_seed_give_the_same_bytes(zone, seed):
    env = {**os.environ, "TZ": zone, "PYTHONHASHSEED": seed, "LC_ALL": "C"}
    printed = subprocess.run(
        [sys.executable, "-c", ONE_RENDER], env=env, capture_output=True, text=True, check=True
    )
    here = hashlib.sha256(pdf.render(builders.below_the_floor())).hexdigest()

    assert printed.stdout.strip() == here


def test_a_statement_drawn_after_others_has_the_same_bytes():
    first = pdf.render(builders.month())
    pdf.render(builders.with_user_text(builders.month(), "Ż \u0639 other letters first"))

    assert pdf.render(builders.month()) == first


def test_every_face_is_embedded():
    reader = PdfReader(BytesIO(pdf.render(builders.with_user_text(builders.month(), "Zoë Ж Ω"))))
    fonts = {
        str(font.get_object()["/BaseFont"]): font.get_object()
        for page in reader.pages
        for font in page["/Resources"]["/Font"].values()
    }

    assert {name.split("+")[1] for name in fonts} == {"NotoSans-Regular", "NotoSans-Bold"}
    assert all("/FontFile2" in font["/FontDescriptor"] for font in fonts.values())


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_neither_breaks_slows_nor_acts(text):
    statement = builders.with_user_text(builders.month(), text)
    plain = builders.with_user_text(builders.month(), "plain words " * 40)
    document = pdf.render(statement)

    hostile_calls = effort.calls(lambda: pdf.render(statement))
    assert hostile_calls < MOST_EFFORT * effort.calls(lambda: pdf.render(plain))
    assert ACTS.findall(names_in(document)) == []
    assert "453.60 USD" in text_of(document)


@settings(max_examples=25)
@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=200))
def test_any_text_gives_a_readable_statement(text):
    document = pdf.render(builders.with_user_text(builders.month(pieces=9), text))

    assert ACTS.findall(names_in(document)) == []


def test_every_page_says_whose_it_is():
    month = builders.month()
    pages = PdfReader(BytesIO(pdf.render(month))).pages

    for i, page in enumerate(pages, start=1):
        text = page.extract_text()
        assert month.number in text
        assert f"page {i} of {len(pages)}" in text
        assert f"sha256 {data.sha256(month)[:16]}" in text


def test_page_one_says_it_in_words():
    first = PdfReader(BytesIO(pdf.render(builders.month()))).pages[0].extract_text()
    said = " ".join(first.split())

    assert "You worked 29 h 58 min and earned 453.60 USD" in said
    assert "50.40 USD is overdue since 2 Nov 2026" in said
    assert "16 days late" in said


def test_every_piece_of_work_can_be_traced():
    month = builders.month(pieces=200)
    text = " ".join(text_of(pdf.render(month)).split())

    for line in month.lines:
        assert f"{line.external_id} · {line.file}, line {line.line}" in text


def test_letters_without_a_glyph_are_replaced_and_this_is_said():
    arabic = builders.with_user_text(builders.month(pieces=1), HOSTILE["arabic"])
    text = text_of(pdf.render(arabic))

    assert "\ufffd\ufffd\ufffd" in text
    assert "stands for a letter" in text
    assert "stands for a letter" not in text_of(pdf.render(builders.month(pieces=1)))


def test_weeks_and_days_are_named_without_repeating():
    test = builders.month().weeks[0]

    assert week(test.starts_on, test.ends_on) == "28 Sep – 4 Oct"
    assert days(test.starts_on, test.ends_on) == "28 Sep – 4 Oct 2026"
