"""W32 for what detectors look at: a kind of record that a vendor never brought in, once each.

A detector whose facts are not there at all finds nothing, and that is not "nothing is wrong". These
notices stand above the list of flags; they say what cannot be told, and what would change that.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from payouts.detectors.shapes import Finding


class Record(NamedTuple):
    """A kind of record. codes: the detectors that look at it."""

    codes: tuple[str, ...]
    gap: Promise  # what is missing, and what cannot be told without it
    mend: Promise


RECORDS = {
    "activity": Record(
        ("W14", "W15"),
        gettext_lazy(
            "no tool's measure of active time is on record, so nobody can tell whether time was "
            "cut or ran out on somebody who was working"
        ),
        gettext_lazy("Export active_seconds with the work, if the tool measures it."),
    ),
    "sessions": Record(
        ("W18", "W22", "W24", "W26"),
        gettext_lazy(
            "only tasks are on record: no training, tests, rework, meetings or waiting, so nobody "
            "can tell whether they were paid"
        ),
        gettext_lazy("Export those sessions as rows of their own, with their work_category."),
    ),
    "rates": Record(
        ("W12", "W13", "W29"),
        gettext_lazy(
            "no agreed rates are on record, so nobody can tell whether work was priced below them"
        ),
        gettext_lazy("Record the rates that were agreed, with the day from which each holds."),
    ),
    "endings": Record(
        ("W09", "W10"),
        gettext_lazy(
            "no deactivated account and no closed project is on record, so nobody can tell whether "
            "what was owed at the end was settled"
        ),
        gettext_lazy(
            "Record them when they happen: manage.py deactivate, manage.py close_project."
        ),
    ),
    "promises": Record(
        ("W11",),
        gettext_lazy(
            "no promised bonus is on record, so nobody can tell whether bonuses were kept back"
        ),
        gettext_lazy("Record bonuses as they are promised: manage.py promise."),
    ),
    "instructions": Record(
        ("W22", "W23"),
        gettext_lazy(
            "no instructions or courses are on record, so nobody can tell how much had to be read"
        ),
        gettext_lazy("Record each version with its length: manage.py add_course."),
    ),
    "conditions": Record(
        ("W11",),
        gettext_lazy(
            "promised bonuses were due, and undecided work or unclear words leave open whether "
            "they were earned"
        ),
        gettext_lazy("Decide the work, or award the bonus."),
    ),
    "deliveries": Record(
        ("W03",),
        gettext_lazy(
            "work was refused, and no manifest of what was delivered is on record, so nobody can "
            "tell whether refused work was used"
        ),
        gettext_lazy("Bring in what was delivered: manage.py import_manifest."),
    ),
    "time": Record(
        ("W28",),
        gettext_lazy(
            "weeks of work without any time are on record, so nobody can tell whether what they "
            "earned reaches the floor"
        ),
        gettext_lazy("Export the work with started_at and ended_at, or with its wall_seconds."),
    ),
    "exports": Record(
        ("W05",),
        gettext_lazy(
            "no later complete export is on record, so nobody can tell whether work has vanished"
        ),
        gettext_lazy("Bring in a complete export from time to time, and declare it complete."),
    ),
}


def detect(
    code: str,
    version: int,
    missing: Mapping[str, Mapping[str, Any]],
    *,
    currency: str,
    since_at_ms: int,
) -> list[Finding]:
    """Return one finding for each kind of record that is missing.

    missing: by name in RECORDS, what is known of how much it is about. since_at_ms: the first work
    of the vendor.
    """
    return [
        Finding(
            code=code,
            version=version,
            subject=f"record {name}",
            stake_micros=0,
            currency=currency,
            since_at_ms=since_at_ms,
            evidence={"record": name, "codes": list(RECORDS[name].codes), **known},
        )
        for name, known in sorted(missing.items())
    ]
