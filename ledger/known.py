"""What the ledger knows of one attempt: newest revision, money, the decision that stands."""

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from ledger.facts import Ref, WorkFact
from ledger.moves import RULES

LESS = "the source now says less"  # reason code of what an export took back
NO_REASON = "no reason given"
APPROVED, REFUSAL = "approved", "refused"


class Standing(NamedTuple):
    """The decision that stands. at_ms: when the source says so; None where it gives no date."""

    what: str  # approved or refused
    at_ms: int | None


class Terms(NamedTuple):
    """The pay terms in force when the work was claimed, in whole days."""

    review_days: int
    due_days: int


class Move(NamedTuple):
    """A transfer to be posted; the accounts follow from the rule book."""

    move: str
    amount_micros: int
    happened_at_ms: int | None
    due_at_ms: int | None
    reason: str


@dataclass
class Known:
    """What the ledger knows of one attempt: its newest revision, and where its money is."""

    root: Ref | None = None
    latest: WorkFact | None = None
    balances: Counter[str] = field(default_factory=Counter)  # micros by account
    decision: Standing | None = None
    taken_back: int = 0  # micros that are refused or withheld because of LESS

    def post(self, move: Move) -> None:
        """Follow a transfer that is being posted."""
        rule = RULES[move.move]
        self.balances[rule.source] -= move.amount_micros
        self.balances[rule.target] += move.amount_micros
        if move.reason == LESS:
            back = move.move in ("refuse", "deduct")
            self.taken_back += move.amount_micros if back else -move.amount_micros
        elif move.move in ("approve", "overturn", "award"):
            self.decision = Standing(APPROVED, move.happened_at_ms)
        elif move.move in ("refuse", "deduct"):
            self.decision = Standing(REFUSAL, move.happened_at_ms)
