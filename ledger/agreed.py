"""Which terms were in force: floors, pay terms and rates, read once and asked many times."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from operator import attrgetter

from ledger.floor import MS_PER_HOUR, TOP_UP
from ledger.known import Terms
from ledger.models import PayTerms, Rate, WageFloor
from ledger.money import ceil_div
from ledger.periods import day_of
from workers.models import Vendor

# What holds where nothing was agreed (DECISIONS.md D-014). Review: chosen here. Due: the 30 days of
# the freelance laws of New York and Illinois, the longest that any of them allows.
UNAGREED = Terms(review_days=7, due_days=30)
ON_APPROVAL = Terms(review_days=30, due_days=0)
# A review by a human within two weeks: directive (EU) 2024/2831. Terms may only shorten it.
ANSWER_DAYS = 14
PAYS_ON_APPROVAL = frozenset({"mturk"})  # platforms that pay in the moment in which they approve
# Projects of what was awarded here: because a worker asked, or because a flag did.
QUESTION, FLAG = "question", "flag"
AWARDED_HERE = frozenset({TOP_UP, QUESTION, FLAG})


@dataclass(frozen=True)
class PayTermsInForce:
    """All pay terms of one vendor, the most particular and newest first."""

    zone: str
    terms: tuple[PayTerms, ...]

    @classmethod
    def of(cls, vendor: Vendor) -> "PayTermsInForce":
        """Read the pay terms of a vendor."""
        rows = sorted(vendor.pay_terms.all(), key=attrgetter("from_on", "pk"), reverse=True)
        rows.sort(key=lambda row: (not row.project, not row.source))
        return cls(vendor.zone, tuple(rows))

    def at(self, *, source: str, project: str, claimed_at_ms: int) -> Terms:
        """Return the terms in force when the work was claimed."""
        row = self.in_force(source=source, project=project, at_ms=claimed_at_ms)
        if row is not None:
            return Terms(row.review_days, row.due_days)
        return ON_APPROVAL if source in PAYS_ON_APPROVAL else UNAGREED

    def pays_on_approval(self, *, source: str, project: str = "", at_ms: int) -> bool:
        """Return whether approval is payment here, so that no remittances are to be expected.

        What was awarded here was not paid by the platform that the work was on.
        """
        if project in AWARDED_HERE:
            return False
        row = self.in_force(source=source, project=project, at_ms=at_ms)
        return row.pays_on_approval if row is not None else source in PAYS_ON_APPROVAL

    def lapses(self, *, source: str, project: str, at_ms: int) -> bool:
        """Return whether undecided work past its review window is approved to the worker."""
        row = self.in_force(source=source, project=project, at_ms=at_ms)
        return row is None or row.lapses

    def threshold(self, *, source: str, project: str, at_ms: int, currency: str) -> int:
        """Return the micros below which nothing is paid out; 0 where none is agreed."""
        row = self.in_force(source=source, project=project, at_ms=at_ms)
        return row.threshold_micros if row and row.threshold_currency == currency else 0

    def answer_days(self, *, source: str, projects: Collection[str], at_ms: int) -> int:
        """Return how many days there are to answer a flag: the fewest of any of its projects."""
        rows = (
            self.in_force(source=source, project=project, at_ms=at_ms)
            for project in projects or [""]
        )
        return min(row.answer_days if row else ANSWER_DAYS for row in rows)

    def in_force(self, *, source: str, project: str, at_ms: int) -> PayTerms | None:
        """Return the agreed terms of that moment; None where nothing was agreed."""
        if not self.terms:
            return None
        day = day_of(at_ms, self.zone)
        for row in self.terms:
            if row.project in ("", project) and row.source in ("", source) and row.from_on <= day:
                return row
        return None


def price_by(rate: Rate, paid_ms: int | None) -> int | None:
    """Return the micros that a rate gives for a piece of work; None for time nobody counted.

    By the hour, a fraction of a micro goes up.
    """
    if rate.per == "piece":
        return rate.amount_micros
    return None if paid_ms is None else ceil_div(rate.amount_micros * paid_ms, MS_PER_HOUR)


@dataclass(frozen=True)
class RatesInForce:
    """All agreed rates of one vendor, newest first."""

    zone: str
    rates: tuple[Rate, ...]

    @classmethod
    def of(cls, vendor: Vendor) -> "RatesInForce":
        """Read the rates of a vendor."""
        rows = sorted(vendor.rates.all(), key=attrgetter("from_on", "pk"), reverse=True)
        return cls(vendor.zone, tuple(rows))

    def price(
        self, *, project: str, task_type: str, claimed_at_ms: int, paid_ms: int | None
    ) -> tuple[int, str] | None:
        """Return the micros and currency that were agreed for a piece of work; None if nothing.

        By the hour, a fraction of a micro goes up, and time that nobody counted has no price.
        """
        rate = self.at(project=project, task_type=task_type, claimed_at_ms=claimed_at_ms)
        micros = None if rate is None else price_by(rate, paid_ms)
        return None if rate is None or micros is None else (micros, rate.currency)

    def at(self, *, project: str, task_type: str, claimed_at_ms: int) -> Rate | None:
        """Return the version that was in force when the work was claimed; None if there was none.

        Of a task type's own rates and the project's, the newest one counts.
        """
        day = day_of(claimed_at_ms, self.zone)
        return next((one for one in self._of(project, task_type) if one.from_on <= day), None)

    def after(self, *, project: str, task_type: str, claimed_at_ms: int) -> list[Rate]:
        """Return the versions that came into force after the work was claimed, newest first."""
        day = day_of(claimed_at_ms, self.zone)
        return [one for one in self._of(project, task_type) if one.from_on > day]

    def before(self, rate: Rate, *, project: str, task_type: str) -> Rate | None:
        """Return the version that this one took the place of; None if it was the first."""
        older = (one for one in self._of(project, task_type) if one.from_on < rate.from_on)
        return next(older, None)

    def _of(self, project: str, task_type: str) -> Iterator[Rate]:
        for rate in self.rates:
            if rate.project == project and rate.task_type in ("", task_type):
                yield rate


@dataclass(frozen=True)
class Floors:
    """All wage floors, newest first."""

    floors: tuple[WageFloor, ...]

    @classmethod
    def read(cls) -> "Floors":
        """Read all wage floors."""
        return cls(tuple(WageFloor.objects.order_by("-from_on")))

    def for_week(self, starts_on: date) -> WageFloor | None:
        """Return the floor of the week that starts on this Monday; None before the first one."""
        return next((floor for floor in self.floors if floor.from_on <= starts_on), None)
