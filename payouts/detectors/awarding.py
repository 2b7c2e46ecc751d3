"""Which award pays for which time without pay, by what both say of themselves (DECISIONS.md D-158).

An award names the check and the project whose time it is for; a top-up names its week, and pays for
the time that was counted in it. An award that names neither pays for nothing here. It pays once, up
to its amount: the oldest time first, and time that two checks ask for is paid for both.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from ledger.intervals import part_of
from payouts.detectors import stakes
from payouts.detectors.shapes import Claim, EngagementFacts, Finding
from payouts.detectors.terms import Award, Laid

# Checks whose findings ask for time, or for time among other things (W10).
CODES = frozenset({"W10", "W15", "W18", "W22", "W23", "W24", "W25", "W26", "W27"})
LONGEST = 120  # letters of a type of task, in which a name is kept


class Purse(NamedTuple):
    """Time of one piece of work, or of one text that was read."""

    currency: str
    kind: str
    work_id: int


def name_of(code: str, project: str) -> str:
    """Return the name by which awards are for what a check finds in a project.

    >>> name_of("W24", "maps")
    'W24 maps'
    """
    return f"{code} {project}"[:LONGEST]


def name_of_flag(code: str, evidence: Mapping[str, Any]) -> str:
    """Return the name by which awards are for what a flag is about, which may have no project."""
    return name_of(code, str(evidence.get("project", "")))


def is_for_time(claim: Claim) -> bool:
    """Tell whether a claim is on time that has no pay."""
    return claim.purse in (stakes.TIME, stakes.READING)


@dataclass
class _Asked:
    """What findings ask for: of each purse the greatest claim, and what is laid on it."""

    by_name: dict[str, dict[Purse, Claim]] = field(default_factory=lambda: defaultdict(dict))
    greatest: dict[Purse, Claim] = field(default_factory=dict)
    laid: defaultdict[Purse, Laid] = field(default_factory=lambda: defaultdict(Laid))
    in_week: defaultdict[tuple[Purse, int], int] = field(default_factory=lambda: defaultdict(int))

    def add(self, finding: Finding) -> None:
        """Add what a finding asks for."""
        name = name_of_flag(finding.code, finding.evidence)
        for claim in filter(is_for_time, finding.claims):
            purse = Purse(finding.currency, claim.purse, claim.work_id)
            self.by_name[name][purse] = claim
            if purse not in self.greatest or claim.micros > self.greatest[purse].micros:
                self.greatest[purse] = claim

    def lay(self, award: Award) -> None:
        """Lay an award on what it is for, the oldest first, as far as it goes."""
        rest = award.micros
        named = self.by_name.get(award.names, {}) if award.names else self.greatest
        oldest = sorted(named.items(), key=lambda one: (one[1].started_at_ms, one[0]))
        for purse, claim in oldest:
            if purse.currency == award.currency and claim.started_at_ms < award.until_ms:
                rest -= self._lay_on(purse, claim, award, rest)

    def _lay_on(self, purse: Purse, claim: Claim, award: Award, rest: int) -> int:
        laid = self.laid[purse]
        most = min(rest, claim.micros - laid.micros)
        if not award.names:
            most = min(most, self._left_in_week(purse, claim, award))
        if most <= 0:
            return 0
        self.laid[purse] = Laid(laid.micros + most, (*laid.awards, award.work_id))
        if not award.names:
            self.in_week[purse, award.week_start_ms] += most
        return most

    def _left_in_week(self, purse: Purse, claim: Claim, award: Award) -> int:
        """Return what of a claim lies in a top-up's week, less what others laid there of it."""
        if purse.kind != stakes.TIME:  # no week has what was estimated among its hours
            return 0
        span = (award.week_start_ms, award.week_end_ms)
        part = part_of(claim.micros, claim.started_at_ms, claim.ended_at_ms, *span)
        return part - self.in_week[purse, award.week_start_ms]


def laid(facts: EngagementFacts, found: Iterable[Finding]) -> EngagementFacts:
    """Return facts that say of each piece of time what awards pay of it.

    found: what detectors find in them without awards. What names its time goes before top-ups, and
    the earlier award before the later.
    """
    asked = _Asked()
    for finding in found:
        if finding.code in CODES:
            asked.add(finding)
    for award in sorted(facts.awards, key=lambda one: (not one.names, one.until_ms, one.work_id)):
        asked.lay(award)
    of = {(purse.kind, purse.work_id): one for purse, one in asked.laid.items() if one.micros}
    return replace(
        facts,
        attempts=tuple(
            replace(one, laid=of.get((stakes.TIME, one.work_id), one.laid))
            for one in facts.attempts
        ),
        readings=tuple(
            replace(one, laid=of.get((stakes.READING, one.course_id), one.laid))
            for one in facts.readings
        ),
    )


def behind(facts: EngagementFacts | None, evidence: Mapping[str, Any]) -> set[int]:
    """Return the awards, by their work, that pay for time which a finding's evidence names."""
    if facts is None:
        return set()
    works = {work["work"] for work in evidence.get("works", ())}
    texts = {(one["name"], one["version"]) for one in evidence.get("texts", ())}
    project = evidence.get("project")
    of_time = [one.laid for one in facts.attempts if one.work_id in works]
    of_texts = [
        one.laid
        for one in facts.readings
        if one.project == project and (one.name, one.version) in texts
    ]
    return {award for laid in (*of_time, *of_texts) for award in laid.awards}
