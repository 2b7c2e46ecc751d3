"""Terms: what was agreed, and since when. Added, never changed; the newest one in force counts."""

from django.db import models
from django.db.models import Q

from workers.models import User, Vendor
from workers.scoping import ScopedManager


class WageFloor(models.Model):
    """The least that an hour of work must earn, wherever the worker lives.

    It begins at a Monday and has no column for a region. Every vendor is held to the same one.
    """

    APPEND_ONLY = True

    hourly_micros = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    kinds = models.JSONField()  # the kinds of work whose time counts (denominator B)
    merge_gap_ms = models.PositiveIntegerField()  # pauses up to this length count as work
    from_on = models.DateField()
    decided_by = models.CharField(max_length=120)
    reason = models.CharField(max_length=500)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(hourly_micros__gt=0), name="floor_is_positive"),
            models.CheckConstraint(condition=~Q(reason=""), name="floor_gives_its_reason"),
            models.UniqueConstraint(fields=["from_on"], name="one_floor_begins_a_day"),
        ]


class PayTerms(models.Model):
    """When work must be decided and paid. Of a project, or of a whole source ("" for all)."""

    APPEND_ONLY = True
    SCOPES = {"vendor": "vendor", "auditor": "vendor"}

    vendor = models.ForeignKey(Vendor, models.PROTECT, related_name="pay_terms")
    source = models.CharField(max_length=30, blank=True)
    project = models.CharField(max_length=120, blank=True)
    review_days = models.PositiveSmallIntegerField()  # handed in to decided
    due_days = models.PositiveSmallIntegerField()  # decided to paid
    pays_on_approval = models.BooleanField(default=False)  # the platform pays when it approves
    lapses = models.BooleanField(default=True)  # undecided work past its review is approved
    pay_cycle = models.CharField(max_length=20, blank=True)  # weekly, biweekly, monthly, "10 days"
    threshold_micros = models.BigIntegerField(default=0)  # below this balance nothing is paid out
    threshold_currency = models.CharField(max_length=3, blank=True)
    fee_bearer = models.CharField(max_length=6, default="vendor")  # of fees on the way, or worker
    notice_days = models.PositiveSmallIntegerField(default=7)  # before a rate changes
    on_call = models.CharField(max_length=10, default="reachable")  # which waiting is paid work
    answer_days = models.PositiveSmallIntegerField(default=14)  # a flag asked to answered
    from_on = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = ScopedManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(fee_bearer__in=["vendor", "worker"]), name="somebody_bears_the_fees"
            ),
            models.CheckConstraint(
                condition=Q(threshold_micros=0)
                | (Q(threshold_micros__gt=0) & ~Q(threshold_currency="")),
                name="threshold_has_a_currency",
            ),
            models.CheckConstraint(
                condition=Q(answer_days__gte=1, answer_days__lte=14),
                name="flag_answered_within_two_weeks",
            ),
        ]


class Rate(models.Model):
    """The agreed price of a kind of task, for rows whose export does not give one."""

    APPEND_ONLY = True
    SCOPES = {"vendor": "vendor", "auditor": "vendor"}

    vendor = models.ForeignKey(Vendor, models.PROTECT, related_name="rates")
    project = models.CharField(max_length=120)
    task_type = models.CharField(max_length=120, blank=True)
    per = models.CharField(max_length=5)  # piece or hour
    amount_micros = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    from_on = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = ScopedManager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_micros__gt=0), name="rate_is_positive"),
            models.CheckConstraint(condition=Q(per__in=["piece", "hour"]), name="rate_has_a_unit"),
        ]
