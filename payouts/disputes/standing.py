"""Where a question stands, by what happened to it; and what it is worth. Pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from ledger.agreed import ANSWER_DAYS
from ledger.moves import PAYABLE, PENDING, REFUSED, WITHHELD

ANSWER_WITHIN = timedelta(days=ANSWER_DAYS)

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


class Part(NamedTuple):
    """One move of what is paid. withholding: the decision that it takes back, if it is one."""

    move: str
    micros: int
    withholding: int | None = None


class Owing(NamedTuple):
    """The money of a piece of work that was not paid, in micros.

    not_yet: in review, refused or held back. already: owed; a pay run pays it, and no answer.
    """

    not_yet: int
    already: int


def owing(choice: str, at_micros: Mapping[str, int], held: Mapping[int, int]) -> Owing | None:
    """Return what is owed already and what is not; None where a choice asks for anything else.

    >>> owing("not_paid", {"pending": 4, "refused": 1, "payable": 3}, {7: 2})
    Owing(not_yet=7, already=3)
    """
    if choice != NOT_PAID:
        return None
    lost = sum(at_micros.get(account, 0) for account in (PENDING, REFUSED, WITHHELD))
    return Owing(lost + sum(held.values()), at_micros.get(PAYABLE, 0))


def split(
    micros: int, at_micros: Mapping[str, int], held: Mapping[int, int], *, choice: str = OTHER
) -> list[Part]:
    """Return the moves by which a vendor pays `micros` for a piece of work, in their order.

    at_micros: what is in review, was refused, and what an export withheld. held: what decisions
    withhold, by decision. Where it is about work that was not paid, what is in review is approved
    first. Then what was refused is overturned, what is withheld released, the oldest decision
    first; only what is more is awarded, so nothing is paid beside what is held back for the same
    work. The amounts add up to `micros`, and none is zero.

    >>> [tuple(part) for part in split(10, {"refused": 4, "withheld": 3}, {7: 2})]
    [('overturn', 4, None), ('release', 3, None), ('release', 2, 7), ('award', 1, None)]
    """
    if micros <= 0:
        raise ValueError(f"what is paid must be above 0, got {micros}")
    there = [
        Part("approve", at_micros.get(PENDING, 0) if choice == NOT_PAID else 0),
        Part("overturn", at_micros.get(REFUSED, 0)),
        Part("release", at_micros.get(WITHHELD, 0)),
        *(Part("release", held[decision], decision) for decision in sorted(held)),
        Part("award", micros),
    ]
    parts = []
    for one in there:
        part = one._replace(micros=min(micros, max(0, one.micros)))
        micros -= part.micros
        parts += [part] if part.micros else []
    return parts


def outcome(paid_micros: int, stake_micros: int | None) -> str:
    """Return "paid" where all that was asked for is paid, else nothing: the worker has the word.

    >>> outcome(5, 5), outcome(4, 5), outcome(5, None)
    ('paid', '', '')
    """
    return "paid" if stake_micros is not None and paid_micros >= stake_micros > 0 else ""
