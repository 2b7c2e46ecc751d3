"""Scans, and the flags that they raise: questions with evidence about missing pay."""

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
    full = models.BooleanField(default=False)  # of all accounts, whether or not anything changed
    parts_left = models.PositiveIntegerField(default=0)  # jobs that still look at accounts
    accounts = models.PositiveIntegerField(default=0)
    looked_at = models.PositiveIntegerField(default=0)  # of them: the others gave what they gave
    counts = models.JSONField(default=dict)  # by code: found, new, resolved
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = ScopedManager()


class Flag(models.Model):
    """A question with evidence, not an accusation. The same finding is the same flag for ever."""

    SCOPES = {"vendor": "vendor", "worker": "engagement", "auditor": "vendor"}
    SCOPE_DAY = Day(("since_at_ms",))
    # Whom a flag is for, says its detector. What concerns a worker's health is not the vendor's.
    SCOPE_WHEN = {
        "vendor": Q(for_vendor=True),
        "worker": Q(for_worker=True),
        "auditor": Q(for_auditor=True),
    }

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
    # Where it stands (payouts/flag_life/standing.py), kept from its events so that it can be asked.
    state = models.CharField(max_length=12, blank=True)
    closed_as = models.CharField(max_length=12, blank=True)  # empty while it is open
    answer_due_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(null=True)
    events = models.PositiveSmallIntegerField(default=0)  # how many there are
    resolved_at = models.DateTimeField(null=True)
    resolution = models.CharField(max_length=300, blank=True)
    for_vendor = models.BooleanField(default=True)
    for_worker = models.BooleanField(default=True)
    for_auditor = models.BooleanField(default=True)

    objects = ScopedManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["vendor", "code", "version", "subject"], name="finding_flagged_once"
            ),
            models.CheckConstraint(condition=Q(stake_micros__gte=0), name="stake_is_not_negative"),
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=True, closed_as="")
                | (Q(resolved_at__isnull=False) & ~Q(closed_as="")),
                name="closed_flag_says_as_what",
            ),
            models.CheckConstraint(
                condition=~Q(state="asked") | Q(answer_due_at__isnull=False),
                name="question_has_a_day_for_its_answer",
            ),
        ]
        indexes = [
            models.Index(
                fields=["vendor", "-stake_micros"],
                name="flag_open_by_stake",
                condition=Q(resolved_at__isnull=True),
            ),
            models.Index(
                fields=["answer_due_at"],
                name="flag_unanswered",
                condition=Q(state="asked", closed_as=""),
            ),
        ]
