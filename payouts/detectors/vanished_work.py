"""W05 vanished: work that an earlier export named is missing in a later, complete one.

Flags   work whose money has not been sent, where a later export was declared complete, names at
        least OVERLAP_PERCENT of what the earlier export named, reaches over the day of the work,
        and does not name it: one finding an account, project and currency.
Leaves  exports of another scope, or after ids were given anew (they have little in common); work
        before the first or after the last day of the later export; exports of a multiple of PAGES
        rows, as limits of pages make them; work that a still later export names again; work that
        the later export names by a new id, at the same times and of the same kind.
Stake   what was promised and is neither paid nor refused, and what was refused or is withheld. An
        earlier export of the vendor's own is the best evidence there is.
Source  29 CFR 516 (who pays keeps the record) and Anderson v. Mt. Clemens Pottery, 328 U.S. 680
        (1946): where that record is lacking, other evidence counts. Seen in GitHub,
        rainforestapp/tester-chrome-extension 27. The figures are chosen here.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_lazy, gettext_noop

from payouts.detectors import grouped, stakes
from payouts.detectors.shapes import Claim, EngagementFacts, Finding, OpenWork

CODE = "W05"
VERSION = 1
TITLE = gettext_lazy("Work is missing in a later export")
OVERLAP_PERCENT = 50
PAGES = 1000  # a number of rows that this divides looks like a limit

Guard = Callable[[EngagementFacts, OpenWork], bool]


def is_missing(facts: EngagementFacts, work: OpenWork) -> bool:
    """Tell whether a later export should name this work and does not."""
    return work.is_vanished


def is_a_later_scope(earlier: int, common: int, later: int) -> bool:
    """Tell whether an export of `later` keys may be held to one of `earlier`, with `common` ones.

    >>> is_a_later_scope(100, 60, 90), is_a_later_scope(100, 40, 90), is_a_later_scope(9, 8, 2000)
    (True, False, False)
    """
    return common * 100 >= earlier * OVERLAP_PERCENT and later % PAGES != 0


GUARDS: tuple[Guard, ...] = (is_missing,)


def detect(facts: EngagementFacts, guards: tuple[Guard, ...] = GUARDS) -> Iterator[Finding]:
    """Yield a finding for each project and currency with work that vanished."""
    gone = [work for work in facts.works if all(guard(facts, work) for guard in guards)]
    for _, _, works in grouped.by_project(gone):
        claims = [claim for work in works for claim in _claims(work)]
        yield grouped.finding(CODE, VERSION, facts, works, claims, lambda work: work.ended_at_ms)


def _claims(work: OpenWork) -> Iterator[Claim]:
    yield from stakes.debts(work)
    for purse, micros in (
        (stakes.PENDING, work.pending_micros),
        (stakes.REFUSED, work.refused_micros),
        (stakes.WITHHELD, work.withheld_micros),
    ):
        if micros:
            yield stakes.of(work, purse, micros)


sentence = grouped.sentence


def what_happened(
    facts: EngagementFacts | None, evidence: Mapping[str, Any], where: Mapping[str, int]
) -> str:
    """Return why it is not found any more."""
    return gettext_noop("It is in an export again, or its money has been sent.")
