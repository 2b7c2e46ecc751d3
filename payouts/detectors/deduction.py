"""W17 deduction: money that was owed is held back, and the record does not say why.

Flags   money in `withheld` whose last hold or deduction is not explained: no reason, no date, or no
        more than that the source now says less. One finding an account, project and currency.
        A hold that is past its end counts as one that nobody explains.
Leaves  what is held by a decision on record: the database holds it to a reason, a notice and
        whoever decided, and deductions to evidence and an appeal; what an export takes back with a
        reason and a date; what was remitted on a legal basis (tax) and what was applied to an
        advance, which are other accounts; what was released.
Stake   what is withheld without such a decision.
Source  ILO Convention 95, articles 8 and 14 (a deduction has a basis, and is told), and ILO
        Recommendation 85, paragraphs 1 to 3; UK Employment Rights Act 1996, sections 8 and 13. What
        explains one: D-078.
"""

from collections.abc import Callable, Iterator, Mapping
from operator import attrgetter
from typing import Any

from django.utils.translation import gettext_lazy, gettext_noop

from ledger.known import UNEXPLAINED
from payouts.detectors import grouped, stakes, wording
from payouts.detectors.shapes import EngagementFacts, Finding, OpenWork, Told

CODE = "W17"
VERSION = 1
TITLE = gettext_lazy("Pay is held back without an explanation")

Guard = Callable[[EngagementFacts, OpenWork], bool]


def unexplained(work: OpenWork) -> int:
    """Return the micros that are withheld by no decision that stands."""
    return work.withheld_micros - work.held_micros


def is_withheld(facts: EngagementFacts, work: OpenWork) -> bool:
    """Tell whether money of this work is held back, and no decision on record says so."""
    return unexplained(work) > 0


def is_not_explained(facts: EngagementFacts, work: OpenWork) -> bool:
    """Tell whether a reason or its date is missing."""
    return says_nothing(work.withholding)


def says_nothing(told: Told | None) -> bool:
    """Tell whether a reason or its date is missing."""
    return told is None or told.at_ms is None or told.reason in UNEXPLAINED


GUARDS: tuple[Guard, ...] = (is_withheld, is_not_explained)


def detect(facts: EngagementFacts, guards: tuple[Guard, ...] = GUARDS) -> Iterator[Finding]:
    """Yield a finding for each project and currency with unexplained deductions."""
    held = [work for work in facts.works if all(guard(facts, work) for guard in guards)]
    for _, _, works in grouped.by_project(held):
        claims = [stakes.of(work, stakes.WITHHELD, unexplained(work)) for work in works]
        yield grouped.finding(CODE, VERSION, facts, works, claims, attrgetter("withheld_at_ms"))


sentence = grouped.sentence


def what_happened(
    facts: EngagementFacts | None, evidence: Mapping[str, Any], where: Mapping[str, int]
) -> str:
    """Return why it is not found any more. where: the money of its works, by account."""
    if wording.positive(where, "withheld"):
        return gettext_noop("A reason was given.")
    if wording.is_decided_for_the_worker(where):
        return gettext_noop("It was released.")
    return gettext_noop("The record that said so was taken back.")
