"""Lets a payment that was sent again pay what the first one does not pay any more.

A remittance that lists both comes in before the bank's report: the second payment found nothing to
pay then, and was kept as paid ahead. Once the first has come back, or was undone, what it paid is
owed again, and the second one meets it. So the order in which files arrive does not matter.
"""

import uuid
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from ledger import jobs, journal, payment_posting, state
from ledger.facts import Ref
from ledger.models import Batch, Job, Payment
from workers.models import Engagement, Vendor


class Met(NamedTuple):
    """So much of what is owed for a work is met by a payment that was made before."""

    engagement_id: int
    work: Ref
    micros: int
    payment: state.Ahead


def steps(job: Job, vendor: Vendor, undone: Collection[Batch]) -> Iterator[jobs.Step]:
    """Yield a step for each batch of payments that was undone: whatever else was sent pays.

    undone: the newest first, all of them mirrored by now. What was undone was never sent, so the
    work was met when the other payment was sent.
    """

    def meet(batch: Batch) -> dict[str, Any]:
        journal.lock(vendor)
        owners = Payment.objects.filter(batch=batch).values_list("engagement_id", flat=True)
        never = dict.fromkeys(owners, 0)
        assert batch.imported is not None
        post(
            vendor=vendor, kind="undo", back=never, origin=batch.imported.uuid, chunk=batch.chunk,
            at=job.created_at,
        )  # fmt: skip
        return {**job.cursor, "met": batch.chunk}

    for batch in undone:
        if batch.chunk < job.cursor.get("met", batch.chunk + 1):
            yield lambda batch=batch: meet(batch)  # type: ignore[misc]


def post(
    *,
    vendor: Vendor,
    kind: str,
    back: Mapping[int, int],
    origin: uuid.UUID,
    chunk: int,
    at: datetime,
) -> None:
    """Meet what is owed to these accounts by what was paid ahead, in a batch of its own.

    kind: of the batch. back: when the last payment of each account came back: it is met then, or
    when the other one was sent. Called under the vendor's lock, once what came back is posted. No
    batch for nothing.
    """
    met = _met(back)
    if not met:
        return
    accounts = journal.accounts(
        Engagement.objects.filter(pk__in={one.engagement_id for one in met})
    )
    own = uuid.uuid5(origin, "sent again")
    with journal.batch(vendor=vendor, kind=kind, at=at, origin=own, chunk=chunk) as draft:
        draft.load_streams(set(accounts))
        for one in met:
            draft.row(accounts[one.engagement_id], line=0, raw=b"").move(
                "apply", one.micros, one.payment.currency, work=one.work, payment=one.payment.ref,
                happened_at_ms=max(one.payment.sent_at_ms, back[one.engagement_id]),
            )  # fmt: skip
        payment_posting.touch_work(draft, {one.work.id for one in met})


def _met(engagement_ids: Collection[int]) -> list[Met]:
    """Return what is met, the oldest payment first. At most three queries."""
    ahead = state.paid_ahead(engagement_ids)
    debts = payment_posting.open_debts(ahead) if ahead else {}
    found = []
    for engagement_id, payments in ahead.items():
        for payment in payments:
            opened = debts.get((engagement_id, payment.currency), {})
            for share in payment.meet(list(opened.values())):
                found.append(Met(engagement_id, share.work, share.micros, payment))
                debt = opened.pop(share.work.id)
                if debt.open_micros > share.micros:
                    left = debt.open_micros - share.micros
                    opened[share.work.id] = debt._replace(open_micros=left)
    return found
