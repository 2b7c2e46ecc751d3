"""What a detector is given, and what it gives back: plain frozen data, read by payouts/facts.py.

Instants are UTC epoch milliseconds, money is whole micros, days are days on the vendor's calendar.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from ledger.floor import Evidence

MOST_LISTED = 500  # works named in one finding's evidence, the oldest first; all are counted


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
        where no remittance record says how far it reaches.
    """

    engagement_id: int
    pseudonym: str
    as_of_ms: int
    payments_known_until: date | None
    works: tuple[OpenWork, ...] = ()
    weeks: tuple[WeekOfWork, ...] = ()
    settled: tuple[Settled, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """A question with evidence. The same code, version and subject is the same finding for ever.

    subject: made of pseudonyms, never of names. since_at_ms: from when on it is a finding.
    evidence: what JSON can hold. Its "works" get the file and line that they came from.
    """

    code: str
    version: int
    subject: str
    stake_micros: int
    currency: str
    since_at_ms: int
    evidence: dict[str, Any]


def listed(works: list[tuple[int, OpenWork, int]]) -> list[dict[str, Any]]:
    """Return works as evidence, the oldest first. works: (since when, the work, micros)."""
    works = sorted(works, key=lambda entry: (entry[0], entry[1].work_id))
    return [
        {
            "work": work.work_id,
            "external_id": work.external_id,
            "project": work.project,
            "micros": micros,
            "at_ms": at_ms,
        }
        for at_ms, work, micros in works[:MOST_LISTED]
    ]
