"""Work, transfers and weeks, as whoever asks may see them."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.generics import RetrieveAPIView

from ledger import balances
from ledger.api.shapes import (
    MS_PER_SECOND,
    AccountFilter,
    DurationField,
    InstantField,
    Listing,
    MoneyField,
    Row,
    money,
)
from ledger.importers.canonical_columns import KINDS
from ledger.models import Transfer, Work
from ledger.moves import REVERSE, RULES
from ledger.periods import ms_of
from workers.endpoints import Endpoint, OneOf
from workers.roles import Permission

MOST_ID = 2**63 - 1
ACCOUNT = ("engagement__vendor__slug", "engagement__source", "engagement__account")


class OfAccount(serializers.Serializer):
    """Whose row it is."""

    vendor = serializers.CharField(source="engagement__vendor__slug")
    source = serializers.CharField(source="engagement__source")  # type: ignore[assignment]
    account = serializers.CharField(source="engagement__account")


class BalanceJSON(serializers.Serializer):
    """Money of a piece of work, and the account that it is in now."""

    account = serializers.CharField()
    amount = serializers.CharField()
    currency = serializers.CharField()


class WorkJSON(OfAccount):
    """A piece of work. `where` says where its money is: that is its status."""

    id = serializers.IntegerField()
    external_id = serializers.CharField()
    revision = serializers.IntegerField()
    project = serializers.CharField()
    task_type = serializers.CharField()
    kind = serializers.CharField()
    ended_as = serializers.CharField()
    started_at = InstantField("started_at_ms")
    ended_at = InstantField("ended_at_ms")
    wall_seconds = DurationField("wall_ms", MS_PER_SECOND)
    active_seconds = DurationField("active_ms", MS_PER_SECOND)
    paid_seconds = DurationField("paid_ms", MS_PER_SECOND)
    promised = MoneyField("promised_micros")
    decide_by = InstantField("decide_by_at_ms")
    where = BalanceJSON(many=True)


WORK_COLUMNS = (
    "id", "root_id", "external_id", "revision", "project", "task_type", "kind", "ended_as",
    "started_at_ms", "ended_at_ms", "wall_ms", "active_ms", "paid_ms", "promised_micros",
    "currency", "decide_by_at_ms", *ACCOUNT,
)  # fmt: skip


class WorkFilter(AccountFilter):
    project = serializers.CharField(required=False)
    kind = OneOf(choices=KINDS, required=False)
    after = serializers.DateTimeField(required=False, help_text="ended then or later")
    before = serializers.DateTimeField(required=False, help_text="ended before then")


OF_ACCOUNT = {"vendor": "engagement__vendor__slug", "account": "engagement__account"}


@extend_schema_view(get=extend_schema(parameters=[WorkFilter]))
class WorkList(Listing):
    """Pieces of work as they stand: the newest revision of each, in the order they came in."""

    model = Work
    permission = Permission.WORK_VIEW
    serializer_class = WorkJSON
    filters = WorkFilter
    columns = WORK_COLUMNS
    lookups = OF_ACCOUNT | {"project": "project", "kind": "kind"}

    def narrowed(self, rows: Any, asked: Row) -> Any:
        """Return work that stands, and that ended in the time asked for."""
        return super().narrowed(standing(rows), asked).filter(**_between("ended_at_ms", asked))

    def paginate_queryset(self, queryset: Any) -> Any:
        """Return a page, with where each row's money is: one more query."""
        return with_balances(super().paginate_queryset(queryset) or [])


class WorkDetail(Endpoint, RetrieveAPIView):
    """One piece of work, as it stands."""

    model = Work
    permission = Permission.WORK_VIEW
    serializer_class = WorkJSON

    def get_queryset(self) -> Any:
        """Return the visible rows, also former revisions."""
        return super().get_queryset().values(*WORK_COLUMNS)

    def get_object(self) -> Any:
        """Return the row, with where its money is."""
        return with_balances([super().get_object()])[0]


def standing(rows: Any) -> Any:
    """Return the newest revisions, without those that an undo voided."""
    return rows.filter(corrected_by__isnull=True, void=False)


def with_balances(rows: list[Row]) -> list[Row]:
    """Return work rows, each with `where`: its balances."""
    found = balances.of_work({row["root_id"] for row in rows})
    for row in rows:
        row["where"] = [
            {"account": one.account, **(money(one.micros, one.currency) or {})}
            for one in found[row["root_id"]]
        ]
    return rows


class TransferJSON(OfAccount):
    """Money that moved from one account to another."""

    id = serializers.IntegerField()
    n = serializers.IntegerField(help_text="its number in the account's stream of facts")
    move = serializers.CharField()
    from_account = serializers.CharField(source="source")
    to_account = serializers.CharField(source="target")
    money = MoneyField("amount_micros")
    work = serializers.IntegerField(
        allow_null=True, source="work_id", help_text="its first revision"
    )
    external_id = serializers.CharField(allow_null=True, source="work__external_id")
    payment = serializers.CharField(allow_null=True, source="payment__reference")
    happened_at = InstantField("happened_at_ms")
    due_at = InstantField("due_at_ms")
    reason = serializers.CharField()
    reverses = serializers.IntegerField(allow_null=True, source="reverses_id")


TRANSFER_COLUMNS = (
    "id", "n", "move", "source", "target", "amount_micros", "currency", "work_id",
    "work__external_id", "payment__reference", "happened_at_ms", "due_at_ms", "reason",
    "reverses_id", *ACCOUNT,
)  # fmt: skip


class TransferFilter(AccountFilter):
    move = OneOf(choices=[*RULES, REVERSE], required=False)
    work = serializers.IntegerField(
        required=False, min_value=1, max_value=MOST_ID, help_text="the first revision's id"
    )
    after = serializers.DateTimeField(required=False, help_text="happened then or later")
    before = serializers.DateTimeField(required=False, help_text="happened before then")


@extend_schema_view(get=extend_schema(parameters=[TransferFilter]))
class TransferList(Listing):
    """Transfers, in the order they were posted."""

    model = Transfer
    permission = Permission.WORK_VIEW
    serializer_class = TransferJSON
    filters = TransferFilter
    columns = TRANSFER_COLUMNS
    lookups = OF_ACCOUNT | {"move": "move", "work": "work_id"}

    def narrowed(self, rows: Any, asked: Row) -> Any:
        """Return transfers that happened in the time asked for."""
        return super().narrowed(rows, asked).filter(**_between("happened_at_ms", asked))


class TransferDetail(Endpoint, RetrieveAPIView):
    """One transfer."""

    model = Transfer
    permission = Permission.WORK_VIEW
    serializer_class = TransferJSON

    def get_queryset(self) -> Any:
        """Return the visible rows."""
        return super().get_queryset().values(*TRANSFER_COLUMNS)


def _between(column: str, asked: Row) -> Row:
    found = {}
    if "after" in asked:
        found[f"{column}__gte"] = ms_of(asked["after"])
    if "before" in asked:
        found[f"{column}__lt"] = ms_of(asked["before"])
    return found
