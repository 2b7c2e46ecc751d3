"""A language in which every text is its own, marked: what is not marked is not translated.

The catalogue is made by the code that makes it for translators, of the texts that it finds; so a
text that it does not find is bare, as it would be in a real language. Places in a text are left
outside of the marks: what is put into them has to be marked by itself, or be data. The language
bears the name of Polish, which has three plural forms and a decimal comma.
"""

import json
import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import Any

import django
from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.apps import apps
from django.conf import settings
from django.db import models

from config import messages
from payouts.statements.safe import clean

NAME = "pl"
OWN = Path(django.__file__).parent
OF_DJANGO = ("conf", "contrib/auth")  # whose texts pages show: forms, passwords, months
LEFT_ALONE = re.compile(r"(%\(\w+\)[a-z]|%[a-z%]|<[^>]*>|&\w+;|\{\w*\})")
LETTER = re.compile(r"[^\W\d_]")
MARKED = re.compile(r"«[^«»]*(?:»|…)")
SPOKEN = ("aria-label", "title", "placeholder", "alt")
UNSEEN = ("script", "style", "code", "textarea")
CAPS = (40, 60, 80, 120, 300)  # at which pages cut what users wrote
# Columns and keys that hold a code: a page says it in words.
CODES = {
    "account", "choice", "closed_as", "code", "codes", "counting", "decided_as", "direction",
    "ended_as", "format", "happening", "how", "kind", "matched_by", "measure", "measured_by",
    "method", "move", "on_call", "order", "outcome", "pay_cycle", "received_verdict", "record",
    "resolution", "role", "rules", "schema", "state", "status", "target", "verdict", "what",
}  # fmt: skip
SAID_BY_CHECKS = ("FlagEvent.reason", "Transfer.source", "Flag.resolution")
NAMES = ("Engagement.account", "Entry.what", "SettlementParty.account", "SettlementFile.format")
CODE = re.compile(r"[A-Z]{3}|W\d\d|SHA-256|UTC|[0-9a-f]{8,}…?|[0-9a-f-]{36}|\d\w*")


def marked(text: str) -> str:
    """Return a text with all of its words marked, its places not.

    >>> marked("Account %(account)s at <b>%(vendor)s</b>")
    '«Account »%(account)s« at »<b>%(vendor)s</b>'
    """
    parts = LEFT_ALONE.split(text)
    return "".join(
        f"«{part}»" if n % 2 == 0 and LETTER.search(part) else part for n, part in enumerate(parts)
    )


def write(folder: Path) -> None:
    """Write the catalogue where Django looks for the language below `folder`."""
    catalog = Catalog(locale=Locale(NAME))
    django_own = (
        read_po(BytesIO((OWN / part / "locale/en/LC_MESSAGES/django.po").read_bytes()))
        for part in OF_DJANGO
    )
    for found in (*django_own, messages.collect(settings.BASE_DIR)):
        for message in found:
            if isinstance(message.id, tuple):
                one, many = map(marked, message.id)
                catalog.add(message.id, (one, *[many] * (catalog.num_plurals - 1)),
                            context=message.context)  # fmt: skip
            elif message.id:
                catalog.add(message.id, marked(str(message.id)), context=message.context)
    path = folder / NAME / "LC_MESSAGES" / "django.mo"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        write_mo(file, catalog)


class Visible(HTMLParser):
    """The texts of a page that somebody sees or hears."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.inside: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in UNSEEN:
            self.inside.append(tag)
        self.texts += [value for name, value in attrs if name in SPOKEN and value]

    def handle_endtag(self, tag: str) -> None:
        if self.inside and tag == self.inside[-1]:
            self.inside.pop()

    def handle_data(self, text: str) -> None:
        if not self.inside:
            self.texts.append(" ".join(text.split()))


class Data:
    """What is on record, as pages show it: names, ids, words that people wrote."""

    def __init__(self) -> None:
        names = {str(name) for name in Locale(NAME).territories.values()}
        for value in (*names, *_values()):
            names |= {value, *(clean(value, cap) for cap in CAPS)}
        self.words = {name.strip(".,:;()") for name in names if " " not in name}
        phrases = sorted((name for name in names if " " in name), key=len, reverse=True)
        self.phrases = re.compile("|".join(map(re.escape, phrases)))

    def bare(self, text: str) -> list[str]:
        """Return the words of a text that are neither marked nor on record."""
        left = self.phrases.sub(" ", MARKED.sub(" ", text))
        found = (word.strip(".,:;()·–−+-✓⚠%“”?!/") for word in left.split())
        return [
            word
            for word in found
            if LETTER.search(word) and word not in self.words and not CODE.fullmatch(word)
        ]


def _values() -> Iterator[str]:
    """Yield every text in the database but for codes and for what checks left."""
    for label in ("workers", "ledger", "payouts"):
        for model in apps.get_app_config(label).get_models():
            for field in model._meta.fields:
                name = f"{model.__name__}.{field.name}"
                is_code = field.name in CODES and name not in NAMES
                if is_code or name in SAID_BY_CHECKS or field.is_relation:
                    continue
                if isinstance(field, models.CharField | models.TextField | models.JSONField):
                    yield from _leaves(_column(model, field.name))


def _column(model: type[models.Model], name: str) -> Iterable[Any]:
    rows = model._base_manager.order_by().values_list(name, flat=True)
    return rows if name in ("evidence", "data") else rows.distinct()


def _leaves(value: Any, key: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, one in value.items():
            yield from _leaves(one, name)
    elif isinstance(value, str):
        if value.startswith("{"):
            yield from _leaves(json.loads(value))
        elif key not in CODES and LETTER.search(value):
            yield value
    elif isinstance(value, Iterable) and not isinstance(value, bytes):
        for one in value:
            yield from _leaves(one, key)
