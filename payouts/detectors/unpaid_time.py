"""What detectors of unpaid time share: one finding an account, project and currency.

Time is an account's hours: what two attempts at once have in common is in one of them only, and
where a tool measured less, the measured time counts. Its worth is the rate agreed by the hour or
the floor, whichever is more.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from payouts.detectors import stakes, wording
from payouts.detectors.shapes import Attempt, EngagementFacts, Finding, listed

Guard = Callable[[EngagementFacts, Attempt], bool]


def time_of(attempt: Attempt) -> int:
    """Return the time of an attempt in ms; 0 where none is known."""
    known = [ms for ms in (attempt.share_ms, attempt.active_ms) if ms is not None]
    return min(known, default=0)


def no_pay(facts: EngagementFacts, attempt: Attempt) -> bool:
    """Tell whether it is known that nothing was promised for it, and nothing came of it."""
    return attempt.promised_micros == 0 and attempt.earned_micros <= 0


def took_time(facts: EngagementFacts, attempt: Attempt) -> bool:
    """Tell whether any of its time is known to be its own."""
    return time_of(attempt) > 0


def detect(
    code: str, version: int, facts: EngagementFacts, guards: tuple[Guard, ...]
) -> Iterator[Finding]:
    """Yield a finding for each project and currency with attempts that all guards let through."""
    by_project: defaultdict[tuple[str, str], list[Attempt]] = defaultdict(list)
    for attempt in facts.attempts:
        if all(guard(facts, attempt) for guard in guards):
            by_project[attempt.project, attempt.hourly_currency].append(attempt)
    for (project, currency), attempts in sorted(by_project.items()):
        claims = tuple(stakes.of(one, stakes.TIME, one.worth(time_of(one))) for one in attempts)
        since = [one.ended_at_ms for one in attempts]
        worth = [claim.micros for claim in claims]
        yield Finding(
            code=code,
            version=version,
            subject=f"{facts.pseudonym}/{currency}/{project}",
            stake_micros=sum(worth),
            currency=currency,
            since_at_ms=min(since),
            evidence={
                "project": project,
                "pieces": len(attempts),
                "time_ms": sum(map(time_of, attempts)),
                "works": listed(list(zip(since, attempts, worth, strict=True))),
            },
            claims=claims,
        )


def sentence(*, stake_micros: int, currency: str, evidence: Mapping[str, Any]) -> str:
    """Return the finding in words: 'project maps, 3 pieces, 1 h 30 min without pay'."""
    return (
        f"project {evidence['project']}, {wording.pieces(evidence['pieces'])}, "
        f"{wording.hours(evidence['time_ms'])} without pay"
    )


def what_happened(
    facts: EngagementFacts | None, evidence: Mapping[str, Any], where: Mapping[str, int]
) -> str:
    """Return why it is not found any more. where: the money of its works, by account."""
    if wording.is_decided_for_the_worker(where):
        return "It has pay now."
    if wording.positive(where, "pending", "refused"):
        return "Pay was promised for it."
    return "The record of this time says something else now."
