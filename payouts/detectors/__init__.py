"""Detectors: pure functions that ask whether pay is missing. One file a detector.

A code is never used again for something else. A new VERSION of a detector makes new flags and
rewrites none. `DETECTORS` judge an account, OF_VENDORS a whole vendor. docs/checks.md is written
from their first lines (payouts/catalogue.py): what each Flags and Leaves, its Stake, its Source.
"""

from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Any

from payouts.detectors import (
    around_work,
    awarding,
    below_floor,
    below_rate,
    broken_promise,
    cancelled,
    deduction,
    excessive_hours,
    exchange_mark_up,
    expired,
    forfeited,
    hours_removed,
    instruction_churn,
    late_exchange,
    late_pay,
    mass_rejection,
    one_way_errors,
    qualification,
    rate_cut,
    record_gap,
    regions,
    returned_payment,
    reused_id,
    rework,
    stakes,
    stopped,
    threshold,
    time_cut,
    training,
    transfer_fees,
    undecided,
    used_anyway,
    vanished_work,
    waiting,
)
from payouts.detectors.shapes import EngagementFacts, Finding

# In this order a stake is counted: who stands first takes it. What is more particular comes first,
# but for W01 and W02, whose questions are the plainest.
DETECTORS: tuple[ModuleType, ...] = (
    late_pay,
    undecided,
    used_anyway,
    mass_rejection,
    vanished_work,
    reused_id,
    returned_payment,
    forfeited,
    cancelled,
    threshold,
    rate_cut,
    below_rate,
    broken_promise,
    time_cut,
    expired,
    hours_removed,
    deduction,
    rework,
    instruction_churn,
    training,
    waiting,
    qualification,
    around_work,
    stopped,
    transfer_fees,
    exchange_mark_up,
    late_exchange,
    below_floor,
    excessive_hours,
)
OF_VENDORS: tuple[ModuleType, ...] = (one_way_errors, regions, record_gap)
BY_CODE: dict[str, ModuleType] = {module.CODE: module for module in (*DETECTORS, *OF_VENDORS)}
CODES = tuple(BY_CODE)


EVERYBODY = frozenset({"vendor", "worker", "auditor"})


def audience(code: str) -> frozenset[str]:
    """Return whom the flags of a code are for.

    >>> sorted(audience("W30")), audience("W01") == EVERYBODY
    (['auditor', 'worker'], True)
    """
    found: frozenset[str] = getattr(BY_CODE[code], "AUDIENCE", EVERYBODY)
    return found


def judge(facts: EngagementFacts) -> list[Finding]:
    """Return what all detectors find in one account's facts, with stakes that may be added up."""
    return stakes.counted_once(_found(facts))


def with_awards(facts: EngagementFacts) -> EngagementFacts:
    """Return an account's facts with its awards laid on the time that they pay."""
    return awarding.laid(facts, _found(facts)) if facts.awards else facts


def _found(facts: EngagementFacts) -> Iterator[Finding]:
    return (finding for detector in DETECTORS for finding in detector.detect(facts))


def title(code: str) -> str:
    """Return what a code flags, in plain words. Raises KeyError for an unknown code.

    >>> title("W01")
    'Approved work has not been paid'
    """
    return str(BY_CODE[code].TITLE)


def sentence(*, code: str, stake_micros: int, currency: str, evidence: Mapping[str, Any]) -> str:
    """Return one finding in plain words, with its day, its pieces and its money.

    >>> sentence(code="W01", stake_micros=38_400_000, currency="USD",
    ...          evidence={"due_on": "2026-11-02", "pieces": 3})
    'due 2 Nov 2026, 3 pieces, 38.40 USD'
    """
    module = BY_CODE[code]
    return str(module.sentence(stake_micros=stake_micros, currency=currency, evidence=evidence))
