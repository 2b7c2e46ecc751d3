"""Statements: the list, the data exactly as issued, and the PDF."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request

from ledger import periods
from ledger.api.facts import ACCOUNT, OF_ACCOUNT, OfAccount
from ledger.api.shapes import AccountFilter, Download, Listing, attachment
from payouts.models import Statement
from payouts.statements import data, pdf
from workers.roles import Permission


class StatementJSON(OfAccount):
    """A numbered pay statement; its figures are in its data file."""

    id = serializers.IntegerField()
    number = serializers.CharField()
    period = serializers.CharField()
    currency = serializers.CharField()
    first_on = serializers.DateField()
    last_on = serializers.DateField()
    n_from = serializers.IntegerField(help_text="first fact of the account that it covers")
    n_to = serializers.IntegerField()
    sha256 = serializers.CharField(help_text="of the data file")
    replaces = serializers.CharField(source="replaces__number", allow_null=True)
    replaced_by = serializers.CharField(source="replaced_by__number", allow_null=True)
    issued_at = serializers.DateTimeField()


class StatementFilter(AccountFilter):
    period = serializers.CharField(required=False, help_text="2026-10")
    number = serializers.CharField(required=False)

    def validate_period(self, label: str) -> str:
        """Return the name of a month. Raises ValidationError for anything else."""
        try:
            return periods.month(label).label
        except ValueError as error:
            raise serializers.ValidationError(str(error)) from error


@extend_schema_view(get=extend_schema(parameters=[StatementFilter]))
class StatementList(Listing):
    """Statements, oldest first."""

    model = Statement
    permission = Permission.STATEMENT_VIEW
    serializer_class = StatementJSON
    filters = StatementFilter
    lookups = OF_ACCOUNT | {"period": "period", "number": "number"}
    columns = (
        "id", "number", "period", "currency", "first_on", "last_on", "n_from", "n_to", "sha256",
        "replaces__number", "replaced_by__number", "issued_at", *ACCOUNT,
    )  # fmt: skip


class StatementFile(Download, abstract=True):
    """A statement as a file."""

    model = Statement
    permission = Permission.STATEMENT_VIEW

    def statement(self, pk: int) -> Any:
        """Return the statement, if whoever asks may see it; else Http404."""
        return get_object_or_404(self.get_queryset(), pk=pk)


class StatementData(StatementFile):
    """The data file: canonical JSON, exactly the bytes that `sha256` is of."""

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, pk: int) -> HttpResponse:
        """Return the bytes as they were issued."""
        return HttpResponse(
            self.statement(pk).data.encode(), content_type="application/json; charset=utf-8"
        )


class StatementPDF(StatementFile):
    """The statement on paper; rendering again gives the same bytes."""

    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: int) -> HttpResponse:
        """Return the PDF as a download."""
        statement = self.statement(pk)
        return HttpResponse(
            pdf.render(data.from_json(statement.data)),
            content_type="application/pdf",
            headers=attachment(f"{statement.number}.pdf"),
        )
