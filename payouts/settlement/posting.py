"""Posts what banks' reports say of payments, through the journal: each payment to where it must be.

Nothing is added up from report to report: a payment is judged by all of them together, and what is
posted is the difference to where its money is. So the same report again posts nothing.
"""

import uuid
from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from ledger import arrivals, exchanged, journal, payment_posting, returns, sent_again
from ledger.arrivals import KnownPayment
from ledger.drafts import Draft, Row
from ledger.exchanged import Arrived
from ledger.facts import Account
from ledger.models import Batch, Payment, Transfer
from ledger.money import Money
from ledger.moves import FEES, RECEIVED
from ledger.periods import last_ms_of, ms_of
from ledger.undo import SETTLED
from payouts.models import SettlementOutcome
from payouts.runs import by_run
from payouts.settlement import undone, verdicts
from payouts.settlement.verdicts import Paid, Verdict
from workers.models import Engagement, Vendor

LOST = ("fee", "late_fee")


def post(
    *,
    vendor: Vendor,
    payment_ids: Collection[int],
    origin: uuid.UUID,
    chunk: int,
    anew: bool = False,
    at: datetime,
) -> bool:
    """Judge these payments by all reports of them, and post the difference in one batch.

    anew: reports of them were taken back, so what reports had posted is mirrored first (undone.py).
    Called under the vendor's lock. Returns whether there was anything to post. A fixed number of
    queries, whatever the number of payments.
    """
    payments = Payment.objects.filter(pk__in=payment_ids, void=False, corrected_by=None)
    plan = Plan.of(payments, anew)
    if not plan.wanted:
        return False
    transfers, evidence = _arrivals_of(plan.wanted), _evidence(plan.wanted)
    engagements = {one.engagement_id for one in payments if one.pk in plan.wanted}
    accounts = journal.accounts(Engagement.objects.filter(pk__in=engagements))
    with journal.batch(vendor=vendor, kind=SETTLED, at=at, origin=origin, chunk=chunk) as draft:
        draft.load_streams(engagements)
        posted = Posted(draft, vendor.zone, ms_of(at), plan)
        for one in sorted(payments, key=lambda one: one.pk):
            if one.pk in plan.wanted:
                account = accounts[one.engagement_id]
                posted.settle(account, one.pk, evidence[one.pk], transfers[one.pk])
        works = arrivals.works_of(plan.wanted) | posted.met
        payment_posting.touch_work(draft, works)
    exchanged.keep_reported(Batch.objects.get(uuid=draft.uuid), posted.told(), plan.reported)
    back = posted.back
    sent_again.post(vendor=vendor, kind=SETTLED, back=back, origin=origin, chunk=chunk, at=at)
    return True


class Plan(NamedTuple):
    """Where payments are, what their reports say, and which of them that moves.

    otherwise: those of which reports say another exchange than is written down (`reported`).
    before: what they had sent, where reports of them were taken back.
    """

    there: dict[int, KnownPayment]
    wanted: dict[int, Verdict]
    otherwise: set[int]
    reported: dict[int, Arrived]
    before: undone.Before | None

    @classmethod
    def of(cls, payments: Collection[Payment], anew: bool) -> "Plan":
        """Judge these payments. A fixed number of queries."""
        there = arrivals.known(payments)
        judged = _judge(there)
        reported = exchanged.reported(there)
        before = undone.Before.of(there, {one.engagement_id for one in payments}) if anew else None
        otherwise = {
            pk for pk, one in judged.items() if _arrived_otherwise(reported.get(pk), there[pk], one)
        }
        wanted = {
            pk: one
            for pk, one in judged.items()
            if _differs(there[pk], one)
            or pk in otherwise
            or (before is not None and not one.has_come_back and before.can_send(there[pk]))
        }
        return cls(there, wanted, otherwise, reported, before)


def _arrived_otherwise(said: Arrived | None, there: KnownPayment, verdict: Verdict) -> bool:
    """Tell whether reports say of what was exchanged something else than is written down.

    Where nothing is received any more, the payment says so by itself.
    """
    before = Money(said.micros, said.currency) if said is not None else None
    if before == verdict.exchanged or not there.on_its_way_or_there:
        return False
    received, _ = _to_be(there, verdict, there.balances[FEES])
    return verdict.has_come_back or received > 0 or there.balances[RECEIVED] > 0


class Posted:
    """What one batch posts of payments, row by row."""

    def __init__(self, draft: Draft, zone: str, now_ms: int, plan: Plan) -> None:
        self.draft, self.zone, self.now_ms, self.plan = draft, zone, now_ms, plan
        self.met: set[int] = set()
        self.back: dict[int, int] = {}  # when an account's last payment came back

    def settle(
        self, account: Account, pk: int, evidence: tuple[int, bytes], transfers: list[Transfer]
    ) -> None:
        """Post one payment's row: what arrived of it, or that it came back."""
        there, verdict = self.plan.there[pk], self.plan.wanted[pk]
        line, raw = evidence
        arrived = str(verdict.exchanged).encode() if verdict.exchanged else b""
        row = self.draft.row(account, line=line, raw=raw + arrived)
        at_ms = self.day_ends(verdict)
        if verdict.has_come_back:
            self._take_back(row, there, verdict, transfers, at_ms or self.now_ms)
            return
        if self.plan.before is not None:
            if self.plan.before.bring_back(row, there, transfers, at_ms=self.now_ms):
                self.back[account.id] = self.now_ms  # what it leaves open, or paid ahead, meets
        elif there.balances[FEES] > verdict.fee_micros:
            self._give_back_fees(row, there, transfers, at_ms or self.now_ms)
        received, fees = _to_be(there, verdict, there.balances[FEES])
        arrivals.post(row, there, received=received, fees=fees, at_ms=at_ms)
        if not row.transfers:
            # How it arrived is told anew: that needs movements, for a leaf to commit to it.
            arrivals.post(row, there, received=0, fees=fees, at_ms=at_ms)
            arrivals.post(row, there, received=received, fees=fees, at_ms=at_ms)

    def told(self) -> dict[int, tuple[Money, int] | None]:
        """Return what arrived in other currencies and when, where that is news; None: nothing."""
        found: dict[int, tuple[Money, int] | None] = {}
        for pk in self.plan.otherwise:
            verdict = self.plan.wanted[pk]
            now = verdict.exchanged
            found[pk] = (now, self.day_ends(verdict) or self.now_ms) if now is not None else None
        return found

    def day_ends(self, verdict: Verdict) -> int | None:
        """Return when it happened: a report has a day and no hour.

        All of the day may have passed, but not more than now.
        """
        ends = last_ms_of(verdict.on, self.zone) if verdict.on else None
        return min(ends, self.now_ms) if ends is not None else None

    def _take_back(
        self,
        row: Row,
        there: KnownPayment,
        verdict: Verdict,
        transfers: list[Transfer],
        at_ms: int,
    ) -> None:
        reason = f"the bank says: {verdict.reason}"[:200]
        returns.reverse(lambda _: row, transfers, reason=reason, at_ms=at_ms)
        assert there.latest is not None
        owner = there.latest.engagement_id
        self.back[owner] = max(at_ms, self.back.get(owner, at_ms))
        self.met |= returns.unmeet(lambda _: row, [there.latest], reason=reason, at_ms=at_ms)

    def _give_back_fees(
        self, row: Row, there: KnownPayment, transfers: list[Transfer], at_ms: int
    ) -> None:
        """Mirror the fees that a report told which is not of this payment after all."""
        ours = [one for one in transfers if one.move in LOST and one.batch.kind == SETTLED]
        reason = "the report of this fee is of another payment"
        returns.reverse(lambda _: row, ours, reason=reason, at_ms=at_ms)
        for one in ours:
            there.balances[one.target] -= one.amount_micros
            there.balances[one.source] += one.amount_micros


def _judge(there: dict[int, KnownPayment]) -> dict[int, Verdict]:
    """Return the verdict on each payment, and write down what became of its reports."""
    judged, rows = judged_without(there, ())
    changed = []
    for row in rows:
        outcome, reason = judged[row.payment_id].outcomes[row.pk]  # type: ignore[index]
        if (row.outcome, row.reason) != (outcome, reason[:300]):
            row.outcome, row.reason = outcome, reason[:300]
            changed.append(row)
    SettlementOutcome.objects.bulk_update(changed, ["outcome", "reason"], batch_size=200)
    return judged


def judged_without(
    there: dict[int, KnownPayment], entries: Collection[int]
) -> tuple[dict[int, Verdict], list[SettlementOutcome]]:
    """Return the verdict on each payment without these entries, and the reports it rests on."""
    rows: dict[int, list[SettlementOutcome]] = defaultdict(list)
    reports = SettlementOutcome.objects.filter(payment__in=list(there)).select_related("entry")
    for row in reports.exclude(entry__in=list(entries)):
        rows[row.payment_id].append(row)  # type: ignore[index]
    remitted, payouts = _remitted(there), _payouts(there)
    judged = {}
    for pk, known in there.items():
        assert known.latest is not None
        paid = Paid(
            known.latest.amount_micros, known.latest.currency, *remitted[pk], payouts.get(pk)
        )
        judged[pk] = verdicts.judge(paid, [_report(row) for row in rows[pk]])
    return judged, [row for own in rows.values() for row in own]


def _payouts(there: dict[int, KnownPayment]) -> dict[int, Money]:
    """Return what these payments' recipients were to get in another currency. One query."""
    made = by_run.read(one.latest for one in there.values() if one.latest is not None)
    return {
        pk: Money(one.payout_micros, one.payout_currency)
        for pk, one in made.items()
        if one.payout_micros is not None
    }


def _report(row: SettlementOutcome) -> verdicts.Report:
    entry = row.entry
    told = (
        (entry.instructed_micros, entry.instructed_currency),
        (entry.counter_micros, entry.counter_currency),
    )
    others = tuple(Money(micros, currency) for micros, currency in told if micros is not None)
    return verdicts.Report(
        row.pk, entry.direction, entry.status, entry.amount_micros, entry.currency,
        entry.happened_on, entry.fee_micros, entry.bank_reference, entry.reason_code, others,
        is_reckoned=entry.counter_is_reckoned, file_id=entry.file_id,
    )  # fmt: skip


def _remitted(payment_ids: Collection[int]) -> dict[int, tuple[bool, int]]:
    """Return whether a remittance record says that each payment arrived, and less which fee."""
    said: dict[int, tuple[bool, int]] = dict.fromkeys(payment_ids, (False, 0))
    rows = Transfer.objects.filter(
        payment__in=list(payment_ids), move__in=arrivals.MOVES, reversed_by=None
    ).exclude(batch__kind=SETTLED)
    for pk, move, micros in rows.values_list("payment_id", "move", "amount_micros"):
        fees = said[pk][1] + (micros if move in LOST else 0)
        said[pk] = (True, fees)
    return said


def _differs(there: KnownPayment, verdict: Verdict) -> bool:
    if verdict.has_come_back or not there.on_its_way_or_there:
        return there.on_its_way_or_there > 0
    return (there.balances[RECEIVED], there.balances[FEES]) != _to_be(there, verdict, 0)


def _to_be(there: KnownPayment, verdict: Verdict, least_fees: int) -> tuple[int, int]:
    """Return what is to be received and lost of a payment, of as much of it as is there.

    Of one that came back, and then did not, that may be less than was sent (undone.py).
    """
    all_of_it = there.on_its_way_or_there
    fees = min(all_of_it, max(verdict.fee_micros, least_fees))
    return min(verdict.received_micros, all_of_it - fees), fees


def _arrivals_of(payment_ids: Collection[int]) -> dict[int, list[Transfer]]:
    """Return what these payments sent and where it arrived, as far as it was not reversed."""
    found: dict[int, list[Transfer]] = defaultdict(list)
    rows = Transfer.objects.filter(
        payment__in=list(payment_ids), move__in=(*arrivals.MOVES, *returns.SENT), reversed_by=None
    )
    for transfer in rows.select_related("work", "payment", "batch", "withholding"):
        found[transfer.payment_id].append(transfer)  # type: ignore[index]
    return found


def _evidence(payment_ids: Collection[int]) -> dict[int, tuple[int, bytes]]:
    """Return where a payment's first report stood in its file, and the identities of all."""
    found: dict[int, tuple[int, bytes]] = dict.fromkeys(payment_ids, (0, b""))
    rows = SettlementOutcome.objects.filter(payment__in=list(payment_ids)).order_by("pk")
    for pk, number, identity in rows.values_list("payment_id", "entry__number", "entry__identity"):
        line, raw = found[pk]
        found[pk] = (line or number, raw + bytes.fromhex(identity))
    return found
