"""Every template can be translated: no word is bare. What Python says: tests/web/test_words.py."""

import re

import pytest

from config import messages
from tests.repository.tree import ROOT

TEMPLATES = [path for path in messages.sources(ROOT) if path.suffix == ".html"]
TRANSLATED = re.compile(
    r"\{% block width %\}wide\{% endblock %\}|\{% blocktranslate.*?%\}.*?\{% endblocktranslate %\}"
    r"|\{%.*?%\}|\{\{.*?\}\}",
    re.DOTALL,
)
TAG = re.compile(r"<[^>]*>", re.DOTALL)
SPOKEN = re.compile(r"""(?:aria-label|title|placeholder|alt)="([^"]*)\"""")
HALF = re.compile(r"""\{% translate "[^"]*\w" %\} \{\{""")  # the figure may come first elsewhere


@pytest.mark.parametrize(
    "path", TEMPLATES, ids=lambda path: path.relative_to(ROOT).as_posix().replace("/templates", "")
)
def test_every_word_of_a_page_can_be_translated(path):
    left = TRANSLATED.sub("", path.read_text())

    assert not HALF.findall(path.read_text()), "one blocktranslate holds words and figure"
    assert not re.search(r"[^\W\d_]", TAG.sub("", left)), TAG.sub("", left).split()
    assert not [said for said in SPOKEN.findall(left) if re.search(r"[^\W\d_]", said)]


def test_a_bare_word_is_found():
    left = TRANSLATED.sub("", '<p>Bare {% translate "word" %} {{ name }}</p>')

    assert TAG.sub("", left).split() == ["Bare"]
