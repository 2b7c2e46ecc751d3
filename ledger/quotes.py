"""Reads the reference rates that can matter to what is asked: a query a step along the bases."""

from collections.abc import Collection
from datetime import date

from ledger.exchange import MOST_AGE, MOST_BASES, Quote, Rates
from ledger.models import ReferenceRate

COLUMNS = (
    "currency", "base", "quoted_on", "nanos", "source", "file_id", "file__recorded_at",
)  # fmt: skip


def read(currencies: Collection[str], since: date) -> Rates:
    """Return the rates between these currencies for days from `since` on.

    Not even one query for fewer than two currencies; else as many as there are steps from a
    currency to a base, at most MOST_BASES.
    """
    wanted, seen = set(currencies) - {""}, set[str]()
    quotes: list[Quote] = []
    if len(wanted) < 2:
        return Rates()
    for _ in range(MOST_BASES):
        rows = ReferenceRate.objects.filter(currency__in=wanted, quoted_on__gte=since - MOST_AGE)
        quotes += (
            Quote._make((*figures, recorded_at.date()))
            for *figures, recorded_at in rows.values_list(*COLUMNS).iterator(10_000)
        )
        seen |= wanted
        wanted = {quote.base for quote in quotes} - seen
        if not wanted:
            break
    return Rates(quotes)
