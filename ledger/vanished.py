"""What imports remember of the rows they saw: 8 bytes a key, also of rows that changed nothing."""

from array import array
from bisect import bisect_left
from collections.abc import Iterator

from ledger.models import Batch, Import

KEY_BYTES = 8


def keys_of(imports: Iterator[Import] | list[Import]) -> Iterator[bytes]:
    """Yield the keys that these imports saw, batch by batch."""
    for keys in (
        Batch.objects.filter(imported__in=list(imports), kind__in=["work", "payouts"])
        .values_list("keys", flat=True)
        .iterator(chunk_size=20)
    ):
        blob = bytes(keys)
        for start in range(0, len(blob), KEY_BYTES):
            yield blob[start : start + KEY_BYTES]


class SaidLater:
    """The keys of which an export with a later date has said something, be it the same.

    Another import may go on beside this one: `read_on` adds what it has posted since, and is called
    under the vendor's lock. Held as sorted numbers, 8 bytes a key.
    """

    def __init__(self, imported: Import) -> None:
        self.later = Batch.objects.filter(
            imported__vendor=imported.vendor,
            imported__kind=imported.kind,
            imported__state__in=["posting", "done"],
            imported__as_of__gt=imported.as_of,
            kind=imported.kind,
        )
        self.read_to = 0
        self.runs: list[array[int]] = []

    def read_on(self) -> None:
        """Read the keys of the batches that were posted since the last time."""
        fresh = array("Q")
        batches = self.later.filter(pk__gt=self.read_to).order_by("pk")
        for pk, keys in batches.values_list("pk", "keys").iterator(chunk_size=20):
            fresh.frombytes(bytes(keys))
            self.read_to = pk
        if fresh:
            self.runs.append(array("Q", sorted(fresh)))

    def __contains__(self, key: bytes) -> bool:
        if not self.runs:
            return False
        (number,) = array("Q", key)
        for run in self.runs:
            at = bisect_left(run, number)
            if at < len(run) and run[at] == number:
                return True
        return False


def built_upon(imported: Import) -> list[Import]:
    """Return the later imports that saw a row which this one saw, oldest first.

    They were compared with what this one posted, so they must be undone before it.
    """
    later = Import.objects.filter(
        vendor=imported.vendor,
        kind=imported.kind,
        state__in=["posting", "done"],
        pk__gt=imported.pk,
    ).order_by("pk")
    own = frozenset(keys_of([imported])) if later.exists() else frozenset()
    return [one for one in later if any(key in own for key in keys_of([one]))]
