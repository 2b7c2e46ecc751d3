"""Agreed rates, and planted work that is paid below them: W12, W13, W29, and what looks like it.

W12 (docs/checks.md): paid less than the rate in force at the claim, by more than one minor unit.
W13, rule A: priced with a version later than the claim; rule B: notice of less than seven days.
W29: of all errors of a closed period, almost all favour the payer. Errors are W12 as well, so they
are listed under each code that fits.
"""

from typing import NamedTuple

from ledger.sample.days import at_s, moment, utc
from ledger.sample.desk import Desk, Page, Scene
from ledger.sample.work import CURRENCY, MICROS, Work, money

SINCE = "2026-08-01"
COUNTRY = "KE"  # of all: a difference between two of them is none between regions
EARLY_S = at_s("2026-07-20T09:00:00+03:00")


class Rate(NamedTuple):
    """A price that was agreed: when it was written down, and from which day on it holds."""

    project: str
    task_type: str
    per: str
    amount_micros: int
    from_on: str = SINCE
    recorded_s: int = EARLY_S

    def plan(self) -> dict[str, str]:
        """Return its entry in `planted.json`."""
        return {
            "project": self.project,
            "task_type": self.task_type,
            "per": self.per,
            "amount": money(self.amount_micros),
            "currency": CURRENCY,
            "from_on": self.from_on,
            "recorded_at": utc(self.recorded_s),
        }


class Change(NamedTuple):
    """A price that became another one: when that was said, and from which day on it held."""

    project: str
    task_type: str
    per: str
    old_micros: int
    new_micros: int
    said_on: str
    from_on: str

    def rates(self) -> tuple[Rate, Rate]:
        said = at_s(f"{self.said_on}T09:00:00+03:00")
        return (
            Rate(self.project, self.task_type, self.per, self.old_micros),
            Rate(self.project, self.task_type, self.per, self.new_micros, self.from_on, said),
        )


CHANGES = (
    Change("agreed-raise", "box", "piece", 3_000_000, 4_000_000, "2026-09-01", "2026-09-21"),
    Change("agreed-clips", "clip", "piece", 1_500_000, 1_000_000, "2026-09-10", "2026-10-01"),
    Change("agreed-links", "link", "piece", 2_000_000, 1_400_000, "2026-09-08", "2026-09-24"),
    Change("agreed-lines", "line", "piece", 1_500_000, 1_000_000, "2026-09-10", "2026-10-01"),
    Change("agreed-pages", "page", "piece", 2_000_000, 1_400_000, "2026-09-08", "2026-09-24"),
    Change("agreed-scans", "scan", "piece", 2_000_000, 1_400_000, "2026-09-22", "2026-09-24"),
    Change("agreed-reads", "read", "hour", 26_000_000, 20_000_000, "2026-10-05", "2026-10-06"),
)
RATES = (
    Rate("agreed-forms", "form", "piece", 4_000_000),
    Rate("agreed-audio", "transcript", "hour", 24_000_000),
    Rate("agreed-tiers", "basic", "piece", 2_000_000),
    Rate("agreed-tiers", "expert", "piece", 5_000_000),
    *(rate for change in CHANGES for rate in change.rates()),
)
# Six workers, six days of the third quarter: week, day, and what was paid for a form of 4.00.
SMALL_ERRORS = (
    (-9, 1, 3.9),
    (-9, 3, 3.75),
    (-8, 0, 3.6),
    (-8, 4, 3.95),
    (-7, 2, 3.8),
    (-6, 0, 3.7),
)


def scenes() -> list[Scene]:
    """Return all scenes."""
    return [_below, _not_below, _priced_too_late, _short_notice, _lawful_changes, _one_direction]


def _pieces(
    page: Page, what: str, at: tuple[int, int, float], dollars: float, *, count: int = 1
) -> list[Work]:
    """Add pieces of three minutes, or eight if they pay better.

    what: project/task type. at: week, day and hour.
    """
    project, task_type = what.split("/")
    week, day, hour = at
    minutes = 3 if dollars < 2.2 else 8
    return [
        page.work(
            moment(week, day, hour + n / 6), minutes, dollars, project=project, task_type=task_type
        )
        for n in range(count)
    ]


def _hour(page: Page, what: str, at: tuple[int, int, float], hourly: float) -> Work:
    project, task_type = what.split("/")
    return page.hours(moment(*at), 30, hourly, 30, project=project, task_type=task_type)


def _below(desk: Desk) -> None:
    page = desk.page(country=COUNTRY)
    works = _pieces(page, "agreed-forms/form", (-8, 2, 9), 3.5, count=3)
    desk.found("W12", page, works, 1_500_000, "three forms at 3.50; 4.00 was agreed")
    page = desk.page(country=COUNTRY)
    works = [_hour(page, "agreed-audio/transcript", (-6, 2, 9 + n), 21) for n in range(2)]
    desk.found("W12", page, works, 3 * MICROS, "an hour at 21.00; 24.00 was agreed")
    page = desk.page(country=COUNTRY)
    works = _pieces(page, "agreed-tiers/expert", (-3, 2, 9), 2.5)
    desk.found("W12", page, works, 2_500_000, "an expert's task at half of what was agreed")
    page = desk.page(country=COUNTRY)
    works = _pieces(page, "agreed-forms/form", (-4, 1, 9), 3.98)
    desk.found("W12", page, works, 20_000, "two cents below the agreed 4.00: more than one")


def _not_below(desk: Desk) -> None:
    page = desk.page(country=COUNTRY)
    works = _pieces(page, "agreed-forms/form", (-8, 1, 9), 3.99, count=2)
    desk.left("W12", page, works, "one cent below, as rounding may have it")
    desk.left("W29", page, works, "differences of a cent are no errors")
    page = desk.page(country=COUNTRY)
    works = _pieces(page, "agreed-tiers/basic", (-7, 2, 9), 2)
    desk.left("W12", page, works, "a tiered rate: the basic tier has a price of its own")
    page = desk.page(country=COUNTRY)
    works = _pieces(page, "agreed-forms/form", (-3, 1, 9), 4.5)
    desk.left("W12", page, works, "above the agreed 4.00")


def _priced_too_late(desk: Desk) -> None:
    """Rule A: the work was claimed under the old rate and priced with the new one."""
    for what, at, dollars, count, stake, why in (
        (
            "agreed-clips/clip",
            (-5, 2, 20.0),
            1,
            3,
            1_500_000,
            "three clips of the day before the cut, at the new price",
        ),
        (
            "agreed-links/link",
            (-6, 2, 9.0),
            1.4,
            2,
            1_200_000,
            "two links of the day before the cut, at the new price",
        ),
    ):
        page = desk.page(country=COUNTRY)
        page.well_paid(moment(at[0], 4, 9))
        works = _pieces(page, what, at, dollars, count=count)
        desk.found("W13", page, works, stake, why, overlap=True)
        reason = "the rate in force at the claim was the old one"
        desk.found("W12", page, works, stake, reason, overlap=True)


def _short_notice(desk: Desk) -> None:
    """Rule B: the cut was announced less than seven days ahead: no stake."""
    page = desk.page(country=COUNTRY)
    works = [
        work for day in (3, 4, 5) for work in _pieces(page, "agreed-scans/scan", (-6, day, 9), 1.4)
    ]
    desk.found("W13", page, works, None, "2.00 became 1.40 with two days of notice")
    page = desk.page(country=COUNTRY)
    works = [_hour(page, "agreed-reads/read", (-4, day, 9), 20) for day in (2, 3)]
    desk.found("W13", page, works, None, "26.00 an hour became 20.00 with one day of notice")


def _lawful_changes(desk: Desk) -> None:
    page = desk.page(country=COUNTRY)
    works = _pieces(page, "agreed-lines/line", (-4, 1, 9), 1, count=2)
    desk.left("W13", page, works, "the lower price was announced three weeks ahead")
    page = desk.page(country=COUNTRY)
    decided = at_s("2026-09-25T12:00:00+03:00")
    work = page.work(
        moment(-7, 5, 9), 3, 2, decided=decided, project="agreed-pages", task_type="page"
    )
    desk.left("W13", page, [work], "decided after the cut, and priced as at the claim")
    page = desk.page(country=COUNTRY)
    works = _pieces(page, "agreed-raise/box", (-7, 2, 9), 3, count=2)
    for code in ("W12", "W13"):
        desk.left(code, page, works, "claimed before a raise, at the rate of then")


def _one_direction(desk: Desk) -> None:
    """Six independent errors of one quarter; those of the scenes above are of it too."""
    for week, day, dollars in SMALL_ERRORS:
        page = desk.page(country=COUNTRY)
        works = _pieces(page, "agreed-forms/form", (week, day, 11), dollars)
        stake = round((4 - dollars) * MICROS)
        desk.found("W12", page, works, stake, "one of six small errors on six days")
    why = "all errors of the third quarter favour the payer, on six days and more"
    desk.found("W29", (), (), None, why, overlap=True, by_work=False)
