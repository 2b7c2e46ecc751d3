"""What happened to flags: dated events, added and never changed, and the words of people.

Words are free text and lie in a table of their own, which may be erased. The event seals them, so
that words that were changed, or put in the place of others, show.
"""

import hashlib

from django.db import models
from django.db.models import Q

from ledger.models import Transfer
from payouts.models.evidence import new_salt
from payouts.models.flags import Flag
from workers.models import User
from workers.roles import Role
from workers.scoping import Day, ScopedManager


class FlagEvent(models.Model):
    """One thing that happened to a flag: when, by whom, and by which ledger entry or reason.

    Its kinds and their order are payouts/flag_life/standing.py. stake_micros, works: what was in
    question by then; works only where somebody answered.
    """

    APPEND_ONLY = True
    SCOPES = {"vendor": "flag__vendor", "worker": "flag__engagement", "auditor": "flag__vendor"}
    SCOPE_DAY = Day(("flag__since_at_ms",))
    SCOPE_WHEN = {role: Q(**{f"flag__for_{role}": True}) for role in Role}

    flag = models.ForeignKey(Flag, models.PROTECT, related_name="history")
    position = models.PositiveSmallIntegerField()
    happening = models.CharField(max_length=12)
    at = models.DateTimeField()
    role = models.CharField(max_length=10)  # scan, clock, vendor or auditor
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    due_at = models.DateTimeField(null=True)  # of the answer, where one is asked for
    stake_micros = models.BigIntegerField()
    works = models.JSONField(default=list)
    entry = models.ForeignKey(  # of the ledger: what closed it
        Transfer, models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    reason = models.CharField(max_length=300, blank=True)  # why it closed by itself
    seal = models.CharField(max_length=64, blank=True)  # of somebody's words

    objects = ScopedManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["flag", "position"], name="flag_event_once_per_position"
            ),
            models.CheckConstraint(
                condition=~Q(happening__in=["closed", "superseded"]) | ~Q(reason=""),
                name="flag_closes_with_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(happening="paid") | Q(entry__isnull=False),
                name="flag_is_paid_by_a_ledger_entry",
            ),
            models.CheckConstraint(
                condition=~Q(happening__in=["explained", "decided"])
                | (~Q(seal="") & Q(by__isnull=False)),
                name="flag_is_answered_by_somebody_in_words",
            ),
            models.CheckConstraint(
                condition=~Q(happening="asked") | Q(due_at__gt=models.F("at")),
                name="flag_asks_for_an_answer_in_time",
            ),
        ]


class FlagWords(models.Model):
    """What somebody wrote when they answered. It may be erased; changed, it breaks its seal."""

    SCOPES = {
        "vendor": "event__flag__vendor",
        "worker": "event__flag__engagement",
        "auditor": "event__flag__vendor",
    }
    SCOPE_DAY = Day(("event__flag__since_at_ms",))
    SCOPE_WHEN = {role: Q(**{f"event__flag__for_{role}": True}) for role in Role}

    event = models.OneToOneField(FlagEvent, models.PROTECT, related_name="words")
    text = models.TextField()
    salt = models.BinaryField(max_length=32, default=new_salt)

    objects = ScopedManager()

    def seal(self) -> str:
        """Return the seal of these words: SHA-256 over the salt and the text, in hex."""
        return hashlib.sha256(bytes(self.salt) + self.text.encode()).hexdigest()
