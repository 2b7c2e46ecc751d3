"""Flags: questions with evidence, as whoever asks may see them."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.generics import RetrieveAPIView

from ledger.api.shapes import AccountFilter, InstantField, Listing, MoneyField, Row
from payouts.models import Flag
from workers.endpoints import Endpoint
from workers.roles import Permission


class FlagJSON(serializers.Serializer):
    """What was found, of whom, since when, and how much is at stake."""

    id = serializers.IntegerField()
    vendor = serializers.CharField(source="vendor__slug")
    source = serializers.CharField(  # type: ignore[assignment]
        source="engagement__source", allow_null=True
    )
    account = serializers.CharField(source="engagement__account", allow_null=True)
    code = serializers.CharField()
    version = serializers.IntegerField(help_text="of the detector")
    subject = serializers.CharField()
    stake = MoneyField("stake_micros")
    since = InstantField("since_at_ms")
    evidence = serializers.JSONField()
    first_seen_at = serializers.DateTimeField()
    last_seen_at = serializers.DateTimeField()
    resolved_at = serializers.DateTimeField(allow_null=True)
    resolution = serializers.CharField()


COLUMNS = (
    "id", "vendor__slug", "engagement__source", "engagement__account", "code", "version",
    "subject", "stake_micros", "currency", "since_at_ms", "evidence", "first_seen_at",
    "last_seen_at", "resolved_at", "resolution",
)  # fmt: skip


class FlagFilter(AccountFilter):
    code = serializers.CharField(required=False, help_text="W01 to W32")
    open = serializers.BooleanField(required=False, allow_null=True, default=None)


@extend_schema_view(get=extend_schema(parameters=[FlagFilter]))
class FlagList(Listing):
    """Flags, in the order they were first found."""

    model = Flag
    permission = Permission.FLAG_VIEW
    serializer_class = FlagJSON
    filters = FlagFilter
    columns = COLUMNS
    lookups = {"vendor": "vendor__slug", "account": "engagement__account", "code": "code"}

    def narrowed(self, rows: Any, asked: Row) -> Any:
        """Return flags that are open, or that are not, where that was asked for."""
        rows = super().narrowed(rows, asked)
        is_open = asked.get("open")
        return rows if is_open is None else rows.filter(resolved_at__isnull=is_open)


class FlagDetail(Endpoint, RetrieveAPIView):
    """One flag."""

    model = Flag
    permission = Permission.FLAG_VIEW
    serializer_class = FlagJSON

    def get_queryset(self) -> Any:
        """Return the visible rows."""
        return super().get_queryset().values(*COLUMNS)
