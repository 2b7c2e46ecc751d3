"""Pay runs: who is sent how much, when, and for which work if the remittance says so.

Work that is due is paid on the Friday before its due date. Some workers' remittances list the work
they pay, some do not.
"""

from collections import defaultdict
from collections.abc import Iterable
from random import Random

from ledger.sample.days import AS_OF_S, DAY, HOUR, stamp, week_of, week_start_s
from ledger.sample.work import CURRENCY, MICROS, SOURCE, Payment, Work, money

COLUMNS = (
    "payment_reference",
    "worker_external_id",
    "source_system",
    "amount",
    "currency",
    "sent_at",
    "arrived_at",
    "fee",
    "arrived_amount",
    "arrived_currency",
    "work_ids",
)
RUN_BEFORE_S = 3 * DAY - 9 * HOUR  # Friday 09:00, for what is due on Monday 00:00


def pay_runs(rng: Random, works: Iterable[Work], lists_work: bool) -> list[Payment]:
    """Return one payment for each due date that has come, of exactly what is due then."""
    debts: dict[int, list[Work]] = defaultdict(list)
    for work in works:
        if work.due_s is not None and work.due_s <= AS_OF_S and work.paid_in_run:
            debts[work.due_s].append(work)
    with_fee = rng.random() < 0.06
    return [_payment(due, debts[due], lists_work, with_fee) for due in sorted(debts)]


def file_name(payment: Payment) -> str:
    """Return the file that a payment is reported in: one a week, and one for those too early."""
    sunday = stamp(week_start_s(week_of(payment.sent_s) + 1) - 1)[:10]
    kind = "early" if payment.early else sunday
    return f"remittance-{kind}.csv"


def reference(account: str, number: int) -> str:
    """Return what the vendor and its bank call an account's payment of this number."""
    return f"TGL-{account}-{number:03d}"


def row(account: str, number: int, payment: Payment) -> list[str]:
    """Return a payment's row in the canonical remittance CSV."""
    amount, currency = payment.exchanged or (None, "")
    return [
        reference(account, number),
        account,
        SOURCE,
        money(payment.amount_micros),
        CURRENCY,
        stamp(payment.sent_s),
        "" if payment.arrived_s is None else stamp(payment.arrived_s),
        money(payment.fee_micros) if payment.fee_micros else "",
        "" if amount is None else money(amount),
        currency,
        ";".join(payment.works),
    ]


def _payment(due: int, debts: list[Work], lists_work: bool, with_fee: bool) -> Payment:
    sent = due - RUN_BEFORE_S
    amount = sum(work.pay_micros or 0 for work in debts)
    return Payment(
        sent_s=sent,
        amount_micros=amount,
        works=tuple(work.external_id for work in debts) if lists_work else (),
        arrived_s=sent + DAY + 2 * HOUR,
        fee_micros=MICROS if with_fee and amount >= 20 * MICROS else 0,
    )
