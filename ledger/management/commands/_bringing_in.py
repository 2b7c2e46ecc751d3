"""What import_work and import_payouts share: their arguments, and how they say what happened."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from ledger import intake, jobs, rejects
from ledger.files import Refused
from ledger.models import Import, Remark
from ledger.money import format_amount
from workers import naming
from workers.counted import counted
from workers.models import Vendor

FINISHED_WITH_REJECTS = 3
NOTHING_KEPT = 4
ENDS = ("new", "changed", "unchanged", "conflict", "no_work", "rejected")
SHOWN = 20  # rejected rows on the screen


class BringIn(BaseCommand):
    """Brings files in, one after the other, and reports each."""

    kind = ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--vendor", required=True, help="its name or its short name")
        parser.add_argument("--format", help="recognised by the columns if left out")
        parser.add_argument("--dry-run", action="store_true", help="check the file, post nothing")
        parser.add_argument("--json", action="store_true", help="one JSON object a file")
        parser.add_argument("--rejects", type=Path, help="write rejected rows here, as CSV")

    def declared(self, options: dict[str, Any]) -> dict[str, Any]:
        """Return what is declared beside the file, for intake.receive."""
        return {}

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            vendor = naming.vendor_named(options["vendor"])
            declared = self.declared(options)
        except ValueError as error:
            raise CommandError(str(error), returncode=2) from error
        brought = [self._bring_in(path, vendor, options, declared) for path in options["files"]]
        if options["rejects"]:
            _write_rejects(options["rejects"], brought)
        worst = max(_exit_code(imported) for imported in brought)
        if worst:
            raise SystemExit(worst)

    def _bring_in(
        self, path: Path, vendor: Vendor, options: dict[str, Any], declared: dict[str, Any]
    ) -> Import:
        """Take one file in, read it to its end, and report it."""
        if not path.is_file():
            raise CommandError(f"{path}: there is no such file. Check the path.", returncode=2)
        at = timezone.now()
        try:
            imported, new = intake.receive(
                vendor=vendor,
                kind=self.kind,
                path=path,
                name=path.name,
                format=options["format"],
                dry_run=options["dry_run"],
                at=at,
                **declared,
            )
        except Refused as error:
            raise CommandError(str(error), returncode=NOTHING_KEPT) from error
        jobs.run(job_id=intake.job_of(imported).pk, at=at)
        imported.refresh_from_db()
        self._report(imported, new, options["json"])
        return imported

    def _report(self, imported: Import, new: bool, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(report(imported, new)))
            return
        if not new:
            self.stdout.write(
                f"{imported.name} was brought in before (import {imported.pk}, "
                f"{imported.created_at:%Y-%m-%d %H:%M} UTC); nothing is added."
            )
            return
        counts = imported.counts
        ended = ", ".join(f"{counts[end]:,} {_word(end)}" for end in ENDS if counts.get(end))
        money = ", ".join(f"{format_amount(m)} {code}" for code, m in imported.totals.items())
        self.stdout.write(
            f"{imported.name}: {imported.state}; {counted(counts.get('rows', 0), 'row')}"
            + (f", {ended}" if ended else "")
            + (f"; {money}" if money else "")
            + f" ({imported.format})"
        )
        for warning in imported.warnings:
            self.stderr.write(f"  {warning}")
        if imported.refusal:
            why = imported.refusal
            self.stderr.write(f"  Nothing is kept. {why['value']}: {why['rule']}. {why['mend']}")
        for remark in imported.remarks.order_by("line")[:SHOWN]:
            self.stderr.write(
                f"  Row {remark.line}, column {remark.column}: {remark.value!r}: {remark.rule}. "
                f"{remark.mend}"
            )


def report(imported: Import, new: bool) -> dict[str, Any]:
    """Return what became of a file, as JSON; amounts are strings."""
    return {
        "import": imported.pk,
        "file": imported.name,
        "format": imported.format,
        "sha256": imported.sha256,
        "state": imported.state,
        "already_imported": not new,
        "rows": imported.counts,
        "money": {code: format_amount(micros) for code, micros in imported.totals.items()},
        "refusal": imported.refusal,
        "warnings": imported.warnings,
        "remarks": [
            {
                name: getattr(remark, name)
                for name in ("kind", "line", "column", "value", "rule", "mend")
            }
            for remark in imported.remarks.order_by("line")[:1000]
        ],
    }


def _exit_code(imported: Import) -> int:
    if imported.state == "refused":
        return NOTHING_KEPT
    return FINISHED_WITH_REJECTS if imported.counts.get("rejected") else 0


def _word(end: str) -> str:
    return {"no_work": "without work", "conflict": "in conflict"}.get(end, end)


def _write_rejects(path: Path, brought: list[Import]) -> None:
    rows = Remark.objects.filter(imported__in=brought, kind="reject").order_by("imported", "line")
    path.write_text("".join(rejects.as_csv(rows.iterator())), encoding="utf-8", newline="")
