"""The tree against the reference of Certificate Transparency, and every small tree in full."""

from hashlib import sha256

import pytest

from ledger.log import merkle

ENTRIES = [
    bytes.fromhex(entry)
    for entry in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
# The roots of the first 0 to 8 of these entries in the tests of certificate-transparency.
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAVES = [merkle.leaf_hash(bytes([n])) for n in range(65)]
SIZES = range(1, 65)


def root_by_definition(entries: list[bytes]) -> bytes:
    """RFC 6962 section 2.1, word for word: split at the largest power of two below n."""
    if len(entries) < 2:
        return sha256(b"\x00" + entries[0]).digest() if entries else sha256(b"").digest()
    k = 1 << (len(entries) - 1).bit_length() - 1
    left, right = root_by_definition(entries[:k]), root_by_definition(entries[k:])
    return sha256(b"\x01" + left + right).digest()


@pytest.mark.parametrize(("size", "expected"), list(enumerate(ROOTS)))
def test_the_root_is_that_of_certificate_transparency(size: int, expected: str) -> None:
    leaf_hashes = [merkle.leaf_hash(entry) for entry in ENTRIES[:size]]

    assert merkle.root(leaf_hashes).hex() == expected


@pytest.mark.parametrize("size", SIZES)
def test_the_root_follows_the_definition_at_every_size(size: int) -> None:
    entries = [bytes([n]) for n in range(size)]

    assert merkle.root(LEAVES[:size]) == root_by_definition(entries)


@pytest.mark.parametrize("size", SIZES)
def test_every_leaf_of_every_small_tree_is_proved_in_its_place_only(size: int) -> None:
    leaves = LEAVES[:size]
    root = merkle.root(leaves)
    for index, leaf in enumerate(leaves):
        proof = merkle.inclusion_proof(index, leaves)

        assert merkle.verify_inclusion(leaf, index, size, proof, root)
        for elsewhere in (*range(-1, size + 2), index + size, index + 64):
            claimed = merkle.verify_inclusion(leaf, elsewhere, size, proof, root)
            assert claimed == (elsewhere == index)


@pytest.mark.parametrize("size", SIZES)
def test_every_damaged_proof_is_refused(size: int) -> None:
    leaves = LEAVES[:size]
    root = merkle.root(leaves)
    for index, leaf in enumerate(leaves):
        proof = merkle.inclusion_proof(index, leaves)
        changed = [[*proof[:n], flipped(step), *proof[n + 1 :]] for n, step in enumerate(proof)]
        missing = [[*proof[:n], *proof[n + 1 :]] for n in range(len(proof))]
        swapped = [
            [*proof[:n], proof[n + 1], proof[n], *proof[n + 2 :]] for n in range(len(proof) - 1)
        ]
        longer = [[*proof, root], [*proof, leaf], [leaf, *proof], [*proof, b""]]
        for damaged in changed + missing + swapped + longer:
            assert not merkle.verify_inclusion(leaf, index, size, damaged, root)
        assert not merkle.verify_inclusion(flipped(leaf), index, size, proof, root)
        assert not merkle.verify_inclusion(leaf, index, size, proof, flipped(root))
        assert not merkle.verify_inclusion(leaf[:-1], index, size, proof, root)


def test_a_node_cannot_be_shown_as_a_leaf() -> None:
    node = merkle.node_hash(LEAVES[0], LEAVES[1])
    root = merkle.root(LEAVES[:4])
    proof = merkle.inclusion_proof(0, LEAVES[:4])

    assert merkle.leaf_hash(LEAVES[0] + LEAVES[1]) != node
    assert not merkle.verify_inclusion(node, 0, 4, proof[1:], root)


def test_nothing_is_in_an_empty_tree() -> None:
    assert not merkle.verify_inclusion(LEAVES[0], 0, 0, [], merkle.root([]))


@pytest.mark.parametrize(("index", "size"), [(0, 0), (3, 3), (-1, 3)])
def test_there_is_no_proof_for_a_leaf_outside_the_tree(index: int, size: int) -> None:
    with pytest.raises(ValueError, match=f"leaf {index} is not in a tree of {size}"):
        merkle.inclusion_proof(index, LEAVES[:size])


@pytest.mark.parametrize("n", range(64))
def test_a_changed_moved_added_or_dropped_leaf_changes_the_root(n: int) -> None:
    leaves = LEAVES[:64]
    root = merkle.root(leaves)

    assert merkle.root([*leaves[:n], flipped(leaves[n]), *leaves[n + 1 :]]) != root
    assert merkle.root([*leaves[:n], *leaves[n + 1 :]]) != root
    assert merkle.root([*leaves[:n], LEAVES[64], *leaves[n:]]) != root
    assert merkle.root([*leaves[n + 1 :], *leaves[: n + 1]]) != root or n == 63


def test_the_root_leaves_the_list_as_it_was() -> None:
    leaves = LEAVES[:7]

    merkle.root(leaves)
    merkle.inclusion_proof(3, leaves)

    assert leaves == LEAVES[:7]


def flipped(digest: bytes) -> bytes:
    return bytes([digest[0] ^ 1]) + digest[1:]
