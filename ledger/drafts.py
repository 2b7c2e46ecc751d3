"""What a batch is going to hold: facts as plain tuples, drafted row by row, then written.

`journal.batch` makes a Draft, its block fills it, and it is written at the end; nobody else writes.
"""

import uuid
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from ledger import bulk, commitments, week_marks
from ledger.facts import (
    DESCRIBED,
    LEAF_COLUMNS,
    MOVED,
    PAYMENT_COLUMNS,
    REVISED,
    SAID,
    SENT,
    TRANSFER_COLUMNS,
    WORK_COLUMNS,
    Account,
    Decision,
    PaymentFact,
    Ref,
    TransferFact,
    WorkFact,
)
from ledger.known import Move
from ledger.log import merkle
from ledger.models import Batch, Leaf, Payment, Stream, Transfer, Work
from ledger.moves import REVERSE, RULES
from workers.models import Vendor


class Row:
    """One kept row: a leaf of the batch, with the facts that it posts."""

    __slots__ = ("account", "draft", "line", "links", "payments", "raw", "transfers", "works")

    def __init__(self, draft: "Draft", account: Account, line: int, raw: bytes) -> None:
        self.draft, self.account, self.line, self.raw = draft, account, line, raw
        self.works: list[WorkFact] = []
        self.payments: list[PaymentFact] = []
        self.transfers: list[TransferFact] = []
        self.links: list[tuple[int | None, int | None, int | None]] = []  # numbers in the stream

    def work(self, fact: WorkFact, *, root: Ref | None) -> Ref:
        """Post a revision; return the root that its money is to name.

        fact: its id, its number and its root are given here. root: None for the first revision.
        """
        ref = Ref(next(self.draft.work_ids), self.draft.next_n(self.account.id))
        named = root or ref
        said: tuple[Any, ...] = fact
        self.works.append(WorkFact(*ref, named.id, *said[REVISED]))
        self.draft.touch(self.account.id, fact.started_at_ms, fact.ended_at_ms)
        return named

    def payment(self, **fields: Any) -> Ref:
        """Post a payment's revision; return what its transfers name. fields: see PaymentFact."""
        ref = Ref(next(self.draft.payment_ids), self.draft.next_n(self.account.id))
        self.payments.append(PaymentFact(ref.id, ref.n, **fields))
        return ref

    def move(
        self,
        move: str,
        amount_micros: int,
        currency: str,
        *,
        work: Ref | None = None,
        payment: Ref | None = None,
        happened_at_ms: int | None = None,
        due_at_ms: int | None = None,
        reason: str = "",
        decision: Decision | None = None,
    ) -> None:
        """Post a transfer by the rule book (ledger/moves.py)."""
        rule = RULES[move]
        self._transfer(
            move, rule.source, rule.target, currency, amount_micros, work, payment,
            happened_at_ms, due_at_ms, reason, None, decision,
        )  # fmt: skip

    def follow(self, moves: Iterable[Move], currency: str, work: Ref) -> None:
        """Post the transfers that bring the money of one work where it has to be."""
        for move, micros, happened_at_ms, due_at_ms, reason in moves:
            rule = RULES[move]
            self._transfer(
                move, rule.source, rule.target, currency, micros, work, None,
                happened_at_ms, due_at_ms, reason, None, None,
            )  # fmt: skip

    def reverse(self, transfer: Transfer, *, reason: str, happened_at_ms: int) -> None:
        """Post the exact mirror of an earlier transfer, with its work and payment loaded.

        It names the same decision: what a withholding still holds is the sum of what names it.
        """
        if transfer.move == REVERSE:
            raise ValueError(f"transfer {transfer.pk} is a reversal; a reversal is never reversed")
        work, payment, named = transfer.work, transfer.payment, transfer.withholding
        self._transfer(
            REVERSE, transfer.target, transfer.source, transfer.currency, transfer.amount_micros,
            work and Ref(work.pk, work.n), payment and Ref(payment.pk, payment.n),
            happened_at_ms, transfer.due_at_ms, reason, Ref(transfer.pk, transfer.n),
            named and named.as_fact(),
        )  # fmt: skip

    def _transfer(
        self,
        move: str,
        source: str,
        target: str,
        currency: str,
        amount_micros: int,
        work: Ref | None,
        payment: Ref | None,
        happened_at_ms: int | None,
        due_at_ms: int | None,
        reason: str,
        reverses: Ref | None,
        decision: Decision | None,
    ) -> None:
        draft = self.draft
        n = draft.next_n(self.account.id)
        if decision is not None:
            draft.decisions[self.account.id, n] = decision.said
        self.transfers.append(
            TransferFact(
                next(draft.transfer_ids), n,
                work.id if work else None, payment.id if payment else None,
                move, source, target, currency, amount_micros, happened_at_ms, due_at_ms,
                reason, reverses.id if reverses else None, decision.id if decision else None,
            )
        )  # fmt: skip
        self.links.append((work and work.n, payment and payment.n, reverses and reverses.n))
        draft.totals[currency, move] += amount_micros


class Draft:
    """What a batch is going to hold. Made by `batch`, filled by its block."""

    def __init__(self, vendor: Vendor, batch_uuid: uuid.UUID) -> None:
        self.vendor, self.uuid = vendor, batch_uuid
        self.rows: list[Row] = []
        self.keys = bytearray()  # 8 bytes for each key seen
        self.totals: Counter[tuple[str, str]] = Counter()
        # What is said of the decision that a transfer names, by account and number.
        self.decisions: dict[tuple[int, int], tuple[str | int | None, ...]] = {}
        self.work_ids = bulk.ids(Work)
        self.payment_ids = bulk.ids(Payment)
        self.transfer_ids = bulk.ids(Transfer)
        self._heads: dict[int, int] = {}
        self._first: dict[int, int] = {}
        self._touched: list[tuple[int, int, int]] = []
        self._hex, self._salts = batch_uuid.hex, commitments.Salts(batch_uuid.bytes)

    def load_streams(self, engagement_ids: Iterable[int]) -> None:
        """Read the heads of these engagements' streams at once; those not there begin at 1."""
        wanted = set(engagement_ids) - self._heads.keys()
        heads = dict(Stream.objects.filter(engagement__in=wanted).values_list("engagement_id", "n"))
        for engagement_id in wanted:
            self._heads[engagement_id] = self._first[engagement_id] = heads.get(engagement_id, 0)

    def was_there(self, engagement_id: int) -> bool:
        """Tell whether an account had any fact before this batch; its stream has been loaded."""
        return self._first[engagement_id] > 0

    def next_n(self, engagement_id: int) -> int:
        """Return the next number of an engagement's stream; no number is left out."""
        if engagement_id not in self._heads:
            self.load_streams([engagement_id])
        self._heads[engagement_id] += 1
        return self._heads[engagement_id]

    def row(self, account: Account, *, line: int, raw: bytes) -> Row:
        """Begin a row. line: 0 where there is no file; raw: its bytes."""
        row = Row(self, account, line, raw)
        self.rows.append(row)
        return row

    def touch(self, engagement_id: int, start_ms: int, end_ms: int) -> None:
        """Mark the weeks of [start, end] to be computed again."""
        self._touched.append((engagement_id, start_ms, end_ms))

    def write(self, meanwhile: bulk.Meanwhile | None, **batch_fields: object) -> Batch:
        """Commit to every row and write all facts. Only `batch` calls this.

        The rows are hashed while the database takes them in, each part with another table: it has
        the time, and both are done at once.
        """
        pk = next(bulk.ids(Batch))
        placed = [((pk, position, row.account.id), row) for position, row in enumerate(self.rows)]
        whos: list[tuple[bytes, bytes]] = []
        moneys: list[bytes] = []
        hashes: list[bytes] = []

        def works() -> Iterator[tuple[Any, ...]]:
            for place, row in placed:
                whos.append(self._who(place[1], row))
                for fact in row.works:
                    yield place + fact

        def transfers() -> Iterator[tuple[Any, ...]]:
            for place, row in placed:
                moneys.append(self._money(place[1], row))
                for fact in row.transfers:
                    yield place + fact

        def leaves() -> Iterator[tuple[Any, ...]]:
            for (place, row), (line_hash, who), money in zip(placed, whos, moneys, strict=True):
                hashes.append(merkle.leaf_hash(who + money))
                yield pk, place[1], row.line, line_hash, who, money

        bulk.insert(Work, WORK_COLUMNS, works(), meanwhile)
        payments = [place + fact for place, row in placed for fact in row.payments]
        if payments:
            bulk.insert(Payment, PAYMENT_COLUMNS, payments)
        bulk.insert(Transfer, TRANSFER_COLUMNS, transfers(), meanwhile)
        bulk.insert(Leaf, LEAF_COLUMNS, leaves(), meanwhile)
        self._move_heads()
        week_marks.add(self.vendor, self._touched)
        return Batch.objects.create(
            pk=pk,
            uuid=self.uuid,
            vendor=self.vendor,
            leaves=len(hashes),
            totals=self._totals_by_currency(),
            merkle_root=merkle.root(hashes),
            keys=bytes(self.keys),
            **batch_fields,
        )

    def _who(self, position: int, row: Row) -> tuple[bytes, bytes]:
        """Return the hash of a row's raw line, and its commitment to who and when."""
        salt = self._salts.of(row.account.who_key, position)
        line_hash = commitments.commit(salt, row.raw)
        form = who_form(self._hex, position, row, line_hash)
        return line_hash, commitments.commit(salt, form)

    def _money(self, position: int, row: Row) -> bytes:
        """Return a row's commitment to money."""
        salt = self._salts.of(row.account.money_key, position)
        return commitments.commit(salt, money_form(self._hex, position, row))

    def _totals_by_currency(self) -> dict[str, dict[str, int]]:
        totals: dict[str, dict[str, int]] = {}
        for (currency, move), micros in sorted(self.totals.items()):
            totals.setdefault(currency, {})[move] = micros
        return totals

    def _move_heads(self) -> None:
        moved = [(pk, n) for pk, n in self._heads.items() if n > self._first[pk]]
        bulk.put(
            Stream, ("engagement_id", "n"), moved, "(engagement_id) DO UPDATE SET n = excluded.n"
        )


def who_form(batch: str, position: int, row: Row, line_hash: bytes) -> bytes:
    """Return the canonical bytes of a row's first part: who, what and when.

    batch: its UUID in hex. The facts stand in the order in which they were posted, each with its
    number in the stream.
    """
    said: list[Any] = [batch, position, row.account.pseudonym, row.line, line_hash.hex()]
    for work in row.works:
        fields: tuple[Any, ...] = work
        said += ("work", work.n, work.revision, work.void)
        said += fields[DESCRIBED]
        said += fields[SAID]
    for payment in row.payments:
        said += ("payment", payment.n, payment.reference, payment.lists)
    return commitments.form("who", said)


def money_form(batch: str, position: int, row: Row) -> bytes:
    """Return the canonical bytes of a row's second part: what was promised, sent and moved."""
    said: list[Any] = [batch, position, row.account.pseudonym]
    for work in row.works:
        said += ("work", work.n, work.promised_micros, work.currency)
    for payment in row.payments:
        said += ("payment", payment.n, payment.revision, *tuple(payment)[SENT])
    decisions = row.draft.decisions
    for transfer, links in zip(row.transfers, row.links, strict=True):
        fields: tuple[Any, ...] = transfer
        said += ("transfer", transfer.n, *links)
        said += fields[MOVED]
        decision = decisions and decisions.get((row.account.id, transfer.n))
        if decision:
            said += ("decision", *decision)
    return commitments.form("money", said)
