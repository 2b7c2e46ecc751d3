"""Keeps what a file says: each entry once, however many files tell of it."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from ledger.money import format_amount
from payouts.models import (
    SettlementEntry,
    SettlementFile,
    SettlementOutcome,
    SettlementParty,
    SettlementTold,
)
from payouts.settlement import values
from payouts.settlement.entries import IN, OUT, Entry, Report, Statement

WITHDRAWN = "withdrawn"  # the outcome of an entry of which no file tells any more
MOST_PROBLEMS = 1_000  # kept with their place; all are counted


class Numbered(NamedTuple):
    """An entry with its place among the file's, its identity, and what its statement adds."""

    number: int
    identity: str
    entry: Entry
    own_account: str
    lies_on: date | None


def numbered(report: Report) -> list[Numbered]:
    """Return the entries of a file with their identities, in the order of the file.

    Statements of one file may overlap: what has the bank's id is told apart from its twins of the
    same statement only.
    """
    found: list[Numbered] = []
    in_file: Counter[str] = Counter()
    for statement in report.statements:
        in_statement: Counter[str] = Counter()
        for entry in statement.entries:
            told = _what_every_report_tells(entry, statement)
            twins = in_statement if entry.bank_reference else in_file
            identity = hashlib.sha256(f"{told}/{twins[told]}".encode()).hexdigest()
            twins[told] += 1
            lies_on = entry.on or statement.on
            found.append(Numbered(len(found) + 1, identity, entry, statement.account, lies_on))
    return found


def _what_every_report_tells(entry: Entry, statement: Statement) -> str:
    """Return what two reports of one movement have in common, as text.

    The bank's id where it gives one; money and day besides, as transactions of a batch share an id.
    A report that also tells of a fee or an exchange is another one: what it adds must not be lost.
    An entry with neither id is known by all that it says.
    """
    told: list[Any] = [
        entry.direction, entry.status, entry.amount_micros, entry.currency, str(entry.on),
        entry.end_to_end_id, entry.bank_reference, entry.account,
    ]  # fmt: skip
    if news := [*_fee_and_exchange(entry)]:
        told.append(news)
    if not entry.end_to_end_id:
        told.append(statement.account)
        if not entry.bank_reference:
            told += [entry.references, values.name_words(entry.name), entry.text]
    return json.dumps(told)


def _fee_and_exchange(entry: Entry) -> Iterator[Any]:
    if entry.fee_micros:
        yield entry.fee_micros
    for other in (entry.instructed, entry.counter):
        if other is not None and other[1] != entry.currency:
            yield other


def keep(file: SettlementFile, told: Sequence[Numbered], came_in_on: date) -> tuple[int, int]:
    """Keep those of these entries that are new; return how many were new and how many known.

    Called under the vendor's lock. A fixed number of queries.
    """
    identities = [one.identity for one in told]
    there = dict(
        SettlementEntry.objects.filter(vendor=file.vendor, identity__in=identities).values_list(
            "identity", "pk"
        )
    )
    _tell_again(file, list(there.values()))
    first = {one.identity: one for one in reversed(told)}
    fresh = [one for one in told if one.identity not in there and one is first[one.identity]]
    rows = SettlementEntry.objects.bulk_create([_row(file, one, came_in_on) for one in fresh])
    parties = [
        SettlementParty(entry=row, name=entry.name, account=entry.account, text=entry.text)
        for row, (_, _, entry, *_) in zip(rows, fresh, strict=True)
        if entry.name or entry.account or entry.text
    ]
    SettlementParty.objects.bulk_create(parties)
    SettlementOutcome.objects.bulk_create(
        [SettlementOutcome(entry=row, vendor=file.vendor) for row in rows]
    )
    return len(fresh), len(told) - len(fresh)


def _tell_again(file: SettlementFile, entries: Sequence[int]) -> None:
    """Write down that this file tells of these entries too; those taken back are open again."""
    SettlementTold.objects.bulk_create(
        [SettlementTold(file=file, entry_id=pk) for pk in entries], ignore_conflicts=True
    )
    withdrawn = SettlementOutcome.objects.filter(entry__in=entries, outcome=WITHDRAWN)
    withdrawn.update(outcome="unmatched", reason="")


def _row(file: SettlementFile, one: Numbered, came_in_on: date) -> SettlementEntry:
    entry = one.entry
    micros, currency = entry.instructed or (None, "")
    counter_micros, counter_currency = entry.counter or (None, "")
    return SettlementEntry(
        vendor=file.vendor,
        file=file,
        number=one.number,
        place=entry.place[:60],
        identity=one.identity,
        own_account=one.own_account,
        direction=entry.direction,
        status=entry.status,
        amount_micros=entry.amount_micros,
        currency=entry.currency,
        instructed_micros=micros,
        instructed_currency=currency,
        counter_micros=counter_micros,
        counter_currency=counter_currency,
        counter_is_reckoned=entry.is_reckoned,
        fee_micros=entry.fee_micros,
        lies_on=one.lies_on or came_in_on,
        happened_on=entry.on or one.lies_on,
        dates_said=entry.dates_said,
        end_to_end_id=entry.end_to_end_id,
        bank_reference=entry.bank_reference,
        other_references=list(entry.references[:20]),
        reason_code=entry.reason_code,
        is_charge=entry.is_charge,
    )


def statements(report: Report) -> list[dict[str, Any]]:
    """Return account, balances and sums of each statement, in micros, as they are kept."""
    return [
        {
            "account": one.account,
            "reference": one.reference,
            "currency": one.currency,
            "entries": len(one.entries),
            "in": one.sum_of(IN),
            "out": one.sum_of(OUT),
            "sums": [dict(zip(("currency", "in", "out"), sums, strict=True)) for sums in one.sums],
            "opening": one.opening_micros,
            "closing": one.closing_micros,
            "gap": one.gap_micros,
            "agrees": one.agrees,
            "opened_on": one.opened_on and one.opened_on.isoformat(),
            "closed_on": one.closed_on and one.closed_on.isoformat(),
            "day_ends": one.day_ends and [(on.isoformat(), micros) for on, micros in one.day_ends],
            "number": one.number,
            "flaw": one.flaw,
        }
        for one in report.statements
    ]


def problems(report: Report) -> list[dict[str, str]]:
    """Return what could not be read, and the balances that do not agree, as they are kept."""
    found = [
        {name: values.shown(text, 300) for name, text in one._asdict().items()}
        for one in report.all_problems[:MOST_PROBLEMS]
    ]
    return found + list(_disagreements(report.statements))


def _disagreements(told: Iterable[Statement]) -> Iterator[dict[str, str]]:
    for one in told:
        if one.agrees is False:
            yield {
                "place": f"statement {one.reference or one.account}"[:120],
                "value": _difference(one),
                "rule": "opening balance and entries make the closing balance and declared sums",
                "mend": "Ask the bank for the whole file; what was read of it is kept",
            }


def _difference(one: Statement) -> str:
    gap = one.gap_micros
    if not gap:
        return "the sums that the file declares"
    return f"{format_amount(abs(gap))} {one.currency} {'too much' if gap > 0 else 'too little'}"
