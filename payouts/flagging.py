"""Keeps findings as flags: the same finding is the same flag; what is not found again closes."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Count, Q, Sum, Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext_noop

from ledger.agreed import PayTermsInForce
from payouts import detectors
from payouts.detectors import awarding
from payouts.detectors.shapes import EngagementFacts, Finding
from payouts.facts import provenance
from payouts.flag_life import entries, keeping, standing
from payouts.flag_life.asking import Asking
from payouts.flag_life.keeping import Events
from payouts.flag_life.standing import works_of
from payouts.models import Flag, Scan
from workers.models import Vendor

NEWER = gettext_noop("A newer version of this check looks after it from now on.")
NOTHING = {"found": 0, "new": 0, "resolved": 0}
MONEY_OF = {"W01": "payable", "W02": "pending"}  # by account, where not the work's own row is
MOVES_ON = [  # what finding a flag again changes; when it was first seen stays
    "stake_micros",
    "since_at_ms",
    "evidence",
    "last_seen_at",
    "last_scan",
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


def seen_again(scan: Scan, counts: Counts) -> Counts:
    """Move on the flags of accounts that gave what they gave; return the counts with all found.

    Two statements, however many accounts were not looked at again. What a scan that began later has
    seen by now stays as it is.
    """
    open_flags = Flag.objects.filter(vendor=scan.vendor, resolved_at=None)
    seen_at = Greatest("last_seen_at", Value(scan.started_at))
    open_flags.exclude(last_scan=scan).update(last_seen_at=seen_at, last_scan=scan)
    by_code = dict(open_flags.order_by().values_list("code").annotate(Count("pk")))
    return {code: {**counts.get(code, NOTHING), "found": by_code.get(code, 0)} for code in TOLD}


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
    terms: PayTermsInForce,
) -> Counts:
    """Write down what was found in these accounts, and close what was not found again.

    by_engagement: all accounts that were looked at; empty for the vendor as a whole. codes: what
    was looked for. terms: the vendor's. Returns the counts of what was found, new and resolved, by
    code.
    """
    there = _flags(scan, by_engagement, codes)
    _add_origins([finding for _, finding in found])
    events = Events()
    _open(scan, found, there, events, Asking.of(scan, terms, by_engagement))
    now_found = {_identity(finding) for _, finding in found}
    gone = [
        flag
        for identity, flag in there.items()
        if identity not in now_found and flag.resolved_at is None
    ]
    _close(scan, gone, by_engagement, events)
    events.write()
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
    """Return the flags there are about these accounts, of every version, held. One query."""
    about = Q(engagement__in=list(by_engagement)) if by_engagement else Q(engagement=None)
    flags = Flag.objects.select_for_update(no_key=True).order_by("pk")
    return {
        (flag.code, flag.version, flag.subject): flag
        for flag in flags.filter(about, vendor=scan.vendor, code__in=codes)
    }


def _identity(finding: Finding) -> Identity:
    return finding.code, finding.version, finding.subject


def _open(
    scan: Scan,
    found: Sequence[Found],
    there: Mapping[Identity, Flag],
    events: Events,
    asking: Asking,
) -> None:
    """Write what was found as flags, each with what happens to it because it was."""
    before = [there.get(_identity(finding)) for _, finding in found]
    answers = keeping.answers_to(one for one in before if one is not None)
    flags = []
    for (engagement_id, finding), was in zip(found, before, strict=True):
        flag = _flag(scan, engagement_id, finding, was)
        asking.tell(events, flag, answers.get(was.pk) if was else None)
        flags.append(flag)
    Flag.objects.bulk_create(
        flags,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["vendor", "code", "version", "subject"],
        update_fields=[*MOVES_ON, *keeping.MOVED],
    )


def _flag(scan: Scan, engagement_id: int | None, finding: Finding, was: Flag | None) -> Flag:
    """Return a finding as a flag that stands where it stood. was: as it was before."""
    for_whom = detectors.audience(finding.code)
    stood = {name: getattr(was, name) for name in keeping.MOVED} if was else {}
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
        last_seen_at=max(scan.started_at, was.last_seen_at) if was else scan.started_at,
        last_scan=scan,
        **{f"for_{role}": role in for_whom for role in sorted(detectors.EVERYBODY)},
        **stood,
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


def _close(
    scan: Scan,
    gone: list[Flag],
    by_engagement: Mapping[int, EngagementFacts],
    events: Events,
) -> None:
    """Close flags that were not found again: by the entry that paid, or with a reason."""
    if not gone:
        return
    where = provenance.where_now({work for flag in gone for work in works_of(flag.evidence)})
    money = {flag.pk: _money(flag, where) for flag in gone}
    about = {flag.pk: by_engagement.get(flag.engagement_id or 0) for flag in gone}
    awards = {flag.pk: awarding.behind(about[flag.pk], flag.evidence) for flag in gone}
    stands_behind = entries.behind(gone, money, awards, scan.vendor.zone)
    for flag in gone:
        flag.last_scan = scan
        end = _end(flag, about[flag.pk], money[flag.pk], stands_behind[flag.pk])
        events.add(flag, at=scan.started_at, role="scan", **end)
    Flag.objects.bulk_update(gone, [*keeping.MOVED, "last_scan"], batch_size=500)


def _money(flag: Flag, where: Mapping[int, Counter[str]]) -> Counter[str]:
    """Return where the money of a flag's works is now, by account."""
    money: Counter[str] = Counter()
    for work in works_of(flag.evidence):
        money.update(where.get(work, {}))
    return money


def _end(
    flag: Flag, about: EngagementFacts | None, money: Counter[str], one: entries.Behind
) -> dict[str, Any]:
    """Return as what a flag closes, and why."""
    detector = detectors.BY_CODE[flag.code]
    if flag.version != detector.VERSION:
        return {"happening": standing.SUPERSEDED, "reason": NEWER}
    return {
        "happening": standing.PAID if one.is_paid else standing.CLOSED,
        "entry_id": one.entry_id,
        "reason": str(detector.what_happened(about, flag.evidence, money))[:300],
    }
