"""All texts can be translated: the pages in a language that marks every word of its catalogue."""

import pytest
from django.test import Client
from django.utils import translation

from payouts.models import Statement
from payouts.statements import data, issue, pdf
from tests.web import pseudo_locale
from tests.web.test_browser import addresses

pytestmark = pytest.mark.django_db
REFUSED = {  # what a form or a button answers, where it says no
    "sign in": ("", "/sign-in/", {"username": "nobody", "password": "wrong"}),
    "join": ("", "/join/", {"pseudonym": "owed", "password": "short", "code": "x"}),
    "a code": ("owed", "/accounts/", {"code": "K7QX2-M9RTD"}),
    "an entry": ("low", "/pay/log/", {"started_at": "x", "ended_at": "", "promised": "1,5"}),
    "an import": ("vera", "{v}imports/", {"exported_at": "x", "complete_until": "y"}),
    "a bank's file": ("vera", "{v}settlement/add/", {}),
    "a run": ("vera", "{v}runs/draft/", {"period": "2026-10"}),
    "a month": ("vera", "{v}runs/draft/", {"period": "7"}),
    "a fee": ("vera", "{v}fees/set/", {"method": "7", "from_on": "2026-10-01"}),
    "accounts": ("vera", "{v}settlement/accounts/declare/", {"from_on": "7"}),
    "gaps": ("vera", "{v}top-ups/close/", {"period": "2026-10", "digest": "x"}),
    "a scan": ("vera", "{v}flags/scan/", {}),
}


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory):
    folder = tmp_path_factory.mktemp("locale")
    pseudo_locale.write(folder)
    return folder


@pytest.fixture
def marked(catalogue, settings):
    """The site in the language that marks its words; browsers ask for it."""
    settings.LOCALE_PATHS = [catalogue]
    settings.LANGUAGES = [("en", "English"), (pseudo_locale.NAME, "Marked")]
    return {"accept-language": pseudo_locale.NAME}


def visitor(site, name, headers):
    client = Client(headers=headers, raise_request_exception=True)
    if name:
        client.force_login(site.users[name])
    return client


def bare_in(pages):
    """Return the bare words of pages, by name. pages: (name, answer)."""
    known = pseudo_locale.Data()
    found = {}
    for name, answer in pages:
        texts = pseudo_locale.Visible(answer.content.decode()).texts
        words = sorted({word for text in texts for word in known.bare(text)})
        if words or not any("«" in text for text in texts):
            found[name] = words
    return found


def test_no_word_of_any_page_is_bare(site, marked):
    pages = [
        (name, visitor(site, user, marked).get(address))
        for name, (user, address, _) in addresses(site).items()
    ]

    assert len(pages) > 50
    assert bare_in(pages) == {}


def test_no_word_of_a_refusal_is_bare(site, marked):
    v = f"/v/{site.vendor.slug}/"
    pages = []
    for name, (user, address, given) in REFUSED.items():
        answer = visitor(site, user, marked).post(address.format(v=v), given, follow=True)
        pages.append((name, answer))

    assert bare_in(pages) == {}


@pytest.mark.parametrize("address", ["/nowhere/", "/pay/log/00000000-0000-0000-0000-000000000000/"])
def test_no_word_of_an_error_is_bare(site, marked, address):
    client = visitor(site, "low", marked)

    assert bare_in([(address, client.get(address))]) == {}


def test_a_bare_word_is_found(site):
    known = pseudo_locale.Data()

    assert known.bare("«Account »ACC-1 at « a vendor»") == ["ACC-1", "at"]
    assert known.bare(f"{site.vendor.name}: 12.50 USD, W01") == []


def test_the_language_of_the_reader_is_said_and_told_to_caches(site, marked):
    page = visitor(site, "owed", marked).get("/pay/")

    assert page["Content-Language"] == pseudo_locale.NAME
    assert "Accept-Language" in page["Vary"]
    assert f'<html lang="{pseudo_locale.NAME}" dir="ltr">' in page.content.decode()


def test_who_asks_for_a_language_that_is_not_there_reads_english(site):
    page = visitor(site, "owed", {"accept-language": "sw, fr;q=0.5"}).get("/pay/")

    assert page["Content-Language"] == "en"


def test_what_a_statement_keeps_does_not_hang_on_the_language_of_whoever_issues_it(site, marked):
    issued = Statement.objects.filter(vendor=site.vendor, period="2026-10")
    accounts = [one.engagement for one in issued.select_related("engagement")]
    with translation.override(pseudo_locale.NAME):
        again = issue.issue(
            vendor=site.vendor,
            engagements=accounts,
            period=issue.periods.month("2026-10"),
            by=None,
            at=site.as_of,
        )

    assert (again.unchanged, again.new, again.corrections) == (len(accounts), [], [])


def test_the_paper_is_in_the_language_of_the_reader_and_always_the_same_bytes(site, marked):
    statement = data.from_json(Statement.objects.filter(vendor=site.vendor).latest("pk").data)
    with translation.override(pseudo_locale.NAME):
        marked_once, marked_again = pdf.render(statement), pdf.render(statement)
    english = pdf.render(statement)

    assert marked_once == marked_again
    assert marked_once != english == pdf.render(statement)
