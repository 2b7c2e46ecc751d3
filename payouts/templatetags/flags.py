"""Words of the pages of flags, all of them translatable."""

from typing import Any

from django import template
from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from payouts.statements import codes
from payouts.templatetags.questions import register_words
from payouts.templatetags.words import at

register = template.Library()

FILTERS: dict[str, Promise] = {
    "asked": _("Waiting for an answer"),
    "escalated": _("Escalated"),
    "disputed": _("Asked about by the worker"),
    "explained": _("Explained"),
    "notified": _("For the worker only"),
    "closed": _("Closed"),
}
MY_FILTERS: dict[str, Promise] = {
    **FILTERS,
    "disputed": _("You asked about it"),
    "notified": _("For you only"),
}
CLOSED_AS: dict[str, Promise] = {
    "paid": _("Paid"),
    "closed": _("Closed"),
    "superseded": _("Closed: a newer check asks now"),
    "decided": _("Closed by an auditor"),
}
HAPPENINGS: dict[str, Promise] = {
    "notified": _("Open for the worker to see"),
    "asked": _("The vendor is asked to answer by %(day)s"),
    "explained": _("The vendor explained it"),
    "escalated": _("Nobody answered in time: shown to auditors"),
    "paid": _("Paid"),
    "closed": _("Not found any more"),
    "superseded": _("A newer version of this check asks now"),
    "decided": _("An auditor closed it"),
    "reopened": _("Found again"),
    "needs_worker": _("The vendor says that it has asked the worker for other details"),
}
MY_HAPPENINGS: dict[str, dict[str, Promise]] = {
    "worker": {
        **HAPPENINGS,
        "notified": _("Open for you to see"),
        "needs_worker": _("The vendor says that it has asked you for other details"),
    },
    "vendor": {
        **HAPPENINGS,
        "asked": _("You are asked to answer by %(day)s"),
        "explained": _("You explained it"),
        "needs_worker": _("You have asked the worker for other details"),
    },
}
MOVES: dict[str, Promise] = {
    "approve": _("approved"),
    "refuse": _("refused"),
    "overturn": _("approved after all"),
    "award": _("awarded"),
    "hold": _("held back"),
    "deduct": _("taken off"),
    "release": _("released"),
    "remit": _("paid to a third party for the worker"),
    "pay": _("sent"),
    "apply": _("met by what was paid ahead"),
    "reverse": _("taken back"),
}

register_words(register, {"closed_as": CLOSED_AS, "move": MOVES})


@register.filter
def filter_name(stands: str, role: str) -> str:
    """Return what a list is narrowed to, as it is said to somebody in this role."""
    return str((MY_FILTERS if role == "worker" else FILTERS)[stands])


@register.filter
def kept(text: str) -> str:
    """Return words that a check has left on record, which are in English, as the reader says them.

    What it left long ago in words that are no more stays as it is.
    """
    return gettext(text) if text else ""


@register.simple_tag
def happening(event: Any, role: str, zone: str) -> SafeString:
    """Return what happened to a flag, as it is said to somebody in this role."""
    said = escape(codes.said(MY_HAPPENINGS.get(role, HAPPENINGS), event.happening))
    return SafeString(said % {"day": at(event.due_at, zone)} if event.due_at else said)
