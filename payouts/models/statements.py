"""Pay statements: numbered, issued once, and never changed."""

from django.db import models
from django.db.models import Q

from workers.models import Engagement, User, Vendor
from workers.scoping import Day, ScopedManager


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
