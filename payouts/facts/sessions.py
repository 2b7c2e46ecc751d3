"""Reads stretches of work without a rest in them, as long as nobody should work.

Two queries a chunk: accounts first, then their work; in one, PostgreSQL begins with all work.

The database follows each account's clocks in order and keeps only what is too long.
"""

from collections import defaultdict
from collections.abc import Collection

from django.db import connection

from ledger.periods import DAY_MS
from payouts.detectors.excessive_hours import LONGEST_MS, REST_MS
from payouts.detectors.shapes import Session
from payouts.facts.asking import among, is_newest

QUERIES = 2


def read(engagement_ids: Collection[int], as_of_ms: int) -> dict[int, list[Session]]:
    """Return the sessions of these accounts that hold more than LONGEST_MS of work, or last a day.

    A pause of REST_MS ends a session. Accounts that never work half of LONGEST_MS in a week are not
    read. Work without a clock of its own is in none.
    """
    wanted, parameter = among(_with_long_weeks(engagement_ids))
    found: defaultdict[int, list[Session]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""WITH pieces AS (
                    SELECT w.engagement_id, w.id, w.started_at_ms AS began, w.ended_at_ms AS ended,
                           COALESCE(w.active_ms, 0) AS active,
                           MAX(w.ended_at_ms) OVER (
                               PARTITION BY w.engagement_id
                               ORDER BY w.started_at_ms, w.ended_at_ms, w.id
                               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
                    FROM ledger_work w
                    WHERE w.engagement_id {wanted} AND w.ended_at_ms > w.started_at_ms
                      AND w.ended_at_ms <= %(as_of)s AND w.kind <> 'break' AND {is_newest()}
                ), numbered AS (
                    SELECT pieces.*, SUM(CASE WHEN before IS NULL OR began - before >= {REST_MS}
                                              THEN 1 ELSE 0 END) OVER (
                               PARTITION BY engagement_id ORDER BY began, ended, id) AS session,
                           CASE WHEN before IS NULL OR began >= before THEN ended - began
                                WHEN ended > before THEN ended - before ELSE 0 END AS worked
                    FROM pieces
                )
                SELECT engagement_id, MIN(began), MAX(ended), CAST(SUM(worked) AS bigint),
                       CAST(SUM(active) AS bigint), COUNT(*)
                FROM numbered GROUP BY engagement_id, session
                HAVING SUM(worked) > {LONGEST_MS} OR MAX(ended) - MIN(began) >= {DAY_MS}
                ORDER BY engagement_id, session""",
            {"ids": parameter, "as_of": as_of_ms},
        )
        for engagement_id, *session in cursor.fetchall():
            found[engagement_id].append(Session(*session))
    return found


def _with_long_weeks(engagement_ids: Collection[int]) -> list[int]:
    wanted, parameter = among(engagement_ids)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT DISTINCT week.engagement_id FROM ledger_workweek week
                WHERE week.engagement_id {wanted} AND week.c_high_ms > {LONGEST_MS} / 2""",
            {"ids": parameter},
        )
        return [pk for (pk,) in cursor.fetchall()]
