"""Posts what banks' reports say of payments, through the journal: each payment to where it must be.

Nothing is added up from report to report: a payment is judged by all of them together, and what is
posted is the difference to where its money is. So the same report again posts nothing.
"""

import uuid
from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from ledger import arrivals, journal, payment_posting, returns
from ledger.arrivals import KnownPayment
from ledger.drafts import Draft, Row
from ledger.facts import Account
from ledger.models import Payment, Transfer
from ledger.moves import FEES
from ledger.periods import last_ms_of, ms_of
from ledger.undo import SETTLED
from payouts.models import SettlementOutcome
from payouts.settlement import verdicts
from payouts.settlement.verdicts import Paid, Verdict
from workers.models import Engagement, Vendor

LOST = ("fee", "late_fee")


def post(
    *, vendor: Vendor, payment_ids: Collection[int], origin: uuid.UUID, chunk: int, at: datetime
) -> bool:
    """Judge these payments by all reports of them, and post the difference in one batch.

    Called under the vendor's lock. Returns whether there was anything to post. A fixed number of
    queries, whatever the number of payments.
    """
    payments = Payment.objects.filter(pk__in=payment_ids, void=False, corrected_by=None)
    there = arrivals.known(payments)
    judged = _judge(there)
    wanted = {pk: one for pk, one in judged.items() if _differs(there[pk], one)}
    if not wanted:
        return False
    transfers = _arrivals_of(wanted)
    engagements = {there[pk].latest.engagement_id for pk in wanted}  # type: ignore[union-attr]
    accounts = journal.accounts(Engagement.objects.filter(pk__in=engagements))
    evidence = _evidence(wanted)
    with journal.batch(vendor=vendor, kind=SETTLED, at=at, origin=origin, chunk=chunk) as draft:
        draft.load_streams(engagements)
        posted = Posted(draft, vendor.zone, ms_of(at))
        for pk in sorted(wanted):
            account = accounts[there[pk].latest.engagement_id]  # type: ignore[union-attr]
            posted.settle(account, evidence[pk], there[pk], wanted[pk], transfers[pk])
        works = arrivals.works_of(wanted) | posted.met
        payment_posting.touch_work(draft, works)
    return True


class Posted:
    """What one batch posts of payments, row by row."""

    def __init__(self, draft: Draft, zone: str, now_ms: int) -> None:
        self.draft, self.zone, self.now_ms = draft, zone, now_ms
        self.met: set[int] = set()

    def settle(
        self,
        account: Account,
        evidence: tuple[int, bytes],
        there: KnownPayment,
        verdict: Verdict,
        transfers: list[Transfer],
    ) -> None:
        """Post one payment's row: what arrived of it, or that it came back."""
        line, raw = evidence
        row = self.draft.row(account, line=line, raw=raw)
        # A report has a day and no hour: all of the day may have passed, but not more than now.
        ends = last_ms_of(verdict.on, self.zone) if verdict.on else None
        at_ms = min(ends, self.now_ms) if ends is not None else None
        if verdict.has_come_back:
            self._take_back(row, there, verdict, transfers, at_ms or self.now_ms)
            return
        if there.balances[FEES] > verdict.fee_micros:
            self._give_back_fees(row, there, transfers, at_ms or self.now_ms)
        arrivals.post(
            row, there, received=verdict.received_micros,
            fees=max(verdict.fee_micros, there.balances[FEES]), at_ms=at_ms,
        )  # fmt: skip

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
    rows: dict[int, list[SettlementOutcome]] = defaultdict(list)
    for row in SettlementOutcome.objects.filter(payment__in=list(there)).select_related("entry"):
        rows[row.payment_id].append(row)  # type: ignore[index]
    remitted = _remitted(there)
    judged, changed = {}, []
    for pk, known in there.items():
        assert known.latest is not None
        paid = Paid(known.latest.amount_micros, known.latest.currency, *remitted[pk])
        judged[pk] = verdicts.judge(paid, [_report(row) for row in rows[pk]])
        for row in rows[pk]:
            outcome, reason = judged[pk].outcomes[row.pk]
            if (row.outcome, row.reason) != (outcome, reason[:300]):
                row.outcome, row.reason = outcome, reason[:300]
                changed.append(row)
    SettlementOutcome.objects.bulk_update(changed, ["outcome", "reason"], batch_size=200)
    return judged


def _report(row: SettlementOutcome) -> verdicts.Report:
    entry = row.entry
    instructed = None
    if entry.instructed_micros is not None:
        instructed = (entry.instructed_micros, entry.instructed_currency)
    return verdicts.Report(
        row.pk, entry.direction, entry.status, entry.amount_micros, entry.currency,
        entry.happened_on, entry.fee_micros, entry.bank_reference, entry.reason_code, instructed,
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
    if verdict.has_come_back:
        return there.on_its_way_or_there > 0
    wanted = (verdict.received_micros, verdict.fee_micros)
    return (there.balances["received"], there.balances[FEES]) != wanted and (
        there.on_its_way_or_there > 0
    )


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
