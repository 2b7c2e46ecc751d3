"""manage.py pay_run draft|show|leave_out|answer|approve|cancel|files: pay what is owed."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from ledger import jobs, periods, weeks
from ledger.money import Money
from payouts.models import PayRun
from payouts.runs import drafting, files, looking, sending
from workers import naming
from workers.counted import counted
from workers.models import User, Vendor

SHOWN = 5


class Command(BaseCommand):
    help = "Draft a pay run, check it, let a second person approve it, and write its files."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--vendor", required=True, help="its name or its short name")
        parser.add_argument("--by", help="who does it: a user's sign-in name")
        steps = parser.add_subparsers(dest="step", required=True)
        draft = steps.add_parser("draft", help="draft what is owed up to the end of a month")
        draft.add_argument("--period", required=True, help="a month, like 2026-10")
        draft.add_argument("--currency", default="", help="the vendor's own if left out")
        whole = {"show": "say its checks", "approve": "let it go", "cancel": "take a draft back"}
        for name, help in whole.items():
            steps.add_parser(name, help=help).add_argument("number", type=int)
        leave = steps.add_parser("leave_out", help="leave an account out; no reason puts it back")
        leave.add_argument("number", type=int)
        leave.add_argument("reference", help="of the payment, as `show` says")
        leave.add_argument("--reason", default="")
        answer = steps.add_parser("answer", help="say why it may go all the same")
        answer.add_argument("number", type=int)
        answer.add_argument("code", help="of the check, as `show` says")
        answer.add_argument("--reason", default="")
        out = steps.add_parser("files", help="write the files for the bank")
        out.add_argument("number", type=int)
        out.add_argument("--out", type=Path, required=True, help="the folder to write into")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            vendor = naming.vendor_named(options["vendor"])
            by = naming.user_named(options["by"]) if options["by"] else None
            getattr(self, options["step"])(vendor, by, options)
        except ValueError as error:
            raise CommandError(str(error), returncode=2) from error

    def draft(self, vendor: Vendor, by: User | None, options: dict[str, Any]) -> None:
        """Draft a run and show it."""
        weeks.refresh(vendor)
        run = drafting.draft(
            vendor=vendor,
            period=periods.month(options["period"]),
            currency=options["currency"],
            by=by,
            at=timezone.now(),
        )
        self._say(run)

    def show(self, vendor: Vendor, by: User | None, options: dict[str, Any]) -> None:
        """Show a run and its checks."""
        self._say(_found(vendor, options))

    def leave_out(self, vendor: Vendor, by: User | None, options: dict[str, Any]) -> None:
        """Leave one account out, or put it back."""
        run = _found(vendor, options)
        item = run.items.filter(reference=options["reference"]).first()
        if item is None:
            raise ValueError(f"{options['reference']}: run {run.number} has no such payment.")
        drafting.leave_out(run=run, item=item, reason=options["reason"])
        self._say(run)

    def answer(self, vendor: Vendor, by: User | None, options: dict[str, Any]) -> None:
        """Answer a check."""
        run = _found(vendor, options)
        drafting.answer(run=run, code=options["code"], reason=options["reason"])
        self._say(run)

    def approve(self, vendor: Vendor, by: User | None, options: dict[str, Any]) -> None:
        """Let a run go, and post it here and now."""
        run, at = _found(vendor, options), timezone.now()
        job = sending.approve(run=run, by=by, at=at)
        jobs.run(job_id=job.pk, at=at)
        run.refresh_from_db()
        self._say(run)

    def cancel(self, vendor: Vendor, by: User | None, options: dict[str, Any]) -> None:
        """Take a draft back."""
        run = _found(vendor, options)
        drafting.cancel(run=run)
        self.stdout.write(f"Run {run.number} is cancelled. Nothing was paid by it.")

    def files(self, vendor: Vendor, by: User | None, options: dict[str, Any]) -> None:
        """Write a run's files."""
        run, out = _found(vendor, options), options["out"]
        out.mkdir(parents=True, exist_ok=True)
        for code, name, count in files.payments_in(run):
            path = out / f"{vendor.slug}-run-{run.number}-{code}.{files.FORMS[code].suffix}"
            path.write_bytes(files.written(run, code))
            self.stdout.write(f"{name}, {counted(count, 'payment')}: {path}")

    def _say(self, run: PayRun) -> None:
        sums = drafting.sums(run)
        self.stdout.write(
            f"Run {run.number} is {run.state}: {counted(sums.payments, 'payment')}, "
            f"{Money(sums.micros, run.currency)}; {sums.left_out:,} left out, "
            f"{Money(sums.left_out_micros, run.currency)}."
        )
        if run.state != "draft":
            return
        for check in looking.checked(run, as_of=timezone.now()):
            state = "holds" if check.holds else "must be mended" if check.must_hold else "open"
            self.stdout.write(f"  {check.code}: {check.title}: {check.count:,} ({state})")
            for entry in check.entries[:SHOWN]:
                self.stdout.write(f"    {entry.account}: {entry.what}")


def _found(vendor: Vendor, options: dict[str, Any]) -> PayRun:
    runs = PayRun.objects.select_related("vendor").filter(vendor=vendor)
    run = runs.filter(number=options["number"]).first()
    if run is None:
        known = ", ".join(str(one.number) for one in runs.order_by("-number")[:10]) or "none yet"
        raise ValueError(f"{options['number']}: no such run. Known are: {known}.")
    return run
