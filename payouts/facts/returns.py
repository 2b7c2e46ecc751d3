"""Reads money that a payment sent and that came back: reversals of `pay`. One query a chunk."""

from collections import defaultdict
from collections.abc import Collection

from django.db import connection

from ledger.known import UNDONE
from ledger.moves import REVERSE
from payouts.detectors.shapes import Returned
from payouts.facts.asking import among

QUERIES = 1


def read(engagement_ids: Collection[int], as_of_ms: int) -> dict[int, list[Returned]]:
    """Return what came back of these accounts' payments and was not sent again, oldest first.

    Sent again: a later payment of the same work. What an undo took back was never sent.
    """
    wanted, parameter = among(engagement_ids)
    found: defaultdict[int, list[Returned]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT t.engagement_id, t.work_id, payment.reference,
                       COALESCE(t.happened_at_ms, payment.sent_at_ms), t.amount_micros,
                       t.reason
                FROM ledger_transfer t
                JOIN ledger_transfer sent ON sent.id = t.reverses_id AND sent.move = 'pay'
                JOIN ledger_payment payment ON payment.id = t.payment_id
                WHERE t.engagement_id {wanted} AND t.reverses_id IS NOT NULL
                  AND t.move = '{REVERSE}' AND t.reason <> %(undone)s
                  AND COALESCE(t.happened_at_ms, payment.sent_at_ms) <= %(as_of)s
                  AND NOT EXISTS (SELECT 1 FROM ledger_transfer again
                                  WHERE again.work_id = t.work_id AND again.move = 'pay'
                                    AND again.id > t.id
                                    AND NOT EXISTS (SELECT 1 FROM ledger_transfer back
                                                    WHERE back.reverses_id = again.id))
                ORDER BY t.id""",
            {"ids": parameter, "as_of": as_of_ms, "undone": UNDONE},
        )
        for engagement_id, *returned in cursor.fetchall():
            found[engagement_id].append(Returned(*returned))
    return found
