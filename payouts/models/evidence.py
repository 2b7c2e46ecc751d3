"""A worker's own record, private until released: time and tasks, screenshots, exports, drafts.

Tables, ids and keys of their own: every id is random, so nothing here takes a number from a
sequence; no row of a vendor refers to a row here, and no foreign key here locks one of a vendor.
Only the person sees them, whoever holds the account later. No vendor and no auditor is in SCOPES.
"""

import secrets
import uuid

from django.db import models
from django.db.models import F, Q

from workers.models import Engagement, Worker
from workers.scoping import ScopedManager


def new_salt() -> bytes:
    """Return 32 random bytes: what one commitment or seal is salted with."""
    return secrets.token_bytes(32)


def _account() -> "models.ForeignKey[Engagement, Engagement]":
    return models.ForeignKey(Engagement, models.CASCADE, related_name="+", db_constraint=False)


class OwnExport(models.Model):
    """A file that the worker kept of the platform: what it said, without the file."""

    SCOPES = {"worker": "worker__self"}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    worker = models.ForeignKey(Worker, models.CASCADE, related_name="+")
    engagement = _account()
    name = models.CharField(max_length=200)
    format = models.CharField(max_length=20)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    counts = models.JSONField()  # kept, known, others, unread
    read_at = models.DateTimeField()

    objects = ScopedManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["worker", "engagement", "sha256"], name="own_export_read_once"
            ),
        ]


class Entry(models.Model):
    """A revision of one entry: worked from then to then, by the worker's own word.

    An edit is a new revision that names the old one; one that withdraws the entry is a revision,
    too. A clock that runs has no end yet. The commitment is over the salt, the fields and the
    commitment of the revision before, so an old revision cannot be changed without showing.
    """

    SCOPES = {"worker": "worker__self"}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    worker = models.ForeignKey(Worker, models.CASCADE, related_name="+")
    engagement = _account()
    corrects = models.OneToOneField("self", models.CASCADE, null=True, related_name="corrected_by")
    revision = models.PositiveSmallIntegerField()
    started_at_ms = models.BigIntegerField()
    ended_at_ms = models.BigIntegerField(null=True)  # None: the clock still runs
    what = models.CharField(max_length=120, blank=True)
    external_id = models.CharField(max_length=200, blank=True)  # of an attempt on the platform
    promised_micros = models.BigIntegerField(null=True)  # what the offer said, if it was kept
    currency = models.CharField(max_length=3, blank=True)
    note = models.CharField(max_length=500, blank=True)
    how = models.CharField(max_length=6)  # clock, hand or export
    export = models.ForeignKey(OwnExport, models.CASCADE, null=True, related_name="entries")
    withdrawn = models.BooleanField(default=False)
    said_at = models.DateTimeField()
    salt = models.BinaryField(max_length=32, default=new_salt)
    commitment = models.BinaryField(max_length=32)

    objects = ScopedManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at_ms__isnull=True) | Q(ended_at_ms__gte=F("started_at_ms")),
                name="entry_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(promised_micros__isnull=True) | Q(promised_micros__gte=0),
                name="entry_claims_no_debt",
            ),
            models.CheckConstraint(
                condition=Q(revision=1, corrects__isnull=True)
                | Q(revision__gt=1, corrects__isnull=False),
                name="entry_revision_names_what_it_corrects",
            ),
        ]
        indexes = [
            models.Index(fields=["worker", "engagement", "started_at_ms"], name="entry_by_time")
        ]


class Screenshot(models.Model):
    """The hash of a picture that the worker keeps: it can be shown later to be the same."""

    SCOPES = {"worker": "entry__worker__self"}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entry = models.ForeignKey(Entry, models.CASCADE, related_name="screenshots")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    noted_at = models.DateTimeField()

    objects = ScopedManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "sha256"], name="screenshot_noted_once"),
        ]


class Draft(models.Model):
    """A question that was not sent: nobody but its writer knows that it exists.

    Sending copies it into a Dispute with another id, and takes the draft away.
    """

    SCOPES = {"worker": "worker__self"}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    worker = models.ForeignKey(Worker, models.CASCADE, related_name="+")
    engagement = _account()
    about = models.CharField(max_length=60)  # payouts/disputes/subjects.py reads it
    choice = models.CharField(max_length=12)
    words = models.TextField(blank=True)
    changed_at = models.DateTimeField()

    objects = ScopedManager()


class Release(models.Model):
    """An entry was released: the question in which it stands has a copy of it."""

    SCOPES = {"worker": "entry__worker__self"}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entry = models.OneToOneField(Entry, models.CASCADE, related_name="release")
    dispute_id = models.UUIDField()
    released_at = models.DateTimeField()

    objects = ScopedManager()
