"""What a leaf of a batch commits to: the exact bytes, hashed with a salt of the account's own.

A kept row has two parts, so that money stays checkable after a person's erasure: who and when, and
how much. Each is SHA-256(salt, form), where the form is text with a version tag and the salt is
derived from a key of the account, the batch and the position. Destroying the key makes the hash of
a low-entropy row unguessable. Facts are linked by their number in the engagement's stream.
The batch's root is the RFC 6962 tree over its leaves (ledger/log/merkle.py).
"""

import hashlib
from collections.abc import Sequence

VERSION = "paid-in-full/1"
SEPARATOR = "\x1f"  # no field can hold it: control characters are refused on the way in


def salt(key: bytes, batch: bytes, position: int) -> bytes:
    """Return the 32-byte salt of one row. key: the account's; batch: its UUID's 16 bytes."""
    return hashlib.blake2b(batch + position.to_bytes(8, "big"), key=key, digest_size=32).digest()


def form(part: str, fields: Sequence[object]) -> bytes:
    """Return the canonical bytes of one part of a row; None is an empty field marked as such.

    >>> form("money", ["USD", 15, None])
    b'paid-in-full/1\\x1fmoney\\x1fUSD\\x1f15\\x1f-'
    """
    texts = ["-" if field is None else str(field) for field in fields]
    return SEPARATOR.join([VERSION, part, *texts]).encode()


def commit(salt_bytes: bytes, content: bytes) -> bytes:
    """Return the 32-byte commitment to `content`."""
    return hashlib.sha256(salt_bytes + content).digest()
