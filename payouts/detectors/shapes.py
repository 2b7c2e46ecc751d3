"""What a detector is given, and what it gives back: plain frozen data, read by payouts/facts/.

Instants are UTC epoch milliseconds, money is whole micros, days are days on the vendor's calendar.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ledger.floor import MS_PER_HOUR, Evidence
from ledger.money import ceil_div
from payouts.detectors.clock import Clock
from payouts.detectors.terms import NOTHING_LAID, Award, Ending, Laid, Promised, Reading


@dataclass(frozen=True, slots=True)
class Debt:
    """Approved money of one piece of work that has not been sent. due_on: the day of due_at_ms."""

    due_at_ms: int
    due_on: date
    micros: int


@dataclass(frozen=True, slots=True)
class OpenWork:
    """One attempt with money that is undecided or owed.

    work_id: the first revision of the attempt, which money names.
    pending_micros: promised for work handed in and not decided. debts: owed, by due date.
    pays_on_approval: its platform pays when it approves, so that no payment will be reported.
    held_micros: what of withheld_micros is held by decisions that still stand (models.Withholding).
    threshold_micros: the balance below which the terms in force at claim pay nothing out.
    refused_micros, withheld_micros: handed in and refused, or owed and held back; each with what
        was said of it last (None where nothing of it is there). refused_with: the mass of refusals
        that it is part of. is_vanished: a later export of the same work does not name it any more.
        was_delivered: a manifest of what was delivered names it, with this worker. is_collapsed:
        another account's work has the same id, and was paid.
    """

    work_id: int
    external_id: str
    project: str
    currency: str
    started_at_ms: int
    ended_at_ms: int
    decide_by_at_ms: int | None
    pending_micros: int
    debts: tuple[Debt, ...] = ()
    pays_on_approval: bool = False
    refused_micros: int = 0
    refusal: "Told | None" = None
    withheld_micros: int = 0
    withholding: "Told | None" = None
    held_micros: int = 0
    threshold_micros: int = 0
    refused_with: "MassRefusal | None" = None
    is_vanished: bool = False
    was_delivered: bool = False
    is_collapsed: bool = False

    @property
    def refused_at_ms(self) -> int:
        """When it was refused last; the end of the work where that is not dated."""
        return self._when(self.refusal)

    @property
    def withheld_at_ms(self) -> int:
        """When its money was held back last; the end of the work where that is not dated."""
        return self._when(self.withholding)

    def _when(self, told: "Told | None") -> int:
        return self.ended_at_ms if told is None or told.at_ms is None else told.at_ms


@dataclass(frozen=True, slots=True)
class Told:
    """What the vendor said when it refused money or held it back. at_ms: None where not dated."""

    reason: str
    at_ms: int | None


@dataclass(frozen=True, slots=True)
class MassRefusal:
    """Many refusals of one project: of one day, or within a minute. [from_ms, to_ms)

    decided, refused: pieces of that time. usual_percent: refused of the project's other decisions;
    None where there are none.
    """

    project: str
    from_ms: int
    to_ms: int
    decided: int
    refused: int
    usual_percent: int | None
    rule: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt that may be work without pay, or paid for less than was done.

    share_ms: its part of the account's hours, so that two attempts at once are not counted twice;
        None where its time is not known. earned_micros: decided for the worker, wherever it is.
    hourly_micros: what an hour of it is worth: the agreed rate by the hour or the floor, whichever
        is more, in `hourly_currency`; 0 where there is neither.
    asked_for: its kind counts in the certified hours.
    task_ms, rework_ms: time of the account's tasks and of its unpaid rework in the same project,
        for rework only.
    approved_paid_ms: the longest paid time that an earlier export told when it was approved.
    clock_ms: its length as it was told last; approved_clock_ms: as it was told when approved, the
        longest.
    agreed_micros: the price agreed when it was claimed; later_micros: those agreed since.
        unnoticed_micros: the price before a cut, where the cut was told too late for this work.
    is_optional: it is a course that was on record as not required before it was done.
    is_before_pay: the account had not done any priced work of this project and type before.
    laid: what awards pay of its time (detectors/awarding.py).
    """

    work_id: int
    external_id: str
    project: str
    task_type: str
    kind: str
    ended_as: str
    decided_as: str
    currency: str
    started_at_ms: int
    ended_at_ms: int
    share_ms: int | None = None
    active_ms: int | None = None
    paid_ms: int | None = None
    promised_micros: int | None = None
    earned_micros: int = 0
    hourly_micros: int = 0
    hourly_currency: str = ""
    asked_for: bool = True
    task_ms: int = 0
    rework_ms: int = 0
    approved_paid_ms: int | None = None
    agreed_micros: int | None = None
    later_micros: tuple[int, ...] = ()
    clock_ms: int | None = None
    approved_clock_ms: int | None = None
    unnoticed_micros: int | None = None
    is_optional: bool = False
    is_before_pay: bool = False
    laid: Laid = NOTHING_LAID

    def worth(self, ms: int) -> int:
        """Return what so much of its time is worth, a fraction of a micro up."""
        return ceil_div(ms * self.hourly_micros, MS_PER_HOUR)


@dataclass(frozen=True, slots=True)
class Session:
    """A stretch of work without a rest in it. worked_ms: the union of its pieces' clocks."""

    start_ms: int
    end_ms: int
    worked_ms: int
    active_ms: int
    pieces: int


@dataclass(frozen=True, slots=True)
class Returned:
    """Money of one piece of work that a payment sent and that came back, and what was said."""

    work_id: int
    reference: str
    at_ms: int
    micros: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class WeekOfWork:
    """One account's week on denominator B, [start_ms, end_ms), and the floor it is held to."""

    starts_on: date
    start_ms: int
    end_ms: int
    evidence: Evidence
    floor_hourly_micros: int
    currency: str


@dataclass(frozen=True, slots=True)
class Exchanged:
    """How a payment arrived in another currency, against the reference rates.

    worth_micros: what arrived in the currency that was sent, at the rate of the day of arrival.
    late_loss_micros: what the debts that it paid after their due days were worth more on those
        days, in the currency that arrived.
    """

    currency: str
    micros: int
    worth_micros: int
    late_loss_micros: int = 0
    rates: tuple[dict[str, str], ...] = ()  # of the arrival, as evidence


@dataclass(frozen=True, slots=True)
class Settled:
    """A payment that arrived with a fee or in another currency. net_micros: less its fees."""

    reference: str
    currency: str
    at_ms: int
    net_micros: int
    fee_micros: int
    exchanged: Exchanged | None = None


@dataclass(frozen=True, slots=True)
class EngagementFacts:
    """What is known of one account at `as_of_ms`.

    payments_known_until: no payment sent on that day or before is missing from the record; None
        where no remittance record says how far it reaches. currency: the vendor's. deactivated: the
    deactivation that stands. closed: the vendor's projects that were closed. promised: what was
    promised beside the tasks that it worked on. readings: what it read for them. awards: what was
    awarded for time without pay.
    """

    engagement_id: int
    pseudonym: str
    as_of_ms: Clock
    payments_known_until: date | None
    works: tuple[OpenWork, ...] = ()
    weeks: tuple[WeekOfWork, ...] = ()
    settled: tuple[Settled, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    sessions: tuple[Session, ...] = ()
    returned: tuple[Returned, ...] = ()
    currency: str = "USD"
    deactivated: Ending | None = None
    closed: Mapping[str, Ending] = field(default_factory=dict)
    promised: tuple[Promised, ...] = ()
    readings: tuple[Reading, ...] = ()
    awards: tuple[Award, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """What a finding asks for of one piece of work, and of what: payouts/detectors/stakes.py.

    started_at_ms, ended_at_ms: of the work, so that a week can be given its part.
    """

    work_id: int
    purse: str
    micros: int
    started_at_ms: int
    ended_at_ms: int


@dataclass(frozen=True, slots=True)
class Finding:
    """A question with evidence. The same code, version and subject is the same finding for ever.

    subject: made of pseudonyms, never of names. since_at_ms: from when on it is a finding.
    evidence: what JSON can hold. Its "works" get the file and line that they came from.
    stake_micros: by itself; what is left of it beside other findings, stakes.counted_once says.
    claims: what the stake is made of. left_of: a week [start, end) of whose shortfall the stake is
        what other findings leave.
    """

    code: str
    version: int
    subject: str
    stake_micros: int
    currency: str
    since_at_ms: int
    evidence: dict[str, Any]
    claims: tuple[Claim, ...] = ()
    left_of: tuple[int, int] | None = None
