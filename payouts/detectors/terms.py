"""What was agreed, said or given beside the task, as detectors get it: plain frozen data."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from ledger import promising
from ledger.promising import Pieces


@dataclass(frozen=True, slots=True)
class Ending:
    """An account was deactivated, or a project closed.

    settle_by_at_ms: by then all that is owed has been paid; settle_by_on: its day. reasons: in the
    words on record. A refusal that says no more than these gives no reason for its piece of work.
    """

    from_at_ms: int
    settle_by_at_ms: int
    settle_by_on: date
    reasons: frozenset[str]


@dataclass(frozen=True, slots=True)
class Promised:
    """A bonus that was promised to an account, and what it has done and was awarded for it.

    [first_ms, after_ms): the days in which pieces count. due_ms: when the day by which it was to be
    paid is over. pieces: what was handed in, by decision; pieces_at_least: None where the words of
    the promise give no number. awarded_micros: owed for it since, wherever that is now.
    """

    promise_id: int
    name: str
    project: str
    text: str
    counting: str
    pieces_at_least: int | None
    pieces: Pieces
    first_ms: int
    after_ms: int
    due_ms: int
    due_on: date
    currency: str
    micros: int
    awarded_micros: int = 0

    @property
    def standing(self) -> str:
        """Whether its condition is met: ledger/promising.py."""
        return promising.standing(
            counting=self.counting, pieces_at_least=self.pieces_at_least, pieces=self.pieces
        )


class Laid(NamedTuple):
    """What awards pay of a piece of time: how much, and which awards, by their work."""

    micros: int = 0
    awards: tuple[int, ...] = ()


NOTHING_LAID = Laid()


@dataclass(frozen=True, slots=True)
class Award:
    """Money that was awarded for time without pay: a row of work by itself.

    names: the check and the project of the time, as awarding.name_of has it; "" for a top-up, which
    is for [week_start_ms, week_end_ms). until_ms: the end of the day on which it was decided.
    micros: what of it was decided for the worker, wherever that is now.
    """

    work_id: int
    names: str
    currency: str
    until_ms: int
    week_start_ms: int
    week_end_ms: int
    micros: int


@dataclass(frozen=True, slots=True)
class Reading:
    """A version of instructions or of a course that an account has read by all appearance.

    at_ms: when it first had to. is_change: it had work when the version before was in force.
    measured_by: the works, by root, that say how long it took. time_ms, basis: else the estimate,
    and what that rests on. hourly_micros: what an hour of it is worth, in `currency`. laid: what
    awards pay of that.
    """

    course_id: int
    project: str
    name: str
    version: int
    at_ms: int
    is_change: bool
    measured_by: frozenset[int]
    time_ms: int
    basis: str
    hourly_micros: int
    currency: str
    laid: Laid = NOTHING_LAID
