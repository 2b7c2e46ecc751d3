"""Worker-weeks: hours, pay and the verdict on the floor."""

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers

from ledger import floor
from ledger.api.facts import ACCOUNT, OF_ACCOUNT, OfAccount
from ledger.api.shapes import (
    MS_PER_HOUR,
    AccountFilter,
    InstantField,
    Listing,
    MoneyField,
    Row,
    money,
)
from ledger.models import WorkWeek
from workers.roles import Permission

DENOMINATORS = ("a", "b", "c")


class BoundsJSON(serializers.Serializer):
    """The least and the most hours that the evidence allows."""

    low = serializers.FloatField()
    high = serializers.FloatField()


class HoursJSON(serializers.Serializer):
    """Hours by denominator: a task work, b all work asked for, c everything."""

    a = BoundsJSON()
    b = BoundsJSON()
    c = BoundsJSON()
    measured = serializers.FloatField(help_text="of b: hours that a tool measured")

    def to_representation(self, row: Row) -> Row:
        """Return hours from the week's milliseconds."""
        hours: Row = {
            name: {end: _hours(row[f"{name}_{end}_ms"]) for end in ("low", "high")}
            for name in DENOMINATORS
        }
        return {**hours, "measured": _hours(row["measured_ms"])}


class WeekFloorJSON(serializers.Serializer):
    """The floor that the week was held against: earned pay over hours b."""

    hourly = MoneyField("floor__hourly_micros", "floor__currency")
    verdict = serializers.ChoiceField(choices=[str(one) for one in floor.Verdict])
    shortfall_low = MoneyField("low_micros")
    shortfall_high = MoneyField("high_micros")

    def to_representation(self, row: Row) -> Row | None:  # type: ignore[override]
        """Return the verdict and what is missing; None where no floor was in force."""
        hourly = row["floor__hourly_micros"]
        if hourly is None:
            return None
        facts = floor.Evidence(
            low_ms=row["b_low_ms"],
            high_ms=row["b_high_ms"],
            measured_ms=row["measured_ms"],
            pay_micros=row["earned_micros"],
            untimed=row["untimed"],
            unpriced=row["unpriced"],
        )
        bounds = floor.shortfall_bounds(facts, hourly)
        return {
            "hourly": money(hourly, row["floor__currency"]),
            "verdict": str(floor.verdict(facts, hourly)),
            "shortfall_low": money(bounds.low_micros, row["floor__currency"]),
            "shortfall_high": money(bounds.high_micros, row["floor__currency"]),
        }


class ReferenceRateJSON(serializers.Serializer):
    """So many units of the currency were one unit of the base; exact text."""

    currency = serializers.CharField()
    base = serializers.CharField()
    rate = serializers.CharField()
    day = serializers.DateField()
    source = serializers.CharField()  # type: ignore[assignment]


class ConversionJSON(serializers.Serializer):
    """How pay in another currency, for work that ended on this day, was converted."""

    currency = serializers.CharField()
    into = serializers.CharField()
    day = serializers.DateField()
    rates = ReferenceRateJSON(many=True)


class WeekJSON(OfAccount):
    """One account's week, Monday to Sunday on the clock of the vendor's zone."""

    starts_on = serializers.DateField()
    hours = HoursJSON(source="*")
    pieces = serializers.IntegerField()
    untimed = serializers.IntegerField(help_text="rows without any time")
    unpriced = serializers.IntegerField(help_text="rows whose pay is not known")
    earned = MoneyField("earned_micros")
    pending = MoneyField("pending_micros")
    refused = MoneyField("refused_micros")
    received = MoneyField("received_micros")
    last_due_at = InstantField("last_due_at_ms")
    floor = WeekFloorJSON(source="*", allow_null=True)
    rates = ConversionJSON(many=True, help_text="of pay in other currencies than the floor's")


class WeekFilter(AccountFilter):
    first_on = serializers.DateField(required=False, help_text="starts on this day or later")
    last_on = serializers.DateField(required=False, help_text="starts on this day or earlier")


@extend_schema_view(get=extend_schema(parameters=[WeekFilter]))
class WeekList(Listing):
    """Worker-weeks, in the order they were computed."""

    model = WorkWeek
    permission = Permission.WORK_VIEW
    serializer_class = WeekJSON
    filters = WeekFilter
    lookups = OF_ACCOUNT | {"first_on": "starts_on__gte", "last_on": "starts_on__lte"}
    columns = (
        "id", "starts_on", "pieces", "untimed", "unpriced", "currency", "earned_micros",
        "pending_micros", "refused_micros", "received_micros", "last_due_at_ms", "measured_ms",
        "rates",
        *(f"{name}_{end}_ms" for name in DENOMINATORS for end in ("low", "high")),
        "floor__hourly_micros", "floor__currency", *ACCOUNT,
    )  # fmt: skip


def _hours(ms: int) -> float:
    return round(ms / MS_PER_HOUR, 7)
