"""Brings a file in: receives it, checks it whole, posts it in chunks, and lets it go.

The file is read twice. The first pass checks every row and posts nothing (a dry run ends there);
the second posts some thousands of rows at a time, one transaction each. Both are steps of a job,
so that a file goes on where it stopped. The file itself is deleted when it is done: it holds
answers. What stays is its hash, its counts, and the rows that were rejected.
"""

import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.db import transaction

from ledger import admitting, files, importers, jobs, payment_posting, vanished, weeks, work_posting
from ledger.bulk import Meanwhile
from ledger.importers.reading import Source, UnreadableFile
from ledger.importers.rows import NoWork, PaymentRow, Reject, Row, WorkRow
from ledger.models import Import, Job, Remark
from ledger.periods import DAY_MS, day_of, ms_of
from workers.models import User, Vendor

CHUNK_ROWS = 5_000
AHEAD_ROWS = 100  # read between two looks at whether the database is done
CHECK_ROWS = 50_000  # rows between two signs of life in the first pass
MOST_REMARKS = 20_000  # of one file: a file with more has far more than 1 % of bad rows
MOST_REJECTED = 100  # one row in so many may be bad; with more, nothing of the file is kept


def receive(
    *,
    vendor: Vendor,
    kind: str,
    path: Path,
    name: str,
    format: str | None = None,
    exported_at: datetime | None = None,
    complete: bool = False,
    complete_until: date | None = None,
    dry_run: bool = False,
    by: User | None = None,
    at: datetime,
) -> tuple[Import, bool]:
    """Take a file in and queue its reading. Returns the import, and whether it is a new one.

    kind: work or payouts. path: is copied; the caller keeps its own. A file that was brought in
    before is not read again: its earlier import is returned, and goes on if it had failed. Raises
    Refused for a file that is too large, empty or of no known format.
    """
    size = path.stat().st_size
    admitting.by_size(name, size)
    admitting.by_moment(exported_at, at)
    admitting.by_day(complete_until, day_of(ms_of(at), vendor.zone))
    module = files.recognise(path, name, kind, format)
    digest = files.sha256(path)
    earlier = Import.objects.filter(
        vendor=vendor, kind=kind, sha256=digest, state__in=["checking", "posting", "done"]
    ).first()
    if earlier is not None and not dry_run:
        jobs.again(job_of(earlier))
        return earlier, False
    imported = Import(
        vendor=vendor,
        kind=kind,
        format=module.FORMAT,
        version=module.VERSION,
        name=Path(name).name[:200],
        sha256=digest,
        size=size,
        as_of=exported_at or at,
        complete=complete,
        complete_until=complete_until,
        state="dry run" if dry_run else "checking",
        by=by,
        created_at=at,
    )
    _queue(imported, path, dry_run)
    return imported, True


def _queue(imported: Import, path: Path, dry_run: bool) -> None:
    """Keep a copy of the file, and write down that it is to be read."""
    kept = uploads() / imported.uuid.hex
    shutil.copyfile(path, kept)
    imported.path = str(kept)
    with transaction.atomic():
        imported.save()
        jobs.add(
            kind="import",
            key=f"import:{imported.uuid}",
            vendor=imported.vendor,
            params={"import": imported.pk, "dry_run": dry_run},
            at=imported.created_at,
        )


def uploads() -> Path:
    """Return the folder in which files wait until they are read."""
    folder = Path(settings.VAR_DIR) / "uploads"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def job_of(imported: Import) -> Job:
    """Return the job that reads an import's file."""
    return Job.objects.get(key=f"import:{imported.uuid}")


@jobs.kind("import")
def steps(job: Job) -> Iterator[jobs.Step]:
    """Yield the steps of an import: the check, the chunks, the end."""
    imported = Import.objects.select_related("vendor", "by").get(pk=job.params["import"])
    if not job.cursor.get("checked"):
        yield from _check(job, imported)
    if imported.state == "posting":
        yield from _post(job, imported)
        yield from jobs.followers(imported.kind, job, imported.vendor)
        yield from weeks.refresh_steps(job, imported.vendor)
        yield lambda: _finish(job, imported)
    if imported.path:
        yield lambda: _let_file_go(job, imported)


def _check(job: Job, imported: Import) -> Iterator[jobs.Step]:
    """Read the whole file and post nothing; end with its counts, or with why it is refused."""
    counts: Counter[str] = Counter()
    money: Counter[str] = Counter()
    remarks: list[Remark] = []
    refusal: dict[str, str] | None = None
    rows = 0
    try:
        with open(imported.path, "rb") as file:
            source = _source(file, imported)
            for row in _rows(source, imported):
                rows += 1
                if isinstance(row, Reject):
                    counts["rejected"] += 1
                    if len(remarks) < MOST_REMARKS:
                        remarks.append(_remark(imported, row))
                elif isinstance(row, NoWork):
                    counts["no_work"] += 1
                else:
                    counts["kept"] += 1
                    if row.currency:
                        money[row.currency] += _micros(row) or 0
                if rows % CHECK_ROWS == 0:
                    job.done = rows
                    yield lambda: job.cursor
            warnings = list(source.warnings)
        refusal = _too_bad(counts)
    except UnreadableFile as error:
        refusal = {"value": error.value, "rule": error.rule, "mend": error.mend}
        warnings, remarks = [], []

    def end() -> dict[str, Any]:
        imported.counts, imported.totals = {**counts, "rows": rows}, dict(money)
        imported.warnings = warnings
        imported.refusal = refusal
        Remark.objects.bulk_create(remarks, ignore_conflicts=True)
        job.done, job.total = 0, rows
        if refusal:
            imported.state = "refused"
        elif job.params["dry_run"]:
            imported.state = "checked"
        else:
            imported.state = "posting"
        imported.save()
        return {"checked": True, "rows": 0, "chunk": 0}

    yield end


def _source(file: BinaryIO, imported: Import) -> Source:
    """Open an import's file. Nothing in it happened after it came in; a clock may be a day off."""
    return Source(file, latest_ms=ms_of(imported.created_at) + DAY_MS)


def _post(job: Job, imported: Import) -> Iterator[jobs.Step]:
    """Post the rows that the cursor has not passed, a chunk a step."""
    accounts = work_posting.Accounts(imported.vendor)
    superseded = vanished.SaidLater(imported)
    with open(imported.path, "rb") as file:
        rows = _rows(_source(file, imported), imported)
        read = sum(1 for _ in islice(rows, job.cursor["rows"]))
        ahead = ReadAhead(rows)
        for chunk in ahead.chunks():
            read += len(chunk)
            yield lambda chunk=chunk, read=read: _post_chunk(  # type: ignore[misc]
                job, imported, chunk, read, accounts, superseded, ahead.read_on
            )


class ReadAhead:
    """Rows in chunks, read on while the database has the word (DECISIONS.md D-167)."""

    def __init__(self, rows: Iterator[Row]) -> None:
        self._rows = rows
        self._held: list[Row] = []

    def chunks(self) -> Iterator[list[Row]]:
        """Yield lists of CHUNK_ROWS rows; the last one may be shorter."""
        while True:
            self._held += islice(self._rows, CHUNK_ROWS - len(self._held))
            if not self._held:
                return
            chunk, self._held = self._held, []
            yield chunk

    def read_on(self) -> bool:
        """Read some rows of the next chunk; return whether there were any to read."""
        had = len(self._held)
        self._held += islice(self._rows, min(AHEAD_ROWS, CHUNK_ROWS - had))
        return len(self._held) > had


def _post_chunk(
    job: Job,
    imported: Import,
    chunk: list[Row],
    read: int,
    accounts: work_posting.Accounts,
    superseded: vanished.SaidLater,
    meanwhile: Meanwhile,
) -> dict[str, Any]:
    number, at = job.cursor["chunk"], job.run_at
    kept = [row for row in chunk if isinstance(row, WorkRow | PaymentRow)]
    if imported.kind == "work":
        tally = work_posting.post(
            imported=imported, chunk=number, rows=kept, accounts=accounts,  # type: ignore[arg-type]
            superseded=superseded, at=at, meanwhile=meanwhile,
        )  # fmt: skip
    else:
        tally = payment_posting.post(
            imported=imported, chunk=number, rows=kept, accounts=accounts,  # type: ignore[arg-type]
            at=at, meanwhile=meanwhile,
        )  # fmt: skip
    Remark.objects.bulk_create(tally.conflicts, ignore_conflicts=True)
    imported.counts = dict(Counter(imported.counts) + tally.counts)
    imported.save(update_fields=["counts"])
    job.done = read
    return {**job.cursor, "rows": read, "chunk": number + 1}


def _finish(job: Job, imported: Import) -> dict[str, Any]:
    imported.state, imported.finished_at = "done", job.run_at
    imported.save()
    return job.cursor


def _let_file_go(job: Job, imported: Import) -> dict[str, Any]:
    """Delete the file. Whoever dies here comes back here: its path goes after the file itself."""
    Path(imported.path).unlink(missing_ok=True)
    imported.path = ""
    imported.save(update_fields=["path"])
    return job.cursor


def _rows(source: Source, imported: Import) -> Iterator[Row]:
    return importers.FORMATS[imported.format].rows(source)


def _too_bad(counts: Counter[str]) -> dict[str, str] | None:
    """Return why a file is refused for its rows; None where it may be posted."""
    bad, rows = counts["rejected"], counts["kept"] + counts["rejected"]
    if bad * MOST_REJECTED > rows:
        return {
            "value": f"{bad} of {rows} rows",
            "rule": "a file with more than 1 % of bad rows leaves nothing behind",
            "mend": "Correct the rows listed with their reasons and bring the file in again.",
        }
    if not rows:
        return {
            "value": "no rows with work",
            "rule": "a file has at least one row below its header",
            "mend": "Export it again; perhaps a filter left everything out.",
        }
    return None


def _micros(row: WorkRow | PaymentRow) -> int | None:
    return row.promised_micros if isinstance(row, WorkRow) else row.amount_micros


def _remark(imported: Import, row: Reject) -> Remark:
    return Remark(
        imported=imported,
        kind="reject",
        line=row.line,
        column=row.column[:120],
        value=row.value[:500],
        rule=row.rule[:300],
        mend=row.mend[:300],
        cells=row.cells,
    )
