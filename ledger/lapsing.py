"""Approves work to the worker when its review window has lapsed without a decision.

On by default; pay terms in force at the claim may switch it off. A scan never does this, only the
job: it posts `approve` with the reason "review window lapsed", dated at the end of the window, due
by the terms. It is idempotent: a step asks what is still undecided, under the vendor's lock.

What an export says afterwards counts (ledger/standing.py): an approval changes nothing, a dated
refusal moves the money to `withheld`, in sight. Where a platform pays in the moment in which it
approves, nothing lapses: an approval there would claim a payment that nobody has seen.
Source: Prolific (21 days) and MTurk (AutoApprovalTime) approve what nobody decided. DECISIONS.md
D-062, D-063.
"""

import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q

from ledger import balances, jobs, journal, payment_posting, state, weeks
from ledger.agreed import PayTermsInForce
from ledger.drafts import Draft
from ledger.facts import WorkFact
from ledger.known import LAPSED, Known, Move
from ledger.models import Job, Transfer
from ledger.moves import PENDING
from ledger.periods import DAY_MS, ms_of
from ledger.work_posting import Posted, meet_debts
from workers.models import Engagement, Vendor

ACCOUNTS = 200  # accounts a step


@dataclass
class Lapsing:
    """What lapses, or would: pieces of work, and micros by currency."""

    pieces: int = 0
    micros: Counter[str] = field(default_factory=Counter)

    def add(self, known: Known) -> None:
        """Count one piece."""
        assert known.latest is not None
        self.pieces += 1
        self.micros[known.latest.currency] += known.balances[PENDING]


def has_lapsed(latest: WorkFact, *, pending_micros: int, as_of_ms: int) -> bool:
    """Tell whether work waits for a decision after the instant by which it was to be decided."""
    return (
        not latest.void
        and pending_micros > 0
        and latest.decide_by_at_ms is not None
        and latest.decide_by_at_ms < as_of_ms
    )


def preview(*, vendor: Vendor, as_of: datetime) -> Lapsing:
    """Return what would lapse; nothing is changed."""
    found, after = Lapsing(), 0
    terms = PayTermsInForce.of(vendor)
    while accounts := _accounts(vendor, after):
        for _, known in _undecided(terms, accounts, ms_of(as_of)):
            found.add(known)
        after = accounts[-1].pk
    return found


def start_daily(*, at: datetime) -> list[Job]:
    """Queue the day's lapsing of every vendor. The same day has the same jobs."""
    return [
        jobs.add(
            kind="lapse",
            key=f"lapse:{vendor.pk}:{at:%Y-%m-%d}",
            vendor=vendor,
            params={"as_of": ms_of(at), "origin": uuid.uuid4().hex},
            at=at,
        )
        for vendor in Vendor.objects.order_by("pk")
    ]


def start(*, vendor: Vendor, as_of: datetime, at: datetime) -> Job:
    """Queue the lapsing of what a vendor has left undecided at `as_of`."""
    origin = uuid.uuid4().hex
    params = {"as_of": ms_of(as_of), "origin": origin}
    return jobs.add(kind="lapse", key=f"lapse:{origin}", vendor=vendor, params=params, at=at)


@jobs.kind("lapse")
def steps(job: Job) -> Iterator[jobs.Step]:
    """Yield the steps of a lapsing: chunks of accounts, then the weeks that they touched."""
    while not job.cursor.get("seen_all"):
        yield lambda: _lapse_some(job)
    yield from weeks.refresh_steps(job, job.vendor)


def _lapse_some(job: Job) -> dict[str, Any]:
    cursor = {"after": 0, "chunk": 0, "pieces": 0, "micros": {}, **job.cursor}
    accounts = _accounts(job.vendor, cursor["after"])
    if not accounts:
        return {**cursor, "seen_all": True}
    lapsing = Lapsing(cursor["pieces"], Counter(cursor["micros"]))
    journal.lock(job.vendor)
    terms = PayTermsInForce.of(job.vendor)
    found = _undecided(terms, accounts, job.params["as_of"])
    if found:
        with journal.batch(
            vendor=job.vendor,
            kind="lapse",
            at=job.created_at,
            origin=uuid.UUID(job.params["origin"]),
            chunk=cursor["chunk"],
        ) as draft:
            for _, known in found:
                lapsing.add(known)
            _approve(draft, terms, found)
    job.done += len(accounts)
    job.total = job.total or Engagement.objects.filter(vendor=job.vendor).count()
    return {
        "after": accounts[-1].pk,
        "chunk": cursor["chunk"] + 1,
        "pieces": lapsing.pieces,
        "micros": dict(lapsing.micros),
    }


def _accounts(vendor: Vendor, after: int) -> list[Engagement]:
    rows = Engagement.objects.filter(vendor=vendor, pk__gt=after)
    return list(rows.order_by("pk")[:ACCOUNTS])


def _undecided(
    terms: PayTermsInForce, accounts: Sequence[Engagement], as_of_ms: int
) -> list[tuple[Engagement, Known]]:
    """Return the work of these accounts that lapses, with what is known of it. Four queries."""
    owner = {one.pk: one for one in accounts}
    waiting = Transfer.objects.filter(
        Q(source=PENDING) | Q(target=PENDING), engagement__in=list(owner), work__isnull=False
    )
    pending = waiting.values("work_id").annotate(net=balances.balance(PENDING)).filter(net__gt=0)
    newest = state.newest_of(list(pending.values_list("work_id", flat=True)))
    past = newest.filter(void=False, decide_by_at_ms__lt=as_of_ms)
    keys = set(past.values_list("engagement_id", "external_id"))
    found = []
    for (pk, _), known in sorted(state.known_work(keys).items()):
        latest = known.latest
        assert latest is not None
        source, project, claimed = owner[pk].source, latest.project, latest.started_at_ms
        if (
            has_lapsed(latest, pending_micros=known.balances[PENDING], as_of_ms=as_of_ms)
            and terms.lapses(source=source, project=project, at_ms=claimed)
            and not terms.pays_on_approval(source=source, project=project, at_ms=claimed)
        ):
            found.append((owner[pk], known))
    return found


def _approve(draft: Draft, terms: PayTermsInForce, found: list[tuple[Engagement, Known]]) -> None:
    """Post the approvals, due by the terms; what was paid ahead meets them."""
    accounts = journal.accounts(owner for owner, _ in found)
    draft.load_streams(accounts)
    posted = []
    for owner, known in found:
        latest = known.latest
        assert known.root is not None
        assert latest is not None
        assert latest.decide_by_at_ms is not None
        days = terms.at(
            source=owner.source, project=latest.project, claimed_at_ms=latest.started_at_ms
        ).due_days
        lapsed_at_ms = latest.decide_by_at_ms
        move = Move(
            "approve", known.balances[PENDING], lapsed_at_ms, lapsed_at_ms + days * DAY_MS, LAPSED
        )
        row = draft.row(accounts[owner.pk], line=0, raw=b"")
        row.follow([move], latest.currency, known.root)
        known.post(move)
        posted.append(Posted(row, known))
    meet_debts(posted, state.paid_ahead(accounts))
    payment_posting.touch_work(draft, [one.root.id for _, one in posted if one.root])
