"""How money, instants and hours look in JSON, and what all lists have in common.

Money is {"amount": "14820.50", "currency": "KES"}: exact text, at least two decimals. Instants are
RFC 3339 in UTC. Hours and seconds are numbers.
"""

from typing import Any

from django.utils.http import content_disposition_header
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.views import APIView

from ledger.money import format_amount
from ledger.periods import datetime_of
from workers.endpoints import Endpoint

MS_PER_SECOND = 1_000
MS_PER_HOUR = 3_600_000
Row = dict[str, Any]


class MoneyJSON(serializers.Serializer):
    """An amount, as exact text, and its ISO 4217 code."""

    amount = serializers.CharField()
    currency = serializers.CharField()


@extend_schema_field(MoneyJSON(allow_null=True))
class MoneyField(serializers.Field):
    """Money from two columns of a row; null where it is not known."""

    def __init__(self, micros: str, currency: str = "currency", **options: Any) -> None:
        super().__init__(source="*", read_only=True, **options)
        self.micros, self.currency = micros, currency

    def to_representation(self, row: Row) -> dict[str, str] | None:
        """Return the JSON of a row's amount."""
        return money(row[self.micros], row[self.currency])


@extend_schema_field({"type": ["string", "null"], "format": "date-time"})
class InstantField(serializers.Field):
    """An instant from epoch milliseconds."""

    def __init__(self, source: str | None = None, **options: Any) -> None:
        super().__init__(source=source, read_only=True, **options)

    def to_representation(self, at_ms: int) -> str:
        """Return RFC 3339 in UTC."""
        return datetime_of(at_ms).isoformat().replace("+00:00", "Z")


@extend_schema_field({"type": ["number", "null"]})
class DurationField(serializers.Field):
    """A duration from milliseconds, in units of `unit_ms`, rounded to a thousandth of a second."""

    def __init__(self, source: str, unit_ms: int, **options: Any) -> None:
        super().__init__(source=source, read_only=True, **options)
        self.unit_ms = unit_ms

    def to_representation(self, ms: int) -> float:
        """Return seconds or hours."""
        return round(ms / self.unit_ms, 7)


def money(micros: int | None, currency: str) -> dict[str, str] | None:
    """Return money as JSON says it; None stays None: not known is not nothing."""
    if micros is None:
        return None
    return {"amount": format_amount(micros), "currency": currency}


class Listing(Endpoint, ListAPIView, abstract=True):
    """A list, read as plain rows: one query a page, however long the page is.

    columns: what is read of the model. lookups: filter in the address -> lookup of the model.
    """

    columns: tuple[str, ...]
    lookups: dict[str, str] = {}

    def get_queryset(self) -> Any:
        """Return the visible rows that the address asks for."""
        rows = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):
            return rows
        return self.narrowed(rows, self.asked()).values(*self.columns)

    def narrowed(self, rows: Any, asked: Row) -> Any:
        """Return the rows that match the filters."""
        return rows.filter(
            **{self.lookups[name]: value for name, value in asked.items() if name in self.lookups}
        )


class AsItIs(BaseContentNegotiation):
    """Whatever the caller accepts: a download has one form, and its errors are JSON."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        """Return the first parser."""
        return parsers[0]

    def select_renderer(self, request: Request, renderers: Any, format_suffix: Any = None) -> Any:
        """Return the first renderer."""
        return renderers[0], renderers[0].media_type


class Download(Endpoint, APIView, abstract=True):
    """An endpoint that answers with a file."""

    content_negotiation_class = AsItIs


def attachment(name: str) -> dict[str, str]:
    """Return the header that names a download (RFC 6266)."""
    return {"Content-Disposition": content_disposition_header(True, name) or "attachment"}


class AccountFilter(serializers.Serializer):
    """What every list of a vendor's accounts can be narrowed to."""

    vendor = serializers.SlugField(required=False, help_text="the vendor's short name")
    account = serializers.CharField(required=False, help_text="the account's id at the platform")
