"""Reads what is only seen over all accounts of a vendor, by set-based SQL, once a scan."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Exists

from ledger.models import (
    Batch,
    Closing,
    Course,
    Deactivation,
    Import,
    Manifest,
    Promise,
    Rate,
    Work,
)
from ledger.moves import FEES, IN_TRANSIT, PAYABLE, RECEIVED, REMITTED
from ledger.periods import DAY_MS, day_of
from ledger.vanished import KEY_BYTES
from ledger.work_posting import key_of
from payouts.detectors import mass_rejection
from payouts.detectors.mass_rejection import Decisions
from payouts.detectors.shapes import MassRefusal
from payouts.detectors.vanished_work import is_a_later_scope
from payouts.facts.asking import among, among_names, is_newest
from payouts.facts.provenance import where_now
from workers.models import Vendor

Masses = dict[str, list[MassRefusal]]
GROUPS = 2_000  # of works that share an id, asked about at once


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


class Lack(NamedTuple):
    """The keys of an export that named a piece of work, and of the later one that does not."""

    before: frozenset[bytes]
    later: frozenset[bytes]


def vanished(vendor: Vendor, as_of: datetime) -> frozenset[int]:
    """Return the works that a later complete export should name and does not, by root.

    The keys that exports saw are read once, and only where one of the later ones is complete; works
    only where something is missing.
    """
    imports = list(
        Import.objects.filter(vendor=vendor, kind="work", state="done", as_of__lte=as_of).order_by(
            "as_of", "pk"
        )
    )
    if not any(one.complete for one in imports[1:]):
        return frozenset()
    exports = [(one.complete, _keys(one)) for one in imports]
    missing: dict[bytes, Lack] = {}
    seen: defaultdict[bytes, list[int]] = defaultdict(list)  # by key, the exports that named it
    for place, (complete, keys) in enumerate(exports):
        for key in keys & missing.keys():
            del missing[key]
        common = Counter(earlier for key in keys for earlier in seen.get(key, ()))
        for earlier, number in common.items() if complete else ():
            before = exports[earlier][1]
            if number < len(before) and is_a_later_scope(len(before), number, len(keys)):
                missing |= dict.fromkeys(before - keys, Lack(before, keys))
        for key in keys:
            seen[key].append(place)
    return _roots(vendor, missing) if missing else frozenset()


def _keys(imported: Import) -> frozenset[bytes]:
    found: set[bytes] = set()
    for blob in Batch.objects.filter(imported=imported, kind="work").values_list("keys", flat=True):
        keys = bytes(blob)
        found.update(keys[at : at + KEY_BYTES] for at in range(0, len(keys), KEY_BYTES))
    return frozenset(found)


def _roots(vendor: Vendor, missing: dict[bytes, Lack]) -> frozenset[int]:
    """Return the works with these keys that lie within the days of the export that lacks them.

    Not those that it names anew: at the same times and of the same kind, by an id that is new.
    """
    reach: dict[int, list[int]] = {}  # by export, its first and last instant
    lacks = {id(lack.later): lack for lack in missing.values()}
    candidates: list[tuple[int, int, int, tuple[Any, ...]]] = []
    renamed: Counter[tuple[Any, ...]] = Counter()
    with connection.chunked_cursor() as cursor:
        cursor.execute(
            f"""SELECT e.source, e.account, w.external_id, w.root_id, w.ended_at_ms,
                       w.started_at_ms, w.project, w.kind
                FROM ledger_work w JOIN workers_engagement e ON e.id = w.engagement_id
                WHERE e.vendor_id = %(vendor)s AND {is_newest()} ORDER BY w.root_id""",
            {"vendor": vendor.pk},
        )
        for source, account, external_id, root_id, ended_at_ms, *span in cursor:
            key = key_of(source, account, external_id)
            piece = (source, account, ended_at_ms, *span)
            if key in missing:
                candidates.append((root_id, ended_at_ms, id(missing[key].later), piece))
            for name, lack in lacks.items():
                if key in lack.later:
                    first, last = reach.setdefault(name, [ended_at_ms, ended_at_ms])
                    reach[name] = [min(first, ended_at_ms), max(last, ended_at_ms)]
                    if key not in lack.before:
                        renamed[name, piece] += 1
    gone = []
    for root_id, ended_at_ms, name, piece in candidates:
        renamed[name, piece] -= 1
        within = name in reach and reach[name][0] <= ended_at_ms <= reach[name][1]
        if within and renamed[name, piece] < 0:
            gone.append(root_id)
    return frozenset(gone)


def collapsed(vendor: Vendor, known_until: date | None) -> frozenset[int]:
    """Return works that share their id with another account's, which was paid where they were not.

    By root; ids are unique within a platform. What was approved after the other one had been paid
    is not among them, nor what the record of payments does not reach.
    """
    found: set[int] = set()
    if known_until is not None and _shares_an_id(vendor):
        together: list[list[int]] = []
        for _, named in groupby(_by_shared_id(vendor), itemgetter(0, 1)):
            together.append([root_id for *_, root_id in named])
            if len(together) == GROUPS:
                found |= _paid_elsewhere(together, vendor.zone, known_until)
                together = []
        found |= _paid_elsewhere(together, vendor.zone, known_until)
    return frozenset(found)


# Each join goes one way only: from the accounts to their work. Of joins of work with work by id,
# PostgreSQL makes nested loops when it has not seen the table since it grew.
FIRST_TOLD = """FROM workers_engagement e
    JOIN ledger_work w ON w.engagement_id = e.id AND w.revision = 1
    WHERE e.vendor_id = %(vendor)s"""


def _shares_an_id(vendor: Vendor) -> bool:
    """Tell whether there is an id that two accounts of one platform have. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT 1 {FIRST_TOLD} GROUP BY e.source, w.external_id
                HAVING COUNT(*) > 1 LIMIT 1""",
            {"vendor": vendor.pk},
        )
        return cursor.fetchone() is not None


def _by_shared_id(vendor: Vendor) -> Iterator[tuple[str, str, int]]:
    """Yield platform, id and root of works that share their id, sorted by it. One query."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(
            f"""SELECT told.source, told.external_id, told.id
                FROM (SELECT e.source, w.external_id, w.id,
                             COUNT(*) OVER (PARTITION BY e.source, w.external_id) AS number
                      {FIRST_TOLD}) AS told
                WHERE told.number > 1 ORDER BY told.source, told.external_id, told.id""",
            {"vendor": vendor.pk},
        )
        yield from cursor


def _paid_elsewhere(groups: list[list[int]], zone: str, known_until: date) -> set[int]:
    """Return the works of these groups of one id each that were owed when another was paid."""
    roots = [root for group in groups for root in group]
    where, instants = where_now(roots), _owed_and_sent(roots)
    found: set[int] = set()
    for group in groups:
        sent = [instants[one][1] for one in group if is_sent(where.get(one, {}))]
        dates = [at_ms for at_ms in sent if at_ms and day_of(at_ms, zone) <= known_until]
        for root in group if dates else ():
            owed_at_ms = instants[root][0]
            if not is_sent(where.get(root, {})) and (owed_at_ms or 0) <= max(dates):
                found.add(root)
    return found


def _owed_and_sent(root_ids: list[int]) -> dict[int, tuple[int | None, int | None]]:
    """Return when money of these works was first approved, and when it was last sent. One query."""
    wanted, parameter = among(root_ids)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT t.work_id, MIN(CASE WHEN t.target = '{PAYABLE}' THEN t.happened_at_ms END),
                       MAX(CASE WHEN t.source = '{PAYABLE}' THEN t.happened_at_ms END)
                FROM ledger_transfer t WHERE t.work_id {wanted} GROUP BY t.work_id""",
            {"ids": parameter},
        )
        found = {root: (owed, sent) for root, owed, sent in cursor.fetchall()}
    return {root: found.get(root, (None, None)) for root in root_ids}


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
            Exists(Deactivation.objects.filter(engagement__vendor=vendor)),
            Exists(Closing.objects.filter(vendor=vendor)),
            Exists(Promise.objects.filter(vendor=vendor)),
            Exists(Course.objects.filter(vendor=vendor)),
        )
        .get()
    )
    activity, sessions, rates, manifests, refusals, *terms = there
    deactivations, closings, promises, courses = terms
    exports = Import.objects.filter(vendor=vendor, kind="work", state="done")
    kinds = {
        "activity": activity,
        "sessions": sessions,
        "rates": rates,
        "endings": deactivations or closings,
        "promises": promises,
        "instructions": courses,
        "deliveries": manifests or not refusals,
        "exports": any(exports.order_by("as_of", "pk").values_list("complete", flat=True)[1:]),
    }
    return [name for name, is_there in kinds.items() if not is_there], int(first[0])
