"""Planted payments that were exchanged on the way: W20, W21, and what looks like it; their rates.

W20 (docs/checks.md): exchanged at more than half a per cent below the reference rate of the day;
the stake is what was to arrive less what the arrival was worth, by the rate on record, also where
that is the one of the street. Left: what was exchanged on the street, above an official rate on
record, and references that are stale. W21: paid late, and the local currency moved against the
worker meanwhile; the stake is in local money: the amount at the better of the two days' rates, less
the amount at the day it was paid.

The rates are invented. They stand still but for one step: a day more or less decides nothing.
"""

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from ledger.sample.days import DAY, at_s, moment
from ledger.sample.desk import Desk, Page, Scene
from ledger.sample.work import CURRENCY, MICROS, Work

FILE = "reference-rates.csv"
COLUMNS = ("currency", "base", "day", "rate", "source")
FIRST, STEP, LAST = date(2026, 8, 3), date(2026, 9, 28), date(2026, 10, 30)


class Quoted(NamedTuple):
    """What a dollar was worth on business days: before STEP, and from then on."""

    before: str
    after: str
    last: date = LAST
    source: str = "invented-bank"


RATES = {
    "ARS": Quoted("1000.00", "1000.00"),
    "EUR": Quoted("0.90", "0.92"),
    "INR": Quoted("84.00", "84.00", last=date(2026, 9, 4)),
    "KES": Quoted("132.00", "129.00"),
    "PHP": Quoted("58.00", "57.00"),
    "VES": Quoted("140.00", "140.00", source="street-market"),
}
VES_OFFICIALLY, ARS_ON_THE_STREET = 105, 1_250


def write_rates(out: Path) -> None:
    """Write the reference rates of all currencies, a business day a row."""
    with (out / FILE).open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([COLUMNS, *_rates()])


def _rates() -> Iterator[tuple[str, str, str, str, str]]:
    for currency, quoted in RATES.items():
        on = FIRST
        while on <= quoted.last:
            if on.weekday() < 5:
                rate = quoted.before if on < STEP else quoted.after
                yield currency, CURRENCY, on.isoformat(), rate, quoted.source
            on += timedelta(days=1)


def scenes() -> list[Scene]:
    """Return all scenes."""
    return [_marked_up, _no_mark_up, _moved_against, _not_against]


def _noon(day: str) -> int:
    return at_s(f"{day}T12:00:00+03:00")


def _one(desk: Desk, country: str, due: int, *dollars: float) -> tuple[Page, list[Work]]:
    """Let somebody who does nothing else do works in the week of 1 September, due on one day."""
    page = desk.page(country=country, newcomer=True)
    works = [
        page.work(moment(-9, 1, 9 + n), 15, one, due_s=due, paid_in_run=False)
        for n, one in enumerate(dollars)
    ]
    return page, works


def _sent(page: Page, work: Work, sent: int, local: str, currency: str, fee: float = 0) -> None:
    """Send a work's pay; the next day so much arrives in the local currency."""
    micros = round(float(local) * MICROS)
    page.paid(
        work,
        sent=sent,
        arrived_s=sent + DAY,
        exchanged=(micros, currency),
        fee_micros=round(fee * MICROS),
    )


def _marked_up(desk: Desk) -> None:
    due = _noon("2026-09-14")
    page, works = _one(desk, "KE", due, 60)
    _sent(page, works[0], _noon("2026-09-09"), "7761.60", "KES")
    desk.found("W20", page, works, 1_200_000, "7,761.60 for 60.00 at 132: two per cent below")
    page, works = _one(desk, "PH", due, 50)
    _sent(page, works[0], _noon("2026-09-09"), "2742.53", "PHP", fee=1)
    why = "49.00 were to arrive at 58, and 3.5 per cent less did"
    desk.found("W20", page, works, 1_715_000, why, overlap=True)
    page, works = _one(desk, "KE", due, 50)
    _sent(page, works[0], _noon("2026-09-08"), "6560.40", "KES")
    desk.found("W20", page, works, 300_000, "6,560.40 for 50.00: 0.6 per cent below")
    page, works = _one(desk, "PH", due, 40, 30)
    _sent(page, works[0], _noon("2026-09-08"), "2273.60", "PHP")
    _sent(page, works[1], _noon("2026-09-10"), "1705.20", "PHP")
    desk.found("W20", page, works, 1_400_000, "two payments, each two per cent below")
    page, works = _one(desk, "VE", due, 50)
    _sent(page, works[0], _noon("2026-09-09"), f"{50 * VES_OFFICIALLY}.00", "VES")
    why = "exchanged at the official 105, where the rate on record is the street's 140"
    desk.found("W20", page, works, 12_500_000, why)


def _no_mark_up(desk: Desk) -> None:
    for country, currency, dollars, local, on, reason in (
        ("KE", "KES", 60, "7888.32", "2026-09-09", "0.4 per cent below the reference"),
        ("KE", "KES", 60, "7880.40", "2026-09-09", "half a per cent below, and no more"),
        ("PH", "PHP", 50, "2929.00", "2026-09-09", "better than the reference"),
        ("IN", "INR", 50, "4032.00", "2026-10-06", "4 per cent below a reference a month old"),
        ("US", "MXN", 50, "850.00", "2026-09-09", "of this currency there is no reference"),
        (
            "US", "ARS", 50, f"{50 * ARS_ON_THE_STREET}.00", "2026-09-09",
            "exchanged on the street; the reference is the official rate",
        ),
    ):  # fmt: skip
        page, works = _one(desk, country, _noon("2026-10-12"), dollars)
        _sent(page, works[0], _noon(on), local, currency)
        desk.left("W20", page, works, reason)
    page, works = _one(desk, "KE", _noon("2026-09-14"), 50)
    sent = _noon("2026-09-09")
    page.paid(*works, sent=sent, arrived_s=sent + DAY)
    desk.left("W20", page, works, "it arrived in dollars: nothing was exchanged")


def _moved_against(desk: Desk) -> None:
    due = moment(-6, 0, 0)
    page, works = _one(desk, "KE", due, 60)
    _sent(page, works[0], _noon("2026-10-06"), "7740.00", "KES")
    why = "16 days late; a dollar was 132 shillings on the due date, and 129 when it came"
    desk.found("W21", page, works, 180 * MICROS, why)
    page, works = _one(desk, "PH", due, 80)
    _sent(page, works[0], _noon("2026-10-13"), "4560.00", "PHP")
    why = "23 days late; a dollar was 58 pesos on the due date, and 57 when it came"
    desk.found("W21", page, works, 80 * MICROS, why)
    page, works = _one(desk, "KE", due, 20, 40)
    _sent(page, works[0], _noon("2026-10-06"), "2580.00", "KES")
    _sent(page, works[1], _noon("2026-10-20"), "5160.00", "KES")
    desk.found("W21", page, works, 180 * MICROS, "two payments, both late and both at 129")


def _not_against(desk: Desk) -> None:
    early, late = moment(-6, 0, 0), moment(-4, 0, 0)
    for country, currency, due, local, on, reason in (
        ("DE", "EUR", early, "55.20", "2026-10-06", "late, but a dollar is worth more by now"),
        ("KE", "KES", late, "7740.00", "2026-10-02", "paid in time; it fell before it was due"),
        ("KE", "KES", late, "7740.00", "2026-10-20", "late, but the rate stood still"),
        ("IN", "INR", early, "5040.00", "2026-10-06", "late, but of neither day is there a rate"),
    ):
        page, works = _one(desk, country, due, 60)
        _sent(page, works[0], _noon(on), local, currency)
        desk.left("W21", page, works, reason)
    page, works = _one(desk, "KE", early, 60)
    sent = _noon("2026-10-06")
    page.paid(*works, sent=sent, arrived_s=sent + DAY)
    desk.left("W21", page, works, "late, but it arrived in dollars")
