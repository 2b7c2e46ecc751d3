"""A vendor with work that is owed and payments that were sent, and a bank that reports on them."""

import csv
import io
from collections import Counter
from datetime import UTC, datetime

from ledger import jobs, proofs, undo
from ledger.models import Batch, Import, Payment, Transfer
from payouts.models import SettlementOutcome
from payouts.settlement import intake
from tests import factories
from tests.bringing import bring_in
from workers.models import Engagement, Payee

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
WORK = (
    "external_id", "worker_external_id", "source_system", "project", "task_type", "status",
    "ended_at", "wall_seconds", "rate_amount", "currency", "status_at", "due_at",
)  # fmt: skip
PAID = (
    "payment_reference", "worker_external_id", "source_system", "amount", "currency", "sent_at",
    "arrived_at", "fee", "work_ids",
)  # fmt: skip


class Bank:
    """One vendor's ledger, and the doors through which work, payments and reports come in."""

    def __init__(self, folder, name="Aster Labelling", vendor=None):
        self.vendor, self.folder = vendor or factories.vendor(name), folder

    def work(self, *rows, currency="USD"):
        """Bring in approved work. rows: (id, worker, amount)."""
        return self._bring_in("work", WORK, [
            [key, worker, "tool", "boats", "boxes", "approved", "2026-10-01T10:00:00Z", 3600,
             amount, currency, "2026-10-02T00:00:00Z", "2026-10-31T00:00:00Z"]
            for key, worker, amount in rows
        ])  # fmt: skip

    def paid(self, *rows, currency="USD"):
        """Bring in payments. rows: (reference, worker, amount) and what else differs."""
        return self._bring_in("payouts", PAID, [
            [reference, worker, "tool", amount, currency,
             more.get("sent", "2026-10-19T10:00:00Z"), more.get("arrived", ""),
             more.get("fee", ""), more.get("works", "")]
            for reference, worker, amount, more in ((*row, {})[:4] for row in rows)
        ])  # fmt: skip

    def _bring_in(self, kind, columns, rows) -> Import:
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerows([columns, *rows])
        path = self.folder / f"{kind}.csv"
        path.write_text(text.getvalue())
        return bring_in(self.vendor, path, kind=kind, at=NOW)

    def report(self, content, name="report", **given):
        """Bring a bank's file in and return it, read to its end."""
        file, _ = intake.receive(vendor=self.vendor, content=content, name=name, at=NOW, **given)
        jobs.run(job_id=intake.job_of(file).pk, at=NOW)
        file.refresh_from_db()
        assert not file.path
        return file

    def take_back(self, imported):
        """Undo an import."""
        jobs.run(job_id=undo.start(imported=imported, by=None, at=NOW).pk, at=NOW)
        imported.refresh_from_db()
        assert imported.state == "undone"

    def payee(self, worker, holder, address="", method="iban"):
        """Say where an account's pay goes."""
        engagement = Engagement.objects.get(vendor=self.vendor, account=worker)
        Payee.objects.create(
            engagement=engagement, holder=holder, method=method, address=address, currency="USD",
            changed_at=NOW,
        )  # fmt: skip

    # What is so now

    def money(self, reference):
        """Return where a payment's money is: account -> amount, empty where all came back."""
        at = Counter()
        payments = Payment.objects.filter(engagement__vendor=self.vendor, reference=reference)
        for one in Transfer.objects.filter(payment__in=payments):
            at[one.source] -= one.amount_micros
            at[one.target] += one.amount_micros
        kept = ("in_transit", "received", "fees")
        return {name: at[name] / 1_000_000 for name in kept if at[name]}

    def owed(self, worker):
        """Return what is payable to a worker."""
        at = 0
        rows = Transfer.objects.filter(engagement__vendor=self.vendor, engagement__account=worker)
        for one in rows:
            at += one.amount_micros * ((one.target == "payable") - (one.source == "payable"))
        return at / 1_000_000

    def balances(self):
        """Return the balance of every account of every worker and payment: all that money is."""
        at = Counter()
        for one in Transfer.objects.filter(engagement__vendor=self.vendor).select_related(
            "engagement", "work", "payment"
        ):
            whose = one.engagement.account
            for named in (
                one.work and ("work", one.work.external_id),
                one.payment and ("payment", one.payment.reference),
            ):
                if named:
                    at[whose, *named, one.source] -= one.amount_micros
                    at[whose, *named, one.target] += one.amount_micros
        return {key: micros for key, micros in at.items() if micros}

    def outcomes(self):
        """Return (reference, amount, outcome) of every entry, in order."""
        rows = SettlementOutcome.objects.filter(vendor=self.vendor).select_related("entry")
        return [
            (row.entry.end_to_end_id, (row.entry.amount_micros or 0) / 1_000_000, row.outcome)
            for row in rows.order_by("entry__file", "entry__number")
        ]

    def reasons(self):
        """Return the reason of every entry, in order."""
        rows = SettlementOutcome.objects.filter(vendor=self.vendor)
        return list(rows.order_by("entry__file", "entry__number").values_list("reason", flat=True))

    def matches(self):
        """Return by what each entry was matched, and with which confidence."""
        rows = SettlementOutcome.objects.filter(vendor=self.vendor)
        return list(rows.values_list("matched_by", "confidence"))

    def prove(self):
        """Raise AssertionError where a batch is not as it was committed to."""
        for batch in Batch.objects.filter(vendor=self.vendor):
            assert proofs.recheck(batch) == [], batch.kind
