"""An account that is owed money, brought about by the real ways in: what withholding tests need."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from ledger.attempts import balances_of
from ledger.grounds import Grounds
from ledger.models import Transfer
from tests import bringing

COLUMNS = (
    "external_id,worker_external_id,source_system,project,task_type,status,started_at,ended_at,"
    "rate_amount,currency,status_at,status_reason,decide_by"
)
PAID = "payment_reference,worker_external_id,source_system,amount,currency,sent_at,work_ids"
MONDAY = datetime(2026, 9, 7, 8, tzinfo=UTC)
DAY = timedelta(days=1)
NOW = datetime(2026, 12, 1, tzinfo=UTC)
DOLLAR = 1_000_000


def row(name, dollars=10, status="approved", day=1, reason="", decided=True):
    """Return one piece of work of account w-0, decided on a day of September."""
    number = int(name[1:])
    start = MONDAY + timedelta(hours=number)
    is_decided = status in ("approved", "rejected") and decided
    return ",".join(
        [
            name, "w-0", "tool", "boats", "boxes", status, start.isoformat(),
            (start + timedelta(minutes=30)).isoformat(), f"{dollars}.00", "USD",
            (MONDAY + day * DAY).isoformat() if is_decided else "", reason,
            (MONDAY + 7 * DAY).isoformat(),
        ]
    )  # fmt: skip


def work(vendor, folder, *rows, as_of=10):
    """Bring in an export of work, made on that day."""
    path = folder / f"work-{as_of}.csv"
    path.write_text("\n".join([COLUMNS, *rows]) + "\n")
    return bringing.bring_in(vendor, path, exported_at=MONDAY + as_of * DAY, at=NOW)


def paid(vendor, folder, reference, dollars, works=""):
    """Bring in a remittance record with one payment."""
    path = folder / f"{reference}.csv"
    sent = (MONDAY + 20 * DAY).isoformat()
    path.write_text(f"{PAID}\n{reference},w-0,tool,{dollars}.00,USD,{sent},{works}\n")
    return bringing.bring_in(vendor, path, kind="payouts", at=NOW)


def money(vendor, name=None):
    """Return where the money of one piece of work is, or of all, in dollars."""
    rows = Transfer.objects.filter(engagement__vendor=vendor)
    rows = rows.filter(work__external_id=name) if name else rows
    at = balances_of(list(rows))
    return Counter({name: micros // DOLLAR for name, micros in at.items() if micros})


def grounds(**given):
    """Return grounds that are enough for every kind of decision but the end of a hold."""
    values = {
        "code": "quality_review",
        "text": "a second look at this work",
        "decided_by": "pay desk",
        "notice_at": NOW - 10 * DAY,
        "legal_basis": "clause 7 of the contract",
        "evidence": "review 17",
        "appeal": "write to pay@example.com",
    }
    return Grounds(**{**values, **given})


def until(days=30, **given):
    """Return grounds for a hold."""
    return grounds(**{"ends_at": NOW + days * DAY, **given})
