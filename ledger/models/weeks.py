"""What is computed from facts: drop it and rebuild it, and it is the same (ledger/weeks.py).

`Stream` is the one exception: the head of an engagement's numbering, moved under the vendor's lock.
"""

from django.db import models

from ledger.models.terms import WageFloor
from workers.models import Engagement, Vendor
from workers.scoping import Day, ScopedManager


class Stream(models.Model):
    """The last number given in an engagement's stream of facts."""

    engagement = models.OneToOneField(Engagement, models.PROTECT, primary_key=True)
    n = models.PositiveIntegerField()


class WeekMark(models.Model):
    """A week of an account that facts may have changed and that is to be computed again."""

    vendor = models.ForeignKey(Vendor, models.CASCADE, related_name="week_marks")
    engagement = models.ForeignKey(
        Engagement, models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    starts_on = models.DateField()
    starts_at_ms = models.BigIntegerField()
    ends_at_ms = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["engagement", "starts_on"], name="week_marked_once"),
        ]


class WorkWeek(models.Model):
    """One account's week: hours by denominator, low and high, and what they earned.

    The week is Monday to Sunday on the clock of the vendor's zone. Money is in the floor's
    currency; rows that have another one, or no known pay, are counted in `unpriced`.
    """

    SCOPES = {"vendor": "vendor", "worker": "engagement", "auditor": "vendor"}
    SCOPE_DAY = Day(("starts_on",), later=6)  # the Sunday

    vendor = models.ForeignKey(Vendor, models.CASCADE, related_name="weeks", db_constraint=False)
    engagement = models.ForeignKey(
        Engagement, models.CASCADE, related_name="weeks", db_constraint=False, db_index=False
    )
    starts_on = models.DateField()
    floor = models.ForeignKey(
        WageFloor, models.PROTECT, null=True, related_name="+", db_constraint=False, db_index=False
    )
    a_low_ms = models.BigIntegerField()
    a_high_ms = models.BigIntegerField()
    b_low_ms = models.BigIntegerField()
    b_high_ms = models.BigIntegerField()
    c_low_ms = models.BigIntegerField()
    c_high_ms = models.BigIntegerField()
    measured_ms = models.BigIntegerField()  # of B: time with an active measurement
    currency = models.CharField(max_length=3)
    earned_micros = models.BigIntegerField()
    topped_up_micros = models.BigIntegerField(default=0)  # of what was earned: top-ups to the floor
    pending_micros = models.BigIntegerField()
    refused_micros = models.BigIntegerField()
    received_micros = models.BigIntegerField()
    untimed = models.PositiveIntegerField()  # rows with pay or handed in, without any time
    unpriced = models.PositiveIntegerField()  # rows whose pay is not known
    pieces = models.PositiveIntegerField()
    last_due_at_ms = models.BigIntegerField(null=True)  # when the last of its pay is due

    objects = ScopedManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "starts_on"], name="week_once_per_account"
            ),
        ]
        indexes = [models.Index(fields=["vendor", "starts_on"], name="week_by_vendor")]
