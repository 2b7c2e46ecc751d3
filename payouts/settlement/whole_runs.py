"""What a bank says of a whole payout file, told apart into what it says of each of its payments.

A bank may book many transfers as one debit, or reject a file as a whole. It then names the file or
the block (pain.001: MsgId, PmtInfId), and no payment. Which payments those are the run knows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from payouts.models import PayItem
from payouts.runs import files
from payouts.settlement.entries import PENDING, Entry, Report
from workers.models import Vendor


def apart(report: Report, vendor: Vendor) -> Report:
    """Return a report whose entries for all payments of a file are one entry a payment.

    An entry of another amount than the payments have together stays what it is. At most one query.
    """
    whole = [entry for entry in report.entries if _may_be_whole(entry)]
    named = {reference for entry in whole for reference in entry.references}
    payments = files.paid_under(vendor, named)
    if not payments:
        return report
    statements = [
        replace(one, entries=[each for entry in one.entries for each in _told(entry, payments)])
        for one in report.statements
    ]
    return replace(report, statements=tuple(statements))


def _may_be_whole(entry: Entry) -> bool:
    return not (entry.end_to_end_id or entry.is_charge or entry.status == PENDING)


def _told(entry: Entry, payments: Mapping[str, Sequence[PayItem]]) -> list[Entry]:
    """Return what an entry says of each payment; itself where it speaks of no file of ours."""
    named = [payments[reference] for reference in entry.references if reference in payments]
    if not (_may_be_whole(entry) and named and _is_all_of(entry, named[0])):
        return [entry]
    has_amount = entry.amount_micros is not None
    return [
        replace(
            entry,
            place=f"{entry.place}, {item.reference}",
            amount_micros=item.goes_out[0] if has_amount else None,
            end_to_end_id=item.reference,
        )
        for item in named[0]
    ]


def _is_all_of(entry: Entry, items: Sequence[PayItem]) -> bool:
    """Tell whether an entry is about the whole: of their amount and currency, if it has any."""
    if entry.amount_micros is None:
        return True
    currencies = {item.goes_out[1] for item in items}
    together = sum(item.goes_out[0] for item in items)
    is_their_money = currencies == {entry.currency} and together == entry.amount_micros
    return is_their_money and not entry.fee_micros
