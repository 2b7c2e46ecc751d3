"""Questions that workers put to a vendor: the vendor sees those that were sent, and no other.

An auditor sees those that were escalated. Who asked is the account; the person behind it is in no
page but their own. Ids are random: they say neither how many questions there are nor which came
first. The state is not stored: it follows from what happened (payouts/disputes/standing.py).
"""

import uuid

from django.db import models
from django.db.models import Q

from ledger.models import Batch
from payouts.models.flags import Flag
from workers.models import Engagement, User, Vendor, Worker
from workers.roles import Role
from workers.scoping import Day, ScopedManager


class Dispute(models.Model):
    """One question about one line: what is wrong, by whose word, and what became of it."""

    SCOPES = {"vendor": "vendor", "worker": "worker__self", "auditor": "vendor"}
    SCOPE_DAY = Day(("about_on",))
    SCOPE_WHEN = {Role.AUDITOR: Q(escalated_at__isnull=False)}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    vendor = models.ForeignKey(Vendor, models.PROTECT, related_name="disputes")
    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="disputes")
    worker = models.ForeignKey(Worker, models.SET_NULL, null=True, related_name="+")
    about = models.CharField(max_length=60)
    about_on = models.DateField()
    root_id = models.BigIntegerField(null=True)  # the work that it is about, if it is about work
    flag = models.ForeignKey(Flag, models.PROTECT, null=True, related_name="disputes")
    choice = models.CharField(max_length=12)
    stake_micros = models.BigIntegerField(null=True)  # None: not known
    currency = models.CharField(max_length=3)
    evidence = models.JSONField()
    asked_at = models.DateTimeField()
    answer_due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)  # the last word of the vendor
    paid_micros = models.BigIntegerField(default=0)
    escalated_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, blank=True)  # paid, agreed, withdrawn or decided

    objects = ScopedManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(stake_micros__isnull=True) | Q(stake_micros__gte=0),
                name="dispute_asks_for_no_debt",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, outcome="")
                | (Q(closed_at__isnull=False) & ~Q(outcome="")),
                name="closed_dispute_has_an_outcome",
            ),
        ]
        indexes = [
            models.Index(fields=["vendor", "asked_at"], name="dispute_by_vendor"),
            models.Index(
                fields=["answer_due_at"],
                name="dispute_unanswered",
                condition=Q(closed_at=None, escalated_at=None, answered_at=None),
            ),
        ]


class Message(models.Model):
    """What somebody said in a question. It is free text, so it may be erased, but is not edited."""

    SCOPES = {
        "vendor": "dispute__vendor",
        "worker": "dispute__worker__self",
        "auditor": "dispute__vendor",
    }
    SCOPE_DAY = Day(("dispute__about_on",))
    SCOPE_WHEN = {Role.AUDITOR: Q(dispute__escalated_at__isnull=False)}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="messages")
    position = models.PositiveSmallIntegerField()
    role = models.CharField(max_length=10)  # worker, vendor, auditor or clock
    said = models.CharField(max_length=10)  # asked, answered, paid, escalated, agreed, …
    words = models.TextField(blank=True)
    micros = models.BigIntegerField(null=True)  # what was paid with it
    batch = models.ForeignKey(
        Batch, models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    said_at = models.DateTimeField()

    objects = ScopedManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dispute", "position"], name="message_once_per_position"
            ),
            models.CheckConstraint(
                condition=(Q(batch__isnull=True) & Q(micros__isnull=True))
                | (Q(batch__isnull=False) & Q(micros__gt=0)),
                name="message_pays_by_a_ledger_entry",
            ),
        ]
