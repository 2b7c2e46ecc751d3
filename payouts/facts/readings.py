"""Reads what accounts had to read for their work: instructions and courses, two queries a chunk.

The versions are read once a scan; where a vendor has none on record, nothing is asked. Who read
what is told by a pure rule: ledger/reading.py.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from django.db.models import Max, Min

from ledger import reading
from ledger.models import Course, Work
from ledger.periods import midnight_ms
from ledger.reading import MEASURED_AS, Measured, Version, Worked
from payouts.detectors.terms import Reading
from payouts.facts.background import Background

QUERIES = 2  # where there is anything to read
KINDS = sorted(frozenset().union(*MEASURED_AS.values()))


def versions(courses: Iterable[Course], zone: str) -> list[Version]:
    """Return all versions of a vendor's instructions and courses, in order."""
    rows = sorted(courses, key=lambda row: (row.project, row.name, row.version))
    starts = [midnight_ms(row.from_on, zone) for row in rows]
    found = []
    for place, row in enumerate(rows):
        later = rows[place + 1] if place + 1 < len(rows) else None
        same = later is not None and (later.project, later.name) == (row.project, row.name)
        found.append(
            Version(
                row.pk, row.project, row.task_type, row.name, row.version, row.kind, row.words,
                row.pages, row.fresh_words, row.required, starts[place],
                starts[place + 1] if same else None,
            )
        )  # fmt: skip
    return found


def read(background: Background, engagement_ids: Collection[int]) -> dict[int, list[Reading]]:
    """Return by account what it has read by all appearance, and which rows measured it."""
    texts = versions(background.courses, background.vendor.zone)
    if not texts:
        return {}
    worked, measured = _told(texts, engagement_ids, background.as_of_ms)
    found = {}
    for pk, spans in worked.items():
        own = measured.get(pk, {})
        reads = reading.read_by(texts, worked=spans, measured=list(own.values()))
        found[pk] = [_reading(background, one, list(own)) for one in reads]
    return found


def _told(
    texts: Collection[Version], engagement_ids: Collection[int], as_of_ms: int
) -> tuple[dict[int, list[Worked]], dict[int, dict[int, Measured]]]:
    """Return what accounts worked in the projects of these texts, and measured rows by root."""
    rows = Work.objects.filter(
        engagement__in=list(engagement_ids),
        project__in={one.project for one in texts},
        ended_at_ms__lte=as_of_ms,
        void=False,
        corrected_by=None,
    )
    worked: defaultdict[int, list[Worked]] = defaultdict(list)
    tasks = rows.exclude(kind__in=[*KINDS, "award"]).values_list(
        "engagement_id", "project", "task_type"
    )
    for pk, *work in tasks.annotate(Min("started_at_ms"), Max("started_at_ms")).order_by():
        worked[pk].append(Worked(*work))
    measured: defaultdict[int, dict[int, Measured]] = defaultdict(dict)
    for row in rows.filter(kind__in=KINDS).only(
        "engagement", "root", "project", "task_type", "kind", "started_at_ms"
    ):
        one = Measured(row.project, row.task_type, row.kind, row.started_at_ms)
        measured[row.engagement_id][row.root_id] = one
    return worked, measured


def _reading(background: Background, one: reading.Read, roots: Sequence[int]) -> Reading:
    """Return a reading as detectors see it. roots: of the rows that measured, in their order."""
    text = one.version
    rate = background.rates.at(
        project=text.project, task_type=text.task_type, claimed_at_ms=one.at_ms
    )
    hourly, currency = background.worth_of_an_hour(background.floor_at(one.at_ms), rate)
    return Reading(
        course_id=text.id,
        project=text.project,
        name=text.name,
        version=text.version,
        at_ms=one.at_ms,
        is_change=one.read_before,
        measured_by=frozenset(roots[at] for at in one.measured_by),
        time_ms=one.estimate.time_ms,
        basis=one.estimate.basis,
        hourly_micros=hourly,
        currency=currency,
    )
