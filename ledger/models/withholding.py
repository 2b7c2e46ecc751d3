"""Withholdings: decisions that owed money is held back, taken off, sent elsewhere or set off.

A transfer that moves money by such a decision names it. Rows are added, never changed; that a
hold is over is told by the `release` transfers that name it. Instants are UTC epoch milliseconds.
"""

import uuid

from django.db import models
from django.db.models import F, Q

from ledger.facts import Decision
from workers.models import Engagement, User
from workers.scoping import Day, ScopedManager


class Withholding(models.Model):
    """One decision about one account's owed money, with all that its worker must be told.

    move: hold (until `ends_at_ms`), deduct, remit (to a third party) or apply (what had been
    overpaid is recovered). The database refuses one that does not say why, since when the worker
    knows of it, and whatever else its kind needs.
    """

    APPEND_ONLY = True
    SCOPES = {
        "vendor": "engagement__vendor",
        "worker": "engagement",
        "auditor": "engagement__vendor",
    }
    SCOPE_DAY = Day(("decided_at_ms",))

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="withholdings")
    move = models.CharField(max_length=10)  # of the rule book
    code = models.CharField(max_length=40)  # why, for machines: quality_review, income_tax, ...
    text = models.CharField(max_length=500)  # why, for the worker
    legal_basis = models.CharField(max_length=300, blank=True)
    evidence = models.CharField(max_length=500, blank=True)  # what shows that it is so
    appeal = models.CharField(max_length=300, blank=True)  # how the worker can object
    notice_at_ms = models.BigIntegerField()  # when the worker was told
    decided_at_ms = models.BigIntegerField()
    ends_at_ms = models.BigIntegerField(null=True)  # a hold releases itself then
    decided_by = models.CharField(max_length=120)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = ScopedManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(move__in=["hold", "deduct", "remit", "apply"]),
                name="withholding_is_of_a_known_kind",
            ),
            models.CheckConstraint(
                condition=~Q(code="") & ~Q(text="") & ~Q(decided_by=""),
                name="withholding_says_why_and_who",
            ),
            models.CheckConstraint(
                condition=Q(notice_at_ms__lt=F("decided_at_ms"))
                | Q(move__in=["hold", "remit"], notice_at_ms=F("decided_at_ms")),
                name="withholding_comes_after_its_notice",
            ),
            models.CheckConstraint(
                condition=Q(
                    move="hold", ends_at_ms__isnull=False, ends_at_ms__gt=F("decided_at_ms")
                )
                | (~Q(move="hold") & Q(ends_at_ms__isnull=True)),
                name="hold_and_only_a_hold_has_an_end",
            ),
            models.CheckConstraint(
                condition=Q(move="hold") | ~Q(legal_basis=""),
                name="money_taken_names_its_legal_basis",
            ),
            models.CheckConstraint(
                condition=~Q(move="deduct") | (~Q(evidence="") & ~Q(appeal="")),
                name="deduction_has_evidence_and_appeal",
            ),
        ]
        indexes = [
            models.Index(fields=["engagement", "decided_at_ms"], name="withholding_by_account"),
            models.Index(
                fields=["ends_at_ms"], name="hold_by_its_end", condition=Q(ends_at_ms__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.move} {self.uuid}"

    def as_fact(self) -> Decision:
        """Return what a transfer that names this decision keeps of it."""
        return Decision(self.pk, self.said())

    def said(self) -> tuple[str | int | None, ...]:
        """Return what the commitment of a transfer says of the decision that it names."""
        return (
            self.uuid.hex, self.move, self.code, self.legal_basis, self.evidence, self.appeal,
            self.notice_at_ms, self.decided_at_ms, self.ends_at_ms, self.decided_by,
        )  # fmt: skip
