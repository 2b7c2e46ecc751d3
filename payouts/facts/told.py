"""Reads what was said when money was refused or held back, and what decisions hold. One query each.

Money that a decision holds (models.Withholding) is told by the decision; all other money that is
withheld was taken back by an export, and has the reason that the export gave.
"""

from collections.abc import Collection

from django.db import connection

from ledger.balances import sql_of
from ledger.moves import REFUSED, WITHHELD
from payouts.detectors.shapes import Told
from payouts.facts.asking import HAPPENED, IS_NO_REVERSAL, among

QUERIES = 2


def reasons(work_ids: Collection[int], as_of_ms: int) -> dict[tuple[int, str], Told]:
    """Return what exports said last when money of these works was refused or taken back."""
    wanted, parameter = among(work_ids)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT t.work_id, t.target, t.reason, t.happened_at_ms
                FROM ledger_transfer t
                WHERE t.work_id {wanted} AND t.target IN ('{REFUSED}', '{WITHHELD}')
                  AND {IS_NO_REVERSAL} AND t.withholding_id IS NULL AND {HAPPENED}
                ORDER BY t.id""",
            {"ids": parameter, "as_of": as_of_ms},
        )
        return {
            (work_id, target): Told(reason, at_ms)
            for work_id, target, reason, at_ms in cursor.fetchall()
        }


def held_by_decision(work_ids: Collection[int], as_of_ms: int) -> dict[int, int]:
    """Return the micros of these works that decisions hold which are not past their end."""
    wanted, parameter = among(work_ids)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT t.work_id, {sql_of(WITHHELD)}
                FROM ledger_transfer t
                JOIN ledger_withholding decision ON decision.id = t.withholding_id
                WHERE t.work_id {wanted} AND {HAPPENED}
                  AND COALESCE(decision.ends_at_ms, %(as_of)s) >= %(as_of)s
                GROUP BY t.work_id""",
            {"ids": parameter, "as_of": as_of_ms},
        )
        return {work_id: max(0, int(micros)) for work_id, micros in cursor.fetchall()}
