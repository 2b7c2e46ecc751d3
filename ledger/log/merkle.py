"""The Merkle tree of RFC 6962: one hash that stands for a list, and short proofs that a leaf is in.

All hashes are 32 bytes of SHA-256. Leaves and nodes are hashed with different first bytes, so that
a node can never be shown as a leaf. Source: RFC 6962 section 2.1; verification as in RFC 9162
section 2.1.3.2.
"""

from collections.abc import Sequence
from hashlib import sha256
from hmac import compare_digest

LEAF = b"\x00"
NODE = b"\x01"


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of one entry as a leaf.

    >>> leaf_hash(b"").hex()[:16]
    '6e340b9cffb37a98'
    """
    return sha256(LEAF + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of the node above two hashes."""
    return sha256(NODE + left + right).digest()


def root(leaf_hashes: Sequence[bytes]) -> bytes:
    """Return the hash of the whole tree; of no leaves, that of the empty string.

    leaf_hashes: what `leaf_hash` returns, in the order of the list.

    >>> root([]).hex()[:16]
    'e3b0c44298fc1c14'
    """
    if not leaf_hashes:
        return sha256(b"").digest()
    level = list(leaf_hashes)
    while len(level) > 1:
        level = _level_above(level)
    return level[0]


def inclusion_proof(index: int, leaf_hashes: Sequence[bytes]) -> list[bytes]:
    """Return the hashes that lead from leaf `index` (from 0) up to the root, lowest first.

    Raises ValueError for an index outside the tree.
    """
    if not 0 <= index < len(leaf_hashes):
        raise ValueError(f"leaf {index} is not in a tree of {len(leaf_hashes)}")
    proof = []
    level = list(leaf_hashes)
    while len(level) > 1:
        sibling = index ^ 1
        if sibling < len(level):  # the last of an odd level goes up alone
            proof.append(level[sibling])
        level = _level_above(level)
        index >>= 1
    return proof


def verify_inclusion(
    leaf_hash: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> bool:
    """Return whether `proof` shows that leaf `index` of a tree of `size` leaves has this hash.

    True only for the one proof of that leaf: anything longer, shorter or changed is refused.
    """
    if not 0 <= index < size or any(len(step) != 32 for step in (leaf_hash, root, *proof)):
        return False
    hashed, steps, last = leaf_hash, iter(proof), size - 1
    while last:
        if index & 1 or index < last:
            sibling = next(steps, None)
            if sibling is None:
                return False
            hashed = node_hash(sibling, hashed) if index & 1 else node_hash(hashed, sibling)
        index >>= 1
        last >>= 1
    return next(steps, None) is None and compare_digest(hashed, root)


def _level_above(level: list[bytes]) -> list[bytes]:
    """Return the nodes above a level. The last of an odd number goes up as it is."""
    pairs = zip(level[::2], level[1::2], strict=False)
    above = [sha256(NODE + left + right).digest() for left, right in pairs]
    if len(level) % 2:
        above.append(level[-1])
    return above
