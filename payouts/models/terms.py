"""Terms of how a vendor's pay leaves: through which accounts, at what fee. Added, never changed."""

from django.db import models
from django.db.models import Q

from workers.models import User, Vendor
from workers.scoping import ScopedManager


class PayingAccounts(models.Model):
    """A vendor declares that from this day all pay goes out through these accounts.

    So their banks' statements, without a gap, are a complete record of what was paid. The newest
    declaration in force counts; one without accounts takes the word back from its day on.
    """

    APPEND_ONLY = True
    SCOPES = {"vendor": "vendor", "auditor": "vendor"}

    vendor = models.ForeignKey(Vendor, models.PROTECT, related_name="paying_accounts")
    accounts = models.JSONField()  # [[number without blanks, currency], ...], sorted
    from_on = models.DateField()
    decided_by = models.CharField(max_length=120)
    reason = models.CharField(max_length=500)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = ScopedManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(decided_by=""),
                name="paying_accounts_say_why_and_who",
            ),
            models.UniqueConstraint(
                fields=["vendor", "from_on"], name="paying_accounts_declared_once_a_day"
            ),
        ]


class PayoutFee(models.Model):
    """What a way of paying costs the recipient: a fixed sum, a share of the amount, a least sum.

    Of one method and the currency that arrives, from a day on; the newest in force counts. All
    zero: it is known that nothing is lost. Shares are millionths.
    """

    APPEND_ONLY = True
    SCOPES = {"vendor": "vendor", "auditor": "vendor"}

    vendor = models.ForeignKey(Vendor, models.PROTECT, related_name="payout_fees")
    method = models.CharField(max_length=10)  # workers/payees.py lists them
    currency = models.CharField(max_length=3)
    fixed_micros = models.BigIntegerField()
    share_millionths = models.PositiveIntegerField()
    least_micros = models.BigIntegerField()
    from_on = models.DateField()
    decided_by = models.CharField(max_length=120)
    reason = models.CharField(max_length=500)  # where it is known from
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = ScopedManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(fixed_micros__gte=0, least_micros__gte=0)
                & Q(share_millionths__lte=1_000_000),
                name="payout_fee_is_no_gain_and_no_more_than_all",
            ),
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(decided_by=""), name="payout_fee_says_why_and_who"
            ),
            models.UniqueConstraint(
                fields=["vendor", "method", "currency", "from_on"],
                name="payout_fee_begins_once_a_day",
            ),
        ]
