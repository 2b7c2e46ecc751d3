"""A piece of work and a payment as the vendor knows them, and how its tool exports the work.

Money is whole micros of a US dollar. A `Work` is the whole story; an export shows the part of it
that had happened by then.
"""

from functools import lru_cache
from typing import NamedTuple

from ledger.sample.days import stamp

SOURCE = "tallgrass"
CURRENCY = "USD"
MICROS = 1_000_000

COLUMNS = (
    "external_id",
    "worker_external_id",
    "source_system",
    "worker_country",
    "project",
    "task_type",
    "work_category",
    "status",
    "started_at",
    "ended_at",
    "active_seconds",
    "wall_seconds",
    "paid_seconds",
    "rate_kind",
    "rate_amount",
    "units",
    "currency",
    "status_at",
    "status_reason",
    "decide_by",
    "due_at",
)

PAID_OUTCOMES = frozenset({"approved", "screened_out"})


class Decision(NamedTuple):
    status: str
    at_s: int
    reason: str = ""


class Work(NamedTuple):
    """One attempt, training session or bonus.

    decisions: oldest first; none if it was never decided.
    pay_micros: what was promised, None if nobody wrote it down.
    paid_in_run: paid with the ordinary pay run when due.
    held_back: missing from the first of two exports.
    dropped: missing from the later of two exports.
    told_first: what the first of two exports said, where the later one says something else.
    """

    external_id: str
    project: str
    task_type: str
    category: str
    start_s: int | None
    end_s: int | None
    decisions: tuple[Decision, ...]
    pay_micros: int | None
    rate_micros: int | None
    rate_kind: str = "piece"
    units: int = 1
    active_s: int | None = None
    wall_s: int | None = None
    paid_s: int | None = None
    decide_by_s: int | None = None
    due_s: int | None = None
    paid_in_run: bool = True
    held_back: bool = False
    dropped: bool = False
    told_first: "Work | None" = None

    @property
    def at_s(self) -> int:
        """The instant that places it in a month: its start, else its end, else its decision."""
        return self.start_s or self.end_s or self.decisions[-1].at_s


class Told(NamedTuple):
    """What the bank reports of a payment. status: booked, pending, rejected or returned.

    amount_micros: what moved, where it is not the whole payment. fee_micros: at the worker's cost.
    """

    status: str
    at_s: int
    reason: str = ""
    amount_micros: int | None = None
    fee_micros: int = 0


class Payment(NamedTuple):
    """Money sent to one worker. `works` are the ids that the remittance lists, if it lists any.

    exchanged: what the recipient got, and in which currency, where that is another one.
    bank: what the bank reports of it, besides what the remittance says.
    """

    sent_s: int
    amount_micros: int
    works: tuple[str, ...] = ()
    arrived_s: int | None = None
    fee_micros: int = 0
    early: bool = False
    exchanged: tuple[int, str] | None = None
    bank: Told | None = None

    @property
    def came_back(self) -> bool:
        """Whether the bank says that the worker never got it."""
        return self.bank is not None and self.bank.status in ("rejected", "returned")

    @property
    def lost_micros(self) -> int:
        """The fees that were taken from it: none of what came back; told twice is taken once."""
        told = self.bank.fee_micros if self.bank else 0
        return 0 if self.came_back else max(self.fee_micros, told)


def state(work: Work, at: int) -> Decision | None:
    """Return the last decision taken by an instant; None if there was none yet."""
    taken = [decision for decision in work.decisions if decision.at_s <= at]
    return taken[-1] if taken else None


def earned_micros(work: Work, at: int) -> int:
    """Return what had been decided for the worker by an instant."""
    decision = state(work, at)
    return work.pay_micros or 0 if decision and decision.status in PAID_OUTCOMES else 0


def exported(work: Work, account: str, country: str, at: int) -> list[str | int] | None:
    """Return the row of the export made at an instant; None if the work was not yet there."""
    decision = state(work, at)
    if decision is None and (work.end_s is None or work.end_s > at):
        return None
    status = decision.status if decision else "submitted"
    priced = work.rate_micros is not None
    return [
        work.external_id,
        account,
        SOURCE,
        country,
        work.project,
        work.task_type,
        work.category,
        status,
        _when(work.start_s),
        _when(work.end_s),
        _number(work.active_s),
        _number(work.wall_s),
        _number(work.paid_s),
        work.rate_kind if priced else "",
        money(work.rate_micros) if work.rate_micros is not None else "",
        work.units if priced else "",
        CURRENCY if priced else "",
        _when(decision.at_s) if decision else "",
        decision.reason if decision else "",
        _when(work.decide_by_s),
        _when(work.due_s) if status in PAID_OUTCOMES else "",
    ]


@lru_cache(maxsize=4_096)
def money(micros: int) -> str:
    """Return an amount with at least two decimals, exactly.

    >>> money(15_000_000), money(12_500), money(14_999_999)
    ('15.00', '0.0125', '14.999999')
    """
    whole, part = divmod(micros, MICROS)
    decimals = f"{part:06d}".rstrip("0").ljust(2, "0")
    return f"{whole}.{decimals}"


def _when(at: int | None) -> str:
    return "" if at is None else stamp(at)


def _number(value: int | None) -> str:
    return "" if value is None else str(value)
