"""What arrived of payments that were exchanged on the way, and what that was worth.

A payment's accounts are in the currency in which it was sent. Where the recipient got another one,
what arrived is worth what the reference rate of that day says: less than was to arrive is lost to
the exchange at the worker's cost, more stays with the worker and changes no verdict.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time
from typing import NamedTuple

from ledger import quotes
from ledger.exchange import Conversion, Rates
from ledger.importers.rows import PaymentRow
from ledger.models import Arrival, Import, Remark, Transfer, Work
from ledger.periods import DAY, day_of, ms_of
from workers.models import Vendor


class Arrived(NamedTuple):
    """What the recipient of a payment got. sent_in: the currency in which it was sent."""

    payment_id: int
    sent_in: str
    micros: int
    currency: str
    at_ms: int


def known(payment_ids: Collection[int]) -> dict[int, Arrived]:
    """Return what arrived of these payments where they were exchanged on the way. One query."""
    if not payment_ids:
        return {}
    rows = (
        Arrival.objects.filter(payment__in=list(payment_ids))
        .exclude(imported__state="undone")
        .order_by("-pk")  # so that the first one stays
    )
    columns = ("payment_id", "payment__currency", "amount_micros", "currency", "arrived_at_ms")
    return {row[0]: Arrived(*row) for row in rows.values_list(*columns)}


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
        imported__vendor=vendor, arrived_at_ms__gte=start_ms, arrived_at_ms__lt=end_ms
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


def worth(arrived: Mapping[int, Arrived], zone: str) -> dict[int, tuple[int, Conversion]]:
    """Return by payment what arrived in the currency in which it was sent, rounded down.

    At the reference rate of the day of arrival; payments without one are left out.
    """
    rates = rates_of(arrived, zone)
    found = {}
    for pk, one in arrived.items():
        way = rates.conversion(one.currency, one.sent_in, day_of(one.at_ms, zone))
        if way is not None:
            found[pk] = way.micros(one.micros), way
    return found
