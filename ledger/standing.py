"""Where the money of one attempt has to be, by all that its exports ever said; and the way there.

Handed in is the highest promise ever exported. Of it, what some export approved is decided, even if
a later-dated refusal stands: it stays in sight as withheld. What is not decided is pending as far
as the newest export promises it, else refused. So the same exports leave the same money in every
order. Where two orders could differ, the reading that flatters the vendor least is taken.
"""

from typing import NamedTuple

from ledger.known import LESS, MORE, NO_REASON, REFUSAL, Balances, Known, Move
from ledger.moves import PAYABLE, PENDING, REFUSED, RULES, VENDOR, WITHHELD


class Evidence(NamedTuple):
    """What is known of one attempt once a row has been read. Micros of one currency."""

    handed_micros: int  # the highest promise ever exported
    newest_micros: int  # what the newest export promises
    approved_micros: int  # what this row approves; what was approved before is seen in the money
    refused: bool  # a refusal is the decision that stands
    is_award: bool


class When(NamedTuple):
    """The dates and reasons that the moves are to carry."""

    ended_at_ms: int
    as_of_ms: int
    due_at_ms: int
    approved_at_ms: int | None
    approval: str  # its reason
    refused_at_ms: int | None
    refusal: str  # its reason


def moves_to(evidence: Evidence, balances: Balances, when: When) -> list[Move]:
    """Return the moves that bring the money where it has to be, and follow them in `balances`.

    Money that was sent stays where it is: only what is pending, refused, payable or withheld moves.
    """
    way = _Way(balances, when, evidence.refused)
    pending, refused = balances[PENDING], balances[REFUSED]
    decided = -balances[VENDOR] - pending - refused
    more = evidence.handed_micros + balances[VENDOR]
    approved = max(decided, evidence.approved_micros)
    if evidence.is_award:
        way.go("award", more)
        approved = evidence.handed_micros
        decided += more
    else:
        way.go("submit", more)
    left = 0 if evidence.refused else max(0, evidence.newest_micros - approved)
    now_approved = approved - decided
    from_pending = min(max(0, balances[PENDING] - left), now_approved)
    way.go("approve", from_pending)
    way.go("overturn", now_approved - from_pending)
    way.go("refuse", balances[PENDING] - left)
    way.go("reopen", left - balances[PENDING])
    still_here = balances[PAYABLE] + balances[WITHHELD]
    gone = approved - still_here
    owed = 0 if evidence.refused else max(0, min(approved, evidence.newest_micros) - gone)
    owed = min(owed, still_here)
    way.go("deduct", balances[PAYABLE] - owed)
    way.go("release", owed - balances[PAYABLE])
    return way.moves


def settled(known: Known, at_ms: int) -> list[Move]:
    """Return the moves that bring an attempt's money where its exports say that it has to be.

    For money that a decision had held: what an export refused meanwhile is withheld for that.
    """
    latest = known.latest
    if latest is None or latest.void:
        return []
    evidence = Evidence(
        handed_micros=-known.balances[VENDOR],
        newest_micros=latest.promised_micros or 0,
        approved_micros=0,
        refused=latest.decided_as == REFUSAL,
        is_award=latest.kind == "award",
    )
    decided_at_ms = latest.decided_at_ms
    when = When(
        latest.ended_at_ms, at_ms, known.due_at_ms or at_ms, decided_at_ms, "", decided_at_ms,
        known.refusal,
    )  # fmt: skip
    return moves_to(evidence, known.balances.copy(), when)


class _Way:
    """The moves so far, each with the date and the reason that belong to it."""

    __slots__ = ("balances", "moves", "refused", "when")

    def __init__(self, balances: Balances, when: When, refused: bool) -> None:
        self.balances, self.when, self.refused = balances, when, refused
        self.moves: list[Move] = []

    def go(self, move: str, micros: int) -> None:
        """Add a move; none where there is nothing to move."""
        if micros <= 0:
            return
        rule = RULES[move]
        self.balances[rule.source] -= micros
        self.balances[rule.target] += micros
        happened, reason = self._told(move)
        due = self.when.due_at_ms if rule.due else None
        self.moves.append(Move(move, micros, happened, due, reason if rule.reason else ""))

    def _told(self, move: str) -> tuple[int | None, str]:
        """Return when it happened and why: by decision, or because the source says another sum."""
        when = self.when
        if move == "submit":
            return when.ended_at_ms, ""
        if move in ("refuse", "deduct"):
            if self.refused:
                return when.refused_at_ms, when.refusal or NO_REASON
            return when.as_of_ms, LESS
        if move in ("reopen", "release"):
            return when.as_of_ms, when.approval or MORE
        return when.approved_at_ms, when.approval or NO_REASON
