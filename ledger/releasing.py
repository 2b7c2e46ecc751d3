"""Releases what decisions withheld; a hold that is past its end releases itself, by a job.

The job is idempotent: it asks what each hold still holds, under the vendor's lock, and a step that
was interrupted left nothing. Released money is owed since the day on which it was first due.
"""

import uuid
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import QuerySet

from ledger import balances, jobs, journal, payment_posting, state, weeks
from ledger.drafts import Draft, Row
from ledger.known import Known
from ledger.models import Job, Transfer, Withholding
from ledger.money import Money
from ledger.moves import PAYABLE, WITHHELD
from ledger.periods import datetime_of, ms_of
from ledger.standing import settled
from ledger.work_posting import Posted, meet_debts
from workers.models import Engagement, Vendor

HOLDS = 200  # holds a step


class Giving(NamedTuple):
    """A withholding that is given back, why and when."""

    withholding: Withholding
    reason: str
    at_ms: int


def give_back(draft: Draft, givings: Sequence[Giving]) -> dict[int, Money]:
    """Post the release of all that these still withhold; return how much, by withholding.

    Then the money goes where its exports say: what one refused meanwhile is withheld for that, and
    what was paid ahead meets what is owed.
    """
    by_id = {giving.withholding.pk: giving for giving in givings}
    named = Transfer.objects.filter(withholding__in=list(by_id)).values_list(
        "withholding_id", "engagement_id", "work__external_id"
    )
    taken = sorted(set(named))
    known = state.known_work({(pk, external_id) for _, pk, external_id in taken})
    accounts = journal.accounts(Engagement.objects.filter(pk__in={pk for _, pk, _ in taken}))
    draft.load_streams(accounts)
    rows: dict[state.Key, Row] = {}
    given: dict[int, Money] = {}
    for withholding_id, pk, external_id in taken:
        one = known[pk, external_id]
        micros = one.held.get(withholding_id, 0)
        if micros <= 0:
            continue
        if (pk, external_id) not in rows:
            rows[pk, external_id] = draft.row(accounts[pk], line=0, raw=b"")
        money = _release(rows[pk, external_id], one, by_id[withholding_id], micros)
        given[withholding_id] = given.get(withholding_id, Money(0, money.currency)) + money
    posted = [Posted(row, known[key]) for key, row in rows.items()]
    for row, one in posted:
        _settle(row, one, max(giving.at_ms for giving in givings))
    meet_debts(posted, state.paid_ahead(accounts))
    payment_posting.touch_work(draft, [one.root.id for _, one in posted if one.root])
    return given


def _release(row: Row, known: Known, giving: Giving, micros: int) -> Money:
    assert known.latest is not None
    withholding, currency = giving.withholding, known.latest.currency
    row.move(
        "release",
        micros,
        currency,
        work=known.root,
        happened_at_ms=giving.at_ms,
        reason=giving.reason,
        decision=withholding.as_fact(),
    )
    known.shift(WITHHELD, PAYABLE, micros, withholding.pk)
    return Money(micros, currency)


def _settle(row: Row, known: Known, at_ms: int) -> None:
    assert known.root is not None
    assert known.latest is not None
    moves = settled(known, at_ms)
    row.follow(moves, known.latest.currency, known.root)
    for move in moves:
        known.post(move)


def ended(at: datetime) -> "QuerySet[Withholding]":
    """Return the holds that are past their end and still hold something, by id."""
    past = Withholding.objects.filter(move="hold", ends_at_ms__lte=ms_of(at))
    return (
        past.annotate(still=balances.balance(WITHHELD, "transfers__"))
        .filter(still__gt=0)
        .order_by("pk")
    )


def vendors_due(as_of: datetime) -> list[Vendor]:
    """Return the vendors with holds past their end."""
    owners = {hold.engagement.vendor_id for hold in ended(as_of).select_related("engagement")}
    return list(Vendor.objects.filter(pk__in=owners).order_by("pk"))


def start_due(*, at: datetime) -> list[Job]:
    """Queue the release of every hold that is past its end, a job a vendor and hour.

    Called as often as anybody likes: the same hour has the same job.
    """
    return [
        start(vendor=vendor, as_of=at, key=f"release:{vendor.pk}:{at:%Y-%m-%dT%H}", at=at)
        for vendor in vendors_due(at)
    ]


def start(*, vendor: Vendor, as_of: datetime, key: str = "", at: datetime) -> Job:
    """Queue the release of a vendor's holds that end by `as_of`. key: the job's; else a new one."""
    origin = uuid.uuid4().hex
    return jobs.add(
        kind="release",
        key=key or f"release:{origin}",
        vendor=vendor,
        params={"as_of": ms_of(as_of), "origin": origin},
        at=at,
    )


@jobs.kind("release")
def steps(job: Job) -> Iterator[jobs.Step]:
    """Yield the steps of a release: chunks of holds, then the weeks that they touched."""
    while not job.cursor.get("released_all"):
        yield lambda: _release_some(job)
    yield from weeks.refresh_steps(job, job.vendor)


def _release_some(job: Job) -> dict[str, Any]:
    cursor = {"chunk": 0, "released": 0, **job.cursor}
    journal.lock(job.vendor)
    as_of = datetime_of(job.params["as_of"])
    holds = list(ended(as_of).filter(engagement__vendor=job.vendor)[:HOLDS])
    if not holds:
        return {**cursor, "released_all": True}
    with journal.batch(
        vendor=job.vendor,
        kind="release",
        at=job.created_at,
        origin=uuid.UUID(job.params["origin"]),
        chunk=cursor["chunk"],
    ) as draft:
        give_back(draft, [_ended(hold) for hold in holds])
    return {
        **cursor, "chunk": cursor["chunk"] + 1, "released": cursor["released"] + len(holds),
    }  # fmt: skip


def _ended(hold: Withholding) -> Giving:
    assert hold.ends_at_ms is not None
    return Giving(hold, "the hold came to its end", hold.ends_at_ms)
