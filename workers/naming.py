"""From what somebody typed to what it names; an error gives the value, the rule and the mend."""

import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import date, datetime
from difflib import get_close_matches
from zoneinfo import available_timezones

from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext

from workers import currencies
from workers.models import Engagement, User, Vendor
from workers.years import FIRST_YEAR, LAST_YEAR

SHOWN = 12  # names in an error
SIGN_IN_NAME = UnicodeUsernameValidator()


class Unknown(ValueError):
    """Nothing goes by this name. `rule` says what was expected, `mend` what to do."""

    def __init__(self, value: str, rule: str, mend: str) -> None:
        super().__init__(f"{value!r}: {rule} {mend}")
        self.value, self.rule, self.mend = value, rule, mend


def vendor_named(text: str) -> Vendor:
    """Return the vendor of this name or slug. Raises Unknown, which names the known ones."""
    vendor = Vendor.objects.filter(name=text).first() or Vendor.objects.filter(slug=text).first()
    if vendor is None:
        known = Vendor.objects.order_by("name").values_list("name", flat=True)
        raise Unknown(
            text, "there is no vendor of this name.", _choose(text, known, "add_vendor NAME")
        )
    return vendor


def user_named(text: str) -> User:
    """Return the user who signs in by this name. Raises Unknown."""
    user = User.objects.filter(username=text).first()
    if user is None:
        known = User.objects.order_by("username").values_list("username", flat=True)
        raise Unknown(text, "nobody signs in by this name.", _choose(text, known, "add_user NAME"))
    return user


def account_named(vendor: Vendor, account: str, source: str | None = None) -> Engagement:
    """Return the vendor's account of this id, on the platform `source` where two have the same.

    Raises Unknown: no such account, or one on several platforms and `source` not given.
    """
    rows = Engagement.objects.filter(vendor=vendor, account=account)
    if source is not None:
        rows = rows.filter(source=source)
    found = list(rows.order_by("source"))
    if len(found) == 1:
        return found[0]
    if found:
        sources = ", ".join(row.source for row in found)
        raise Unknown(account, f"this account is on {sources}.", "Say which: --source NAME.")
    of_vendor = Engagement.objects.filter(vendor=vendor).order_by("account")
    known = of_vendor.values_list("account", flat=True)[:1000]
    mend = _choose(account, known, f"import_work FILE --vendor {vendor.slug}")
    raise Unknown(account, f"{vendor.name} has no such account.", mend)


def currency_named(text: str) -> str:
    """Return an ISO 4217 code. Raises Unknown: three capital letters of a currency, like KES."""
    known = currencies.known()
    if text not in known:
        mend = nearest(text.upper(), sorted(known)) or gettext("Use a code like USD, EUR or KES.")
        raise Unknown(text, gettext("this is not an ISO 4217 currency code."), mend)
    return text


def zone_named(text: str) -> str:
    """Return an IANA time zone. Raises Unknown for a name that is none."""
    known = available_timezones()
    if text not in known:
        mend = nearest(text, known) or "Use a name like UTC or Africa/Nairobi."
        raise Unknown(text, "this is not an IANA time zone.", mend)
    return text


def title_of(text: str) -> str:
    """Return a vendor's name: 1 to 120 printable characters, blanks at its ends dropped."""
    title = text.strip()
    if not 1 <= len(title) <= 120 or not title.isprintable():
        raise Unknown(
            text[:200], "a name has 1 to 120 printable characters.", "Shorten or mend it."
        )
    return title


def sign_in_name(text: str) -> str:
    """Return a name to sign in by, in one spelling (NFKC). Raises Unknown: see the rule below."""
    name = User.normalize_username(text)
    try:
        SIGN_IN_NAME(name)
    except ValidationError:
        name = ""
    if not 1 <= len(name) <= 60:
        rule = gettext(
            "a name to sign in by has 1 to 60 letters, digits and . _ + - @, without blanks."
        )
        raise Unknown(text[:200], rule, gettext("Mend it."))
    return name


def day_written(text: str) -> date:
    """Return a day written as YYYY-MM-DD, of a year that workers/years.py has. Raises Unknown."""
    day = None
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        with suppress(ValueError):
            day = date.fromisoformat(text)
    if day is None:
        mend = gettext("Write it as YYYY-MM-DD, like 2026-10-31.")
        raise Unknown(text[:40], gettext("this is not a day."), mend)
    _require_year(text, day.year)
    return day


def moment_written(text: str) -> datetime:
    """Return a moment written with its offset (RFC 3339), of such a year. Raises Unknown."""
    try:
        at = parse_datetime(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        rule = "this is not a moment with its offset."
        raise Unknown(text[:40], rule, "Write it like 2026-10-31T17:00:00+03:00.")
    _require_year(text, at.year)
    return at


def nearest(text: str, known: Iterable[str]) -> str:
    """Return a question that offers the names most like this one; "" where none is."""
    by_small = {name.lower(): name for name in known}
    near = get_close_matches(text.lower(), by_small, n=3)
    said = gettext("Did you mean %(names)s?")
    return said % {"names": ", ".join(by_small[name] for name in near)} if near else ""


def _require_year(text: str, year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        rule = gettext("years are %(first)s to %(last)s.")
        said = rule % {"first": FIRST_YEAR, "last": LAST_YEAR}
        raise Unknown(text[:40], said, gettext("Correct the year."))


def _choose(text: str, known: Iterable[str], command: str) -> str:
    names = list(known)
    if not names:
        return f"There is none yet: manage.py {command}"
    shown = get_close_matches(text, names, n=3) if len(names) > SHOWN else []
    shown = shown or names[:SHOWN]
    more = f" and {len(names) - len(shown)} more" if len(names) > len(shown) else ""
    return f"Known: {', '.join(shown)}{more}."
