"""Money that comes back: the exact mirrors of what a payment moved, so that it is owed again."""

from collections import defaultdict
from collections.abc import Callable, Iterable

from ledger.attempts import Attempt
from ledger.drafts import Row
from ledger.facts import Ref
from ledger.models import Payment, Transfer

SENT = ("pay", "prepay")
RowOf = Callable[[int], Row]  # the row in which the answers for an engagement are posted


def reverse(row_of: RowOf, transfers: Iterable[Transfer], *, reason: str, at_ms: int) -> None:
    """Mirror these transfers, the newest first. They have work and payment loaded."""
    for transfer in sorted(transfers, key=lambda one: -one.pk):
        row_of(transfer.engagement_id).reverse(transfer, reason=reason, happened_at_ms=at_ms)


def unmeet(row_of: RowOf, payments: Iterable[Payment], *, reason: str, at_ms: int) -> set[int]:
    """Take back what these payments met of work that came later; return that work's roots.

    Where such a payment had become overpaid, there is no payment any more that could be: the work's
    open money meets it.
    """
    met = Transfer.objects.filter(payment__in=list(payments), move__in=["apply", "overpaid"])
    overpaid: dict[tuple[int, int], list[Transfer]] = defaultdict(list)
    roots = set()
    for transfer in met.filter(reversed_by=None).select_related("work", "payment", "withholding"):
        roots.add(transfer.work_id)
        if transfer.move == "apply":
            row_of(transfer.engagement_id).reverse(transfer, reason=reason, happened_at_ms=at_ms)
        else:
            overpaid[transfer.work_id, transfer.payment_id].append(transfer)  # type: ignore[index]
    for one, *more in overpaid.values():
        assert one.payment is not None
        attempt = Attempt(row_of(one.engagement_id), one, at_ms, reason)
        micros = sum(transfer.amount_micros for transfer in (one, *more))
        attempt.post("apply", micros, Ref(one.payment.pk, one.payment.n))
    return roots  # type: ignore[return-value]
