"""W06 reused id: two accounts' work has one id, and the payment for it reached only one of them.

Flags   debts of work whose id another account of the same platform has too, where the other one's
        work was paid when this was owed already, whatever its due date: one finding an account,
        project and currency.
Leaves  ids that nobody shares; pairs of which neither or both were paid; what was approved after
        the other one had been paid, or on a platform that pays on approval; payments that lie
        beyond what the record of them reaches. The same work told twice by one account is one
        attempt here, and never two.
Stake   the debt; once it is overdue, late pay (W01) asks for the same money, which counts once.
Source  GitHub, NYUCCL/psiTurk 184 and 190: the id of work that was not completed goes to the next
        worker, and a payment that is looked up by it goes to the wrong one. When it is asked about:
        D-079.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_lazy

from payouts.detectors import grouped, late_pay, stakes
from payouts.detectors.shapes import Debt, EngagementFacts, Finding, OpenWork

CODE = "W06"
VERSION = 1
TITLE = gettext_lazy("Two pieces of work share an id, and one was paid")

Guard = Callable[[EngagementFacts, OpenWork, Debt], bool]


def its_id_was_paid_to_another(facts: EngagementFacts, work: OpenWork, debt: Debt) -> bool:
    """Tell whether another account's work of this id has been paid."""
    return work.is_collapsed


GUARDS: tuple[Guard, ...] = (its_id_was_paid_to_another, late_pay.payments_are_reported)


def detect(facts: EngagementFacts, guards: tuple[Guard, ...] = GUARDS) -> Iterator[Finding]:
    """Yield a finding for each project and currency with such debts."""
    due = {
        work.work_id: [debt for debt in work.debts if all(g(facts, work, debt) for g in guards)]
        for work in facts.works
    }
    for _, _, works in grouped.by_project([work for work in facts.works if due[work.work_id]]):
        claims = [
            stakes.debt(work, debt.due_at_ms, debt.micros)
            for work in works
            for debt in due[work.work_id]
        ]
        yield grouped.finding(
            CODE, VERSION, facts, works, claims, lambda work: due[work.work_id][0].due_at_ms
        )


sentence = grouped.sentence
what_happened: Callable[[EngagementFacts | None, Mapping[str, Any], Mapping[str, int]], str] = (
    late_pay.what_happened
)
