"""Weeks of accounts held against the floor, as pages show them: the ledger's weeks, judged.

Reads a fixed number of queries, whatever the number of weeks. All of it is on B, the work that
was asked for; a week is Monday to Sunday on the clock of its vendor's zone.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from ledger.agreed import PayTermsInForce
from ledger.floor import MS_PER_HOUR, Evidence, Verdict, received_verdict, shortfall_bounds, verdict
from ledger.models import PayTerms, WorkWeek
from ledger.money import ceil_div
from ledger.periods import ms_of
from payouts.compliance.weeks import Payments, WeekRow
from payouts.leaving import record
from payouts.statements import words
from payouts.statements.figures import FloorWeek, Span, hourly
from workers.models import Vendor

AT_ONCE = 10_000  # rows


@dataclass(frozen=True, slots=True)
class AccountWeek:
    """One account's week against the floor. Micros of `currency`, the floor's."""

    engagement_id: int
    currency: str
    test: FloorWeek
    missing_low_micros: int  # over the least and over the most time that it can have been
    missing_high_micros: int
    measured_ms: int
    pending_micros: int
    refused_micros: int
    pieces: int
    topped_up_micros: int = 0
    before_top_up: str = ""  # the verdict without them
    rates: tuple[str, ...] = ()  # at which pay in other currencies was converted, in words

    @property
    def is_below(self) -> bool:
        """Whether what was earned is below the floor for certain."""
        return self.test.verdict == Verdict.FAIL

    @property
    def floor_low_micros(self) -> int:
        """The floor for the least time that it can have been; a fraction of a micro goes up."""
        return ceil_div(self.test.b.low_ms * (self.test.floor_micros or 0), MS_PER_HOUR)

    @property
    def floor_high_micros(self) -> int:
        """The floor for the most time."""
        return ceil_div(self.test.b.high_ms * (self.test.floor_micros or 0), MS_PER_HOUR)


def payments_of(vendors: Iterable[Vendor], at: datetime) -> dict[int, Payments]:
    """Return what is known of each vendor's payments, by the vendor's id.

    Three queries, five where paying accounts are declared.
    """
    by_id = {vendor.pk: vendor for vendor in vendors}
    terms: dict[int, list[PayTerms]] = defaultdict(list)
    for row in PayTerms.objects.filter(vendor__in=by_id).order_by("-from_on", "-pk"):
        terms[row.vendor_id].append(row)
    known = record.known_of(by_id.values())
    return {
        pk: Payments(
            PayTermsInForce(
                vendor.zone,
                tuple(sorted(terms[pk], key=lambda row: (not row.project, not row.source))),
            ),
            known[pk].until,
            ms_of(at),
        )
        for pk, vendor in by_id.items()
    }


def judged(weeks: "QuerySet[WorkWeek]", payments: dict[int, Payments]) -> Iterator[AccountWeek]:
    """Yield `weeks` in their order, judged. One query, streamed.

    payments: of each vendor that the weeks are of.
    """
    columns = weeks.values_list(
        "engagement_id", "vendor_id", "currency", "pieces", "refused_micros",
        "floor__hourly_micros", "engagement__source", "starts_on", "floor_id",
        "a_low_ms", "a_high_ms", "b_low_ms", "b_high_ms", "c_low_ms", "c_high_ms",
        "measured_ms", "earned_micros", "received_micros", "pending_micros", "untimed",
        "unpriced", "last_due_at_ms", "topped_up_micros", "rates",
    )  # fmt: skip
    for row in columns.iterator(AT_ONCE):
        engagement_id, vendor_id, currency, pieces, refused, hourly_micros = row[:6]
        a_low, a_high, b_low, b_high, c_low, c_high = row[9:15]
        hours = ((a_low, a_high), (b_low, b_high), (c_low, c_high))
        week = WeekRow(*row[6:9], hours, *row[15:-1])  # type: ignore[arg-type]
        test, low, high = _against(week, hourly_micros, payments[vendor_id])
        yield AccountWeek(
            engagement_id,
            currency,
            test,
            low,
            high,
            week.measured_ms,
            week.pending,
            refused,
            pieces,
            week.topped_up,
            _before_top_ups(week, hourly_micros),
            rates=tuple(map(words.converted, row[-1])),
        )


def _against(
    week: WeekRow, floor_micros: int | None, payments: Payments
) -> tuple[FloorWeek, int, int]:
    """Return a week against its floor, and the least and the most that is missing to it."""
    low_ms, high_ms = week.hours[1]
    answer = received = Verdict.NO_EVIDENCE
    missing = (0, 0)
    if floor_micros is not None:
        facts = Evidence(
            low_ms, high_ms, week.measured_ms, week.earned, week.untimed, week.unpriced
        )
        answer = verdict(facts, floor_micros)
        received = _received(week, floor_micros, payments)
        bounds = shortfall_bounds(facts, floor_micros)
        missing = (0 if week.unpriced else bounds.low_micros, bounds.high_micros)
    known = week.unpriced == 0 and high_ms > 0
    test = FloorWeek(
        starts_on=week.starts_on,
        ends_on=week.starts_on + timedelta(days=6),
        a=Span(*week.hours[0]),
        b=Span(low_ms, high_ms),
        c=Span(*week.hours[2]),
        earned_micros=None if week.unpriced else week.earned,
        received_micros=None if week.unpriced else week.received,
        hourly_low_micros=hourly(pay_micros=week.earned, time_ms=high_ms) if known else None,
        hourly_high_micros=hourly(pay_micros=week.earned, time_ms=low_ms or high_ms)
        if known
        else None,
        floor_micros=floor_micros,
        verdict=str(answer),
        received_verdict=str(received),
        shortfall_micros=missing[1] if answer == Verdict.FAIL else 0,
    )
    return test, *missing


def _before_top_ups(week: WeekRow, floor_micros: int | None) -> str:
    """Return the verdict on what a week earned without its top-ups."""
    if floor_micros is None:
        return str(Verdict.NO_EVIDENCE)
    earned = week.pay("before_top_ups")
    return str(
        verdict(
            Evidence(*week.hours[1], week.measured_ms, earned, week.untimed, week.unpriced),
            floor_micros,
        )
    )


def _received(week: WeekRow, floor_micros: int, payments: Payments) -> Verdict:
    low_ms, high_ms = week.hours[1]
    facts = Evidence(low_ms, high_ms, week.measured_ms, week.received, week.untimed, week.unpriced)
    return received_verdict(
        facts,
        floor_micros,
        due_past=payments.due_past(week),
        payments_known=payments.known(week),
    )


def mondays(first_on: date, last_on: date) -> tuple[date, date]:
    """Return between which days the weeks begin whose Sunday lies on one of these days."""
    six = timedelta(days=6)
    return first_on - six, last_on - six


def within(weeks: "QuerySet[WorkWeek]", first_on: date, last_on: date) -> "QuerySet[WorkWeek]":
    """Return the weeks whose Sunday lies on one of these days."""
    return weeks.filter(starts_on__range=mondays(first_on, last_on))
