"""W32 for what detectors look at: a kind of record that a vendor never brought in, once each.

A detector whose facts are not there at all finds nothing, and that is not "nothing is wrong". These
notices stand above the list of flags; they say what cannot be told, and what would change that.
"""

from collections.abc import Collection
from typing import NamedTuple

from payouts.detectors.shapes import Finding


class Record(NamedTuple):
    """A kind of record. codes: the detectors that look at it."""

    codes: tuple[str, ...]
    gap: str  # what is missing, and what cannot be told without it
    mend: str


RECORDS = {
    "activity": Record(
        ("W14", "W15"),
        "no tool's measure of active time is on record, so nobody can tell whether time was cut "
        "or ran out on somebody who was working",
        "Export active_seconds with the work, if the tool measures it.",
    ),
    "sessions": Record(
        ("W18", "W22", "W24", "W26"),
        "only tasks are on record: no training, tests, rework, meetings or waiting, so nobody "
        "can tell whether they were paid",
        "Export those sessions as rows of their own, with their work_category.",
    ),
    "rates": Record(
        ("W12", "W13", "W29"),
        "no agreed rates are on record, so nobody can tell whether work was priced below them",
        "Record the rates that were agreed, with the day from which each holds.",
    ),
    "deliveries": Record(
        ("W03",),
        "work was refused, and no manifest of what was delivered is on record, so nobody can tell "
        "whether refused work was used",
        "Bring in what was delivered: manage.py import_manifest.",
    ),
    "exports": Record(
        ("W05",),
        "no later complete export is on record, so nobody can tell whether work has vanished",
        "Bring in a complete export from time to time, and declare it complete.",
    ),
}


def detect(
    code: str, version: int, missing: Collection[str], *, currency: str, since_at_ms: int
) -> list[Finding]:
    """Return one finding for each kind of record that is missing. missing: names in RECORDS.

    since_at_ms: the first work of the vendor.
    """
    return [
        Finding(
            code=code,
            version=version,
            subject=f"record {name}",
            stake_micros=0,
            currency=currency,
            since_at_ms=since_at_ms,
            evidence={"record": name, "codes": list(RECORDS[name].codes)},
        )
        for name in sorted(missing)
    ]
