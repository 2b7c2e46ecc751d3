"""The product's words for translators: collected from templates and Python, kept in config/locale.

    make messages LANGUAGES="sw pt_BR"

writes config/locale/sw/LC_MESSAGES/django.po, keeps what is translated there already, and compiles
it. Needs nothing but Babel, which also knows each language's plural forms. A translation that
loses a placeholder is refused: a page would break on it.
"""

import os
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import django
from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

APPS = ("config", "workers", "ledger", "payouts")
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
    "gettext_noop": None,
}
COMMENTS = ("Translators:",)


def sources(root: Path) -> Iterator[Path]:
    """Yield the files that may hold words for people, in order."""
    for app in APPS:
        for path in sorted((root / app).rglob("*")):
            if path.suffix in (".py", ".html") and "migrations" not in path.parts:
                yield path


def collect(root: Path) -> Catalog:
    """Return every text that can be translated, each with the places where it stands."""
    catalog = Catalog()
    for path in sources(root):
        text = path.read_text()
        if path.suffix == ".html":  # in brackets, as what is left of a page has no indentation
            text = f"({templatize(text, origin=str(path))}\n)"
        found = extract("python", BytesIO(text.encode()), KEYWORDS, COMMENTS)
        for line, message, comments, context in found:
            where = [(path.relative_to(root).as_posix(), line)]
            catalog.add(message, "", where, auto_comments=comments, context=context)
    return catalog


def write(root: Path, folder: Path, language: str) -> list[str]:
    """Write and compile the catalogue of one language; return what is wrong with it.

    language: as folders name it, "sw" or "pt_BR". Nothing is compiled while anything is wrong.
    Raises babel.UnknownLocaleError for a language of which no plural forms are known.
    """
    locale = Locale.parse(language)
    po = folder / language / "LC_MESSAGES" / "django.po"
    about = f"# Paid in Full in {locale.english_name}."
    catalog = Catalog(locale, project="Paid in Full", header_comment=about, fuzzy=False)
    if po.exists():
        catalog = read_po(BytesIO(po.read_bytes()), locale=locale)
    catalog.update(collect(root), update_creation_date=False)
    po.parent.mkdir(parents=True, exist_ok=True)
    with po.open("wb") as file:
        write_po(file, catalog, sort_by_file=True, ignore_obsolete=True)
    wrong = [
        f"{message.id!r}: {error}"
        for message, errors in catalog.check()
        for error in errors
        if any(message.string or ())  # what is not translated yet is said in English
    ]
    if not wrong:
        with po.with_suffix(".mo").open("wb") as file:
            write_mo(file, catalog)
    return wrong


def main(languages: list[str]) -> int:
    """Write the catalogues of these languages. Return 0 where all of them are sound."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    if not languages:
        print('Say which language: make messages LANGUAGES="sw"')
        return 2
    code = 0
    for language in languages:
        try:
            wrong = write(settings.BASE_DIR, settings.LOCALE_PATHS[0], language)
        except (UnknownLocaleError, ValueError) as error:
            wrong = [f"{error} Name it as Babel does: sw, pt_BR."]
        for one in wrong:
            print(f"{language}: {one}")
        if not wrong:
            print(f"{language}: written to {settings.LOCALE_PATHS[0] / language}")
        code = code or int(bool(wrong))
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
