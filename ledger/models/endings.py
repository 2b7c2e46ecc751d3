"""Terms that end something: an account is deactivated, a project is closed. Added, never changed.

Both start the clock of the final settlement, and neither touches what a worker may see: access
hangs on the person's own link to the account (workers/scoping.py). Instants are epoch milliseconds.
"""

from django.db import models
from django.db.models import F, Q

from workers.models import Engagement, User, Vendor
from workers.scoping import ScopedManager


class Deactivation(models.Model):
    """A vendor gives an account no more work; or, where `lifts` is given, gives it some again."""

    APPEND_ONLY = True
    SCOPES = {
        "vendor": "engagement__vendor",
        "worker": "engagement",
        "auditor": "engagement__vendor",
    }

    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="deactivations")
    lifts = models.OneToOneField("self", models.PROTECT, null=True, related_name="lifted_by")
    from_at_ms = models.BigIntegerField()
    told_at_ms = models.BigIntegerField()  # when the worker had the reason
    settle_by_at_ms = models.BigIntegerField()  # by then all that is owed has been paid
    code = models.CharField(max_length=40)  # why, for machines
    text = models.CharField(max_length=500)  # why, for the worker
    decided_by = models.CharField(max_length=120)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = ScopedManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(code="") & ~Q(text="") & ~Q(decided_by=""),
                name="deactivation_says_why_and_who",
            ),
            models.CheckConstraint(
                condition=Q(told_at_ms__lte=F("from_at_ms")),
                name="deactivation_comes_after_its_reason",
            ),
        ]


class Closing(models.Model):
    """A vendor's project ends: no more work of it is given out, and what was done is settled."""

    APPEND_ONLY = True
    SCOPES = {"vendor": "vendor", "auditor": "vendor"}

    vendor = models.ForeignKey(Vendor, models.PROTECT, related_name="closings")
    project = models.CharField(max_length=120)
    from_at_ms = models.BigIntegerField()
    settle_by_at_ms = models.BigIntegerField()
    text = models.CharField(max_length=500)  # why
    decided_by = models.CharField(max_length=120)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = ScopedManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vendor", "project"], name="project_closed_once"),
            models.CheckConstraint(
                condition=~Q(project="") & ~Q(text="") & ~Q(decided_by=""),
                name="closing_says_what_why_and_who",
            ),
        ]
