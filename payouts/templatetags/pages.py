"""The navigation: for each role its pages, and only those that there are."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from workers import people
from workers.models import User
from workers.roles import Role
from workers.scoping import roles_now

register = template.Library()

WORKER = {
    _("My pay"): "my-pay",
    _("Flags"): "my-flags",
    _("My record"): "my-log",
    _("Questions"): "my-questions",
    _("Statements"): "my-statements",
    _("Accounts"): "accounts",
}
VENDOR = {
    _("Overview"): "overview",
    _("Flags"): "flags",
    _("Questions"): "vendor-questions",
    _("Imports"): "imports",
    _("Pay runs"): "runs",
    _("Settlement"): "settlement",
    _("Statements"): "vendor-statements",
}
AUDITOR = {
    _("Statements"): "audit",
    _("Flags"): "audit-flags",
    _("Questions"): "audit-questions",
}
ORDER = (Role.WORKER, Role.VENDOR, Role.AUDITOR)


@dataclass(frozen=True, slots=True)
class Item:
    """A page in the navigation."""

    label: str | Promise
    url: str
    current: bool


@register.inclusion_tag("navigation.html", takes_context=True)
def navigation(context: dict[str, Any]) -> dict[str, Any]:
    """Show the pages of the role that the visitor is in. A page of an error has no visitor."""
    request = context.get("request")
    user = getattr(request, "user", None)
    if request is None or user is None or not user.is_authenticated:
        return {}
    roles = roles_now(user)
    match = request.resolver_match
    view = getattr(match.func, "view_class", None) if match else None
    view = getattr(view, "on_page", view)  # an address that forms are sent to is of their page
    first = next((one for one in ORDER if one in roles), None)
    role = getattr(view, "nav", first)
    if role is not None and role not in roles:
        role = first
    named = getattr(view, "section", match.url_name if match else "")
    here = str(context.get("section") or named)
    return {
        "user": user,
        "items": list(_items(role, user, match.kwargs if match else {}, here)),
        "several": len(roles) > 1,
        "csrf_token": get_token(request),
    }


def _items(role: Role | None, user: User, kwargs: dict[str, Any], here: str) -> list[Item]:
    if role is Role.VENDOR:
        slug = kwargs.get("slug") or people.employers_of(user)[0].slug
        return [
            Item(label, reverse(name, args=[slug]), name == here) for label, name in VENDOR.items()
        ]
    names = {Role.WORKER: WORKER, Role.AUDITOR: AUDITOR}.get(role, {}) if role else {}
    return [Item(label, reverse(name), name == here) for label, name in names.items()]
