"""W07 returned payment: a payment came back, and nobody has sent it again.

Flags   money of a payment that came back more than BANKING_DAYS ago and that is still owed: one
        finding an account, project and currency. Saturdays and Sundays are no banking days.
        The days also count while the worker is asked for other details.
Leaves  what was sent again; what is not owed any more; what an undo took back (it was never sent).
Stake   what came back: what is owed of it, and what was taken from it since, as for the failure.
        Late pay (W01) may ask about the same money, which counts once.
Source  Fairwork Cloudwork principles (June 2024), 1.1: workers are paid, and within an agreed time.
        The number of days is chosen here.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_lazy, gettext_noop

from ledger.periods import DAY_MS
from payouts.detectors import grouped, stakes, wording
from payouts.detectors.shapes import Claim, EngagementFacts, Finding, OpenWork, Returned

CODE = "W07"
VERSION = 1
TITLE = gettext_lazy("A payment came back and was not sent again")
BANKING_DAYS = 3

Guard = Callable[[EngagementFacts, OpenWork, Returned], bool]


def there_was_time(facts: EngagementFacts, work: OpenWork, returned: Returned) -> bool:
    """Tell whether more than BANKING_DAYS have gone by since it came back."""
    return facts.as_of_ms > after_banking_days(returned.at_ms, BANKING_DAYS)


def is_still_owed(facts: EngagementFacts, work: OpenWork, returned: Returned) -> bool:
    """Tell whether any of it is still owed."""
    return bool(work.debts)


GUARDS: tuple[Guard, ...] = (there_was_time, is_still_owed)


def after_banking_days(at_ms: int, days: int) -> int:
    """Return the same time of day so many banking days later, in UTC.

    >>> friday = 1_762_504_200_000  # 7 November 2025
    >>> (after_banking_days(friday, 3) - friday) // DAY_MS
    5
    """
    while days:
        at_ms += DAY_MS
        days -= (at_ms // DAY_MS + 3) % 7 < 5  # 1970 began on a Thursday
    return at_ms


def detect(facts: EngagementFacts, guards: tuple[Guard, ...] = GUARDS) -> Iterator[Finding]:
    """Yield a finding for each project and currency with money that came back."""
    works = {work.work_id: work for work in facts.works}
    back: defaultdict[int, list[Returned]] = defaultdict(list)
    for one in facts.returned:
        work = works.get(one.work_id)
        if work is not None and all(guard(facts, work, one) for guard in guards):
            back[one.work_id].append(one)
    for _, _, group in grouped.by_project([works[work_id] for work_id in back]):
        claims = [claim for work in group for claim in _claims(work, back[work.work_id])]
        yield grouped.finding(
            CODE,
            VERSION,
            facts,
            group,
            claims,
            lambda work: back[work.work_id][0].at_ms,
            payments=_listed([one for work in group for one in back[work.work_id]]),
            reasons=sorted({one.reason for work in group for one in back[work.work_id]}),
        )


def _listed(back: list[Returned]) -> list[dict[str, Any]]:
    """Return the payments that came back, each with when and how much; as settled.py lists its."""
    found: dict[str, dict[str, Any]] = {}
    for one in sorted(back, key=lambda one: (one.at_ms, one.reference)):
        named = found.setdefault(
            one.reference, {"reference": one.reference, "at_ms": one.at_ms, "micros": 0}
        )
        named["micros"] += one.micros
    return list(found.values())


def _claims(work: OpenWork, back: list[Returned]) -> list[Claim]:
    """Return claims on a work's debts, the oldest first, and what is withheld of what came back.

    What came back was owed in full again. Money that was withheld before had not been sent, so
    what is missing in the debts was taken since.
    """
    left, claims = sum(one.micros for one in back), []
    for debt in work.debts:
        micros = min(left, debt.micros)
        claims.append(stakes.debt(work, debt.due_at_ms, micros))
        left -= micros
    taken = min(left, work.withheld_micros)
    return [*claims, stakes.of(work, stakes.WITHHELD, taken)] if taken > 0 else claims


sentence = grouped.sentence


def what_happened(
    facts: EngagementFacts | None, evidence: Mapping[str, Any], where: Mapping[str, int]
) -> str:
    """Return why it is not found any more. where: the money of its works, by account."""
    if wording.is_with_the_worker(where):
        return gettext_noop("It has been sent again.")
    if wording.positive(where, "payable"):
        return gettext_noop("It is owed, and there is still time to send it again.")
    return gettext_noop("It is not owed any more.")
