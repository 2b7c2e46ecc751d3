"""What most detectors share: one finding an account, project and currency."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import Any, TypeVar

from django.utils.translation import gettext

from payouts.detectors import wording
from payouts.detectors.shapes import Attempt, Claim, EngagementFacts, Finding, OpenWork
from payouts.detectors.terms import Reading

Piece = TypeVar("Piece", bound=OpenWork | Attempt)
OfAProject = TypeVar("OfAProject", bound=OpenWork | Attempt | Reading)
Currency = Callable[[Any], str]  # of a piece
OF_ITS_PAY: Currency = attrgetter("currency")
MOST_LISTED = 500  # works named in one finding's evidence, the oldest first; all are counted


def by_project(
    pieces: Iterable[OfAProject], currency: Currency = OF_ITS_PAY
) -> Iterator[tuple[str, str, list[OfAProject]]]:
    """Yield project, currency and their pieces, in order."""
    groups: defaultdict[tuple[str, str], list[OfAProject]] = defaultdict(list)
    for one in pieces:
        groups[one.project, currency(one)].append(one)
    for (project, unit), group in sorted(groups.items()):
        yield project, unit, group


def finding(
    code: str,
    version: int,
    facts: EngagementFacts,
    pieces: Sequence[Piece],
    claims: Sequence[Claim],
    since: Callable[[Piece], int],
    currency: Currency = OF_ITS_PAY,
    **evidence: Any,
) -> Finding:
    """Return one finding on pieces of one project and currency. claims: at least one a piece."""
    project, unit = pieces[0].project, currency(pieces[0])
    micros: defaultdict[int, int] = defaultdict(int)
    for claim in claims:
        micros[claim.work_id] += claim.micros
    return Finding(
        code=code,
        version=version,
        subject=f"{facts.pseudonym}/{unit}/{project}",
        stake_micros=sum(claim.micros for claim in claims),
        currency=unit,
        since_at_ms=min(since(one) for one in pieces),
        evidence={
            "project": project,
            "pieces": len(pieces),
            **evidence,
            "works": listed([(since(one), one, micros[one.work_id]) for one in pieces]),
        },
        claims=tuple(claims),
    )


def listed(works: Sequence[tuple[int, OpenWork | Attempt, int]]) -> list[dict[str, Any]]:
    """Return works as evidence, the oldest first. works: (since when, the work, micros)."""
    works = sorted(works, key=lambda entry: (entry[0], entry[1].work_id))
    return [
        {
            "work": work.work_id,
            "external_id": work.external_id,
            "project": work.project,
            "micros": micros,
            "at_ms": at_ms,
        }
        for at_ms, work, micros in works[:MOST_LISTED]
    ]


def sentence(*, stake_micros: int, currency: str, evidence: Mapping[str, Any]) -> str:
    """Return such a finding in words: 'project maps, 3 pieces, 38.40 USD'."""
    elsewhere = evidence.get("staked_elsewhere_micros", 0)
    return gettext("project %(project)s, %(pieces)s, %(amount)s") % {
        "project": evidence["project"],
        "pieces": wording.pieces(evidence["pieces"]),
        "amount": wording.amount(stake_micros + elsewhere, currency),
    }
