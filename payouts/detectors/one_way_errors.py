"""W29 errors that go one way: deviations from the agreed price favour the payer far too often.

Flags   a vendor, once a calendar quarter that is over: of at least LEAST independent events in
        which work was priced off its agreed rate, so many were too low that chance alone would
        seldom do it (exact one-sided sign test, below PER_MILLE). It states the figures and no
        intent, and what they leave open: prices as first told, so corrections do not count; events
        may still share a cause; a single quarter is a weak witness.
Leaves  quarters that still run, so that one does not look until it fits; work without an agreed
        rate; differences up to EPSILON of the currency, which are rounding.
        Rows that went wrong together are one event: same export, project, task type and day.
Stake   none: what is missing on each piece of work is W12's.
Source  The project's own check, by the exact one-sided sign test (D-077). The figures are chosen
        here.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from fractions import Fraction
from math import comb
from typing import Any, NamedTuple

from django.utils.translation import gettext, gettext_lazy, gettext_noop, ngettext

from payouts.detectors import wording
from payouts.detectors.shapes import EngagementFacts, Finding

CODE = "W29"
VERSION = 1
TITLE = gettext_lazy("Errors in pay favour the payer")
LEAST = 5
PER_MILLE = 50
EPSILON = 10_000  # micros: a cent

Event = tuple[str, str, str, str, str]  # quarter, export, project, task type, day


class Deviation(NamedTuple):
    """One piece of work that was priced off its agreed rate: promised less agreed, in micros."""

    event: Event
    currency: str
    micros: int


def chance(under: int, events: int) -> Fraction:
    """Return the probability of at least so many of the events going one way by chance alone.

    >>> [round(float(chance(*case)), 3) for case in ((5, 5), (9, 10), (15, 20), (60, 100))]
    [0.031, 0.011, 0.021, 0.028]
    """
    return Fraction(sum(comb(events, number) for number in range(under, events + 1)), 2**events)


def detect(
    deviations: Iterable[Deviation], closed: Mapping[str, int], *, currency: str
) -> list[Finding]:
    """Return a finding for each closed quarter and currency whose errors go one way.

    closed: by quarter, the instant at which it was over.
    """
    events: defaultdict[tuple[str, str], defaultdict[Event, int]]
    events = defaultdict(lambda: defaultdict(int))
    for one in deviations:
        if one.event[0] in closed:
            events[one.event[0], one.currency][one.event] += one.micros
    found = []
    for (quarter, unit), by_event in sorted(events.items()):
        sums = [micros for micros in by_event.values() if abs(micros) > EPSILON]
        under = sum(micros < 0 for micros in sums)
        probability = chance(under, len(sums))
        if len(sums) < LEAST or probability * 1000 >= PER_MILLE:
            continue
        found.append(
            Finding(
                code=CODE,
                version=VERSION,
                subject=f"{quarter}/{unit}",
                stake_micros=0,
                currency=unit or currency,
                since_at_ms=closed[quarter],
                evidence={
                    "quarter": quarter,
                    "events": len(sums),
                    "under": under,
                    "per_mille": int(probability * 1000 + Fraction(1, 2)),
                    "net_micros": sum(sums),
                    "gross_micros": sum(map(abs, sums)),
                },
            )
        )
    return found


def sentence(*, stake_micros: int, currency: str, evidence: Mapping[str, Any]) -> str:
    """Return the finding in words: the figures, and what they do not show."""
    said = ngettext(
        "in %(quarter)s, %(under)s of %(events)s separate pricing error were too low and the rest "
        "too high (%(p)s), in all %(amount)s; figures like these do not tell why",
        "in %(quarter)s, %(under)s of %(events)s separate pricing errors were too low and the rest "
        "too high (%(p)s), in all %(amount)s; figures like these do not tell why",
        evidence["events"],
    )
    if evidence["under"] == evidence["events"]:
        said = ngettext(
            "in %(quarter)s, all of %(events)s separate pricing error were too low (%(p)s), "
            "in all %(amount)s; figures like these do not tell why",
            "in %(quarter)s, all of %(events)s separate pricing errors were too low (%(p)s), "
            "in all %(amount)s; figures like these do not tell why",
            evidence["events"],
        )
    probability = gettext("p below 0.001")
    if evidence["per_mille"]:
        probability = f"p = 0.{evidence['per_mille']:03}"
    return said % {
        "quarter": evidence["quarter"],
        "under": wording.number(evidence["under"]),
        "events": wording.number(evidence["events"]),
        "p": probability,
        "amount": wording.amount(evidence["net_micros"], currency),
    }


def what_happened(
    facts: EngagementFacts | None, evidence: Mapping[str, Any], where: Mapping[str, int]
) -> str:
    """Return why it is not found any more."""
    return gettext_noop("With what is on record now, errors go both ways, or are too few to tell.")
