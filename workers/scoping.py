"""The one way to rows: `visible_to(user, permission)`, and a view mixin that cannot be forgotten.

A model says in SCOPES how each role reaches it: the lookup to its vendor (vendor staff, auditors) or
to its engagement (worker), or "self" for rows that are the user's own. A role that is not named
there sees no row of that model. No lookup may cross to many rows, so none is seen twice.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.db.models import Q
from django.utils import timezone

from workers.roles import Permission, Role, roles_with

if TYPE_CHECKING:
    from workers.models import AuditGrant, User


class ScopedQuerySet(models.QuerySet[Any]):
    """Rows, narrowed to what a user may see."""

    def visible_to(self, user: User, permission: Permission) -> Self:
        """Return the rows that `user` may see by `permission`; none for strangers."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        seen = Q(pk__in=[])
        for role in roles_with(permission):
            path = self.model.SCOPES.get(role)
            if path is not None:
                seen |= SCOPERS[role](self.model, path, user)
        return self.filter(seen)


ScopedManager = models.Manager.from_queryset(ScopedQuerySet)


def _seen_by_staff(model: type[models.Model], path: str, user: User) -> Q:
    vendors = user.memberships.values("vendor")
    return Q(**{f"{path}__in": vendors})


def _seen_by_worker(model: type[models.Model], path: str, user: User) -> Q:
    if path == "self":
        return Q(user=user)
    links = apps.get_model("workers", "Link")._base_manager
    claimed = links.filter(worker__user=user, ended_at=None).values("engagement")
    return Q(**{f"{path}__in": claimed})


def _seen_by_auditor(model: type[models.Model], path: str, user: User) -> Q:
    now = timezone.now()
    if path == "self":
        return Q(auditor=user, expires_at__gt=now)
    seen = Q(pk__in=[])
    for grant in user.audit_grants.filter(expires_at__gt=now):
        seen |= Q(**{f"{path}__in": grant.vendors.values("pk")}) & _within(model, grant)
    return seen


def _within(model: type[models.Model], grant: AuditGrant) -> Q:
    """Return the condition that a row lies in the grant's period, for models that have a day."""
    day: str | None = getattr(model, "SCOPE_DAY", None)
    if day is None:
        return Q()
    if day.endswith("_ms"):
        first = datetime.datetime.combine(grant.first_on, datetime.time(), datetime.UTC)
        after = datetime.datetime.combine(grant.last_on, datetime.time(), datetime.UTC)
        after += datetime.timedelta(days=1)
        return Q(
            **{
                f"{day}__gte": int(first.timestamp() * 1000),
                f"{day}__lt": int(after.timestamp() * 1000),
            }
        )
    return Q(**{f"{day}__gte": grant.first_on, f"{day}__lte": grant.last_on})


SCOPERS = {
    Role.VENDOR: _seen_by_staff,
    Role.WORKER: _seen_by_worker,
    Role.AUDITOR: _seen_by_auditor,
}


class Scoped:
    """View mixin, for pages and API alike. A view that names no permission fails at import."""

    model: type[models.Model]
    permission: Permission

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if not hasattr(cls, "permission"):
            raise ImproperlyConfigured(f"{cls.__name__} names no permission.")

    def get_queryset(self) -> Any:
        """Return the rows of `model` that whoever asks may see by this view's permission."""
        return self.model.objects.visible_to(self.request.user, self.permission)  # type: ignore[attr-defined]
