"""W30 excessive hours: somebody worked longer without a rest, or in a week, than is healthy.

Flags   a stretch without a pause of REST_MS that holds more than LONGEST_MS of work or lasts
        DAY_MS, and a week of more than WEEKLY_MS over its shortest time: one finding each. It is a
        matter of care and not of pay: shown to the worker first, and to the auditor, never to the
        vendor.
Leaves  clocks that were left running: fewer than one start or end in SPARSE_MS of work, without as
        much measured activity. An account that several people use looks like one that never rests.
Stake   none.
Source  EU Directive 2003/88, articles 3 (11 hours of rest a day) and 6 (48 hours a week); ILO
        Conventions 1 and 30 (48 hours a week). Only what goes well beyond is flagged; the figures
        are chosen here.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext, gettext_lazy, gettext_noop

from ledger.floor import MS_PER_HOUR
from ledger.periods import DAY_MS
from payouts.detectors import wording
from payouts.detectors.shapes import EngagementFacts, Finding, Session

CODE = "W30"
VERSION = 1
TITLE = gettext_lazy("Long hours without a rest")
AUDIENCE = frozenset({"worker", "auditor"})
LONGEST_MS = 12 * MS_PER_HOUR
REST_MS = 6 * MS_PER_HOUR
WEEKLY_MS = 60 * MS_PER_HOUR
SPARSE_MS = 10 * 60_000

Guard = Callable[[EngagementFacts, Session], bool]


def is_too_long(facts: EngagementFacts, session: Session) -> bool:
    """Tell whether it holds more than LONGEST_MS of work, or lasts a day and a night."""
    return session.worked_ms > LONGEST_MS or session.end_ms - session.start_ms >= DAY_MS


def the_clock_was_not_left_running(facts: EngagementFacts, session: Session) -> bool:
    """Tell whether there are signs of work all along: starts and ends, or measured activity."""
    is_dense = 2 * session.pieces * SPARSE_MS >= session.worked_ms
    return is_dense or session.active_ms > LONGEST_MS


GUARDS: tuple[Guard, ...] = (is_too_long, the_clock_was_not_left_running)


def detect(facts: EngagementFacts, guards: tuple[Guard, ...] = GUARDS) -> Iterator[Finding]:
    """Yield a finding for each stretch and each week that is too long."""
    for session in facts.sessions:
        if all(guard(facts, session) for guard in guards):
            began = datetime.fromtimestamp(session.start_ms // 1000, UTC)
            yield _finding(
                facts,
                f"{facts.pseudonym}/{began:%Y-%m-%dT%H:%M}",
                session.end_ms,
                {"began_on": f"{began:%Y-%m-%d}", "worked_ms": session.worked_ms},
            )
    for week in facts.weeks:
        if week.evidence.low_ms > WEEKLY_MS:
            starts_on = week.starts_on.isoformat()
            yield _finding(
                facts,
                f"{facts.pseudonym}/week {starts_on}",
                week.end_ms,
                {"week": starts_on, "worked_ms": week.evidence.low_ms},
            )


def _finding(
    facts: EngagementFacts, subject: str, since_at_ms: int, evidence: dict[str, Any]
) -> Finding:
    return Finding(
        code=CODE,
        version=VERSION,
        subject=subject,
        stake_micros=0,
        currency=facts.currency,
        since_at_ms=since_at_ms,
        evidence=evidence,
    )


def sentence(*, stake_micros: int, currency: str, evidence: Mapping[str, Any]) -> str:
    """Return the finding in words: when, and how long."""
    worked = wording.hours(evidence["worked_ms"])
    if "week" in evidence:
        said = gettext("week of %(day)s: %(time)s of work")
        return said % {"day": wording.day(evidence["week"]), "time": worked}
    said = gettext("from %(day)s on, %(time)s of work without six hours' rest")
    return said % {"day": wording.day(evidence["began_on"]), "time": worked}


def what_happened(
    facts: EngagementFacts | None, evidence: Mapping[str, Any], where: Mapping[str, int]
) -> str:
    """Return why it is not found any more."""
    return gettext_noop("The record of these hours says something else now.")
