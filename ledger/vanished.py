"""What imports remember of the rows they saw: 8 bytes a key, also of rows that changed nothing."""

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


def keys_said_later(imported: Import) -> frozenset[bytes]:
    """Return the keys of which an export with a later date has been brought in already."""
    later = Import.objects.filter(
        vendor=imported.vendor, kind=imported.kind, state="done", as_of__gt=imported.as_of
    )
    return frozenset(keys_of(list(later)))


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
