"""What W19, W20 and W21 share: payments that arrived, and how a finding about them is made."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_noop, ngettext

from payouts.detectors import grouped, wording
from payouts.detectors.shapes import EngagementFacts, Finding, Settled

Cost = Callable[[Settled], int]  # what a payment cost the worker, in micros


def findings(
    code: str,
    version: int,
    facts: EngagementFacts,
    payments: Iterable[Settled],
    cost: Cost,
    currency: Callable[[Settled], str],
) -> Iterator[Finding]:
    """Yield a finding for each currency, of payments that cost the worker something."""
    by_currency: defaultdict[str, list[Settled]] = defaultdict(list)
    for payment in payments:
        by_currency[currency(payment)].append(payment)
    for code_of_money, group in sorted(by_currency.items()):
        group.sort(key=lambda one: (one.at_ms, one.reference))
        yield Finding(
            code=code,
            version=version,
            subject=f"{facts.pseudonym}/{code_of_money}",
            stake_micros=sum(map(cost, group)),
            currency=code_of_money,
            since_at_ms=group[0].at_ms,
            evidence={
                "count": len(group),
                "payments": [_listed(one, cost(one)) for one in group[: grouped.MOST_LISTED]],
            },
        )


def _listed(payment: Settled, micros: int) -> dict[str, Any]:
    arrived = payment.exchanged
    more: dict[str, Any] = {}
    if arrived is not None:
        more = {
            "arrived_micros": arrived.micros,
            "arrived_currency": arrived.currency,
            "rates": list(arrived.rates),
        }
    return {
        "reference": payment.reference,
        "at_ms": payment.at_ms,
        "net_micros": payment.net_micros,
        "currency": payment.currency,
        "micros": micros,
        **more,
    }


def sentence(*, stake_micros: int, currency: str, evidence: Mapping[str, Any]) -> str:
    """Return the finding in words: 'of 2 payments, 38.40 USD'."""
    said = ngettext(
        "of %(number)s payment, %(amount)s", "of %(number)s payments, %(amount)s", evidence["count"]
    )
    return said % {
        "number": evidence["count"],
        "amount": wording.amount(stake_micros, currency),
    }


def what_happened(
    facts: EngagementFacts | None, evidence: Mapping[str, Any], where: Mapping[str, int]
) -> str:
    """Return why it is not found any more: payments do not change, but a record can be undone."""
    return gettext_noop("The record that said so was taken back.")
