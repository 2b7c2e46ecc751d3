"""W32 record gap: approved money fell due, and no record says whether it was paid.

Flags   a vendor, once: debts past their grace of days up to which no remittance record reaches.
        And once for each kind of record that detectors look at and that was never brought in
        (coverage.py).
Leaves  platforms that pay on approval; debts that are not due; those that the record reaches (W01).
Stake   none: whether this money is missing is what is not known. How much it is, is evidence.
Source  DOMAIN.md W32: a gap in the record is not "no finding".
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from payouts.detectors import late_pay, wording
from payouts.detectors.coverage import RECORDS
from payouts.detectors.shapes import Debt, EngagementFacts, Finding, OpenWork

CODE = "W32"
VERSION = 1
TITLE = "Something is not on record"
SUBJECT = "payments"

Guard = Callable[[EngagementFacts, OpenWork, Debt], bool]


def payments_are_unknown(facts: EngagementFacts, work: OpenWork, debt: Debt) -> bool:
    """Tell whether the record of payments ends before the day on which the debt fell due."""
    return not late_pay.payments_are_known(facts, work, debt)


GUARDS: tuple[Guard, ...] = (
    late_pay.grace_is_over,
    late_pay.payments_are_reported,
    payments_are_unknown,
)


@dataclass
class Unchecked:
    """Money past due that nobody can check, added up over a vendor's accounts."""

    micros: Counter[str] = field(default_factory=Counter)  # by currency
    pieces: int = 0
    accounts: int = 0
    since_at_ms: int | None = None

    def add(self, facts: EngagementFacts, guards: tuple[Guard, ...] = GUARDS) -> None:
        """Add an account's debts that cannot be checked."""
        before = self.pieces
        for work in facts.works:
            for debt in work.debts:
                if all(guard(facts, work, debt) for guard in guards):
                    self.micros[work.currency] += debt.micros
                    self.pieces += 1
                    self.since_at_ms = min(self.since_at_ms or debt.due_at_ms, debt.due_at_ms)
        self.accounts += self.pieces > before

    def as_json(self) -> dict[str, Any]:
        """Return what a job's cursor can hold."""
        return {
            "micros": dict(self.micros),
            "pieces": self.pieces,
            "accounts": self.accounts,
            "since_at_ms": self.since_at_ms,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Unchecked":
        """Return it as it was when `as_json` was called."""
        return cls(Counter(kept["micros"]), kept["pieces"], kept["accounts"], kept["since_at_ms"])


def detect(unchecked: Unchecked, *, known_until: date | None, currency: str) -> list[Finding]:
    """Return one finding about the missing record, or none. currency: the vendor's."""
    if unchecked.since_at_ms is None:
        return []
    return [
        Finding(
            code=CODE,
            version=VERSION,
            subject=SUBJECT,
            stake_micros=0,
            currency=currency,
            since_at_ms=unchecked.since_at_ms,
            evidence={
                "known_until": known_until.isoformat() if known_until else None,
                "pieces": unchecked.pieces,
                "accounts": unchecked.accounts,
                "unchecked": dict(sorted(unchecked.micros.items())),
            },
        )
    ]


def sentence(*, stake_micros: int, currency: str, evidence: Mapping[str, Any]) -> str:
    """Return the finding in words: who and how much it is about, and how far the record reaches."""
    if "record" in evidence:
        return RECORDS[evidence["record"]].gap
    known_until = evidence["known_until"]
    reach = (
        f"the record ends on {wording.day(known_until)}" if known_until else "there is no record"
    )
    money = " and ".join(
        wording.amount(micros, unit) for unit, micros in evidence["unchecked"].items()
    )
    return (
        f"{reach}; {money} that fell due for {wording.pieces(evidence['pieces'])} cannot be checked"
    )


def what_happened(
    facts: EngagementFacts | None, evidence: Mapping[str, Any], where: Mapping[str, int]
) -> str:
    """Return why it is not found any more."""
    if "record" in evidence:
        return "There is such a record now."
    return "The record of payments now reaches all that has fallen due."
