"""Where a finding's works stood in the files, and where their money is now. One query each."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping

from django.db import connection

from ledger.known import LAPSED
from ledger.moves import PAYABLE, PENDING
from payouts.facts.asking import IS_NO_REVERSAL, among

ROW = "row"  # the row that told of the work, whatever became of its money


def origins(work_ids: Collection[int]) -> dict[tuple[int, str], tuple[str, int]]:
    """Return file and line of the row that made money of a work pending or payable, or told of it.

    By (work, account or ROW); of several rows the last one. No entry where there was no file.
    """
    wanted, parameter = among(work_ids)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT told.work_id, told.what, file.name, leaf.line
                FROM (SELECT t.work_id, t.target AS what, t.batch_id, t.position, 1 AS later, t.id
                      FROM ledger_transfer t
                      WHERE t.work_id {wanted} AND t.target IN ('{PENDING}', '{PAYABLE}')
                        AND {IS_NO_REVERSAL}
                      UNION ALL
                      SELECT w.id, '{ROW}', w.batch_id, w.position, 0 AS later, w.id
                      FROM ledger_work w WHERE w.id {wanted}) AS told
                JOIN ledger_batch batch ON batch.id = told.batch_id
                JOIN ledger_import file ON file.id = batch.imported_id
                JOIN ledger_leaf leaf ON leaf.batch_id = told.batch_id
                     AND leaf.position = told.position
                ORDER BY told.later, told.id""",
            {"ids": parameter},
        )
        return {(work_id, what): (name, line) for work_id, what, name, line in cursor}


def where_now(work_ids: Collection[int]) -> Mapping[int, Counter[str]]:
    """Return the balances of these works by account, as the ledger knows them now. One query.

    Under the name LAPSED, what of it was approved because nobody decided in time.
    """
    where: defaultdict[int, Counter[str]] = defaultdict(Counter)
    wanted, parameter = among(work_ids)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT t.work_id, t.source, t.target, SUM(t.amount_micros),
                       SUM(CASE WHEN t.reason = %(lapsed)s AND t.move = 'approve'
                           THEN t.amount_micros ELSE 0 END)
                FROM ledger_transfer t WHERE t.work_id {wanted}
                GROUP BY t.work_id, t.source, t.target""",
            {"ids": parameter, "lapsed": LAPSED},
        )
        for work_id, source, target, micros, lapsed in cursor.fetchall():
            where[work_id][LAPSED] += int(lapsed)
            where[work_id][source] -= int(micros)
            where[work_id][target] += int(micros)
    return where
