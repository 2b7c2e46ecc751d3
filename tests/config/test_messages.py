"""The catalogues for translators: what is found, what is kept, what is refused."""

import gettext
import re

import pytest
from babel import UnknownLocaleError

from config import messages

PAGE = """{% load i18n %}<p>{% translate "Owed to you" %}
    {% blocktranslate count n=n %}{{ n }} piece{% plural %}{{ n }} pieces{% endblocktranslate %}
  {% blocktranslate with who=who %}Paid to {{ who }}{% endblocktranslate %}</p>
"""
PYTHON = """_("Nothing is overdue.")
# Translators: a place in a file.
pgettext("file", "line %(line)s")
ngettext_lazy("%(number)s week", "%(number)s weeks", "number")
"""


@pytest.fixture
def root(tmp_path):
    (tmp_path / "payouts/migrations").mkdir(parents=True)
    (tmp_path / "payouts/page.html").write_text(PAGE)
    (tmp_path / "payouts/words.py").write_text(PYTHON)
    (tmp_path / "payouts/migrations/0001.py").write_text('_("Not for people")')
    return tmp_path


def write(root, language):
    return messages.write(root, root / "locale", language)


def po_of(root, language):
    return root / "locale" / language / "LC_MESSAGES" / "django.po"


def translate(root, language, **texts):
    """Write translations into the catalogue, as a translator does."""
    po = po_of(root, language)
    text = po.read_text()
    for said, translated in texts.items():
        found = re.escape(said.replace("_", " "))
        text, count = re.subn(f'(msgid "[^"]*{found}[^"]*"\nmsgstr )""', rf'\1"{translated}"', text)
        assert count == 1
    po.write_text(text)


def test_texts_of_pages_and_of_python_are_found_and_migrations_are_not(root):
    assert {message.id for message in messages.collect(root) if message.id} == {
        "Owed to you",
        ("%(n)s piece", "%(n)s pieces"),
        "Paid to %(who)s",
        "Nothing is overdue.",
        "line %(line)s",
        ("%(number)s week", "%(number)s weeks"),
    }


def test_a_catalogue_has_all_plural_forms_of_its_language_and_notes_for_the_translator(root):
    assert write(root, "pl") == []

    text = po_of(root, "pl").read_text()
    assert "nplurals=3" in text
    assert 'msgstr[2] ""' in text
    assert "#. Translators: a place in a file." in text
    assert "#: payouts/words.py:3" in text


def test_what_was_translated_stays_and_is_compiled(root):
    write(root, "sw")
    translate(root, "sw", Nothing_is_overdue="Hakuna kilichochelewa.")
    (root / "payouts/more.py").write_text('_("Sent")')

    assert write(root, "sw") == []
    assert 'msgid "Sent"' in po_of(root, "sw").read_text()
    with po_of(root, "sw").with_suffix(".mo").open("rb") as file:
        said = gettext.GNUTranslations(file)
    assert said.gettext("Nothing is overdue.") == "Hakuna kilichochelewa."
    assert said.gettext("Owed to you") == "Owed to you"


def test_a_translation_that_lost_its_place_is_refused_and_not_compiled(root):
    write(root, "sw")
    compiled = po_of(root, "sw").with_suffix(".mo").read_bytes()
    translate(root, "sw", Paid_to="Imelipwa kwa %(nani)s", Owed_to_you="Unadaiwa")

    (wrong,) = write(root, "sw")
    assert "Paid to %(who)s" in wrong
    assert po_of(root, "sw").with_suffix(".mo").read_bytes() == compiled


def test_a_language_that_nobody_speaks_is_refused_by_name(root):
    with pytest.raises(UnknownLocaleError, match="xx"):
        write(root, "xx")
