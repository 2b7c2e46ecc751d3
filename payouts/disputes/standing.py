"""Where a question stands, by what happened to it; and what it is worth. Pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Protocol

from ledger.moves import PAYABLE, PENDING, REFUSED, WITHHELD

ANSWER_WITHIN = timedelta(days=14)  # a review by a human within two weeks: directive (EU) 2024/2831

NOT_PAID, TOO_LITTLE, REFUSED_WORK, TIME, NOT_THERE, OTHER = (
    "not_paid", "too_little", "refused", "time", "not_there", "other",
)  # fmt: skip
CHOICES = (NOT_PAID, TOO_LITTLE, REFUSED_WORK, TIME, NOT_THERE, OTHER)
AT_STAKE = {NOT_PAID: (PENDING, PAYABLE), REFUSED_WORK: (REFUSED, WITHHELD)}


class Happened(Protocol):
    """What is known of a question."""

    @property
    def answer_due_at(self) -> datetime: ...
    @property
    def answered_at(self) -> datetime | None: ...
    @property
    def escalated_at(self) -> datetime | None: ...
    @property
    def closed_at(self) -> datetime | None: ...


def turn(one: Happened) -> str:
    """Return who must do something: vendor, worker or auditor; empty when it is closed.

    Once escalated it is the auditor's to decide; the vendor may still answer and pay.
    """
    if one.closed_at is not None:
        return ""
    if one.escalated_at is not None:
        return "auditor"
    return "vendor" if one.answered_at is None else "worker"


def is_overdue(one: Happened, at: datetime) -> bool:
    """Return whether the vendor let the day pass on which an answer was due."""
    return turn(one) == "vendor" and at > one.answer_due_at


def stake(choice: str, at_micros: Mapping[str, int]) -> int | None:
    """Return the money that a choice is about, in micros; None where it is not known.

    at_micros: where the money of the work is. Not paid: all that is in review or owed. Refused:
    all that was refused, held back or taken off. What was too little, nobody knows beforehand.

    >>> stake("refused", {"refused": 3, "payable": 5}), stake("time", {"payable": 5})
    (3, None)
    """
    accounts = AT_STAKE.get(choice)
    if accounts is None:
        return None
    return sum(at_micros.get(account, 0) for account in accounts)


def split(micros: int, at_micros: Mapping[str, int]) -> list[tuple[str, int]]:
    """Return the moves by which a vendor pays `micros` for a piece of work, in their order.

    First what was refused is overturned, then what is withheld released; what is more is awarded.
    The amounts add up to `micros`, and none is zero.

    >>> split(10, {"refused": 4, "withheld": 3})
    [('overturn', 4), ('release', 3), ('award', 3)]
    """
    if micros <= 0:
        raise ValueError(f"what is paid must be above 0, got {micros}")
    moves = []
    for move, account in (("overturn", REFUSED), ("release", WITHHELD)):
        part = min(micros, max(0, at_micros.get(account, 0)))
        if part:
            moves.append((move, part))
            micros -= part
    return [*moves, ("award", micros)] if micros else moves


def outcome(paid_micros: int, stake_micros: int | None) -> str:
    """Return "paid" where all that was asked for is paid, else nothing: the worker has the word.

    >>> outcome(5, 5), outcome(4, 5), outcome(5, None)
    ('paid', '', '')
    """
    return "paid" if stake_micros is not None and paid_micros >= stake_micros > 0 else ""
