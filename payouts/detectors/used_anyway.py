"""W03 used anyway: work was refused and yet delivered to the client.

Flags   refused money of attempts that a manifest of deliveries names, with their worker: one
        finding an account, project and currency. And, once a project of the vendor, counts of a
        manifest that are more than all attempts that were approved, where some were refused.
Leaves  attempts that no manifest names, or only with another worker (who may have made the same
        label again); what was approved after all; what only shrank because an export says less.
Stake   the refused money. A count names no attempts: each that is more than was approved, and than
        other findings hold by name, is worth at least the lowest price that was refused.
Source  Fairwork Cloudwork principles (June 2024), 1.1: no client may leave completed work unpaid;
        29 CFR 785.13: who takes the benefit of work pays for it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from operator import attrgetter
from typing import Any, NamedTuple

from django.utils.translation import gettext, gettext_lazy, gettext_noop

from payouts.detectors import grouped, mass_rejection, stakes, wording
from payouts.detectors.shapes import EngagementFacts, Finding, OpenWork

CODE = "W03"
VERSION = 1
TITLE = gettext_lazy("Refused work was delivered")
NAMING_REFUSED = (CODE, mass_rejection.CODE)  # kinds whose findings hold refused money by its work

Guard = Callable[[EngagementFacts, OpenWork], bool]


class Counted(NamedTuple):
    """A project's attempts: delivered as a manifest counts them, refused, and approved."""

    project: str
    delivered: int
    refused: int
    approved: int
    since_at_ms: int
    lowest_micros: int  # of what was refused
    currency: str


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
        yield grouped.finding(CODE, VERSION, facts, works, claims, attrgetter("refused_at_ms"))


def by_count(counts: Iterable[Counted], named: Mapping[str, int]) -> list[Finding]:
    """Return a finding for each project of which more was delivered than was approved.

    named: by project, how many refused attempts findings of NAMING_REFUSED hold already.
    """
    return [
        Finding(
            code=CODE,
            version=VERSION,
            subject=f"delivered {one.project}",
            stake_micros=one.lowest_micros * unnamed(one, named.get(one.project, 0)),
            currency=one.currency,
            since_at_ms=one.since_at_ms,
            evidence={
                "project": one.project,
                "delivered": one.delivered,
                "refused": one.refused,
                "approved": one.approved,
            },
        )
        for one in counts
        if one.refused and one.delivered > one.approved
    ]


def unnamed(one: Counted, named: int) -> int:
    """Return how many refused attempts were used for certain, beside those held by name.

    >>> unnamed(Counted("maps", 9, 5, 6, 0, 1, "USD"), 1)
    2
    """
    return max(0, min(one.delivered - one.approved, one.refused) - named)


def sentence(*, stake_micros: int, currency: str, evidence: Mapping[str, Any]) -> str:
    """Return the finding in words."""
    if "delivered" in evidence:
        said = gettext(
            "project %(project)s: %(pieces)s delivered, but only %(approved)s approved; "
            "%(refused)s refused, of which at least %(amount)s was used"
        )
        return said % {
            "project": evidence["project"],
            "pieces": wording.pieces(evidence["delivered"]),
            "approved": wording.number(evidence["approved"]),
            "refused": wording.number(evidence["refused"]),
            "amount": wording.amount(stake_micros, currency),
        }
    return grouped.sentence(stake_micros=stake_micros, currency=currency, evidence=evidence)


def what_happened(
    facts: EngagementFacts | None, evidence: Mapping[str, Any], where: Mapping[str, int]
) -> str:
    """Return why it is not found any more. where: the money of its works, by account."""
    if wording.is_decided_for_the_worker(where):
        return gettext_noop("It was approved after all.")
    return gettext_noop("The record of refusals or deliveries says something else now.")
