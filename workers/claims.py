"""A worker claims an account with a code that works once; only the worker links two accounts.

Whether a code is unknown, used, expired or for an account that somebody else holds: the answer is
the same, so that a guess teaches nothing. No vendor sees codes, links or whether one was used.
"""

import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from workers import people
from workers.models import ClaimCode, Engagement, Link, User, Worker

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # without 0 O, 1 I L
LENGTH = 10  # 49 bits
LIFETIME = timedelta(days=30)


class CodeRefused(ValueError):
    """This code opens nothing."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This code does not work. It may be mistyped, too old or used already. Check it "
                "letter by letter, or ask whoever gave it to you for a new one."
            )
        )


def make_code(*, engagement: Engagement, at: datetime, lifetime: timedelta = LIFETIME) -> str:
    """Return a new code for an account. It is shown this once: only its keyed hash is kept.

    Ten characters that cannot be mistaken for one another, with a hyphen in the middle.
    """
    code = "".join(secrets.choice(ALPHABET) for _n in range(LENGTH))
    ClaimCode.objects.create(
        engagement=engagement,
        code_sha256=next(_hashes(code)),
        created_at=at,
        expires_at=at + lifetime,
    )
    return f"{code[:5]}-{code[5:]}"


@transaction.atomic
def claim(*, user: User, code: str, at: datetime) -> Engagement:
    """Link the account that `code` was made for to the person who signs in as `user`.

    Compare-and-swap: of two who use a code at the same moment, one succeeds. Raises CodeRefused,
    and leaves everything as it was.
    """
    found = _usable(code, at).select_related("engagement").first()
    if found is None or not _usable(code, at).filter(pk=found.pk).update(used_at=at):
        raise CodeRefused
    worker, _is_new = Worker.objects.get_or_create(
        user=user, defaults={"pseudonym": user.username[:60]}
    )
    held = Link.objects.filter(engagement=found.engagement, ended_at=None).first()
    if held is None:
        try:
            with transaction.atomic():
                Link.objects.create(engagement=found.engagement, worker=worker, began_at=at)
        except IntegrityError:  # another code for the same account, at the same moment
            raise CodeRefused from None
    elif held.worker_id != worker.pk:
        raise CodeRefused
    return found.engagement


@transaction.atomic
def sign_up(*, pseudonym: str, password: str, code: str, at: datetime) -> User:
    """Make a user who needs no e-mail, and claim the account that `code` was made for.

    Raises CodeRefused before people.NameTaken: without a code nobody learns which names are in
    use. When it raises, the code still works and there is no new user.
    """
    if not _usable(code, at).exists():
        raise CodeRefused
    user = people.add_user(name=pseudonym, password=password)
    claim(user=user, code=code, at=at)
    return user


def take_back(*, link: Link, at: datetime) -> None:
    """End a link: the person no longer says that this account is theirs. It stays on record."""
    Link.objects.filter(pk=link.pk, ended_at=None).update(ended_at=at)


def _plain(code: str) -> str:
    """Return a code as it was made, however it was typed: small letters, blanks, hyphens."""
    return "".join(char for char in code.upper() if char in ALPHABET)


def _usable(code: str, at: datetime) -> QuerySet[ClaimCode]:
    hashes = list(_hashes(_plain(code)))
    return ClaimCode.objects.filter(code_sha256__in=hashes, used_at=None, expires_at__gt=at)


def _hashes(code: str) -> Iterator[str]:
    """Yield the keyed hash of a code, by the present secret key first, then by the former ones."""
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        yield salted_hmac("workers.claims", code, secret=secret, algorithm="sha256").hexdigest()
