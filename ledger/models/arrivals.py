"""What arrived of a payment where it was exchanged on the way: another currency than was sent."""

from django.db import models
from django.db.models import Q

from ledger.models.facts import Batch, Payment
from ledger.models.imports import Import


class Arrival(models.Model):
    """The recipient got this much of a payment, in this currency. Written with its settlement.

    Its row's leaf commits to the line that says so. One of a remittance record (`imported`) counts
    while its import is in force; one of banks' reports (`batch`) until a later one of them, which
    may say that it does not count any more (`void`).
    """

    APPEND_ONLY = True

    payment = models.ForeignKey(
        Payment, models.PROTECT, related_name="arrivals", db_constraint=False
    )
    imported = models.ForeignKey(Import, models.PROTECT, null=True, related_name="+")
    batch = models.ForeignKey(
        Batch, models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    void = models.BooleanField(default=False)
    currency = models.CharField(max_length=3)
    amount_micros = models.BigIntegerField()
    arrived_at_ms = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_micros__gt=0), name="arrival_is_positive"),
            models.CheckConstraint(
                condition=Q(imported__isnull=False, batch__isnull=True, void=False)
                | Q(imported__isnull=True, batch__isnull=False),
                name="arrival_says_who_told_it",
            ),
            models.UniqueConstraint(
                fields=["payment", "batch"], name="arrival_once_per_payment_and_batch"
            ),
            models.UniqueConstraint(
                fields=["payment", "imported"], name="arrival_once_per_payment_and_import"
            ),
        ]
