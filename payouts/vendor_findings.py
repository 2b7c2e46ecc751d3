"""What a scan finds of a vendor as a whole, when it has looked at all accounts."""

from payouts import deliveries, price_facts, vendor_wide
from payouts.background import payments_known_until
from payouts.detectors import coverage, one_way_errors, record_gap, regions, used_anyway
from payouts.detectors.shapes import Finding
from workers.models import Vendor

CODES = (record_gap.CODE, used_anyway.CODE, one_way_errors.CODE, regions.CODE)


def find(vendor: Vendor, unchecked: record_gap.Unchecked, *, as_of_ms: int) -> list[Finding]:
    """Return the findings about a vendor. unchecked: the debts that nobody could check."""
    deviations = price_facts.off_the_rate(vendor)
    over = price_facts.quarters_over(vendor, deviations, as_of_ms)
    missing, since_at_ms = vendor_wide.missing_records(vendor)
    return [
        *record_gap.detect(
            unchecked, known_until=payments_known_until(vendor), currency=vendor.currency
        ),
        *coverage.detect(
            record_gap.CODE,
            record_gap.VERSION,
            missing,
            currency=vendor.currency,
            since_at_ms=since_at_ms,
        ),
        *used_anyway.by_count(deliveries.counted(vendor), currency=vendor.currency),
        *one_way_errors.detect(deviations, over, currency=vendor.currency),
        *regions.detect(price_facts.by_region(vendor), currency=vendor.currency),
    ]
