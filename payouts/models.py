"""What is wrong with pay, and its paper: scans, flags and statements."""

from django.db import models
from django.db.models import Q

from workers.models import Engagement, User, Vendor
from workers.scoping import Day, ScopedManager


class Scan(models.Model):
    """Somebody looked: when, at how much, and what was found; also when it was nothing."""

    SCOPES = {"vendor": "vendor", "auditor": "vendor"}

    vendor = models.ForeignKey(Vendor, models.PROTECT, related_name="scans")
    as_of = models.DateTimeField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    accounts = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)  # by code: found, new, resolved
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = ScopedManager()


class Flag(models.Model):
    """A question with evidence, not an accusation. The same finding is the same flag for ever."""

    SCOPES = {"vendor": "vendor", "worker": "engagement", "auditor": "vendor"}
    SCOPE_DAY = Day(("since_at_ms",))

    vendor = models.ForeignKey(Vendor, models.PROTECT, related_name="flags")
    engagement = models.ForeignKey(Engagement, models.PROTECT, null=True, related_name="flags")
    code = models.CharField(max_length=4)  # W01 to W32, as in payouts/detectors/
    version = models.PositiveSmallIntegerField()  # of the detector
    subject = models.CharField(max_length=200)  # what it is about; with the code, its identity
    stake_micros = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    since_at_ms = models.BigIntegerField()
    evidence = models.JSONField()
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    last_scan = models.ForeignKey(Scan, models.PROTECT, related_name="+")
    resolved_at = models.DateTimeField(null=True)
    resolution = models.CharField(max_length=300, blank=True)

    objects = ScopedManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["vendor", "code", "version", "subject"], name="finding_flagged_once"
            ),
            models.CheckConstraint(condition=Q(stake_micros__gte=0), name="stake_is_not_negative"),
        ]
        indexes = [
            models.Index(
                fields=["vendor", "-stake_micros"],
                name="flag_open_by_stake",
                condition=Q(resolved_at__isnull=True),
            ),
        ]


class Statement(models.Model):
    """A numbered pay statement. Page, PDF and data file are rendered from `data`, which stays.

    Numbers have no gaps within a vendor's year; a correction is a new statement that names the
    old one. It covers the facts n_from to n_to of the engagement's stream, as far as they are in
    its currency; the next one in this currency begins at n_to + 1.
    """

    APPEND_ONLY = True
    SCOPES = {"vendor": "vendor", "worker": "engagement", "auditor": "vendor"}
    SCOPE_DAY = Day(("last_on",))

    vendor = models.ForeignKey(Vendor, models.PROTECT, related_name="statements")
    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="statements")
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    number = models.CharField(max_length=80)
    currency = models.CharField(max_length=3)
    period = models.CharField(max_length=10)  # 2026-10
    first_on = models.DateField()
    last_on = models.DateField()
    n_from = models.PositiveIntegerField()
    n_to = models.PositiveIntegerField()
    data = models.TextField()  # canonical JSON, exactly the bytes that sha256 is of
    sha256 = models.CharField(max_length=64)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = ScopedManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["vendor", "year", "serial"], name="statement_numbers_have_no_twins"
            ),
            models.UniqueConstraint(
                fields=["engagement", "currency", "period"],
                condition=Q(replaces=None),
                name="period_stated_once_but_for_corrections",
            ),
            models.CheckConstraint(
                condition=Q(n_to__gte=models.F("n_from") - 1), name="statement_covers_a_range"
            ),
        ]
        indexes = [models.Index(fields=["engagement", "period"], name="statement_by_period")]
