"""What the vendor's bank reports of some payments: `settlement.csv`, a movement a row."""

from ledger.sample.days import stamp
from ledger.sample.remittances import reference
from ledger.sample.work import CURRENCY, Payment, money

FILE = "settlement.csv"
COLUMNS = ("settled_reference", "amount", "currency", "status", "booked_on", "fee", "reason")


def row(account: str, number: int, payment: Payment) -> list[str]:
    """Return what the bank says of an account's payment of this number."""
    told = payment.bank
    assert told is not None
    moved = payment.amount_micros if told.amount_micros is None else told.amount_micros
    return [
        reference(account, number),
        money(moved),
        CURRENCY,
        told.status,
        stamp(told.at_s)[:10],
        money(told.fee_micros) if told.fee_micros else "",
        told.reason,
    ]
