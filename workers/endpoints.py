"""What every endpoint of the API has in common: who may call it, and what it may be asked.

The settings name HoldsPermission, so this module may not import rest_framework.views: that one
reads the settings while it is imported.
"""

from typing import Any, NoReturn

from django.utils import timezone
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.serializers import ChoiceField, Serializer

from workers.roles import Permission
from workers.scoping import Scoped, may

PAGING = frozenset({"cursor", "page_size"})


class HoldsPermission(BasePermission):
    """Let in who holds the permission that the view names; without one nobody gets in."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Answer 401 to strangers and 403 to those whose roles do not hold the permission."""
        permission = getattr(view, "permission", None)
        if request.method not in SAFE_METHODS:
            permission = getattr(view, "write_permission", None)
        return permission is not None and may(request.user, permission, timezone.now())


class OneOf(ChoiceField):
    """A filter with a closed list of values; the error for any other one names them all."""

    default_error_messages = {"invalid_choice": '"{input}" is none of these: {choices}.'}

    def fail(self, key: str, **said: Any) -> NoReturn:
        """Raise ValidationError, with the choices."""
        super().fail(key, choices=", ".join(map(str, self.choices)), **said)


class Endpoint(Scoped, abstract=True):
    """Mixin of the API's views.

    write_permission: what changing needs; without it the endpoint is for reading.
    filters: what may be asked for in the address; anything else is refused, never ignored.
    """

    write_permission: Permission | None = None
    filters: type[Serializer] | None = None

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Leave it to HoldsPermission, which is asked after tokens were looked at."""
        return super(Scoped, self).dispatch(request, *args, **kwargs)  # type: ignore[misc]

    def get_queryset(self) -> Any:
        """Return the rows that whoever asks may see; none while the schema is being written."""
        if getattr(self, "swagger_fake_view", False):
            return self.model._base_manager.none()
        return super().get_queryset()

    def asked(self) -> dict[str, Any]:
        """Return the filters of the address, checked. Raises ValidationError, by name."""
        given = self.request.query_params  # type: ignore[attr-defined]
        form = self.filters(data=given) if self.filters else None
        known = set(form.fields) if form else set()
        if unknown := sorted(set(given) - known - PAGING):
            names = ", ".join(sorted(known | PAGING))
            raise ValidationError(
                {name: [f"There is no such filter; there are {names}."] for name in unknown}
            )
        if form is None:
            return {}
        form.is_valid(raise_exception=True)
        return dict(form.validated_data)
