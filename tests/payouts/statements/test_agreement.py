"""PDF, page and data file say the same: every amount of each is in the others."""

import json
import re
from html.parser import HTMLParser
from io import BytesIO

import pytest
from django.conf import settings
from django.template import Context, Engine
from pypdf import PdfReader

from payouts.statements import data, pdf
from payouts.statements.page import page_context
from tests.payouts.statements import builders
from tests.payouts.statements.corpus import HOSTILE

AMOUNT = re.compile(r"(?<![\w.])\d+\.\d{2,6}(?![\w.])")
BASE = "{% block title %}{% endblock %}{% block content %}{% endblock %}"
ENGINE = Engine(  # the statement alone, without the site's frame
    loaders=[
        ("django.template.loaders.locmem.Loader", {"base.html": BASE}),
        ("django.template.loaders.filesystem.Loader", [settings.BASE_DIR / "payouts/templates"]),
    ],
    libraries={
        "i18n": "django.templatetags.i18n",
        "static": "django.templatetags.static",
        "l10n": "django.templatetags.l10n",
    },
)
CASES = {
    "month": builders.month(),
    "month with fractions of a cent": builders.month(pay_micros=8_412_345),
    "empty month": builders.empty_month(),
    "below the floor": builders.below_the_floor(),
}


class Page(HTMLParser):
    """Texts and tags of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, text):
        self.texts.append(text)


def html_of(statement):
    template = ENGINE.get_template("payouts/statement.html")
    return template.render(Context(page_context(statement)))


def amounts_of_pdf(statement):
    pages = PdfReader(BytesIO(pdf.render(statement))).pages
    return set(AMOUNT.findall("\n".join(page.extract_text() for page in pages)))


def amounts_of_page(statement):
    return set(AMOUNT.findall("\n".join(Page(html_of(statement)).texts)))


def amounts_of_data_file(statement):
    found = set()

    def walk(value):
        if isinstance(value, dict):
            [walk(part) for part in value.values()]
        elif isinstance(value, list):
            [walk(part) for part in value]
        elif isinstance(value, str) and AMOUNT.fullmatch(value.lstrip("-")):
            found.add(value.lstrip("-"))

    walk(json.loads(data.to_json(statement)))
    return found


@pytest.mark.parametrize("statement", CASES.values(), ids=CASES.keys())
def test_pdf_page_and_data_file_have_the_same_amounts(statement):
    in_data = amounts_of_data_file(statement)

    assert amounts_of_pdf(statement) == amounts_of_page(statement)
    assert amounts_of_pdf(statement) - {"0.00"} == in_data - {"0.00"}


@pytest.mark.parametrize("statement", CASES.values(), ids=CASES.keys())
def test_the_page_has_every_sentence_of_the_first_page(statement):
    pages = PdfReader(BytesIO(pdf.render(statement))).pages
    paper = "".join("".join(page.extract_text().split()) for page in pages)
    context = page_context(statement)
    html = " ".join(" ".join(Page(html_of(statement)).texts).split())

    for sentence in (*context["lead"], *context["detail"]):
        assert "".join(sentence.text.split()) in paper
        assert "".join(sentence.text.split()) in "".join(html.split())


def test_the_page_can_be_read_without_seeing_it():
    page = Page(html_of(builders.month()))
    headings = [attrs for tag, attrs in page.tags if tag == "th"]
    (picture,) = [attrs for tag, attrs in page.tags if tag == "svg"]
    tables = [tag for tag, _ in page.tags if tag == "table"]

    assert all(attrs.get("scope") in ("row", "col") for attrs in headings)
    assert len([tag for tag, _ in page.tags if tag == "caption"]) == len(tables)
    assert picture["role"] == "img"
    assert "floor of 15.00 USD" in (picture["aria-label"] or "")
    assert not [tag for tag, _ in page.tags if tag in ("script", "style", "img", "a")]
    assert not [attrs for _, attrs in page.tags if "style" in attrs]


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_user_text_adds_no_tag_to_the_page(text):
    plain = Page(html_of(builders.with_user_text(builders.month(pieces=9), "x")))
    hostile = Page(html_of(builders.with_user_text(builders.month(pieces=9), text)))

    assert {tag for tag, _ in hostile.tags} <= {tag for tag, _ in plain.tags} | {"small"}
    assert not [attrs for _, attrs in hostile.tags if "onclick" in attrs]
