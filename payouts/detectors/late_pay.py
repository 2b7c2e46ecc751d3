"""W01 late pay: approved money was due and has not been sent.

Flags   payable money older than its due date plus GRACE_MS: one finding an account and due day.
Leaves  money on hold, refused or on its way; platforms that pay on approval; debts of days up to
        which the record of payments does not reach (W32 says so once a vendor).
Stake   what is still open. A debt that was paid in part counts with the rest.
Source  Fairwork Cloudwork principles (June 2024), 1.1: paid within an agreed time. The freelance
        acts of New York and Illinois (2024): 30 days where nothing was agreed. The grace is chosen
        here.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext, gettext_lazy, gettext_noop

from ledger.periods import DAY_MS
from payouts.detectors import grouped, stakes, wording
from payouts.detectors.shapes import Debt, EngagementFacts, Finding, OpenWork

CODE = "W01"
VERSION = 1
TITLE = gettext_lazy("Approved work has not been paid")
GRACE_MS = 3 * DAY_MS  # bank transfers take days: those are not lateness

Guard = Callable[[EngagementFacts, OpenWork, Debt], bool]


def grace_is_over(facts: EngagementFacts, work: OpenWork, debt: Debt) -> bool:
    """Tell whether more than GRACE_MS has gone by since the debt fell due."""
    return facts.as_of_ms > debt.due_at_ms + GRACE_MS


def payments_are_reported(facts: EngagementFacts, work: OpenWork, debt: Debt) -> bool:
    """Tell whether the platform's payments reach the ledger as remittances at all."""
    return not work.pays_on_approval


def payments_are_known(facts: EngagementFacts, work: OpenWork, debt: Debt) -> bool:
    """Tell whether the record of payments reaches the day on which the debt fell due."""
    known_until = facts.payments_known_until
    return known_until is not None and debt.due_on <= known_until


GUARDS: tuple[Guard, ...] = (grace_is_over, payments_are_reported, payments_are_known)


def detect(facts: EngagementFacts, guards: tuple[Guard, ...] = GUARDS) -> Iterator[Finding]:
    """Yield a finding for each day and currency of overdue debts."""
    by_day: defaultdict[tuple[str, str], list[tuple[int, OpenWork, int]]] = defaultdict(list)
    for work in facts.works:
        for debt in work.debts:
            if all(guard(facts, work, debt) for guard in guards):
                late = (debt.due_at_ms, work, debt.micros)
                by_day[debt.due_on.isoformat(), work.currency].append(late)
    for (due_on, currency), late_works in sorted(by_day.items()):
        yield Finding(
            code=CODE,
            version=VERSION,
            subject=f"{facts.pseudonym}/{due_on}/{currency}",
            stake_micros=sum(micros for _, _, micros in late_works),
            currency=currency,
            since_at_ms=min(due_at_ms for due_at_ms, _, _ in late_works),
            evidence={
                "due_on": due_on,
                "pieces": len(late_works),
                "works": grouped.listed(late_works),
            },
            claims=tuple(stakes.debt(work, due_at, micros) for due_at, work, micros in late_works),
        )


def sentence(*, stake_micros: int, currency: str, evidence: Mapping[str, Any]) -> str:
    """Return the finding in words: 'due 2 Nov 2026, 3 pieces, 38.40 USD'."""
    return gettext("due %(day)s, %(pieces)s, %(amount)s") % {
        "day": wording.day(evidence["due_on"]),
        "pieces": wording.pieces(evidence["pieces"]),
        "amount": wording.amount(stake_micros, currency),
    }


def what_happened(
    facts: EngagementFacts | None, evidence: Mapping[str, Any], where: Mapping[str, int]
) -> str:
    """Return why it is not found any more. where: the money of its works, by account."""
    if wording.positive(where, "payable"):
        return gettext_noop("It is owed, and not late on the day asked.")
    if wording.is_with_the_worker(where):
        return gettext_noop("It has been paid.")
    if wording.positive(where, "withheld"):
        return gettext_noop("It is held back now, for a reason that was given.")
    if wording.positive(where, "pending", "refused"):
        return gettext_noop("The approval was taken back.")
    return gettext_noop("The record that said so was taken back.")
