"""What is looked at before a pay run may go, as pure rules.

A check that must hold cannot be answered away: mend it, or leave the account out and say why. The
others may be answered by a written reason, which stays with the run and is printed on its proof.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

SHOWN = 50  # entries of a check that are named; all are counted


class Entry(NamedTuple):
    """What a check found: at whom, and in words. micros: how much it is about."""

    account: str
    what: str
    micros: int


@dataclass(frozen=True)
class Check:
    """One check of a run, and what it found. entries: the largest SHOWN; count and micros: all."""

    code: str
    title: str
    must_hold: bool
    count: int = 0
    micros: int = 0
    entries: tuple[Entry, ...] = ()
    answer: str = ""

    @property
    def holds(self) -> bool:
        """Whether nothing was found, or it was answered by a written reason."""
        return not self.count or bool(self.answer and not self.must_hold)


class Item(NamedTuple):
    """One payment of the run, as the checks see it. payee: (method, address), None if not known."""

    account: str
    amount_micros: int
    currency: str
    left_out: str
    digest: str
    payee: tuple[str, str] | None
    payee_currency: str


class Gap(NamedTuple):
    """A week of the period that is below the floor, for what was earned or what arrived."""

    account: str
    starts_on: date
    missing_micros: int
    after_fees: bool


class Held(NamedTuple):
    """Money that is held back. decided: whether a decision with its reasons stands behind it.

    ends_on: until when it may be held; None for what was deducted.
    """

    account: str
    micros: int
    reason: str
    decided: bool
    ends_on: date | None


class Sent(NamedTuple):
    """A payment that was sent to an account lately."""

    account: str
    amount_micros: int
    reference: str
    sent_on: date


@dataclass(frozen=True)
class Evidence:
    """All that the checks look at. owed_now: digest of what each account is owed at present."""

    items: Sequence[Item]
    owed_now: Mapping[str, tuple[str, int]]  # account -> (digest, micros)
    gaps: Sequence[Gap] = ()
    held: Sequence[Held] = ()
    sent: Sequence[Sent] = ()
    known_until: date | None = None
    pays_elsewhere: bool = False  # payments are reported by remittances of another system
    today: date = date.min
    answers: Mapping[str, str] = field(default_factory=dict)


TITLES = {
    "changed": ("What is owed has changed since the draft", True),
    "payee": ("Where the pay goes is not known", True),
    "currency": ("The recipient expects another currency", True),
    "twice": ("Two payments of this run go to the same place", False),
    "sent": ("The same amount was sent to this account lately", False),
    "record": ("What was paid until today is not known", False),
    "left_out": ("Somebody is owed and left out", False),
    "floor": ("Below the floor", False),
    "held": ("Held back without a decision, or past its end", False),
}


def of(evidence: Evidence) -> list[Check]:
    """Return all checks of a run, those that must hold first."""
    found: dict[str, Iterable[Entry]] = {
        "changed": _changed(evidence),
        "payee": (
            Entry(item.account, "no payout details", item.amount_micros)
            for item in _paid(evidence)
            if item.payee is None
        ),
        "currency": (
            Entry(item.account, f"expects {item.payee_currency}", item.amount_micros)
            for item in _paid(evidence)
            if item.payee is not None and item.payee_currency != item.currency
        ),
        "twice": _twice(evidence),
        "sent": _sent_lately(evidence),
        "record": _unknown(evidence),
        "left_out": (
            Entry(item.account, item.left_out, item.amount_micros)
            for item in evidence.items
            if item.left_out
        ),
        "floor": (
            Entry(
                gap.account,
                f"week of {gap.starts_on}" + (", after fees" if gap.after_fees else ""),
                gap.missing_micros,
            )
            for gap in evidence.gaps
        ),
        "held": _held(evidence),
    }
    return [
        _check(code, entries, evidence.answers.get(code, "")) for code, entries in found.items()
    ]


def _check(code: str, found: Iterable[Entry], answer: str) -> Check:
    title, must_hold = TITLES[code]
    entries = sorted(found, key=lambda entry: (-entry.micros, entry.account, entry.what))
    return Check(
        code,
        title,
        must_hold,
        len(entries),
        sum(entry.micros for entry in entries),
        tuple(entries[:SHOWN]),
        answer,
    )


def _paid(evidence: Evidence) -> Iterator[Item]:
    return (item for item in evidence.items if not item.left_out)


def _changed(evidence: Evidence) -> Iterator[Entry]:
    drafted = {item.account for item in evidence.items}
    for item in _paid(evidence):
        digest, micros = evidence.owed_now.get(item.account, ("", 0))
        if digest != item.digest:
            yield Entry(item.account, "owed something else now", micros or item.amount_micros)
    for account, (_, micros) in evidence.owed_now.items():
        if account not in drafted:
            yield Entry(account, "owed since the draft was made", micros)


def _twice(evidence: Evidence) -> Iterator[Entry]:
    places = Counter(item.payee for item in _paid(evidence) if item.payee is not None)
    for item in _paid(evidence):
        if item.payee is not None and places[item.payee] > 1:
            yield Entry(item.account, f"{places[item.payee]} payments there", item.amount_micros)


def _sent_lately(evidence: Evidence) -> Iterator[Entry]:
    amounts = {item.account: item.amount_micros for item in _paid(evidence)}
    for sent in evidence.sent:
        if amounts.get(sent.account) == sent.amount_micros:
            yield Entry(sent.account, f"{sent.reference}, {sent.sent_on}", sent.amount_micros)


def _unknown(evidence: Evidence) -> Iterator[Entry]:
    if evidence.pays_elsewhere and (
        evidence.known_until is None or evidence.known_until < evidence.today
    ):
        reach = f"ends on {evidence.known_until}" if evidence.known_until else "is not complete"
        yield Entry("", f"the record of payments {reach}: something may be paid twice", 0)


def _held(evidence: Evidence) -> Iterator[Entry]:
    for held in evidence.held:
        if not held.decided:
            what = f"no decision stands behind it: {held.reason or 'no reason'}"
            yield Entry(held.account, what, held.micros)
        elif held.ends_on is not None and held.ends_on < evidence.today:
            yield Entry(held.account, f"past its end, {held.ends_on}: {held.reason}", held.micros)
