"""Brings a bank's file in: receives it, reads it whole, keeps its entries, and reconciles.

A file that was brought in before adds nothing. The reading is a job in steps: whoever is killed
goes on where it stopped, and no entry is kept twice. The file itself is deleted when it is done.
"""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from ledger import intake, jobs, journal, weeks
from ledger.files import Refused
from ledger.importers.reading import UnreadableFile
from ledger.models import Job
from ledger.periods import day_of, ms_of
from payouts.models import SettlementFile
from payouts.settlement import formats, keeping, reconciling, whole_runs
from payouts.settlement.entries import Report
from payouts.settlement.mapping import Mapping
from workers.models import User, Vendor

KIND = "settlement"
CHUNK = 1_000  # entries a step


def receive(
    *,
    vendor: Vendor,
    content: bytes,
    name: str,
    format: str = "",
    mapping: bytes | None = None,
    by: User | None = None,
    at: datetime,
) -> tuple[SettlementFile, bool]:
    """Take a bank's file in and queue its reading. Returns it, and whether it is a new one.

    mapping: the JSON that names the columns of a processor's CSV. A file that was brought in before
    is not read again, and goes on if it had failed; one that was undone is new. Raises Refused for
    one that is too large or empty, and for a mapping that is none.
    """
    _refuse_at_once(name, content, mapping)
    digest = hashlib.sha256(content + (b"\0" + mapping if mapping is not None else b"")).hexdigest()
    earlier = SettlementFile.objects.filter(vendor=vendor, sha256=digest)
    earlier_one = earlier.exclude(state__in=["refused", *SettlementFile.GONE]).first()
    if earlier_one is not None:
        jobs.again(job_of(earlier_one))
        return earlier_one, False
    file = SettlementFile(
        vendor=vendor,
        format=format,
        mapping=mapping.decode() if mapping is not None else "",
        name=Path(name).name[:200],
        sha256=digest,
        size=len(content),
        by=by,
        created_at=at,
    )
    kept = intake.uploads() / file.uuid.hex
    kept.write_bytes(content)
    file.path = str(kept)
    with transaction.atomic():
        file.save()
        jobs.add(kind=KIND, key=key_of(file), vendor=vendor, params={"file": file.pk}, at=at)
    return file, True


def _refuse_at_once(name: str, content: bytes, mapping: bytes | None) -> None:
    if len(content) > formats.MAX_BYTES:
        raise Refused(
            gettext("%(name)s has %(size)s bytes") % {"name": name, "size": f"{len(content):,}"},
            gettext("a bank's file has at most 16 MB"),
            gettext("Ask the bank for shorter periods."),
        )
    if not content.strip():
        raise Refused(
            gettext("%(name)s is empty") % {"name": name},
            gettext("a file has entries or balances"),
            gettext("Export it again."),
        )
    if mapping is not None:
        try:
            Mapping.parse(mapping)
        except UnreadableFile as error:
            raise Refused(error.value, error.rule, f"{error.mend}.", "mapping") from error


def job_of(file: SettlementFile) -> Job:
    """Return the job that reads a file."""
    return Job.objects.get(key=key_of(file))


def key_of(file: SettlementFile) -> str:
    """Return the key of the job that reads a file."""
    return f"{KIND}:{file.uuid}"


@jobs.kind(KIND)
def steps(job: Job) -> Iterator[jobs.Step]:
    """Yield the steps of a file: its entries, what they mean, the weeks, the end."""
    file = SettlementFile.objects.select_related("vendor", "by").get(pk=job.params["file"])
    if file.state == "reading":
        yield from _read(job, file)
    if file.state == "matching":
        yield from reconciling.steps(job, file.vendor)
        yield from weeks.refresh_steps(job, file.vendor)
        yield lambda: _finish(job, file)
    if file.path:
        yield lambda: _let_file_go(job, file)


def _read(job: Job, file: SettlementFile) -> Iterator[jobs.Step]:
    """Read the file whole, then keep its entries, a chunk a step."""
    try:
        report = formats.read(
            Path(file.path).read_bytes(), file.format, file.mapping.encode() or None
        )
    except UnreadableFile as error:
        refusal = {"value": error.value[:300], "rule": error.rule, "mend": error.mend}
        yield lambda: _refuse(job, file, refusal)
        return
    report = whole_runs.apart(report, file.vendor)
    told = keeping.numbered(report)
    job.total = len(told)
    for start in range(job.cursor.get("kept", 0), len(told), CHUNK):
        chunk = told[start : start + CHUNK]
        yield lambda chunk=chunk: _keep(job, file, chunk)  # type: ignore[misc]
    yield lambda: _all_kept(job, file, report)


def _keep(job: Job, file: SettlementFile, chunk: list[keeping.Numbered]) -> dict[str, Any]:
    journal.lock(file.vendor)
    came_in_on = day_of(ms_of(file.created_at), file.vendor.zone)
    new, known = keeping.keep(file, chunk, came_in_on)
    counts = job.cursor.get("counts", {"new": 0, "known": 0})
    job.done += len(chunk)
    return {
        **job.cursor,
        "kept": job.cursor.get("kept", 0) + len(chunk),
        "counts": {"new": counts["new"] + new, "known": counts["known"] + known},
    }


def _all_kept(job: Job, file: SettlementFile, report: Report) -> dict[str, Any]:
    file.format = report.format
    file.statements = keeping.statements(report)
    file.problems = keeping.problems(report)
    file.counts = {
        **job.cursor.get("counts", {"new": 0, "known": 0}),
        "entries": len(report.entries),
        "unreadable": len(report.all_problems),
    }
    file.state = "matching"
    file.save()
    return job.cursor


def _refuse(job: Job, file: SettlementFile, refusal: dict[str, str]) -> dict[str, Any]:
    file.state, file.refusal, file.finished_at = "refused", refusal, job.run_at
    file.save()
    return job.cursor


def _finish(job: Job, file: SettlementFile) -> dict[str, Any]:
    file.state, file.finished_at = "done", job.run_at
    file.save()
    return job.cursor


def _let_file_go(job: Job, file: SettlementFile) -> dict[str, Any]:
    """Delete the file. Whoever dies here comes back here: its path goes after the file itself."""
    Path(file.path).unlink(missing_ok=True)
    file.path = ""
    file.save(update_fields=["path"])
    return job.cursor
