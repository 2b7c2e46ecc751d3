"""People, and the organisations that pay them. Nothing here knows of money.

An Engagement is one external account at one vendor. Everything that names a person (account id,
country, keys) lies in this app and may be erased; facts hold only its pseudonym.
"""

import secrets
import uuid

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q

from workers.scoping import ScopedManager


def new_key() -> bytes:
    """Return 32 random bytes: what the salts of one account's rows are derived from."""
    return secrets.token_bytes(32)


class User(AbstractUser):
    """Somebody who signs in. Workers need no e-mail; a pseudonym is enough."""


class Vendor(models.Model):
    """An organisation that has annotation work done and pays for it."""

    SCOPES = {"vendor": "pk", "auditor": "pk"}

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=120, unique=True)
    slug = models.SlugField(max_length=60, unique=True)
    currency = models.CharField(max_length=3, default="USD")
    zone = models.CharField(max_length=64, default="UTC")  # whose Monday begins the week
    # Nobody else is there to approve what one person drafted; said on every proof of a payment.
    one_person = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    objects = ScopedManager()

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A user works for a vendor and may act for it."""

    SCOPES = {"vendor": "vendor"}

    vendor = models.ForeignKey(Vendor, models.PROTECT, related_name="memberships")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")

    objects = ScopedManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vendor", "user"], name="member_once_per_vendor"),
        ]


class Worker(models.Model):
    """A person under a pseudonym. Only the person links accounts, by claiming them."""

    SCOPES = {"worker": "self"}

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.OneToOneField(User, models.CASCADE, related_name="worker")
    pseudonym = models.CharField(max_length=60)

    objects = ScopedManager()


class Engagement(models.Model):
    """One external account of one worker at one vendor.

    `pseudonym` is what facts and commitments say; `account` is the vendor's own id for the person.
    `who_key` salts what says who and when, `money_key` what says how much: erasing a person
    destroys the first and leaves the money checkable.
    """

    SCOPES = {"vendor": "vendor", "worker": "pk", "auditor": "vendor"}

    vendor = models.ForeignKey(Vendor, models.PROTECT, related_name="engagements")
    pseudonym = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    source = models.CharField(max_length=30)  # the platform that the account is on
    account = models.CharField(max_length=200)
    country = models.CharField(max_length=2, blank=True)  # shown, never computed with
    who_key = models.BinaryField(max_length=32, default=new_key)
    money_key = models.BinaryField(max_length=32, default=new_key)

    objects = ScopedManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["vendor", "source", "account"], name="account_once_per_vendor_and_source"
            ),
        ]

    def __str__(self) -> str:
        return self.account


class Payee(models.Model):
    """Where an account's pay goes: the holder's name, and the bank account or the wallet.

    Whoever pays must know this and nobody else; it names a person and may be erased.
    """

    SCOPES = {"vendor": "engagement__vendor", "worker": "engagement"}

    engagement = models.OneToOneField(Engagement, models.PROTECT, related_name="payee")
    holder = models.CharField(max_length=140)
    method = models.CharField(max_length=10)  # iban, account (with a BIC) or wallet
    address = models.CharField(max_length=120)  # the IBAN, the account number or the wallet's id
    bic = models.CharField(max_length=11, blank=True)
    currency = models.CharField(max_length=3)  # what the recipient is to get
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    objects = ScopedManager()


class Link(models.Model):
    """The person behind an account, as the person said by claiming it; it can be taken back.

    No vendor ever sees a link: that somebody claimed an account is nobody's business but theirs.
    """

    SCOPES = {"worker": "engagement"}

    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="links")
    worker = models.ForeignKey(Worker, models.CASCADE, related_name="links")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = ScopedManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["engagement"],
                condition=Q(ended_at=None),
                name="account_linked_to_one_person",
            ),
        ]


class ClaimCode(models.Model):
    """A code with which a person claims an account. Only its hash is kept; it works once."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="claim_codes")
    code_sha256 = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class Patience(models.Model):
    """How often somebody tried in vain, and when they may try again (workers/patience.py).

    The key is a keyed hash: neither names nor addresses can be read from this table.
    """

    key = models.CharField(max_length=64, unique=True)
    tries = models.PositiveIntegerField()
    next_at = models.DateTimeField()
    tried_at = models.DateTimeField(db_index=True)


class AuditGrant(models.Model):
    """An auditor may read these vendors' records of this period until the grant expires."""

    SCOPES = {"auditor": "self"}

    auditor = models.ForeignKey(User, models.CASCADE, related_name="audit_grants")
    vendors = models.ManyToManyField(Vendor, related_name="audit_grants")
    first_on = models.DateField()
    last_on = models.DateField()
    expires_at = models.DateTimeField()
    purpose = models.CharField(max_length=200)

    objects = ScopedManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(last_on__gte=models.F("first_on")), name="grant_ends_after_it_begins"
            ),
        ]
