"""W17 deduction: money that was owed is held back, and the record does not say why.

Flags   money in `withheld` whose last hold or deduction is not explained: no reason, no date, or no
        more than that the source now says less. One finding an account, project and currency.
        A hold that is past its end counts as one that nobody explains.
Leaves  what is held by a decision on record: the database holds it to a reason, a notice and
        whoever decided, and deductions to evidence and an appeal; what an export takes back with a
        reason and a date; what was remitted on a legal basis (tax) and what was applied to an
        advance, which are other accounts; what was released.
Stake   what is withheld without such a decision.
Source  DOMAIN.md W17; ILO Convention 95, articles 8 and 14 (deductions must be told).
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from payouts.detectors import grouped, stakes, wording
from payouts.detectors.shapes import EngagementFacts, Finding, OpenWork

CODE = "W17"
VERSION = 1
TITLE = "Pay is held back without an explanation"
# What imports write where the source gives no reason (ledger/known.py).
NO_REASONS = frozenset({"", "no reason given", "the source now says less", "the import was undone"})

Guard = Callable[[EngagementFacts, OpenWork], bool]


def unexplained(work: OpenWork) -> int:
    """Return the micros that are withheld by no decision that stands."""
    return work.withheld_micros - work.held_micros


def is_withheld(facts: EngagementFacts, work: OpenWork) -> bool:
    """Tell whether money of this work is held back, and no decision on record says so."""
    return unexplained(work) > 0


def is_not_explained(facts: EngagementFacts, work: OpenWork) -> bool:
    """Tell whether a reason or its date is missing."""
    told = work.withholding
    return told is None or told.at_ms is None or told.reason in NO_REASONS


GUARDS: tuple[Guard, ...] = (is_withheld, is_not_explained)


def detect(facts: EngagementFacts, guards: tuple[Guard, ...] = GUARDS) -> Iterator[Finding]:
    """Yield a finding for each project and currency with unexplained deductions."""
    held = [work for work in facts.works if all(guard(facts, work) for guard in guards)]
    for _, _, works in grouped.by_project(held):
        claims = [stakes.of(work, stakes.WITHHELD, unexplained(work)) for work in works]
        yield grouped.finding(CODE, VERSION, facts, works, claims, since)


def since(work: OpenWork) -> int:
    """Return when it was held back; the end of the work where that is not dated."""
    told = work.withholding
    return work.ended_at_ms if told is None or told.at_ms is None else told.at_ms


sentence = grouped.sentence


def what_happened(
    facts: EngagementFacts | None, evidence: Mapping[str, Any], where: Mapping[str, int]
) -> str:
    """Return why it is not found any more. where: the money of its works, by account."""
    if wording.positive(where, "withheld"):
        return "A reason was given."
    if wording.is_decided_for_the_worker(where):
        return "It was released."
    return "The record that said so was taken back."
