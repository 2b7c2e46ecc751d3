"""What a leaf of a batch commits to: the exact bytes, hashed with a salt of the account's own.

A kept row has two parts, so that money stays checkable after a person's erasure: who and when, and
how much. Each is SHA-256(salt, form), where the form is JSON with a version tag and the salt is
derived from a key of the account, the batch and the position. Destroying the key makes the hash of
a low-entropy row unguessable. Facts are linked by their number in the engagement's stream.
The batch's root is the RFC 6962 tree over its leaves (ledger/log/merkle.py).
"""

import hashlib
from collections.abc import Sequence

import orjson

VERSION = "paid-in-full/2"


class Salts:
    """The salts of one batch's rows: 32 bytes each, from a key, the batch and the position.

    batch: its UUID's 16 bytes. What all rows of an account have in common is hashed once.
    """

    def __init__(self, batch: bytes) -> None:
        self._batch = batch
        self._begun: dict[bytes, hashlib.blake2b] = {}

    def of(self, key: bytes, position: int) -> bytes:
        """Return the salt of one row. key: its account's."""
        begun = self._begun.get(key)
        if begun is None:
            begun = self._begun[key] = hashlib.blake2b(self._batch, key=key, digest_size=32)
        salt = begun.copy()
        salt.update(position.to_bytes(8, "big"))
        return salt.digest()


def form(part: str, fields: Sequence[str | int | None]) -> bytes:
    """Return the canonical bytes of one part of a row: one JSON array, in UTF-8, without blanks.

    As Python's json writes them with separators=(",", ":") and ensure_ascii=False: RFC 8785, but
    that whole numbers above 2**53 are written in full. Raises ValueError for a number of more than
    64 bits and for half a character, which is no UTF-8.

    >>> form("money", ["USD", 15, None, True])
    b'["paid-in-full/2","money","USD",15,null,true]'
    """
    try:
        return orjson.dumps((VERSION, part, *fields))
    except orjson.JSONEncodeError as error:  # a TypeError
        raise ValueError(str(error)) from error


def commit(salt_bytes: bytes, content: bytes) -> bytes:
    """Return the 32-byte commitment to `content`."""
    return hashlib.sha256(salt_bytes + content).digest()
