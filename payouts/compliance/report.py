"""One vendor's measures: work, money, hours, worker-weeks by verdict, and hourly pay by worker."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ledger.agreed import Floors
from ledger.exchange import BY_CURRENCY_AND_DAY, Conversion, Exchange
from ledger.floor import ASKED_FOR, CERTIFIED
from ledger.money import format_amount
from ledger.moves import ACCOUNTS, RECEIVED
from ledger.periods import day_of, ms_of
from ledger.whereabouts import LOST
from payouts.compliance import gathering, measures, weeks
from payouts.compliance.gathering import Range, Row, by_account
from payouts.compliance.measures import Clock, Person, hours
from payouts.compliance.pay import Books, Pay
from payouts.compliance.weeks import Payments
from workers.models import Vendor

SUMS = ("earned", "pending", "refused", "received", "lost_on_exchange")


@dataclass
class Totals:
    """What is added up while the accounts go by. Micros, ms and rows."""

    kinds: frozenset[str]  # whose time counts
    gap_ms: int
    workers: int = 0
    work: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    accounts: Counter[tuple[str, str]] = field(default_factory=Counter)  # (currency, account)
    sums: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    summed_ms: int = 0
    union_ms: int = 0
    merged_ms: int = 0
    untimed: int = 0
    most_at_once: int = 0
    people: list[Person] = field(default_factory=list)
    rates: set[Conversion] = field(default_factory=set)
    rows_without_rate: Counter[str] = field(default_factory=Counter)  # by currency


def of(*, vendor: Vendor, days: Range | None = None, as_of: datetime) -> dict[str, Any]:
    """Return the measures of one vendor, ready for JSON: amounts as strings, hours as numbers.

    days: work counts by the day on which it ended, weeks by their Sunday, in the vendor's zone.
    as_of: pay that is due by then is held against the floor. Nine queries, whatever the size, and
    at most five for reference rates where pay was in other currencies.
    """
    days = days or Range()
    as_of_ms = ms_of(as_of)
    floors, payments = Floors.read(), Payments.of(vendor, as_of_ms)
    floor = floors.for_week(days.last_on or day_of(as_of_ms, vendor.zone))
    totals = Totals(
        kinds=frozenset(floor.kinds) if floor else ASKED_FOR,
        gap_ms=floor.merge_gap_ms if floor else 0,
    )
    exchange = gathering.exchange(vendor, days, measures.CURRENCY)
    for rows, books in by_account(vendor, days):
        _add(totals, rows, books, payments, exchange, whole=days.is_open)
    return {
        "vendor": vendor.name,
        "from": days.first_on and days.first_on.isoformat(),
        "to": days.last_on and days.last_on.isoformat(),
        "as_of": as_of.isoformat(),
        "workers": totals.workers,
        "work": _work(totals),
        "money": _money(totals),
        "exchange": {
            "rates": [one.as_dict() for one in sorted(totals.rates, key=BY_CURRENCY_AND_DAY)],
            "rows_without_rate": dict(sorted(totals.rows_without_rate.items())),
        },
        "hours": _hours(totals),
        "max_concurrent": totals.most_at_once,
        "worker_weeks": weeks.of_vendor(vendor, days, floors, payments),
        "measures": measures.of_range(totals.people),
    }


def _add(
    totals: Totals,
    rows: list[Row],
    books: Books,
    payments: Payments,
    exchange: Exchange,
    *,
    whole: bool,
) -> None:
    """Add one account. whole: its books count as they stand, not only what names these rows."""
    if whole:
        totals.accounts.update(books.balances)
    if not rows:
        return
    totals.workers += 1
    clock, known, dollars = Clock(), True, Counter[str]()
    for row in rows:
        pay = _received_on_approval(row, books.pay(row.root_id), payments)
        totals.work[row.kind, row.ended_as, pay.decision] += 1
        for name in SUMS:
            if amount := getattr(pay, name):
                totals.sums[row.currency][name] += amount
        if not whole:
            for place, micros in books.accounts(row.root_id).items():
                account = RECEIVED if place == LOST else place  # the ledger's accounts, as sent
                totals.accounts[row.currency, account] += micros
        _add_time(clock, row, totals.kinds)
        known &= row.promised is not None
        if any(pay):
            conversion = exchange.of(row.currency, row.ended)
            if conversion is None:
                known = False  # without a reference rate, pay in another currency is not known
                totals.rows_without_rate[row.currency] += 1
            else:
                totals.rates |= {conversion} if conversion.quotes else set()
                dollars.update(
                    earned=conversion.micros(pay.earned), pending=conversion.micros(pay.pending)
                )
    _add_person(totals, clock, dollars, known)


def _add_time(clock: Clock, row: Row, kinds: frozenset[str]) -> None:
    """Add a row's time, as the weeks do; rows without time that should have some are counted."""
    if row.ended > row.started:
        if row.kind in kinds:
            clock.spans.append((row.started, row.ended))
        return
    stated_ms = row.wall_ms if row.wall_ms is not None else row.active_ms
    if stated_ms is not None:
        clock.stated_ms += stated_ms if row.kind in kinds else 0
    elif row.kind != "award" and (row.promised or row.ended_as == "submitted"):
        clock.untimed += 1


def _add_person(totals: Totals, clock: Clock, dollars: Counter[str], known: bool) -> None:
    times = clock.times(totals.gap_ms)
    totals.summed_ms += times.summed_ms
    totals.union_ms += times.union_ms
    totals.merged_ms += times.merged_ms
    totals.untimed += clock.untimed
    totals.most_at_once = max(totals.most_at_once, times.most_at_once)
    totals.people.append(
        Person(
            earned=dollars["earned"],
            approved_or_pending=dollars["earned"] + dollars["pending"],
            summed=times.summed_ms,
            union=times.union_ms,
            known=known and not clock.untimed,
        )
    )


def _received_on_approval(row: Row, pay: Pay, payments: Payments) -> Pay:
    """Return the pay as received where approval is payment."""
    paid = payments.terms.pays_on_approval(
        source=row.platform, project=row.project, at_ms=row.started
    )
    return pay._replace(received=pay.earned) if paid else pay


def _work(totals: Totals) -> list[dict[str, Any]]:
    return [
        {"kind": kind, "ended_as": ended_as, "decision": decision, "rows": rows}
        for (kind, ended_as, decision), rows in sorted(totals.work.items())
    ]


def _money(totals: Totals) -> dict[str, Any]:
    currencies = {currency for currency, _ in totals.accounts} | set(totals.sums)
    return {
        currency: {
            "accounts": {
                account: format_amount(totals.accounts[currency, account]) for account in ACCOUNTS
            },
            **{name: format_amount(totals.sums[currency][name]) for name in SUMS},
        }
        for currency in sorted(currencies - {""})
    }


def _hours(totals: Totals) -> dict[str, Any]:
    return {
        "denominator": CERTIFIED,
        "summed": hours(totals.summed_ms),
        "union": hours(totals.union_ms),
        "union_merged": hours(totals.merged_ms),
        "merge_gap_seconds": totals.gap_ms / 1000,
        "untimed_rows": totals.untimed,
    }
