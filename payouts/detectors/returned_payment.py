"""W07 returned payment: a payment came back, and nobody has sent it again.

Flags   money of a payment that came back more than BANKING_DAYS ago and that is still owed: one
        finding an account, project and currency. Saturdays and Sundays are no banking days.
Leaves  what was sent again; what is not owed any more; what an undo took back (it was never sent).
Stake   what is owed of this work, at most what came back. Late pay (W01) may ask about the same
        money, which counts once.
Source  DOMAIN.md W07.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from payouts.detectors import grouped, stakes, wording
from payouts.detectors.shapes import Claim, EngagementFacts, Finding, OpenWork, Returned

CODE = "W07"
VERSION = 1
TITLE = "A payment came back and was not sent again"
BANKING_DAYS = 3
DAY_MS = 86_400_000

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
            payments=sorted({one.reference for work in group for one in back[work.work_id]}),
        )


def _claims(work: OpenWork, back: list[Returned]) -> list[Claim]:
    """Return claims on the debts of a work, the oldest first, up to what came back."""
    left, claims = sum(one.micros for one in back), []
    for debt in work.debts:
        micros = min(left, debt.micros)
        claims.append(stakes.debt(work, debt.due_at_ms, micros))
        left -= micros
    return claims


sentence = grouped.sentence


def what_happened(
    facts: EngagementFacts | None, evidence: Mapping[str, Any], where: Mapping[str, int]
) -> str:
    """Return why it is not found any more. where: the money of its works, by account."""
    if wording.positive(where, "in_transit", "received", "fees", "remitted", "advance"):
        return "It has been sent again."
    if wording.positive(where, "payable"):
        return "It is owed, and there is still time to send it again."
    return "It is not owed any more."
