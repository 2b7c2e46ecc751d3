"""What `make demo` shows: a vendor brought in, judged, and its statements issued.

The vendor is an invented one, or the owner of an export that somebody gave. Everything goes
through the same doors as in production; only the people are made up here, and what they say. Run
again, nothing is loaded twice.

The invented vendor was brought in a week ago. For one project it agreed to answer within five days,
and did not, so an auditor has a flag to decide; and a question, which its worker escalated.
"""

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from secrets import token_urlsafe

from django.db.models import Max, Q, QuerySet, Sum

from ledger import agreeing
from ledger.models import WageFloor, WorkWeek
from ledger.money import Money, parse_micros
from ledger.periods import day_of, ms_of
from ledger.sample.writing import write_sample
from payouts import paper, scanning
from payouts.compliance import report
from payouts.disputes import answering, asking, subjects
from payouts.flag_life import answering as flag_answers
from payouts.flag_life.standing import ESCALATED
from payouts.models import Dispute, Flag, Statement
from payouts.sample import Loaded, bring_in, take_in, vendor_named
from payouts.statements import issue, render, words
from workers import claims, people
from workers.models import AuditGrant, Engagement, Link, User, Vendor
from workers.roles import Permission

FLOOR = Money(15_000_000, "USD")
OWN_VENDOR = "Your export"
BEFORE = timedelta(days=7)  # how long ago the invented vendor was brought in
HASTY = "promised-plans"  # the project whose flags are to be answered within
ANSWER_DAYS = 5
ANSWER = "The transfer is planned for the end of the month; we ask for patience."
REPLY = "It was due long ago, and I was promised the same last month."
WORKERS_SHOWN = 3

Say = Callable[[str], object]


def sample(*, folder: Path, at: datetime, say: Say) -> Loaded:
    """Bring in the sample, made in `folder` the first time."""
    planted = folder / "planted.json"
    if not planted.exists():
        say("Making the sample of an invented vendor ...")
        write_sample(folder)
    plan = json.loads(planted.read_text(encoding="utf-8"))
    _floor(Money(parse_micros(plan["floor"]), plan["currency"]), at)
    loaded = bring_in(folder=folder, plan=plan, at=at)
    if not loaded.vendor.pay_terms.filter(project=HASTY).exists():
        days = {name: plan["terms"][name] for name in ("review_days", "due_days")}
        agreeing.set_terms(
            vendor=loaded.vendor,
            project=HASTY,
            **days,
            answer_days=ANSWER_DAYS,
            from_on=at.date(),
            at=at,
        )
    return loaded


def own_file(*, path: Path, at: datetime) -> Loaded:
    """Bring in somebody's own export, for a vendor of its own. Raises Refused."""
    _floor(FLOOR, at)
    loaded = Loaded(vendor_named(OWN_VENDOR, "UTC", "USD", at), at)
    take_in(loaded, path, "work", at)
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
    claimed = Link.objects.filter(engagement__vendor=vendor).order_by("worker__user")
    workers = [link.worker.user for link in claimed.select_related("worker__user")]
    for engagement in _most_owed(vendor)[: WORKERS_SHOWN - len(workers)]:
        code = claims.make_code(engagement=engagement, at=at)
        name = f"worker-{engagement.account}"[:60]
        workers.append(claims.sign_up(pseudonym=name, password=token_urlsafe(), code=code, at=at))
    return [*staff, auditor, *workers]


def tell(*, staff: User, worker: User, at: datetime) -> None:
    """Let a flag be escalated that nobody answered, and a question whose worker is not content.

    The question is about what is most at stake for the worker. Once.
    """
    flag_answers.escalate_overdue(at=at)
    flags = Flag.objects.visible_to(worker, Permission.DISPUTE_ASK).filter(resolved_at=None)
    flag = flags.filter(for_vendor=True).order_by("-stake_micros", "pk").first()
    if flag is None or flag.disputes.exists():
        return
    subject = subjects.find(
        f"flag-{flag.pk}", lambda model: model.objects.visible_to(worker, Permission.DISPUTE_ASK)
    )
    draft = asking.begin(worker=worker.worker, subject=subject, choice="not_paid", at=at)
    words = "I handed it in and it was approved. When will it be paid?"
    asked = asking.send(draft=draft, subject=subject, words=words, by=worker, at=at)
    answering.answer(dispute=asked, words=ANSWER, seen=1, by=staff, at=at)
    asking.escalate(dispute=asked, words=REPLY, seen=2, by=worker, at=at)


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
    escalated = Dispute.objects.filter(vendor=vendor, closed_at=None, escalated_at__isnull=False)
    at_stake = ", ".join(str(Money(micros, currency)) for currency, micros in stakes)
    return [
        f"{vendor.name}: {done.count()} files, {kept:,} rows kept, {rejected:,} rejected.",
        f"{weeks['fail']:,} of {judged:,} worker-weeks are below the floor, {weeks['contested']:,} "
        f"are contested; {missing or 'nothing'} is missing to it.",
        f"{flags.count():,} open flags as of {loaded.as_of:%Y-%m-%d}"
        + (f", {at_stake} at stake." if at_stake else ".")
        + " A scan from the pages judges as of today, and finds what has become late since.",
        f"{Statement.objects.filter(vendor=vendor).count():,} pay statements.",
        f"For the auditor to decide: {words.count(flags.filter(state=ESCALATED).count(), 'flag')} "
        f"and {words.count(escalated.count(), 'question')}.",
    ]


def _floor(hourly: Money, at: datetime) -> None:
    if not WageFloor.objects.exists():
        agreeing.set_floor(
            hourly=hourly,
            from_on=date(2010, 1, 1),
            reason="The demo's example: 15 dollars, wherever the worker lives",
            decided_by="the demo",
            at=at,
        )


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
    in_its_currency = Q(flags__resolved_at=None, flags__currency=vendor.currency)
    free = Engagement.objects.filter(vendor=vendor).exclude(pk__in=claimed)
    return list(
        free.annotate(
            at_stake=Sum("flags__stake_micros", filter=in_its_currency, default=0)
        ).order_by("-at_stake", "pk")[:WORKERS_SHOWN]
    )
