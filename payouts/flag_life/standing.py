"""Where a flag stands, by what happened to it, and what may happen next. Pure.

    found -> asked (the vendor, until a day; the worker is told with it) -> explained | escalated
    found -> notified (the worker alone, where it is not for the vendor)
    any of these -> paid | closed | superseded; escalated -> decided
    closed and found again -> reopened, and so on from the start

A vendor's explanation closes nothing: the flag stays open, as explained, until the record answers
it. That a worker disagrees is a question of its own (payouts/disputes), and no state of the flag:
whoever may see the question sees it, and nobody else. That the vendor waits for a worker's details
(`needs_worker`) moves nothing: the flag stands where it stood, and its days go on.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

FOUND = ""  # nobody was told yet
NOTIFIED, ASKED, EXPLAINED, ESCALATED = "notified", "asked", "explained", "escalated"
STATES = (FOUND, NOTIFIED, ASKED, EXPLAINED, ESCALATED)
PAID, CLOSED, SUPERSEDED, DECIDED = "paid", "closed", "superseded", "decided"
CLOSINGS = (PAID, CLOSED, SUPERSEDED, DECIDED)
REOPENED, NEEDS_WORKER = "reopened", "needs_worker"
HAPPENINGS = (*STATES[1:], *CLOSINGS, REOPENED, NEEDS_WORKER)
ANSWERS = (EXPLAINED, DECIDED)  # somebody's words about what was found by then

# Of an open flag: what happens -> in which states it may, and the state after it. An answer that
# comes after the escalation is kept, and the auditor still decides.
STEPS: dict[str, dict[str, str]] = {
    NOTIFIED: {FOUND: NOTIFIED},
    ASKED: {FOUND: ASKED, NOTIFIED: ASKED, EXPLAINED: ASKED},
    EXPLAINED: {ASKED: EXPLAINED, EXPLAINED: EXPLAINED, ESCALATED: ESCALATED},
    ESCALATED: {ASKED: ESCALATED},
    PAID: {state: state for state in STATES},
    CLOSED: {state: state for state in STATES},
    SUPERSEDED: {state: state for state in STATES},
    DECIDED: {ESCALATED: ESCALATED},
    NEEDS_WORKER: {state: state for state in STATES[1:]},
}


class CannotHappen(ValueError):
    """This does not happen to a flag that stands there."""


class Standing(NamedTuple):
    """Where a flag stands. changed_at: when something last happened to it; due_at: its answer.

    A flag that is closed keeps the state in which it was closed.
    """

    state: str = FOUND
    closed_as: str = ""
    due_at: datetime | None = None
    changed_at: datetime | None = None


def after(
    one: Standing, happening: str, *, at: datetime, within: timedelta = timedelta()
) -> Standing:
    """Return where a flag stands after something happened. Raises CannotHappen.

    at: now. A clock that is behind dates nothing before what happened earlier. within: for ASKED,
    the time that there is to answer.
    """
    if happening == ASKED and within <= timedelta():
        raise CannotHappen(f"there must be time to answer, and {within} is none")
    at = max(at, one.changed_at or at)
    if happening == REOPENED and one.closed_as:
        return Standing(changed_at=at)
    to = STEPS.get(happening, {}).get(one.state)
    if to is None or one.closed_as:
        stands = one.closed_as or one.state or "found"
        raise CannotHappen(f"a flag that is {stands} cannot be {happening}")
    if happening == NEEDS_WORKER:
        return one
    return Standing(
        to,
        happening if happening in CLOSINGS else "",
        at + within if happening == ASKED else one.due_at,
        at,
    )


def on_finding(one: Standing, *, for_whom: Collection[str], grew: bool) -> tuple[str, ...]:
    """Return what happens to a flag that is found: the vendor is asked, the worker told with it.

    One event says both (tells_worker), as nearly all flags of a vendor's first scan are new.
    Nothing happens to one that was asked and is found again; what was explained or decided is asked
    again once it grew. grew: there is more to it than what was answered (see `grew`).

    >>> on_finding(Standing(), for_whom={"vendor", "worker"}, grew=False)
    ('asked',)
    >>> on_finding(Standing(EXPLAINED), for_whom={"vendor", "worker"}, grew=True)
    ('asked',)
    """
    told = (ASKED,) if "vendor" in for_whom else (NOTIFIED,) if "worker" in for_whom else ()
    if has_answer(one):
        again = (REOPENED, *told) if one.closed_as else (ASKED,)
        return again if grew else ()
    if one.closed_as:
        return (REOPENED, *told)
    return told if one == Standing() else ()


def tells_worker(happening: str, before: str) -> bool:
    """Return whether an event of a flag that is for its worker tells them of it, too.

    before: what happened to the flag last; "" where nothing did. Events of earlier versions tell
    the worker by an event of their own.
    """
    return happening == ASKED and before in (FOUND, REOPENED)


def has_answer(one: Standing) -> bool:
    """Return whether a flag stands on somebody's words, so that it is asked again if it grows."""
    return one.closed_as == DECIDED or (not one.closed_as and one.state == EXPLAINED)


def grew(
    *, answered_micros: int, answered_works: Collection[int], micros: int, works: Collection[int]
) -> bool:
    """Return whether more is at stake than what was answered, or other work is in question.

    >>> grew(answered_micros=5, answered_works=[1, 2], micros=4, works=[2])
    False
    >>> grew(answered_micros=5, answered_works=[1, 2], micros=5, works=[3])
    True
    """
    return micros > answered_micros or not set(works) <= set(answered_works)


def works_of(evidence: Mapping[str, Any]) -> list[int]:
    """Return the pieces of work that a finding's evidence names."""
    return [work["work"] for work in evidence.get("works", ())]


def may_explain(one: Standing) -> bool:
    """Return whether the vendor can answer."""
    return not one.closed_as and one.state in STEPS[EXPLAINED]


def may_decide(one: Standing) -> bool:
    """Return whether an auditor can close it with a written reason."""
    return not one.closed_as and one.state in STEPS[DECIDED]


def is_overdue(one: Standing, at: datetime) -> bool:
    """Return whether the vendor let the day pass on which an answer was due."""
    return not one.closed_as and one.state == ASKED and one.due_at is not None and at > one.due_at
