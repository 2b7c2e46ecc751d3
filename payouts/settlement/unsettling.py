"""Takes a bank's file back: what only it told does not count any more, and money goes back.

Nothing is deleted. Entries that another file tells of as well stay. Afterwards the file is new
again; what it told comes back with it.
"""

import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext

from ledger import arrivals, jobs, journal, weeks
from ledger.files import Refused
from ledger.models import Job, Payment
from ledger.moves import RECEIVED
from payouts.models import SettlementEntry, SettlementFile, SettlementOutcome, SettlementTold
from payouts.settlement import posting, reconciling, undone
from payouts.settlement.keeping import WITHDRAWN
from workers.models import User

KIND = "unsettle"
CHUNK = 1_000  # entries a step


@dataclass(frozen=True)
class Preview:
    """What undoing a file would do. Micros by currency."""

    entries: int  # of which no other file tells
    payments: int  # that they speak of
    unconfirmed: dict[str, int]  # had arrived, and would be on its way again
    sent_again: dict[str, int]  # had come back, and would count as sent
    moved_on: dict[str, int]  # had come back and was paid otherwise since: stays so


def preview(file: SettlementFile) -> Preview:
    """Return what undoing would do; nothing is changed. A fixed number of queries."""
    entries = set(only_told_by(file).values_list("pk", flat=True))
    spoken_of = SettlementOutcome.objects.filter(entry__in=entries, payment__isnull=False)
    payments = Payment.objects.filter(
        pk__in=spoken_of.values("payment"), void=False, corrected_by=None
    )
    there = arrivals.known(payments)
    judged, _ = posting.judged_without(there, entries)
    before = undone.Before.of(there, {one.engagement_id for one in payments})
    totals: dict[str, Counter[str]] = {name: Counter() for name in ("less", "again", "gone")}
    for pk, one in there.items():
        assert one.latest is not None
        currency, verdict = one.latest.currency, judged[pk]
        totals["less"][currency] += max(0, one.balances[RECEIVED] - verdict.received_micros)
        if not verdict.has_come_back and not one.on_its_way_or_there:
            for sent in before.sent.get(pk, ()):
                owed = before.still_owed(sent)
                totals["again"][currency] += owed
                totals["gone"][currency] += sent.amount_micros - owed
    return Preview(len(entries), len(there), *(dict(+one) for one in totals.values()))


def only_told_by(file: SettlementFile) -> "QuerySet[SettlementEntry]":
    """Return the entries that count and of which no other file that counts tells."""
    living = SettlementTold.objects.filter(entry=OuterRef("pk")).exclude(file=file)
    again = Exists(living.exclude(file__state__in=SettlementFile.GONE))
    mine = Exists(SettlementTold.objects.filter(entry=OuterRef("pk"), file=file))
    first_gone = SettlementEntry.objects.filter(file__state__in=SettlementFile.GONE)
    first = SettlementEntry.objects.filter(file=file)
    told_here = first | first_gone.filter(mine)
    rows = SettlementEntry.objects.filter(pk__in=told_here.values("pk")).filter(~again)
    return rows.exclude(outcome__outcome=WITHDRAWN)


def start(*, file: SettlementFile, by: User | None, at: datetime) -> Job:
    """Queue the undoing of a file. Raises Refused for one that is not done."""
    if file.state != "done":
        is_gone = file.state in SettlementFile.GONE
        mend = gettext("Wait until it is matched; what was refused left nothing to undo.")
        if is_gone:
            mend = gettext("It is undone already: bring it in to have it back.")
        rule = gettext("only a file that was read to its end can be undone")
        raise Refused(file.name, rule, mend)
    return jobs.add(
        kind=KIND,
        key=key_of(file),
        vendor=file.vendor,
        params={"file": file.pk, "by": by.pk if by else None},
        at=at,
    )


def key_of(file: SettlementFile) -> str:
    """Return the key of the job that takes a file back."""
    return f"{KIND}:{file.uuid}"


@jobs.kind(KIND)
def steps(job: Job) -> Iterator[jobs.Step]:
    """Yield the steps: chunks of entries, what that means for the others, the weeks, the end."""
    file = SettlementFile.objects.select_related("vendor").get(pk=job.params["file"])
    while not job.cursor.get("withdrawn_all"):
        yield lambda: _withdraw(job, file)
    yield from reconciling.steps(job, file.vendor)
    yield from weeks.refresh_steps(job, file.vendor)
    yield lambda: _finish(job, file)


def _withdraw(job: Job, file: SettlementFile) -> dict[str, Any]:
    """Take the next entries back, and judge their payments by what is left."""
    journal.lock(file.vendor)
    SettlementFile.objects.filter(pk=file.pk, state="done").update(state="undoing")
    entries = list(only_told_by(file).order_by("pk").values_list("pk", flat=True)[:CHUNK])
    if not entries:
        return {**job.cursor, "withdrawn_all": True}
    rows = SettlementOutcome.objects.filter(entry__in=entries)
    spoken_of = set(rows.exclude(payment=None).values_list("payment_id", flat=True))
    rows.update(outcome=WITHDRAWN, reason="", payment=None, matched_by="", confidence=0)
    chunk = job.cursor.get("chunk", 0)
    posted = posting.post(
        vendor=file.vendor,
        payment_ids=spoken_of,
        origin=uuid.uuid5(file.uuid, job.key),
        chunk=chunk,
        anew=True,
        at=job.run_at,
    )
    job.done += len(entries)
    return {**job.cursor, "chunk": chunk + posted}


def _finish(job: Job, file: SettlementFile) -> dict[str, Any]:
    SettlementFile.objects.filter(pk=file.pk).update(state="undone")
    return job.cursor
