"""Words of the pages of the private record and of questions, all of them translatable."""

from datetime import date
from functools import partial

from django import template
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from ledger.periods import datetime_of
from payouts.statements import codes
from payouts.templatetags.words import at, day
from workers.payees import METHODS

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

ENTRY_STATUSES: dict[str, Promise] = {
    "booked": _("booked"),
    "pending": _("pending"),
    "rejected": _("rejected"),
    "returned": _("returned"),
}
ROLE_NAMES: dict[str, Promise] = {
    "worker": _("worker"),
    "vendor": _("vendor"),
    "auditor": _("auditor"),
}


def register_words(library: template.Library, filters: dict[str, dict[str, Promise]]) -> None:
    """Register filters that say a code in words; a code without words stays as it is."""
    for name, words in filters.items():
        library.filter(name, partial(codes.said, words))


FILTERS = {
    "choice": CHOICES,
    "turn": TURNS,
    "my_turn": MY_TURNS,
    "outcome": OUTCOMES,
    "role": ROLES,
    "said": SAID,
    "how": HOW,
    "state": STATES,
    "entry_status": ENTRY_STATUSES,
    "role_name": ROLE_NAMES,
    "method": METHODS,
}
register_words(register, FILTERS)


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
