"""The only way a fact is written.

    with journal.batch(vendor=vendor, kind="work", at=now, by=user) as draft:
        row = draft.row(account, line=17, raw=b"...")
        work = row.work(...)
        row.move("submit", 120_000, "USD", work=work, happened_at_ms=...)

The block runs in one transaction under the vendor's lock: one writer a vendor, and vendors do not
wait for one another. When it ends, the rows get their commitments, the batch its Merkle root, and
everything is written at once; if anything fails, nothing is.
"""

import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import connection, transaction

from ledger import bulk, guards
from ledger.drafts import Draft
from ledger.facts import Account
from ledger.models import Import
from workers.models import Engagement, User, Vendor

LOCK = 0x9A1D  # the class of advisory locks that are vendors'


@contextmanager
def batch(
    *,
    vendor: Vendor,
    kind: str,
    at: datetime,
    by: User | None = None,
    imported: Import | None = None,
    origin: uuid.UUID | None = None,
    chunk: int = 0,
    meanwhile: bulk.Meanwhile | None = None,
) -> Iterator[Draft]:
    """Post the facts that the block drafts, or none of them.

    kind: work, payouts, undo, or another word for what is posted, at most ten letters. origin: the
    UUID of what the facts come from, where that is no import. chunk: the batch's number within it;
    the batch's UUID follows from both, so that whoever was interrupted ends with the same roots and
    the same chunk is never posted twice. meanwhile: see ledger/bulk.py. Raises IntegrityError when
    the rule book, a unique key or the never-below-zero guard says no.
    """
    guards.require()
    origin = imported.uuid if imported else origin
    batch_uuid = uuid.uuid5(origin, f"{kind}/{chunk}") if origin else uuid.uuid4()
    with transaction.atomic():
        lock(vendor)
        look_up_by_index()
        draft = Draft(vendor, batch_uuid)
        yield draft
        draft.write(meanwhile, kind=kind, imported=imported, chunk=chunk, by=by, recorded_at=at)
    draft.rows.clear()  # rows and draft name each other: freed now, not when a cycle is looked for


def lock(vendor: Vendor, *, shared: bool = False) -> None:
    """Wait until no one else writes for this vendor; held until the transaction ends.

    shared: for those who only read facts. They keep writers out, and not one another. On SQLite the
    transaction itself (BEGIN IMMEDIATE) keeps everybody else out.
    """
    if connection.vendor == "postgresql":
        way = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {way}(%s, %s)", [LOCK, vendor.pk])


def look_up_by_index() -> None:
    """Keep PostgreSQL, until the transaction ends, from reading whole tables for a chunk's rows.

    It takes some thousands of keys for a large part of a table that grew since its statistics were
    taken, and so every chunk would cost as much as all that is there. A way that is off counts as
    endlessly dear, which would make it compile each statement, or share it out to other processes.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off;"
                " SET LOCAL enable_mergejoin = off; SET LOCAL jit = off;"
                " SET LOCAL max_parallel_workers_per_gather = 0"
            )


def accounts(engagements: Iterable[Engagement]) -> dict[int, Account]:
    """Return what facts need of these engagements, by id."""
    return {
        engagement.pk: Account(
            engagement.pk,
            engagement.pseudonym.hex,
            bytes(engagement.who_key),
            bytes(engagement.money_key),
        )
        for engagement in engagements
    }
