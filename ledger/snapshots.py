"""What one row of an export changes about the work that is known: the table in DESIGN.md, as code.

Exports are snapshots, and files arrive in any order: the same rows leave the same money and hours
whichever comes first. So a row first adds to the evidence (the highest promise, the newest one, the
most that was ever approved, the latest-dated decision, the longest time), each of which is the same
in every order; where the money has to be follows from the evidence (ledger/standing.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from ledger.facts import WorkFact
from ledger.importers.rows import Decision, WorkRow
from ledger.known import APPROVED, Known, Move, Standing, Terms
from ledger.moves import VENDOR
from ledger.standing import Evidence, When, moves_to

DAY_MS = 86_400_000

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


@dataclass(slots=True)
class Change:
    """What is to be posted for a row; nothing where the row says what is known."""

    outcome: str  # new, changed or unchanged
    work: dict[str, object] | None = None  # the fields of a new revision
    moves: list[Move] = field(default_factory=list)
    conflict: str = ""  # what contradicts the known row without a date that could settle it


def compare(
    said: WorkRow, known: Known | None, terms: Terms, as_of_ms: int, superseded: bool = False
) -> Change:
    """Return what `said` changes. as_of_ms: when the export was made.

    superseded: a later-dated export has said something of this attempt, be it the same.
    The moves are in the order in which they can be posted. `known` is not changed.
    """
    known = known or Known()
    latest = known.latest
    if latest is not None and latest.void:
        latest = None
    newer = latest is None or (as_of_ms >= latest.said_at_ms and not superseded)
    work = _revision(said, latest, terms, as_of_ms, newer)
    change = Change("unchanged" if latest else "new")
    if latest is not None and _other_currency(said, latest):
        change.conflict = f"pay in {said.currency}, but an earlier export says {latest.currency}"
    standing = _decide(said, known, latest, terms, as_of_ms, work, change)
    work["decided_as"] = standing.what if standing else ""
    work["decided_at_ms"] = standing.at_ms if standing else None
    if latest is None or any(
        work[name] != getattr(latest, name) for name in work if name != "said_at_ms"
    ):
        change.work = work
    if latest is not None and (change.work is not None or change.moves):
        change.outcome = "changed"
    return change


def _decide(
    said: WorkRow,
    known: Known,
    latest: WorkFact | None,
    terms: Terms,
    as_of_ms: int,
    work: dict[str, object],
    change: Change,
) -> Standing | None:
    """Add the row's promise and decisions to the evidence, oldest first, and move the money."""
    standing = Standing(latest.decided_as, latest.decided_at_ms) if latest else None
    if standing is not None and not standing.what:
        standing = None
    promised = None if change.conflict else said.promised_micros
    newest = work["promised_micros"] or 0
    assert isinstance(newest, int)
    # What was approved before its pay was known is approved with the pay that is told now.
    before_pay = latest is not None and latest.promised_micros is None
    balances = known.balances.copy()
    for decision in said.decisions or (None,):
        standing, counts = _weigh(decision, standing, known.lapsed, change)
        approves = decision.what == APPROVED if decision is not None and counts else False
        approves |= before_pay and standing is not None and standing.what == APPROVED
        evidence = Evidence(
            handed_micros=max(-balances[VENDOR], promised or 0),
            newest_micros=newest,
            approved_micros=(newest if promised is None else promised) if approves else 0,
            refused=standing is not None and standing.what != APPROVED,
            is_award=said.kind == "award",
        )
        change.moves += moves_to(
            evidence, balances, _when(said, decision, standing, known.refusal, terms, as_of_ms)
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
    at_ms = standing.at_ms if standing else None
    approved = decision is not None and decision.what == APPROVED
    refused = decision is not None and not approved and decision.at_ms == at_ms
    approved_at_ms = decision.at_ms if decision and approved else at_ms
    return When(
        ended_at_ms=_interval(said)[1],
        as_of_ms=as_of_ms,
        due_at_ms=_due(said, approved_at_ms, terms),
        approved_at_ms=approved_at_ms,
        approval=decision.reason if decision and approved else "",
        refused_at_ms=at_ms,
        refusal=(decision.reason if decision and refused else "") or refusal,
    )


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


def _revision(
    said: WorkRow, latest: WorkFact | None, terms: Terms, as_of_ms: int, newer: bool
) -> dict[str, object]:
    """Return the fields as they are after `said`: an older export adds, but replaces nothing."""
    work = {**_time(said, latest, newer), **_description(said, terms), "said_at_ms": as_of_ms}
    work |= {"promised_micros": said.promised_micros, "currency": said.currency}
    if latest is None:
        return work
    work["currency"] = latest.currency or said.currency
    work["said_at_ms"] = max(as_of_ms, latest.said_at_ms)
    for name in (*DESCRIPTION, "promised_micros"):
        there = getattr(latest, name)
        stays = not newer or work[name] is None
        if name == "promised_micros" and _other_currency(said, latest):
            stays = True
        if stays and there is not None:
            work[name] = there
    return work


def _other_currency(said: WorkRow, latest: WorkFact) -> bool:
    """Return whether the row promises money that cannot be compared with what is known."""
    names = {said.currency, latest.currency} - {""}
    return bool(said.promised_micros) and len(names) > 1


def _time(said: WorkRow, latest: WorkFact | None, newer: bool) -> dict[str, object]:
    """Return the longest interval and duration ever said, and what is said now where it is less."""
    started, ended = _interval(said)
    says = said.wall_ms if said.wall_ms is not None else _clock_ms(said)
    wall, now = says, says
    if latest is not None:
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


def _due(said: WorkRow, decided_at_ms: int | None, terms: Terms) -> int:
    """Return when approved money is due: as the row says, else so many days after the decision."""
    if said.due_at_ms is not None:
        return said.due_at_ms
    decided = decided_at_ms if decided_at_ms is not None else _interval(said)[1]
    return decided + terms.due_days * DAY_MS


def _description(said: WorkRow, terms: Terms) -> dict[str, object]:
    decide_by = said.decide_by_at_ms
    if decide_by is None and said.ended_as == "submitted":
        decide_by = _interval(said)[1] + terms.review_days * DAY_MS
    return {
        "external_id": said.external_id,
        "project": said.project,
        "task_type": said.task_type,
        "kind": said.kind,
        "ended_as": said.ended_as,
        "active_ms": said.active_ms,
        "paid_ms": said.paid_ms,
        "decide_by_at_ms": decide_by,
    }


def _interval(said: WorkRow) -> tuple[int, int]:
    """Return start and end; one instant twice where the source has no clock for both."""
    if said.started_at_ms is None or said.ended_at_ms is None:
        return said.at_ms, said.at_ms
    return said.started_at_ms, said.ended_at_ms


def _clock_ms(said: WorkRow) -> int | None:
    if said.started_at_ms is None or said.ended_at_ms is None:
        return None
    return said.ended_at_ms - said.started_at_ms


def _known(*values: int | None) -> Sequence[int]:
    return [value for value in values if value is not None]
