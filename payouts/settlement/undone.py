"""What reports had posted of payments, brought back once those reports are taken back.

What arrived and was lost by their word is mirrored. A payment that had come back by it is sent
again: it pays the same work, as far as that is still owed, or was met only because it had come back
(ledger/sent_again.py): that is mirrored too. What was paid otherwise meanwhile stays so, in sight:
to send it twice would take it from later work without a notice.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from ledger import arrivals, payment_posting, returns
from ledger.allocation import Debt
from ledger.arrivals import KnownPayment
from ledger.drafts import Row
from ledger.facts import Ref
from ledger.models import Transfer
from ledger.moves import IN_TRANSIT
from ledger.undo import SETTLED

REASON = "the bank's report was taken back"


@dataclass(frozen=True)
class Before:
    """What payments had sent before reports took them back, and what of it is still owed."""

    sent: dict[int, list[Transfer]]  # by payment
    met: dict[int, list[Transfer]]  # by work: what was paid ahead and met it as it was owed again
    debts: dict[tuple[int, str], dict[int, Debt]]  # by account and currency, by work

    @classmethod
    def of(cls, payment_ids: Collection[int], engagement_ids: Iterable[int]) -> "Before":
        """Read it. Three queries."""
        found: dict[int, list[Transfer]] = defaultdict(list)
        taken_back = Transfer.objects.filter(
            payment__in=list(payment_ids), move__in=returns.SENT,
            reversed_by__batch__kind=SETTLED,
        ).select_related("work", "reversed_by")  # fmt: skip
        for one in taken_back.order_by("pk"):
            found[one.payment_id].append(one)  # type: ignore[index]
        sent = {pk: _newest(rows) for pk, rows in found.items()}
        works = {one.work_id for rows in sent.values() for one in rows}
        met: dict[int, list[Transfer]] = defaultdict(list)
        for one in Transfer.objects.filter(
            work__in=works - {None}, move="apply", batch__kind=SETTLED, reversed_by=None
        ).select_related("work", "payment", "withholding").order_by("pk"):  # fmt: skip
            met[one.work_id].append(one)  # type: ignore[index]
        return cls(sent, met, payment_posting.open_debts(engagement_ids))

    def still_owed(self, one: Transfer) -> int:
        """Return how much of what a transfer had sent can be sent again."""
        if one.work_id is None:
            return one.amount_micros  # it was paid ahead of work, and is again
        debt = self.debts[one.engagement_id, one.currency].get(one.work_id)
        met = sum(other.amount_micros for other in self.met.get(one.work_id, ()))
        return min(one.amount_micros, met + (debt.open_micros if debt is not None else 0))

    def can_send(self, there: KnownPayment) -> bool:
        """Tell whether something of a payment that had come back can be sent again."""
        sent = self.sent.get(there.ref.id, ())
        return not there.on_its_way_or_there and any(map(self.still_owed, sent))

    def bring_back(
        self, row: Row, there: KnownPayment, transfers: list[Transfer], *, at_ms: int
    ) -> bool:
        """Post for one payment what brings it back to where it was without reports.

        Returns whether it had come back and is sent again.
        """
        for one in sorted(transfers, key=lambda one: -one.pk):
            is_ours = one.move in arrivals.MOVES and one.batch.kind == SETTLED
            if is_ours and there.balances[one.target] >= one.amount_micros:
                row.reverse(one, reason=REASON, happened_at_ms=at_ms)
                there.balances[one.target] -= one.amount_micros
                there.balances[one.source] += one.amount_micros
        if there.on_its_way_or_there:
            return False
        self._send_again(row, there, at_ms)
        return True

    def _open_again(self, row: Row, one: Transfer, at_ms: int) -> None:
        """Take back what had met a work because this payment for it had come back."""
        assert one.work_id is not None
        own = self.debts[one.engagement_id, one.currency]
        for other in reversed(self.met.pop(one.work_id, [])):
            row.reverse(other, reason=REASON, happened_at_ms=at_ms)
            assert other.work is not None
            there = Debt(Ref(other.work.pk, other.work.n), other.work.external_id, 0, 0)
            debt = own.get(one.work_id, there)
            own[one.work_id] = debt._replace(open_micros=debt.open_micros + other.amount_micros)

    def _send_again(self, row: Row, there: KnownPayment, at_ms: int) -> None:
        for one in self.sent.get(there.ref.id, ()):
            if one.work_id is not None:
                self._open_again(row, one, at_ms)
            micros = self.still_owed(one)
            if not micros:
                continue
            if one.work_id is None:
                row.move(
                    one.move, micros, one.currency, payment=there.ref,
                    happened_at_ms=one.happened_at_ms,
                )  # fmt: skip
            else:
                own = self.debts[one.engagement_id, one.currency]
                debt = own[one.work_id]
                own[one.work_id] = debt._replace(open_micros=debt.open_micros - micros)
                row.move(
                    one.move, micros, one.currency, work=debt.work, payment=there.ref,
                    happened_at_ms=one.happened_at_ms,
                )  # fmt: skip
            there.balances[IN_TRANSIT] += micros


def _newest(rows: list[Transfer]) -> list[Transfer]:
    """Return those that were taken back last: the same payment may have come back before."""
    last = max(one.reversed_by.batch_id for one in rows)
    return [one for one in rows if one.reversed_by.batch_id == last]
