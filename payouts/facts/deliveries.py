"""Reads which refused work was delivered all the same. QUERIES a chunk, and two once a scan."""

from collections import Counter
from collections.abc import Collection

from django.db import connection

from ledger.known import LAPSED
from payouts.detectors.used_anyway import NAMING_REFUSED, Counted
from payouts.facts.asking import among_names, is_newest
from payouts.models import Flag
from workers.models import Vendor

QUERIES = 1
Name = tuple[str, str]  # external id and account
REFUSED_PAY = "w.decided_as = 'refused' AND w.promised_micros > 0"
# Work that nobody decided in time is approved too, though no export says so.
LAPSED_TO_THE_WORKER = """(w.decided_as = '' AND EXISTS (
    SELECT 1 FROM ledger_transfer t
    WHERE t.work_id = w.root_id AND t.move = 'approve' AND t.reason = %(lapsed)s))"""


def delivered(vendor: Vendor, names: Collection[Name]) -> set[Name]:
    """Return those of these attempts that a manifest names, with their worker. One query.

    MTurk's own id of an assignment is what stands before the @ of our external id.
    """
    by_id: dict[str, list[Name]] = {}
    for external_id, account in names:
        for alias in {external_id, external_id.split("@")[0]}:
            by_id.setdefault(alias, []).append((external_id, account))
    wanted, ids = among_names(by_id)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT d.external_id, d.account FROM ledger_delivered d
                WHERE d.vendor_id = %(vendor)s AND d.external_id <> ''
                  AND d.external_id {wanted}""",
            {"vendor": vendor.pk, "names": ids},
        )
        return {
            name
            for external_id, account in cursor.fetchall()
            for name in by_id[external_id]
            if name[1] == account
        }


def counted(vendor: Vendor) -> list[Counted]:
    """Return the projects that manifests count, with what became of their attempts. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""WITH counts AS (
                    SELECT d.project, CAST(SUM(d.attempts) AS bigint) AS delivered
                    FROM ledger_delivered d
                    WHERE d.vendor_id = %(vendor)s AND d.external_id = '' GROUP BY d.project)
                SELECT counts.project, counts.delivered,
                       SUM(CASE WHEN w.decided_as = 'refused' THEN 1 ELSE 0 END),
                       SUM(CASE WHEN w.decided_as = 'approved' OR {LAPSED_TO_THE_WORKER}
                           THEN 1 ELSE 0 END),
                       MIN(w.ended_at_ms), MIN(CASE WHEN {REFUSED_PAY} THEN w.promised_micros END),
                       MIN(CASE WHEN {REFUSED_PAY} THEN w.currency END),
                       MAX(CASE WHEN {REFUSED_PAY} THEN w.currency END)
                FROM counts JOIN ledger_work w ON w.project = counts.project
                JOIN workers_engagement e ON e.id = w.engagement_id
                WHERE e.vendor_id = %(vendor)s AND w.ended_as = 'submitted' AND {is_newest()}
                GROUP BY counts.project, counts.delivered ORDER BY counts.project""",
            {"vendor": vendor.pk, "lapsed": LAPSED},
        )
        return [
            Counted(
                project, int(number), int(refused), int(approved), since,
                int(lowest) if unit and unit == other else 0,
                unit or vendor.currency,
            )
            for project, number, refused, approved, since, lowest, unit, other in cursor.fetchall()
        ]  # fmt: skip


def named_refused(vendor: Vendor) -> Counter[str]:
    """Return, by project, how many refused attempts open flags hold by name. One query."""
    held: Counter[str] = Counter()
    flags = Flag.objects.filter(
        vendor=vendor, resolved_at=None, engagement__isnull=False, code__in=NAMING_REFUSED
    )
    for evidence in flags.values_list("evidence", flat=True).iterator():
        held[evidence["project"]] += evidence["pieces"]
    return held
