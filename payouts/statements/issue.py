"""Issues statements: numbers without gaps, the data as it stays, corrections that name the old one.

One chunk of accounts is one transaction under the vendor's lock, in which the facts are read, the
numbers given and the statements written; if anything fails, no number is used. Issuing again what
has not changed issues nothing.
"""

import hashlib
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from time import sleep
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import translation

from ledger import jobs, journal, periods, weeks
from ledger.models import Job
from ledger.periods import Period, day_of, ms_of
from payouts.models import Statement
from payouts.statements import gather
from payouts.statements.data import StatementData, to_json
from payouts.statements.filling import fill, is_due
from payouts.statements.gather import Background
from payouts.statements.told import says_the_same
from workers.models import Engagement, User, Vendor

KIND = "statements"
WAIT_S = 0.2  # between two looks at a job that somebody else holds


@dataclass
class Issued:
    """What came of it. unchanged: statements that there were already and that still hold."""

    new: list[Statement] = field(default_factory=list)
    corrections: list[Statement] = field(default_factory=list)
    unchanged: int = 0


@translation.override(None)  # what is kept for good is said in English, whoever asks
def issue(
    *,
    vendor: Vendor,
    engagements: Sequence[Engagement],
    period: Period,
    by: User | None,
    at: datetime,
) -> Issued:
    """Issue the statements of these accounts for a month, in one transaction.

    period: from ledger.periods.month. at: when they are issued, and as of when debts are aged.
    An account without work in the period and without news of it has none.
    """
    issued = Issued()
    with transaction.atomic():
        journal.lock(vendor)
        weeks.refresh(vendor)
        background = Background.of(vendor, period, ms_of(at))
        year = day_of(ms_of(at), vendor.zone).year
        last = Statement.objects.filter(vendor=vendor, year=year).aggregate(Max("serial"))
        serial = last["serial__max"] or 0
        for engagement, data, replaced in _drafts(background, engagements, issued):
            serial += 1
            made = _numbered(vendor, engagement, period, year, serial, data, replaced)
            made.issued_at, made.issued_by = at, by
            (issued.corrections if replaced else issued.new).append(made)
        made_now = [*issued.new, *issued.corrections]
        Statement.objects.bulk_create(sorted(made_now, key=lambda one: one.serial))
    return issued


def start(*, vendor: Vendor, period: str, by: User | None, at: datetime) -> Job:
    """Queue the statements of all of a vendor's accounts for a month ("2026-10").

    Whoever asks while that month is being issued gets the job that is at it. Raises ValueError for
    anything that is not a month, and for one that is not over on the vendor's clock: a number once
    given is never taken back.
    """
    last_on = periods.month(period).last_on
    if day_of(ms_of(at), vendor.zone) <= last_on:
        said = translation.gettext(
            "%(month)s is not over. Its statements can be issued after %(day)s."
        )
        raise ValueError(said % {"month": period, "day": last_on})
    open_jobs = Job.objects.filter(vendor=vendor, kind=KIND, state__in=["waiting", "running"])
    for job in open_jobs:
        if job.params["period"] == period:
            return job
    return jobs.add(
        kind=KIND,
        key=f"{KIND}:{uuid.uuid4()}",
        vendor=vendor,
        params={"period": period, "by": by.pk if by else None},
        at=at,
    )


def issue_all(*, vendor: Vendor, period: str, by: User | None, at: datetime) -> dict[str, int]:
    """Issue them here and now, and return how many are new, corrections and unchanged.

    Returns when it is done, also if a worker is quicker. Raises ValueError like `start`, and
    jobs.Failed where it cannot be done.
    """
    job = start(vendor=vendor, period=period, by=by, at=at)
    while jobs.run(job_id=job.pk, at=at) is None:
        job.refresh_from_db()
        if job.state in ("done", "failed"):
            break
        sleep(WAIT_S)
    job.refresh_from_db()
    if job.state != "done":
        raise jobs.Failed(job.error)
    return {what: job.cursor[what] for what in ("new", "corrections", "unchanged")}


@jobs.kind(KIND)
def steps(job: Job) -> Iterator[jobs.Step]:
    """Yield the steps: the weeks that wait to be computed, then chunks of accounts to the end."""
    period = periods.month(job.params["period"])
    by = User.objects.filter(pk=job.params["by"]).first()
    yield from weeks.refresh_steps(job, job.vendor)
    while not job.cursor.get("seen_all"):
        yield lambda: _issue_chunk(job, period, by)


def _issue_chunk(job: Job, period: Period, by: User | None) -> dict[str, Any]:
    """Issue the statements of the next accounts; return the cursor behind them."""
    cursor = {"after": 0, "new": 0, "corrections": 0, "unchanged": 0, **job.cursor}
    accounts = Engagement.objects.filter(vendor=job.vendor)
    chunk = list(accounts.filter(pk__gt=cursor["after"]).order_by("pk")[: gather.ACCOUNTS])
    if not chunk:
        return {**cursor, "seen_all": True}
    issued = issue(vendor=job.vendor, engagements=chunk, period=period, by=by, at=job.created_at)
    job.done += len(chunk)
    job.total = max(job.done, accounts.count())
    return {
        **cursor,
        "after": chunk[-1].pk,
        "new": cursor["new"] + len(issued.new),
        "corrections": cursor["corrections"] + len(issued.corrections),
        "unchanged": cursor["unchanged"] + issued.unchanged,
    }


def _drafts(
    background: Background, engagements: Sequence[Engagement], issued: Issued
) -> Iterator[tuple[Engagement, StatementData, Statement | None]]:
    """Yield what is to be issued: whose, without its number, and what it replaces."""
    chunk = gather.read(background, engagements)
    for account in chunk.accounts.values():
        for currency in account.currencies(background.currency()):
            same = [
                one
                for one in account.before
                if (one.period, one.currency) == (background.period.label, currency)
            ]
            if not same and not is_due(background, chunk, account, currency):
                continue
            data = fill(background, chunk, account, currency)
            if not same:
                yield account.engagement, data, None
                continue
            last = same[-1]
            if says_the_same(chunk.told[last.id], data):
                issued.unchanged += 1
                continue
            data = replace(data, version=len(same) + 1, replaces=last.number)
            yield account.engagement, data, Statement(pk=last.id)


def _numbered(
    vendor: Vendor,
    engagement: Engagement,
    period: Period,
    year: int,
    serial: int,
    data: StatementData,
    replaced: Statement | None,
) -> Statement:
    """Return the statement with its number, not yet written."""
    number = f"{vendor.slug.upper()}-{year}-{serial:06}"
    text = to_json(replace(data, number=number))
    return Statement(
        vendor=vendor,
        engagement=engagement,
        year=year,
        serial=serial,
        number=number,
        currency=data.currency,
        period=period.label,
        first_on=period.first_on,
        last_on=period.last_on,
        n_from=data.facts.first_n,
        n_to=data.facts.last_n,
        data=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        replaces=replaced,
    )
