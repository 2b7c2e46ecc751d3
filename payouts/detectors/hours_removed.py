"""W16 hours removed: time that was approved was taken back by a later export, and pay with it.

Flags   attempts whose paid time an export had told as approved and a later one tells as less, where
        money is withheld for it without a reason: one finding an account, project and currency.
Leaves  reductions with a reason and a date; those that came before an approval; those that left the
        pay as it was; what an undo took back.
Stake   what is withheld of these attempts.
Source  DOMAIN.md W16.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from payouts.detectors import deduction, grouped, stakes, wording
from payouts.detectors.shapes import Attempt, EngagementFacts, Finding, OpenWork

CODE = "W16"
VERSION = 1
TITLE = "Approved hours were taken back"

Guard = Callable[[EngagementFacts, OpenWork, Attempt], bool]


def was_shortened(facts: EngagementFacts, work: OpenWork, attempt: Attempt) -> bool:
    """Tell whether less time is paid now than once was approved."""
    return removed(attempt) > 0


def pay_went_with_it(facts: EngagementFacts, work: OpenWork, attempt: Attempt) -> bool:
    """Tell whether money is withheld since."""
    return deduction.is_withheld(facts, work)


def gives_no_reason(facts: EngagementFacts, work: OpenWork, attempt: Attempt) -> bool:
    """Tell whether nobody has said why."""
    return deduction.is_not_explained(facts, work)


GUARDS: tuple[Guard, ...] = (was_shortened, pay_went_with_it, gives_no_reason)


def removed(attempt: Attempt) -> int:
    """Return the approved time in ms that is not paid any more."""
    return max(0, (attempt.approved_paid_ms or 0) - (attempt.paid_ms or 0))


def detect(facts: EngagementFacts, guards: tuple[Guard, ...] = GUARDS) -> Iterator[Finding]:
    """Yield a finding for each project and currency whose approved hours were taken back."""
    attempts = {one.work_id: one for one in facts.attempts}
    less = [
        work
        for work in facts.works
        if work.work_id in attempts
        and all(guard(facts, work, attempts[work.work_id]) for guard in guards)
    ]
    for _, _, works in grouped.by_project(less):
        claims = [stakes.of(work, stakes.WITHHELD, work.withheld_micros) for work in works]
        removed_ms = sum(removed(attempts[work.work_id]) for work in works)
        yield grouped.finding(
            CODE, VERSION, facts, works, claims, deduction.since, removed_ms=removed_ms
        )


def sentence(*, stake_micros: int, currency: str, evidence: Mapping[str, Any]) -> str:
    """Return the finding in words: how much time was taken back, and how much money."""
    hours = wording.hours(evidence["removed_ms"])
    said = grouped.sentence(stake_micros=stake_micros, currency=currency, evidence=evidence)
    return f"{said}, {hours} that had been approved"


what_happened = deduction.what_happened
