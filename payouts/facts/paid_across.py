"""Reads payments that arrived with a fee or in another currency, for W19, W20 and W21.

Three queries a chunk, and where something was exchanged one for what it paid and two for rates.
"""

from collections import defaultdict
from collections.abc import Collection
from typing import NamedTuple

from django.db import connection
from django.db.models import Min

from ledger import exchanged, quotes
from ledger.balances import sql_of
from ledger.exchange import Conversion, Rates, lost_by_waiting
from ledger.exchanged import Arrived
from ledger.models import Transfer
from ledger.moves import FEES, PAYABLE, RECEIVED
from ledger.periods import day_of
from payouts.detectors.shapes import Exchanged, Settled
from payouts.facts.asking import HAPPENED, IS_NO_REVERSAL, among


class _Payment(NamedTuple):
    """A payment, and what of it arrived and was lost by the day asked."""

    pk: int
    engagement_id: int
    reference: str
    currency: str
    at_ms: int
    net: int
    fees: int


def read(engagement_ids: Collection[int], zone: str, as_of_ms: int) -> dict[int, list[Settled]]:
    """Return by account the payments that arrived with a fee or in another currency."""
    payments = _payments(engagement_ids, as_of_ms)
    there = {
        pk: one
        for pk, one in exchanged.known([one.pk for one in payments]).items()
        if one.at_ms <= as_of_ms
    }
    debts = _debts(there)
    rates = _rates(there, debts, zone)
    found: defaultdict[int, list[Settled]] = defaultdict(list)
    for one in payments:
        arrived = there.get(one.pk)
        across = _exchanged(one, arrived, debts[one.pk], rates, zone) if arrived else None
        if one.fees > 0 or across is not None:
            found[one.engagement_id].append(
                Settled(one.reference, one.currency, one.at_ms, one.net, one.fees, across)
            )
    return found


def _payments(engagement_ids: Collection[int], as_of_ms: int) -> list[_Payment]:
    """Return the settled payments of these accounts.

    Two queries: payments first, then their money; in one, PostgreSQL begins with all money paid.
    """
    of_these, accounts = among(engagement_ids)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT p.id FROM ledger_payment p WHERE p.engagement_id {of_these}", {"ids": accounts}
        )
        wanted, payments = among([pk for (pk,) in cursor.fetchall()])
        cursor.execute(
            f"""SELECT p.id, p.engagement_id, p.reference, p.currency,
                       MAX(CASE WHEN {IS_NO_REVERSAL} THEN t.happened_at_ms END),
                       {sql_of(RECEIVED)}, {sql_of(FEES)}
                FROM ledger_payment p JOIN ledger_transfer t ON t.payment_id = p.id
                WHERE t.payment_id {wanted} AND {HAPPENED}
                  AND ('{RECEIVED}' IN (t.source, t.target) OR '{FEES}' IN (t.source, t.target))
                GROUP BY p.id, p.engagement_id, p.reference, p.currency
                HAVING {sql_of(RECEIVED)} > 0 OR {sql_of(FEES)} > 0
                ORDER BY p.id""",
            {"ids": payments, "as_of": as_of_ms},
        )
        return [_Payment(*row) for row in cursor.fetchall()]


def _debts(exchanged: Collection[int]) -> dict[int, list[tuple[int, int]]]:
    """Return (due, micros) of the work that each payment paid. At most two queries."""
    debts: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    if exchanged:
        paid = Transfer.objects.filter(
            payment__in=list(exchanged), move="pay", reversed_by=None
        ).values_list("payment_id", "work_id", "amount_micros")
        sent = list(paid)
        owed = Transfer.objects.filter(
            work__in={work_id for _, work_id, _ in sent}, target=PAYABLE, due_at_ms__isnull=False
        )
        due = dict(owed.values_list("work_id").annotate(Min("due_at_ms")).order_by())
        for payment_id, work_id, micros in sent:
            if work_id in due:
                debts[payment_id].append((due[work_id], micros))
    return debts


def _rates(
    exchanged: dict[int, Arrived], debts: dict[int, list[tuple[int, int]]], zone: str
) -> Rates:
    if not exchanged:
        return Rates()
    instants = [one.at_ms for one in exchanged.values()]
    instants += [due_at_ms for owed in debts.values() for due_at_ms, _ in owed]
    currencies = {code for one in exchanged.values() for code in (one.currency, one.sent_in)}
    return quotes.read(currencies, day_of(min(instants), zone))


def _exchanged(
    payment: _Payment, arrived: Arrived, debts: list[tuple[int, int]], rates: Rates, zone: str
) -> Exchanged | None:
    """Return an exchange against the reference rates; None where there is no rate that day."""

    def way(currency: str, into: str, at_ms: int) -> Conversion | None:
        return rates.conversion(currency, into, day_of(at_ms, zone))

    back = way(arrived.currency, arrived.sent_in, arrived.at_ms)
    paid = way(arrived.sent_in, arrived.currency, arrived.at_ms)
    if back is None or paid is None:
        return None
    lost = 0
    for due_at_ms, micros in debts:
        due = way(arrived.sent_in, arrived.currency, due_at_ms)
        if due is not None and due.on < paid.on:
            lost += lost_by_waiting(micros, due, paid)
    # Whoever paid late by the better of the two rates has made up for it already.
    owed = sum(micros for _, micros in debts)
    made_up = arrived.micros - paid.micros(max(payment.net + payment.fees, owed))
    return Exchanged(
        arrived.currency,
        arrived.micros,
        back.micros(arrived.micros),
        max(0, lost - max(0, made_up)),
        tuple(back.as_dict()["rates"]),
    )
