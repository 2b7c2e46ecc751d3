"""Reads what the ledger knows, a chunk at a time: a fixed number of queries, none a row."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from ledger import arrays
from ledger.allocation import Debt, Share, allocate
from ledger.facts import Ref, TransferFact, WorkFact
from ledger.known import Known, Move
from ledger.models import Payment, Transfer, Work
from ledger.moves import ADVANCE, REVERSE

Key = tuple[int, str]  # an engagement's id, and an external id or a reference within it


def known_work(keys: Collection[Key]) -> dict[Key, Known]:
    """Return what is known of these attempts: newest revision and balances."""
    known: dict[Key, Known] = {}
    by_root: dict[int, Known] = {}
    for engagement_id, root_n, *fact in _newest_work(keys):
        latest = WorkFact(*fact)
        one = Known(Ref(latest.root_id, root_n), latest)
        known[engagement_id, latest.external_id] = by_root[latest.root_id] = one
    for root_id, moved in _moved(by_root).items():
        replay(by_root[root_id], moved)
    return known


def _newest_work(keys: Collection[Key]) -> list[tuple[Any, ...]]:
    """Return the newest revision of each attempt: engagement, the root's number, the fact."""
    if not keys:
        return []
    columns = ", ".join(f"w.{name}" for name in WorkFact._fields)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT w.engagement_id, root.n, {columns}
                FROM {_wanted(connection.vendor)}
                JOIN ledger_work w ON w.engagement_id = wanted.a AND w.external_id = wanted.b
                JOIN ledger_work root ON root.id = w.root_id
                ORDER BY w.id""",
            _pairs(keys),
        )
        return list({(row[0], row[8]): row for row in cursor.fetchall()}.values())


def _wanted(vendor: str) -> str:
    """Return SQL for a table `wanted` of the pairs (a, b) that are the query's parameters."""
    if vendor == "postgresql":
        return "unnest(%s::bigint[], %s::text[]) AS wanted(a, b)"
    return (
        "(SELECT json_extract(value, '$[0]') AS a, json_extract(value, '$[1]') AS b"
        " FROM json_each(%s)) AS wanted"
    )


def _pairs(keys: Collection[Key]) -> list[Any]:
    if connection.vendor == "postgresql":
        return [arrays.of_ids(a for a, _ in keys), arrays.of_texts(b for _, b in keys)]
    return [json.dumps(list(keys))]


def newest_of(root_ids: Collection[int]) -> QuerySet[Work]:
    """Return the newest revision of each of these attempts, void or not."""
    ids = list(root_ids)
    return Work.objects.filter(Q(pk__in=ids) | Q(root__in=ids, revision__gt=1), corrected_by=None)


def transfers_of(root_ids: Iterable[int]) -> dict[int, list[Transfer]]:
    """Return all transfers of these attempts, by root, oldest first, with payment loaded."""
    by_work: dict[int, list[Transfer]] = defaultdict(list)
    rows = Transfer.objects.filter(work__in=list(root_ids)).order_by("id")
    for transfer in rows.select_related("payment").iterator(2000):
        by_work[transfer.work_id].append(transfer)  # type: ignore[index]
    return by_work


def _moved(root_ids: Iterable[int]) -> dict[int, list[TransferFact]]:
    """Return the transfers of these attempts, by root, oldest first: plain, as there are many."""
    by_work: dict[int, list[TransferFact]] = defaultdict(list)
    rows = Transfer.objects.filter(work__in=list(root_ids)).order_by("id")
    for fact in map(TransferFact._make, rows.values_list(*TransferFact._fields)):
        by_work[fact.work_id].append(fact)  # type: ignore[index]
    return by_work


def replay(known: Known, transfers: Sequence[Transfer | TransferFact]) -> None:
    """Follow all transfers of an attempt. What was reversed or withheld decides nothing."""
    reversed_ids = {transfer.reverses_id for transfer in transfers}
    for transfer in transfers:
        named = transfer.withholding_id is not None
        if named or transfer.move == REVERSE or transfer.id in reversed_ids:
            known.shift(
                transfer.source, transfer.target, transfer.amount_micros, transfer.withholding_id
            )
        else:
            known.post(
                Move(
                    transfer.move,
                    transfer.amount_micros,
                    transfer.happened_at_ms,
                    transfer.due_at_ms,
                    transfer.reason,
                )
            )


@dataclass
class Ahead:
    """One payment's money that is in the account `advance`: paid ahead, or paid and not owed.

    overpaid: by the id of the work whose debt fell away; it meets only that work's debt again.
    """

    ref: Ref
    currency: str
    lists: frozenset[str]  # the work that the payment says it pays; empty: any
    sent_at_ms: int
    prepaid: int = 0
    overpaid: dict[int, int] = field(default_factory=dict)
    reference: str = ""

    def meet(self, debts: Sequence[Debt]) -> list[Share]:
        """Return what of these debts is met, and take it away.

        First what had been paid for the same work before; then what was paid ahead, by the rule
        that holds for every payment.
        """
        shares, rest = [], []
        for debt in debts:
            own = min(debt.open_micros, self.overpaid.get(debt.work.id, 0))
            if own:
                self.overpaid[debt.work.id] -= own
                shares.append(Share(debt.work, own))
            if debt.open_micros > own:
                rest.append(debt._replace(open_micros=debt.open_micros - own))
        more, self.prepaid = allocate(self.prepaid, rest, self.lists)
        return shares + more


def paid_ahead(engagement_ids: Iterable[int]) -> dict[int, list[Ahead]]:
    """Return the payments with money in `advance`, by engagement, oldest first."""
    moved: dict[int, dict[int | None, int]] = defaultdict(lambda: defaultdict(int))
    recovered: dict[int, int] = defaultdict(int)  # by payment: met by other work, on a decision
    rows = Transfer.objects.filter(
        Q(source=ADVANCE) | Q(target=ADVANCE), engagement__in=list(engagement_ids)
    )
    for payment_id, work_id, source, micros, withholding_id in rows.values_list(
        "payment_id", "work_id", "source", "amount_micros", "withholding_id"
    ):
        change = micros if source == ADVANCE else -micros
        if withholding_id is not None:
            recovered[payment_id] -= change
        else:
            moved[payment_id][work_id] += change
    payments = Payment.objects.in_bulk(list(moved))
    ahead: dict[int, list[Ahead]] = defaultdict(list)
    for payment_id, by_work in moved.items():
        one = _ahead(payments[payment_id], by_work, recovered[payment_id])
        if one.prepaid or any(one.overpaid.values()):
            ahead[payments[payment_id].engagement_id].append(one)
    for queue in ahead.values():
        queue.sort(key=lambda one: (one.sent_at_ms, one.ref.id))
    return ahead


def _ahead(payment: Payment, by_work: dict[int | None, int], recovered: int) -> Ahead:
    """Split a payment's advance: what a work drew beyond its own overpayment came from the rest.

    recovered: of what was overpaid, the oldest work first, what a decision had other work meet.
    """
    one = Ahead(
        Ref(payment.pk, payment.n),
        payment.currency,
        frozenset(payment.lists),
        payment.sent_at_ms,
        prepaid=by_work.get(None, 0),
        reference=payment.reference,
    )
    for work_id, micros in by_work.items():
        if work_id is not None:
            one.overpaid[work_id] = max(micros, 0)
            one.prepaid += min(micros, 0)
    for work_id in sorted(one.overpaid):
        part = min(recovered, one.overpaid[work_id])
        one.overpaid[work_id] -= part
        recovered -= part
    one.prepaid -= recovered
    return one
