"""Reference rates: what one currency was worth in another, who said so, and since when we know.

Terms for everybody, like the wage floor: added, never changed. The first rate that is recorded for
a pair and a day stays; a file that says another one is told so (ledger/reference_rates.py).
"""

from django.db import models
from django.db.models import F, Q

from workers.models import User


class RateFile(models.Model):
    """One file of reference rates that was brought in. Its number says what was known when."""

    APPEND_ONLY = True

    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64, unique=True)
    format = models.CharField(max_length=20)
    counts = models.JSONField()  # rates: new, known, conflicts
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")


class ReferenceRate(models.Model):
    """So many billionths of a unit of `currency` were one unit of `base` on this day."""

    APPEND_ONLY = True

    file = models.ForeignKey(
        RateFile, models.PROTECT, related_name="rates", db_constraint=False, db_index=False
    )
    currency = models.CharField(max_length=3)
    base = models.CharField(max_length=3)
    quoted_on = models.DateField()
    nanos = models.BigIntegerField()
    source = models.CharField(max_length=30)  # who says so: ecb, or as the file names it

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(nanos__gt=0), name="reference_rate_is_positive"),
            models.CheckConstraint(
                condition=~Q(currency=F("base")), name="reference_rate_has_two_currencies"
            ),
            models.UniqueConstraint(
                fields=["currency", "base", "quoted_on"], name="reference_rate_once_a_day"
            ),
        ]
