"""Where money is now, by what moved: that is the status of work, and nobody stores it."""

from collections import defaultdict
from collections.abc import Collection
from typing import NamedTuple

from django.db.models import BigIntegerField, Case, F, Sum, When

from ledger.models import Transfer
from ledger.moves import ACCOUNTS, MAY_GO_BELOW_ZERO


class Balance(NamedTuple):
    """Money of one piece of work in one account, above zero."""

    account: str
    micros: int
    currency: str


def of_work(roots: Collection[int]) -> dict[int, list[Balance]]:
    """Return the balances of these attempts, by the id of their first revision. One query.

    Accounts come in the order of the rule book; `vendor` and `advance` are not a work's own.
    """
    sums: defaultdict[tuple[int, str, str], int] = defaultdict(int)
    moved = Transfer.objects.filter(work__in=roots).values_list(
        "work_id", "source", "target", "currency"
    )
    for root, source, target, currency, micros in moved.annotate(Sum("amount_micros")).order_by():
        sums[root, source, currency] -= micros
        sums[root, target, currency] += micros
    found: dict[int, list[Balance]] = {root: [] for root in roots}
    own = [account for account in ACCOUNTS if account not in MAY_GO_BELOW_ZERO]
    for root, account, currency in sorted(sums):
        micros = sums[root, account, currency]
        if micros and account in own:
            found[root].append(Balance(account, micros, currency))
    for balances in found.values():
        balances.sort(key=lambda balance: (own.index(balance.account), balance.currency))
    return found


def balance(account: str, through: str = "") -> Sum:
    """Return the sum of what went into an account less what left it, of the transfers of a group.

    through: the way to the transfers, like "transfers__", where the rows are others.
    """
    micros = F(f"{through}amount_micros")
    return Sum(
        Case(
            When(**{f"{through}target": account}, then=micros),
            When(**{f"{through}source": account}, then=-micros),
            output_field=BigIntegerField(),
        )
    )


def sql_of(account: str) -> str:
    """Return SQL for what is in an account, by the transfers `t` of a group."""
    return (
        f"CAST(SUM(CASE WHEN t.target = '{account}' THEN t.amount_micros"
        f" WHEN t.source = '{account}' THEN -t.amount_micros ELSE 0 END) AS bigint)"
    )
