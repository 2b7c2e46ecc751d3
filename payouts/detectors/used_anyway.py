"""W03 used anyway: work was refused and yet delivered to the client.

Flags   refused money of attempts that a manifest of deliveries names, with their worker: one
        finding an account, project and currency. And, once a project of the vendor, counts of a
        manifest that are more than all attempts that were not refused, where some were.
Leaves  attempts that no manifest names, or only with another worker (who may have made the same
        label again); what was approved after all; what only shrank because an export says less.
Stake   the refused money. A count names no attempts, so nothing is staked on it.
Source  DOMAIN.md W03.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from payouts.detectors import grouped, mass_rejection, stakes, wording
from payouts.detectors.shapes import EngagementFacts, Finding, OpenWork

CODE = "W03"
VERSION = 1
TITLE = "Refused work was delivered"

Guard = Callable[[EngagementFacts, OpenWork], bool]


class Counted(NamedTuple):
    """A project's attempts: delivered as a manifest counts them, refused, and all others."""

    project: str
    delivered: int
    refused: int
    others: int
    since_at_ms: int


def was_delivered(facts: EngagementFacts, work: OpenWork) -> bool:
    """Tell whether a manifest names this attempt of this worker."""
    return work.was_delivered


GUARDS: tuple[Guard, ...] = (
    mass_rejection.money_is_refused,
    mass_rejection.was_decided_against,
    was_delivered,
)


def detect(facts: EngagementFacts, guards: tuple[Guard, ...] = GUARDS) -> Iterator[Finding]:
    """Yield a finding for each project and currency with refused work that was delivered."""
    used = [work for work in facts.works if all(guard(facts, work) for guard in guards)]
    for _, _, works in grouped.by_project(used):
        claims = [stakes.of(work, stakes.REFUSED, work.refused_micros) for work in works]
        yield grouped.finding(CODE, VERSION, facts, works, claims, mass_rejection.since)


def by_count(counts: Iterable[Counted], *, currency: str) -> list[Finding]:
    """Return a finding for each project of which more was delivered than was not refused."""
    return [
        Finding(
            code=CODE,
            version=VERSION,
            subject=f"delivered {one.project}",
            stake_micros=0,
            currency=currency,
            since_at_ms=one.since_at_ms,
            evidence={
                "project": one.project,
                "delivered": one.delivered,
                "refused": one.refused,
                "not_refused": one.others,
            },
        )
        for one in counts
        if one.refused and one.delivered > one.others
    ]


def sentence(*, stake_micros: int, currency: str, evidence: Mapping[str, Any]) -> str:
    """Return the finding in words."""
    if "delivered" in evidence:
        return (
            f"project {evidence['project']}: {wording.pieces(evidence['delivered'])} delivered, "
            f"but only {evidence['not_refused']} not refused; {evidence['refused']} refused"
        )
    return grouped.sentence(stake_micros=stake_micros, currency=currency, evidence=evidence)


def what_happened(
    facts: EngagementFacts | None, evidence: Mapping[str, Any], where: Mapping[str, int]
) -> str:
    """Return why it is not found any more. where: the money of its works, by account."""
    if wording.is_decided_for_the_worker(where):
        return "It was approved after all."
    return "The record of refusals or deliveries says something else now."
