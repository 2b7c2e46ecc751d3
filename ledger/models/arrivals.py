"""What arrived of a payment where it was exchanged on the way: another currency than was sent."""

from django.db import models
from django.db.models import Q

from ledger.models.facts import Payment
from ledger.models.imports import Import


class Arrival(models.Model):
    """The recipient got this much of a payment, in this currency. Written with its settlement.

    Its row's leaf commits to the line that says so. It counts while its import is in force.
    """

    APPEND_ONLY = True

    payment = models.ForeignKey(
        Payment, models.PROTECT, related_name="arrivals", db_constraint=False
    )
    imported = models.ForeignKey(Import, models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    amount_micros = models.BigIntegerField()
    arrived_at_ms = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_micros__gt=0), name="arrival_is_positive"),
            models.UniqueConstraint(
                fields=["payment", "imported"], name="arrival_once_per_payment_and_import"
            ),
        ]
