"""W08 below a threshold: a small balance is kept back because it is too small to be paid out.

Flags   what is owed to an account in a currency, where it is less than the payout threshold of the
        pay terms and its oldest work ended more than DAYS ago: one finding an account and currency.
Leaves  balances that reach the threshold; younger ones; terms without a threshold; platforms that
        pay on approval; balances that payments may have settled which are not on record yet.
        Whether the worker chose to save up is not on record: that is for the vendor to show.
Stake   the balance, whenever it is due; late pay (W01) asks for the same money, which counts once.
Source  Fairwork Cloudwork principles (June 2024), 1.1: withdrawals at reasonable thresholds. Seen
        at Appen (help 13261737231764: 5 USD); at Bugcrowd the payee chooses it. The number of days
        is chosen here.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext, gettext_lazy, gettext_noop

from ledger.periods import DAY_MS, day_of
from payouts.detectors import grouped, late_pay, stakes, wording
from payouts.detectors.shapes import EngagementFacts, Finding, OpenWork

CODE = "W08"
VERSION = 1
TITLE = gettext_lazy("A balance is too small to be paid out")
DAYS = 30

Guard = Callable[[EngagementFacts, list[OpenWork]], bool]


def balance(works: list[OpenWork]) -> int:
    """Return what is owed for these works, in micros."""
    return sum(debt.micros for work in works for debt in work.debts)


def threshold(works: list[OpenWork]) -> int:
    """Return the highest threshold in the terms of these works; 0 where there is none."""
    return max(work.threshold_micros for work in works)


def is_below_the_threshold(facts: EngagementFacts, works: list[OpenWork]) -> bool:
    """Tell whether all of it together is less than what is paid out."""
    return balance(works) < threshold(works)


def is_old(facts: EngagementFacts, works: list[OpenWork]) -> bool:
    """Tell whether the oldest of this work ended more than DAYS ago."""
    return facts.as_of_ms > _since(works)


def payments_are_known(facts: EngagementFacts, works: list[OpenWork]) -> bool:
    """Tell whether the record of payments reaches over the DAYS after the oldest work."""
    reached = day_of(_since(works), "UTC")
    return facts.payments_known_until is not None and reached <= facts.payments_known_until


def payments_are_reported(facts: EngagementFacts, works: list[OpenWork]) -> bool:
    """Tell whether the payments of any of it reach the ledger as remittances at all."""
    return any(not work.pays_on_approval for work in works)


GUARDS: tuple[Guard, ...] = (
    is_below_the_threshold,
    is_old,
    payments_are_known,
    payments_are_reported,
)


def detect(facts: EngagementFacts, guards: tuple[Guard, ...] = GUARDS) -> Iterator[Finding]:
    """Yield a finding for each currency in which a small balance is kept back."""
    by_currency: defaultdict[str, list[OpenWork]] = defaultdict(list)
    for work in facts.works:
        if work.debts:
            by_currency[work.currency].append(work)
    for currency, works in sorted(by_currency.items()):
        if not all(guard(facts, works) for guard in guards):
            continue
        entries = [(work.ended_at_ms, work, balance([work])) for work in works]
        yield Finding(
            code=CODE,
            version=VERSION,
            subject=f"{facts.pseudonym}/{currency}",
            stake_micros=balance(works),
            currency=currency,
            since_at_ms=_since(works),
            evidence={
                "pieces": len(works),
                "balance_micros": balance(works),
                "threshold_micros": threshold(works),
                "works": grouped.listed(entries),
            },
            claims=tuple(claim for work in works for claim in stakes.debts(work)),
        )


def _since(works: list[OpenWork]) -> int:
    return min(work.ended_at_ms for work in works) + DAYS * DAY_MS


def sentence(*, stake_micros: int, currency: str, evidence: Mapping[str, Any]) -> str:
    """Return the finding in words: '2 pieces, 3.50 USD; nothing is paid out below 5.00 USD'."""
    return gettext("%(pieces)s, %(owed)s; nothing is paid out below %(least)s") % {
        "pieces": wording.pieces(evidence["pieces"]),
        "owed": wording.amount(evidence["balance_micros"], currency),
        "least": wording.amount(evidence["threshold_micros"], currency),
    }


def what_happened(
    facts: EngagementFacts | None, evidence: Mapping[str, Any], where: Mapping[str, int]
) -> str:
    """Return why it is not found any more. where: the money of its works, by account."""
    if wording.positive(where, "payable"):
        return gettext_noop("The balance reaches what is paid out now.")
    return late_pay.what_happened(facts, evidence, where)
