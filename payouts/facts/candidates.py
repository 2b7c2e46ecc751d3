"""Reads attempts that may be work without pay, or paid less than was done. One query a chunk.

The database leaves out what cannot matter: a task that was priced, not cut short, told once, and
promised as much as was agreed never leaves it. With them come the awards that may be for such time.
"""

import json
from collections.abc import Collection
from typing import Any, NamedTuple

from django.db import connection

from ledger.agreed import AWARDED_HERE
from ledger.floor import TOP_UP
from payouts.detectors import awarding
from payouts.facts.asking import among, among_names, is_newest
from payouts.facts.background import Background

ANY_PRICE = (1 << 62) - 1  # pay by the hour: what is agreed hangs on the row


class Row(NamedTuple):
    """The newest revision of a candidate."""

    engagement_id: int
    root_id: int
    revision: int
    external_id: str
    project: str
    task_type: str
    kind: str
    ended_as: str
    decided_as: str
    currency: str
    started_at_ms: int
    ended_at_ms: int
    wall_ms: int | None
    active_ms: int | None
    paid_ms: int | None
    said_ms: int | None
    promised_micros: int | None
    decided_at_ms: int | None


COLUMNS = ", ".join(f"w.{name}" for name in Row._fields)


NAMED = ", ".join(f"'{name}'" for name in sorted(awarding.CODES | {TOP_UP}))
HERE = ", ".join(f"'{project}'" for project in sorted(AWARDED_HERE))


def is_free_task(row: Row) -> bool:
    """Tell whether it is a task at no price."""
    return row.kind == "task" and row.promised_micros == 0


def read(background: Background, engagement_ids: Collection[int]) -> list[Row]:
    """Return the newest revisions that can matter. One query."""
    wanted, parameter = among(engagement_ids)
    most: dict[str, int] = {}
    for rate in background.rates.rates:
        amount = rate.amount_micros if rate.per == "piece" else ANY_PRICE
        most[rate.project] = max(most.get(rate.project, 0), amount)
    if connection.vendor == "postgresql":
        rated = "unnest(%(projects)s::text[], %(most)s::bigint[]) AS rated(project, most)"
        given: dict[str, Any] = {"projects": list(most), "most": list(most.values())}
    else:
        rated = """(SELECT json_extract(value, '$[0]') AS project,
                           json_extract(value, '$[1]') AS most
                    FROM json_each(%(rated)s)) AS rated"""
        given = {"rated": json.dumps(list(most.items()))}
    closed, given["names"] = among_names(background.closed)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT {COLUMNS}
                FROM ledger_work w LEFT JOIN {rated} ON rated.project = w.project
                WHERE w.engagement_id {wanted} AND w.ended_at_ms <= %(as_of)s AND (
                    (w.kind NOT IN ('task', 'award', 'break') AND w.promised_micros = 0)
                    OR (w.ended_as IN ('expired', 'screened_out') AND w.promised_micros = 0)
                    OR (w.ended_as = 'returned' AND w.promised_micros = 0 AND w.project {closed})
                    OR w.paid_ms < w.active_ms
                    OR (w.kind = 'task' AND w.ended_as = 'submitted' AND w.promised_micros = 0)
                    OR (w.revision > 1 AND w.paid_ms IS NOT NULL)
                    OR (w.revision > 1 AND w.said_ms IS NOT NULL)
                    OR (w.kind = 'task' AND w.promised_micros < rated.most)
                    OR (w.kind = 'award' AND (w.task_type IN ({NAMED}) OR w.project IN ({HERE})))
                ) AND {is_newest()}
                ORDER BY w.engagement_id, w.started_at_ms, w.root_id""",
            {"ids": parameter, "as_of": background.as_of_ms, **given},
        )
        return [Row(*row) for row in cursor.fetchall()]
