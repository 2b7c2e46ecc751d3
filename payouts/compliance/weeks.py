"""Worker-weeks by verdict: how many reached the floor, for pay earned and pay received."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, NamedTuple

from ledger.agreed import Floors, PayTermsInForce
from ledger.floor import Evidence, Verdict, received_verdict, shortfall_bounds, verdict
from ledger.models import WorkWeek
from ledger.money import format_amount
from ledger.periods import day_of, week_from
from payouts.compliance.gathering import AT_ONCE, Range
from payouts.leaving import record
from workers.models import Vendor

DENOMINATORS = ("A", "B", "C")
PAYS = ("earned", "before_top_ups", "received")
NO_FLOOR = "no_floor"  # no floor was in force in that week


class WeekRow(NamedTuple):
    """One worker-week as the ledger computed it."""

    platform: str
    starts_on: date
    floor_id: int | None
    hours: tuple[tuple[int, int], ...]  # (low ms, high ms) of A, B, C
    measured_ms: int
    earned: int
    received: int
    pending: int
    untimed: int
    unpriced: int
    last_due_at_ms: int | None
    topped_up: int = 0  # of what was earned

    def pay(self, which: str) -> int:
        """Return one of PAYS, in micros."""
        if which == "before_top_ups":
            return self.earned - self.topped_up
        return self.earned if which == "earned" else self.received


@dataclass(frozen=True)
class Payments:
    """What is known of a vendor's payments, and what was due by `as_of_ms`."""

    terms: PayTermsInForce
    complete_until: date | None  # all that was sent by the end of this day has been brought in
    as_of_ms: int

    @classmethod
    def of(cls, vendor: Vendor, as_of_ms: int) -> "Payments":
        """Read a vendor's terms and how far its remittances are complete.

        Three queries, five where its paying accounts are declared.
        """
        return cls(PayTermsInForce.of(vendor), record.known(vendor).until, as_of_ms)

    def due_past(self, week: WeekRow) -> bool:
        """Return whether the last of a week's pay was due before `as_of_ms`.

        Where none of it ever becomes due (nothing was promised, or all was refused) the week's
        end counts; where it is still to be decided, nothing is due yet.
        """
        if week.last_due_at_ms is not None:
            return week.last_due_at_ms < self.as_of_ms
        end_ms = week_from(week.starts_on, self.terms.zone).end_ms
        return week.pending == 0 and end_ms <= self.as_of_ms

    def known(self, week: WeekRow) -> bool:
        """Return whether all payments of a week would be known: see received_verdict."""
        start_ms = week_from(week.starts_on, self.terms.zone).start_ms
        if self.terms.pays_on_approval(source=week.platform, at_ms=start_ms):
            return True
        if self.complete_until is None:
            return False
        if week.last_due_at_ms is None:
            return self.complete_until >= week.starts_on + timedelta(days=6)
        return self.complete_until >= day_of(week.last_due_at_ms, self.terms.zone)


@dataclass
class Tally:
    """Weeks of one denominator and one kind of pay, while they are counted."""

    verdicts: Counter[str] = field(default_factory=Counter)
    low: Counter[str] = field(default_factory=Counter)  # missing micros, by currency
    high: Counter[str] = field(default_factory=Counter)

    def as_dict(self) -> dict[str, Any]:
        """Return the counts of all verdicts, and the least and the most that is missing."""
        named = [*(str(one) for one in Verdict), NO_FLOOR]
        return {
            **{name: self.verdicts[name] for name in named},
            "shortfall": {
                currency: {
                    "low": format_amount(self.low[currency]),
                    "high": format_amount(self.high[currency]),
                }
                for currency in sorted(self.high)
            },
        }


def of_vendor(
    vendor: Vendor, days: Range, floors: Floors, payments: Payments
) -> dict[str, dict[str, Any]]:
    """Return worker-weeks by denominator and pay. One query, streamed."""
    return count(_rows(vendor, days), floors, payments)


def count(weeks: Iterable[WeekRow], floors: Floors, payments: Payments) -> dict[str, Any]:
    """Return the verdicts of `weeks`, counted by denominator and pay.

    The shortfall adds up the weeks that were judged: not those whose pay is not due. Where some
    pay is not known, the least that is missing is nothing. share_measured: of the hours B, the
    part that a tool measured; None without hours.
    """
    by_id = {floor.pk: (floor.hourly_micros, floor.currency) for floor in floors.floors}
    tallies: dict[tuple[str, str], Tally] = defaultdict(Tally)
    measured = asked_for = 0
    for week in weeks:
        measured += week.measured_ms
        asked_for += week.hours[1][1]
        floor = by_id.get(week.floor_id) if week.floor_id is not None else None
        due = payments.due_past(week) and payments.known(week)
        for index, letter in enumerate(DENOMINATORS):
            for pay in PAYS:
                _judge(tallies[letter, pay], week, index, pay, floor, due)
    counted: dict[str, Any] = {
        letter: {pay: tallies[letter, pay].as_dict() for pay in PAYS} for letter in DENOMINATORS
    }
    share = round(measured / asked_for, 4) if asked_for else None
    return {"headline": {"denominator": "B", "pay": "earned"}, **counted, "share_measured": share}


def _judge(
    tally: Tally, week: WeekRow, index: int, pay: str, floor: tuple[int, str] | None, due: bool
) -> None:
    if floor is None:
        tally.verdicts[NO_FLOOR] += 1
        return
    hourly_micros, currency = floor
    facts = _evidence(week, index, week.pay(pay))
    if pay == "received":
        answer = received_verdict(facts, hourly_micros, due_past=due, payments_known=due)
    else:
        answer = verdict(facts, hourly_micros)
    tally.verdicts[str(answer)] += 1
    if answer != Verdict.NOT_DUE:
        bounds = shortfall_bounds(facts, hourly_micros)
        tally.low[currency] += 0 if week.unpriced else bounds.low_micros
        tally.high[currency] += bounds.high_micros


def _evidence(week: WeekRow, index: int, pay_micros: int) -> Evidence:
    low_ms, high_ms = week.hours[index]
    measured_ms = week.measured_ms if index == 1 else 0
    return Evidence(low_ms, high_ms, measured_ms, pay_micros, week.untimed, week.unpriced)


def _rows(vendor: Vendor, days: Range) -> Iterator[WeekRow]:
    rows = days.weeks(WorkWeek.objects.filter(vendor=vendor)).values_list(
        "engagement__source", "starts_on", "floor_id", "a_low_ms", "a_high_ms", "b_low_ms",
        "b_high_ms", "c_low_ms", "c_high_ms", "measured_ms", "earned_micros", "received_micros",
        "pending_micros", "untimed", "unpriced", "last_due_at_ms", "topped_up_micros",
    )  # fmt: skip
    for platform, starts_on, floor_id, *figures in rows.iterator(AT_ONCE):
        a_low, a_high, b_low, b_high, c_low, c_high, *rest = figures
        hours = ((a_low, a_high), (b_low, b_high), (c_low, c_high))
        yield WeekRow._make((platform, starts_on, floor_id, hours, *rest))
