"""W10 cancelled: a project was closed, and work that was done for it was not paid.

Flags   work begun before a project was closed, whose money is owed, undecided, or refused or held
        back without a reason of its own, when the time for its settlement (14 days) is over; and
        attempts that were under way when it was closed and ended without pay, of more than a
        glance: one finding an account, project and currency. And milestones that the closing cut
        off (milestones.py), each by itself.
Leaves  the time to settle; work that was begun afterwards; what was refused or held back before,
        or with a reason and a date for the piece of work, as where a milestone agreed before claim
        was not reached; attempts that were over by then, or that have pay. What platforms pay as
        they approve it; debts that the record of payments does not reach (W32).
Stake   what was handed in at its price; of what was under way the time up to the closing, at the
        rate agreed by the hour or the floor. Measured time counts whole.
Source  Fairwork Cloudwork principles (June 2024), 1.1: all completed work is paid. 14 days are
        chosen here, as for W09 (D-122).
"""

from collections.abc import Iterable, Iterator, Mapping
from operator import attrgetter
from typing import Any

from django.utils.translation import gettext_lazy

from payouts.detectors import milestones, stopped, unpaid_time, unsettled
from payouts.detectors.shapes import Attempt, Claim, EngagementFacts, Finding
from payouts.detectors.terms import Ending
from payouts.detectors.unsettled import Piece

CODE = "W10"
VERSION = 1
TITLE = gettext_lazy("A project was closed and its work not paid")
CUT_OFF = ("returned", "expired", "screened_out")  # how an attempt can end that is not handed in


def was_begun_before(facts: EngagementFacts, ending: Ending, piece: Piece, claim: Claim) -> bool:
    """Tell whether the project went on when this was begun."""
    return piece.started_at_ms < ending.from_at_ms


def was_under_way(facts: EngagementFacts, ending: Ending, piece: Piece, claim: Claim) -> bool:
    """Tell whether it was not over before the closing, if it was not handed in."""
    return not isinstance(piece, Attempt) or piece.ended_at_ms >= ending.from_at_ms


def was_not_handed_in(facts: EngagementFacts, ending: Ending, piece: Piece, claim: Claim) -> bool:
    """Tell whether time is all there is of it: what was handed in has a price."""
    return not isinstance(piece, Attempt) or piece.ended_as in CUT_OFF


def has_no_pay(facts: EngagementFacts, ending: Ending, piece: Piece, claim: Claim) -> bool:
    """Tell whether nothing was promised for its time."""
    return not isinstance(piece, Attempt) or unpaid_time.no_pay(facts, piece)


def was_worked_on(facts: EngagementFacts, ending: Ending, piece: Piece, claim: Claim) -> bool:
    """Tell whether more than a glance was spent on it."""
    return not isinstance(piece, Attempt) or stopped.took_more_than_a_glance(facts, piece)


GUARDS: tuple[unsettled.Guard, ...] = (
    *unsettled.GUARDS,
    was_begun_before,
    was_under_way,
    was_not_handed_in,
    has_no_pay,
    was_worked_on,
)


def detect(
    facts: EngagementFacts,
    guards: tuple[unsettled.Guard, ...] = GUARDS,
    of_milestones: tuple[milestones.Guard, ...] = milestones.GUARDS,
) -> Iterator[Finding]:
    """Yield a finding for each closed project and currency with work that was not paid."""
    for project, ending in sorted(facts.closed.items()):
        pieces: list[tuple[Piece, Iterable[Claim]]] = [
            *((one, unsettled.claims(one)) for one in facts.works if one.project == project),
            *_of_time(ending, (one for one in facts.attempts if one.project == project)),
        ]
        left = unsettled.left_open(facts, ending, pieces, guards)
        yield from unsettled.findings(CODE, VERSION, facts, ending, left)
        yield from milestones.findings(CODE, VERSION, facts, project, ending, of_milestones)


def _of_time(ending: Ending, attempts: Iterable[Attempt]) -> Iterator[tuple[Piece, list[Claim]]]:
    """Yield each attempt with a claim on the time that the closing cut off.

    That is what a tool measured; else its clock up to the closing, but for what an earlier one
    has of it.
    """
    covered_until_ms = 0
    for one in sorted(attempts, key=attrgetter("started_at_ms", "work_id")):
        until_ms = min(one.ended_at_ms, ending.from_at_ms)
        time_ms = unpaid_time.time_of(one)
        if one.active_ms is None:
            own_ms = until_ms - max(one.started_at_ms, covered_until_ms)
            time_ms = max(0, min(time_ms, own_ms))
        covered_until_ms = max(covered_until_ms, until_ms)
        worth = one.worth(time_ms)
        awarded = unpaid_time.is_awarded(one, worth)
        yield one, [] if awarded else [unpaid_time.claim(one, worth)]


def sentence(*, stake_micros: int, currency: str, evidence: Mapping[str, Any]) -> str:
    """Return a finding in words."""
    said = milestones.sentence if "promise" in evidence else unsettled.sentence
    return said(stake_micros=stake_micros, currency=currency, evidence=evidence)


def what_happened(
    facts: EngagementFacts | None, evidence: Mapping[str, Any], where: Mapping[str, int]
) -> str:
    """Return why it is not found any more. where: the money of its works, by account."""
    if "promise" in evidence:
        return milestones.what_happened(facts, evidence)
    return unsettled.what_happened(facts, evidence, where)
