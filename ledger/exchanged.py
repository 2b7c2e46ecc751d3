"""What arrived of payments that were exchanged on the way, and what that was worth.

A payment's accounts are in the currency in which it was sent. Where the recipient got another one,
what arrived is worth what the reference rate of that day says: less than was to arrive is lost to
the exchange at the worker's cost, more stays with the worker and changes no verdict.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from django.db.models import Min, QuerySet

from ledger import quotes
from ledger.balances import balance
from ledger.exchange import Conversion, Rates
from ledger.importers.rows import PaymentRow
from ledger.models import Arrival, Batch, Import, Remark, Transfer, Work
from ledger.money import Money
from ledger.moves import RECEIVED
from ledger.periods import DAY, day_of, ms_of
from workers.models import Vendor

TOLD = (
    "payment_id", "payment__currency", "amount_micros", "currency", "arrived_at_ms", "imported_id",
    "void",
)  # fmt: skip


class Worth(NamedTuple):
    """What arrived of a payment, in micros of the currency in which it was sent, and at which rate.

    A fraction of a micro is cut off.
    """

    micros: int
    conversion: Conversion

    def lost(self, received_micros: int) -> int:
        """Return what of a payment's money is lost. received_micros: what has arrived as sent."""
        return max(received_micros - self.micros, 0)


class Arrived(NamedTuple):
    """What the recipient of a payment got. sent_in: the currency in which it was sent."""

    payment_id: int
    sent_in: str
    micros: int
    currency: str
    at_ms: int


def known(payment_ids: Collection[int]) -> dict[int, Arrived]:
    """Return what arrived of these payments where they were exchanged on the way. One query.

    What a remittance record says stays before what banks do.
    """
    return _known(_of(payment_ids)) if payment_ids else {}


def reported(payment_ids: Collection[int]) -> dict[int, Arrived]:
    """Return what banks reported of such arrivals. One query."""
    return _told(_of(payment_ids))[1] if payment_ids else {}


def _of(payment_ids: Collection[int]) -> Iterable[tuple[Any, ...]]:
    arrivals = _standing().filter(payment__in=list(payment_ids))
    return arrivals.order_by("pk").values_list(*TOLD)


def _standing() -> "QuerySet[Arrival]":
    return Arrival.objects.exclude(imported__state="undone")


def _known(rows: Iterable[tuple[Any, ...]]) -> dict[int, Arrived]:
    remitted, reported = _told(rows)
    return reported | remitted


def _told(rows: Iterable[tuple[Any, ...]]) -> tuple[dict[int, Arrived], dict[int, Arrived]]:
    """Return the first arrivals that records told, and the newest that banks did.

    rows: TOLD of arrivals, in the order in which they were written down.
    """
    remitted: dict[int, Arrived] = {}
    reported: dict[int, Arrived] = {}
    for *told, imported_id, void in rows:
        one = Arrived._make(told)
        if imported_id is not None:
            remitted.setdefault(one.payment_id, one)
        elif void:
            reported.pop(one.payment_id, None)
        else:
            reported[one.payment_id] = one
    return remitted, reported


def agrees(said: PaymentRow, arrived: tuple[int, str] | None, *, on_the_way: int) -> bool:
    """Tell whether a row contradicts nothing that is known of how a payment arrived.

    on_the_way: what has not arrived yet; as long as there is some, what arrives may be news.
    """
    if said.arrived_micros is None:
        return True
    if arrived is None:
        return on_the_way > 0
    return arrived == said.exchanged


def keep(imported: Import, told: Iterable[tuple[int, PaymentRow]]) -> None:
    """Write down what rows tell of arrivals in another currency; what is known stays."""
    news = [(pk, row) for pk, row in told if row.arrived_micros is not None]
    there = known([pk for pk, _ in news])
    Arrival.objects.bulk_create(
        Arrival(
            payment_id=pk,
            imported=imported,
            currency=row.arrived_currency,
            amount_micros=row.arrived_micros or 0,  # both are there where one is
            arrived_at_ms=row.arrived_at_ms or 0,
        )
        for pk, row in news
        if pk not in there
    )


def keep_reported(
    batch: Batch, told: Mapping[int, tuple[Money, int] | None], there: Mapping[int, Arrived]
) -> None:
    """Write down what banks report of arrivals in another currency, in place of what they had.

    told: by payment what arrived and when; None where nothing did, or it was not exchanged.
    there: what they had reported.
    """
    rows = []
    for pk, news in told.items():
        before = there.get(pk)
        if news is not None:
            money, at_ms = news
            rows.append(_row(batch, pk, money.micros, money.currency, at_ms))
        elif before is not None:
            rows.append(_row(batch, pk, before.micros, before.currency, before.at_ms, void=True))
    Arrival.objects.bulk_create(rows)


def _row(
    batch: Batch, pk: int, micros: int, currency: str, at_ms: int, *, void: bool = False
) -> Arrival:
    return Arrival(
        payment_id=pk,
        batch=batch,
        amount_micros=micros,
        currency=currency,
        arrived_at_ms=at_ms,
        void=void,
    )


def conflict(imported: Import, row: PaymentRow, arrived: tuple[int, str] | None) -> Remark:
    """Return the remark on a row that tells another arrival than the one that is known."""
    there = f"{arrived[0]} micros {arrived[1]}" if arrived else "no exchange"
    return Remark(
        imported=imported,
        kind="conflict",
        line=row.line,
        column="arrived_amount",
        value=f"{row.reference}: {row.arrived_micros} micros {row.arrived_currency}",
        rule=f"how a payment arrived stays; this one is known to have arrived with {there}",
        mend="Undo the earlier import if it was wrong, then bring this one in.",
    )


def spans_of_work(vendor: Vendor, first: date, last: date) -> Iterator[tuple[int, int, int]]:
    """Yield (engagement id, start, end) of the work of payments exchanged on these days, in UTC."""
    start_ms, end_ms = (ms_of(datetime.combine(on, time(), UTC)) for on in (first, last + DAY))
    exchanged = Arrival.objects.filter(
        payment__engagement__vendor=vendor, arrived_at_ms__gte=start_ms, arrived_at_ms__lt=end_ms
    )
    paid = Transfer.objects.filter(payment__in=exchanged.values("payment"), work__isnull=False)
    newest = Work.objects.filter(root__in=paid.values("work"), corrected_by=None)
    yield from newest.values_list("engagement_id", "started_at_ms", "ended_at_ms").iterator(5_000)


def rates_of(arrived: Mapping[int, Arrived], zone: str) -> Rates:
    """Read the rates that these arrivals need. At most two queries, none without arrivals."""
    if not arrived:
        return Rates()
    first = min(day_of(one.at_ms, zone) for one in arrived.values())
    currencies = {code for one in arrived.values() for code in (one.currency, one.sent_in)}
    return quotes.read(currencies, first)


def worth(arrived: Mapping[int, Arrived], zone: str) -> dict[int, Worth]:
    """Return by payment what that was worth in the currency in which it was sent.

    At the reference rate of the day of arrival; payments without one are left out.
    """
    return _worth(arrived, rates_of(arrived, zone), zone)


def worth_in(zones: Mapping[int, str], arrived: Mapping[int, Arrived]) -> dict[int, Worth]:
    """Return the same of payments of several vendors. zones: by payment, whose calendar counts."""
    found: dict[int, Worth] = {}
    for zone in {zones[pk] for pk in arrived}:
        found |= worth({pk: one for pk, one in arrived.items() if zones[pk] == zone}, zone)
    return found


def _worth(arrived: Mapping[int, Arrived], rates: Rates, zone: str) -> dict[int, Worth]:
    found = {}
    for pk, one in arrived.items():
        way = rates.conversion(one.currency, one.sent_in, day_of(one.at_ms, zone))
        if way is not None:
            found[pk] = Worth(way.micros(one.micros), way)
    return found


def lost_by_account(engagement_ids: Collection[int], zone: str) -> Counter[tuple[int, str]]:
    """Return what the payments of these accounts lost to exchanges, by (account, currency).

    One query; four more where there was an exchange.
    """
    arrivals = _standing().filter(payment__engagement__in=list(engagement_ids))
    valued = worth(_known(arrivals.order_by("pk").values_list(*TOLD)), zone)
    lost: Counter[tuple[int, str]] = Counter()
    if valued:
        moved = Transfer.objects.filter(payment__in=list(valued))
        by_payment = moved.values_list("payment_id", "engagement_id", "currency")
        for pk, account, currency, micros in by_payment.annotate(net=balance(RECEIVED)).order_by():
            lost[account, currency] += valued[pk].lost(micros or 0)
    return lost


def worth_by_account(vendor: Vendor) -> Iterator[tuple[int, dict[int, Worth]]]:
    """Yield (engagement id, the worth of its payments), in order, of accounts that have any.

    At most four queries, and one account's arrivals in memory.
    """
    arrivals = _standing().filter(payment__engagement__vendor=vendor)
    since = arrivals.aggregate(first=Min("arrived_at_ms"))["first"]
    if since is None:
        return
    pairs = arrivals.order_by().values_list("currency", "payment__currency").distinct()
    rates = quotes.read({code for pair in pairs for code in pair}, day_of(since, vendor.zone))
    rows = arrivals.order_by("payment__engagement", "pk").values_list(
        "payment__engagement_id", *TOLD
    )
    for account, own in groupby(rows.iterator(10_000), key=itemgetter(0)):
        yield account, _worth(_known(row[1:] for row in own), rates, vendor.zone)
