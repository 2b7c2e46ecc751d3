"""Measures one month of statements on the database that it is given (statements_end_to_end.py)."""

import json
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import django


def measured(workers: int, rounds: int) -> dict[str, Any]:
    """Return statements per second, ours and bare, and their ratio."""
    from payouts.models import Statement
    from payouts.statements import issue, render
    from payouts.statements.data import from_json
    from tests.benchmarks import statement_speed

    at = datetime(2026, 11, 4, 8, tzinfo=UTC)
    vendor = sample(workers, at)
    began = time.perf_counter()
    issued = issue.issue_all(vendor=vendor, period="2026-10", by=None, at=at)["new"]
    issue_s = (time.perf_counter() - began) / issued
    pages = [
        statement_speed.recorded(from_json(text))
        for text in Statement.objects.order_by("pk").values_list("data", flat=True)
    ]
    ours, limits = [], []
    for _ in range(rounds):
        began = time.perf_counter()
        for statement in Statement.objects.order_by("pk").iterator(100):
            render.pdf_of(statement)
        between = time.perf_counter()
        for drawn in pages:
            statement_speed.bare(drawn)
        ours.append((between - began) / issued)
        limits.append((time.perf_counter() - between) / issued)
    render_s, bare_s = statistics.median(ours), statistics.median(limits)
    return {
        "statements": issued,
        "pages": sum(map(len, pages)) / issued,
        "issue_ms": issue_s * 1000,
        "render_ms": render_s * 1000,
        "per_second": 1 / (issue_s + render_s),
        "bare_per_second": 1 / bare_s,
        "ratio": bare_s / (issue_s + render_s),
    }


def sample(workers: int, at: datetime) -> Any:
    """Bring the sample in and return its vendor."""
    from ledger.sample.writing import write_sample
    from payouts import sample as sample_files
    from tests import bringing

    with tempfile.TemporaryDirectory() as name:
        plan: Any = write_sample(Path(name), workers=workers)
        bringing.floor_since_2010()
        return sample_files.bring_in(folder=Path(name), plan=plan, at=at).vendor


if __name__ == "__main__":
    django.setup()
    print(json.dumps(measured(**json.loads(sys.argv[1]))))
