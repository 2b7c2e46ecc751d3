"""Guessing takes longer and longer, and nobody is ever locked out.

A try is counted before it is judged, so tries at the same moment cannot slip past. The first few
are free; then the wait doubles, up to a minute for one account from one network. A stranger
who guesses at a worker's sign-in from elsewhere does not make the worker wait.
"""

import ipaddress
import math
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac

from workers.models import Patience

SECOND = timedelta(seconds=1)
FORGOTTEN_AFTER = timedelta(hours=1)


class Limit(NamedTuple):
    """`free` tries cost nothing; after them the wait is 1, 2, 4 … seconds, up to `longest`."""

    free: int
    longest: timedelta


ONE_ACCOUNT = Limit(free=5, longest=timedelta(minutes=1))
ONE_NETWORK = Limit(free=20, longest=timedelta(seconds=5))  # many share one


def try_once(limit: Limit, *what: str, at: datetime) -> int:
    """Count one try at `what`, and return how many seconds to wait first; 0 means go ahead.

    A try that must wait is not counted again: impatience costs nothing. Seconds are rounded up.
    """
    key = _key(what)
    there = Patience.objects.filter(key=key)
    for _ in range(3):  # another try at the same moment may come between reading and counting
        row = there.first()
        if row is None:
            if _first(key, at):
                return 0
            continue
        if row.next_at > at:
            return math.ceil((row.next_at - at) / SECOND)
        tries = 1 if at - row.tried_at > FORGOTTEN_AFTER else row.tries + 1
        counted = there.filter(tries=row.tries, tried_at=row.tried_at).update(
            tries=tries, tried_at=at, next_at=at + _wait(limit, tries)
        )
        if counted:
            return 0
    return 1


def forgive(*what: str) -> None:
    """Forget the tries at `what`: this one was right."""
    Patience.objects.filter(key=_key(what)).delete()


def network_of(meta: dict[str, str]) -> str:
    """Return the network that a request came from: /24 of IPv4, /56 of IPv6; "" when unknown.

    Behind a proxy, its own word counts: the last address in X-Forwarded-For.
    """
    address = meta.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        address = meta.get("HTTP_X_FORWARDED_FOR", address).rsplit(",", 1)[-1].strip()
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return ""
    return str(ipaddress.ip_network((ip, 24 if ip.version == 4 else 56), strict=False))


def _wait(limit: Limit, tries: int) -> timedelta:
    """Return how long after try number `tries` the next one may come."""
    beyond = tries - limit.free
    return min(limit.longest, SECOND * 2 ** min(beyond, 16)) if beyond >= 0 else 0 * SECOND


def _first(key: str, at: datetime) -> bool:
    Patience.objects.filter(tried_at__lt=at - FORGOTTEN_AFTER).delete()
    try:
        with transaction.atomic():
            Patience.objects.create(key=key, tries=1, next_at=at, tried_at=at)
    except IntegrityError:
        return False
    return True


def _key(what: tuple[str, ...]) -> str:
    return salted_hmac("workers.patience", "\0".join(what), algorithm="sha256").hexdigest()
