"""Brings files in by the real way in: received, checked, posted, weeks computed."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from ledger import agreeing, intake, jobs
from ledger.models import Import, WageFloor
from ledger.money import Money
from workers.models import Vendor

AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def floor_since_2010() -> WageFloor:
    """Return the floor of 15 dollars an hour, which bridges pauses up to a minute."""
    return agreeing.set_floor(
        hourly=Money(15_000_000, "USD"),
        from_on=date(2010, 1, 1),
        reason="a living wage",
        decided_by="council",
        at=AT,
    )


def bring_in(
    vendor: Vendor, path: Path, *, kind: str = "work", at: datetime = AT, **given: Any
) -> Import:
    """Bring a file in and return its import, done; AssertionError where it is refused."""
    imported, _ = intake.receive(
        vendor=vendor, kind=kind, path=path, name=path.name, at=at, **given
    )
    jobs.run(job_id=intake.job_of(imported).pk, at=at)
    imported.refresh_from_db()
    assert imported.state == "done", (path.name, imported.state, imported.refusal)
    # A test's transaction is never committed, so the file would stay.
    (intake.uploads() / imported.uuid.hex).unlink(missing_ok=True)
    return imported
