"""The rule book: the accounts that money can be in, and the moves between them.

Every engagement has these accounts in each currency. A transfer is one row (from, to, amount above
zero), so an unbalanced entry cannot be written down. The table below is the only place where moves
are defined; the database holds every transfer to it by constraints built from it.
"""

from typing import NamedTuple

from django.db.models import Q

VENDOR = "vendor"  # still with the vendor: where all pay comes from; may go below zero
PENDING = "pending"  # promised for work handed in, not yet decided
PAYABLE = "payable"  # owed to the worker
REFUSED = "refused"  # work handed in and refused; in sight until overturned
WITHHELD = "withheld"  # owed, but held back or deducted; in sight until released
REMITTED = "remitted"  # paid to a third party for the worker on a legal basis
IN_TRANSIT = "in_transit"  # sent, not yet confirmed as arrived
RECEIVED = "received"  # confirmed as arrived
FEES = "fees"  # lost on the way at the worker's cost
ADVANCE = "advance"  # paid beyond what is known to be owed: zero or below

ACCOUNTS = (
    VENDOR, PENDING, PAYABLE, REFUSED, WITHHELD, REMITTED, IN_TRANSIT, RECEIVED, FEES, ADVANCE,
)  # fmt: skip
MAY_GO_BELOW_ZERO = (VENDOR, ADVANCE)


class Rule(NamedTuple):
    """From where to where a move goes, and what it must name."""

    source: str
    target: str
    work: bool = False
    payment: bool = False
    reason: bool = False
    due: bool = False  # money that becomes owed says when it is due
    decision: bool = False  # only somebody's decision does this (models.Withholding)


RULES: dict[str, Rule] = {
    "submit": Rule(VENDOR, PENDING, work=True),
    "approve": Rule(PENDING, PAYABLE, work=True, due=True),
    "refuse": Rule(PENDING, REFUSED, work=True, reason=True),
    "reopen": Rule(REFUSED, PENDING, work=True, reason=True),
    "overturn": Rule(REFUSED, PAYABLE, work=True, reason=True, due=True),
    "award": Rule(VENDOR, PAYABLE, work=True, reason=True, due=True),
    "hold": Rule(PAYABLE, WITHHELD, work=True, reason=True, decision=True),
    "deduct": Rule(PAYABLE, WITHHELD, work=True, reason=True),
    "release": Rule(WITHHELD, PAYABLE, work=True, reason=True),
    "remit": Rule(PAYABLE, REMITTED, work=True, reason=True, decision=True),
    "pay": Rule(PAYABLE, IN_TRANSIT, work=True, payment=True),
    "settle": Rule(IN_TRANSIT, RECEIVED, payment=True),
    "fee": Rule(IN_TRANSIT, FEES, payment=True),
    "late_fee": Rule(RECEIVED, FEES, payment=True),
    "recall": Rule(RECEIVED, IN_TRANSIT, payment=True),
    "prepay": Rule(ADVANCE, IN_TRANSIT, payment=True),
    "apply": Rule(PAYABLE, ADVANCE, work=True, payment=True),
    "overpaid": Rule(ADVANCE, VENDOR, work=True, payment=True, reason=True),
    "round": Rule(VENDOR, PAYABLE, work=True, payment=True, due=True),
}
REVERSE = "reverse"  # the exact mirror of one earlier transfer, once, never of a reversal


def follows_the_rule_book() -> Q:
    """Return the condition that every transfer's move, source and target must meet."""
    legal = Q(move=REVERSE, reverses__isnull=False, source__in=ACCOUNTS, target__in=ACCOUNTS)
    for move, rule in RULES.items():
        legal |= Q(move=move, source=rule.source, target=rule.target, reverses__isnull=True)
    return legal


def names_what_it_needs(need: str, column: str) -> Q:
    """Return the condition that the moves which need `need` have a value in `column`.

    need: a field of Rule ("work", "payment", "reason", "due", "decision").
    """
    moves = [move for move, rule in RULES.items() if getattr(rule, need)]
    missing = {f"{column}": ""} if need == "reason" else {f"{column}__isnull": True}
    return ~Q(move__in=moves, **missing)
