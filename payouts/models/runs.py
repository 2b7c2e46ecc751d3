"""Pay runs and top-ups: what somebody drafted to pay, who let it go, and what became of it.

These rows are the plan and its history; the money is in the ledger, in the batches whose origin
they are.
"""

import uuid

from django.db import models
from django.db.models import F, Q

from workers.models import Engagement, User, Vendor
from workers.scoping import ScopedManager


class PayRun(models.Model):
    """What is paid to many accounts at once: drafted by one person, approved by another.

    state: draft, approved (it is being posted), sent (its files can be had), cancelled.
    """

    SCOPES = {"vendor": "vendor"}

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    vendor = models.ForeignKey(Vendor, models.PROTECT, related_name="pay_runs")
    number = models.PositiveIntegerField()  # of the vendor's runs, without gaps
    currency = models.CharField(max_length=3)
    first_on = models.DateField()  # the period whose weeks are checked against the floor
    last_on = models.DateField()  # all that is owed for work that ended by this day is in it
    state = models.CharField(max_length=10, default="draft")
    answers = models.JSONField(default=dict)  # check code -> why the run may go all the same
    drafted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    drafted_at = models.DateTimeField()
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    one_person = models.BooleanField(default=False)  # whoever drafted it also approved it
    sent_at = models.DateTimeField(null=True)

    objects = ScopedManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vendor", "number"], name="run_numbers_have_no_twins"),
            models.UniqueConstraint(
                fields=["vendor", "currency"],
                condition=Q(state__in=["draft", "approved"]),
                name="one_run_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "sent"])
                | Q(one_person=True)
                | Q(approved_by__isnull=False, drafted_by__isnull=False)
                & ~Q(approved_by=F("drafted_by")),
                name="run_approved_by_a_second_person",
            ),
        ]


class PayItem(models.Model):
    """What a run pays to one account: one payment, known at the bank by its reference.

    digest: of every debt that it pays, as drafted. Where the debts have changed by the time it is
    posted, it is left out: what was approved is what is paid.
    """

    SCOPES = {"vendor": "run__vendor", "worker": "engagement"}

    run = models.ForeignKey(PayRun, models.PROTECT, related_name="items")
    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="+")
    reference = models.CharField(max_length=35)  # as long as ISO 20022 lets an end-to-end id be
    owed_micros = models.BigIntegerField()
    amount_micros = models.BigIntegerField()  # owed, rounded up to the coin
    # What the recipient gets where that is another currency: fixed when the run was approved, at
    # these reference rates (ledger/exchange.py, with the micros that were converted at each).
    payout_currency = models.CharField(max_length=3, blank=True)
    payout_micros = models.BigIntegerField(null=True)
    payout_rates = models.JSONField(default=list)
    pieces = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    left_out = models.CharField(max_length=300, blank=True)  # why; empty while it is to be paid
    # Where it goes, as it was when the run was approved. Personal: may be erased later.
    holder = models.CharField(max_length=140, blank=True)
    method = models.CharField(max_length=10, blank=True)
    address = models.CharField(max_length=120, blank=True)
    bic = models.CharField(max_length=11, blank=True)

    objects = ScopedManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "engagement"], name="account_paid_once_a_run"),
            models.CheckConstraint(
                condition=Q(owed_micros__gt=0, amount_micros__gte=F("owed_micros")),
                name="item_pays_all_that_is_owed",
            ),
            models.CheckConstraint(
                condition=Q(payout_currency="", payout_micros__isnull=True)
                | Q(payout_micros__isnull=False, payout_micros__gt=0) & ~Q(payout_currency=""),
                name="item_pays_out_an_amount_of_a_currency",
            ),
        ]

    @property
    def goes_out(self) -> tuple[int, str]:
        """What the recipient is to get, in micros, and its currency."""
        if self.payout_micros is not None:
            return self.payout_micros, self.payout_currency
        return self.amount_micros, self.run.currency


class TopUp(models.Model):
    """The gaps to the floor of one period were closed at once; the awards are in the ledger."""

    SCOPES = {"vendor": "vendor", "auditor": "vendor"}

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    vendor = models.ForeignKey(Vendor, models.PROTECT, related_name="top_ups")
    period = models.CharField(max_length=10)
    weeks = models.PositiveIntegerField()
    micros = models.JSONField()  # by currency
    digest = models.CharField(max_length=64)  # of the gaps, as they were previewed
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()

    objects = ScopedManager()
