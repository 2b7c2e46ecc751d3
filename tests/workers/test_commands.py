"""Commands that add people: what they print once, and errors that say how to mend them."""

import io
from datetime import UTC, date, datetime

import pytest
from django.core.management import CommandError, call_command
from knox.models import AuthToken

from tests import factories
from workers import claims, currencies, naming
from workers.models import AuditGrant, ClaimCode, Membership, User, Vendor

pytestmark = pytest.mark.django_db


def run(*command):
    out = io.StringIO()
    call_command(*command, stdout=out)
    return out.getvalue()


def test_a_vendor_is_added():
    run("add_vendor", "Café Labels", "--currency", "KES", "--zone", "Africa/Nairobi")

    vendor = Vendor.objects.get()
    assert (vendor.name, vendor.slug) == ("Café Labels", "cafe-labels")
    assert (vendor.currency, vendor.zone) == ("KES", "Africa/Nairobi")


@pytest.mark.parametrize(
    ("names", "slugs"),
    [
        (["Café", "Cafe", "CAFE"], ["cafe", "cafe-2", "cafe-3"]),
        (["株式会社", "有限会社"], ["vendor", "vendor-2"]),
        (["a" * 120, "a" * 119], ["a" * 50, "a" * 50 + "-2"]),
    ],
)
def test_two_vendors_never_share_a_short_name(names, slugs):
    for name in names:
        run("add_vendor", name)

    assert list(Vendor.objects.order_by("pk").values_list("slug", flat=True)) == slugs


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["add_vendor", "Aster Labelling"], "'Aster Labelling' is taken"),
        (["add_vendor", "  "], "1 to 120 printable characters"),
        (["add_vendor", "New", "--zone", "Nairobi"], "Did you mean Africa/Nairobi"),
        (["add_vendor", "New", "--zone", "../etc/passwd"], "Use a name like UTC"),
        (["add_vendor", "New", "--currency", "usd"], "Did you mean USD"),
        (["add_vendor", "New", "--currency", "Q9Q9"], "'Q9Q9': this is not an ISO 4217"),
        (["add_vendor", "New", "--currency", "X" * 3], "'X{3}': this is not an ISO 4217"),
        (["add_vendor", "New", "--currency", "XAG"], "'XAG': this is not an ISO 4217"),
        (["add_vendor", "aster-labelling"], "'aster-labelling' is the short name of Aster"),
        (["add_user", "vera", "--vendor", "Astr"], "Known: Aster Labelling."),
        (["add_user", "taken"], "'taken' is taken"),
        (["add_user", "two words"], "without blanks"),
        (["add_code", "--vendor", "Astr", "--account", "A1"], "no vendor of this name"),
        (["add_code", "--vendor", "aster-labelling", "--account", "A9"], "Known: A1, A2, A2."),
        (["add_code", "--vendor", "Aster Labelling", "--account", "A2"], "Say which: --source"),
        (["add_token", "--user", "nobody"], "Known: taken."),
        (["add_token", "--user", "taken", "--days", "91"], "91: a token lasts 1 to 90 days"),
    ],
)
def test_an_error_says_value_rule_and_mend(command, words):
    vendor = factories.vendor()
    factories.user("taken")
    factories.engagement(vendor, "A1")
    factories.engagement(vendor, "A2", source="mturk")
    factories.engagement(vendor, "A2", source="prolific")

    with pytest.raises(CommandError, match=words):
        run(*command)


@pytest.mark.parametrize("text", ["X" * 3, "XXY", "xau", "XTZ"])
def test_what_is_no_money_is_never_offered_as_a_currency(text):
    with pytest.raises(naming.Unknown) as refusal:
        naming.currency_named(text)

    assert not currencies.NO_MONEY.search(refusal.value.mend)


def test_with_no_vendor_yet_the_error_says_how_to_add_one():
    with pytest.raises(CommandError, match=r"There is none yet: manage\.py add_vendor NAME"):
        run("add_user", "vera", "--vendor", "Aster")


def test_of_many_vendors_the_nearest_are_named():
    for number in range(40):
        factories.vendor(f"Vendor Number {number}")

    with pytest.raises(CommandError, match=r"Known: .*Vendor Number 33.* and \d+ more"):
        run("add_user", "vera", "--vendor", "Vendor Numbr 33")


def test_a_user_gets_a_password_that_is_shown_once():
    vendor = factories.vendor()

    said = run("add_user", "vera", "--vendor", vendor.name)

    user = User.objects.get()
    assert user.check_password(said.split()[-1])
    assert Membership.objects.get().user == user
    assert not user.is_staff


def test_a_password_can_come_over_standard_input(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{factories.PASSWORD}\n"))

    said = run("add_user", "vera", "--password-stdin")

    assert User.objects.get().check_password(factories.PASSWORD)
    assert "Password" not in said


def test_a_password_that_is_too_simple_is_refused(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("12345\n"))

    with pytest.raises(CommandError, match="too short"):
        run("add_user", "vera", "--password-stdin")
    assert not User.objects.exists()


def test_a_code_is_shown_once_and_works():
    account = factories.engagement(factories.vendor(), "A1")

    said = run("add_code", "--vendor", "Aster Labelling", "--account", "A1")

    code = said.split("once: ")[1].split()[0]
    assert ClaimCode.objects.filter(code_sha256=code).count() == 0
    at = ClaimCode.objects.get().created_at
    assert claims.claim(user=factories.user(), code=code, at=at) == account


GRANT = ["add_grant", "--auditor", "ada", "--vendor", "Aster Labelling", "--purpose", "audit"]


def test_a_grant_names_vendors_period_and_end():
    factories.user("ada")
    vendor = factories.vendor()

    run(*GRANT, "--from", "2026-10-01", "--to", "2026-10-31", "--expires", "2099-01-31")

    grant = AuditGrant.objects.get()
    assert list(grant.vendors.all()) == [vendor]
    assert (grant.first_on, grant.last_on) == (date(2026, 10, 1), date(2026, 10, 31))
    assert grant.expires_at == datetime(2099, 2, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (["2026-10-31", "2026-10-01", "2099-01-31"], "before it begins"),
        (["2026-10-01", "2026-10-31", "2001-01-31"], "which is past"),
        (["2026-10-01", "31.10.2026", "2099-01-31"], "Write it as YYYY-MM-DD"),
        (["2026-10-01", "2026-02-30", "2099-01-31"], "'2026-02-30': this is not a day"),
        (["1989-12-31", "2026-10-31", "2099-01-31"], "'1989-12-31': years are 1990 to 2100"),
        (["2026-10-01", "2026-10-31", "9999-12-31"], "'9999-12-31': years are 1990 to 2100"),
    ],
)
def test_a_grant_that_contradicts_itself_is_refused(days, words):
    factories.user("ada")
    factories.vendor()
    first, last, expires = days

    with pytest.raises(CommandError, match=words):
        run(*GRANT, "--from", first, "--to", last, "--expires", expires)
    assert not AuditGrant.objects.exists()


def test_a_token_is_shown_once_and_only_its_hash_is_kept():
    factories.user("vera")

    said = run("add_token", "--user", "vera")

    token = said.split("once: ")[1].split()[0]
    kept = AuthToken.objects.get()
    assert token.startswith("pif_")
    assert token not in f"{kept.digest} {kept.token_key}"
