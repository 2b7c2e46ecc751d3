"""The page My pay: everything that a worker sees first, gathered in a fixed number of queries."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import takewhile
from typing import Any, NamedTuple

from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ledger.models import Deactivation, Payment, Withholding, WorkWeek
from payouts import weekly
from payouts.models import Statement
from payouts.my_pay import earnings, paid, withheld
from payouts.my_pay.earnings import Pay, Purse
from payouts.my_pay.paid import Paid
from payouts.my_pay.withheld import Decided, Ended
from payouts.statements import opening, words
from payouts.statements.chart import Bar, Chart, chart
from payouts.statements.page import FLOOR_ROOM, HEIGHT, WIDTH
from payouts.weekly import AccountWeek
from workers.models import Engagement

WEEKS, PAYMENTS, STATEMENTS = 12, 8, 6  # the newest so many
FEW = 5  # so many bars all have their texts
APART, EDGE = 2, 16.0  # bars between two values; room for half a value at the picture's edge
PICTURES = 3  # accounts shown with a picture; the others have their own pages


class Label(NamedTuple):
    """A text in the picture: where its baseline is, and how it is set ("", first, last, below)."""

    x: float
    y: float
    text: str
    kind: str = ""


@dataclass(frozen=True)
class Account:
    """One account: its money, and its newest weeks, the newest last."""

    engagement: Engagement
    purses: list[Purse]
    weeks: list[AccountWeek]
    chart: Chart | None
    has_earlier: bool

    @property
    def newest_first(self) -> list[AccountWeek]:
        """The weeks for a list."""
        return self.weeks[::-1]

    @property
    def currency(self) -> str:
        """The currency of the weeks: the floor's."""
        return self.weeks[-1].currency

    @property
    def sentence(self) -> str:
        """What the picture shows: in how many weeks the floor was reached."""
        return standing([week for week in self.weeks if week.test.floor_micros is not None])

    @property
    def missing_micros(self) -> int:
        """What is missing to the floor in the weeks that are below it for certain."""
        return sum(week.missing_high_micros for week in self.weeks if week.is_below)

    @property
    def labels(self) -> list[Label]:
        """The texts under and over the bars: the first and the last week, and what is below."""
        return [] if self.chart is None else labels(self.chart)

    @property
    def picture(self) -> str:
        """Each bar in words."""
        said = _("Pay per hour, week by week. %(weeks)s.")
        return said % {"weeks": opening.rates((one.test, one.currency) for one in self.weeks)}


@dataclass(frozen=True)
class Page:
    """What the template shows."""

    pay: Pay
    accounts: list[Account]
    payments: list[Paid]
    statements: list[Any]
    decisions: list[Decided]
    endings: list[Ended]

    @property
    def vendor_names(self) -> list[str]:
        """Whose exports the page rests on."""
        return [vendor.name for vendor in self.pay.vendors]

    @property
    def zones(self) -> list[str]:
        """The zones of the days on the page."""
        return sorted({vendor.zone for vendor in self.pay.vendors})


def of(
    accounts: "QuerySet[Engagement]",
    *,
    weeks: "QuerySet[WorkWeek]",
    payments: "QuerySet[Payment]",
    statements: "QuerySet[Statement]",
    decisions: "QuerySet[Withholding]",
    endings: "QuerySet[Deactivation]",
    before: date | None = None,
    as_of: datetime,
) -> Page:
    """Return the page of these accounts. The other rows are narrowed to them.

    before: show weeks that start before this day.
    """
    pay = earnings.so_far(accounts, as_of=as_of)
    ids = [one.pk for one in pay.accounts]
    zones = {one.pk: one.vendor.zone for one in pay.accounts}
    owners = {one.pk: one for one in pay.accounts}
    shown = _newest(weeks.filter(engagement__in=ids), before)
    found: dict[int, list[AccountWeek]] = defaultdict(list)
    for week in weekly.judged(shown, pay.known):
        found[week.engagement_id].append(week)
    return Page(
        pay=pay,
        accounts=[_account(one, pay, found[one.pk], n) for n, one in enumerate(pay.accounts)],
        payments=paid.newest(payments.filter(engagement__in=ids), zones, PAYMENTS),
        statements=list(newest_statements(statements.filter(engagement__in=ids))[:STATEMENTS]),
        decisions=withheld.decisions(decisions, owners),
        endings=withheld.endings(endings, owners),
    )


def newest_statements(rows: "QuerySet[Statement]") -> "QuerySet[Statement]":
    """Return statements for a list, the newest first, without what they say."""
    listed = rows.defer("data").select_related("engagement", "vendor", "replaced_by")
    return listed.defer("data", "replaced_by__data").order_by("-last_on", "-serial", "-pk")


def labels(picture: Chart) -> list[Label]:
    """Return the texts of the picture: all of them where there are few bars.

    Of many bars only the first and the last week are named, and the last value and those below
    the floor are written, unless they stood beside another one; the table has all of them.
    """
    bars = picture.bars
    if len(bars) <= FEW:
        named = [Label(bar.middle, bar.label_y, bar.label) for bar in bars]
        return named + [_value(bar) for bar in bars if bar.value]
    found = [
        Label(bars[0].x, bars[0].label_y, bars[0].label, "first"),
        Label(bars[-1].x + bars[-1].width, bars[-1].label_y, bars[-1].label, "last"),
    ]
    taken = len(bars) + 1
    for place in range(len(bars) - 1, -1, -1):
        bar = bars[place]
        if bar.value and (bar.below or place == len(bars) - 1) and taken - place >= APART:
            found.append(_value(bar))
            taken = place
    return found


def _value(bar: Bar) -> Label:
    """Return a bar's value: of an uncertain one the least, with a plus."""
    least, range_ = bar.value.partition("\u2013")[:2]
    kind = "below" if bar.below else "value"
    return Label(max(bar.middle, EDGE), bar.value_y, least + "+" * bool(range_), kind)


def _newest(weeks: "QuerySet[WorkWeek]", before: date | None) -> "QuerySet[WorkWeek]":
    """Return each account's newest weeks, one more than are shown, the newest first."""
    if before is not None:
        weeks = weeks.filter(starts_on__lt=before)
    place = Window(RowNumber(), partition_by="engagement", order_by=F("starts_on").desc())
    return weeks.annotate(place=place).filter(place__lte=WEEKS + 1).order_by("-starts_on")


def _account(one: Engagement, pay: Pay, weeks: Sequence[AccountWeek], n: int) -> Account:
    """Return an account. weeks: the newest first; those before a floor of another currency are
    earlier ones, as one picture has one scale."""
    alike = takewhile(lambda week: week.currency == weeks[0].currency, weeks[:WEEKS])
    shown = list(alike)[::-1]
    tests = [week.test for week in shown]
    picture = chart(tests, width=WIDTH, height=HEIGHT, margin=FLOOR_ROOM) if tests else None
    return Account(
        one,
        pay.by_account.get(one.pk, []),
        shown,
        picture if n < PICTURES else None,
        has_earlier=len(weeks) > len(shown),
    )


def standing(weeks: Iterable[AccountWeek]) -> str:
    """Return in how many weeks pay per hour reached the floor, and in how many it did not."""
    tests = [week.test for week in weeks]
    if not tests:
        return _("No floor was in force in these weeks.")
    floors = sorted({test.floor_micros for test in tests if test.floor_micros is not None})
    floor = words.both(words.amount(floor) for floor in floors)
    verdicts = Counter(test.verdict for test in tests)
    said = [
        ngettext(
            "Your pay per hour reached the floor of %(floor)s in %(reached)s of %(weeks)s week.",
            "Your pay per hour reached the floor of %(floor)s in %(reached)s of %(weeks)s weeks.",
            len(tests),
        )
        % {"floor": floor, "reached": verdicts["pass"], "weeks": len(tests)}
    ]
    if verdicts["fail"]:
        said.append(_("It was below it in %(weeks)s.") % {"weeks": verdicts["fail"]})
    if unsure := verdicts["contested"] + verdicts["no_evidence"]:
        said.append(_("It cannot be told for certain in %(weeks)s.") % {"weeks": unsure})
    return " ".join(said)
