"""What `make demo` shows: a vendor brought in, judged, and its statements issued.

The vendor is an invented one, or the owner of an export that somebody gave. Everything goes
through the same doors as in production; only the people are made up here. Run again, nothing is
loaded twice.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from secrets import token_urlsafe
from typing import Any

from django.db.models import Max, Q, QuerySet, Sum

from ledger import agreeing, intake, jobs, pledging
from ledger.models import Import, WageFloor, WorkWeek
from ledger.money import Money, parse_micros
from ledger.periods import day_of, ms_of
from ledger.sample.writing import write_sample
from payouts import paper, scanning
from payouts.compliance import report
from payouts.models import Flag, Statement
from payouts.runs import payee_file
from payouts.statements import issue, render
from workers import claims, people
from workers.models import AuditGrant, Engagement, Link, User, Vendor

FLOOR = Money(15_000_000, "USD")
OWN_VENDOR = "Your export"
WORKERS_SHOWN = 3

Say = Callable[[str], object]


@dataclass
class Loaded:
    """What the demo stands on: the vendor, and the moment as of which it is judged."""

    vendor: Vendor
    as_of: datetime
    imports: list[Import] = field(default_factory=list)
    fresh: bool = False


def sample(*, folder: Path, at: datetime, say: Say) -> Loaded:
    """Bring in the sample, made in `folder` the first time."""
    planted = folder / "planted.json"
    if not planted.exists():
        say("Making the sample of an invented vendor ...")
        write_sample(folder)
    plan = json.loads(planted.read_text(encoding="utf-8"))
    vendor = _vendor(plan["vendor"], plan["zone"], plan["currency"], at)
    _floor(Money(parse_micros(plan["floor"]), plan["currency"]), at)
    _rates(vendor, plan.get("rates", []))
    _terms(vendor, plan, at)
    loaded = Loaded(vendor, datetime.fromisoformat(plan["as_of"]))
    for one in plan["imports"]:
        known_until = datetime.fromisoformat(plan["complete_until"]).date()
        declared: dict[str, Any] = {"complete": one["complete"]}
        if one["kind"] == "payouts":
            declared = {"complete_until": known_until if one["complete"] else None}
        _bring_in(
            loaded,
            folder / one["file"],
            one["kind"],
            at,
            exported_at=datetime.fromisoformat(one["exported_at"]),
            **declared,
        )
    if loaded.fresh:
        payee_file.bring_in(vendor=vendor, path=folder / plan["payees"], by=None, at=at)
    return loaded


def own_file(*, path: Path, at: datetime) -> Loaded:
    """Bring in somebody's own export, for a vendor of its own. Raises intake.Refused."""
    vendor = _vendor(OWN_VENDOR, "UTC", "USD", at)
    _floor(FLOOR, at)
    loaded = Loaded(vendor, at)
    _bring_in(loaded, path, "work", at)
    return loaded


def judge(loaded: Loaded, *, folder: Path, at: datetime, say: Say) -> None:
    """Scan, issue the statements of each month with work, and write out those of the last month.

    Once, unless something was added.
    """
    vendor = loaded.vendor
    if not loaded.fresh and vendor.scans.exists():
        return
    say("Scanning for missing pay ...")
    scanning.scan(vendor=vendor, as_of=loaded.as_of, at=at)
    weeks, today = WorkWeek.objects.filter(vendor=vendor), day_of(ms_of(at), vendor.zone)
    for period in reversed(paper.months_to_state(weeks, today)):
        say(f"Issuing the statements of {period} ...")
        issue.issue_all(vendor=vendor, period=period, by=None, at=at)
    render.write_all(_last_month(loaded), folder)


def meet(loaded: Loaded, *, at: datetime) -> list[User]:
    """Return the people whom the demo signs in: two of the staff, because a pay run takes two, an
    auditor, and the workers to whom most is owed."""
    vendor = loaded.vendor
    staff = [_user(f"{who}-{vendor.slug}", vendor) for who in ("staff", "second")]
    auditor = _user(f"auditor-{vendor.slug}", None)
    if not AuditGrant.objects.filter(auditor=auditor, expires_at__gt=at).exists():
        people.add_grant(
            auditor=auditor,
            vendors=[vendor],
            first_on=date(2000, 1, 1),
            last_on=(at + timedelta(days=30)).date(),
            expires_at=at + timedelta(days=30),
            purpose="To look around in the demo",
            at=at,
        )
    claimed = Link.objects.filter(engagement__vendor=vendor).select_related("worker__user")
    workers = [link.worker.user for link in claimed]
    for engagement in _most_owed(vendor)[: WORKERS_SHOWN - len(workers)]:
        code = claims.make_code(engagement=engagement, at=at)
        name = f"worker-{engagement.account}"[:60]
        workers.append(claims.sign_up(pseudonym=name, password=token_urlsafe(), code=code, at=at))
    return [*staff, auditor, *workers]


def summary(loaded: Loaded) -> list[str]:
    """Return what there is now, in sentences."""
    vendor = loaded.vendor
    done = vendor.imports.filter(state="done")
    kept, rejected = (sum(one.counts.get(end, 0) for one in done) for end in ("kept", "rejected"))
    weeks = report.of(vendor=vendor, as_of=loaded.as_of)["worker_weeks"]["B"]["earned"]
    missing = ", ".join(
        f"{bounds['low']} to {bounds['high']} {currency}"
        for currency, bounds in weeks["shortfall"].items()
    )
    judged = sum(count for count in weeks.values() if isinstance(count, int))
    flags = Flag.objects.filter(vendor=vendor, resolved_at=None)
    stakes = flags.values_list("currency").annotate(micros=Sum("stake_micros")).order_by()
    at_stake = ", ".join(str(Money(micros, currency)) for currency, micros in stakes)
    return [
        f"{vendor.name}: {done.count()} files, {kept:,} rows kept, {rejected:,} rejected.",
        f"{weeks['fail']:,} of {judged:,} worker-weeks are below the floor, {weeks['contested']:,} "
        f"are contested; {missing or 'nothing'} is missing to it.",
        f"{flags.count():,} open flags as of {loaded.as_of:%Y-%m-%d}"
        + (f", {at_stake} at stake." if at_stake else ".")
        + " A scan from the pages judges as of today, and finds what has become late since.",
        f"{Statement.objects.filter(vendor=vendor).count():,} pay statements.",
    ]


def _vendor(name: str, zone: str, currency: str, at: datetime) -> Vendor:
    there = Vendor.objects.filter(name=name).first()
    return there or people.add_vendor(name=name, currency=currency, zone=zone, at=at)


def _floor(hourly: Money, at: datetime) -> None:
    if not WageFloor.objects.exists():
        agreeing.set_floor(
            hourly=hourly,
            from_on=date(2010, 1, 1),
            reason="The demo's example: 15 dollars, wherever the worker lives",
            decided_by="the demo",
            at=at,
        )


def _rates(vendor: Vendor, rates: list[dict[str, str]]) -> None:
    """Agree the sample's rates, each as of the day on which it is said to have been agreed."""
    if vendor.rates.exists():
        return
    for one in rates:
        agreeing.set_rate(
            vendor=vendor,
            project=one["project"],
            task_type=one["task_type"],
            per=one["per"],
            amount=Money(parse_micros(one["amount"]), one["currency"]),
            from_on=date.fromisoformat(one["from_on"]),
            at=datetime.fromisoformat(one["recorded_at"]),
        )


def _terms(vendor: Vendor, plan: dict[str, Any], at: datetime) -> None:
    """Agree the sample's payout threshold, and record its courses; once."""
    if vendor.pay_terms.exists() or "terms" not in plan:
        return
    agreeing.set_terms(
        vendor=vendor,
        threshold=Money(parse_micros(plan["payout_threshold"]), plan["currency"]),
        **{**plan["terms"], "from_on": date.fromisoformat(plan["terms"]["from_on"])},
        at=at,
    )
    for one in plan["courses"]:
        course = {**one, "from_on": date.fromisoformat(one["from_on"])}
        recorded_at = datetime.fromisoformat(course.pop("recorded_at"))
        pledging.publish(vendor=vendor, **course, at=recorded_at)


def _bring_in(loaded: Loaded, path: Path, kind: str, at: datetime, **declared: Any) -> None:
    imported, new = intake.receive(
        vendor=loaded.vendor, kind=kind, path=path, name=path.name, at=at, **declared
    )
    jobs.run(job_id=intake.job_of(imported).pk, at=at)  # also goes on with one that was cut off
    imported.refresh_from_db()
    loaded.imports.append(imported)
    loaded.fresh |= new


def _last_month(loaded: Loaded) -> QuerySet[Statement]:
    """Return the statements that stand of the newest month that is over."""
    over = Statement.objects.filter(
        vendor=loaded.vendor, last_on__lt=loaded.as_of.date(), replaced_by=None
    )
    return over.filter(period=over.aggregate(last=Max("period"))["last"])


def _user(name: str, vendor: Vendor | None) -> User:
    there = User.objects.filter(username=name).first()
    return there or people.add_user(name=name, password=token_urlsafe(), vendor=vendor)


def _most_owed(vendor: Vendor) -> list[Engagement]:
    """Return accounts nobody has claimed, those with the most at stake first."""
    claimed = Link.objects.filter(ended_at=None).values("engagement")
    free = Engagement.objects.filter(vendor=vendor).exclude(pk__in=claimed)
    return list(
        free.annotate(
            at_stake=Sum("flags__stake_micros", filter=Q(flags__resolved_at=None), default=0)
        ).order_by("-at_stake", "pk")[:WORKERS_SHOWN]
    )
