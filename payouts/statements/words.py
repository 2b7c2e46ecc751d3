"""The statement's plain words for single values: money, time, dates, numbers of things.

PDF and page take every word from here, codes.py, opening.py and sections.py, so they say the same.
All of it is said in the language of whoever reads; what is kept for good, in English (D-154).
"""

from collections.abc import Iterable
from datetime import date
from functools import reduce
from typing import Any

from django.utils import dates
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext_lazy, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from ledger.money import format_amount
from payouts.statements.canonical import instant
from payouts.statements.figures import Span

# Translators: the twelve months, short.
MONTHS = (
    pgettext_lazy("month", "Jan"),
    pgettext_lazy("month", "Feb"),
    pgettext_lazy("month", "Mar"),
    pgettext_lazy("month", "Apr"),
    pgettext_lazy("month", "May"),
    pgettext_lazy("month", "Jun"),
    pgettext_lazy("month", "Jul"),
    pgettext_lazy("month", "Aug"),
    pgettext_lazy("month", "Sep"),
    pgettext_lazy("month", "Oct"),
    pgettext_lazy("month", "Nov"),
    pgettext_lazy("month", "Dec"),
)
MINUS = "\u2212"
UNKNOWN = _("not known")
BETWEEN = _("%(low)s to %(high)s")
MS_PER_SECOND, MS_PER_MINUTE, MS_PER_HOUR = 1_000, 60_000, 3_600_000

COUNTED: dict[str, tuple[Promise, Promise]] = {
    "account": (
        _("no accounts"),
        ngettext_lazy("%(number)s account", "%(number)s accounts", "number"),
    ),
    "check": (
        _("no checks"),
        ngettext_lazy("%(number)s check", "%(number)s checks", "number"),
    ),
    "entry": (
        _("no entries"),
        ngettext_lazy("%(number)s entry", "%(number)s entries", "number"),
    ),
    "flag": (
        _("no flags"),
        ngettext_lazy("%(number)s flag", "%(number)s flags", "number"),
    ),
    "payment": (
        _("no payments"),
        ngettext_lazy("%(number)s payment", "%(number)s payments", "number"),
    ),
    "piece": (
        _("no pieces"),
        ngettext_lazy("%(number)s piece", "%(number)s pieces", "number"),
    ),
    "question": (
        _("no questions"),
        ngettext_lazy("%(number)s question", "%(number)s questions", "number"),
    ),
    "statement": (
        _("no statements"),
        ngettext_lazy("%(number)s statement", "%(number)s statements", "number"),
    ),
    "week": (
        _("no weeks"),
        ngettext_lazy("%(number)s week", "%(number)s weeks", "number"),
    ),
    "worker": (
        _("no workers"),
        ngettext_lazy("%(number)s worker", "%(number)s workers", "number"),
    ),
    "worker-week": (
        _("no worker-weeks"),
        ngettext_lazy("%(number)s worker-week", "%(number)s worker-weeks", "number"),
    ),
    "day": (
        _("no days"),
        ngettext_lazy("%(number)s day", "%(number)s days", "number"),
    ),
}


def amount(micros: int | None) -> str:
    """Return an amount without its currency, exactly; the minus is a real one.

    >>> amount(38_400_000), amount(-1_500_000), amount(None)
    ('38.40', '−1.50', 'not known')
    """
    return str(UNKNOWN) if micros is None else format_amount(micros).replace("-", MINUS)


def money(micros: int | None, currency: str) -> str:
    """Return an amount with its currency's code: "38.40 USD"."""
    return str(UNKNOWN) if micros is None else f"{amount(micros)} {currency}"


def duration(ms: int | None) -> str:
    """Return a time in words: to the nearest minute, under an hour to the nearest second.

    >>> duration(112_800_000), duration(725_000), duration(3_599_900), duration(0)
    ('31 h 20 min', '12 min 5 s', '1 h 0 min', '0 min')
    """
    if ms is None:
        return str(UNKNOWN)
    seconds = (ms + MS_PER_SECOND // 2) // MS_PER_SECOND
    if seconds >= 3_600:
        return hours_and_minutes((ms + MS_PER_MINUTE // 2) // MS_PER_MINUTE)
    minutes, seconds = divmod(seconds, 60)
    if minutes and seconds:
        said = gettext("%(minutes)s min %(seconds)s s")
    else:
        said = gettext("%(seconds)s s") if seconds else gettext("%(minutes)s min")
    return said % {"minutes": minutes, "seconds": seconds}


def hours_and_minutes(minutes: int) -> str:
    """Return so many minutes as "31 h 20 min"."""
    return gettext("%(hours)s h %(minutes)s min") % {
        "hours": minutes // 60,
        "minutes": minutes % 60,
    }


def span(time: Span) -> str:
    """Return a time that may be uncertain: "31 h 20 min", or "29 h 5 min to 31 h 20 min".

    >>> span(Span(3_600_000, 3_600_000)), span(Span(0, 3_600_000))
    ('1 h 0 min', '0 min to 1 h 0 min')
    """
    low, high = duration(time.low_ms), duration(time.high_ms)
    return high if low == high else between(low, high)


def between(low: str, high: str) -> str:
    """Return two figures as the bounds of one: "1.20 to 3.40"."""
    return str(BETWEEN % {"low": low, "high": high})


def day(on: date | None, missing: str | Promise = UNKNOWN) -> str:
    """Return a date in words: "2 Nov 2026"."""
    if on is None:
        return str(missing)
    # Translators: a date, like 2 Nov 2026.
    return gettext("%(day)s %(month)s %(year)s") % {
        "day": on.day,
        "month": MONTHS[on.month - 1],
        "year": on.year,
    }


def day_of_year(on: date) -> str:
    """Return a date without its year: "2 Nov"."""
    return gettext("%(day)s %(month)s") % {"day": on.day, "month": MONTHS[on.month - 1]}


def month(on: date) -> str:
    """Return the month of a day: "Nov 2026"."""
    return gettext("%(month)s %(year)s") % {"month": MONTHS[on.month - 1], "year": on.year}


def month_in_full(on: date) -> str:
    """Return the month of a day with its whole name: "November 2026"."""
    return gettext("%(month)s %(year)s") % {"month": dates.MONTHS[on.month], "year": on.year}


def days(first: date, last: date) -> str:
    """Return two dates as one span, saying nothing twice: "26 Oct – 1 Nov 2026".

    >>> days(date(2026, 10, 5), date(2026, 10, 11)), days(date(2026, 12, 28), date(2027, 1, 3))
    ('5 – 11 Oct 2026', '28 Dec 2026 – 3 Jan 2027')
    """
    if first.year != last.year:
        return gettext("%(first)s – %(last)s") % {"first": day(first), "last": day(last)}
    if first.month != last.month:
        # Translators: two dates of one year, like 26 Oct – 1 Nov 2026.
        said = gettext("%(first)s %(first_month)s – %(last)s %(last_month)s %(year)s")
    else:
        said = gettext("%(first)s – %(last)s %(last_month)s %(year)s")
    return said % _parts(first, last)


def week(first: date, last: date) -> str:
    """Return a week without its year: "5 – 11 Oct".

    >>> week(date(2026, 10, 26), date(2026, 11, 1))
    '26 Oct – 1 Nov'
    """
    if first.month != last.month:
        said = gettext("%(first)s %(first_month)s – %(last)s %(last_month)s")
    else:
        said = gettext("%(first)s – %(last)s %(last_month)s")
    return said % _parts(first, last)


def _parts(first: date, last: date) -> dict[str, Any]:
    return {
        "first": first.day,
        "first_month": MONTHS[first.month - 1],
        "last": last.day,
        "last_month": MONTHS[last.month - 1],
        "year": last.year,
    }


def moment(at_ms: int) -> str:
    """Return an instant in words, to the minute: "2 Nov 2026, 08:00 UTC"."""
    text = instant(at_ms)
    return gettext("%(day)s, %(time)s UTC") % {
        "day": day(date.fromisoformat(text[:10])),
        "time": text[11:16],
    }


def converted(conversion: dict[str, Any]) -> str:
    """Return in words what pay in another currency was converted at (ledger/exchange.py).

    >>> rate = {"currency": "KES", "base": "USD", "rate": "129.35", "day": "2026-10-30"}
    >>> converted({"currency": "KES", "into": "USD", "day": "2026-11-01",
    ...            "rates": [rate | {"source": "cbk"}]})
    'KES to USD on 1 Nov 2026: 129.35 KES for 1 USD (cbk, 30 Oct 2026)'
    """
    rates = "; ".join(
        gettext("%(rate)s %(currency)s for 1 %(base)s (%(source)s, %(day)s)")
        % {**rate, "day": day(date.fromisoformat(rate["day"]))}
        for rate in conversion["rates"]
    )
    return gettext("%(currency)s to %(into)s on %(day)s: %(rates)s") % {
        "currency": conversion["currency"],
        "into": conversion["into"],
        "day": day(date.fromisoformat(conversion["day"])),
        "rates": rates,
    }


def count(number: int, noun: str) -> str:
    """Return a number with its noun, one of COUNTED, thousands grouped by whoever shows it.

    >>> count(1, "week"), count(4, "week"), count(0, "week")
    ('1 week', '4 weeks', 'no weeks')
    """
    none, some = COUNTED[noun]
    return str(some % {"number": number}) if number else str(none)


def both(names: Iterable[str]) -> str:
    """Return names as one: "A and B"; nothing for none."""
    return reduce(lambda a, b: gettext("%(a)s and %(b)s") % {"a": a, "b": b}, [*names] or [""])


def either(names: Iterable[str]) -> str:
    """Return names as one: "A or B"."""
    return reduce(lambda a, b: gettext("%(a)s or %(b)s") % {"a": a, "b": b}, names)


NOTHING_SINCE = _(
    "Nothing was recorded after the statement before this one: what this period's work earned is "
    "in its closing balances, and so in these opening ones."
)


def facts(first_n: int, last_n: int) -> str:
    """Return which facts are covered.

    >>> facts(118, 407), facts(408, 407)
    ('Facts 118 to 407', 'No facts after number 407')
    """
    if last_n >= first_n:
        return gettext("Facts %(first)s to %(last)s") % {"first": first_n, "last": last_n}
    return gettext("No facts after number %(last)s") % {"last": last_n}


def share(permille: int) -> str:
    """Return a share in whole per cent, rounded down: "97%"."""
    return gettext("%(percent)s%%") % {"percent": permille // 10}
