"""What is looked at before a pay run may go, as pure rules.

A check that must hold cannot be answered away: mend it, or leave the account out and say why. The
others may be answered by a written reason, which stays with the run and is printed on its proof.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ledger.exchange import MOST_AGE
from payouts.statements import words
from workers.payees import METHODS

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
    title: str | Promise
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
    """One payment of the run, as the checks see it. payee: (method, address), None if not known.

    has_rate: whether it can be paid in the recipient's currency, by a reference rate of today.
    """

    account: str
    amount_micros: int
    currency: str
    left_out: str
    digest: str
    payee: tuple[str, str] | None
    payee_currency: str
    has_rate: bool = True
    account_id: int = 0


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
    known_fees: Collection[tuple[str, str]] = ()  # (method, currency) whose fees are declared
    today: date = date.min
    answers: Mapping[str, str] = field(default_factory=dict)


TITLES = {
    "changed": (gettext_lazy("What is owed has changed since the draft"), True),
    "payee": (gettext_lazy("Where the pay goes is not known"), True),
    "rate": (gettext_lazy("There is no reference rate for the recipient's currency"), True),
    "twice": (gettext_lazy("Two payments of this run go to the same place"), False),
    "sent": (gettext_lazy("The same amount was sent to this account lately"), False),
    "record": (gettext_lazy("What was paid until today is not known"), False),
    "left_out": (gettext_lazy("Somebody is owed and left out"), False),
    "floor": (gettext_lazy("Below the floor"), False),
    "fees": (gettext_lazy("What pay loses on its way is not known"), False),
    "held": (gettext_lazy("Held back without a decision, or past its end"), False),
}


def of(evidence: Evidence) -> list[Check]:
    """Return all checks of a run, those that must hold first."""
    found: dict[str, Iterable[Entry]] = {
        "changed": _changed(evidence),
        "payee": (
            Entry(item.account, _("no payout details"), item.amount_micros)
            for item in _paid(evidence)
            if item.payee is None
        ),
        "rate": (
            Entry(item.account, _no_rate(item), item.amount_micros)
            for item in _paid(evidence)
            if item.payee is not None and not item.has_rate
        ),
        "twice": _twice(evidence),
        "sent": _sent_lately(evidence),
        "record": _unknown(evidence),
        "left_out": (
            Entry(item.account, item.left_out, item.amount_micros)
            for item in evidence.items
            if item.left_out
        ),
        "floor": (Entry(gap.account, _week(gap), gap.missing_micros) for gap in evidence.gaps),
        "fees": _unknown_fees(evidence),
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


def _week(gap: Gap) -> str:
    said = _("week of %(day)s, after fees") if gap.after_fees else _("week of %(day)s")
    return said % {"day": words.day(gap.starts_on)}


def _no_rate(item: Item) -> str:
    said = _("no rate for %(currency)s in %(wanted)s of today or the %(days)s days before")
    return said % {
        "currency": item.currency,
        "wanted": item.payee_currency,
        "days": MOST_AGE.days,
    }


def _changed(evidence: Evidence) -> Iterator[Entry]:
    drafted = {item.account for item in evidence.items}
    for item in _paid(evidence):
        digest, micros = evidence.owed_now.get(item.account, ("", 0))
        if digest != item.digest:
            yield Entry(item.account, _("owed something else now"), micros or item.amount_micros)
    for account, (_digest, micros) in evidence.owed_now.items():
        if account not in drafted:
            yield Entry(account, _("owed since the draft was made"), micros)


def _twice(evidence: Evidence) -> Iterator[Entry]:
    places = Counter(item.payee for item in _paid(evidence) if item.payee is not None)
    for item in _paid(evidence):
        if item.payee is not None and places[item.payee] > 1:
            there = _("%(number)s payments there") % {"number": places[item.payee]}
            yield Entry(item.account, there, item.amount_micros)


def _sent_lately(evidence: Evidence) -> Iterator[Entry]:
    amounts = {item.account: item.amount_micros for item in _paid(evidence)}
    for sent in evidence.sent:
        if amounts.get(sent.account) == sent.amount_micros:
            yield Entry(
                sent.account, f"{sent.reference}, {words.day(sent.sent_on)}", sent.amount_micros
            )


def _unknown(evidence: Evidence) -> Iterator[Entry]:
    if evidence.pays_elsewhere and (
        evidence.known_until is None or evidence.known_until < evidence.today
    ):
        said = _("the record of payments is not complete: something may be paid twice")
        if evidence.known_until is not None:
            said = _("the record of payments ends on %(day)s: something may be paid twice")
        yield Entry("", said % {"day": words.day(evidence.known_until)}, 0)


def _unknown_fees(evidence: Evidence) -> Iterator[Entry]:
    """Yield each way of paying of which nobody declared what it costs the recipient."""
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for item in _paid(evidence):
        if item.payee is not None:
            found[item.payee[0], item.payee_currency].append(item.amount_micros)
    for (method, currency), amounts in found.items():
        if (method, currency) not in evidence.known_fees:
            said = ngettext(
                "no fee is declared for %(method)s in %(currency)s, not even none: %(number)s "
                "payment",
                "no fee is declared for %(method)s in %(currency)s, not even none: %(number)s "
                "payments",
                len(amounts),
            )
            way = METHODS.get(method, method)
            what = said % {"method": way, "currency": currency, "number": len(amounts)}
            yield Entry("", what, sum(amounts))


def _held(evidence: Evidence) -> Iterator[Entry]:
    for held in evidence.held:
        if not held.decided:
            said = _("no decision stands behind it: %(reason)s")
            yield Entry(held.account, said % {"reason": held.reason or _("no reason")}, held.micros)
        elif held.ends_on is not None and held.ends_on < evidence.today:
            said = _("past its end, %(day)s: %(reason)s")
            what = said % {"day": words.day(held.ends_on), "reason": held.reason}
            yield Entry(held.account, what, held.micros)
