"""Reads what is dated after the day asked, and so counts from its own day on. One query a chunk."""

from collections.abc import Collection

from django.db import connection

from payouts.facts.asking import among

QUERIES = 1


def read(engagement_ids: Collection[int], as_of_ms: int) -> dict[int, int]:
    """Return by account the first later instant at which one of its facts begins to count.

    Or ends to count, as a hold does. No entry where nothing is dated ahead.
    """
    wanted, parameter = among(engagement_ids)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT dated.engagement_id, MIN(dated.at_ms) FROM (
                    SELECT t.engagement_id, t.happened_at_ms AS at_ms FROM ledger_transfer t
                    WHERE t.engagement_id {wanted} AND t.happened_at_ms > %(as_of)s
                    UNION ALL
                    SELECT w.engagement_id, w.ended_at_ms FROM ledger_work w
                    WHERE w.engagement_id {wanted} AND w.ended_at_ms > %(as_of)s
                    UNION ALL
                    SELECT p.engagement_id, p.sent_at_ms FROM ledger_payment p
                    WHERE p.engagement_id {wanted} AND p.sent_at_ms > %(as_of)s
                    UNION ALL
                    SELECT p.engagement_id, arrival.arrived_at_ms FROM ledger_payment p
                    JOIN ledger_arrival arrival ON arrival.payment_id = p.id
                    WHERE p.engagement_id {wanted} AND arrival.arrived_at_ms > %(as_of)s
                    UNION ALL
                    SELECT decision.engagement_id, decision.ends_at_ms
                    FROM ledger_withholding decision
                    WHERE decision.engagement_id {wanted} AND decision.ends_at_ms >= %(as_of)s
                    UNION ALL
                    SELECT ending.engagement_id, ending.from_at_ms FROM ledger_deactivation ending
                    WHERE ending.engagement_id {wanted} AND ending.from_at_ms > %(as_of)s
                    UNION ALL
                    SELECT e.id, ending.from_at_ms FROM workers_engagement e
                    JOIN ledger_closing ending ON ending.vendor_id = e.vendor_id
                    WHERE e.id {wanted} AND ending.from_at_ms > %(as_of)s
                ) AS dated GROUP BY dated.engagement_id""",
            {"ids": parameter, "as_of": as_of_ms},
        )
        return dict(cursor.fetchall())
