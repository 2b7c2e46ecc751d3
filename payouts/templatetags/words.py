"""Template filters for money, time, dates and user text: the statement's words, set for a page.

The words come from payouts/statements/words.py; here thousands are grouped, and what must not be
broken over two lines or mixed up in a page written from right to left is wrapped in <bdi>.
"""

import re
from datetime import date, datetime

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from ledger.periods import zone_of
from payouts.statements import awards, codes, words
from payouts.statements.safe import NAME_CAP, clean

register = template.Library()

COINS = 2  # decimals set at full size
THOUSANDS = re.compile(r"(?<=\d)(?=(?:\d{3})+(?:\.|$))")


def grouped(amount: str) -> str:
    """Return a number with its thousands grouped; the decimals stay as they are.

    >>> grouped("-14820.501234"), grouped("999.00"), grouped("1234567")
    ('-14,820.501234', '999.00', '1,234,567')
    """
    whole, point, decimals = amount.partition(".")
    return THOUSANDS.sub(",", whole) + point + decimals


def hours_grouped(text: str) -> str:
    """Return a time with its thousands of hours grouped.

    >>> hours_grouped("5853 h 26 min")
    '5,853 h 26 min'
    """
    return re.sub(r"\d{4,}", lambda match: grouped(match[0]), text)


def figures(micros: int | None) -> SafeString:
    """Return an amount, exact; what is less than a hundredth stands smaller."""
    text = grouped(words.amount(micros))
    whole, point, decimals = text.partition(".")
    if len(decimals) <= COINS:
        return format_html("{}", text)
    return format_html(
        '{}{}{}<span class="fine">{}</span>', whole, point, decimals[:COINS], decimals[COINS:]
    )


@register.filter
def money(micros: int | None, currency: str) -> SafeString:
    """{{ row.earned_micros|money:row.currency }}: "1,038.40 USD"."""
    if micros is None:
        return format_html("{}", words.UNKNOWN)
    return format_html('<bdi class="m">{} {}</bdi>', figures(micros), currency)


@register.filter
def amount(micros: int | None) -> SafeString:
    """Return an amount in a column whose heading names the currency."""
    return format_html('<bdi class="m">{}</bdi>', figures(micros))


@register.filter
def number(value: int) -> str:
    """Return a count: 48,190."""
    return grouped(str(value))


@register.filter
def count(value: int, noun: str) -> str:
    """{{ 3|count:"week" }}: "3 weeks". noun: one of words.COUNTED."""
    return hours_grouped(words.count(value, noun))


@register.filter
def duration(ms: int | None) -> SafeString:
    """Return a time: "31 h 20 min"."""
    return format_html('<bdi class="m">{}</bdi>', hours_grouped(words.duration(ms)))


@register.filter
def between(low_ms: int, high_ms: int) -> SafeString:
    """{{ low|between:high }}: a time that may be uncertain, "29 h 5 min to 31 h 20 min"."""
    if words.duration(low_ms) == words.duration(high_ms):
        return duration(high_ms)
    return _bounds(duration(low_ms), duration(high_ms))


def _bounds(low: SafeString, high: SafeString) -> SafeString:
    return SafeString(escape(str(words.BETWEEN)) % {"low": low, "high": high})


@register.filter
def day(on: date | None) -> SafeString:
    """Return a date: "2 Nov 2026"."""
    return format_html('<bdi class="m">{}</bdi>', words.day(on))


@register.filter
def user(text: str, cap: int = NAME_CAP) -> SafeString:
    """Return what somebody typed: on one line, capped, escaped and kept in its own direction."""
    return format_html("<bdi>{}</bdi>", clean(str(text), cap))


@register.filter
def days(first: date, last: date) -> SafeString:
    """Return two dates as one span: "26 Oct – 1 Nov 2026"."""
    return format_html("<bdi>{}</bdi>", words.days(first, last))


@register.filter
def spread(low_micros: int, high_micros: int) -> SafeString:
    """Return an amount that lies between two: "1.20 to 3.40", or one figure."""
    if low_micros == high_micros:
        return amount(low_micros)
    return _bounds(amount(low_micros), amount(high_micros))


register.filter("rate_words", words.converted)
register.filter("month_in_full", words.month_in_full)
register.filter("awarded", awards.said)
register.filter("any_of", words.either)
register.filter("all_of", words.both)


@register.filter
def of(mapping: dict[object, object], key: object) -> object:
    """Return a value of a mapping by a key that is itself a variable."""
    return mapping.get(key)


@register.filter
def permille(share: int) -> str:
    """Return a share in per cent with one decimal, as vendors see it: 981 is "98.1%".

    >>> permille(981), permille(1000)
    ('98.1%', '100.0%')
    """
    return f"{share // 10}.{share % 10}%"


@register.filter
def at(moment: datetime, zone: str) -> SafeString:
    """Return an instant on the zone's clock, to the minute: "2 Nov 2026, 08:00"."""
    there = moment.astimezone(zone_of(zone))
    said = gettext("%(day)s, %(time)s") % {"day": words.day(there.date()), "time": f"{there:%H:%M}"}
    return format_html('<bdi class="m">{}</bdi>', said)


@register.filter
def kind(code: str) -> str:
    """Return a kind of work in words."""
    return codes.said(codes.KINDS, code)


@register.filter
def joined(start: str, rest: object) -> str:
    """Return both as one text, as addresses need it: {{ "work-"|joined:row.pk }}."""
    return f"{start}{rest}"
