"""Reads what ended: deactivated accounts, a query a chunk, and closed projects, once a scan."""

from collections.abc import Collection

from ledger.models import Closing, Deactivation
from ledger.periods import day_of
from payouts.detectors.terms import Ending
from workers.models import Vendor

QUERIES = 1


def deactivated(engagement_ids: Collection[int], zone: str, as_of_ms: int) -> dict[int, Ending]:
    """Return the deactivations of these accounts that stand at `as_of_ms`: not those lifted."""
    rows = Deactivation.objects.filter(
        engagement__in=list(engagement_ids), lifts=None, from_at_ms__lte=as_of_ms
    ).exclude(lifted_by__from_at_ms__lte=as_of_ms)
    return {
        row.engagement_id: _ending(row, (row.text, row.code), zone)
        for row in rows.order_by("from_at_ms", "pk")
    }


def closed(vendor: Vendor, as_of_ms: int) -> dict[str, Ending]:
    """Return a vendor's projects that were closed by `as_of_ms`."""
    rows = Closing.objects.filter(vendor=vendor, from_at_ms__lte=as_of_ms)
    return {row.project: _ending(row, (row.text,), vendor.zone) for row in rows}


def _ending(row: Deactivation | Closing, reasons: tuple[str, ...], zone: str) -> Ending:
    return Ending(
        row.from_at_ms,
        row.settle_by_at_ms,
        day_of(row.settle_by_at_ms, zone),
        frozenset(reason.casefold() for reason in reasons),
    )
