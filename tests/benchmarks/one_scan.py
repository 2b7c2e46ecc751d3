"""One scan of a vendor, measured in this process beside a plain read of the same rows.

Parameters: vendor. Prints what `run` returns. The read fetches every transfer and every piece of
work once, the columns that detectors look at, in the order in which they lie.
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


def run(vendor: str) -> dict[str, Any]:
    """Scan twice. Returns what the first, the second, and the read used; and the flags by code."""
    owner = Vendor.objects.get(slug=vendor)
    as_of = datetime_of(AS_OF_S * 1000)
    used = {}
    for name, later in (("first", 0), ("again", 1)):
        meter = Meter()
        scan = scanning.scan(vendor=owner, as_of=as_of, at=as_of + timedelta(hours=later))
        used[name] = meter.read()
    peak = peak_mb()
    meter = Meter()
    for model, columns in READ.items():
        rows = model._default_manager.values_list(*columns)
        deque(rows.iterator(chunk_size=10_000), maxlen=0)
    return {**used, "read": meter.read(), "peak_mb": peak, "counts": scan.counts}


if __name__ == "__main__":
    print(json.dumps(run(**json.loads(sys.argv[1]))))
