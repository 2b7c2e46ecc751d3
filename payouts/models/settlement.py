"""What banks and processors reported: files, their entries, whom they name, what became of them.

An entry is a fact and stays as the bank told it. Whom it names is personal and lies in a table
of its own that may be erased. What became of it is worked out, and again when more is known.
"""

import uuid

from django.db import models

from ledger.models import Payment
from workers.models import User, Vendor
from workers.scoping import Day, ScopedManager


class SettlementFile(models.Model):
    """One file from a bank. It is deleted when it is read; its hash, sums and balances stay.

    state: reading, matching, done, refused (nothing was kept), undoing, undone.
    """

    SCOPES = {"vendor": "vendor", "auditor": "vendor"}
    GONE = ("undoing", "undone")  # states in which what it told does not count

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    vendor = models.ForeignKey(Vendor, models.PROTECT, related_name="settlement_files")
    format = models.CharField(max_length=20, blank=True)
    mapping = models.TextField(blank=True)  # the JSON that names the columns of a processor's CSV
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)  # of the file, and of the mapping it was read by
    size = models.BigIntegerField()
    path = models.CharField(max_length=500, blank=True)  # empty once the file is deleted
    state = models.CharField(max_length=10, default="reading")
    statements = models.JSONField(default=list)  # account, balances, sums; whether they agree
    counts = models.JSONField(default=dict)  # entries, and how many of them were known, unreadable
    problems = models.JSONField(default=list)  # place, value, rule, mend
    refusal = models.JSONField(null=True)  # value, rule, mend: why nothing was kept
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    objects = ScopedManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["vendor", "sha256"],
                condition=~models.Q(state__in=["refused", "undoing", "undone"]),
                name="settlement_file_once",
            ),
        ]


class SettlementEntry(models.Model):
    """One movement or report, as the bank told it first; told again it is the same one.

    `identity` is a hash of what a bank tells in every report of it. `lies_on` is a day in any case:
    its own, else its statement's, else the day the file came in.
    """

    APPEND_ONLY = True
    SCOPES = {"vendor": "vendor", "auditor": "vendor"}
    SCOPE_DAY = Day(("lies_on",))

    vendor = models.ForeignKey(Vendor, models.PROTECT, related_name="settlement_entries")
    file = models.ForeignKey(SettlementFile, models.PROTECT, related_name="entries")
    number = models.PositiveIntegerField()  # its place among the file's entries, from 1
    place = models.CharField(max_length=60)  # in the words of the format: line or entry
    identity = models.CharField(max_length=64)
    own_account = models.CharField(max_length=60, blank=True)
    direction = models.CharField(max_length=6)  # debit, credit
    status = models.CharField(max_length=8)  # booked, pending, rejected, returned
    amount_micros = models.BigIntegerField(null=True)  # None: the report names no amount
    currency = models.CharField(max_length=3, blank=True)
    instructed_micros = models.BigIntegerField(null=True)
    instructed_currency = models.CharField(max_length=3, blank=True)
    counter_micros = models.BigIntegerField(null=True)  # the same money in another currency
    counter_currency = models.CharField(max_length=3, blank=True)
    counter_is_reckoned = models.BooleanField(default=False)  # by the bank's rate, rounded down
    fee_micros = models.BigIntegerField(default=0)
    lies_on = models.DateField()
    happened_on = models.DateField(null=True)  # the later of booking and value date, if told
    dates_said = models.CharField(max_length=80, blank=True)  # where one of them is no day
    end_to_end_id = models.CharField(max_length=140, blank=True)
    bank_reference = models.CharField(max_length=140, blank=True)
    other_references = models.JSONField(default=list)
    reason_code = models.CharField(max_length=35, blank=True)
    is_charge = models.BooleanField(default=False)

    objects = ScopedManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["vendor", "identity"], name="settlement_entry_told_once"
            ),
        ]


class SettlementTold(models.Model):
    """A file tells again of an entry that an earlier one told first: that counts while one does."""

    SCOPES = {"vendor": "entry__vendor", "auditor": "entry__vendor"}
    SCOPE_DAY = Day(("entry__lies_on",))

    entry = models.ForeignKey(SettlementEntry, models.PROTECT, related_name="told_again")
    file = models.ForeignKey(SettlementFile, models.PROTECT, related_name="told_again")

    objects = ScopedManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "file"], name="settlement_entry_told_once_a_file"
            ),
        ]


class SettlementParty(models.Model):
    """Whom an entry names, and what was written to them. Only the vendor sees it; may be erased."""

    SCOPES = {"vendor": "entry__vendor"}

    entry = models.OneToOneField(SettlementEntry, models.PROTECT, related_name="party")
    name = models.CharField(max_length=140, blank=True)
    account = models.CharField(max_length=60, blank=True)
    text = models.CharField(max_length=500, blank=True)

    objects = ScopedManager()


class SettlementOutcome(models.Model):
    """What became of an entry: worked out from all that is known, and again when more is.

    outcome: settled, repeat, returned, rejected, conflict, currency, waiting, unmatched, ignored;
    withdrawn once no file tells of it any more.
    matched_by: reference, account or name, with its confidence in per cent; empty where no payment
    was found.
    """

    SCOPES = {"vendor": "entry__vendor", "auditor": "entry__vendor"}
    SCOPE_DAY = Day(("entry__lies_on",))

    entry = models.OneToOneField(SettlementEntry, models.PROTECT, related_name="outcome")
    vendor = models.ForeignKey(Vendor, models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=10, default="unmatched")
    reason = models.CharField(max_length=300, blank=True)
    payment = models.ForeignKey(
        Payment, models.PROTECT, null=True, related_name="settlements", db_constraint=False
    )
    matched_by = models.CharField(max_length=10, blank=True)
    confidence = models.PositiveSmallIntegerField(default=0)

    objects = ScopedManager()

    class Meta:
        indexes = [
            models.Index(fields=["vendor", "outcome"], name="settlement_by_outcome"),
        ]
