"""What banks reported, entry by entry, and what became of it. Whom it names is not told here."""

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers

from ledger.api.shapes import Listing, Row, money
from payouts.models import SettlementEntry
from payouts.settlement.pages import OUTCOMES
from workers.endpoints import OneOf
from workers.roles import Permission


class SettlementEntryJSON(serializers.Serializer):
    """One entry of a bank's file."""

    id = serializers.IntegerField()
    vendor = serializers.CharField(source="vendor__slug")
    file = serializers.CharField(source="file__name")
    place = serializers.CharField()
    direction = serializers.CharField()
    status = serializers.CharField()
    amount = serializers.SerializerMethodField(help_text="null where the report names none")
    counter = serializers.SerializerMethodField(
        help_text="the same money in another currency, where it was exchanged"
    )
    fee_micros = serializers.IntegerField()
    on = serializers.DateField(source="lies_on")
    dates_said = serializers.CharField(help_text="what the file has where a date is no day")
    end_to_end_id = serializers.CharField()
    reason_code = serializers.CharField()
    outcome = serializers.CharField(source="outcome__outcome")
    reason = serializers.CharField(source="outcome__reason")
    account = serializers.CharField(source="outcome__payment__engagement__account", allow_null=True)
    matched_by = serializers.CharField(source="outcome__matched_by")
    confidence = serializers.IntegerField(source="outcome__confidence", help_text="per cent")

    def get_amount(self, row: Row) -> dict[str, str] | None:
        """Return the money that moved."""
        return money(row["amount_micros"], row["currency"])

    def get_counter(self, row: Row) -> dict[str, str] | None:
        """Return what arrived, or left, in another currency."""
        return money(row["counter_micros"], row["counter_currency"])


COLUMNS = (
    "id", "vendor__slug", "file__name", "place", "direction", "status", "amount_micros", "currency",
    "counter_micros", "counter_currency", "fee_micros", "lies_on", "dates_said", "end_to_end_id",
    "reason_code", "outcome__outcome",
    "outcome__reason", "outcome__payment__engagement__account", "outcome__matched_by",
    "outcome__confidence",
)  # fmt: skip


class SettlementFilter(serializers.Serializer):
    vendor = serializers.SlugField(required=False, help_text="the vendor's short name")
    outcome = OneOf(choices=list(OUTCOMES), required=False)
    reference = serializers.CharField(required=False, help_text="the end-to-end id")


@extend_schema_view(get=extend_schema(parameters=[SettlementFilter]))
class SettlementList(Listing):
    """Entries of banks' files, in the order in which they came in."""

    model = SettlementEntry
    permission = Permission.SETTLEMENT_VIEW
    serializer_class = SettlementEntryJSON
    filters = SettlementFilter
    columns = COLUMNS
    lookups = {
        "vendor": "vendor__slug",
        "outcome": "outcome__outcome",
        "reference": "end_to_end_id",
    }
