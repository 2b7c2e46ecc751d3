"""Finds the payments that banks reported on, and posts what that means, in steps of a job.

Three phases: payments that an import has changed are judged again; entries without a payment are
matched by reference; then all that is left by amount, day and recipient, worked out anew each time.
So it does not matter which file came first. Each step is one transaction under the vendor's lock.
"""

import uuid
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from ledger import jobs, journal, returns
from ledger.models import Import, Job, Payment, Transfer
from ledger.periods import DAY, day_of, last_ms_of
from ledger.undo import SETTLED
from payouts.models import SettlementOutcome
from payouts.settlement import matching, posting, values
from payouts.settlement.entries import BOOKED, IN, OUT, PENDING, RETURNED
from payouts.settlement.keeping import WITHDRAWN
from payouts.settlement.matching import CONFIDENCE, Match, Sent, Told
from workers.models import Vendor

ROWS = 1_000  # entries or payments a step
BY_AMOUNT = ("account", "name")
CHANGED, BY_REFERENCE, THE_REST, DONE = range(4)
FRESH = ["payment", "matched_by", "confidence", "outcome", "reason"]


@jobs.follows("payouts")
def after_payments(job: Job, vendor: Vendor) -> Iterator[jobs.Step]:
    """Yield the steps that try kept entries again, once payments came in or were taken back."""
    yield from steps(job, vendor, Import.objects.get(pk=job.params["import"]))


def steps(job: Job, vendor: Vendor, imported: Import | None = None) -> Iterator[jobs.Step]:
    """Yield the steps of one reconciliation. imported: the payments that it follows, if it does."""
    if not SettlementOutcome.objects.filter(vendor=vendor).exists():
        return
    reconciling = Reconciling(job, vendor, imported)
    while reconciling.at("phase") < DONE:
        yield reconciling.step


class Reconciling:
    """One reconciliation of a vendor. Where it is stands in the job's cursor."""

    def __init__(self, job: Job, vendor: Vendor, imported: Import | None) -> None:
        self.job, self.vendor, self.imported = job, vendor, imported
        self.origin = uuid.uuid5(vendor.uuid, job.key)

    def at(self, what: str) -> int:
        """Return the phase, the last row that was seen in it, or the next batch's number."""
        return int(self.job.cursor.get("settling", {}).get(what, 0))

    def step(self) -> dict[str, Any]:
        """Do one bounded piece of work, and return the cursor behind it."""
        journal.lock(self.vendor)
        phase, after = self.at("phase"), self.at("after")
        does = {CHANGED: self._judge_changed, BY_REFERENCE: self._refer, THE_REST: self._fit}
        last, touched = does[phase](after)
        posted = posting.post(
            vendor=self.vendor, payment_ids=touched, origin=self.origin, chunk=self.at("chunk"),
            anew=phase == CHANGED and self._is_undone, at=self.job.run_at,
        )  # fmt: skip
        cursor = {"phase": phase, "after": last, "chunk": self.at("chunk") + posted}
        if last == 0:
            cursor["phase"] = phase + 1
        return {**self.job.cursor, "settling": cursor}

    @property
    def _is_undone(self) -> bool:
        return self.imported is not None and self.job.kind == "undo"

    def _judge_changed(self, after: int) -> tuple[int, set[int]]:
        """Return the payments with reports that the import has moved.

        Where it was undone, also its accounts' payments that had come back once: what was paid in
        their place may be gone now.
        """
        if self.imported is None:
            return 0, set()
        moved = Transfer.objects.filter(batch__imported=self.imported, payment__isnull=False)
        wanted = Q(pk__in=moved.values("payment"), settlements__isnull=False)
        if self._is_undone:
            had_come_back = Transfer.objects.filter(
                engagement__in=moved.values("engagement"),
                move__in=returns.SENT,
                reversed_by__batch__kind=SETTLED,
            )
            wanted |= Q(pk__in=had_come_back.values("payment"))
        rows = Payment.objects.filter(wanted, pk__gt=after)
        found = sorted(set(rows.order_by("pk").values_list("pk", flat=True)[:ROWS]))
        return (found[-1] if found else 0), set(found)

    def _refer(self, after: int) -> tuple[int, set[int]]:
        """Match entries that have no payment, or had one that is void now, by their references."""
        gone = Q(payment__corrected_by__isnull=False)
        rows = list(
            self._outcomes().filter(gone | Q(payment=None) | Q(matched_by__in=BY_AMOUNT))
            .filter(pk__gt=after).order_by("pk")[:ROWS]
        )  # fmt: skip
        if not rows:
            return 0, set()
        entries = [told(row) for row in rows]
        by_name: dict[str, list[Sent]] = {}
        references = {one for entry in entries for one in entry.references}
        for payment in self._sent(self._live().filter(reference__in=references)):
            by_name.setdefault(payment.reference, []).append(payment)
        voided = set(self._voided({row.payment_id for row in rows if row.payment_id}))
        touched: set[int] = set()
        changed = []
        for row, entry in zip(rows, entries, strict=True):
            named = [one for name in entry.references for one in by_name.get(name, [])]
            # The bank's charge for a payment names it, and is no part of it.
            match = None if row.entry.is_charge else matching.by_reference(entry, named)
            if match is None and row.payment_id and row.payment_id not in voided:
                continue  # it fits by amount; whether it still does is seen in the last phase
            before = _written(row)
            touched |= _set(row, entry, match or Match(None))
            if _written(row) != before:
                changed.append(row)
        SettlementOutcome.objects.bulk_update(changed, FRESH, batch_size=200)
        return rows[-1].pk, touched

    def _fit(self, after: int) -> tuple[int, set[int]]:
        """Match what no reference does by amount, day and recipient; all of it, each time."""
        rows = list(
            self._outcomes().filter(matched_by__in=("", *BY_AMOUNT))
            .filter(entry__direction=OUT, entry__status=BOOKED, entry__is_charge=False)
            .exclude(entry__amount_micros=None).order_by("pk")
        )  # fmt: skip
        entries = [told(row) for row in rows]
        found = matching.by_amount(entries, self._free(entries))
        changed, touched = [], set()
        for row, entry in zip(rows, entries, strict=True):
            before = _written(row)
            touched |= _set(row, entry, found[entry.id])
            if _written(row) != before:
                changed.append(row)
            if len(touched) >= ROWS:
                break
        SettlementOutcome.objects.bulk_update(changed, FRESH, batch_size=200)
        return (1 if len(touched) >= ROWS else 0), touched

    def _free(self, entries: list[Told]) -> list[Sent]:
        """Return the payments of these amounts and days that no entry names."""
        days = [entry.on for entry in entries if entry.on]
        if not days:
            return []
        amounts = {(entry.amount_micros or 0) + fee for entry in entries
                   for fee in (0, entry.fee_micros)}  # fmt: skip
        payments = self._live().filter(
            amount_micros__in=amounts,
            sent_at_ms__gte=self._ms(min(days) - matching.AFTER - DAY),
            sent_at_ms__lte=self._ms(max(days) + matching.BEFORE + DAY),
        )
        named = SettlementOutcome.objects.filter(vendor=self.vendor, matched_by="reference")
        return self._sent(payments.exclude(pk__in=named.values("payment")))

    def _ms(self, day: date) -> int:
        return last_ms_of(day, self.vendor.zone)

    def _outcomes(self) -> QuerySet[SettlementOutcome]:
        rows = SettlementOutcome.objects.filter(vendor=self.vendor).exclude(outcome=WITHDRAWN)
        return rows.select_related("entry", "entry__party")

    def _live(self) -> QuerySet[Payment]:
        return Payment.objects.filter(engagement__vendor=self.vendor, void=False, corrected_by=None)

    def _voided(self, payment_ids: set[int]) -> Iterator[int]:
        yield from Payment.objects.filter(
            pk__in=payment_ids, corrected_by__isnull=False
        ).values_list("pk", flat=True)

    def _sent(self, payments: QuerySet[Payment]) -> list[Sent]:
        """Return payments as matching needs them. One query."""
        rows = payments.values_list(
            "pk", "reference", "currency", "amount_micros", "sent_at_ms", "engagement__account",
            "engagement__payee__holder", "engagement__payee__address",
        )  # fmt: skip
        return [
            Sent(
                pk, reference, currency, micros, day_of(sent_at_ms, self.vendor.zone),
                values.name_words(holder or ""),
                frozenset(filter(None, [values.account_number(address or account)])),
            )
            for pk, reference, currency, micros, sent_at_ms, account, holder, address in rows
        ]  # fmt: skip


def told(row: SettlementOutcome) -> Told:
    """Return an entry as matching needs it."""
    entry = row.entry
    party = getattr(entry, "party", None)
    other_currencies = (
        (entry.instructed_micros, entry.instructed_currency),
        (entry.counter_micros, entry.counter_currency),
    )
    return Told(
        row.pk, entry.direction, entry.status, entry.amount_micros, entry.currency,
        entry.happened_on, entry.end_to_end_id, tuple(entry.other_references),
        values.name_words(party.name) if party else (), party.account if party else "",
        entry.fee_micros, entry.bank_reference,
        tuple((micros, currency) for micros, currency in other_currencies if micros is not None),
    )  # fmt: skip


def _set(row: SettlementOutcome, entry: Told, match: Match) -> set[int]:
    """Write a match into its row; return the payments whose reports changed by it."""
    before = (row.payment_id, row.matched_by)
    row.payment_id, row.matched_by = match.payment_id, match.by
    row.confidence = CONFIDENCE.get(match.by, 0)
    if match.payment_id is None:
        row.outcome, row.reason = without_payment(row, entry, match.reason)
    changed = {before[0], match.payment_id} if before != (match.payment_id, match.by) else set()
    return {pk for pk in changed if pk is not None}


def _written(row: SettlementOutcome) -> list[Any]:
    """Return what a row says now, to be compared later."""
    return [row.payment_id, row.matched_by, row.confidence, row.outcome, row.reason]


def without_payment(row: SettlementOutcome, entry: Told, reason: str) -> tuple[str, str]:
    """Return what becomes of an entry that names no payment known here, and why."""
    why = reason or matching.why_not(entry)
    if row.entry.is_charge:
        return "ignored", "the bank's own charge for the account"
    if entry.status == PENDING:
        return "waiting", f"not booked yet; {why}"[:300]
    if entry.direction == IN and entry.status == BOOKED:
        return "ignored", f"money that came in; {why}"[:300]
    if entry.direction == OUT and entry.status == RETURNED:
        return "ignored", "it takes back money that had come in"
    return "unmatched", why[:300]
