"""Reads what is only seen over all accounts of a vendor, by set-based SQL, once a scan."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import datetime

from django.db import connection
from django.db.models import Exists

from ledger.models import Batch, Import, Manifest, Rate, Work
from ledger.moves import FEES, IN_TRANSIT, RECEIVED, REMITTED
from ledger.vanished import KEY_BYTES
from ledger.work_posting import key_of
from payouts.asking import among_names, is_newest
from payouts.detectors import mass_rejection
from payouts.detectors.mass_rejection import DAY_MS, Decisions
from payouts.detectors.shapes import MassRefusal
from payouts.detectors.vanished_work import is_a_later_scope
from payouts.provenance import where_now
from workers.models import Vendor

Masses = dict[str, list[MassRefusal]]


def mass_refusals(vendor: Vendor, as_of_ms: int) -> Masses:
    """Return the masses of refusals of a vendor by project. Two queries.

    A project in which nothing was refused is not counted.
    """
    given = {"vendor": vendor.pk, "as_of": as_of_ms}
    decided = f"""FROM ledger_work w JOIN workers_engagement e ON e.id = w.engagement_id
        WHERE e.vendor_id = %(vendor)s AND {is_newest()}
          AND COALESCE(w.decided_at_ms, 0) <= %(as_of)s"""
    by_instant: defaultdict[str, dict[int | None, int]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT w.project, w.decided_at_ms, COUNT(*) {decided}
                  AND w.decided_as = 'refused'
                GROUP BY w.project, w.decided_at_ms""",
            given,
        )
        for project, at_ms, number in cursor.fetchall():
            by_instant[project][at_ms] = number
        if not by_instant:
            return {}
        wanted, projects = among_names(by_instant)
        cursor.execute(
            f"""SELECT w.project, w.decided_at_ms / {DAY_MS}, COUNT(*),
                       SUM(CASE WHEN w.decided_as = 'refused' THEN 1 ELSE 0 END)
                {decided} AND w.decided_as <> '' AND w.project {wanted}
                GROUP BY w.project, w.decided_at_ms / {DAY_MS}""",
            {**given, "names": projects},
        )
        days = [Decisions(project, day, n, int(refused)) for project, day, n, refused in cursor]
    found: Masses = {}
    dated = {
        project: {at_ms: number for at_ms, number in instants.items() if at_ms is not None}
        for project, instants in by_instant.items()
    }
    for mass in (*mass_rejection.of_days(days), *mass_rejection.at_once(dated)):
        found.setdefault(mass.project, []).append(mass)
    return found


def mass_of(masses: Masses, project: str, at_ms: int | None) -> MassRefusal | None:
    """Return the mass that a refusal of this project and instant is part of. Undated is -1."""
    instant = -1 if at_ms is None else at_ms
    return next(
        (one for one in masses.get(project, ()) if one.from_ms <= instant < one.to_ms), None
    )


def vanished(vendor: Vendor, as_of: datetime) -> frozenset[int]:
    """Return the works that a later complete export should name and does not, by root.

    The keys that exports saw are read once; works only where something is missing.
    """
    exports = [
        (one.complete, _keys(one))
        for one in Import.objects.filter(
            vendor=vendor, kind="work", state="done", as_of__lte=as_of
        ).order_by("as_of", "pk")
    ]
    if not any(complete for complete, _ in exports[1:]):
        return frozenset()
    missing: dict[bytes, frozenset[bytes]] = {}  # by what is missing, the export that lacks it
    seen: defaultdict[bytes, list[int]] = defaultdict(list)  # by key, the exports that named it
    for place, (complete, keys) in enumerate(exports):
        for key in keys & missing.keys():
            del missing[key]
        common = Counter(earlier for key in keys for earlier in seen.get(key, ()))
        for earlier, number in common.items() if complete else ():
            before = exports[earlier][1]
            if number < len(before) and is_a_later_scope(len(before), number, len(keys)):
                missing |= dict.fromkeys(before - keys, keys)
        for key in keys:
            seen[key].append(place)
    return _roots(vendor, missing) if missing else frozenset()


def _keys(imported: Import) -> frozenset[bytes]:
    found: set[bytes] = set()
    for blob in Batch.objects.filter(imported=imported, kind="work").values_list("keys", flat=True):
        keys = bytes(blob)
        found.update(keys[at : at + KEY_BYTES] for at in range(0, len(keys), KEY_BYTES))
    return frozenset(found)


def _roots(vendor: Vendor, missing: dict[bytes, frozenset[bytes]]) -> frozenset[int]:
    """Return the works with these keys that lie within the days of the export that lacks them."""
    reach: dict[int, list[int]] = {}  # by export, its first and last instant
    lacks = {id(keys): keys for keys in missing.values()}
    candidates: list[tuple[int, int, int]] = []
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT e.source, e.account, w.external_id, w.root_id, w.ended_at_ms
                FROM ledger_work w JOIN workers_engagement e ON e.id = w.engagement_id
                WHERE e.vendor_id = %(vendor)s AND {is_newest()}""",
            {"vendor": vendor.pk},
        )
        for source, account, external_id, root_id, ended_at_ms in cursor:
            key = key_of(source, account, external_id)
            if key in missing:
                candidates.append((root_id, ended_at_ms, id(missing[key])))
            for name, keys in lacks.items():
                if key in keys:
                    first, last = reach.setdefault(name, [ended_at_ms, ended_at_ms])
                    reach[name] = [min(first, ended_at_ms), max(last, ended_at_ms)]
    return frozenset(
        root_id
        for root_id, ended_at_ms, name in candidates
        if name in reach and reach[name][0] <= ended_at_ms <= reach[name][1]
    )


def collapsed(vendor: Vendor) -> frozenset[int]:
    """Return works that share their id with another account's, which was paid where they were not.

    By root; ids are unique within a platform. Two queries, the second where any id is shared.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT e.source, w.external_id, w.id
               FROM (SELECT own.source, work.external_id
                     FROM ledger_work work
                     JOIN workers_engagement own ON own.id = work.engagement_id
                     WHERE own.vendor_id = %(vendor)s AND work.revision = 1
                     GROUP BY own.source, work.external_id HAVING COUNT(*) > 1) AS shared
               JOIN ledger_work w ON w.external_id = shared.external_id AND w.revision = 1
               JOIN workers_engagement e ON e.id = w.engagement_id AND e.source = shared.source
               WHERE e.vendor_id = %(vendor)s""",
            {"vendor": vendor.pk},
        )
        groups: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        for source, external_id, root_id in cursor.fetchall():
            groups[source, external_id].append(root_id)
    where = where_now([one for roots in groups.values() for one in roots]) if groups else {}
    return frozenset(
        root
        for roots in groups.values()
        if any(is_sent(where.get(one, {})) for one in roots)
        for root in roots
        if not is_sent(where.get(root, {}))
    )


def is_sent(balances: Mapping[str, int]) -> bool:
    """Tell whether money of a piece of work has left the vendor."""
    return any(balances.get(one, 0) > 0 for one in (IN_TRANSIT, RECEIVED, FEES, REMITTED))


def missing_records(vendor: Vendor) -> tuple[list[str], int]:
    """Return the kinds of record that a vendor never brought in, and when its first work began.

    A vendor without any work lacks none. Three queries.
    """
    works = Work.objects.filter(engagement__vendor=vendor)
    first = works.order_by("engagement", "ended_at_ms").values_list("started_at_ms").first()
    if first is None:
        return [], 0
    there = (
        Vendor.objects.filter(pk=vendor.pk)
        .values_list(
            Exists(works.filter(active_ms__isnull=False)),
            Exists(works.exclude(kind__in=["task", "award"])),
            Exists(Rate.objects.filter(vendor=vendor)),
            Exists(Manifest.objects.filter(vendor=vendor)),
            Exists(works.filter(decided_as="refused")),
        )
        .get()
    )
    activity, sessions, rates, manifests, refusals = there
    exports = Import.objects.filter(vendor=vendor, kind="work", state="done")
    kinds = {
        "activity": activity,
        "sessions": sessions,
        "rates": rates,
        "deliveries": manifests or not refusals,
        "exports": any(exports.order_by("as_of", "pk").values_list("complete", flat=True)[1:]),
    }
    return [name for name, is_there in kinds.items() if not is_there], int(first[0])
