"""Reads the database into the facts that detectors judge: chunks of accounts, QUERIES a chunk.

Money is what the transfers up to the day asked say: a payment dated later has not been made yet,
and one without a date counts. Weeks are those of ledger/weeks.py, as the ledger knows them now.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import NamedTuple

from django.db import connection
from django.db.models import QuerySet

from ledger.balances import sql_of
from ledger.floor import Evidence
from ledger.models import WorkWeek
from ledger.moves import PAYABLE, PENDING, REFUSED, WITHHELD
from ledger.periods import day_of, week_from
from payouts import detectors
from payouts.detectors.clock import Clock
from payouts.detectors.shapes import Debt, EngagementFacts, OpenWork, Told, WeekOfWork
from payouts.facts import (
    deliveries,
    endings,
    paid_across,
    promises,
    readings,
    returns,
    sessions,
    told,
    unpaid,
)
from payouts.facts.asking import HAPPENED, IS_NO_REVERSAL, among
from payouts.facts.background import Background
from payouts.facts.vendor_wide import mass_of
from workers.models import Engagement, Vendor

ACCOUNTS = 200  # accounts a chunk
# To read a chunk, however large it is.
QUERIES = (
    7
    + told.QUERIES
    + deliveries.QUERIES
    + unpaid.QUERIES
    + sessions.QUERIES
    + returns.QUERIES
    + endings.QUERIES
)


class Held(NamedTuple):
    """Money of one attempt that did not reach the worker, and between which days it fell due."""

    work_id: int
    currency: str
    pending: int
    payable: int
    refused: int
    withheld: int
    first_due_at_ms: int | None
    last_due_at_ms: int | None


class Said(NamedTuple):
    """The newest revision of an attempt."""

    work_id: int
    revision: int
    engagement_id: int
    void: bool
    external_id: str
    project: str
    started_at_ms: int
    ended_at_ms: int
    decide_by_at_ms: int | None


def read(
    background: Background,
    *,
    after: int,
    limit: int,
    those: QuerySet[Engagement] | None = None,
) -> list[EngagementFacts]:
    """Return the facts of the next accounts of a vendor, by id; an empty list at the end.

    after: the id of the last account that was read, 0 to begin with. limit: how many at most.
    those: which of the vendor's accounts; all where left out.
    """
    whose = Engagement.objects.filter(vendor=background.vendor) if those is None else those
    named = whose.values_list("pk", "pseudonym", "source", "account")
    accounts = list(named.filter(pk__gt=after).order_by("pk")[:limit])
    if not accounts:
        return []
    works = _works(background, {pk: (source, name) for pk, _, source, name in accounts})
    ids = [pk for pk, *_ in accounts]
    weeks = _weeks(background.vendor, ids)
    settled = paid_across.read(ids, background.vendor.zone, background.as_of_ms)
    tried = unpaid.read(background, {pk: source for pk, _, source, _ in accounts})
    worked = sessions.read(ids, background.as_of_ms)
    sent_back = returns.read(ids, background.as_of_ms)
    clocks = {pk: Clock(background.as_of_ms) for pk in ids}
    promised = promises.read(background.promises, clocks)
    read_for = readings.read(background, ids)
    ended = endings.deactivated(ids, background.vendor.zone, background.as_of_ms)
    found = [
        EngagementFacts(
            engagement_id=pk,
            pseudonym=str(pseudonym),
            as_of_ms=clocks[pk],
            payments_known_until=background.payments_known_until,
            works=tuple(works.get(pk, ())),
            weeks=tuple(weeks.get(pk, ())),
            settled=tuple(settled.get(pk, ())),
            attempts=tuple(tried.attempts.get(pk, ())),
            awards=tuple(tried.awards.get(pk, ())),
            sessions=tuple(worked.get(pk, ())),
            currency=background.vendor.currency,
            returned=tuple(sent_back.get(pk, ())),
            deactivated=ended.get(pk),
            closed=background.closed,
            promised=tuple(promised.get(pk, ())),
            readings=tuple(read_for.get(pk, ())),
        )
        for pk, pseudonym, *_ in accounts
    ]
    return [detectors.with_awards(one) for one in found]


def _works(
    background: Background, accounts: dict[int, tuple[str, str]]
) -> dict[int, list[OpenWork]]:
    """Return the open works of these accounts. accounts: each one's platform and name there."""
    as_of_ms = background.as_of_ms
    held = _held(accounts, as_of_ms)
    said = _said(accounts, {one.work_id for one in held})
    refused = [said[x.work_id] for x in held if x.refused > 0 and x.work_id in said]
    names = [(one.external_id, accounts[one.engagement_id][1]) for one in refused]
    delivered = deliveries.delivered(background.vendor, names)
    owed = _owed([x.work_id for x in held if x.first_due_at_ms != x.last_due_at_ms], as_of_ms)
    said_of = told.reasons([x.work_id for x in held if x.refused > 0 or x.withheld > 0], as_of_ms)
    decided = told.held_by_decision([x.work_id for x in held if x.withheld > 0], as_of_ms)
    works: defaultdict[int, list[OpenWork]] = defaultdict(list)
    for money in held:
        work = said.get(money.work_id)
        if work is not None and not work.void:
            source, account = accounts[work.engagement_id]
            one = _open_work(
                background, source, money, work, owed.get(money.work_id, []), said_of,
                held_micros=decided.get(money.work_id, 0),
                was_delivered=money.refused > 0 and (work.external_id, account) in delivered,
            )  # fmt: skip
            works[work.engagement_id].append(one)
    return works


def _open_work(
    background: Background,
    source: str,
    money: Held,
    said: Said,
    owed: list[tuple[int, int]],
    reasons: dict[tuple[int, str], Told],
    *,
    held_micros: int,
    was_delivered: bool,
) -> OpenWork:
    refusal = reasons.get((money.work_id, REFUSED)) if money.refused > 0 else None
    dues = owed or [(money.first_due_at_ms or said.ended_at_ms, money.payable)]
    return OpenWork(
        work_id=money.work_id,
        external_id=said.external_id,
        project=said.project,
        currency=money.currency,
        started_at_ms=said.started_at_ms,
        ended_at_ms=said.ended_at_ms,
        decide_by_at_ms=said.decide_by_at_ms,
        pending_micros=max(money.pending, 0),
        debts=tuple(
            Debt(due_at_ms, day_of(due_at_ms, background.vendor.zone), micros)
            for due_at_ms, micros in still_open(money.payable, dues)
        ),
        pays_on_approval=background.terms.pays_on_approval(
            source=source, project=said.project, at_ms=said.started_at_ms
        ),
        refused_micros=max(money.refused, 0),
        refusal=refusal,
        refused_with=mass_of(background.across.masses, said.project, refusal.at_ms)
        if refusal
        else None,
        was_delivered=was_delivered,
        is_collapsed=money.work_id in background.across.collapsed,
        is_vanished=money.work_id in background.across.vanished,
        withheld_micros=max(money.withheld, 0),
        withholding=reasons.get((money.work_id, WITHHELD)) if money.withheld > 0 else None,
        held_micros=held_micros,
        threshold_micros=background.terms.threshold(
            source=source,
            project=said.project,
            at_ms=said.started_at_ms,
            currency=money.currency,
        ),
    )


def still_open(open_micros: int, owed: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return what is open of a work by due date. owed: (due, micros) that ever became payable.

    Payments settle the oldest due first, so what is open is what fell due last; the oldest due
    takes what is more than that.

    >>> still_open(5, [(100, 4), (200, 3)])
    [(100, 2), (200, 3)]
    """
    debts = []
    oldest_last = sorted(owed, reverse=True)
    for number, (due_at_ms, micros) in enumerate(oldest_last, 1):
        part = open_micros if number == len(oldest_last) else min(micros, open_micros)
        if part > 0:
            debts.append((due_at_ms, part))
            open_micros -= part
    return debts[::-1]


def _held(engagement_ids: Collection[int], as_of_ms: int) -> list[Held]:
    """Return the money of these accounts that is open, refused or withheld. One query."""
    wanted, parameter = among(engagement_ids)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT t.work_id, t.currency, {sql_of(PENDING)}, {sql_of(PAYABLE)},
                       {sql_of(REFUSED)}, {sql_of(WITHHELD)}, MIN(t.due_at_ms), MAX(t.due_at_ms)
                FROM ledger_transfer t
                WHERE t.engagement_id {wanted} AND {HAPPENED}
                GROUP BY t.work_id, t.currency
                HAVING {sql_of(PENDING)} > 0 OR {sql_of(PAYABLE)} > 0
                    OR {sql_of(REFUSED)} > 0 OR {sql_of(WITHHELD)} > 0
                ORDER BY t.work_id, t.currency""",
            {"ids": parameter, "as_of": as_of_ms},
        )
        return [Held(*row) for row in cursor.fetchall()]


def _said(engagement_ids: Collection[int], work_ids: Collection[int]) -> dict[int, Said]:
    """Return the newest revision of these works of these accounts. One query.

    Asked by account and not by join: planners misjudge joins of revisions by orders of magnitude.
    """
    accounts, account_ids = among(engagement_ids, "accounts")
    works, roots = among(work_ids, "works")
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT root_id, revision, engagement_id, void, external_id, project, started_at_ms,
                       ended_at_ms, decide_by_at_ms
                FROM ledger_work
                WHERE engagement_id {accounts} AND root_id {works}
                ORDER BY root_id, revision""",
            {"accounts": account_ids, "works": roots},
        )
        return {row[0]: Said(*row) for row in cursor.fetchall()}


def _owed(work_ids: list[int], as_of_ms: int) -> dict[int, list[tuple[int, int]]]:
    """Return (due, micros) of all that became payable, and stayed so, for these works."""
    owed: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    wanted, parameter = among(work_ids)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT t.work_id, t.due_at_ms, t.amount_micros
                FROM ledger_transfer t
                WHERE t.work_id {wanted} AND t.target = '{PAYABLE}' AND t.due_at_ms IS NOT NULL
                  AND {IS_NO_REVERSAL} AND {HAPPENED}
                  AND NOT EXISTS (SELECT 1 FROM ledger_transfer mirror
                                  WHERE mirror.reverses_id = t.id)""",
            {"ids": parameter, "as_of": as_of_ms},
        )
        for work_id, due_at_ms, micros in cursor.fetchall():
            owed[work_id].append((due_at_ms, micros))
    return owed


WEEK_COLUMNS = (
    "engagement_id", "starts_on", "b_low_ms", "b_high_ms", "measured_ms", "earned_micros",
    "untimed", "unpriced", "floor__hourly_micros", "currency",
)  # fmt: skip


def _weeks(vendor: Vendor, ids: list[int]) -> dict[int, list[WeekOfWork]]:
    """Return the weeks of these accounts that a floor holds for. One query."""
    weeks: defaultdict[int, list[WeekOfWork]] = defaultdict(list)
    rows = WorkWeek.objects.filter(engagement__in=ids, floor__isnull=False)
    rows = rows.order_by("engagement_id", "starts_on")
    for engagement_id, starts_on, *figures, hourly, currency in rows.values_list(*WEEK_COLUMNS):
        span = week_from(starts_on, vendor.zone)
        weeks[engagement_id].append(
            WeekOfWork(starts_on, span.start_ms, span.end_ms, Evidence(*figures), hourly, currency)
        )
    return weeks
