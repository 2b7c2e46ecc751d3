"""What was brought in, and the work that goes on behind a page: imports, remarks, jobs, slots."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q

from workers.models import User, Vendor
from workers.scoping import ScopedManager


class Import(models.Model):
    """One file that a vendor brought in. It is deleted when it is read; its hash and counts stay.

    state: of a refused one nothing was kept; a dry run ends as checked.
    """

    SCOPES = {"vendor": "vendor", "auditor": "vendor"}
    STATES = ("checking", "dry run", "refused", "checked", "posting", "done", "undone")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    vendor = models.ForeignKey(Vendor, models.PROTECT, related_name="imports")
    kind = models.CharField(max_length=10)  # work or payouts
    format = models.CharField(max_length=20, blank=True)
    version = models.PositiveSmallIntegerField(default=0)  # of the importer
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    path = models.CharField(max_length=500, blank=True)  # empty once the file is deleted
    as_of = models.DateTimeField()  # when the export was made, as declared; else when it came in
    complete = models.BooleanField(default=False)  # it holds all work of its scope
    complete_until = models.DateField(null=True)  # remittances: nothing sent by then is missing
    state = models.CharField(max_length=10, default="checking")
    counts = models.JSONField(default=dict)  # rows, and how they ended: they add up
    totals = models.JSONField(default=dict)  # money of the kept rows, by currency, in micros
    warnings = models.JSONField(default=list)  # sentences about the file as a whole
    refusal = models.JSONField(null=True)  # value, rule, mend: why nothing was kept
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    objects = ScopedManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["vendor", "kind", "sha256"],
                condition=Q(state__in=["checking", "posting", "done"]),
                name="file_brought_in_once",
            ),
        ]


class Remark(models.Model):
    """A row that was rejected, or in which two exports disagree: value, rule, mend."""

    SCOPES = {"vendor": "imported__vendor", "auditor": "imported__vendor"}

    imported = models.ForeignKey(Import, models.CASCADE, related_name="remarks")
    kind = models.CharField(max_length=8)  # reject or conflict
    line = models.PositiveIntegerField()
    column = models.CharField(max_length=120)
    value = models.CharField(max_length=500)
    rule = models.CharField(max_length=300)
    mend = models.CharField(max_length=300)
    cells = models.JSONField(default=dict)  # the needed columns of the row, to be corrected

    objects = ScopedManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["imported", "kind", "line", "column"], name="remark_once_per_line"
            ),
        ]


class Job(models.Model):
    """Work that goes on in the background. This row is the truth; a message only rings the bell.

    state: waiting, running, done, failed. A worker holds it until `lease_until` under a `fence`
    that grows with each claim: whoever has an older fence can no longer write.
    """

    SCOPES = {"vendor": "vendor"}

    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=120, unique=True)
    vendor = models.ForeignKey(Vendor, models.PROTECT, related_name="jobs")
    params = models.JSONField(default=dict)
    cursor = models.JSONField(default=dict)
    state = models.CharField(max_length=8, default="waiting")
    done = models.PositiveIntegerField(default=0)  # of `total`, for whoever watches
    total = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    fence = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    rung_at = models.DateTimeField(null=True)  # when a sweep rang for it last
    error = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    run_at: datetime  # when the present run began; not stored

    objects = ScopedManager()

    class Meta:
        indexes = [
            models.Index(
                fields=["lease_until"],
                name="job_to_go_on",
                condition=Q(state__in=["waiting", "running"]),
            ),
        ]


class Slot(models.Model):
    """A scheduled moment that somebody took: with two schedulers, only one takes it."""

    name = models.CharField(max_length=60)
    starts_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "starts_at"], name="slot_taken_once")
        ]
