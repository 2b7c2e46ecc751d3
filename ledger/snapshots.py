"""What one row of an export changes about the work that is known (DECISIONS.md D-010, D-011).

Exports are snapshots, and files arrive in any order: the same rows leave the same money and hours
whichever comes first. So a row first adds to the evidence (the highest promise, the newest one, the
most that was ever approved, the latest-dated decision, the longest time), each of which is the same
in every order; where the money has to be follows from the evidence (ledger/standing.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ledger.facts import UNPLACED, WorkFact
from ledger.importers.rows import Decision, WorkRow
from ledger.known import APPROVED, Known, Move, Standing, Terms
from ledger.moves import VENDOR
from ledger.periods import DAY_MS
from ledger.standing import Evidence, When, moves_to

# What a later export may change about an attempt without touching time or money.
DESCRIPTION = (
    "project",
    "task_type",
    "kind",
    "ended_as",
    "active_ms",
    "paid_ms",
    "decide_by_at_ms",
)
# What makes a revision another one: all that is said of the attempt, but not when it was said.
COMPARED = slice(WorkFact._fields.index("external_id"), WorkFact._fields.index("said_at_ms"))


@dataclass(slots=True)
class Change:
    """What is to be posted for a row; nothing where the row says what is known."""

    outcome: str  # new, changed or unchanged
    after: Known  # what is known when the moves are posted, but for the new revision
    work: WorkFact | None = None  # a new revision; the draft gives it id, number and root
    moves: list[Move] = field(default_factory=list)
    conflict: str = ""  # what contradicts the known row without a date that could settle it


def compare(
    said: WorkRow, known: Known | None, terms: Terms, as_of_ms: int, superseded: bool = False
) -> Change:
    """Return what `said` changes. as_of_ms: when the export was made.

    superseded: a later-dated export has said something of this attempt, be it the same.
    The moves are in the order in which they can be posted. `known` is not changed.
    """
    last = known.latest if known is not None else None
    latest = None if last is None or last.void else last
    newer = latest is None or (as_of_ms >= latest.said_at_ms and not superseded)
    change = Change("unchanged" if latest else "new", known.copy() if known else Known())
    if latest is not None and _other_currency(said, latest):
        change.conflict = f"pay in {said.currency}, but an earlier export says {latest.currency}"
    promised = _newest_promise(said, latest, newer)
    standing = _decide(said, latest, terms, as_of_ms, promised or 0, change)
    work = _told(said, last, standing, terms, as_of_ms)
    if latest is not None:
        work = _beside(work, said, latest, newer)
    if latest is None or work[COMPARED] != latest[COMPARED]:
        change.work = work
    if latest is not None and (change.work is not None or change.moves):
        change.outcome = "changed"
    return change


def _decide(
    said: WorkRow,
    latest: WorkFact | None,
    terms: Terms,
    as_of_ms: int,
    newest_micros: int,
    change: Change,
) -> Standing | None:
    """Add the row's promise and decisions to the evidence, oldest first, and move the money."""
    standing = Standing(latest.decided_as, latest.decided_at_ms) if latest else None
    if standing is not None and not standing.what:
        standing = None
    promised = None if change.conflict else said.promised_micros
    # What was approved before its pay was known is approved with the pay that is told now.
    before_pay = latest is not None and latest.promised_micros is None
    after, refusal, lapsed = change.after, change.after.refusal, change.after.lapsed
    for decision in said.decisions or (None,):
        standing, counts = _weigh(decision, standing, lapsed, change)
        approves = decision.what == APPROVED if decision is not None and counts else False
        approves |= before_pay and standing is not None and standing.what == APPROVED
        evidence = Evidence(
            max(-after.balances[VENDOR], promised or 0),
            newest_micros,
            (newest_micros if promised is None else promised) if approves else 0,
            standing is not None and standing.what != APPROVED,
            said.kind == "award",
        )
        change.moves += moves_to(
            evidence, after, _when(said, decision, standing, refusal, terms, as_of_ms)
        )
    return standing


def _when(
    said: WorkRow,
    decision: Decision | None,
    standing: Standing | None,
    refusal: str,
    terms: Terms,
    as_of_ms: int,
) -> When:
    """Return the dates and reasons of the moves: this decision's, else those of the one known."""
    at_ms = approved_at_ms = standing.at_ms if standing else None
    approval = ""
    if decision is not None and decision.what == APPROVED:
        approved_at_ms, approval = decision.at_ms, decision.reason
    elif decision is not None and decision.at_ms == at_ms:
        refusal = decision.reason or refusal
    ended_at_ms = _interval(said)[1]
    due_at_ms = said.due_at_ms
    if due_at_ms is None:  # so many days after the decision
        decided_at_ms = approved_at_ms if approved_at_ms is not None else ended_at_ms
        due_at_ms = decided_at_ms + terms.due_days * DAY_MS
    return When(ended_at_ms, as_of_ms, due_at_ms, approved_at_ms, approval, at_ms, refusal)


def _weigh(
    decision: Decision | None, standing: Standing | None, lapsed: bool, change: Change
) -> tuple[Standing | None, bool]:
    """Return the decision that stands, and whether this one counts as evidence.

    The later-dated one stands; of two with one date, the approval. Without a date neither can beat
    the other: the earlier one stands, and the conflict is shown. So does an approval because the
    review window lapsed, where a refusal has no date.
    """
    if decision is None:
        return standing, False
    said = Standing(decision.what, decision.at_ms)
    if standing is None and lapsed and said.at_ms is None and said.what != APPROVED:
        change.conflict = f"{said.what}, but the time to decide had run out"
        return None, False
    if standing is None:
        return said, True
    if said.what == standing.what:
        dated = _known(said.at_ms, standing.at_ms)
        return Standing(said.what, max(dated, default=None)), True
    if said.at_ms is None or standing.at_ms is None:
        change.conflict = f"{said.what}, but an earlier export says {standing.what}"
        return standing, False
    beats = (said.at_ms, said.what == APPROVED) > (standing.at_ms, standing.what == APPROVED)
    return said if beats else standing, True


def _told(
    said: WorkRow, last: WorkFact | None, standing: Standing | None, terms: Terms, as_of_ms: int
) -> WorkFact:
    """Return the revision after `last` that says what the row says."""
    started, ended = _interval(said)
    decide_by = said.decide_by_at_ms
    if decide_by is None and said.ended_as == "submitted":
        decide_by = ended + terms.review_days * DAY_MS
    revision, corrects_id = (last.revision + 1, last.id) if last else (1, None)
    decided_as, decided_at_ms = standing or ("", None)
    # fmt: off
    return WorkFact(
        *UNPLACED, revision, corrects_id, False,
        said.external_id, said.project, said.task_type, said.kind, said.ended_as,
        started, ended, _stated_ms(said), None, said.active_ms, said.paid_ms,
        said.promised_micros, said.currency, decide_by, decided_as, decided_at_ms, as_of_ms,
    )
    # fmt: on


def _beside(work: WorkFact, said: WorkRow, latest: WorkFact, newer: bool) -> WorkFact:
    """Return a revision with what was known before: an older export adds, but replaces nothing."""
    kept = {
        name: there
        for name in DESCRIPTION
        if (there := getattr(latest, name)) is not None
        and (not newer or getattr(work, name) is None)
    }
    return work._replace(
        **_time(said, latest, newer),
        **kept,
        promised_micros=_newest_promise(said, latest, newer),
        currency=latest.currency or said.currency,
        said_at_ms=max(work.said_at_ms, latest.said_at_ms),
    )


def _newest_promise(said: WorkRow, latest: WorkFact | None, newer: bool) -> int | None:
    """Return what the newest export promises; of two currencies, the pay that was known first."""
    if latest is None or latest.promised_micros is None:
        return said.promised_micros
    stays = not newer or said.promised_micros is None or _other_currency(said, latest)
    return latest.promised_micros if stays else said.promised_micros


def _other_currency(said: WorkRow, latest: WorkFact) -> bool:
    """Return whether the row promises money that cannot be compared with what is known."""
    names = {said.currency, latest.currency} - {""}
    return bool(said.promised_micros) and len(names) > 1


def _time(said: WorkRow, latest: WorkFact, newer: bool) -> dict[str, Any]:
    """Return the longest interval and duration ever said, and what is said now where it is less."""
    started, ended = _interval(said)
    says = _stated_ms(said)
    own, known = ended > started, latest.ended_at_ms > latest.started_at_ms
    both = latest.started_at_ms, latest.ended_at_ms
    if own and known:
        both = min(started, both[0]), max(ended, both[1])
    elif own or (newer and not known):
        both = started, ended
    # Two clocks that only overlap, or lie apart, leave an interval that neither named.
    neither = both not in ((started, ended), (latest.started_at_ms, latest.ended_at_ms))
    started, ended = both
    wall = max(_known(says, latest.wall_ms, ended - started if neither else None), default=None)
    before = latest.said_ms if latest.said_ms is not None else latest.wall_ms
    now = says if says is not None and (newer or before is None) else before
    less = now is not None and wall is not None and now < wall
    return {
        "started_at_ms": started,
        "ended_at_ms": ended,
        "wall_ms": wall,
        "said_ms": now if less else None,
    }


def _interval(said: WorkRow) -> tuple[int, int]:
    """Return start and end; one instant twice where the source has no clock for both."""
    if said.started_at_ms is None or said.ended_at_ms is None:
        return said.at_ms, said.at_ms
    return said.started_at_ms, said.ended_at_ms


def _stated_ms(said: WorkRow) -> int | None:
    """Return how long it took: as the row states it, else by its clock; None where neither is."""
    if said.wall_ms is not None:
        return said.wall_ms
    if said.started_at_ms is None or said.ended_at_ms is None:
        return None
    return said.ended_at_ms - said.started_at_ms


def _known(*values: int | None) -> Sequence[int]:
    return [value for value in values if value is not None]
