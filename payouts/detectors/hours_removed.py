"""W16 hours removed: time that was approved was taken back by a later export.

Flags   attempts whose paid time an export had told as approved and a later one tells as less, where
        money is withheld for it without a reason; and attempts whose clock was shortened so, by
        more than LEAST_MS, though their pay is not by the hour: one finding an account, project and
        currency. Hours that vanish make the rate of those that stay look better.
Leaves  reductions with a reason and a date; those that came before an approval; paid time that left
        the pay as it was; work that was refused; what an undo took back.
Stake   what is withheld of these attempts.
Source  Mercor's policy on time (all-work-paid, removal-disputes): a person reviews each removal,
        and the worker has hours and reason before the payout. EU Directive 2024/2831, article 11:
        reasons in writing for a refusal of payment. The least time is chosen here.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext, gettext_lazy

from payouts.detectors import below_rate, deduction, grouped, stakes, wording
from payouts.detectors.shapes import Attempt, EngagementFacts, Finding, OpenWork

CODE = "W16"
VERSION = 1
TITLE = gettext_lazy("Approved hours were taken back")
LEAST_MS = 60_000  # less is a clock that was set right

Guard = Callable[[EngagementFacts, OpenWork | None, Attempt], bool]


def was_shortened(facts: EngagementFacts, work: OpenWork | None, attempt: Attempt) -> bool:
    """Tell whether less time counts now than once was approved."""
    return removed(attempt) > 0


def pay_went_with_it(facts: EngagementFacts, work: OpenWork | None, attempt: Attempt) -> bool:
    """Tell whether money is withheld since, where time was what was paid."""
    return attempt.paid_ms is None or (work is not None and deduction.is_withheld(facts, work))


def gives_no_reason(facts: EngagementFacts, work: OpenWork | None, attempt: Attempt) -> bool:
    """Tell whether nobody has said why."""
    return work is None or not work.withheld_micros or deduction.is_not_explained(facts, work)


def still_stands(facts: EngagementFacts, work: OpenWork | None, attempt: Attempt) -> bool:
    """Tell whether the work was not refused since: then W17 asks about all of it."""
    return attempt.paid_ms is not None or below_rate.was_not_refused(facts, attempt)


GUARDS: tuple[Guard, ...] = (was_shortened, pay_went_with_it, gives_no_reason, still_stands)


def removed(attempt: Attempt) -> int:
    """Return the approved time in ms that is not there any more: paid time, else of the clock."""
    if attempt.paid_ms is not None:
        return max(0, (attempt.approved_paid_ms or 0) - attempt.paid_ms)
    if attempt.clock_ms is None or attempt.approved_clock_ms is None:
        return 0
    gone = attempt.approved_clock_ms - attempt.clock_ms
    return gone if gone > LEAST_MS else 0


def detect(facts: EngagementFacts, guards: tuple[Guard, ...] = GUARDS) -> Iterator[Finding]:
    """Yield a finding for each project and currency whose approved hours were taken back."""
    works = {work.work_id: work for work in facts.works}
    less = [
        attempt
        for attempt in facts.attempts
        if all(guard(facts, works.get(attempt.work_id), attempt) for guard in guards)
    ]
    for _, _, pieces in grouped.by_project(less):
        claims = [
            stakes.of(one, stakes.WITHHELD, _unexplained(works.get(one.work_id))) for one in pieces
        ]
        yield grouped.finding(
            CODE,
            VERSION,
            facts,
            pieces,
            claims,
            lambda one: _since(works.get(one.work_id), one),
            removed_ms=sum(map(removed, pieces)),
        )


def _unexplained(work: OpenWork | None) -> int:
    return deduction.unexplained(work) if work is not None else 0


def _since(work: OpenWork | None, attempt: Attempt) -> int:
    return attempt.ended_at_ms if work is None else work.withheld_at_ms


def sentence(*, stake_micros: int, currency: str, evidence: Mapping[str, Any]) -> str:
    """Return the finding in words: how much time was taken back, and how much money."""
    hours = wording.hours(evidence["removed_ms"])
    said = grouped.sentence(stake_micros=stake_micros, currency=currency, evidence=evidence)
    whole = gettext("%(finding)s, %(time)s that had been approved")
    return whole % {"finding": said, "time": hours}


what_happened = deduction.what_happened
