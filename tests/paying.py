"""Rows of pay on its way for tests: runs, and what banks report. Others are in factories.py."""

import hashlib
from datetime import date

from payouts.models import (
    PayItem,
    PayRun,
    SettlementEntry,
    SettlementFile,
    SettlementOutcome,
    SettlementParty,
)
from tests.factories import AT, numbers


def run(of, *accounts, **given):
    """Return a draft of a run that pays 5 USD to each of these accounts of a vendor."""
    values = {
        "number": next(numbers),
        "currency": "USD",
        "first_on": date(2026, 10, 1),
        "last_on": date(2026, 10, 31),
        "drafted_at": AT,
    }
    made = PayRun.objects.create(vendor=of, **{**values, **given})
    for account in accounts:
        PayItem.objects.create(
            run=made,
            engagement=account,
            reference=f"REF{next(numbers):06}",
            owed_micros=5_000_000,
            amount_micros=5_000_000,
            pieces=1,
            digest="",
        )
    return made


def settlement_file(of, **given):
    """Return a bank's file that was read."""
    number = next(numbers)
    values = {
        "format": "camt.053",
        "name": f"bank-{number}.xml",
        "sha256": hashlib.sha256(str(number).encode()).hexdigest(),
        "size": 1000,
        "state": "done",
        "created_at": AT,
    }
    return SettlementFile.objects.create(vendor=of, **{**values, **given})


def settlement_entry(file, *, payment=None, name="", **given):
    """Return a booked debit that matches no payment, or this one."""
    number = next(numbers)
    values = {
        "number": number,
        "place": f"entry {number}",
        "identity": hashlib.sha256(str(number).encode()).hexdigest(),
        "direction": "debit",
        "status": "booked",
        "amount_micros": 5_000_000,
        "currency": "USD",
        "lies_on": date(2026, 10, 14),
        "end_to_end_id": f"E2E{number:05}",
    }
    entry = SettlementEntry.objects.create(vendor=file.vendor, file=file, **{**values, **given})
    outcome = "unmatched" if payment is None else "settled"
    SettlementOutcome.objects.create(
        entry=entry, vendor=file.vendor, outcome=outcome, payment=payment
    )
    SettlementParty.objects.create(entry=entry, name=name)
    return entry
