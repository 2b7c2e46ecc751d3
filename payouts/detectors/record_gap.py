"""W32 record gap: approved money fell due, and no record says whether it was paid.

Flags   a vendor, once: debts past their grace of days up to which no remittance record reaches.
        And once for each kind of record that detectors look at and that was never brought in
        (coverage.py); of promises that were due, whether they had to be kept; of weeks of work
        without any time on record, whether they reached the floor.
Leaves  platforms that pay on approval; debts that are not due; those that the record reaches (W01).
Stake   none: whether this money is missing is what is not known. How much it is, is evidence.
Source  29 CFR 516 (who pays keeps the record) and Anderson v. Mt. Clemens Pottery, 328 U.S. 680
        (1946): the doubt is not the worker's. So a gap in the record is not "no finding".
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext, gettext_lazy, gettext_noop, ngettext

from payouts.detectors import below_floor, broken_promise, late_pay, wording
from payouts.detectors.coverage import RECORDS
from payouts.detectors.shapes import Debt, EngagementFacts, Finding, OpenWork
from payouts.statements import words

CODE = "W32"
VERSION = 1
TITLE = gettext_lazy("Something is not on record")
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
    """What nobody can check, added up over a vendor's accounts: money past due, promises, weeks."""

    micros: Counter[str] = field(default_factory=Counter)  # by currency
    pieces: int = 0
    accounts: int = 0
    since_at_ms: int | None = None
    in_doubt: Counter[str] = field(default_factory=Counter)  # by promise, how many accounts
    weeks: int = 0  # of work, without any time
    paid: Counter[str] = field(default_factory=Counter)  # earned in them, by currency

    def add(self, facts: EngagementFacts, guards: tuple[Guard, ...] = GUARDS) -> None:
        """Add what cannot be checked of an account."""
        before = self.pieces
        for work in facts.works:
            for debt in work.debts:
                if all(guard(facts, work, debt) for guard in guards):
                    self.micros[work.currency] += debt.micros
                    self.pieces += 1
                    self.since_at_ms = min(self.since_at_ms or debt.due_at_ms, debt.due_at_ms)
        self.accounts += self.pieces > before
        self.in_doubt.update(one.name for one in broken_promise.in_doubt(facts))
        for week in below_floor.without_any_time(facts):
            self.weeks += 1
            self.paid[week.currency] += week.evidence.pay_micros

    def __bool__(self) -> bool:
        """Tell whether there is anything that nobody can check."""
        return bool(self.pieces or self.in_doubt or self.weeks)

    def doubts(self) -> dict[str, dict[str, Any]]:
        """Return what coverage.py says besides, by record: nothing where there is no doubt."""
        found: dict[str, dict[str, Any]] = {}
        if self.in_doubt:
            found["conditions"] = {"of": dict(sorted(self.in_doubt.items()))}
        if self.weeks:
            found["time"] = {"weeks": self.weeks, "paid": dict(sorted(self.paid.items()))}
        return found

    def add_up(self, other: "Unchecked") -> None:
        """Add what was added up over other accounts."""
        self.micros.update(other.micros)
        self.in_doubt.update(other.in_doubt)
        self.paid.update(other.paid)
        self.weeks += other.weeks
        self.pieces += other.pieces
        self.accounts += other.accounts
        begun = [at for at in (self.since_at_ms, other.since_at_ms) if at is not None]
        self.since_at_ms = min(begun, default=None)

    def as_json(self) -> dict[str, Any]:
        """Return what a job's cursor can hold."""
        return {
            "micros": dict(self.micros),
            "pieces": self.pieces,
            "accounts": self.accounts,
            "since_at_ms": self.since_at_ms,
            "in_doubt": dict(self.in_doubt),
            "weeks": self.weeks,
            "paid": dict(self.paid),
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Unchecked":
        """Return it as it was when `as_json` was called."""
        in_doubt, paid = Counter(kept.get("in_doubt", {})), Counter(kept.get("paid", {}))
        figures = (kept["pieces"], kept["accounts"], kept["since_at_ms"])
        return cls(Counter(kept["micros"]), *figures, in_doubt, kept.get("weeks", 0), paid)


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
        return _of_what(str(RECORDS[evidence["record"]].gap), evidence)
    known_until = evidence["known_until"]
    said = gettext("there is no record; %(money)s that fell due for %(pieces)s cannot be checked")
    if known_until:
        said = gettext(
            "the record ends on %(day)s; %(money)s that fell due for %(pieces)s cannot be checked"
        )
    return said % {
        "day": wording.day(known_until) if known_until else "",
        "money": _money(evidence["unchecked"]),
        "pieces": wording.pieces(evidence["pieces"]),
    }


def _of_what(gap: str, evidence: Mapping[str, Any]) -> str:
    """Return a gap with how much it is about, where that is known."""
    if "weeks" in evidence:
        number = evidence["weeks"]
        said = ngettext(
            "%(gap)s; that is %(number)s worker-week with %(money)s",
            "%(gap)s; that is %(number)s worker-weeks with %(money)s",
            number,
        )
        money = _money(evidence["paid"])
        pay = gettext("%(money)s of pay") % {"money": money} if money else gettext("no pay")
        return said % {"gap": gap, "number": wording.number(number), "money": pay}
    names = ", ".join(
        f"{name} ({wording.number(many)})" for name, many in evidence.get("of", {}).items()
    )
    said = gettext("%(gap)s; by promise, with how many accounts: %(names)s")
    return said % {"gap": gap, "names": names} if names else gap


def _money(by_currency: Mapping[str, int]) -> str:
    return words.both(wording.amount(micros, unit) for unit, micros in by_currency.items())


def what_happened(
    facts: EngagementFacts | None, evidence: Mapping[str, Any], where: Mapping[str, int]
) -> str:
    """Return why it is not found any more."""
    if "record" in evidence:
        return gettext_noop("There is such a record now.")
    return gettext_noop("The record of payments now reaches all that has fallen due.")
