"""What statements are filled from, as the database gives it: one query a function, a chunk at once.

Nothing is judged here. Instants are epoch milliseconds, money is whole micros of its currency.
"""

import json
from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from django.db import connection

from ledger.moves import PAYABLE, PENDING


class Piece(NamedTuple):
    """The newest revision of an attempt, and the file and line that it was read from."""

    engagement_id: int
    root_id: int
    batch_id: int
    external_id: str
    project: str
    task_type: str
    kind: str
    ended_as: str
    started: int
    ended: int
    wall_ms: int | None
    said_ms: int | None
    active_ms: int | None
    paid_ms: int | None
    promised: int | None
    currency: str
    decide_by: int | None
    line: int  # 0: it was posted by an undoing
    file: str


class Move(NamedTuple):
    """A transfer."""

    engagement_id: int
    n: int
    batch_id: int
    work_id: int | None
    payment_id: int | None
    move: str
    source: str
    target: str
    currency: str
    micros: int
    happened: int | None
    reason: str


class Open(NamedTuple):
    """An attempt with money that is owed or in review. due: the earliest of its due dates."""

    engagement_id: int
    work_id: int
    currency: str
    payable: int
    pending: int
    due: int | None


class Revision(NamedTuple):
    """A revision of an attempt that is one of the facts covered."""

    engagement_id: int
    n: int
    root_id: int
    batch_id: int
    started: int
    ended: int


class Sent(NamedTuple):
    """A transfer that names a payment. external_id: of the work that it pays, if it names one."""

    payment_id: int
    work_id: int | None
    external_id: str | None
    source: str
    target: str
    micros: int
    happened: int | None


class Payout(NamedTuple):
    """A payment that stands: it was not taken back."""

    id: int
    engagement_id: int
    reference: str
    currency: str
    micros: int
    sent_at: int


PIECE = """w.engagement_id, w.root_id, w.batch_id, w.external_id, w.project, w.task_type, w.kind,
    w.ended_as, w.started_at_ms, w.ended_at_ms, w.wall_ms, w.said_ms, w.active_ms, w.paid_ms,
    w.promised_micros, w.currency, w.decide_by_at_ms"""
ORIGIN = """LEFT JOIN ledger_leaf l ON l.batch_id = w.batch_id AND l.position = w.position
    LEFT JOIN ledger_batch b ON b.id = w.batch_id LEFT JOIN ledger_import i ON i.id = b.imported_id
"""
NEWEST = "NOT EXISTS (SELECT 1 FROM ledger_work newer WHERE newer.corrects_id = w.id)"
# First the few attempts that are wanted: a planner that guesses begins with all work.
WANTED = """WITH wanted AS MATERIALIZED (
    SELECT r.engagement_id, r.external_id FROM ledger_work r WHERE {})"""
MOVE = """t.engagement_id, t.n, t.batch_id, t.work_id, t.payment_id, t.move, t.source, t.target,
    t.currency, t.amount_micros, t.happened_at_ms, t.reason"""


def pieces_between(engagements: Collection[int], start: int, end: int) -> list[Piece]:
    """Return the work that overlaps [start, end), sorted for the union of its intervals."""
    rows = _rows(
        f"""SELECT {PIECE}, COALESCE(l.line, 0), COALESCE(i.name, '')
            FROM ledger_work w {ORIGIN}
            WHERE {_any("w.engagement_id")} AND w.ended_at_ms >= %s AND w.started_at_ms < %s
              AND NOT w.void AND {NEWEST}
            ORDER BY w.engagement_id, w.started_at_ms, w.ended_at_ms, w.id""",
        [_ids(engagements), start, end],
    )
    found = (Piece(*row) for row in rows)
    return [one for one in found if one.ended > start or one.ended == one.started]


def pieces_of(roots: Collection[int]) -> dict[int, Piece]:
    """Return these attempts, undone ones too, by the id of their first revision; no origins."""
    rows = _rows(
        f"""{WANTED.format(_any("r.id"))} SELECT {PIECE}, 0, '' FROM wanted r
            JOIN ledger_work w
                ON w.engagement_id = r.engagement_id AND w.external_id = r.external_id
            WHERE {NEWEST}""",
        [_ids(roots)],
    )
    return {row[1]: Piece(*row) for row in rows}


def origins(pieces: Iterable[Piece]) -> dict[int, tuple[int, str]]:
    """Return the last line and file that said something of these attempts, by root."""
    rows = _rows(
        f"""{WANTED.format(_any("r.id"))} SELECT w.root_id, l.line, i.name FROM wanted r
            JOIN ledger_work w
                ON w.engagement_id = r.engagement_id AND w.external_id = r.external_id
            JOIN ledger_leaf l ON l.batch_id = w.batch_id AND l.position = w.position
            JOIN ledger_batch b ON b.id = w.batch_id JOIN ledger_import i ON i.id = b.imported_id
            WHERE l.line > 0 ORDER BY w.id""",
        [_ids({one.root_id for one in pieces})],
    )
    return {root: (line, name) for root, line, name in rows}


def moves_of(roots: Collection[int]) -> list[Move]:
    """Return all transfers of these attempts, oldest first."""
    sql = f"SELECT {MOVE} FROM ledger_transfer t WHERE {_any('t.work_id')} ORDER BY t.id"
    return [Move(*row) for row in _rows(sql, [_ids(roots)])]


def moves_from(first: dict[int, int]) -> list[Move]:
    """Return the transfers of each engagement from its number in `first` on, in order."""
    sql = f"""SELECT {MOVE} FROM {_pairs()} JOIN ledger_transfer t
              ON t.engagement_id = wanted.a AND t.n >= wanted.b ORDER BY t.id"""
    return [Move(*row) for row in _rows(sql, _pair_values(first))]


def revisions_from(first: dict[int, int]) -> list[Revision]:
    """Return the revisions of each engagement from its number in `first` on."""
    sql = f"""SELECT w.engagement_id, w.n, w.root_id, w.batch_id, w.started_at_ms,
                     w.ended_at_ms
              FROM {_pairs()} JOIN ledger_work w
              ON w.engagement_id = wanted.a AND w.n >= wanted.b"""
    return [Revision(*row) for row in _rows(sql, _pair_values(first))]


def balances(engagements: Collection[int]) -> list[tuple[int, str, str, str, int]]:
    """Return what moved, of all facts: (engagement, currency, source, target, micros)."""
    return _rows(
        f"""SELECT engagement_id, currency, source, target,
                   CAST(SUM(amount_micros) AS bigint)
            FROM ledger_transfer WHERE {_any("engagement_id")}
            GROUP BY engagement_id, currency, source, target""",
        [_ids(engagements)],
    )


def open_work(engagements: Collection[int], on_approval: Collection[int]) -> list[Open]:
    """Return the attempts with money owed or in review.

    on_approval: engagements where all that is approved is paid, so that none of it is owed.
    """
    net = (
        "CAST(SUM(CASE t.target WHEN '{0}' THEN t.amount_micros ELSE 0 END)"
        " - SUM(CASE t.source WHEN '{0}' THEN t.amount_micros ELSE 0 END) AS bigint)"
    )
    rows = _rows(
        f"""SELECT * FROM (
                SELECT t.engagement_id, t.work_id, t.currency, {net.format(PAYABLE)} AS payable,
                       {net.format(PENDING)} AS pending,
                       MIN(CASE WHEN t.target = '{PAYABLE}' AND undone.id IS NULL
                           THEN t.due_at_ms END) AS due
                FROM ledger_transfer t
                LEFT JOIN ledger_transfer undone ON undone.reverses_id = t.id
                WHERE {_any("t.engagement_id")} AND t.work_id IS NOT NULL
                  AND (t.source IN ('{PAYABLE}', '{PENDING}')
                       OR t.target IN ('{PAYABLE}', '{PENDING}'))
                GROUP BY t.engagement_id, t.work_id, t.currency) sums
            WHERE pending > 0 OR (payable > 0 AND NOT {_any("engagement_id")})
            ORDER BY work_id""",
        [_ids(engagements), _ids(on_approval)],
    )
    return [Open(*row) for row in rows]


def sent(payments: Collection[int]) -> list[Sent]:
    """Return all transfers that name these payments, oldest first."""
    rows = _rows(
        f"""SELECT t.payment_id, t.work_id, w.external_id, t.source, t.target, t.amount_micros,
                   t.happened_at_ms
            FROM ledger_transfer t LEFT JOIN ledger_work w ON w.id = t.work_id
            WHERE {_any("t.payment_id")} ORDER BY t.id""",
        [_ids(payments)],
    )
    return [Sent(*row) for row in rows]


def payouts(payments: Collection[int]) -> list[Payout]:
    """Return those of these payments that stand, by the day on which they were sent."""
    rows = _rows(
        f"""SELECT p.id, p.engagement_id, p.reference, p.currency, p.amount_micros, p.sent_at_ms
            FROM ledger_payment p LEFT JOIN ledger_payment newer ON newer.corrects_id = p.id
            WHERE {_any("p.id")} AND newer.id IS NULL AND NOT p.void
            ORDER BY p.sent_at_ms, p.id""",
        [_ids(payments)],
    )
    return [Payout(*row) for row in rows]


def _rows(sql: str, parameters: list[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def _any(column: str) -> str:
    """Return SQL that is true where `column` is one of many ids, which are one parameter."""
    if connection.vendor == "postgresql":
        return f"{column} = ANY(%s::bigint[])"
    return f"{column} IN (SELECT value FROM json_each(%s))"


def _ids(ids: Collection[int]) -> Any:
    return sorted(ids) if connection.vendor == "postgresql" else json.dumps(sorted(ids))


def _pairs() -> str:
    """Return SQL for a table `wanted` of the pairs (a, b) that are the query's parameters."""
    if connection.vendor == "postgresql":
        return "unnest(%s::bigint[], %s::bigint[]) AS wanted(a, b)"
    return (
        "(SELECT json_extract(value, '$[0]') AS a, json_extract(value, '$[1]') AS b"
        " FROM json_each(%s)) AS wanted"
    )


def _pair_values(pairs: dict[int, int]) -> list[Any]:
    if connection.vendor == "postgresql":
        return [list(pairs), list(pairs.values())]
    return [json.dumps(list(pairs.items()))]
