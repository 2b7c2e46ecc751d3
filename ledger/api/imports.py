"""Bringing files in: upload, progress, and the rows that were rejected."""

from pathlib import Path
from typing import Any, cast
from uuid import UUID

from django.http import StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.generics import RetrieveAPIView, get_object_or_404
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from ledger import importers, intake, rejects, uploads
from ledger.api.shapes import Download, Listing, Row, attachment, money
from ledger.files import Refused
from ledger.models import Import, Job, Remark
from workers.endpoints import Endpoint, OneOf
from workers.models import User, Vendor
from workers.roles import Permission

KINDS = ("work", "payouts")


class ProgressJSON(serializers.Serializer):
    """How far the reading is."""

    state = serializers.CharField()
    done = serializers.IntegerField()
    total = serializers.IntegerField()


class RefusalJSON(serializers.Serializer):
    """Why nothing of the file was kept."""

    value = serializers.CharField()
    rule = serializers.CharField()
    mend = serializers.CharField()


class ImportJSON(serializers.Serializer):
    """One file that was brought in."""

    uuid = serializers.UUIDField()
    vendor = serializers.CharField(source="vendor__slug")
    kind = serializers.CharField()
    format = serializers.CharField()
    name = serializers.CharField()
    sha256 = serializers.CharField()
    size = serializers.IntegerField(help_text="bytes")
    as_of = serializers.DateTimeField()
    complete = serializers.BooleanField()
    complete_until = serializers.DateField(allow_null=True)
    state = serializers.CharField()
    rows = serializers.DictField(child=serializers.IntegerField(), source="counts")
    money = serializers.SerializerMethodField(help_text="of the file, by currency")
    refusal = RefusalJSON(allow_null=True)
    progress = ProgressJSON(allow_null=True)
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)

    def get_money(self, row: Row) -> list[dict[str, str]]:
        """Return the file's money, one amount a currency."""
        return [money(micros, code) or {} for code, micros in sorted(row["totals"].items())]


COLUMNS = (
    "id", "uuid", "vendor__slug", "kind", "format", "name", "sha256", "size", "as_of", "complete",
    "complete_until", "state", "counts", "totals", "refusal", "created_at", "finished_at",
)  # fmt: skip


class ImportFilter(serializers.Serializer):
    vendor = serializers.SlugField(required=False)
    kind = OneOf(choices=KINDS, required=False)
    state = OneOf(choices=Import.STATES, required=False)


class UploadForm(serializers.Serializer):
    """What comes with a file."""

    file = serializers.FileField(allow_empty_file=True)
    kind = serializers.ChoiceField(choices=KINDS, default="work")
    vendor = serializers.SlugField(required=False, help_text="needed by staff of several vendors")
    format = serializers.ChoiceField(choices=sorted(importers.FORMATS), required=False)
    exported_at = serializers.DateTimeField(required=False, help_text="when the export was made")
    complete = serializers.BooleanField(default=False, help_text="it holds all of its scope")
    complete_until = serializers.DateField(required=False, help_text="payouts: complete to here")


@extend_schema_view(
    get=extend_schema(parameters=[ImportFilter]),
    post=extend_schema(
        request={"multipart/form-data": UploadForm},
        responses={
            202: OpenApiResponse(ImportJSON, "Taken in; Location says where its progress is."),
            200: OpenApiResponse(ImportJSON, "This file was brought in before."),
        },
    ),
)
class ImportList(Listing):
    """Files that were brought in, oldest first; POST brings one in."""

    model = Import
    permission = Permission.IMPORT_VIEW
    write_permission = Permission.IMPORT_ADD
    serializer_class = ImportJSON
    filters = ImportFilter
    parser_classes = [MultiPartParser]
    columns = COLUMNS
    lookups = {"vendor": "vendor__slug", "kind": "kind", "state": "state"}

    def paginate_queryset(self, queryset: Any) -> Any:
        """Return a page, with how far each file is: one more query."""
        return with_progress(super().paginate_queryset(queryset) or [], self.visible(Job))

    def post(self, request: Request) -> Response:
        """Take a file in; reading it goes on behind this answer."""
        form = UploadForm(data=request.data)
        form.is_valid(raise_exception=True)
        given = form.validated_data
        vendor = self._vendor(given.pop("vendor", None))
        upload = given.pop("file")
        try:
            with uploads.on_disk(upload) as path:
                imported, new = intake.receive(
                    vendor=vendor,
                    path=path,
                    name=upload.name,
                    by=cast(User, request.user),
                    at=timezone.now(),
                    **given,
                )
        except Refused as error:
            problem = {"value": [error.value], "rule": [error.rule], "mend": [error.mend]}
            raise ValidationError(problem) from error
        return Response(
            ImportJSON(self.one(imported)).data,
            status=status.HTTP_202_ACCEPTED if new else status.HTTP_200_OK,
            headers={"Location": reverse("api-import", args=[imported.uuid])},
        )

    def one(self, imported: Import) -> Row:
        """Return the row of an import, as a list would show it."""
        rows = self.visible(Import).filter(pk=imported.pk).values(*COLUMNS)
        return with_progress(list(rows), self.visible(Job))[0]

    def _vendor(self, slug: str | None) -> Vendor:
        """Return the vendor that the file is for, among those whose staff asks."""
        vendors = self.visible(Vendor)  # IMPORT_VIEW and IMPORT_ADD: the same people hold them
        found = list((vendors.filter(slug=slug) if slug else vendors).order_by("name")[:2])
        if len(found) == 1:
            return found[0]
        names = ", ".join(vendors.order_by("name").values_list("slug", flat=True))
        raise ValidationError({"vendor": [f"Say which vendor it is for: {names}."]})


class ImportDetail(Endpoint, RetrieveAPIView):
    """One file, and how far its reading is."""

    model = Import
    permission = Permission.IMPORT_VIEW
    serializer_class = ImportJSON
    lookup_field = "uuid"

    def get_queryset(self) -> Any:
        """Return the visible rows."""
        return super().get_queryset().values(*COLUMNS)

    def get_object(self) -> Any:
        """Return the row, with its progress."""
        return with_progress([super().get_object()], self.visible(Job))[0]


class ImportRejects(Download):
    """The rejected rows of one file, to be corrected and brought in again."""

    model = Import
    permission = Permission.IMPORT_VIEW

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.STR})
    def get(self, request: Request, uuid: UUID) -> StreamingHttpResponse:
        """Return the CSV; only its header when no row was rejected."""
        imported = get_object_or_404(self.get_queryset(), uuid=uuid)
        remarks = self.visible(Remark).filter(imported=imported, kind="reject")
        return StreamingHttpResponse(
            rejects.as_csv(remarks.order_by("line", "column").iterator(1000)),
            content_type="text/csv; charset=utf-8",
            headers=attachment(f"{Path(imported.name).stem}-rejects.csv"),
        )


def with_progress(rows: list[Row], visible_jobs: Any) -> list[Row]:
    """Return import rows, each with the progress of the job that reads it. One query."""
    keys = {f"import:{row['uuid']}": row for row in rows}
    for row in rows:
        row["progress"] = None
    for job in visible_jobs.filter(key__in=keys).values("key", "state", "done", "total"):
        keys[job.pop("key")]["progress"] = job
    return rows
