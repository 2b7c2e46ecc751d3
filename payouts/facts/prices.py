"""Reads prices over all accounts of a vendor, once a scan: by region, and off the agreed rate."""

from collections.abc import Iterator

from django.db import connection
from django.db.models import Count

from ledger.agreed import RatesInForce, price_by
from ledger.floor import MS_PER_HOUR
from ledger.periods import DAY, FIRST_MONDAY_MS, day_of, midnight_ms, quarter
from payouts.detectors.one_way_errors import Deviation
from payouts.detectors.regions import LEAST, WEEK_MS, Price
from payouts.facts.asking import among_names, is_newest
from workers.models import Engagement, Vendor


def by_region(vendor: Vendor) -> Iterator[Price]:
    """Yield the mean price of each account's tasks by kind and week, where there are regions.

    Two queries; no work is read of vendors with fewer than two regions of LEAST accounts. Prices of
    one kind and week stand together. There may be as many as there are tasks: they are not held.
    """
    regions = _regions(vendor)
    if len(regions) < 2:
        return
    wanted, names = among_names(regions)
    week = f"(w.started_at_ms - {FIRST_MONDAY_MS}) / {WEEK_MS}"
    by_hour = "CASE WHEN w.paid_ms > 0 THEN 1 ELSE 0 END"
    with connection.chunked_cursor() as cursor:
        cursor.execute(
            f"""SELECT w.project, w.task_type, w.currency, {week}, {by_hour}, e.country, e.id,
                       SUM(w.promised_micros), SUM(w.paid_ms), COUNT(*)
                FROM ledger_work w JOIN workers_engagement e ON e.id = w.engagement_id
                WHERE e.vendor_id = %(vendor)s AND e.country {wanted} AND w.kind = 'task'
                  AND w.promised_micros > 0 AND {is_newest()}
                GROUP BY w.project, w.task_type, w.currency, {week}, {by_hour}, e.country, e.id
                ORDER BY w.project, w.task_type, w.currency, {week}, {by_hour}""",
            {"vendor": vendor.pk, "names": names},
        )
        # fmt: off
        for (
            project, task_type, currency, number, hourly, region, account, micros, ms, tasks,
        ) in cursor:
            yield Price(
                project, task_type, currency, number, bool(hourly), region, account,
                _mean(int(micros), hourly and int(ms), tasks),
            )
        # fmt: on


def _regions(vendor: Vendor) -> list[str]:
    """Return the regions in which a vendor has LEAST accounts or more. One query."""
    known = Engagement.objects.filter(vendor=vendor).exclude(country="").order_by("country")
    counted = known.values_list("country").annotate(number=Count("pk"))
    return [region for region, _ in counted.filter(number__gte=LEAST)]


def _mean(micros: int, paid_ms: int, tasks: int) -> int:
    """Return the mean price of an hour where time was paid, else of a task."""
    return micros * MS_PER_HOUR // paid_ms if paid_ms else micros // tasks


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
        end_ms = midnight_ms(quarter(name).last_on + DAY, vendor.zone)
        if end_ms <= as_of_ms:
            ends[name] = end_ms
    return ends
