"""Reference rates in the database: brought in once, read for the days that are asked for.

The first rate of a pair and a day stays. A file that says another one is a conflict, which is
shown and changes nothing: what was judged stays judged.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from django.db import connection, transaction

from ledger import bulk, exchanged, files, journal, week_marks, weeks
from ledger.exchange import MOST_AGE, format_rate
from ledger.importers.reading import UnreadableFile
from ledger.importers.reference_rates import Quoted, opened, rates, recognise
from ledger.models import RateFile, ReferenceRate, WeekMark, WorkWeek
from workers.models import User, Vendor

AT_ONCE = 5_000  # rows
CONFLICTS = 1_000  # so many are listed; all are counted
AHEAD = timedelta(days=1)  # east of Greenwich the day begins earlier
STILL_COUNTS = MOST_AGE + AHEAD
NO_VENDOR = 0  # whose lock keeps the numbers of files in the order in which they are committed


@dataclass(frozen=True)
class Conflict:
    """A rate that is not taken, as another one is known for its pair and day. Billionths."""

    said: Quoted
    known_nanos: int

    def __str__(self) -> str:
        said = self.said
        return (
            f"line {said.line}: {format_rate(said.nanos)} {said.currency} for one {said.base} on "
            f"{said.on}, but {format_rate(self.known_nanos)} is recorded"
        )


@dataclass
class BroughtIn:
    """What became of a file of rates. is_new: it had not been brought in before."""

    file: RateFile
    is_new: bool = True
    conflicts: list[Conflict] = field(default_factory=list)
    weeks: int = 0  # that were computed again


def bring_in(
    *, path: Path, name: str, source: str = "", by: User | None = None, at: datetime
) -> BroughtIn:
    """Record the rates of a file that are not known yet, and price the weeks that waited for them.

    source: who published them, where the file does not say. The same file again adds nothing.
    Raises UnreadableFile, and then nothing of it is kept.
    """
    sha256 = files.sha256(path)
    with transaction.atomic():
        _wait_for_other_files()
        there = RateFile.objects.filter(sha256=sha256).first()
        if there is not None:
            return BroughtIn(there, is_new=False)
        with opened(path) as read:
            kind = recognise(read.header)
            said = list(rates(read, source))
        _refuse_what_is_ahead(said, at)
        new, conflicts, counts = _compare(said)
        brought = BroughtIn(
            RateFile.objects.create(
                name=Path(name).name[:200],
                sha256=sha256,
                format=kind,
                counts=dict(counts),
                recorded_at=at,
                recorded_by=by,
            ),
            conflicts=conflicts,
        )
        _record(brought.file, new)
        waiting = _mark_what_waited(new)
    brought.weeks = sum(weeks.refresh(vendor) for vendor in waiting)
    return brought


def _wait_for_other_files() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [journal.LOCK, NO_VENDOR])


def _refuse_what_is_ahead(said: Iterable[Quoted], at: datetime) -> None:
    for quoted in said:
        if quoted.on > at.date() + AHEAD:
            raise UnreadableFile(
                f"line {quoted.line}: {quoted.on}",
                f"a rate is of a day that has come; today is {at.date()}",
                "Correct the day, or this machine's clock",
            )


def _compare(said: list[Quoted]) -> tuple[list[Quoted], list[Conflict], Counter[str]]:
    """Return the rates that are new, those that contradict what is known, and how many of each."""
    counts = Counter(new=0, known=0, conflicts=0)
    new: list[Quoted] = []
    conflicts: list[Conflict] = []
    by_pair: dict[tuple[str, str], list[Quoted]] = defaultdict(list)
    for quoted in said:
        by_pair[quoted.currency, quoted.base].append(quoted)
    for (currency, base), quotes in by_pair.items():
        recorded = ReferenceRate.objects.filter(currency=currency, base=base)
        known = dict(recorded.values_list("quoted_on", "nanos"))
        for quoted in quotes:
            there = known.get(quoted.on)
            if there is None:
                known[quoted.on] = quoted.nanos
                new.append(quoted)
                counts["new"] += 1
            elif there == quoted.nanos:
                counts["known"] += 1
            else:
                counts["conflicts"] += 1
                conflicts.append(Conflict(quoted, there))
    conflicts.sort(key=lambda one: one.said.line)
    return new, conflicts[:CONFLICTS], counts


def _record(file: RateFile, quotes: list[Quoted]) -> None:
    bulk.insert(
        ReferenceRate,
        ("file_id", "currency", "base", "quoted_on", "nanos", "source"),
        ((file.pk, one.currency, one.base, one.on.isoformat(), one.nanos, one.source)
         for one in quotes),
    )  # fmt: skip


def _mark_what_waited(new: list[Quoted]) -> list[Vendor]:
    """Mark the weeks that these rates may change, and return whose they are.

    Those that have pay without a rate, and those of which a payment was exchanged about then.
    Others cannot change: what had a rate keeps it. Under each vendor's lock, so that no week that
    is just being computed without these rates is missed.
    """
    if not new:
        return []
    first, last = min(one.on for one in new), max(one.on for one in new)
    waiting = []
    for vendor in Vendor.objects.order_by("pk"):
        journal.lock(vendor)
        unpriced = WorkWeek.objects.filter(vendor=vendor, unpriced__gt=0)
        found = unpriced.values_list("engagement_id", "starts_on")
        week_marks.add_weeks(vendor, found.iterator(AT_ONCE))
        week_marks.add(vendor, exchanged.spans_of_work(vendor, first - AHEAD, last + STILL_COUNTS))
        if WeekMark.objects.filter(vendor=vendor).exists():
            waiting.append(vendor)
    return waiting
