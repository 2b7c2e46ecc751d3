"""The pages of the private record and of questions can be translated: no word stands bare."""

import re

import pytest

from tests.repository.tree import ROOT

FOLDERS = ("evidence", "disputes")
TEMPLATES = sorted(
    path for folder in FOLDERS for path in (ROOT / "payouts" / "templates" / folder).glob("*.html")
)
TRANSLATED = re.compile(
    r"\{% blocktranslate.*?%\}.*?\{% endblocktranslate %\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL
)
TAG = re.compile(r"<[^>]*>", re.DOTALL)
SPOKEN = re.compile(r"""(?:aria-label|title|placeholder|alt)="([^"]*)\"""")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_word_of_a_page_can_be_translated(path):
    left = TRANSLATED.sub("", path.read_text())

    assert not re.search(r"[^\W\d_]", TAG.sub("", left)), TAG.sub("", left).split()
    assert not [said for said in SPOKEN.findall(left) if re.search(r"[^\W\d_]", said)]


def test_a_bare_word_is_found():
    left = TRANSLATED.sub("", '<p>Bare {% translate "word" %} {{ name }}</p>')

    assert TAG.sub("", left).split() == ["Bare"]
