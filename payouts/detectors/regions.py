"""W31 differential pay: the same kind of task has another price where other people live.

Flags   a project, task type and week in which the price of one region is less than PERCENT of that
        of another: one finding for the vendor and the auditor, the lowest against the highest. Of
        pay by the piece it is the price of a task; of pay by the hour that of an hour.
Leaves  regions of fewer than LEAST accounts, which show no list price; accounts without a region;
        tasks of many sizes, which have no one price; slower or quicker work, which is no difference
        in price. No verdict and no stake depends on
        it: the floor knows no regions.
Stake   none.
Source  DOMAIN.md W31; EU Directive 2023/970 (5 % as a trigger).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from statistics import median
from typing import Any, NamedTuple

from payouts.detectors import wording
from payouts.detectors.shapes import EngagementFacts, Finding

CODE = "W31"
VERSION = 1
TITLE = "The same work has another price elsewhere"
AUDIENCE = frozenset({"vendor", "auditor"})
LEAST = 3
PERCENT = 95
STEADY_PERCENT = 80  # of a region's accounts are within a hundredth of its middle price
WEEK_MS = 7 * 86_400_000


class Price(NamedTuple):
    """What one account's tasks of a kind were priced at in a week: the mean of them, in micros.

    week: number since the first Monday of 1970, UTC. by_hour: the price is that of an hour.
    """

    project: str
    task_type: str
    currency: str
    week: int
    by_hour: bool
    region: str
    account: int
    micros: int


def has_a_price(micros: list[int]) -> bool:
    """Tell whether so many accounts were paid so much the same that it is a list price.

    >>> has_a_price([100, 100, 100, 100, 150]), has_a_price([80, 90, 100, 110, 120])
    (True, False)
    """
    middle = median(micros)
    near = sum(abs(one - middle) * 100 <= middle for one in micros)
    return len(micros) >= LEAST and near * 100 >= len(micros) * STEADY_PERCENT


def detect(prices: Iterable[Price], *, currency: str) -> list[Finding]:
    """Return a finding for each kind of task and week whose price differs between regions."""
    cells: defaultdict[tuple[str, str, str, int, bool], defaultdict[str, list[int]]]
    cells = defaultdict(lambda: defaultdict(list))
    for one in prices:
        if one.region:
            cells[one[:5]][one.region].append(one.micros)
    found = []
    for (project, task_type, unit, week, by_hour), regions in sorted(cells.items()):
        middles = {
            region: int(median(micros)) for region, micros in regions.items() if has_a_price(micros)
        }
        if len(middles) < 2:
            continue
        low, high = (pick(middles, key=lambda name: (middles[name], name)) for pick in (min, max))
        if middles[low] * 100 >= middles[high] * PERCENT:
            continue
        found.append(
            Finding(
                code=CODE,
                version=VERSION,
                subject=f"{week}/{unit}/{by_hour:d}/{task_type[:50]}/{project}",
                stake_micros=0,
                currency=unit or currency,
                since_at_ms=week * WEEK_MS + 4 * 86_400_000,  # the first Monday was the fifth day
                evidence={
                    "project": project,
                    "task_type": task_type,
                    "by_hour": by_hour,
                    "low": [low, middles[low], len(regions[low])],
                    "high": [high, middles[high], len(regions[high])],
                },
            )
        )
    return found


def sentence(*, stake_micros: int, currency: str, evidence: Mapping[str, Any]) -> str:
    """Return the finding in words: the middle price here and there, and of how many accounts."""
    (low, least, few), (high, most, many) = evidence["low"], evidence["high"]
    per = "an hour" if evidence["by_hour"] else "a task"
    return (
        f"project {evidence['project']}, {evidence['task_type']}: "
        f"{wording.amount(least, currency)} {per} in {low} ({few} accounts), "
        f"{wording.amount(most, currency)} in {high} ({many})"
    )


def what_happened(
    facts: EngagementFacts | None, evidence: Mapping[str, Any], where: Mapping[str, int]
) -> str:
    """Return why it is not found any more."""
    return "The record of these prices says something else now."
