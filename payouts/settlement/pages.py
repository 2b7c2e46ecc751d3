"""Settlement as pages, endpoints and commands tell it: files with their sums, entries, outcomes."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext, gettext_lazy

from ledger.jobs import GOES_ON
from ledger.models import Job
from ledger.money import format_amount
from payouts.models import SettlementEntry, SettlementFile, SettlementParty, SettlementTold
from payouts.settlement import intake, unsettling

OUTCOMES = {
    "unmatched": gettext_lazy("not matched"),
    "conflict": gettext_lazy("in conflict"),
    "currency": gettext_lazy("in another currency"),
    "waiting": gettext_lazy("not booked yet"),
    "settled": gettext_lazy("settled"),
    "returned": gettext_lazy("returned"),
    "rejected": gettext_lazy("rejected"),
    "repeat": gettext_lazy("told again"),
    "ignored": gettext_lazy("not about pay"),
    "withdrawn": gettext_lazy("taken back with its file"),
}
OPEN = ("unmatched", "conflict", "currency", "waiting")
STATES = {
    "reading": gettext_lazy("being read"),
    "matching": gettext_lazy("being matched"),
    "done": gettext_lazy("done"),
    "undoing": gettext_lazy("being undone"),
    "undone": gettext_lazy("undone"),
}
MATCHED = {
    "reference": gettext_lazy("by reference, %(percent)s%%"),
    "account": gettext_lazy("by account, %(percent)s%%"),
    "name": gettext_lazy("by name, %(percent)s%%"),
}


@dataclass(frozen=True, slots=True)
class Story:
    """One file, how the entries that it tells of ended, and the job that reads it."""

    file: SettlementFile
    counts: dict[str, int]  # by outcome
    jobs: tuple[Job, ...]  # the one that reads it, and the one that takes it back

    @property
    def job(self) -> Job | None:
        """The job that goes on, or was the last one."""
        return self.jobs[-1] if self.jobs else None

    @property
    def is_moving(self) -> bool:
        """Whether something goes on: the page loads itself again."""
        return any(job.state in GOES_ON for job in self.jobs)

    @property
    def has_stopped(self) -> str:
        """Why the reading or the taking back stopped, where it did."""
        return next((job.error for job in self.jobs if job.state == "failed"), "")

    @property
    def may_be_undone(self) -> bool:
        """Whether taking it back can be asked for."""
        return self.file.state == "done" and not self.is_moving

    @property
    def state(self) -> str:
        """The state in words."""
        if self.has_stopped:
            return gettext("stopped")
        return state_of(self.file)

    @property
    def is_matched(self) -> int:
        """How many entries have a payment, or are not about pay."""
        return sum(n for outcome, n in self.counts.items() if outcome not in OPEN)

    @property
    def is_open(self) -> int:
        """How many entries still wait for an answer."""
        return sum(n for outcome, n in self.counts.items() if outcome in OPEN)

    @property
    def unread(self) -> int:
        """How many rows or parts of the file could not be read."""
        return int(self.file.counts.get("unreadable", 0))

    @property
    def statements(self) -> list[dict[str, Any]]:
        """The file's statements, each with its sums by currency."""
        return [{**one, "sums": sums_of(one)} for one in self.file.statements]

    @property
    def agrees(self) -> bool | None:
        """Whether every statement agrees with its balances; None where the file gives none."""
        said = [one["agrees"] for one in self.file.statements if one["agrees"] is not None]
        return all(said) if said else None

    @property
    def outcomes(self) -> list[tuple[str, int]]:
        """How many entries ended how, in words."""
        return [(str(OUTCOMES[one]), self.counts[one]) for one in OUTCOMES if self.counts.get(one)]


def state_of(file: SettlementFile) -> str:
    """Return the state of a file in words."""
    return str(STATES.get(file.state) or gettext("refused, nothing kept"))


def stories(
    files: list[SettlementFile], entries: QuerySet[SettlementEntry], jobs: QuerySet[Job]
) -> list[Story]:
    """Return files with how the entries that they tell of ended, and their jobs. Three queries."""
    counts: dict[int, Counter[str]] = {one.pk: Counter() for one in files}
    first = entries.filter(file__in=files).values_list("file_id", "outcome__outcome")
    again = entries.filter(told_again__file__in=files).exclude(file=F("told_again__file"))
    for ended in (first, again.values_list("told_again__file", "outcome__outcome")):
        for pk, outcome, count in ended.annotate(Count("pk")).order_by():
            counts[pk][outcome] += count
    by_key = {
        job.key: job for job in jobs.filter(key__in=[key for one in files for key in _keys(one)])
    }
    return [
        Story(one, counts[one.pk], tuple(by_key[key] for key in _keys(one) if key in by_key))
        for one in files
    ]


def told_by(
    file: SettlementFile, entries: "QuerySet[SettlementEntry]", again: "QuerySet[SettlementTold]"
) -> "QuerySet[SettlementEntry]":
    """Return the entries that a file tells of, the first or again, in the order of the files."""
    known = again.filter(file=file).values("entry")
    return entries.filter(Q(file=file) | Q(pk__in=known)).order_by("file", "number")


def _keys(file: SettlementFile) -> tuple[str, str]:
    return intake.key_of(file), unsettling.key_of(file)


def report(file: SettlementFile, new: bool) -> dict[str, Any]:
    """Return what became of a file, as JSON; amounts are strings."""
    (story,) = stories([file], SettlementEntry.objects.all(), Job.objects.all())
    money = ("in", "out", "opening", "closing", "gap")
    return {
        "uuid": str(file.uuid),
        "file": file.name,
        "format": file.format,
        "sha256": file.sha256,
        "state": file.state,
        "already_imported": not new,
        "entries": file.counts,
        "outcomes": story.counts,
        "statements": [
            {key: _amount(value) if key in money else value for key, value in _summed(one).items()}
            for one in file.statements
        ],
        "problems": file.problems,
        "refusal": file.refusal,
    }


def sums_of(one: dict[str, Any]) -> list[dict[str, Any]]:
    """Return currency, in and out of a kept statement, by currency.

    One that was kept before they were told apart has them only where it is of one currency.
    """
    if "sums" in one:
        return list(one["sums"])
    return [{name: one[name] for name in ("currency", "in", "out")}] if one["currency"] else []


def _summed(one: dict[str, Any]) -> dict[str, Any]:
    """Return a kept statement with sums as text; none over currencies that do not add up."""
    sums = sums_of(one)
    texts = [
        {"currency": each["currency"], "in": _amount(each["in"]), "out": _amount(each["out"])}
        for each in sums
    ]
    over_all = {} if len(sums) == 1 else {"in": None, "out": None}
    return {**one, **over_all, "sums": texts}


def balance_line(one: dict[str, Any]) -> str:
    """Return the control sums of a statement in one line; amounts are strings already."""
    sums = ", ".join(f"{each['in']} in, {each['out']} out {each['currency']}"
                     for each in one["sums"]) or "no amounts"  # fmt: skip
    who = f"{one['account'] or 'no account'}: {one['entries']} entries, {sums}"
    if one["agrees"] is None:
        return f"{who}; the file gives nothing to check them by"
    if one["agrees"]:
        return f"{who}; they agree with the balances and sums of the file"
    gap = f" by {one['gap']}" if one["gap"] not in (None, "0.00") else ""
    return f"{who}; they DO NOT AGREE{gap} with the balances and sums of the file"


def _amount(micros: int | None) -> str | None:
    return None if micros is None else format_amount(micros)


@dataclass(frozen=True, slots=True)
class Told:
    """One entry for a page: whom it names as far as the visitor may know, and what became of it."""

    entry: SettlementEntry
    who: str
    outcome: str  # in words
    is_open: bool

    @property
    def account(self) -> str:
        """The worker's account whose payment it is, if one was found."""
        payment = self.entry.outcome.payment
        return payment.engagement.account if payment is not None else ""

    @property
    def matched(self) -> str:
        """By what its payment was found, with the confidence."""
        row = self.entry.outcome
        return str(MATCHED[row.matched_by] % {"percent": row.confidence}) if row.payment_id else ""


def told(entries: list[SettlementEntry], parties: dict[int, SettlementParty]) -> list[Told]:
    """Return entries for a page. parties: by entry, those that the visitor may know."""
    found = []
    for entry in entries:
        party = parties.get(entry.pk)
        outcome = entry.outcome.outcome
        who = (party.name or party.account) if party is not None else ""
        found.append(Told(entry, who, str(OUTCOMES[outcome]), outcome in OPEN))
    return found


def kinds(entries: QuerySet[SettlementEntry]) -> list[tuple[str, str, int]]:
    """Return (outcome, in words, how many) of each outcome that there is. One query."""
    rows = entries.values_list("outcome__outcome").annotate(Count("pk")).order_by()
    counts = dict(rows)
    return [(one, str(OUTCOMES[one]), counts[one]) for one in OUTCOMES if counts.get(one)]
