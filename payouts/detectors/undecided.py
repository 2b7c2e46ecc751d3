"""W02 undecided: work was handed in, and the time to decide on it has gone by without a decision.

Flags   pending money after the instant by which its work was to be decided (what the row promised,
        else the pay terms in force): one finding an account, project and currency.
Leaves  what was decided, however late; what was never handed in (nothing is pending then); windows
        still open; work whose pay is not known: no money shows whether it was decided.
Stake   the pending money, all of it: a window that lapses counts as approval.
Source  Prolific's researcher help 360009092394 (what nobody reviewed for 21 days is approved);
        Mechanical Turk's API, Assignment, AutoApprovalTime. 7 days without terms are chosen here
        (D-014).
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_lazy, gettext_noop

from ledger.known import LAPSED
from payouts.detectors import grouped, stakes, wording
from payouts.detectors.shapes import EngagementFacts, Finding, OpenWork

CODE = "W02"
VERSION = 1
TITLE = gettext_lazy("Work was handed in and never decided")

Guard = Callable[[EngagementFacts, OpenWork], bool]


def nobody_decided(facts: EngagementFacts, work: OpenWork) -> bool:
    """Tell whether money of this work still waits for a decision."""
    return work.pending_micros > 0


def window_has_closed(facts: EngagementFacts, work: OpenWork) -> bool:
    """Tell whether the instant by which it was to be decided has gone by."""
    return work.decide_by_at_ms is not None and facts.as_of_ms > work.decide_by_at_ms


GUARDS: tuple[Guard, ...] = (nobody_decided, window_has_closed)


def overdue(facts: EngagementFacts, guards: tuple[Guard, ...] = GUARDS) -> list[OpenWork]:
    """Return the works that should have been decided; their pending money is this code's stake."""
    return [work for work in facts.works if all(guard(facts, work) for guard in guards)]


def detect(facts: EngagementFacts, guards: tuple[Guard, ...] = GUARDS) -> Iterator[Finding]:
    """Yield a finding for each project and currency with overdue decisions."""
    for _, _, works in grouped.by_project(overdue(facts, guards)):
        claims = [stakes.of(work, stakes.PENDING, work.pending_micros) for work in works]
        yield grouped.finding(CODE, VERSION, facts, works, claims, _since)


def _since(work: OpenWork) -> int:
    return work.ended_at_ms if work.decide_by_at_ms is None else work.decide_by_at_ms


sentence = grouped.sentence


def what_happened(
    facts: EngagementFacts | None, evidence: Mapping[str, Any], where: Mapping[str, int]
) -> str:
    """Return why it is not found any more. where: the money of its works, by account."""
    if wording.positive(where, "pending"):
        return gettext_noop("The time to decide is not over on the day asked.")
    approved = wording.is_decided_for_the_worker(where)
    if approved and wording.positive(where, "refused"):
        return gettext_noop("It has been decided: some of it was approved, some refused.")
    if approved and wording.positive(where, LAPSED):
        return gettext_noop("It was approved because the review window lapsed.")
    if approved:
        return gettext_noop("It has been decided: approved.")
    if wording.positive(where, "refused"):
        return gettext_noop("It has been decided: refused.")
    return gettext_noop("The record that said so was taken back.")
