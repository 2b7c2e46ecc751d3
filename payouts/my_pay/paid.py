"""Payments as a worker's page tells them: sent, arrived, come back; what the way took."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Max, Q, QuerySet

from ledger import exchanged, moves
from ledger.balances import balance
from ledger.exchanged import Arrived, Worth
from ledger.models import Payment, Transfer
from ledger.periods import day_of


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment and what became of it."""

    pk: int
    engagement_id: int
    reference: str
    currency: str
    amount_micros: int
    sent_on: date
    arrived_micros: int
    arrived_on: date | None
    fee_micros: int
    pieces: int
    came_back_on: date | None  # where nothing of it is on its way or there any more
    across: Arrived | None  # what arrived, where it was exchanged on the way
    lost_micros: int  # of the amount, by that exchange

    @property
    def state(self) -> str:
        """Sent, arrived or come back: never "completed"."""
        if self.came_back_on:
            return "came back"
        if self.arrived_micros + self.fee_micros + self.lost_micros >= self.amount_micros:
            return "arrived"
        return "arrived in part" if self.arrived_micros else "sent, not yet confirmed"


def newest(rows: "QuerySet[Payment]", zones: dict[int, str], most: int) -> list[Paid]:
    """Return the newest payments. zones: by engagement.

    Three queries, and at most two for rates in each zone in which something was exchanged.
    """
    standing = rows.filter(void=False, corrected_by=None)
    sent = list(standing.order_by("-sent_at_ms", "-pk")[:most])
    moved = {
        row["payment_id"]: row
        for row in Transfer.objects.filter(payment__in=[one.pk for one in sent])
        .values("payment_id")
        .annotate(
            arrived=balance(moves.RECEIVED),
            fee=balance(moves.FEES),
            arrived_at=Max("happened_at_ms", filter=Q(target=moves.RECEIVED)),
            on_its_way=balance(moves.IN_TRANSIT),
            came_back_at=Max(
                "happened_at_ms", filter=Q(move=moves.REVERSE, source=moves.IN_TRANSIT)
            ),
            pieces=Count("work", distinct=True),
        )
    }
    across = exchanged.known([one.pk for one in sent])
    worth = exchanged.worth_in({one.pk: zones[one.engagement_id] for one in sent}, across)
    return [
        _paid(one, moved.get(one.pk, {}), zones[one.engagement_id], across.get(one.pk),
              worth.get(one.pk))
        for one in sent
    ]  # fmt: skip


def _paid(one: Payment, moved: Any, zone: str, across: Arrived | None, worth: Worth | None) -> Paid:
    arrived_at, arrived = moved.get("arrived_at"), moved.get("arrived") or 0
    lost = worth.lost(arrived) if worth else 0
    fee, back_at = moved.get("fee") or 0, moved.get("came_back_at")
    is_back = back_at is not None and not (arrived or fee or moved["on_its_way"])
    return Paid(
        pk=one.pk,
        engagement_id=one.engagement_id,
        reference=one.reference,
        currency=one.currency,
        amount_micros=one.amount_micros,
        sent_on=day_of(one.sent_at_ms, zone),
        arrived_micros=arrived - lost,
        arrived_on=day_of(arrived_at, zone) if arrived and arrived_at is not None else None,
        fee_micros=fee,
        pieces=moved.get("pieces") or 0,
        came_back_on=day_of(back_at, zone) if is_back else None,
        across=across,
        lost_micros=lost,
    )
