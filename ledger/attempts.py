"""Where the money of one piece of work is, and how new transfers bring it somewhere else."""

from collections import Counter
from operator import attrgetter

from ledger.drafts import Row
from ledger.facts import Ref
from ledger.known import LAPSED, UNDONE
from ledger.models import Transfer
from ledger.moves import ADVANCE, IN_TRANSIT, PAYABLE, PENDING, REFUSED, RULES, WITHHELD

REASON = UNDONE


class Attempt:
    """One piece of work whose money is moved by new transfers, not by mirrors."""

    def __init__(self, row: Row, one: Transfer, at_ms: int, reason: str = REASON) -> None:
        assert one.work is not None
        self.reason = reason
        self.row, self.currency, self.at_ms = row, one.currency, at_ms
        self.work = Ref(one.work.pk, one.work.n)

    def post(
        self,
        move: str,
        micros: int,
        payment: Ref | None = None,
        happened_at_ms: int | None = None,
        due_at_ms: int | None = None,
        reason: str = "",
    ) -> None:
        """Post a move; nothing where there is nothing to move. reason: else the attempt's own."""
        if micros > 0:
            self.row.move(
                move,
                micros,
                self.currency,
                work=self.work,
                payment=payment,
                happened_at_ms=happened_at_ms or self.at_ms,
                due_at_ms=(due_at_ms or self.at_ms) if RULES[move].due else None,
                reason=reason or self.reason,
            )

    def restore(self, history: list[Transfer], paid: Counter[Ref]) -> None:
        """Promise and decide again what this history had, with its dates.

        paid: what each payment has sent by now. It meets what was owed or paid by that history,
        the oldest payment first.
        """
        before = balances_of(history)
        owed = before[PAYABLE] + sum(sent_by_payment(history).values())
        decided = owed + before[WITHHELD]
        dates = {one.target: (one.happened_at_ms, one.due_at_ms) for one in history}
        approved_at, due_at = dates.get(PAYABLE, (None, None))
        refused_at, _ = dates.get(REFUSED, (None, None))
        lapsed = LAPSED if any(one.reason == LAPSED for one in history) else ""
        self.post("submit", before[PENDING] + before[REFUSED] + decided)
        self.post("refuse", before[REFUSED], happened_at_ms=refused_at)
        self.post("approve", decided, happened_at_ms=approved_at, due_at_ms=due_at, reason=lapsed)
        self.post("deduct", before[WITHHELD], happened_at_ms=refused_at)
        for payment in sorted(paid, key=attrgetter("id")):
            micros = max(0, min(owed, paid[payment]))
            self.post("apply", micros, payment)
            owed -= micros


def balances_of(transfers: list[Transfer]) -> Counter[str]:
    at: Counter[str] = Counter()
    for transfer in transfers:
        at[transfer.source] -= transfer.amount_micros
        at[transfer.target] += transfer.amount_micros
    return at


def sent_by_payment(history: list[Transfer]) -> Counter[Ref]:
    """Return what each payment has sent for an attempt and is not yet called overpaid."""
    sent: Counter[Ref] = Counter()
    for transfer in history:
        if transfer.payment is None:
            continue
        ref = Ref(transfer.payment.pk, transfer.payment.n)
        for account, change in (
            (transfer.source, -transfer.amount_micros),
            (transfer.target, transfer.amount_micros),
        ):
            if account in (IN_TRANSIT, ADVANCE):
                sent[ref] += change
    return sent
