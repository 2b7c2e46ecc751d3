"""Takes an import back: void revisions and reversals, batch by batch, the newest first.

Nothing is deleted. Each attempt returns to where it stood before the import; what had been paid
for it by then cannot be taken back from the worker and becomes `overpaid`, in sight, to meet only
that work's debt if it comes again. Afterwards the file is new again.

An import is undone before those that were compared with it only if none was: the later ones go
first (ledger/vanished.py).
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, Sum
from django.utils.translation import gettext

from ledger import (
    arrivals,
    falling,
    jobs,
    journal,
    payment_posting,
    returns,
    sent_again,
    state,
    vanished,
    weeks,
)
from ledger.attempts import REASON, Attempt, balances_of, sent_by_payment
from ledger.brought_in import STATES
from ledger.drafts import Draft, Row
from ledger.facts import UNPLACED, Ref, WorkFact
from ledger.files import Refused
from ledger.models import Batch, Import, Job, Payment, Transfer, Work
from ledger.moves import PAYABLE, PENDING, REFUSED, REVERSE, WITHHELD
from ledger.periods import ms_of
from workers.models import Engagement, User

SETTLED = "settle"  # the kind of batch in which a bank's reports are posted
DESCRIBED = WorkFact._fields[WorkFact._fields.index("external_id") :]


@dataclass(frozen=True)
class Preview:
    """What undoing an import would do. Micros by currency."""

    attempts: int
    payments: int
    returned: dict[str, int]  # back to the vendor, or open again: it had not been paid
    overpaid: dict[str, int]  # already paid: stays with the worker, on the vendor's account
    first_undo: tuple[str, ...]  # later imports that must be undone before


def preview(imported: Import) -> Preview:
    """Return what undoing would do; nothing is changed."""
    transfers = Transfer.objects.filter(batch__imported=imported)
    roots = Work.objects.filter(batch__imported=imported).values("root_id").distinct()
    sent = (
        Transfer.objects.filter(work__in=roots, move="pay", reversed_by=None)
        .values_list("currency")
        .annotate(micros=Sum("amount_micros"))
    )
    promised = (
        transfers.filter(move__in=["submit", "award", "pay", "prepay"])
        .values_list("currency")
        .annotate(micros=Sum("amount_micros"))
    )
    overpaid = dict(sent) if imported.kind == "work" else {}
    return Preview(
        attempts=roots.count(),
        payments=Payment.objects.filter(batch__imported=imported).count(),
        returned={
            currency: max(0, micros - overpaid.get(currency, 0)) for currency, micros in promised
        },
        overpaid=overpaid,
        first_undo=tuple(one.name for one in vanished.built_upon(imported)),
    )


def start(*, imported: Import, by: User | None, at: datetime) -> Job:
    """Queue the undoing of an import. Raises Refused where it cannot be undone now."""
    if imported.state != "done":
        raise Refused(
            gettext("%(name)s is %(state)s")
            % {"name": imported.name, "state": STATES.get(imported.state, imported.state)},
            gettext("only an import that is done can be undone"),
            gettext("Wait until it is posted; what was refused left nothing to undo."),
        )
    later = vanished.built_upon(imported)
    if later:
        raise Refused(
            f"{imported.name}",
            gettext("later imports say something of the same rows"),
            gettext("Undo these first: %(names)s")
            % {"names": ", ".join(one.name for one in reversed(later))},
        )
    return jobs.add(
        kind="undo",
        key=f"undo:{imported.uuid}",
        vendor=imported.vendor,
        params={"import": imported.pk, "by": by.pk if by else None},
        at=at,
    )


@jobs.kind("undo")
def steps(job: Job) -> Iterator[jobs.Step]:
    """Yield the steps of an undoing: its batches from the newest to the oldest, then the weeks."""
    imported = Import.objects.select_related("vendor").get(pk=job.params["import"])
    by = User.objects.filter(pk=job.params["by"]).first()
    batches = list(imported.batches.exclude(kind="undo").order_by("-chunk"))
    undone = set(imported.batches.filter(kind="undo").values_list("chunk", flat=True))
    job.total = len(batches)
    later = vanished.built_upon(imported) if not undone else []
    if later:
        names = ", ".join(one.name for one in later)
        raise jobs.Failed(f"Brought in since then, of the same rows: {names}. Undo these first.")
    for batch in batches:
        if batch.chunk not in undone:
            yield lambda batch=batch: _undo_batch(job, imported, batch, by)  # type: ignore[misc]
    if imported.kind == "payouts":
        yield from sent_again.steps(job, imported.vendor, batches)
    yield from jobs.followers(imported.kind, job, imported.vendor)
    yield from weeks.refresh_steps(job, imported.vendor)
    yield lambda: _finish(job, imported)


def _finish(job: Job, imported: Import) -> dict[str, Any]:
    imported.state = "undone"
    imported.save(update_fields=["state"])
    return job.cursor


def _undo_batch(job: Job, imported: Import, batch: Batch, by: User | None) -> dict[str, Any]:
    with journal.batch(
        vendor=imported.vendor,
        kind="undo",
        at=job.created_at,
        by=by,
        imported=imported,
        chunk=batch.chunk,
    ) as draft:
        undoing = Undoing(draft, batch, ms_of(job.created_at))
        if imported.kind == "work":
            undoing.work()
        else:
            undoing.payments()
    job.done += 1
    return job.cursor


class Undoing:
    """One batch that is being undone: its facts by account, and the rows that answer them."""

    def __init__(self, draft: Draft, batch: Batch, at_ms: int) -> None:
        self.draft, self.batch, self.at_ms = draft, batch, at_ms
        # What was reversed already is as it was before: there is nothing left to mirror.
        transfers = Transfer.objects.filter(batch=batch, reversed_by=None)
        transfers = transfers.select_related("work", "payment", "withholding")
        self.transfers = list(transfers.order_by("-id"))
        revisions = Work.objects.filter(batch=batch).select_related("corrects", "root")
        self.revisions = list(revisions.order_by("-id"))
        owners = {transfer.engagement_id for transfer in self.transfers}
        owners |= {revision.engagement_id for revision in self.revisions}
        owners |= set(Payment.objects.filter(batch=batch).values_list("engagement_id", flat=True))
        people = Engagement.objects.filter(pk__in=owners)
        self.accounts = journal.accounts(people)
        self.rows: dict[int, Row] = {}

    def row(self, engagement_id: int) -> Row:
        """Return the row in which the answers for this account are posted."""
        if engagement_id not in self.rows:
            account = self.accounts[engagement_id]
            self.rows[engagement_id] = self.draft.row(account, line=0, raw=b"")
        return self.rows[engagement_id]

    def work(self) -> None:
        """Undo a batch of work: first its money, then its revisions."""
        by_root: dict[int, list[Transfer]] = defaultdict(list)
        for transfer in self.transfers:
            by_root[transfer.work_id].append(transfer)  # type: ignore[index]
        history = state.transfers_of({*by_root, *(one.root_id for one in self.revisions)})
        self.decisions = falling.decisions_of(history.values())
        for root_id, posted in by_root.items():
            self._return_money(posted, history[root_id])
        payment_posting.touch_work(self.draft, by_root)
        self._take_back()
        if self.decisions:
            self._settle(history)

    def _return_money(self, posted: list[Transfer], history: list[Transfer]) -> None:
        """Mirror what was posted of one attempt; where its money has moved on, net it out."""
        row, work = self.row(posted[0].engagement_id), posted[0].work
        assert work is not None
        falling.give_back(row, work, history, self.decisions, self.at_ms)
        history = falling.of_exports(history)
        after = balances_of(history)
        ways = [posted, [*falling.lapsed_since(posted, history), *posted]]
        if not sent_by_payment(history):
            ways.append(_moved_since(posted, history))
        for mirrored in ways:
            if falling.can_be_mirrored(mirrored, after):
                for transfer in mirrored:
                    row.reverse(transfer, reason=REASON, happened_at_ms=self.at_ms)
                return
        self._net_out(posted, history)

    def _settle(self, history: dict[int, list[Transfer]]) -> None:
        """Bring withheld attempts where the revisions that stand again say."""
        for one in {one.root_id: one for one in self.revisions}.values():  # the oldest of each
            earlier, of_root = one.corrects, history.get(one.root_id, [])
            withheld = any(transfer.withholding_id for transfer in of_root)
            if withheld and earlier is not None and not earlier.void:
                root = Ref(one.root_id, one.root.n)
                falling.settle(self.row(one.engagement_id), root, earlier, of_root, self.at_ms)

    def _net_out(self, posted: list[Transfer], history: list[Transfer]) -> None:
        """Bring an attempt of which something was paid back to what it was before, by new moves.

        What was paid becomes overpaid, and what is still open meets that; then what had been
        promised and decided before this batch is so again, and what is owed by that meets what
        was paid: only the rest stays overpaid.
        """
        attempt = Attempt(self.row(posted[0].engagement_id), posted[0], self.at_ms)
        at, paid = balances_of(history), sent_by_payment(history)
        attempt.post("refuse", at[PENDING])
        attempt.post("overturn", at[PENDING] + at[REFUSED])
        attempt.post("release", at[WITHHELD])
        still_open = at[PENDING] + at[REFUSED] + at[WITHHELD] + at[PAYABLE]
        last = max(paid, key=lambda ref: ref.id)
        for payment, micros in paid.items():
            attempt.post("overpaid", micros + (still_open if payment == last else 0), payment)
        attempt.post("apply", still_open, last)
        first = min(transfer.pk for transfer in posted)
        paid.subtract(sent_by_payment(posted))  # what this batch itself had met by a payment
        attempt.restore([one for one in history if one.pk < first], paid)

    def _take_back(self) -> None:
        """Post the revisions that answer the batch's: as before it, or void if there was none.

        They correct the newest revision there is: that of an earlier undo, if there was one.
        """
        before = {one.root_id: one.corrects for one in self.revisions}  # the newest first
        newest = state.newest_of(before.keys()).select_related("root").order_by("id")
        for revision in newest:
            root_id = revision.root_id
            earlier = before[root_id]
            void = earlier is None or earlier.void
            said = [getattr(earlier or revision, name) for name in DESCRIBED]
            self.row(revision.engagement_id).work(
                WorkFact(*UNPLACED, revision.revision + 1, revision.pk, void, *said),
                root=Ref(root_id, revision.root.n),
            )
            self.draft.touch(revision.engagement_id, revision.started_at_ms, revision.ended_at_ms)

    def payments(self) -> None:
        """Undo a batch of remittances: what they paid is owed again, or met by sent_again.py.

        What a bank has reported of these payments since then goes first; it is posted again, if the
        payments are, from the reports that are kept (payouts/settlement).
        """
        payments = list(Payment.objects.filter(batch=self.batch).order_by("-id"))
        own = {one.pk for one in payments}
        told_of = own | {one.payment_id for one in self.transfers if one.payment_id}
        reported = Transfer.objects.filter(
            Q(payment__in=told_of, move__in=arrivals.MOVES)
            | Q(payment__in=own, move__in=returns.SENT),  # had come back by a report that is gone
            batch__kind=SETTLED,
            reversed_by=None,
        )
        both = [*self.transfers, *reported.select_related("work", "payment")]
        returns.reverse(self.row, both, reason=REASON, at_ms=self.at_ms)
        touched = arrivals.works_of({one.payment_id for one in both if one.payment_id})
        touched |= returns.unmeet(self.row, payments, reason=REASON, at_ms=self.at_ms)
        payment_posting.touch_work(self.draft, touched)
        for payment in payments:
            self.row(payment.engagement_id).payment(
                revision=payment.revision + 1,
                corrects_id=payment.pk,
                void=True,
                reference=payment.reference,
                currency=payment.currency,
                amount_micros=payment.amount_micros,
                sent_at_ms=payment.sent_at_ms,
                lists="[]",
            )


def _moved_since(posted: list[Transfer], history: list[Transfer]) -> list[Transfer]:
    """Return all that moved an attempt's money since a batch first did, the newest first.

    Where nothing was paid, what was settled later (a question, say) goes with what it settled.
    """
    first = min(transfer.pk for transfer in posted)
    mirrors = {transfer.reverses_id for transfer in history}
    since = [one for one in history if one.pk >= first and one.move != REVERSE]
    return [one for one in reversed(since) if one.pk not in mirrors]
