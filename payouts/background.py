"""What holds for all accounts of a vendor, read once a scan."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Max

from ledger.agreed import Floors, PayTermsInForce, RatesInForce
from ledger.models import Course, Import
from ledger.periods import datetime_of
from payouts.agreed_before import courses_of
from payouts.vendor_wide import Masses, collapsed, mass_refusals, vanished
from workers.models import Vendor


def payments_known_until(vendor: Vendor) -> date | None:
    """Return the day up to which no payment of a vendor is missing in the record."""
    reach = Import.objects.filter(vendor=vendor, kind="payouts", state="done")
    known_until: date | None = reach.aggregate(last=Max("complete_until"))["last"]
    return known_until


@dataclass(frozen=True)
class Background:
    """What holds for all accounts of a vendor: read once a scan."""

    vendor: Vendor
    terms: PayTermsInForce
    rates: RatesInForce
    floors: Floors
    payments_known_until: date | None
    as_of_ms: int
    masses: Masses
    vanished: frozenset[int]
    collapsed: frozenset[int]
    courses: tuple[Course, ...]

    @classmethod
    def of(cls, vendor: Vendor, as_of_ms: int) -> "Background":
        """Read a vendor's terms, and how far its remittance records reach."""
        known_until = payments_known_until(vendor)
        return cls(
            vendor,
            PayTermsInForce.of(vendor),
            RatesInForce.of(vendor),
            Floors.read(),
            known_until,
            as_of_ms,
            mass_refusals(vendor, as_of_ms),
            vanished(vendor, datetime_of(as_of_ms)),
            collapsed(vendor, known_until),
            courses_of(vendor),
        )
