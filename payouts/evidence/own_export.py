"""Reads a worker's own export with the importers of the ledger, into the worker's private tables.

Nothing of it reaches the ledger: no import, no job, no flag. Rows of other accounts are counted and
not kept. What such a file says is the platform's own word at the time: the best evidence there is
of an attempt that later vanished.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import BinaryIO

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from ledger import importers
from ledger.importers.reading import Source, UnreadableFile
from ledger.importers.rows import NoWork, WorkRow
from ledger.models import Work
from payouts.evidence import log
from payouts.evidence.log import NotKept, Said
from payouts.models import Entry, OwnExport
from payouts.statements.safe import clean
from workers.models import Engagement, Worker

MOST_ROWS = 5_000  # read while the worker waits
AT_ONCE = 500
TYPED = 200  # ids typed by hand that are looked for by their beginning
OF_AN_ATTEMPT = "@"  # what follows it tells attempts apart that share a platform's id


@transaction.atomic
def read(
    *, worker: Worker, engagement: Engagement, file: BinaryIO, name: str, size: int, at: datetime
) -> OwnExport:
    """Read a file into entries of the worker's. Raises NotKept, and then nothing of it is kept."""
    file.seek(0)
    sha256, _size = log.hash_of(iter(lambda: file.read(log.BLOCK), b""))
    counts: Counter[str] = Counter(kept=0, others=0, unread=0)
    try:
        source = Source(file, size=size)
        importer = importers.recognise(source.header)
        if importer.KIND != "work":
            raise NotKept(_("This file lists payments. Bring an export of your work."))
        said = list(_said(importer.rows(source), engagement, counts))
    except UnreadableFile as error:
        raise NotKept(str(error)) from error
    try:
        with transaction.atomic():
            export = OwnExport.objects.create(
                worker=worker,
                engagement=engagement,
                name=clean(name, 200),
                format=importer.FORMAT,
                sha256=sha256,
                size=size,
                counts=dict(counts),
                read_at=at,
            )
    except IntegrityError:
        raise NotKept(_("This file was read already.")) from None
    entries = []
    for one in said:
        entry = log.prepare(worker, engagement, one, None, at)
        entry.export = export
        entries.append(entry)
    Entry.objects.bulk_create(entries, batch_size=AT_ONCE)
    return export


def not_there(entries: "QuerySet[Entry]") -> list[Entry]:
    """Return the entries that name an attempt which the platform's record does not have now.

    entries: newest revisions. A number typed by hand is found also where the record tells attempts
    of one number apart. Three queries at most.
    """
    named = list(entries.exclude(external_id="").order_by("-started_at_ms", "pk"))
    known = _known(named, Q(external_id__in={one.external_id for one in named}))
    left = [one for one in named if (one.engagement_id, one.external_id) not in known]
    typed = [one for one in left if OF_AN_ATTEMPT not in one.external_id][:TYPED]
    begins = Q(pk__in=[])
    for one in typed:
        begins |= Q(
            engagement=one.engagement_id, external_id__startswith=one.external_id + OF_AN_ATTEMPT
        )
    found = _known(typed, begins) if typed else set()
    found = {(pk, external_id.rpartition(OF_AN_ATTEMPT)[0]) for pk, external_id in found}
    return [one for one in left if (one.engagement_id, one.external_id) not in found]


def _known(entries: Iterable[Entry], which: Q) -> set[tuple[int, str]]:
    accounts = {one.engagement_id for one in entries}
    rows = Work.objects.filter(which, engagement__in=accounts, void=False, corrected_by=None)
    return set(rows.values_list("engagement_id", "external_id"))


def _said(
    rows: Iterable[importers.Row], engagement: Engagement, counts: Counter[str]
) -> Iterator[Said]:
    """Yield what a file says of this account's work, and count the rest."""
    for number, row in enumerate(rows, 1):
        if number > MOST_ROWS:
            raise NotKept(_("This file has more than 5,000 rows. Export fewer months."))
        if isinstance(row, NoWork):
            continue
        if not isinstance(row, WorkRow):
            counts["unread"] += 1
        elif (row.source, row.account) != (engagement.source, engagement.account):
            counts["others"] += 1
        else:
            counts["kept"] += 1
            started, ended = row.started_at_ms, row.ended_at_ms
            clocked = started is not None and ended is not None
            yield Said(
                started if clocked and started is not None else row.at_ms,
                ended if clocked and ended is not None else row.at_ms,
                what=row.task_type or row.project,
                external_id=row.external_id,
                promised_micros=row.promised_micros,
                currency=row.currency if row.promised_micros is not None else "",
                how="export",
            )
