"""What the ledger knows of one attempt: its newest revision, and where its money is."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import NamedTuple

from ledger.facts import Ref, WorkFact
from ledger.moves import PAYABLE, RULES, WITHHELD

LESS = "the source now says less"  # reason code of what an export took back
MORE = "the source says more again"  # and of what it gave back
UNDONE = "the import was undone"
NO_REASON = "no reason given"
BY_THEMSELVES = frozenset({LESS, UNDONE})  # what money moves for without anybody's decision
UNEXPLAINED = BY_THEMSELVES | {"", NO_REASON}
LAPSED = "review window lapsed"  # nobody decided in time, so the work is approved
APPROVED, REFUSAL = "approved", "refused"
# Withheld by somebody's decision (models.Withholding): no export moves it, so it stands by itself.
BY_DECISION = "withheld by decision"


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


Balances = defaultdict[str, int]  # by account; a Counter takes three times as long to copy


@dataclass(slots=True)
class Known:
    """What the ledger knows of one attempt: its newest revision, and where its money is."""

    root: Ref | None = None
    latest: WorkFact | None = None  # it says which decision stands
    balances: Balances = field(default_factory=lambda: defaultdict(int))  # micros
    refusal: str = ""  # the reason of the last refusal
    due_at_ms: int | None = None  # the first day on which any of it was due
    lapsed: bool = False  # it is approved because nobody decided in time
    held: dict[int, int] = field(default_factory=dict)  # micros withheld, by withholding

    def copy(self) -> "Known":
        """Return one that can follow other transfers than this one."""
        return Known(
            self.root, self.latest, self.balances.copy(), self.refusal, self.due_at_ms,
            self.lapsed, self.held.copy(),
        )  # fmt: skip

    def post(self, move: Move) -> None:
        """Follow a transfer that is being posted."""
        name, micros, _, due_at_ms, reason = move
        rule, balances = RULES[name], self.balances
        balances[rule.source] -= micros
        balances[rule.target] += micros
        if due_at_ms is not None and rule.target == PAYABLE:
            self.due_at_ms = min(self.due_at_ms or due_at_ms, due_at_ms)
        if name == "approve":
            self.lapsed |= reason == LAPSED
        elif name in ("refuse", "deduct") and reason not in BY_THEMSELVES:
            self.refusal = reason
        elif name == "overpaid":  # an undo: what stands again is posted after it
            self.lapsed = False

    def shift(self, source: str, target: str, micros: int, withholding_id: int | None) -> None:
        """Follow money that moved, by a reversal or by somebody's decision."""
        for account, change in ((source, -micros), (target, micros)):
            if account == WITHHELD and withholding_id is not None:
                account = BY_DECISION
                self.held[withholding_id] = self.held.get(withholding_id, 0) + change
            self.balances[account] += change
