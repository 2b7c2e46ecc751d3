"""Reads prices over all accounts of a vendor, once a scan: by region, and off the agreed rate."""

from datetime import datetime, time, timedelta

from django.db import connection

from ledger.agreed import RatesInForce, price_by
from ledger.periods import day_of, ms_of, quarter, zone_of
from payouts.asking import among_names, is_newest
from payouts.detectors.one_way_errors import Deviation
from payouts.detectors.regions import LEAST, WEEK_MS, Price
from workers.models import Vendor

HOUR_MS = 3_600_000
FIRST_MONDAY_MS = 4 * 86_400_000


def by_region(vendor: Vendor) -> list[Price]:
    """Return the mean price of each account's tasks by kind and week, where there are regions.

    One query; nothing is read of vendors with fewer than two regions of LEAST accounts.
    """
    week = f"(w.started_at_ms - {FIRST_MONDAY_MS}) / {WEEK_MS}"
    by_hour = "CASE WHEN w.paid_ms > 0 THEN 1 ELSE 0 END"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT w.project, w.task_type, w.currency, {week}, {by_hour}, e.country, e.id,
                       SUM(w.promised_micros), SUM(w.paid_ms), COUNT(*)
                FROM ledger_work w JOIN workers_engagement e ON e.id = w.engagement_id
                WHERE e.vendor_id = %(vendor)s AND e.country <> '' AND w.kind = 'task'
                  AND w.promised_micros > 0 AND {is_newest()}
                  AND e.country IN (SELECT known.country FROM workers_engagement known
                                    WHERE known.vendor_id = %(vendor)s
                                    GROUP BY known.country HAVING COUNT(*) >= {LEAST})
                GROUP BY w.project, w.task_type, w.currency, {week}, {by_hour}, e.country, e.id""",
            {"vendor": vendor.pk},
        )
        # fmt: off
        return [
            Price(
                project, task_type, currency, number, bool(hourly), region, account,
                _mean(int(micros), hourly and int(ms), tasks),
            )
            for (
                project, task_type, currency, number, hourly, region, account, micros, ms, tasks,
            ) in cursor.fetchall()
        ]
        # fmt: on


def _mean(micros: int, paid_ms: int, tasks: int) -> int:
    """Return the mean price of an hour where time was paid, else of a task."""
    return micros * HOUR_MS // paid_ms if paid_ms else micros // tasks


def off_the_rate(vendor: Vendor) -> list[Deviation]:
    """Return the tasks that were first told with another price than was agreed. One query.

    Only projects with agreed rates are read; none, where the vendor has none.
    """
    rates = RatesInForce.of(vendor)
    if not rates.rates:
        return []
    wanted, projects = among_names({rate.project for rate in rates.rates})
    found = []
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT w.batch_id, w.project, w.task_type, w.currency, w.started_at_ms, w.paid_ms,
                       w.promised_micros
                FROM ledger_work w JOIN workers_engagement e ON e.id = w.engagement_id
                WHERE e.vendor_id = %(vendor)s AND w.project {wanted} AND w.kind = 'task'
                  AND w.revision = 1 AND w.ended_as = 'submitted' AND w.decided_as <> 'refused'
                  AND w.promised_micros IS NOT NULL
                ORDER BY w.id""",
            {"vendor": vendor.pk, "names": projects},
        )
        for batch, project, task_type, currency, started, paid_ms, promised in cursor:
            rate = rates.at(project=project, task_type=task_type, claimed_at_ms=started)
            agreed = price_by(rate, paid_ms) if rate and rate.currency == currency else None
            if agreed is not None and agreed != promised:
                day = day_of(started, vendor.zone)
                name = f"{day.year}-Q{(day.month + 2) // 3}"
                event = (name, str(batch), project, task_type, day.isoformat())
                found.append(Deviation(event, currency, promised - agreed))
    return found


def quarters_over(vendor: Vendor, deviations: list[Deviation], as_of_ms: int) -> dict[str, int]:
    """Return the quarters of these deviations that are over, each with the instant of its end."""
    ends = {}
    for name in {one.event[0] for one in deviations}:
        after = quarter(name).last_on + timedelta(days=1)
        end_ms = ms_of(datetime.combine(after, time(), zone_of(vendor.zone)))
        if end_ms <= as_of_ms:
            ends[name] = end_ms
    return ends
