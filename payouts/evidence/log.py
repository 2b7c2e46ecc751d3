"""Keeps what a worker writes down. An edit adds a revision that names the old one; none is changed.

Nothing here writes a row that a vendor could see, starts a job, takes a number from a sequence that
the vendor's rows take theirs from, or takes a vendor's lock.
"""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from ledger import commitments
from ledger.periods import ms_of
from payouts.models import Entry, Release, Screenshot
from payouts.models.evidence import new_salt
from payouts.statements.safe import clean
from workers.models import Engagement, Worker
from workers.refusal import Refusal

LONGEST = timedelta(hours=24)  # of one entry: a clock that was left running is seen
EARLIEST_MS = ms_of(datetime(1990, 1, 1, tzinfo=UTC))  # as the importers have it
BLOCK = 1 << 16


class NotKept(Refusal):
    """What was typed is not kept; the message says why, and how to mend it."""


class Said(NamedTuple):
    """What one revision says. Instants are epoch milliseconds, money micros of `currency`."""

    started_at_ms: int
    ended_at_ms: int | None
    what: str = ""
    external_id: str = ""
    promised_micros: int | None = None
    currency: str = ""
    note: str = ""
    how: str = "hand"
    withdrawn: bool = False


def said_by(entry: Entry) -> Said:
    """Return what a revision says."""
    return Said(*(getattr(entry, name) for name in Said._fields))


def current(entries: "QuerySet[Entry]") -> "QuerySet[Entry]":
    """Return the newest revisions of what was not withdrawn."""
    return entries.filter(corrected_by=None, withdrawn=False)


@transaction.atomic
def start(*, worker: Worker, engagement: Engagement, what: str, at: datetime) -> Entry:
    """Start a clock. Raises NotKept while another one runs for this account."""
    running = Entry.objects.filter(worker=worker, engagement=engagement, ended_at_ms=None)
    if current(running).exists():
        raise NotKept(_("A clock is running for this account already. Stop it first."))
    said = Said(ms_of(at), None, what, how="clock")
    return _keep(worker, engagement, said, None, at)


def stop(*, entry: Entry, at: datetime) -> Entry:
    """Stop a clock; raises NotKept where it does not run any more, or ran too long to be true."""
    if entry.ended_at_ms is not None:
        raise NotKept(_("This clock was stopped already."))
    return edit(entry=entry, said=said_by(entry)._replace(ended_at_ms=ms_of(at)), at=at)


def by_hand(*, worker: Worker, engagement: Engagement, said: Said, at: datetime) -> Entry:
    """Keep what was typed. Raises NotKept for a time that cannot be."""
    return _keep(worker, engagement, said, None, at)


@transaction.atomic
def edit(*, entry: Entry, said: Said, at: datetime) -> Entry:
    """Keep another revision of an entry; the old one stays in sight.

    Raises NotKept where it was released or changed meanwhile, or the time cannot be.
    """
    if Release.objects.filter(entry=entry).exists():
        raise NotKept(_("This entry was released, so it stays as it is. Write in its question."))
    return _keep(entry.worker, entry.engagement, said, entry, at)


def withdraw(*, entry: Entry, at: datetime) -> Entry:
    """Say that an entry is no longer said; what it said stays in sight of its writer."""
    said = said_by(entry)
    ended = said.ended_at_ms if said.ended_at_ms is not None else said.started_at_ms
    return edit(entry=entry, said=said._replace(withdrawn=True, ended_at_ms=ended), at=at)


def revisions(entry: Entry) -> list[Entry]:
    """Return an entry's revisions, the newest first. A query for each: there are few."""
    found = [entry]
    while found[-1].corrects is not None:
        found.append(found[-1].corrects)
    return found


def note_screenshot(*, entry: Entry, sha256: str, size: int, at: datetime) -> Screenshot:
    """Keep the hash of a picture; the same one twice is kept once. The file never came here."""
    noted, _new = Screenshot.objects.get_or_create(
        entry=entry, sha256=sha256, defaults={"size": size, "noted_at": at}
    )
    return noted


def hash_of(chunks: Iterable[bytes]) -> tuple[str, int]:
    """Return SHA-256 in hex, and the size, of what comes in chunks.

    >>> hash_of([b"a", b"bc"])[0][:8], hash_of([b"a", b"bc"])[1]
    ('ba7816bf', 3)
    """
    digest, size = hashlib.sha256(), 0
    for chunk in chunks:
        digest.update(chunk)
        size += len(chunk)
    return digest.hexdigest(), size


def commitment_of(entry: Entry, pseudonym: str, before: bytes) -> bytes:
    """Return what an entry commits to: its salt, what it says, and the revision before it."""
    said = said_by(entry)
    fields: list[Any] = [pseudonym, entry.revision, *said, ms_of(entry.said_at), before.hex()]
    return commitments.commit(bytes(entry.salt), commitments.form("entry", fields))


def prepare(
    worker: Worker, engagement: Engagement, said: Said, corrects: Entry | None, at: datetime
) -> Entry:
    """Return a revision that is not saved yet. Raises NotKept for a time that cannot be."""
    _refuse_impossible(said, at)
    cleaned = said._replace(
        what=clean(said.what, 120), external_id=clean(said.external_id, 200),
        note=clean(said.note, 500),
    )  # fmt: skip
    entry = Entry(
        worker=worker,
        engagement=engagement,
        corrects=corrects,
        revision=corrects.revision + 1 if corrects else 1,
        said_at=at,
        salt=new_salt(),
        export=corrects.export if corrects else None,
        **cleaned._asdict(),
    )
    before = bytes(corrects.commitment) if corrects else b""
    entry.commitment = commitment_of(entry, engagement.pseudonym.hex, before)
    return entry


def _keep(
    worker: Worker, engagement: Engagement, said: Said, corrects: Entry | None, at: datetime
) -> Entry:
    entry = prepare(worker, engagement, said, corrects, at)
    try:
        with transaction.atomic():
            entry.save(force_insert=True)
    except IntegrityError:
        raise NotKept(_("This entry was changed meanwhile. Look at it again.")) from None
    return entry


def _refuse_impossible(said: Said, at: datetime) -> None:
    if said.started_at_ms < EARLIEST_MS:
        raise NotKept(_("This is before 1990. Check the year."), about="started_at")
    if said.ended_at_ms is None:
        return
    if said.ended_at_ms < said.started_at_ms:
        raise NotKept(_("The end is before the start. Check both, and the day."), about="ended_at")
    if said.ended_at_ms > ms_of(at):
        raise NotKept(
            _("The end is still to come. Write down what was worked already."), about="ended_at"
        )
    if said.ended_at_ms - said.started_at_ms > LONGEST // timedelta(milliseconds=1):
        raise NotKept(
            _("This is more than 24 hours at a stretch. Write it down in parts."), about="ended_at"
        )
