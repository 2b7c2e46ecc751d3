"""What detectors of missing money share: one finding an account, project and currency."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from payouts.detectors import wording
from payouts.detectors.shapes import Attempt, Claim, EngagementFacts, Finding, OpenWork, listed

Piece = TypeVar("Piece", OpenWork, Attempt)


def by_project(pieces: Sequence[Piece]) -> Iterator[tuple[str, str, list[Piece]]]:
    """Yield project, currency and their pieces, in order."""
    groups: defaultdict[tuple[str, str], list[Piece]] = defaultdict(list)
    for one in pieces:
        groups[one.project, one.currency].append(one)
    for (project, currency), group in sorted(groups.items()):
        yield project, currency, group


def finding(
    code: str,
    version: int,
    facts: EngagementFacts,
    pieces: Sequence[Piece],
    claims: Sequence[Claim],
    since: Callable[[Piece], int],
    **evidence: Any,
) -> Finding:
    """Return one finding on pieces of one project and currency. claims: at least one a piece."""
    project, currency = pieces[0].project, pieces[0].currency
    micros: defaultdict[int, int] = defaultdict(int)
    for claim in claims:
        micros[claim.work_id] += claim.micros
    return Finding(
        code=code,
        version=version,
        subject=f"{facts.pseudonym}/{currency}/{project}",
        stake_micros=sum(claim.micros for claim in claims),
        currency=currency,
        since_at_ms=min(since(one) for one in pieces),
        evidence={
            "project": project,
            "pieces": len(pieces),
            **evidence,
            "works": listed([(since(one), one, micros[one.work_id]) for one in pieces]),
        },
        claims=tuple(claims),
    )


def sentence(*, stake_micros: int, currency: str, evidence: Mapping[str, Any]) -> str:
    """Return such a finding in words: 'project maps, 3 pieces, 38.40 USD'."""
    elsewhere = evidence.get("staked_elsewhere_micros", 0)
    return (
        f"project {evidence['project']}, {wording.pieces(evidence['pieces'])}, "
        f"{wording.amount(stake_micros + elsewhere, currency)}"
    )
