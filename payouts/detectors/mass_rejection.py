"""W04 mass rejection: much of a project's work was refused at once.

Flags   refused work that is part of a mass: of the decisions of one project and day, at least LEAST
        in number, more than PERCENT and more than TIMES the usual share of the project's other days
        were refusals; or at least LEAST refusals of one project lie within BURST_MS. One finding an
        account, project and currency. Days are those of UTC; what is not dated is one day.
Leaves  fewer decisions; projects that refuse as much on all days; what was approved after all; what
        only shrank because an export says less.
Stake   the refused money. Answers are not kept, so it cannot be told from here whether they were a
        machine's: that is for the vendor to show.
Source  Fairwork Cloudwork principles (June 2024), 1.1: a clear and reasonable process of rejection.
        Turkopticon's newsletter 27 (April 2023) tells of more than 70,000 tasks, all refused soon
        after they were handed in. The figures are chosen here.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy, gettext_noop, ngettext

from ledger.known import BY_THEMSELVES
from ledger.periods import DAY_MS
from payouts.detectors import grouped, stakes, wording
from payouts.detectors.shapes import EngagementFacts, Finding, MassRefusal, OpenWork

CODE = "W04"
VERSION = 1
TITLE = gettext_lazy("Much work was refused at once")
LEAST = 20
PERCENT = 20
TIMES = 3
BURST_MS = 60_000

Guard = Callable[[EngagementFacts, OpenWork], bool]


class Decisions(NamedTuple):
    """How many pieces of a project were decided on a day. day: since 1970, None where not dated."""

    project: str
    day: int | None
    decided: int
    refused: int


def of_days(days: Iterable[Decisions]) -> Iterator[MassRefusal]:
    """Yield the days on which a project refused far more than it does on its other days."""
    by_project: defaultdict[str, list[Decisions]] = defaultdict(list)
    for day in days:
        by_project[day.project].append(day)
    for project, own in sorted(by_project.items()):
        decided, refused = (sum(getattr(one, what) for one in own) for what in _COUNTS)
        for one in own:
            others, usual = decided - one.decided, refused - one.refused
            if one.decided < LEAST or one.refused * 100 <= one.decided * PERCENT:
                continue
            if others and one.refused * others <= TIMES * usual * one.decided:
                continue
            yield MassRefusal(
                project,
                -1 if one.day is None else one.day * DAY_MS,
                0 if one.day is None else (one.day + 1) * DAY_MS,
                one.decided,
                one.refused,
                usual * 100 // others if others else None,
                "day",
            )


_COUNTS = ("decided", "refused")


def at_once(refusals: Mapping[str, Mapping[int, int]]) -> Iterator[MassRefusal]:
    """Yield the stretches in which refusals crowd. refusals: by project and instant, how many."""
    for project, counts in sorted(refusals.items()):
        instants = sorted(Counter(counts).elements())
        crowded = [
            (instants[first], instants[first + LEAST - 1])
            for first in range(len(instants) - LEAST + 1)
            if instants[first + LEAST - 1] - instants[first] <= BURST_MS
        ]
        for begin, end in _joined(crowded):
            number = bisect_left(instants, end + 1) - bisect_left(instants, begin)
            yield MassRefusal(project, begin, end + 1, number, number, None, "burst")


def _joined(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return sorted spans with those that touch made one."""
    joined: list[tuple[int, int]] = []
    for begin, end in spans:
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((begin, end))
    return joined


def money_is_refused(facts: EngagementFacts, work: OpenWork) -> bool:
    """Tell whether money of this work lies refused."""
    return work.refused_micros > 0


def was_decided_against(facts: EngagementFacts, work: OpenWork) -> bool:
    """Tell whether somebody refused it, and not only told a smaller price for it."""
    return work.refusal is not None and work.refusal.reason not in BY_THEMSELVES


def is_one_of_many(facts: EngagementFacts, work: OpenWork) -> bool:
    """Tell whether it was refused in a mass."""
    return work.refused_with is not None


GUARDS: tuple[Guard, ...] = (money_is_refused, was_decided_against, is_one_of_many)


def detect(facts: EngagementFacts, guards: tuple[Guard, ...] = GUARDS) -> Iterator[Finding]:
    """Yield a finding for each project and currency with work refused in a mass."""
    refused = [work for work in facts.works if all(guard(facts, work) for guard in guards)]
    for _, _, works in grouped.by_project(refused):
        claims = [stakes.of(work, stakes.REFUSED, work.refused_micros) for work in works]
        masses = {work.refused_with for work in works if work.refused_with}
        yield grouped.finding(
            CODE,
            VERSION,
            facts,
            works,
            claims,
            attrgetter("refused_at_ms"),
            decided=sum(one.decided for one in masses),
            refused=sum(one.refused for one in masses),
            usual_percent=max((one.usual_percent or 0 for one in masses), default=0),
            rules=sorted({one.rule for one in masses}),
        )


def sentence(*, stake_micros: int, currency: str, evidence: Mapping[str, Any]) -> str:
    """Return the finding in words: what of the account, and how many of all."""
    said = grouped.sentence(stake_micros=stake_micros, currency=currency, evidence=evidence)
    if evidence["rules"] == ["burst"]:
        whole = ngettext(
            "%(finding)s; %(refused)s refusal within a minute or two",
            "%(finding)s; %(refused)s refusals within a minute or two",
            evidence["refused"],
        )
    else:
        whole = ngettext(
            "%(finding)s; of %(decided)s piece decided then, %(refused)s refused",
            "%(finding)s; of %(decided)s pieces decided then, %(refused)s refused",
            evidence["decided"],
        )
    counts = {name: wording.number(evidence[name]) for name in ("decided", "refused")}
    return whole % {"finding": said, **counts}


def what_happened(
    facts: EngagementFacts | None, evidence: Mapping[str, Any], where: Mapping[str, int]
) -> str:
    """Return why it is not found any more. where: the money of its works, by account."""
    if wording.is_decided_for_the_worker(where):
        return gettext_noop("It was approved after all.")
    if wording.positive(where, "pending"):
        return gettext_noop("The refusal was taken back.")
    return gettext_noop("With what is on record now, it was not a mass of refusals.")
