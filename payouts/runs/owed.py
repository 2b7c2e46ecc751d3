"""What a vendor owes its accounts: the debts that a pay run can pay.

Left alone is what a platform has paid by approving it: nobody is to pay that again.
"""

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter

from django.db import connection

from ledger.agreed import PayTermsInForce
from ledger.allocation import Debt
from ledger.facts import Ref
from ledger.money import round_up_to_coin
from ledger.moves import PAYABLE
from ledger.periods import last_ms_of
from workers.models import Vendor

OPEN = f"""CAST(SUM(CASE WHEN t.target = '{PAYABLE}' THEN t.amount_micros
    ELSE -t.amount_micros END) AS bigint)"""


@dataclass(frozen=True, slots=True)
class Owed:
    """All that one account is owed in one currency for work up to a day; debts by work."""

    engagement_id: int
    currency: str
    debts: tuple[Debt, ...]

    @property
    def micros(self) -> int:
        """The sum of the debts."""
        return sum(debt.open_micros for debt in self.debts)

    @property
    def to_pay_micros(self) -> int:
        """The sum, rounded up to the coin once, in the worker's favour."""
        return round_up_to_coin(self.micros, self.currency)

    @property
    def digest(self) -> str:
        """A hash of every debt and its amount: the same debts have the same one."""
        said = ";".join(f"{debt.work.n}:{debt.open_micros}" for debt in self.debts)
        return hashlib.sha256(said.encode()).hexdigest()


def to_accounts(
    *, vendor: Vendor, currency: str, last_on: date, accounts: Collection[int] | None = None
) -> Iterator[Owed]:
    """Yield what each account is owed for work that ended by `last_on`, by account. One query.

    accounts: only these, by id. An account to which nothing is owed is not there.
    """
    terms = PayTermsInForce.of(vendor)
    rows = (
        (engagement_id, Debt(Ref(work_id, n), external_id, due_at_ms, micros))
        for engagement_id, source, work_id, n, external_id, project, started, due_at_ms, micros
        in _rows(vendor, currency, last_on, accounts)
        if not terms.pays_on_approval(source=source, project=project, at_ms=started)
    )  # fmt: skip
    for engagement_id, own in groupby(rows, key=itemgetter(0)):
        yield Owed(engagement_id, currency, tuple(debt for _, debt in own))


def currencies(vendor: Vendor) -> list[str]:
    """Return the currencies in which the vendor owes or has owed something."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT DISTINCT t.currency FROM ledger_transfer t
               JOIN workers_engagement e ON e.id = t.engagement_id
               WHERE e.vendor_id = %s ORDER BY t.currency""",
            [vendor.pk],
        )
        return [currency for (currency,) in cursor.fetchall()]


def _rows(
    vendor: Vendor, currency: str, last_on: date, accounts: Collection[int] | None
) -> Iterator[tuple[int, str, int, int, str, str, int, int, int]]:
    wanted = "TRUE"
    if accounts is not None:
        wanted = f"t.engagement_id IN ({', '.join(str(int(pk)) for pk in accounts) or 'NULL'})"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT t.engagement_id, e.source, t.work_id, w.n, w.external_id, w.project,
                       w.started_at_ms, MAX(t.due_at_ms), {OPEN}
                FROM ledger_transfer t
                JOIN workers_engagement e ON e.id = t.engagement_id
                JOIN ledger_work w ON w.id = t.work_id
                WHERE e.vendor_id = %s AND t.currency = %s AND {wanted}
                  AND '{PAYABLE}' IN (t.source, t.target) AND w.ended_at_ms <= %s
                GROUP BY t.engagement_id, e.source, t.work_id, w.n, w.external_id, w.project,
                         w.started_at_ms
                HAVING {OPEN} > 0
                ORDER BY t.engagement_id, t.work_id""",
            [vendor.pk, currency, last_ms_of(last_on, vendor.zone)],
        )
        while rows := cursor.fetchmany(2_000):
            yield from rows
