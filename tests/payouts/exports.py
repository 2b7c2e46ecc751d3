"""Small canonical files, written and brought in: what a vendor exported, and what it paid."""

import csv
from datetime import UTC, date, datetime, timedelta
from itertools import count

from tests import bringing

AS_OF = datetime(2026, 11, 2, 6, tzinfo=UTC)
START = datetime(2026, 10, 7, 9, tzinfo=UTC)
numbers = count(1)


def work(account="ada", number=1, **given):
    """Return a row: an hour of work for 20.00, approved the next day and due on 12 October."""
    start = given.pop("start", START + timedelta(hours=number))
    row = {
        "external_id": f"{account}-{number}",
        "worker_external_id": account,
        "source_system": "studio",
        "project": "maps",
        "task_type": "outline",
        "status": "approved",
        "started_at": start.isoformat(),
        "ended_at": (start + timedelta(hours=1)).isoformat(),
        "rate_kind": "piece",
        "rate_amount": "20.00",
        "currency": "USD",
        "status_at": "2026-10-08T12:00:00Z",
        "status_reason": "",
        "decide_by": "",
        "due_at": "2026-10-12T12:00:00Z",
    }
    return {**row, **given}


def pending(account="ada", number=1, **given):
    """Return a row: the same work, to be decided on by 20 October."""
    undecided = {"status": "submitted", "status_at": "", "due_at": ""}
    return work(account, number, **undecided, decide_by="2026-10-20T12:00:00Z", **given)


def payment(account="ada", amount="20.00", works="", **given):
    """Return a row of a remittance, sent on 12 October."""
    row = {
        "payment_reference": f"P{next(numbers)}",
        "worker_external_id": account,
        "source_system": "studio",
        "amount": amount,
        "currency": "USD",
        "sent_at": "2026-10-12T10:00:00Z",
        "arrived_at": "",
        "fee": "",
        "work_ids": works,
    }
    return {**row, **given}


def bring_work(vendor, folder, *rows, **given):
    """Write rows of work into a file and bring it in."""
    return bringing.bring_in(vendor, written(folder, rows), **given)


def bring_payouts(vendor, folder, *rows, complete_until=date(2026, 11, 2), **given):
    """Write rows of a remittance into a file and bring it in, as known until 2 November."""
    path = written(folder, rows)
    return bringing.bring_in(vendor, path, kind="payouts", complete_until=complete_until, **given)


def written(folder, rows):
    path = folder / f"export-{next(numbers)}.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path
