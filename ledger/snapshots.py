"""What one row of an export changes about the work that is known: the table in DESIGN.md, as code.

Exports are snapshots, and files arrive in any order: the same rows leave the same money and hours
whichever comes first. A later decision beats an earlier one by its date; undecided never beats
decided; the longest time and the highest promise ever exported stay in sight.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from ledger.facts import WorkFact
from ledger.importers.rows import WorkRow
from ledger.known import APPROVED, LESS, NO_REASON, Known, Move, Terms
from ledger.moves import PAYABLE, PENDING, REFUSED, RULES, VENDOR, WITHHELD

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


@dataclass
class Change:
    """What is to be posted for a row; nothing where the row says what is known."""

    outcome: str  # new, changed or unchanged
    work: dict[str, object] | None = None  # the fields of a new revision
    moves: list[Move] = field(default_factory=list)
    conflict: str = ""  # the decision that contradicts the known one, neither being dated


def compare(
    said: WorkRow, known: Known | None, terms: Terms, as_of_ms: int, superseded: bool = False
) -> Change:
    """Return what `said` changes. as_of_ms: when the export was made.

    superseded: a later-dated export has said something of this attempt, be it the same.
    The moves are in the order in which they can be posted. `known` is not changed.
    """
    if known is None or known.latest is None or known.latest.void:
        return _first_sight(said, terms, as_of_ms)
    after = Known(
        known.root, known.latest, Counter(known.balances), known.decision, known.taken_back
    )
    change = Change("unchanged")
    newer = as_of_ms >= known.latest.said_at_ms and not superseded
    work = _revision(said, known.latest, terms, as_of_ms, newer)
    change.moves += _promise(said, after, work, as_of_ms)
    for move in change.moves:
        after.post(move)
    change.moves += _decide(said, after, terms, change)
    differs = any(
        work[name] != getattr(known.latest, name) for name in work if name != "said_at_ms"
    )
    if differs:
        change.work = work
    if differs or change.moves:
        change.outcome = "changed"
    return change


def _first_sight(said: WorkRow, terms: Terms, as_of_ms: int) -> Change:
    started, ended = _interval(said)
    work: dict[str, object] = {
        "started_at_ms": started,
        "ended_at_ms": ended,
        "wall_ms": said.wall_ms if said.wall_ms is not None else _clock_ms(said),
        "said_ms": None,
        "promised_micros": said.promised_micros,
        "currency": said.currency,
        "said_at_ms": as_of_ms,
        **_description(said, terms),
    }
    change = Change("new", work)
    money = Known()
    if said.promised_micros:
        if said.kind == "award":
            change.moves += _award(said, said.promised_micros, terms)
        else:
            change.moves.append(Move("submit", said.promised_micros, ended, None, ""))
    for move in change.moves:
        money.post(move)
    change.moves += _decide(said, money, terms, change)
    return change


def _revision(
    said: WorkRow, latest: WorkFact, terms: Terms, as_of_ms: int, newer: bool
) -> dict[str, object]:
    """Return the fields as they are after `said`: an older export adds, but replaces nothing."""
    promised = said.promised_micros if newer else latest.promised_micros
    if promised is None:
        promised = latest.promised_micros if newer else said.promised_micros
    work: dict[str, object] = {
        **_time(said, latest, newer),
        "promised_micros": promised,
        "currency": latest.currency or said.currency,
        "said_at_ms": max(as_of_ms, latest.said_at_ms),
        "external_id": said.external_id,
    }
    described = _description(said, terms)
    for name in DESCRIPTION:
        there = getattr(latest, name)
        stays = not newer or described[name] is None
        work[name] = there if stays and there is not None else described[name]
    return work


def _time(said: WorkRow, latest: WorkFact, newer: bool) -> dict[str, object]:
    """Return the longest interval and duration ever said, and what is said now where it is less."""
    started, ended = _interval(said)
    clock = _clock_ms(said)
    if clock is None:
        started, ended = latest.started_at_ms, latest.ended_at_ms
    elif latest.ended_at_ms > latest.started_at_ms:  # both have a clock
        started, ended = min(started, latest.started_at_ms), max(ended, latest.ended_at_ms)
    says = clock if clock is not None else said.wall_ms
    wall = max(_known(says, latest.wall_ms, ended - started or None), default=None)
    before = latest.said_ms if latest.said_ms is not None else latest.wall_ms
    now = says if newer and says is not None else before
    less = now is not None and wall is not None and now < wall
    return {
        "started_at_ms": started,
        "ended_at_ms": ended,
        "wall_ms": wall,
        "said_ms": now if less else None,
    }


def _promise(said: WorkRow, known: Known, work: dict[str, object], as_of_ms: int) -> list[Move]:
    """Return the moves for another promise: more is submitted, less stays in sight."""
    if said.promised_micros is None or said.currency != work["currency"]:
        return []
    moves: list[Move] = []
    happened = _interval(said)[1]
    handed = -known.balances[VENDOR]
    more = said.promised_micros - handed
    if more > 0:
        name = "award" if said.kind == "award" else "submit"
        due = happened if name == "award" else None
        reason = NO_REASON if name == "award" else ""
        moves.append(Move(name, more, happened, due, reason))
    pending = known.balances[PENDING] + (more if more > 0 and said.kind != "award" else 0)
    still_promised = work["promised_micros"]
    assert isinstance(still_promised, int)
    back = max(handed, said.promised_micros) - still_promised - known.taken_back
    if back > 0:
        from_pending = min(back, pending)
        from_payable = min(back - from_pending, known.balances[PAYABLE])
        if from_pending:
            moves.append(Move("refuse", from_pending, as_of_ms, None, LESS))
        if from_payable:
            moves.append(Move("deduct", from_payable, as_of_ms, None, LESS))
    elif back < 0:
        moves += _give_back(-back, known, as_of_ms)
    return moves


def _give_back(amount: int, known: Known, as_of_ms: int) -> list[Move]:
    """Return the moves for a source that takes back what it took back."""
    moves = []
    from_withheld = min(amount, known.balances[WITHHELD])
    from_refused = min(amount - from_withheld, known.balances[REFUSED])
    if from_withheld:
        moves.append(Move("release", from_withheld, as_of_ms, None, LESS))
    if from_refused:
        moves.append(Move("overturn", from_refused, as_of_ms, as_of_ms, LESS))
    return moves


def _decide(said: WorkRow, known: Known, terms: Terms, change: Change) -> list[Move]:
    """Return the moves of the row's decisions that are news, oldest first."""
    moves: list[Move] = []
    for what, at_ms, reason in said.decisions:
        there = known.decision
        move = ""
        if there is None or there.what == what:
            move = "approve" if what == APPROVED else "refuse"
            amount = known.balances[PENDING]
        elif at_ms is None or there.at_ms is None:
            change.conflict = f"{what}, but an earlier export says {there.what}"
            continue
        elif at_ms <= there.at_ms:
            continue
        elif what == APPROVED:
            move, amount = "overturn", known.balances[REFUSED] - _refused_as_less(known)
        else:
            move, amount = "deduct", known.balances[PAYABLE]
        if amount <= 0:
            continue
        due = _due(said, at_ms, terms) if what == APPROVED else None
        needs_reason = RULES[move].reason
        posted = Move(move, amount, at_ms, due, (reason or NO_REASON) if needs_reason else "")
        known.post(posted)
        moves.append(posted)
    return moves


def _refused_as_less(known: Known) -> int:
    """Return the refused money that is refused because the source says less, not by decision."""
    return min(known.taken_back, known.balances[REFUSED])


def _award(said: WorkRow, amount: int, terms: Terms) -> list[Move]:
    at_ms, reason = next(((at, why) for _, at, why in said.decisions), (None, ""))
    return [Move("award", amount, at_ms, _due(said, at_ms, terms), reason or NO_REASON)]


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
