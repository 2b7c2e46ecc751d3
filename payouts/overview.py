"""The vendor's overview: how many worker-weeks reached the floor, and where money is missing.

One pass over the weeks of twelve months, judged as everywhere else; nothing is averaged over
weeks. Weeks are counted together; money is summed by currency, which a new floor may have changed.
Countries are shown, and nothing is computed from them.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from babel import Locale
from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import get_language, gettext_lazy, to_locale

from ledger.floor import MS_PER_HOUR, Verdict
from ledger.models import WorkWeek
from payouts import weekly
from payouts.statements import words
from payouts.weekly import AccountWeek
from workers.models import Engagement, Vendor

SHOWN_MONTHS, WORST = 12, 8
BINS, BIN_SHARE = 14, 4  # of the small pictures: 14 bars, each a quarter of the floor wide
UNNAMED = gettext_lazy("Country not told")

Month = tuple[int, int]


class Bar(NamedTuple):
    """A bar of a small picture, in a box of BINS by 10."""

    x: int
    y: float
    height: float
    below: bool


@dataclass
class Sums:
    """Money of worker-weeks whose floor is in one currency, in its micros."""

    below: int = 0  # weeks
    missing_low: int = 0
    missing_high: int = 0
    hourly: list[int] = field(default_factory=list)

    @property
    def middle(self) -> int | None:
        """The middle worker-week's pay per hour; of two, the lower one."""
        return sorted(self.hourly)[(len(self.hourly) - 1) // 2] if self.hourly else None


@dataclass
class Tally:
    """Worker-weeks, counted."""

    weeks: int = 0
    reached: int = 0
    reached_before: int = 0  # without any top-up
    topped_up: int = 0  # weeks that had one
    below: int = 0
    due: int = 0  # weeks whose pay is due and whose payments are known
    received: int = 0  # of those, the weeks in which what arrived reached the floor
    workers: set[int] = field(default_factory=set)
    by_currency: defaultdict[str, Sums] = field(default_factory=lambda: defaultdict(Sums))
    bins: Counter[int] = field(default_factory=Counter)

    def add(self, week: AccountWeek) -> None:
        """Count one week that has a floor."""
        test, sums = week.test, self.by_currency[week.currency]
        self.weeks += 1
        self.workers.add(week.engagement_id)
        self.reached += test.verdict == Verdict.PASS
        self.reached_before += week.before_top_up == Verdict.PASS
        self.topped_up += week.topped_up_micros > 0
        if test.received_verdict != Verdict.NOT_DUE:
            self.due += 1
            self.received += test.received_verdict == Verdict.PASS
        if week.is_below:
            self.below += 1
            sums.below += 1
            sums.missing_low += week.missing_low_micros
            sums.missing_high += week.missing_high_micros
        if test.hourly_low_micros is not None and test.floor_micros:
            sums.hourly.append(test.hourly_low_micros)
            place = test.hourly_low_micros * BIN_SHARE // test.floor_micros
            self.bins[min(place, BINS - 1)] += 1

    @property
    def unsure(self) -> int:
        """Weeks that neither reached the floor nor missed it for certain."""
        return self.weeks - self.reached - self.below

    @property
    def permille(self) -> int:
        """The share that reached the floor, rounded down: all of it is said of all only."""
        return self.reached * 1000 // self.weeks if self.weeks else 0

    @property
    def permille_before(self) -> int:
        """The share that reached the floor without any top-up."""
        return self.reached_before * 1000 // self.weeks if self.weeks else 0

    @property
    def received_permille(self) -> int:
        """The share of the due weeks in which what arrived reached it."""
        return self.received * 1000 // self.due if self.due else 0

    @property
    def money(self) -> list[tuple[str, Sums]]:
        """The sums by currency, in the alphabet's order."""
        return sorted(self.by_currency.items())

    @property
    def bars(self) -> list[Bar]:
        """How many weeks earned how much of the floor: the picture in a table's cell."""
        most = max(self.bins.values(), default=1)
        return [
            Bar(place, round(10 - high, 2), round(high, 2), place < BIN_SHARE)
            for place, count in sorted(self.bins.items())
            if (high := max(10 * count / most, 0.6))
        ]


@dataclass
class MonthTally:
    """One month of the strip."""

    label: str  # "Oct 2026"
    key: str  # "2026-10"
    tally: Tally


@dataclass
class Overview:
    """What the page says."""

    whole: Tally
    by_country: list[tuple[str, Tally]]
    months: list[MonthTally]
    worst: list[tuple[AccountWeek, Engagement]]
    first_on: date | None
    last_on: date | None
    hours_low_ms: int
    hours_high_ms: int
    measured_ms: int
    earned: list[tuple[str, int]]  # micros by currency
    without_floor: int  # weeks before the first floor
    known_until: date | None

    @property
    def measured_percent(self) -> int:
        """The part of the hours that a tool measured, in whole per cent, rounded down."""
        return self.measured_ms * 100 // self.hours_high_ms if self.hours_high_ms else 0


def of(
    vendor: Vendor,
    weeks: "QuerySet[WorkWeek]",
    accounts: "QuerySet[Engagement]",
    *,
    month: Month | None = None,
    as_of: datetime,
) -> Overview:
    """Return the overview of the last twelve months with work, or of one of them. Five queries.

    A week belongs to the month in which its Sunday lies.
    """
    payments = weekly.payments_of([vendor], as_of)
    last = weeks.order_by("-starts_on").values_list("starts_on", flat=True).first()
    gathering = Gathering(month)
    if last is not None:
        since = date(last.year - 1, last.month, 1)
        for week in weekly.judged(weeks.filter(starts_on__gte=since), payments):
            gathering.add(week)
    people = accounts.in_bulk(gathering.people())
    return gathering.overview(people, payments[vendor.pk].complete_until)


class Gathering:
    """Weeks while they are counted."""

    def __init__(self, month: Month | None) -> None:
        self.month = month
        self.months: defaultdict[Month, Tally] = defaultdict(Tally)
        self.chosen: list[AccountWeek] = []

    def add(self, week: AccountWeek) -> None:
        """Count a week in its month, and keep it if it is asked for."""
        month = week.test.ends_on.year, week.test.ends_on.month
        if week.test.floor_micros is not None:
            self.months[month].add(week)
        if self.month in (None, month):
            self.chosen.append(week)

    def people(self) -> set[int]:
        """Return whose weeks were asked for."""
        return {week.engagement_id for week in self.chosen}

    def overview(self, people: dict[int, Engagement], known_until: date | None) -> Overview:
        """Return the counts."""
        whole = Tally()
        by_country: defaultdict[str, Tally] = defaultdict(Tally)
        judged = [week for week in self.chosen if week.test.floor_micros is not None]
        for week in judged:
            whole.add(week)
            by_country[people[week.engagement_id].country].add(week)
        below = sorted((week for week in judged if week.is_below), key=_missing_ms, reverse=True)
        days = [week.test for week in self.chosen]
        earned: Counter[str] = Counter()
        for week in self.chosen:
            earned[week.currency] += week.test.earned_micros or 0
        return Overview(
            whole=whole,
            by_country=_named(by_country),
            months=self._strip(),
            worst=[(week, people[week.engagement_id]) for week in below[:WORST]],
            first_on=min((test.starts_on for test in days), default=None),
            last_on=max((test.ends_on for test in days), default=None),
            hours_low_ms=sum(test.b.low_ms for test in days),
            hours_high_ms=sum(test.b.high_ms for test in days),
            measured_ms=sum(week.measured_ms for week in self.chosen),
            earned=sorted(earned.items()),
            without_floor=len(self.chosen) - len(judged),
            known_until=known_until,
        )

    def _strip(self) -> list[MonthTally]:
        """Return the last months, the oldest first, those without work included."""
        if not self.months:
            return []
        newest = max(self.months)
        count = newest[0] * 12 + newest[1] - 1
        oldest = min(self.months)
        first = max(count - SHOWN_MONTHS + 1, oldest[0] * 12 + oldest[1] - 1)
        found = []
        for number in range(first, count + 1):
            year, month = number // 12, number % 12 + 1
            tally = self.months.get((year, month), Tally())
            label = words.month(date(year, month, 1))
            found.append(MonthTally(label, f"{year}-{month:02}", tally))
        return found


def _missing_ms(week: AccountWeek) -> int:
    """Return how long the floor would pay what is missing: it compares weeks of any currency."""
    return week.missing_high_micros * MS_PER_HOUR // (week.test.floor_micros or 1)


def _named(by_country: dict[str, Tally]) -> list[tuple[str, Tally]]:
    """Return countries by name, those with most weeks below the floor first."""
    names = Locale.parse(to_locale(get_language() or settings.LANGUAGE_CODE)).territories
    named: Iterable[tuple[str, Tally]] = (
        (names.get(code, code) or str(UNNAMED), tally) for code, tally in by_country.items()
    )
    return sorted(named, key=lambda pair: (-pair[1].below, -pair[1].weeks, pair[0]))
