"""Gathers what marked weeks are computed from: pieces of work, and where their money is."""

import json
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import islice
from operator import itemgetter
from typing import Any, NamedTuple

from django.db import connection

from ledger import arrays, bulk, exchanged
from ledger.exchange import Conversion
from ledger.models import WeekMark
from ledger.moves import (
    ADVANCE,
    FEES,
    IN_TRANSIT,
    PAYABLE,
    PENDING,
    RECEIVED,
    REFUSED,
    REMITTED,
    VENDOR,
)


class Piece(NamedTuple):
    """One row of work in one of the weeks that it overlaps."""

    start: int  # of the part that lies in the week; an instant lies in one week only
    end: int
    external_id: str
    engagement_id: int
    source: str
    root_id: int
    project: str
    task_type: str
    kind: str
    ended_as: str
    started: int
    ended: int
    wall_ms: int | None
    said_ms: int | None
    active_ms: int | None
    promised: int | None
    currency: str
    week_start: int
    week_end: int

    @property
    def has_clock(self) -> bool:
        """Whether the clock gives it a length; else its time is stated, or not known."""
        return self.ended > self.started

    @property
    def lies_in_its_week(self) -> bool:
        """Whether none of it lies in another week: what ends at the edge does not reach over."""
        return self.start == self.started and self.end == self.ended


# Not by the ledger's own id, which would hang on the order in which files arrived.
IN_ORDER = itemgetter(*map(Piece._fields.index, ("start", "end", "external_id")))


@dataclass(slots=True)
class Pay:
    """Where the money of one piece of work is, in micros of its currency."""

    earned: int = 0
    pending: int = 0
    refused: int = 0
    received: int = 0
    last_due_at_ms: int | None = None
    exchanged: frozenset[Conversion] = frozenset()  # at which rates what arrived was valued

    def split(self, part: Callable[[int], int]) -> "Pay":
        """Return `part` of each amount: of one week, or in another currency."""
        return replace(
            self,
            earned=part(self.earned),
            pending=part(self.pending),
            refused=part(self.refused),
            received=part(self.received),
        )


def pieces(marks: Iterable[WeekMark]) -> dict[tuple[int, date], list[Piece]]:
    """Return the newest, not void revisions in the marked weeks, by (engagement id, Monday).

    marks: sorted by week. An account's work is read once, from its first marked week to its last,
    and laid into the marked weeks here.
    """
    weeks: dict[int, list[tuple[date, int, int]]] = defaultdict(list)
    for mark in marks:
        weeks[mark.engagement_id].append((mark.starts_on, mark.starts_at_ms, mark.ends_at_ms))
    ends = {pk: [week[-1] for week in own] for pk, own in weeks.items()}
    found: dict[tuple[int, date], list[Piece]] = defaultdict(list)
    for row in _work_between([(pk, own[0][1], own[-1][2]) for pk, own in weeks.items()]):
        engagement_id, started, ended = row[ACCOUNT], row[STARTED], row[ENDED]
        for starts_on, week_start, week_end in islice(
            weeks[engagement_id], bisect_right(ends[engagement_id], started), None
        ):
            if week_start > ended:
                break
            start = started if started > week_start else week_start
            end = ended if ended < week_end else week_end
            found[engagement_id, starts_on].append(
                Piece._make((start, end, *row, week_start, week_end))
            )
    return found


ACCOUNT, STARTED, ENDED = (
    Piece._fields.index(name) - 2 for name in ("engagement_id", "started", "ended")
)  # in a row of _work_between


def _work_between(spans: list[tuple[int, int, int]]) -> Iterator[tuple[Any, ...]]:
    """Yield a Piece's fields but its week's, for spans of (engagement id, start, end) in ms."""
    if connection.vendor == "postgresql":
        wanted = "unnest(%s::bigint[], %s::bigint[], %s::bigint[]) AS wanted(a, starts, ends)"
        parameters: list[Any] = [arrays.of_ids(span[at] for span in spans) for at in range(3)]
    else:
        wanted = """(SELECT json_extract(value, '$[0]') AS a, json_extract(value, '$[1]') AS starts,
                         json_extract(value, '$[2]') AS ends FROM json_each(%s)) AS wanted"""
        parameters = [json.dumps(spans)]
    return bulk.select(
        f"""SELECT w.external_id, w.engagement_id, e.source, w.root_id, w.project, w.task_type,
                  w.kind, w.ended_as, w.started_at_ms, w.ended_at_ms, w.wall_ms, w.said_ms,
                  w.active_ms, w.promised_micros, w.currency
           FROM {wanted}
           JOIN workers_engagement e ON e.id = wanted.a
           JOIN ledger_work w ON w.engagement_id = wanted.a
                AND w.ended_at_ms >= wanted.starts AND w.started_at_ms < wanted.ends
           LEFT JOIN ledger_work newer ON newer.corrects_id = w.id
           WHERE NOT w.void AND newer.id IS NULL""",
        parameters,
    )


def pay(root_ids: set[int], zone: str) -> dict[int, Pay]:
    """Return where the money of these attempts is.

    Received is what arrived of the payments that paid them: each payment's part that arrived,
    net of fees and of what was lost to its exchange, falls on its work in proportion, a fraction
    of a micro down. zone: whose calendar says on which day it arrived.
    """
    found: dict[int, Pay] = defaultdict(Pay)
    sent: Counter[tuple[int, int]] = Counter()
    dues: list[tuple[int, int, int]] = []
    taken_back: set[int] = set()  # a mirror names the same work
    for pk, work_id, payment_id, source, target, micros, due, reverses in _transfers(
        "work_id", root_ids
    ):
        one = found[work_id]
        earned, pending, refused, received, on_its_way = _effect(source, target)
        if earned:
            one.earned += earned * micros
        if pending:
            one.pending += pending * micros
        if refused:
            one.refused += refused * micros
        if received:
            one.received += received * micros
        if on_its_way and payment_id is not None:
            sent[work_id, payment_id] += on_its_way * micros
        if due is not None and target == PAYABLE:
            dues.append((pk, work_id, due))
        if reverses is not None:
            taken_back.add(reverses)
    for pk, work_id, due in dues:
        if pk not in taken_back:
            one = found[work_id]
            one.last_due_at_ms = max(one.last_due_at_ms or due, due)
    payments = {payment_id for _, payment_id in sent}
    arrived = _arrived(payments)
    worth = exchanged.worth(exchanged.known(payments), zone)
    for (work_id, payment_id), micros in sent.items():
        received, total = arrived[payment_id]
        if total and payment_id in worth:
            received -= worth[payment_id].lost(received)
            found[work_id].exchanged |= {worth[payment_id].conversion}
        if total:
            found[work_id].received += micros * received // total
    return found


class Effect(NamedTuple):
    """What a micro that moves between two accounts adds to what is known of a work's pay."""

    earned: int
    pending: int
    refused: int
    received: int
    on_its_way: int


@cache
def _effect(source: str, target: str) -> Effect:
    """Return what a transfer between these accounts does: each is -1, 0 or 1."""

    def into(*accounts: str) -> int:
        return (target in accounts) - (source in accounts)

    return Effect(
        earned=-into(VENDOR, PENDING, REFUSED),
        pending=into(PENDING),
        refused=into(REFUSED),
        received=into(REMITTED),
        on_its_way=into(IN_TRANSIT, ADVANCE),
    )


def _arrived(payment_ids: set[int]) -> dict[int, tuple[int, int]]:
    """Return (received net of fees, all that was sent) of these payments, in micros."""
    balances: dict[int, Counter[str]] = defaultdict(Counter)
    for _, _, payment_id, source, target, micros, *_ in _transfers("payment_id", payment_ids):
        balances[payment_id][source] -= micros
        balances[payment_id][target] += micros
    return {
        payment_id: (at[RECEIVED], at[IN_TRANSIT] + at[RECEIVED] + at[FEES])
        for payment_id, at in balances.items()
    }


def _transfers(column: str, ids: set[int]) -> Iterator[tuple[Any, ...]]:
    """Yield the transfers whose `column` is one of many ids; last, which one each reverses."""
    if connection.vendor == "postgresql":
        wanted, parameter = "= ANY(%s::bigint[])", arrays.of_ids(ids)
    else:
        wanted, parameter = "IN (SELECT value FROM json_each(%s))", json.dumps(list(ids))
    return bulk.select(
        f"""SELECT id, work_id, payment_id, source, target, amount_micros, due_at_ms, reverses_id
            FROM ledger_transfer WHERE {column} {wanted}""",
        [parameter],
    )
