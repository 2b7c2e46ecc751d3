"""Tries an address on every visitor and every variant of a row, and says what should not be so."""

import re
from copy import deepcopy

from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver

from tests.web.access_table import (
    ADDRESSES,
    ADMIN,
    ANYBODY,
    FORBIDDEN,
    NOT_THERE,
    SIGNED_IN,
    TO_SIGN_IN,
    UNAUTHORISED,
)
from tests.web.world import ANONYMOUS, REACH, ROLE, forbidden, marks

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
REFUSALS = {UNAUTHORISED, FORBIDDEN, NOT_THERE, 405}
HEADERS = {
    "Content-Security-Policy": "default-src 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def routes(urlconf=None):
    """Return every route that the resolver knows."""
    return list(_walk(get_resolver(urlconf).url_patterns, ""))


def _walk(patterns, before):
    for one in patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _walk(one.url_patterns, route)
        else:
            yield route


def leads_to_sign_in(response):
    """Tell whether the answer sends the visitor to sign in."""
    place = response.headers.get("Location", "")
    return response.status_code == TO_SIGN_IN and place.startswith(("/sign-in/?", "/admin/login/?"))


def undeclared(urlconf=None):
    """Return the routes that the table does not know, and those that only the table knows."""
    there = {route for route in routes(urlconf) if not is_of_admin(route)}
    return sorted(there ^ set(ADDRESSES))


def is_of_admin(route):
    """Tell whether an address is of the administration, which the table does not list."""
    return route.startswith(ADMIN) and route not in ADDRESSES


class Visits:
    """Each visitor with a client that has signed in."""

    def __init__(self, world):
        self.world = world
        self.clients = {}
        for visitor in REACH:
            self.clients[visitor] = Client(raise_request_exception=False)
            if visitor != ANONYMOUS:
                self.clients[visitor].force_login(world.users[visitor])

    def violations(self, route, methods=METHODS):
        """Return what is wrong at an address, over all methods, visitors and variants."""
        rules = ADDRESSES.get(route, {})
        wrong, let_in = [], set()
        for method in methods:
            rule = rules.get(method)
            for visitor in REACH:
                for variant in self._variants(rule):
                    address = self._address(route, rules, rule, variant)
                    said = self._visit(route, address, method, rule, visitor, variant)
                    wrong += said
                    if rule and self._expected(rule, route, visitor, variant) == rule.ok:
                        let_in.add((method, variant))
            for variant in self._variants(rule) if rule else ():
                if (method, variant) not in let_in:
                    wrong.append(f"{method} {route}: nobody is let in to the {variant} row")
        return wrong

    def _variants(self, rule):
        return list(self.world.rows[rule.row]) if rule and rule.row else ["mine"]

    def _visit(self, route, address, method, rule, visitor, variant):
        """Send one request, whose effects are rolled back, and return what is wrong with it."""
        client = self.clients[visitor]
        cookies = deepcopy(client.cookies)
        with transaction.atomic():
            data = rule.data(self.world) if rule else {}
            response = getattr(client, method.lower())(address, data or None)
            body = response.getvalue() if response.streaming else response.content
            transaction.set_rollback(True)
        client.cookies = cookies
        where = f"{method} {route} as {visitor}" + (
            f" on the {variant} row" if rule and rule.row else ""
        )
        return [
            f"{where}: {what}"
            for what in self._judge(response, body, rule, route, visitor, variant)
        ]

    def _judge(self, response, body, rule, route, visitor, variant):
        text = body.decode("utf-8", "replace") + response.headers.get("Location", "")
        status = response.status_code
        if rule is None:
            if status not in REFUSALS and not leads_to_sign_in(response):
                yield f"{status}, but nobody may do this"
        else:
            expected = self._expected(rule, route, visitor, variant)
            if status != expected:
                yield f"{status} instead of {expected}"
            if rule.lists and expected == rule.ok:
                yield from self._listed(text, rule, visitor)
        for secret in forbidden(self.world, visitor):
            if secret in text and not (
                variant not in REACH[visitor] and secret in response.request["PATH_INFO"]
            ):
                yield f"the answer contains {secret}"
        for name, value in HEADERS.items():
            if value not in response.headers.get(name, ""):
                yield f"the header {name} is {response.headers.get(name)}"

    def _expected(self, rule, route, visitor, variant):
        """Return the status that the table asks for."""
        role = ROLE.get(visitor, "")
        if rule.who != ANYBODY:
            if visitor == ANONYMOUS:
                return UNAUTHORISED if route.startswith("api/") else TO_SIGN_IN
            if rule.who != SIGNED_IN and role not in rule.who:
                return FORBIDDEN
        if rule.row and not self._reaches(rule, visitor, variant):
            return NOT_THERE
        return rule.ok

    def _reaches(self, rule, visitor, variant):
        if rule.rows_for and ROLE.get(visitor) not in rule.rows_for:
            return False
        return variant in REACH[visitor]

    def _listed(self, text, rule, visitor):
        """Yield what a list lacks, and what it should not have."""
        for variant, row in self.world.rows[rule.lists].items():
            there = [mark in text for mark in marks(rule.lists, row)]
            if self._reaches(rule, visitor, variant):
                if not all(there):
                    yield f"the list lacks the {variant} row"
            elif all(there):
                yield f"the list has the {variant} row"

    def _address(self, route, rules, rule, variant):
        """Return the route with the row's values; a method without a rule borrows another's row."""
        rule = rule or next(iter(rules.values()), None)
        if rule and (rule.row or callable(rule.arg)):
            row = self.world.rows[rule.row][variant] if rule.row else None
            if callable(rule.arg):
                values = {name: str(value) for name, value in rule.arg(row).items()}
                return "/" + re.sub(r"<[^>]*?(\w+)>", lambda part: values[part[1]], route)
            return "/" + re.sub(r"<[^>]*>", str(getattr(row, rule.arg)), route)
        value = self.world.rows["work"]["mine"].pk if "<int:" in route else "nothing-here"
        return "/" + re.sub(r"<[^>]*>", str(value), route)
