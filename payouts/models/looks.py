"""What a scan remembers, so that the next one looks again only where the answer may have changed.

Drop it, and the next scan looks at all accounts: nothing here is a fact (payouts/looking_again.py).
"""

from django.db import models

from payouts.models.flags import Scan
from workers.models import Engagement, Vendor


class Look(models.Model):
    """An account was looked at: on which facts, by which rules, and until when that holds."""

    engagement = models.OneToOneField(
        Engagement, models.CASCADE, primary_key=True, related_name="look"
    )
    as_of_ms = models.BigIntegerField()
    n = models.PositiveIntegerField()  # the last fact of the account's stream that was seen
    decisions = models.PositiveIntegerField()  # about the account, that are no facts of its stream
    basis = models.CharField(max_length=64)  # detectors, and what was agreed for all accounts
    changes_at_ms = models.BigIntegerField(null=True)  # from here on time alone may change it
    again = models.BooleanField()  # what is seen over all accounts has changed for this one
    unchecked = models.JSONField(null=True)  # debts that no record of payments reaches


class LookAcross(models.Model):
    """What the last scan saw over all accounts of a vendor (facts/vendor_wide.py)."""

    vendor = models.OneToOneField(
        Vendor, models.CASCADE, primary_key=True, related_name="look_across"
    )
    scan = models.ForeignKey(Scan, models.CASCADE, related_name="+")
    last_week = models.BigIntegerField()  # the id of the week that was computed last
    quotes = models.PositiveIntegerField()  # how many reference rates there were
    masses = models.JSONField()
    vanished = models.BinaryField()  # works by root, eight bytes each
    collapsed = models.BinaryField()
