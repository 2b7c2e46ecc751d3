"""W12 below the rate: less was promised for a piece of work than was agreed when it was claimed.

Flags   tasks whose price is below the rate in force at claim, where that is more than rounding and,
        in all, more than a coin: one finding an account, project and currency.
Leaves  differences of rounding, up to a coin and ROUNDING_PERCENT of the price; refused work;
        pay that is not known, or in another currency than the rate; projects for which no rate is
        on record (W32 says so once).
Stake   what is missing to the agreed price; it was never promised, so no account holds it.
Source  UK Employment Rights Act 1996, section 13: what is paid below what is properly payable is a
        deduction, and needs a ground. What counts as rounding is chosen here.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_lazy, gettext_noop

from ledger.money import coin_micros
from payouts.detectors import grouped, stakes
from payouts.detectors.shapes import Attempt, EngagementFacts, Finding

CODE = "W12"
VERSION = 1
TITLE = gettext_lazy("Work was priced below the agreed rate")

ROUNDING_PERCENT = 1  # a coin is no rounding of a price of few coins

Guard = Callable[[EngagementFacts, Attempt], bool]


def missing(attempt: Attempt) -> int:
    """Return the micros that are missing to the agreed price; 0 where either is not known."""
    if attempt.agreed_micros is None or attempt.promised_micros is None:
        return 0
    return max(0, attempt.agreed_micros - attempt.promised_micros)


def is_more_than_rounding(facts: EngagementFacts, attempt: Attempt) -> bool:
    """Tell whether more is missing than a coin, or than ROUNDING_PERCENT of the price."""
    lost, agreed = missing(attempt), attempt.agreed_micros or 0
    return lost > coin_micros(attempt.currency) or lost * 100 > agreed * ROUNDING_PERCENT


def was_not_refused(facts: EngagementFacts, attempt: Attempt) -> bool:
    """Tell whether nobody refused the work: what is refused has other questions to answer."""
    return attempt.decided_as != "refused"


def was_handed_in(facts: EngagementFacts, attempt: Attempt) -> bool:
    """Tell whether it was finished: what was given back or ran out has no piece to be priced."""
    return attempt.ended_as == "submitted"


GUARDS: tuple[Guard, ...] = (is_more_than_rounding, was_not_refused, was_handed_in)


def detect(facts: EngagementFacts, guards: tuple[Guard, ...] = GUARDS) -> Iterator[Finding]:
    """Yield a finding for each project and currency that was priced too low."""
    low = [
        one
        for one in facts.attempts
        if missing(one) > 0 and all(guard(facts, one) for guard in guards)
    ]
    for _, currency, pieces in grouped.by_project(low):
        claims = [stakes.of(one, stakes.AGREED, missing(one)) for one in pieces]
        if sum(claim.micros for claim in claims) > coin_micros(currency):
            yield grouped.finding(CODE, VERSION, facts, pieces, claims, lambda one: one.ended_at_ms)


sentence = grouped.sentence


def what_happened(
    facts: EngagementFacts | None, evidence: Mapping[str, Any], where: Mapping[str, int]
) -> str:
    """Return why it is not found any more."""
    return gettext_noop(
        "The price reaches the agreed rate now, or the work is not in the record any more."
    )
