"""Facts: what was done and where the money went. Rows are added, never changed (ledger/guards.py).

Only `journal` writes them. Foreign keys between facts carry no database constraint: the journal
resolves every id in the same transaction, and nothing that a fact refers to can be deleted
(DECISIONS.md D-005). Instants are UTC epoch milliseconds, money is whole micros.
"""

import uuid

from django.db import models
from django.db.models import F, Q

from ledger.moves import ADVANCE, follows_the_rule_book, names_what_it_needs
from workers.models import Engagement, User, Vendor
from workers.scoping import Day, ScopedManager


def _fact(to: type[models.Model] | str, related_name: str, **options: object) -> models.ForeignKey:
    """Return a foreign key without a database constraint and without an index of its own."""
    return models.ForeignKey(
        to,
        models.PROTECT,
        related_name=related_name,
        db_constraint=False,
        db_index=False,
        **options,  # type: ignore[arg-type]
    )


class Batch(models.Model):
    """Facts that were posted together: the unit of provenance, of retry, of undo and of proof."""

    APPEND_ONLY = True
    SCOPES = {"vendor": "vendor", "auditor": "vendor"}

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    vendor = models.ForeignKey(Vendor, models.PROTECT, related_name="batches")
    kind = models.CharField(max_length=10)  # work, payouts, undo, run, ...
    imported = models.ForeignKey(
        "ledger.Import", models.PROTECT, related_name="batches", null=True, db_index=True
    )
    chunk = models.PositiveIntegerField(default=0)  # its number within its import
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()
    leaves = models.PositiveIntegerField()
    totals = models.JSONField()  # control totals: micros moved, by currency and move
    merkle_root = models.BinaryField(max_length=32)
    keys = models.BinaryField()  # 8 bytes for each key seen, also of rows that changed nothing

    objects = ScopedManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["imported", "kind", "chunk"], name="chunk_posted_once_per_import"
            ),
        ]


class Leaf(models.Model):
    """One kept row of a batch: the commitment to all facts that it posted, and where it stood."""

    APPEND_ONLY = True

    batch = _fact(Batch, "leaf_rows")
    position = models.PositiveIntegerField()
    line = models.PositiveIntegerField()  # in the source file, 0 where there is none
    line_hash = models.BinaryField(max_length=32)  # salted hash of the raw line
    who = models.BinaryField(max_length=32)  # commitment to who and when
    money = models.BinaryField(max_length=32)  # commitment to what was promised and moved

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "position"], name="leaf_once_per_position"),
        ]


class Work(models.Model):
    """Somebody did this, from then to then, for this promised pay. A correction is a new revision.

    `root` is the first revision of the attempt: the one that money names. The clock's interval is
    the longest that the source ever exported; `said_ms` is what it says now, where that is less.
    Where the source has no clock, start and end are one instant and `wall_ms` is the stated
    duration (None: not measured).
    """

    APPEND_ONLY = True
    SCOPES = {
        "vendor": "engagement__vendor",
        "worker": "engagement",
        "auditor": "engagement__vendor",
    }
    SCOPE_DAY = Day(("ended_at_ms",))

    batch = _fact(Batch, "work")
    position = models.PositiveIntegerField()
    engagement = _fact(Engagement, "work")
    n = models.PositiveIntegerField()  # its number in the engagement's stream
    root = _fact("self", "revisions")
    revision = models.PositiveSmallIntegerField()
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="corrected_by", db_constraint=False
    )
    void = models.BooleanField()  # an undo: from here on the attempt is unknown again
    external_id = models.CharField(max_length=200)
    project = models.CharField(max_length=120)
    task_type = models.CharField(max_length=120)
    kind = models.CharField(max_length=20)  # ledger/floor.py lists them
    ended_as = models.CharField(max_length=12)  # what the source said of the attempt
    started_at_ms = models.BigIntegerField()
    ended_at_ms = models.BigIntegerField()
    wall_ms = models.BigIntegerField(null=True)
    said_ms = models.BigIntegerField(null=True)
    active_ms = models.BigIntegerField(null=True)  # what a tool measured
    paid_ms = models.BigIntegerField(null=True)  # what the vendor paid for
    promised_micros = models.BigIntegerField(null=True)  # None: not known
    currency = models.CharField(max_length=3)
    decide_by_at_ms = models.BigIntegerField(null=True)
    # The latest-dated decision that any export told: evidence, as the money may not have moved.
    decided_as = models.CharField(max_length=8, blank=True, default="")  # approved or refused
    decided_at_ms = models.BigIntegerField(null=True)
    said_at_ms = models.BigIntegerField()  # when the source said so: the date of the export

    objects = ScopedManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "external_id", "revision"], name="work_once_per_source"
            ),
            models.UniqueConstraint(fields=["engagement", "n"], name="work_once_per_number"),
            models.CheckConstraint(
                condition=Q(ended_at_ms__gte=F("started_at_ms")), name="work_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(promised_micros__isnull=True) | Q(promised_micros__gte=0),
                name="work_promises_no_debt",
            ),
            models.CheckConstraint(
                condition=Q(revision=1, corrects__isnull=True)
                | Q(revision__gt=1, corrects__isnull=False),
                name="work_revision_names_what_it_corrects",
            ),
        ]
        indexes = [
            models.Index(fields=["engagement", "ended_at_ms"], name="work_by_time"),
            # The root is found by its own id; few attempts have more than that one revision.
            models.Index(fields=["root"], name="work_corrected", condition=Q(revision__gt=1)),
            models.Index(fields=["batch", "position"], name="work_by_batch"),
        ]


class Payment(models.Model):
    """The vendor sent somebody this much. Where it is now is told by its transfers."""

    APPEND_ONLY = True
    SCOPES = {
        "vendor": "engagement__vendor",
        "worker": "engagement",
        "auditor": "engagement__vendor",
    }
    SCOPE_DAY = Day(("sent_at_ms",))

    batch = _fact(Batch, "payments")
    position = models.PositiveIntegerField()
    engagement = _fact(Engagement, "payments")
    n = models.PositiveIntegerField()
    revision = models.PositiveSmallIntegerField()
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="corrected_by", db_constraint=False
    )
    void = models.BooleanField()
    reference = models.CharField(max_length=120)
    currency = models.CharField(max_length=3)
    amount_micros = models.BigIntegerField()
    sent_at_ms = models.BigIntegerField()
    lists = models.JSONField()  # external ids of the work that it says it pays; may be empty

    objects = ScopedManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "reference", "revision"], name="payment_once_per_reference"
            ),
            models.UniqueConstraint(fields=["engagement", "n"], name="payment_once_per_number"),
            models.CheckConstraint(condition=Q(amount_micros__gt=0), name="payment_is_positive"),
        ]
        indexes = [models.Index(fields=["batch", "position"], name="payment_by_batch")]


class Transfer(models.Model):
    """Money moved from one account of an engagement to another. To undo one, post its mirror."""

    APPEND_ONLY = True
    SCOPES = {
        "vendor": "engagement__vendor",
        "worker": "engagement",
        "auditor": "engagement__vendor",
    }
    SCOPE_DAY = Day(("happened_at_ms", "work__ended_at_ms", "payment__sent_at_ms"))

    batch = _fact(Batch, "transfers")
    position = models.PositiveIntegerField()  # its row's leaf in the batch's tree
    engagement = _fact(Engagement, "transfers")
    n = models.PositiveIntegerField()  # its number in the engagement's stream
    work = _fact(Work, "transfers", null=True)  # always the root revision
    payment = _fact(Payment, "transfers", null=True)
    move = models.CharField(max_length=10)  # the rule book is ledger/moves.py
    source = models.CharField(max_length=10)
    target = models.CharField(max_length=10)
    currency = models.CharField(max_length=3)
    amount_micros = models.BigIntegerField()
    happened_at_ms = models.BigIntegerField(null=True)  # None: the source gives no date
    due_at_ms = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=200, blank=True)
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="reversed_by", db_constraint=False
    )
    withholding = _fact("ledger.Withholding", "transfers", null=True)  # the decision behind it

    objects = ScopedManager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_micros__gt=0), name="transfer_is_positive"),
            models.CheckConstraint(
                condition=follows_the_rule_book(), name="transfer_follows_the_rule_book"
            ),
            models.CheckConstraint(
                condition=names_what_it_needs("work", "work"), name="transfer_names_its_work"
            ),
            models.CheckConstraint(
                condition=names_what_it_needs("payment", "payment"),
                name="transfer_names_its_payment",
            ),
            models.CheckConstraint(
                condition=names_what_it_needs("reason", "reason"), name="transfer_gives_its_reason"
            ),
            models.CheckConstraint(
                condition=names_what_it_needs("due", "due_at_ms"), name="debt_says_when_it_is_due"
            ),
            models.CheckConstraint(
                condition=names_what_it_needs("decision", "withholding"),
                name="transfer_names_its_withholding",
            ),
            models.UniqueConstraint(fields=["engagement", "n"], name="transfer_once_per_number"),
        ]
        indexes = [
            models.Index(fields=["work"], name="transfer_by_work"),
            models.Index(
                fields=["payment"],
                name="transfer_by_payment",
                condition=Q(payment__isnull=False),
            ),
            models.Index(
                fields=["engagement"],
                name="transfer_paid_ahead",
                condition=Q(source=ADVANCE) | Q(target=ADVANCE),
            ),
            models.Index(fields=["batch", "position"], name="transfer_by_batch"),
            models.Index(
                fields=["engagement"],
                name="transfer_taken_back",
                condition=Q(reverses__isnull=False),
            ),
            models.Index(
                fields=["withholding"],
                name="transfer_by_withholding",
                condition=Q(withholding__isnull=False),
            ),
        ]
