"""Releases one entry: from then on the vendor sees it, in a question that it opens by itself.

What the vendor sees is computed from what was released, and from nothing that was not.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from ledger.agreed import Floors
from ledger.intervals import Span
from ledger.periods import day_of, ms_of
from payouts.disputes import asking
from payouts.disputes.subjects import Subject
from payouts.evidence import clocks, log, weeks
from payouts.evidence.log import NotKept
from payouts.models import Dispute, Entry, Release
from workers.models import User


def subject_of(entry: Entry, *, at: datetime) -> Subject:
    """Return what the question about an entry is going to say, evidence and stake included.

    entry: its newest revision, with engagement and vendor. Raises NotKept where there is nothing
    to release: its clock runs, it was withdrawn or released before.
    """
    if entry.ended_at_ms is None:
        raise NotKept(_("This clock is still running. Stop it first."))
    if entry.withdrawn:
        raise NotKept(_("This entry was withdrawn."))
    if Release.objects.filter(entry=entry).exists():
        raise NotKept(_("This entry was released already."))
    engagement = entry.engagement
    missing, worth, currency = _difference(entry, entry.ended_at_ms, at)
    evidence = {
        "kind": "entry",
        "missing_ms": missing,
        "platform_ms": (entry.ended_at_ms - entry.started_at_ms) - missing,
        "revisions": [_revision(one) for one in log.revisions(entry)],
    }
    return Subject(
        about=f"entry-{entry.pk}",
        engagement=engagement,
        on=day_of(entry.started_at_ms, engagement.vendor.zone),
        evidence=evidence,
        stakes={"time": worth, "not_there": entry.promised_micros},
        currency=entry.currency or currency or engagement.vendor.currency,
    )


@transaction.atomic
def release(*, entry: Entry, words: str, by: User, at: datetime) -> Dispute:
    """Release an entry and open its question; raises NotKept where there is nothing to release."""
    subject = subject_of(entry, at=at)
    dispute = asking.open_case(
        subject=subject, worker=entry.worker, choice=choice_of(entry), words=words, by=by, at=at
    )
    try:
        with transaction.atomic():
            Release.objects.create(entry=entry, dispute_id=dispute.pk, released_at=at)
    except IntegrityError:
        raise NotKept(_("This entry was released already.")) from None
    return dispute


def choice_of(entry: Entry) -> str:
    """Return what is wrong, by an entry: an attempt with its price is not there, or time is."""
    return "not_there" if entry.promised_micros is not None else "time"


def _difference(entry: Entry, ended_at_ms: int, at: datetime) -> tuple[int, int | None, str]:
    """Return what only this entry shows, in ms, what that is worth, and in which currency.

    What was released before was asked for then: only what this entry adds to it counts.
    """
    engagement = entry.engagement
    zone = engagement.vendor.zone
    by_week = weeks.spans_by_week([(entry.started_at_ms, ended_at_ms)], zone)
    records = weeks.record(engagement, min(by_week), max(by_week))
    released = weeks.spans_by_week(_released(entry), zone)
    floors = Floors.read()
    total, worth, currency = 0, 0, ""
    known_worth = True
    for monday, spans in by_week.items():
        known = records.get(monday, weeks.NO_RECORD)
        missing = clocks.added_ms(spans, released.get(monday, []), known.spans, known.unclocked_ms)
        pay, currency = weeks.pay_of(weeks.of_week(engagement, monday, at=at), floors, monday)
        micros = clocks.worth(missing, pay)
        total += missing
        known_worth &= micros is not None
        worth += micros or 0
    return total, worth if known_worth else None, currency


def _released(entry: Entry) -> Iterable[Span]:
    """Return the spans of the same person's entries for this account that were released."""
    rows = Entry.objects.filter(
        worker=entry.worker, engagement=entry.engagement, release__isnull=False
    )
    spans = rows.values_list("started_at_ms", "ended_at_ms")
    return [(started, ended) for started, ended in spans if ended is not None]


def _revision(entry: Entry) -> dict[str, Any]:
    """Return what the vendor sees of a revision."""
    return {
        "started_at_ms": entry.started_at_ms,
        "ended_at_ms": entry.ended_at_ms,
        "what": entry.what,
        "external_id": entry.external_id,
        "promised_micros": entry.promised_micros,
        "currency": entry.currency,
        "note": entry.note,
        "how": entry.how,
        "said_at_ms": ms_of(entry.said_at),
        "salt": bytes(entry.salt).hex(),
        "commitment": bytes(entry.commitment).hex(),
        "export_sha256": entry.export.sha256 if entry.export else None,
        "screenshots": [
            {"sha256": one.sha256, "size": one.size, "noted_at_ms": ms_of(one.noted_at)}
            for one in entry.screenshots.order_by("noted_at", "sha256")
        ],
    }
