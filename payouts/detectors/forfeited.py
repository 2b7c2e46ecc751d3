"""W09 forfeited: an account was deactivated, and what it had earned was not settled.

Flags   money of a deactivated account that is owed, undecided, or refused or held back without a
        reason of its own, when the time for the final settlement (14 days) is over: one finding an
        account, project and currency.
Leaves  accounts that may work again; the time to settle; what was refused or held back before, or
        with a reason and a date for the piece of work, also where fraud was found: work that
        nobody says a word against is still owed. What platforms pay as they approve it; debts that
        the record of payments does not reach (W32).
Stake   that money, whenever it was due; other findings on it count once.
Source  ILO Convention 95, article 12 (2): a final settlement within a reasonable time. EU Directive
        2024/2831, article 11: reasons in writing. 14 days are chosen here (D-122).
"""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy

from payouts.detectors import unsettled
from payouts.detectors.shapes import EngagementFacts, Finding

CODE = "W09"
VERSION = 1
TITLE = gettext_lazy("An account was closed and not settled")
GUARDS: tuple[unsettled.Guard, ...] = unsettled.GUARDS


def detect(
    facts: EngagementFacts, guards: tuple[unsettled.Guard, ...] = GUARDS
) -> Iterator[Finding]:
    """Yield a finding for each project and currency with money that was not settled."""
    if facts.deactivated is not None:
        works = [(work, unsettled.claims(work)) for work in facts.works]
        left = unsettled.left_open(facts, facts.deactivated, works, guards)
        yield from unsettled.findings(CODE, VERSION, facts, facts.deactivated, left)


sentence = unsettled.sentence
what_happened = unsettled.what_happened
