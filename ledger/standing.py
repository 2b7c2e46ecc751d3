"""Where the money of one attempt has to be, by all that its exports ever said; and the way there.

Handed in is the highest promise ever exported. Of it, what some export approved is decided, even if
a later-dated refusal stands: it stays in sight as withheld. What is not decided is pending as far
as the newest export promises it, else refused. So the same exports leave the same money in every
order. Where two orders could differ, the reading that flatters the vendor least is taken.
"""

from typing import NamedTuple

from ledger.known import LESS, MORE, NO_REASON, REFUSAL, Known, Move
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


DECIDED = ("approve", "overturn", "refuse", "reopen", "deduct", "release")
HANDED_IN, AWARDED = ("submit", *DECIDED), ("award", *DECIDED)


def moves_to(evidence: Evidence, known: Known, when: When) -> list[Move]:
    """Return the moves that bring the money where it has to be, and follow them in `known`.

    Money that was sent stays where it is: only what is pending, refused, payable or withheld moves.
    The smaller and the larger are written out: by min and max they would cost more than all else.
    """
    handed, newest, approved, refused, is_award = evidence
    there = known.balances.get
    vendor, pending, payable = there(VENDOR, 0), there(PENDING, 0), there(PAYABLE, 0)
    decided = -vendor - pending - there(REFUSED, 0)
    more = handed + vendor
    if is_award:
        way, approved = AWARDED, handed
        decided, payable = decided + more, payable + more
    else:
        way, approved = HANDED_IN, approved if approved > decided else decided
        pending += more
    left = newest - approved if newest > approved and not refused else 0
    now_approved = approved - decided
    too_much = pending - left
    from_pending = 0
    if too_much > 0 and now_approved:
        from_pending = too_much if too_much < now_approved else now_approved
    too_much -= from_pending
    payable += now_approved
    still_here = payable + there(WITHHELD, 0)
    gone = approved - still_here
    owed = 0 if refused else (approved if approved < newest else newest) - gone
    owed = owed if owed > 0 else 0
    owed = owed if owed < still_here else still_here
    amounts = (
        more, from_pending, now_approved - from_pending, too_much, -too_much, payable - owed,
        owed - payable,
    )  # fmt: skip
    moves = []
    for move, micros in zip(way, amounts, strict=True):
        if micros > 0:
            rule = RULES[move]
            happened_at_ms, reason = _told(move, when, refused)
            due_at_ms = when.due_at_ms if rule.due else None
            made = Move(move, micros, happened_at_ms, due_at_ms, reason if rule.reason else "")
            known.post(made)
            moves.append(made)
    return moves


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
    return moves_to(evidence, known.copy(), when)


def _told(move: str, when: When, refused: bool) -> tuple[int | None, str]:
    """Return when it happened and why: by decision, or because the source says another sum."""
    if move == "submit":
        return when.ended_at_ms, ""
    if move in ("refuse", "deduct"):
        if refused:
            return when.refused_at_ms, when.refusal or NO_REASON
        return when.as_of_ms, LESS
    if move in ("reopen", "release"):
        return when.as_of_ms, when.approval or MORE
    return when.approved_at_ms, when.approval or NO_REASON
