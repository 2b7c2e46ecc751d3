"""Adding vendors, users and grants: what commands do when somebody asks for them."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime

from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.db.models import Min, QuerySet
from django.utils.text import slugify
from django.utils.translation import gettext

from workers.models import AuditGrant, Membership, User, Vendor
from workers.roles import Permission, Role
from workers.scoping import roles_of


class NameTaken(ValueError):
    """Somebody else goes by this name."""

    def __init__(self, name: str) -> None:
        taken = gettext("%(name)s is taken: names are used once. Choose another one.")
        super().__init__(taken % {"name": repr(name)})


class ShortNameTaken(ValueError):
    """Another vendor's short name: commands that name it would mean the new vendor."""

    def __init__(self, name: str, other: Vendor) -> None:
        super().__init__(
            f"{name!r} is the short name of {other}, and commands take either. Choose another one."
        )


class BadGrant(ValueError):
    """The grant contradicts itself; the text says value, rule and mend."""


@transaction.atomic
def add_vendor(
    *, name: str, currency: str, zone: str, one_person: bool = False, at: datetime
) -> Vendor:
    """Add a vendor. Raises NameTaken, and ShortNameTaken.

    currency: ISO 4217 code, zone: IANA name, both checked before (workers/naming.py). The slug is
    made from the name, with a number behind it where another vendor has it already. one_person:
    whoever drafts a pay run may approve it, as nobody else is there.
    """
    if Vendor.objects.filter(name=name).exists():
        raise NameTaken(name)
    if other := Vendor.objects.filter(slug=name).first():
        raise ShortNameTaken(name, other)
    return Vendor.objects.create(
        name=name,
        slug=_free_slug(name),
        currency=currency,
        zone=zone,
        one_person=one_person,
        created_at=at,
    )


@transaction.atomic
def add_user(*, name: str, password: str, vendor: Vendor | None = None) -> User:
    """Add a user, as staff of `vendor` where one is given. Raises NameTaken, whatever the case."""
    if User.objects.filter(username__iexact=name).exists():
        raise NameTaken(name)
    try:
        with transaction.atomic():
            user = User.objects.create_user(username=name, password=password)
    except IntegrityError:
        raise NameTaken(name) from None
    if vendor is not None:
        Membership.objects.create(vendor=vendor, user=user)
    return user


@transaction.atomic
def add_grant(
    *,
    auditor: User,
    vendors: Sequence[Vendor],
    first_on: date,
    last_on: date,
    expires_at: datetime,
    purpose: str,
    at: datetime,
) -> AuditGrant:
    """Let an auditor read these vendors' records of [first_on, last_on] until `expires_at`.

    Raises BadGrant when the period ends before it begins or the grant has expired already.
    """
    if last_on < first_on:
        raise BadGrant(f"The period ends on {last_on}, before it begins on {first_on}. Swap them.")
    if expires_at <= at:
        raise BadGrant(f"It expires at {expires_at:%Y-%m-%d}, which is past. Give a later day.")
    grant = AuditGrant.objects.create(
        auditor=auditor, first_on=first_on, last_on=last_on, expires_at=expires_at, purpose=purpose
    )
    grant.vendors.set(vendors)
    return grant


def _free_slug(name: str) -> str:
    base = slugify(name)[:50] or "vendor"
    taken = set(Vendor.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    slug, number = base, 2
    while slug in taken:
        slug, number = f"{base}-{number}", number + 1
    return slug


def cast(*, at: datetime, most_workers: int = 3) -> list[User]:
    """Return the demo's users, each with `roles`; no admin, and a few workers of each vendor.

    A worker without an account is of no vendor, and there are a few of those, too.
    """
    found: list[User] = []
    workers: Counter[int | None] = Counter()
    users = User.objects.filter(is_active=True, is_staff=False).order_by("pk")
    for user in users.annotate(vendor_id=Min("worker__links__engagement__vendor")):
        user.roles = sorted(roles_of(user, at))  # type: ignore[attr-defined]
        if user.roles == [Role.WORKER]:  # type: ignore[attr-defined]
            workers[user.vendor_id] += 1
            if workers[user.vendor_id] > most_workers:
                continue
        if user.roles:  # type: ignore[attr-defined]
            found.append(user)
    return found


def employers_of(user: User | AnonymousUser) -> "QuerySet[Vendor]":
    """Return the vendors whose figures a user may see, by name."""
    vendors: QuerySet[Vendor] = Vendor.objects.visible_to(user, Permission.OVERVIEW_VIEW)
    return vendors.order_by("name")
