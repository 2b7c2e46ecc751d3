"""Flags: questions with evidence, as whoever asks may see them; and a vendor's answer to one."""

from typing import Any, cast

from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.generics import GenericAPIView, RetrieveAPIView, get_object_or_404
from rest_framework.parsers import FormParser, JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from ledger.api.shapes import AccountFilter, InstantField, Listing, MoneyField, Row
from payouts import flag_list, reasons
from payouts.detectors import CODES
from payouts.flag_life import answering, listed
from payouts.models import Dispute, Flag
from workers.endpoints import Endpoint, OneOf
from workers.models import User
from workers.roles import Permission
from workers.scoping import Visible


class HappenedJSON(serializers.Serializer):
    """One dated line of a flag's life."""

    at = serializers.DateTimeField()
    happening = serializers.CharField(
        help_text="notified, asked, explained, escalated, paid, closed, superseded, decided, "
        "reopened, needs_worker (the vendor has asked the worker for details); question, "
        "question_closed: of a question that the worker sent"
    )
    by = serializers.CharField(
        source="role", help_text="scan, clock, vendor, auditor or worker; empty where not told"
    )
    due_at = serializers.DateTimeField(allow_null=True, help_text="of the answer asked for")
    words = serializers.CharField(source="text")
    words_lost = serializers.CharField(source="lost", help_text="erased, changed, or empty")
    reason = serializers.CharField(help_text="why it closed by itself")
    entry = serializers.IntegerField(
        source="entry.pk", default=None, allow_null=True, help_text="the transfer that answered it"
    )
    question = serializers.UUIDField(source="question.pk", default=None, allow_null=True)


class FlagJSON(serializers.Serializer):
    """What was found, of whom, since when, how much is at stake, and where it stands."""

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
    state = serializers.CharField(source="stands", help_text=", ".join(flag_list.STANDS))
    closed_as = serializers.CharField(help_text="paid, closed, superseded, decided, or empty")
    answer_due_at = serializers.DateTimeField(allow_null=True)
    events = serializers.IntegerField(help_text="how many there are: what an answer has seen")
    history = HappenedJSON(many=True)
    resolved_at = serializers.DateTimeField(allow_null=True)
    resolution = serializers.CharField()


COLUMNS = (
    "id", "vendor__slug", "engagement__source", "engagement__account", "code", "version",
    "subject", "stake_micros", "currency", "since_at_ms", "evidence", "first_seen_at",
    "last_seen_at", "stands", "closed_as", "answer_due_at", "events", "resolved_at", "resolution",
)  # fmt: skip


class FlagFilter(AccountFilter):
    code = OneOf(choices=sorted(CODES), required=False)
    open = serializers.BooleanField(required=False, allow_null=True, default=None)
    state = OneOf(choices=flag_list.STANDS, required=False)
    due_before = serializers.DateTimeField(
        required=False, help_text="flags that wait for an answer due before then"
    )


class AnswerJSON(serializers.Serializer):
    """A vendor's explanation of a flag."""

    words = serializers.CharField(
        max_length=answering.MOST_WORDS,
        trim_whitespace=False,
        help_text=f"the reason: at least {reasons.LEAST_LETTERS} letters or digits",
    )
    seen = serializers.IntegerField(
        min_value=0, max_value=30_000, help_text="the flag's `events`, as they were read"
    )


class Conflict(APIException):
    """Somebody was first, or the flag waits for no answer."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "overtaken"


def with_history(rows: list[Row], visible: Visible) -> list[Row]:
    """Add the life of each flag to a page of them. At most four queries."""
    lives = listed.of([row["id"] for row in rows], visible)
    return [{**row, "history": lives.get(row["id"], [])} for row in rows]


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
        """Return flags that are open, stand there, or are due, where that was asked for."""
        rows = flag_list.standing_now(super().narrowed(rows, asked), self.visible(Dispute))
        if asked.get("open") is not None:
            rows = rows.filter(resolved_at__isnull=asked["open"])
        if "state" in asked:
            rows = rows.filter(stands=asked["state"])
        if "due_before" in asked:
            rows = flag_list.unanswered(rows).filter(answer_due_at__lt=asked["due_before"])
        return rows

    def paginate_queryset(self, queryset: Any) -> Any:
        """Return a page, each flag with its life."""
        return with_history(super().paginate_queryset(queryset) or [], self.visible)


class OneFlag(Endpoint, abstract=True):
    """One flag with its life."""

    model = Flag

    def get_queryset(self) -> Any:
        """Return the visible rows; where each stands follows from the visible questions."""
        rows = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):
            return rows
        return flag_list.standing_now(rows, self.visible(Dispute)).values(*COLUMNS)

    def get_object(self) -> Row:
        """Return the flag that the address names."""
        row = get_object_or_404(self.get_queryset(), pk=self.kwargs["pk"])  # type: ignore[attr-defined]
        return with_history([row], self.visible)[0]


class FlagDetail(OneFlag, RetrieveAPIView):
    """One flag."""

    permission = Permission.FLAG_VIEW
    serializer_class = FlagJSON


class FlagAnswer(OneFlag, GenericAPIView):
    """A vendor's answer to a flag."""

    http_method_names = ["post"]
    permission = Permission.FLAG_ANSWER
    write_permission = Permission.FLAG_ANSWER
    serializer_class = FlagJSON
    parser_classes = [JSONParser, FormParser, MultiPartParser]

    @extend_schema(
        request=AnswerJSON,
        responses={
            200: OpenApiResponse(FlagJSON, "Explained; the flag stays open."),
            409: OpenApiResponse(description="Something happened meanwhile: read it first."),
        },
    )
    def post(self, request: Request, pk: int) -> Response:
        """Explain a flag with a written reason, as the vendor."""
        flag = get_object_or_404(self.visible(Flag), pk=pk)
        form = AnswerJSON(data=request.data)
        form.is_valid(raise_exception=True)
        try:
            answering.explain(
                flag=flag, by=cast(User, request.user), at=timezone.now(), **form.validated_data
            )
        except reasons.NoReason as error:
            raise ValidationError({"words": [str(error)]}) from error
        except answering.Overtaken as error:
            raise Conflict(str(error)) from error
        return Response(FlagJSON(self.get_object()).data)
