"""The navigation: for each role its pages, and only those that there are."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.middleware.csrf import get_token
from django.urls import reverse

from workers import people
from workers.models import User
from workers.roles import Role
from workers.scoping import roles_now

register = template.Library()

WORKER = {"My pay": "my-pay", "Statements": "my-statements", "Accounts": "accounts"}
VENDOR = {
    "Overview": "overview",
    "Flags": "flags",
    "Imports": "imports",
    "Pay runs": "runs",
    "Settlement": "settlement",
    "Statements": "vendor-statements",
}
AUDITOR = {"Statements": "audit"}
ORDER = (Role.WORKER, Role.VENDOR, Role.AUDITOR)


@dataclass(frozen=True, slots=True)
class Item:
    """A page in the navigation."""

    label: str
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
    first = next((one for one in ORDER if one in roles), None)
    role = getattr(view, "nav", first)
    if role is not None and role not in roles:
        role = first
    here = getattr(view, "section", match.url_name if match else "")
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
