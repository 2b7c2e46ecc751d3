"""W02 undecided: work was handed in, and the time to decide on it has gone by without a decision.

Flags   pending money after the instant by which its work was to be decided (what the row promised,
        else the pay terms in force): one finding an account, project and currency.
Leaves  what was decided, however late; what was never handed in (nothing is pending then); windows
        still open; work whose pay is not known: no money shows whether it was decided.
Stake   the pending money, all of it: a window that lapses counts as approval.
Source  Prolific (21 days, then approved), MTurk (AutoApprovalTime); DOMAIN's default of 7 days.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ledger.known import LAPSED
from payouts.detectors import stakes, wording
from payouts.detectors.shapes import EngagementFacts, Finding, OpenWork, listed

CODE = "W02"
VERSION = 1
TITLE = "Work was handed in and never decided"

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
    by_project: defaultdict[tuple[str, str], list[OpenWork]] = defaultdict(list)
    for work in overdue(facts, guards):
        by_project[work.project, work.currency].append(work)
    for (project, currency), works in sorted(by_project.items()):
        since = [_since(work) for work in works]
        entries = list(zip(since, works, [work.pending_micros for work in works], strict=True))
        yield Finding(
            code=CODE,
            version=VERSION,
            subject=f"{facts.pseudonym}/{currency}/{project}",
            stake_micros=sum(work.pending_micros for work in works),
            currency=currency,
            since_at_ms=min(since),
            evidence={"project": project, "pieces": len(works), "works": listed(entries)},
            claims=tuple(stakes.of(work, stakes.PENDING, work.pending_micros) for work in works),
        )


def _since(work: OpenWork) -> int:
    return work.ended_at_ms if work.decide_by_at_ms is None else work.decide_by_at_ms


def sentence(*, stake_micros: int, currency: str, evidence: Mapping[str, Any]) -> str:
    """Return the finding in words: 'project maps, 3 pieces, 38.40 USD'."""
    count = wording.pieces(evidence["pieces"])
    return f"project {evidence['project']}, {count}, {wording.amount(stake_micros, currency)}"


def what_happened(
    facts: EngagementFacts | None, evidence: Mapping[str, Any], where: Mapping[str, int]
) -> str:
    """Return why it is not found any more. where: the money of its works, by account."""
    if wording.positive(where, "pending"):
        return "The time to decide is not over on the day asked."
    approved = wording.is_decided_for_the_worker(where)
    if approved and wording.positive(where, "refused"):
        return "It has been decided: some of it was approved, some refused."
    if approved and wording.positive(where, LAPSED):
        return "It was approved because the review window lapsed."
    if approved:
        return "It has been decided: approved."
    if wording.positive(where, "refused"):
        return "It has been decided: refused."
    return "The record that said so was taken back."
