"""The one way to rows: `visible_to(user, permission)`, and a view mixin that cannot be forgotten.

A model says in SCOPES how each role reaches it: the lookup to its vendor (vendor staff, auditors)
or to its engagement (worker), or "self" for rows that are the user's own ("worker__self": the rows
of the person who is the user, whoever holds the account). A role that is not named there sees no
row of that model. No lookup may cross to many rows, so none is seen twice. SCOPE_DAY says on which
day a row lies: an auditor sees the days of the grant, on the vendor's clock. SCOPE_WHEN narrows a
role's rows by a condition of the row itself.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, NamedTuple, Self, cast
from zoneinfo import ZoneInfo

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from workers.roles import EVERYBODY, GRANTS, Permission, Role, roles_with

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from workers.models import AuditGrant, User, Vendor

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NOTHING = Q(pk__in=[])
Visible = Callable[[type[Any]], models.QuerySet[Any]]  # what a view's `visible` is


class Day(NamedTuple):
    """Where a row says on which day it lies: the first of `paths` that is not empty, `later` on.

    A path that ends in `_ms` is an instant in epoch milliseconds, any other one a date.
    """

    paths: tuple[str, ...]
    later: int = 0  # days


class ScopedQuerySet(models.QuerySet[Any]):
    """Rows, narrowed to what a user may see."""

    def visible_to(self, user: User | AnonymousUser, permission: Permission) -> Self:
        """Return the rows that `user` may see by `permission`; none for strangers.

        Only the roles that the user has become conditions: one alone can use an index, where
        three joined by OR read the whole table.
        """
        when: dict[str, Q] = getattr(self.model, "SCOPE_WHEN", {})
        seen = [
            SCOPERS[role](self.model, self.model.SCOPES[role], cast("User", user))
            & when.get(role, Q())
            for role in roles_with(permission) & roles_now(user)
            if role in self.model.SCOPES
        ]
        return self.filter(reduce(or_, seen)) if seen else self.none()


ScopedManager = models.Manager.from_queryset(ScopedQuerySet)


def roles_of(user: User | AnonymousUser, at: datetime) -> frozenset[Role]:
    """Return the roles that `user` has at this instant. One query."""
    if not getattr(user, "is_authenticated", False):
        return frozenset()
    there = {
        Role.VENDOR: _rows("Membership").filter(user=OuterRef("pk")),
        Role.WORKER: _rows("Worker").filter(user=OuterRef("pk")),
        Role.AUDITOR: _rows("AuditGrant").filter(auditor=OuterRef("pk"), expires_at__gt=at),
    }
    query = _rows("User").filter(pk=user.pk, is_active=True)
    found = query.values_list(*(Exists(rows) for rows in there.values())).first()
    return frozenset(role for role, has in zip(there, found or (), strict=False) if has)


def roles_now(user: User | AnonymousUser) -> frozenset[Role]:
    """Return the roles that `user` has while being answered."""
    return roles_of(user, timezone.now())


def may(user: User | AnonymousUser, permission: Permission, at: datetime) -> bool:
    """Tell whether `user` holds `permission` by any role. Which rows, `visible_to` says."""
    if not getattr(user, "is_authenticated", False):
        return False
    if permission in EVERYBODY:
        return True
    return any(permission in GRANTS[role] for role in roles_of(user, at))


def _rows(model: str) -> models.QuerySet[Any]:
    return apps.get_model("workers", model)._base_manager.all()


def _seen_by_staff(model: type[models.Model], path: str, user: User) -> Q:
    return Q(**{f"{path}__in": user.memberships.values("vendor")})


def _seen_by_worker(model: type[models.Model], path: str, user: User) -> Q:
    if path.endswith("self"):
        return Q(**{f"{path.removesuffix('self')}user": user})
    claimed = _rows("Link").filter(worker__user=user, ended_at=None).values("engagement")
    return Q(**{f"{path}__in": claimed})


def _seen_by_auditor(model: type[models.Model], path: str, user: User) -> Q:
    now = timezone.now()
    if path == "self":
        return Q(auditor=user, expires_at__gt=now)
    seen = NOTHING
    for grant in user.audit_grants.filter(expires_at__gt=now).prefetch_related("vendors"):
        for vendor in grant.vendors.all():
            seen |= Q(**{path: vendor.pk}) & _within(model, grant, vendor)
    return seen


def _within(model: type[models.Model], grant: AuditGrant, vendor: Vendor) -> Q:
    """Return the condition that a row lies in the grant's days, for models that have a day."""
    day: Day | None = getattr(model, "SCOPE_DAY", None)
    if day is None:
        return Q()
    within = NOTHING
    passed_over = Q()
    for path in day.paths:
        within |= passed_over & _between(path, grant, vendor, timedelta(days=day.later))
        passed_over &= Q(**{f"{path}__isnull": True})
    return within


def _between(path: str, grant: AuditGrant, vendor: Vendor, later: timedelta) -> Q:
    first, last = grant.first_on - later, grant.last_on - later
    if path.endswith("_ms"):
        after = last + timedelta(days=1)
        return Q(
            **{
                f"{path}__gte": _midnight_ms(first, vendor.zone),
                f"{path}__lt": _midnight_ms(after, vendor.zone),
            }
        )
    return Q(**{f"{path}__gte": first, f"{path}__lte": last})


def _midnight_ms(day: date, zone: str) -> int:
    return (datetime.combine(day, time(), ZoneInfo(zone)) - EPOCH) // timedelta(milliseconds=1)


SCOPERS: dict[Role, Callable[[type[models.Model], str, User], Q]] = {
    Role.VENDOR: _seen_by_staff,
    Role.WORKER: _seen_by_worker,
    Role.AUDITOR: _seen_by_auditor,
}


class Scoped:
    """View mixin, for pages and API alike. A view that names no permission fails at import.

    A page sends a visitor who has not signed in to do so, and answers 403 to one who lacks the
    permission; an endpoint does both in workers/endpoints.py. Rows of others are simply not there.
    """

    http_method_names: Any = ["get", "head", "post"]  # Django's form views would take PUT as well
    model: Any
    permission: Permission

    def __init_subclass__(cls, abstract: bool = False, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if not abstract and not hasattr(cls, "permission"):
            raise ImproperlyConfigured(f"{cls.__name__} names no permission.")

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Let in whoever holds the permission."""
        from django.contrib.auth.views import redirect_to_login  # late: it needs the models

        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not may(request.user, self.permission, timezone.now()):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]

    def get_queryset(self) -> Any:
        """Return the rows of `model` that whoever asks may see by this view's permission."""
        return self.visible(self.model)

    def visible(self, model: type[models.Model]) -> Any:
        """Return the rows of another model that may be seen by this view's permission."""
        return model.objects.visible_to(self.request.user, self.permission)  # type: ignore[attr-defined]
