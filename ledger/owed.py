"""What a vendor owes its accounts and has not sent: what can be paid, held back or set off.

Left alone is what a platform has paid by approving it: nobody is to pay that again, and it is not
there any more to be withheld. The terms are those in force when the work was claimed.
"""

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter

from django.db import connection

from ledger import balances
from ledger.agreed import PayTermsInForce
from ledger.allocation import Debt
from ledger.facts import Ref
from ledger.money import round_up_to_coin
from ledger.moves import PAYABLE
from ledger.periods import last_ms_of
from workers.models import Vendor

OPEN = balances.sql_of(PAYABLE)


@dataclass(frozen=True, slots=True)
class Owed:
    """All that one account is owed in one currency for work up to a day; debts by work.

    ended_at_ms: when the work of each debt ended, as it was told first.
    """

    engagement_id: int
    currency: str
    debts: tuple[Debt, ...]
    ended_at_ms: tuple[int, ...] = ()

    @property
    def micros(self) -> int:
        """The sum of the debts."""
        return sum(debt.open_micros for debt in self.debts)

    def paid_in(self, currency: str) -> int:
        """Return what is paid for it, in micros of the currency that is owed.

        currency: what the recipient gets. It is rounded up to a coin once, in the worker's favour:
        here, or where another currency is paid out, there (converting.py).
        """
        same = currency == self.currency
        return round_up_to_coin(self.micros, self.currency) if same else self.micros

    @property
    def digest(self) -> str:
        """A hash of every debt and its amount: the same debts have the same one."""
        said = ";".join(f"{debt.work.n}:{debt.open_micros}" for debt in self.debts)
        return hashlib.sha256(said.encode()).hexdigest()


def to_accounts(
    *,
    vendor: Vendor,
    currency: str,
    last_on: date | None = None,
    accounts: Collection[int] | None = None,
) -> Iterator[Owed]:
    """Yield what each account is owed for work that ended by `last_on`, by account. Two queries.

    last_on: None for all work. accounts: only these, by id. An account to which nothing is owed is
    not there. A debt is due since the first day on which any of it was.
    """
    terms = PayTermsInForce.of(vendor)
    rows = (
        (engagement_id, Debt(Ref(work_id, n), external_id, due_at_ms, micros), ended)
        for engagement_id, source, work_id, n, external_id, project, started, ended, due_at_ms,
            micros
        in _rows(vendor, currency, last_on, accounts)
        if not terms.pays_on_approval(source=source, project=project, at_ms=started)
    )  # fmt: skip
    for engagement_id, own in groupby(rows, key=itemgetter(0)):
        _, debts, ended = zip(*own, strict=True)
        yield Owed(engagement_id, currency, debts, ended)


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
    vendor: Vendor, currency: str, last_on: date | None, accounts: Collection[int] | None
) -> Iterator[tuple[int, str, int, int, str, str, int, int, int, int]]:
    wanted = "TRUE"
    if accounts is not None:
        wanted = f"t.engagement_id IN ({', '.join(str(int(pk)) for pk in accounts) or 'NULL'})"
    ended = "TRUE"
    if last_on is not None:
        ended = f"w.ended_at_ms <= {last_ms_of(last_on, vendor.zone)}"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT t.engagement_id, e.source, t.work_id, w.n, w.external_id, w.project,
                       w.started_at_ms, w.ended_at_ms, MIN(t.due_at_ms), {OPEN}
                FROM ledger_transfer t
                JOIN workers_engagement e ON e.id = t.engagement_id
                JOIN ledger_work w ON w.id = t.work_id
                WHERE e.vendor_id = %s AND t.currency = %s AND {wanted}
                  AND '{PAYABLE}' IN (t.source, t.target) AND {ended}
                GROUP BY t.engagement_id, e.source, t.work_id, w.n, w.external_id, w.project,
                         w.started_at_ms, w.ended_at_ms
                HAVING {OPEN} > 0
                ORDER BY t.engagement_id, t.work_id""",
            [vendor.pk, currency],
        )
        while rows := cursor.fetchmany(2_000):
            yield from rows
