"""What holds for all accounts of a vendor, read once a scan."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from ledger.agreed import Floors, PayTermsInForce, RatesInForce
from ledger.models import Course, Rate, WageFloor
from ledger.periods import datetime_of, week_of
from payouts.detectors.terms import Ending
from payouts.facts import endings, promises
from payouts.facts.agreed_before import courses_of
from payouts.facts.vendor_wide import Masses, collapsed, mass_refusals, vanished
from payouts.leaving import record
from workers.models import Vendor


class Across(NamedTuple):
    """What is only seen over all accounts of a vendor, by set-based SQL over all of its work."""

    masses: Masses
    vanished: frozenset[int]
    collapsed: frozenset[int]

    @classmethod
    def of(cls, vendor: Vendor, as_of_ms: int) -> "Across":
        """Read it: the dearest part of a background."""
        return cls(
            mass_refusals(vendor, as_of_ms),
            vanished(vendor, datetime_of(as_of_ms)),
            collapsed(vendor, record.known(vendor).until),
        )


@dataclass(frozen=True)
class Background:
    """What holds for all accounts of a vendor: read once a scan."""

    vendor: Vendor
    terms: PayTermsInForce
    rates: RatesInForce
    floors: Floors
    payments_known_until: date | None
    as_of_ms: int
    across: Across
    courses: tuple[Course, ...]
    closed: dict[str, Ending]
    promises: tuple[promises.Days, ...]

    @classmethod
    def of(cls, vendor: Vendor, as_of_ms: int, across: Across | None = None) -> "Background":
        """Read a vendor's terms, and how far its remittance records reach.

        across: what was seen over all accounts as of this instant; read now where left out.
        """
        return cls(
            vendor,
            PayTermsInForce.of(vendor),
            RatesInForce.of(vendor),
            Floors.read(),
            record.known(vendor).until,
            as_of_ms,
            Across.of(vendor, as_of_ms) if across is None else across,
            courses_of(vendor),
            endings.closed(vendor, as_of_ms),
            promises.of(vendor),
        )

    def floor_at(self, at_ms: int) -> WageFloor | None:
        """Return the floor of the week in which this instant lies; None before the first one."""
        return self.floors.for_week(week_of(at_ms, self.vendor.zone).starts_on)

    def worth_of_an_hour(self, wage_floor: WageFloor | None, rate: Rate | None) -> tuple[int, str]:
        """Return the floor or the rate agreed by the hour, whichever is more, and its currency.

        0 where there is neither.
        """
        currency = wage_floor.currency if wage_floor else rate.currency if rate else ""
        hourly = wage_floor.hourly_micros if wage_floor else 0
        if rate is not None and rate.per == "hour" and rate.currency == currency:
            hourly = max(hourly, rate.amount_micros)
        return hourly, currency or self.vendor.currency
