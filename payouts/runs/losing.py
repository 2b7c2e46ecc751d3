"""What the payments of a run will lose on their way at the workers' cost, week by week of the work.

As far as the fee of the way is declared. It is taken of what arrives, and falls on the debts that
the payment pays in proportion, a fraction of a micro up: it is held against the floor.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date

from ledger.money import ceil_div
from ledger.owed import Owed
from ledger.periods import week_of
from payouts.leaving.fees import Fee, Way
from payouts.runs.converting import Payout


def by_week(
    debts: Iterable[Owed],
    payouts: Mapping[int, Payout | None],
    ways: Mapping[int, Way],
    fees: Mapping[Way, Fee],
    zone: str,
) -> dict[tuple[int, date], int]:
    """Return what is lost by (account, Monday), in micros of the currency that is owed.

    payouts: what is paid out in other currencies; accounts without a rate lose nothing that is
    known.
    """
    lost: Counter[tuple[int, date]] = Counter()
    for one in debts:
        fee = fees.get(ways.get(one.engagement_id, ("", "")))
        payout = payouts.get(one.engagement_id)
        if fee is None or (payout is None and one.engagement_id in payouts):
            continue
        out = payout.micros if payout is not None else one.paid_in(one.currency)
        weeks: Counter[date] = Counter()
        for debt, ended_at_ms in zip(one.debts, one.ended_at_ms, strict=True):
            weeks[week_of(ended_at_ms, zone).starts_on] += debt.open_micros
        for starts_on, micros in weeks.items():
            lost[one.engagement_id, starts_on] = ceil_div(fee.of(out) * micros, out)
    return dict(lost)
