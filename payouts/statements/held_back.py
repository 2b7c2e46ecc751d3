"""What is held back or taken off: of which work, by whose decision or which export, until when."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from ledger.models import Transfer
from ledger.moves import REVERSE, WITHHELD
from payouts.statements.figures import WithheldItem
from payouts.statements.rows import Piece

COLUMNS = (
    "engagement_id", "work_id", "currency", "withholding_id", "move", "target", "amount_micros",
    "reason", "happened_at_ms", "withholding__move", "withholding__text",
    "withholding__decided_by", "withholding__ends_at_ms",
)  # fmt: skip


@dataclass(slots=True)
class Withheld:
    """Money of an attempt that one decision, or exports, withhold. kind: see WithheldItem."""

    engagement_id: int
    work_id: int
    currency: str
    micros: int = 0
    kind: str = "export"
    reason: str = ""
    decided_by: str = ""
    since_at_ms: int | None = None
    until_at_ms: int | None = None


def read(engagements: Collection[int]) -> list[Withheld]:
    """Return what is withheld of these accounts, by work and decision. One query."""
    touched = Transfer.objects.filter(
        Q(source=WITHHELD) | Q(target=WITHHELD), engagement__in=list(engagements)
    )
    found: dict[tuple[int, str, int | None], Withheld] = {}
    for pk, work, currency, decision, move, target, micros, reason, at_ms, *decided in (
        touched.order_by("work_id", "id").values_list(*COLUMNS)
    ):  # fmt: skip
        one = found.setdefault((work, currency, decision), Withheld(pk, work, currency))
        one.micros += micros if target == WITHHELD else -micros
        if target == WITHHELD and move != REVERSE:
            one.reason, one.since_at_ms = reason, at_ms
        if decision is not None:
            one.kind, one.reason, one.decided_by, one.until_at_ms = decided
    return [one for one in found.values() if one.micros > 0]


def items(
    withheld: Sequence[Withheld], pieces: Mapping[int, Piece], day: Callable[[int], date]
) -> tuple[WithheldItem, ...]:
    """Return the statement's items. pieces: by root; day: on the vendor's calendar."""
    return tuple(
        WithheldItem(
            external_id=pieces[one.work_id].external_id,
            project=pieces[one.work_id].project,
            amount_micros=one.micros,
            kind=one.kind,
            since_on=None if one.since_at_ms is None else day(one.since_at_ms),
            until_on=None if one.until_at_ms is None else day(one.until_at_ms),
            reason=one.reason,
            decided_by=one.decided_by,
        )
        for one in withheld
    )
