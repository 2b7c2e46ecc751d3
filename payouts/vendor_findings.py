"""What a scan finds of a vendor, and of no account: of all its work, and of its records."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from payouts.detectors import coverage, one_way_errors, record_gap, regions, used_anyway
from payouts.detectors.shapes import Finding
from payouts.facts import deliveries, prices, vendor_wide
from payouts.leaving import record
from workers.models import Vendor

NOTHING_MORE: Mapping[str, Any] = MappingProxyType({})
OF_THE_WHOLE = (used_anyway.CODE, one_way_errors.CODE, regions.CODE)
OF_THE_RECORDS = (record_gap.CODE,)


def of_the_whole(vendor: Vendor, *, as_of_ms: int) -> list[Finding]:
    """Return what all of a vendor's work shows together, whatever is found of its accounts."""
    deviations = prices.off_the_rate(vendor)
    over = prices.quarters_over(vendor, deviations, as_of_ms)
    return [
        *used_anyway.by_count(deliveries.counted(vendor), deliveries.named_refused(vendor)),
        *one_way_errors.detect(deviations, over, currency=vendor.currency),
        *regions.detect(prices.by_region(vendor), currency=vendor.currency),
    ]


def of_the_records(vendor: Vendor, unchecked: record_gap.Unchecked) -> list[Finding]:
    """Return what is missing in the records, once all accounts have been looked at.

    unchecked: what nobody could check of accounts.
    """
    missing, since_at_ms = vendor_wide.missing_records(vendor)
    return [
        *record_gap.detect(
            unchecked, known_until=record.known(vendor).until, currency=vendor.currency
        ),
        *coverage.detect(
            record_gap.CODE,
            record_gap.VERSION,
            {**dict.fromkeys(missing, NOTHING_MORE), **unchecked.doubts()},
            currency=vendor.currency,
            since_at_ms=since_at_ms,
        ),
    ]
