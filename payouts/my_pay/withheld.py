"""What was decided about a worker's money and account: seen from the moment at which it exists."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import BigIntegerField, Case, F, Max, QuerySet, Sum, When
from django.utils.translation import gettext_lazy

from ledger import moves
from ledger.models import Deactivation, Withholding
from ledger.periods import day_of
from workers.models import Engagement

TAKEN_TO = (moves.WITHHELD, moves.REMITTED, moves.ADVANCE)
MOST = 20  # decisions on the page, the newest first
WHAT = {
    "hold": gettext_lazy("Held back"),
    "deduct": gettext_lazy("Taken off"),
    "remit": gettext_lazy("Paid to a third party for you"),
    "apply": gettext_lazy("Set off against what was overpaid"),
}


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision that still takes money: whose, why, since and until when, and who decided."""

    account: str
    what: str
    micros: int
    currency: str
    text: str
    decided_by: str
    decided_on: date
    until_on: date | None
    legal_basis: str
    evidence: str
    appeal: str


@dataclass(frozen=True, slots=True)
class Ended:
    """An account that gets no more work, and by when all that is owed is to be paid."""

    account: str
    text: str
    decided_by: str
    from_on: date
    settle_by_on: date


def decisions(rows: "QuerySet[Withholding]", accounts: Mapping[int, Engagement]) -> list[Decided]:
    """Return the decisions that still take money of these accounts, newest first. One query."""
    still = Sum(
        Case(
            When(transfers__target__in=TAKEN_TO, then=F("transfers__amount_micros")),
            When(transfers__source__in=TAKEN_TO, then=-F("transfers__amount_micros")),
            output_field=BigIntegerField(),
        )
    )
    taking = (
        rows.filter(engagement__in=list(accounts))
        .annotate(still=still, currency=Max("transfers__currency"))
        .filter(still__gt=0)
        .order_by("-decided_at_ms", "-pk")
    )
    found = []
    for row in taking[:MOST]:
        zone = accounts[row.engagement_id].vendor.zone
        until = row.ends_at_ms
        found.append(
            Decided(
                account=accounts[row.engagement_id].account,
                what=str(WHAT[row.move]),
                micros=row.still,
                currency=row.currency,
                text=row.text,
                decided_by=row.decided_by,
                decided_on=day_of(row.decided_at_ms, zone),
                until_on=None if until is None else day_of(until, zone),
                legal_basis=row.legal_basis,
                evidence=row.evidence,
                appeal=row.appeal,
            )
        )
    return found


def endings(rows: "QuerySet[Deactivation]", accounts: Mapping[int, Engagement]) -> list[Ended]:
    """Return the deactivations of these accounts that stand, newest first. One query."""
    standing = rows.filter(engagement__in=list(accounts), lifts=None, lifted_by=None)
    found = []
    for row in standing.order_by("-from_at_ms", "-pk")[:MOST]:
        account = accounts[row.engagement_id]
        zone = account.vendor.zone
        found.append(
            Ended(
                account=account.account,
                text=row.text,
                decided_by=row.decided_by,
                from_on=day_of(row.from_at_ms, zone),
                settle_by_on=day_of(row.settle_by_at_ms, zone),
            )
        )
    return found
