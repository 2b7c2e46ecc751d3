"""Detectors: pure functions that ask whether pay is missing. One file a detector.

Codes are those of DOMAIN.md and are never used again for something else. A new VERSION of a
detector makes new flags and rewrites none. `DETECTORS` judge an account, W32 a whole vendor.
"""

from collections.abc import Mapping
from types import ModuleType
from typing import Any

from payouts.detectors import below_floor, late_pay, record_gap, stakes, undecided
from payouts.detectors.shapes import EngagementFacts, Finding

DETECTORS: tuple[ModuleType, ...] = (late_pay, undecided, below_floor)
BY_CODE: dict[str, ModuleType] = {module.CODE: module for module in (*DETECTORS, record_gap)}
CODES = tuple(BY_CODE)


def judge(facts: EngagementFacts) -> list[Finding]:
    """Return what all detectors find in one account's facts, with stakes that may be added up."""
    return stakes.counted_once(
        finding for detector in DETECTORS for finding in detector.detect(facts)
    )


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
