"""W31 differential pay: the same kind of task has another price where other people live.

Flags   a project, task type and week (WEEK_MS from a Monday, UTC) in which the price of one region
        is less than PERCENT of that of another: one finding for the vendor and the auditor, the
        lowest against the highest. Of pay by the piece it is the price of a task; of pay by the
        hour that of an hour.
Leaves  regions that show no list price: fewer than LEAST accounts, or fewer than STEADY_PERCENT of
        them within a hundredth of the middle price; accounts without a region; tasks of many sizes,
        which have no one price; slower or quicker work, which is no difference in price. No verdict
        and no stake depends on it: the floor knows no regions.
Stake   none.
Source  EU Directive 2023/970, article 10 (1): between women and men a difference of 5 % asks for an
        assessment; borrowed for regions. The other figures are chosen here (D-076).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import groupby
from statistics import median
from typing import Any, NamedTuple

from django.utils.translation import gettext, gettext_lazy, gettext_noop

from ledger.periods import DAY_MS, FIRST_MONDAY_MS
from payouts.detectors import wording
from payouts.detectors.shapes import EngagementFacts, Finding

CODE = "W31"
VERSION = 1
TITLE = gettext_lazy("The same work has another price elsewhere")
AUDIENCE = frozenset({"vendor", "auditor"})
LEAST = 3
PERCENT = 95
STEADY_PERCENT = 80  # of a region's accounts are within a hundredth of its middle price
WEEK_MS = 7 * DAY_MS


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


def _kind_and_week(price: Price) -> tuple[str, str, str, int, bool]:
    return price[:5]


def has_a_price(micros: list[int]) -> bool:
    """Tell whether so many accounts were paid so much the same that it is a list price.

    >>> has_a_price([100, 100, 100, 100, 150]), has_a_price([80, 90, 100, 110, 120])
    (True, False)
    """
    middle = median(micros)
    near = sum(abs(one - middle) * 100 <= middle for one in micros)
    return len(micros) >= LEAST and near * 100 >= len(micros) * STEADY_PERCENT


def detect(prices: Iterable[Price], *, currency: str) -> list[Finding]:
    """Return a finding for each kind of task and week whose price differs between regions.

    prices: those of one kind and week stand together, so that no more than these are held at once.
    """
    found = []
    for (project, task_type, unit, week, by_hour), together in groupby(prices, _kind_and_week):
        regions: defaultdict[str, list[int]] = defaultdict(list)
        for one in together:
            if one.region:
                regions[one.region].append(one.micros)
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
                since_at_ms=week * WEEK_MS + FIRST_MONDAY_MS,
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
    said = gettext(
        "project %(project)s, %(task_type)s: %(least)s a task in %(low)s (%(few)s accounts), "
        "%(most)s in %(high)s (%(many)s)"
    )
    if evidence["by_hour"]:
        said = gettext(
            "project %(project)s, %(task_type)s: %(least)s an hour in %(low)s (%(few)s accounts), "
            "%(most)s in %(high)s (%(many)s)"
        )
    return said % {
        "project": evidence["project"],
        "task_type": evidence["task_type"],
        "least": wording.amount(least, currency),
        "low": low,
        "few": few,
        "most": wording.amount(most, currency),
        "high": high,
        "many": many,
    }


def what_happened(
    facts: EngagementFacts | None, evidence: Mapping[str, Any], where: Mapping[str, int]
) -> str:
    """Return why it is not found any more."""
    return gettext_noop("The record of these prices says something else now.")
