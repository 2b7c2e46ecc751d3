"""Keeps findings as flags: the same finding is the same flag; what is not found again closes."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Q, Sum

from payouts import detectors, provenance
from payouts.detectors.shapes import EngagementFacts, Finding
from payouts.models import Flag, Scan
from workers.models import Vendor

NOTHING = {"found": 0, "new": 0, "resolved": 0}
MONEY_OF = {"W01": "payable", "W02": "pending"}  # by account, where not the work's own row is
MOVES_ON = [  # what finding a flag again changes; when it was first seen stays
    "stake_micros",
    "since_at_ms",
    "evidence",
    "last_seen_at",
    "last_scan",
    "resolved_at",
    "resolution",
]
# A scan's counts are the vendor's to see: codes that are not for the vendor are not counted.
TOLD = tuple(code for code in detectors.CODES if "vendor" in detectors.audience(code))
Found = tuple[int | None, Finding]  # the account's id, None for the vendor as a whole
Identity = tuple[str, int, str]  # code, version, subject
Counts = dict[str, dict[str, int]]


def add(counts: Counts, more: Counts) -> Counts:
    """Return the sums of two scans' parts, by code."""
    return {
        code: {
            name: counts.get(code, NOTHING)[name] + more.get(code, NOTHING)[name]
            for name in NOTHING
        }
        for code in {**counts, **more}
    }


def at_stake(vendor: Vendor) -> dict[str, dict[str, int]]:
    """Return the money of a vendor's open flags in micros, by code and currency.

    No money is in two flags, so the sums may be added up.
    """
    stakes: dict[str, dict[str, int]] = {}
    open_flags = Flag.objects.filter(vendor=vendor, resolved_at=None)
    by_code = open_flags.values_list("code", "currency").annotate(Sum("stake_micros"))
    for code, currency, micros in by_code.order_by("code", "currency"):
        if micros:
            stakes.setdefault(code, {})[currency] = int(micros)
    return stakes


def keep(
    scan: Scan,
    found: Sequence[Found],
    by_engagement: Mapping[int, EngagementFacts],
    *,
    codes: Sequence[str],
) -> Counts:
    """Write down what was found in these accounts, and close what was not found again.

    by_engagement: all accounts that were looked at; empty for the vendor as a whole. codes: what
    was looked for. Returns the counts of what was found, new and resolved, by code.
    """
    there = _flags(scan, by_engagement, codes)
    _add_origins([finding for _, finding in found])
    now_found = {_identity(finding) for _, finding in found}
    gone = [
        flag
        for identity, flag in there.items()
        if identity not in now_found and flag.resolved_at is None
    ]
    Flag.objects.bulk_create(
        [_flag(scan, engagement_id, finding) for engagement_id, finding in found],
        batch_size=500,
        update_conflicts=True,
        unique_fields=["vendor", "code", "version", "subject"],
        update_fields=MOVES_ON,
    )
    _close(scan, gone, by_engagement)
    counts = {code: dict(NOTHING) for code in codes if code in TOLD}
    for finding in (one for _, one in found if one.code in TOLD):
        counts[finding.code]["found"] += 1
        counts[finding.code]["new"] += _identity(finding) not in there
    for flag in (one for one in gone if one.code in TOLD):
        counts[flag.code]["resolved"] += 1
    return counts


def _flags(
    scan: Scan, by_engagement: Mapping[int, EngagementFacts], codes: Sequence[str]
) -> dict[Identity, Flag]:
    """Return the flags there are about these accounts, of every version. One query."""
    about = Q(engagement__isnull=True)
    if by_engagement:
        first, last = min(by_engagement), max(by_engagement)
        about = Q(engagement__gte=first, engagement__lte=last)
    flags = Flag.objects.filter(about, vendor=scan.vendor, code__in=codes)
    return {(flag.code, flag.version, flag.subject): flag for flag in flags}


def _identity(finding: Finding) -> Identity:
    return finding.code, finding.version, finding.subject


def _flag(scan: Scan, engagement_id: int | None, finding: Finding) -> Flag:
    for_whom = detectors.audience(finding.code)
    return Flag(
        vendor=scan.vendor,
        engagement_id=engagement_id,
        code=finding.code,
        version=finding.version,
        subject=finding.subject,
        stake_micros=finding.stake_micros,
        currency=finding.currency,
        since_at_ms=finding.since_at_ms,
        evidence=finding.evidence,
        first_seen_at=scan.started_at,
        last_seen_at=scan.started_at,
        last_scan=scan,
        **{f"for_{role}": role in for_whom for role in sorted(detectors.EVERYBODY)},
    )


def _add_origins(found: Iterable[Finding]) -> None:
    """Say of every work in the evidence in which file and line it stood."""
    entries = [
        (work, MONEY_OF.get(finding.code, provenance.ROW))
        for finding in found
        for work in finding.evidence.get("works", ())
    ]
    if not entries:
        return
    origins = provenance.origins({work["work"] for work, _ in entries})
    for work, account in entries:
        work["file"], work["line"] = origins.get((work["work"], account), ("", 0))


def _close(scan: Scan, gone: list[Flag], by_engagement: Mapping[int, EngagementFacts]) -> None:
    """Close flags that were not found again, each with what happened since."""
    if not gone:
        return
    where = provenance.where_now(
        {work["work"] for flag in gone for work in flag.evidence.get("works", ())}
    )
    for flag in gone:
        flag.resolved_at, flag.last_scan = scan.started_at, scan
        flag.resolution = _what_happened(flag, by_engagement, where)
    Flag.objects.bulk_update(gone, ["resolved_at", "resolution", "last_scan"], batch_size=500)


def _what_happened(
    flag: Flag, by_engagement: Mapping[int, EngagementFacts], where: Mapping[int, Counter[str]]
) -> str:
    detector = detectors.BY_CODE[flag.code]
    if flag.version != detector.VERSION:
        return f"Version {detector.VERSION} of this check looks after it from now on."
    money: Counter[str] = Counter()
    for work in flag.evidence.get("works", ()):
        money.update(where.get(work["work"], {}))
    about = by_engagement.get(flag.engagement_id) if flag.engagement_id else None
    said: Any = detector.what_happened(about, flag.evidence, money)
    return str(said)[:300]
