"""Words of the pages of the private record and of questions, all of them translatable."""

from datetime import date

from django import template
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from ledger.money import format_amount
from ledger.periods import datetime_of
from payouts.templatetags.words import at, day

register = template.Library()

CHOICES: dict[str, Promise] = {
    "not_paid": _("I have not been paid for it"),
    "too_little": _("The amount is too low"),
    "refused": _("It was refused or held back, and I do not agree"),
    "time": _("Time that I worked is missing"),
    "not_there": _("Work that I did is not on the record"),
    "other": _("Something else"),
}
TURNS: dict[str, Promise] = {
    "vendor": _("the vendor must answer"),
    "worker": _("the worker says whether that settles it"),
    "auditor": _("an auditor decides"),
    "": _("closed"),
}
MY_TURNS: dict[str, Promise] = {
    **TURNS,
    "worker": _("your turn: does that settle it?"),
}
OUTCOMES: dict[str, Promise] = {
    "paid": _("settled: what was asked for is owed to the worker"),
    "agreed": _("settled: the worker agreed with the answer"),
    "withdrawn": _("taken back by the worker"),
    "decided": _("decided by an auditor"),
}
ROLES: dict[str, Promise] = {
    "worker": _("The worker"),
    "vendor": _("The vendor"),
    "auditor": _("The auditor"),
    "clock": _("The calendar"),
}
SAID: dict[str, Promise] = {
    "asked": _("asked"),
    "answered": _("answered"),
    "paid": _("made an amount owed"),
    "escalated": _("took it to an auditor"),
    "agreed": _("agreed"),
    "withdrawn": _("took the question back"),
    "decided": _("decided"),
}
HOW: dict[str, Promise] = {
    "clock": _("by a clock that was started and stopped"),
    "hand": _("typed by hand"),
    "export": _("from an export that the worker kept"),
}
STATES: dict[str, Promise] = {
    "pending": _("in review"),
    "payable": _("owed"),
    "refused": _("refused"),
    "withheld": _("held back or taken off"),
    "remitted": _("paid to a third party for the worker"),
    "in_transit": _("sent, not yet confirmed"),
    "received": _("arrived"),
    "fees": _("lost to fees"),
}


def _filter_of(name: str, words: dict[str, Promise]) -> None:
    """Register a filter that says a code in words; a code without words stays as it is."""

    def say(code: str) -> str:
        return str(words.get(code, code))

    register.filter(name, say)


for _name, _words in {
    "choice": CHOICES,
    "turn": TURNS,
    "my_turn": MY_TURNS,
    "outcome": OUTCOMES,
    "role": ROLES,
    "said": SAID,
    "how": HOW,
    "state": STATES,
}.items():
    _filter_of(_name, _words)


@register.filter
def clock(at_ms: int, zone: str) -> SafeString:
    """{{ row.started_at_ms|clock:zone }}: "2 Nov 2026, 08:00"."""
    return at(datetime_of(at_ms), zone)


@register.filter
def iso_day(text: str) -> SafeString:
    """Return a day that evidence keeps as text."""
    return day(date.fromisoformat(text))


@register.filter
def since(end_ms: int, start_ms: int) -> int:
    """{{ row.ended_at_ms|since:row.started_at_ms }}: the length of a span in milliseconds."""
    return end_ms - start_ms


@register.filter
def plain_amount(micros: int) -> str:
    """Return an amount as a form takes it: 12.50."""
    return format_amount(micros)
