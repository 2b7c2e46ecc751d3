"""Brings in manifests of what was delivered to a client: a CSV with one of two headers.

`external_id,worker_external_id`: an attempt a row. An id alone would not do: a label that is
refused and made again by somebody else may well be the same. `project,attempts`: a count a project,
where the client's list names no attempts. Other columns are not read. A file of work or of pay
has these columns, too, and is refused: what was refused in it would count as delivered.
"""

import csv
import hashlib
from collections.abc import Iterator
from datetime import datetime
from io import StringIO

from django.db import transaction

from ledger.files import Refused
from ledger.importers import FORMATS
from ledger.importers.reading import plain
from ledger.models import Delivered, Manifest
from workers.models import User, Vendor

BY_ATTEMPT = ("external_id", "worker_external_id")
BY_PROJECT = ("project", "attempts")
COLUMNS = f"the columns {' and '.join(BY_ATTEMPT)}, or {' and '.join(BY_PROJECT)}"
# Of the canonical CSV of work, whatever else was taken out of it.
OF_WORK = ("status", "work_category", "active_seconds", "paid_seconds", "rate_kind", "rate_amount")
MOST_BYTES = 200_000_000
LONGEST_ID, LONGEST_PROJECT = 200, 120


def bring_in(
    *, vendor: Vendor, name: str, raw: bytes, by: User | None = None, at: datetime
) -> tuple[Manifest, bool]:
    """Keep what a manifest says was delivered; return it, and whether it is new.

    The same file again adds nothing. Raises Refused, and then keeps nothing.
    """
    digest = hashlib.sha256(raw).hexdigest()
    there = Manifest.objects.filter(vendor=vendor, sha256=digest).first()
    if there is not None:
        return there, False
    rows = list(read(raw))
    if not rows:
        raise Refused(name, "a manifest has at least one row below its header", "Export it again.")
    with transaction.atomic():
        manifest = Manifest.objects.create(
            vendor=vendor, name=name[:200], sha256=digest, rows=len(rows), by=by, created_at=at
        )
        Delivered.objects.bulk_create(
            [Delivered(manifest=manifest, vendor=vendor, **row) for row in rows], batch_size=5000
        )
    return manifest, True


def read(raw: bytes) -> Iterator[dict[str, str | int]]:
    """Yield the rows of a manifest as the fields of Delivered. Raises Refused."""
    if len(raw) > MOST_BYTES:
        raise Refused(f"{len(raw)} bytes", f"a manifest has at most {MOST_BYTES}", "Split it.")
    try:
        rows = csv.DictReader(StringIO(raw.decode("utf-8-sig"), newline=""), strict=True)
        header = list(rows.fieldnames or [])
        _refuse_exports(header)
        for columns in (BY_ATTEMPT, BY_PROJECT):
            if set(columns) <= set(header):
                for row in rows:
                    yield _row(columns, row, rows.line_num)
                return
    except (UnicodeDecodeError, csv.Error) as error:
        raise Refused(str(error), "a manifest is CSV in UTF-8", "Export it again.") from error
    raise Refused(
        ", ".join(header)[:200] or "no header",
        f"a manifest has {COLUMNS}",
        "Name the columns so.",
    )


def _refuse_exports(header: list[str]) -> None:
    of_work = [name for name in map(plain, header) if name in OF_WORK]
    formats = [one.FORMAT for one in FORMATS.values() if one.matches(header)]
    if of_work or formats:
        raise Refused(
            f"the columns {', '.join(of_work or header)[:200]}",
            f"a manifest has {COLUMNS}, and none of an export of work or a list of payments",
            "Give the list of what was delivered, without what was refused.",
        )


def _row(columns: tuple[str, str], row: dict[str, str | None], line: int) -> dict[str, str | int]:
    first, second = ((row[name] or "").strip() for name in columns)
    longest = LONGEST_ID if columns == BY_ATTEMPT else LONGEST_PROJECT
    if not first or len(first) > longest:
        raise Refused(
            f"line {line}, {columns[0]} {first[:60]!r}",
            f"it has 1 to {longest} characters",
            "Correct it.",
        )
    if columns == BY_PROJECT:
        if not (second.isascii() and second.isdigit() and len(second) < 10):
            raise Refused(
                f"line {line}, attempts {second[:60]!r}", "a count is digits", "Write it like 250."
            )
        return {"project": first, "attempts": int(second)}
    if not second or len(second) > LONGEST_ID:
        raise Refused(
            f"line {line}, worker_external_id {second[:60]!r}",
            "an attempt is known by its id and its worker",
            "Export the worker's account with it.",
        )
    return {"external_id": first, "account": second}
