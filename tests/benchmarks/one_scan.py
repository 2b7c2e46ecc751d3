"""One scan of a vendor, measured in this process beside a plain read of the same rows.

Parameters: vendor, full, later. Prints what `run` returns. The read fetches every transfer and
every piece of work once, the columns that detectors look at, in the order in which they lie.
"""

import json
import sys
from collections import deque
from datetime import timedelta
from typing import Any

import django

django.setup()

from django.db.models import Model  # noqa: E402

from ledger.models import Transfer, Work  # noqa: E402
from ledger.periods import datetime_of  # noqa: E402
from ledger.sample.days import AS_OF_S  # noqa: E402
from payouts import scanning  # noqa: E402
from tests.benchmarks.measuring import Meter, peak_mb  # noqa: E402
from workers.models import Vendor  # noqa: E402

READ: dict[type[Model], tuple[str, ...]] = {
    Transfer: ("work_id", "source", "target", "amount_micros", "happened_at_ms", "due_at_ms"),
    Work: ("engagement_id", "root_id", "revision", "void", "ended_at_ms", "decide_by_at_ms"),
}


def run(vendor: str, full: bool, later: int) -> dict[str, Any]:
    """Scan once, and read. later: hours after the first scan; what decides what is late stays.

    Returns what the scan and the read used, how many accounts were looked at, and flags by code.
    """
    owner = Vendor.objects.get(slug=vendor)
    as_of = datetime_of(AS_OF_S * 1000)
    meter = Meter()
    scan = scanning.scan(vendor=owner, as_of=as_of, at=as_of + timedelta(hours=later), full=full)
    used, peak = meter.read(), peak_mb()
    meter = Meter()
    for model, columns in READ.items():
        rows = model._default_manager.values_list(*columns)
        deque(rows.iterator(chunk_size=10_000), maxlen=0)
    return {
        "scan": used,
        "read": meter.read(),
        "peak_mb": peak,
        "accounts": scan.accounts,
        "looked_at": scan.looked_at,
        "counts": {code: told for code, told in scan.counts.items() if any(told.values())},
    }


if __name__ == "__main__":
    print(json.dumps(run(**json.loads(sys.argv[1]))))
