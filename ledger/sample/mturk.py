"""Three batches in the form of MTurk's results files, with the quirks of real ones.

MTurk pays on approval, so these workers appear in no remittance. Batch 1 is as downloaded: CRLF,
every cell quoted, a header two names longer than its rows. Batch 2 was saved again: LF, few quotes,
several ways to write a time. Batch 3 was downloaded twice, before and after its approval.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from math import log
from random import Random
from typing import NamedTuple

from ledger.sample.cases import Finding, NearMiss
from ledger.sample.days import DAY, HOUR, MINUTE, at_s
from ledger.sample.work import MICROS

REWARD_MICROS = 1_500_000
LEAST_HOURLY_MICROS = 17 * MICROS
COLUMNS = (
    "HITId",
    "HITTypeId",
    "Title",
    "Description",
    "Keywords",
    "Reward",
    "CreationTime",
    "MaxAssignments",
    "RequesterAnnotation",
    "AssignmentDurationInSeconds",
    "AutoApprovalDelayInSeconds",
    "Expiration",
    "NumberOfSimilarHITs",
    "LifetimeInSeconds",
    "AssignmentId",
    "WorkerId",
    "AssignmentStatus",
    "AcceptTime",
    "SubmitTime",
    "AutoApprovalTime",
    "ApprovalTime",
    "RejectionTime",
    "RequesterFeedback",
    "WorkTimeInSeconds",
    "LifetimeApprovalRate",
    "Last30DaysApprovalRate",
    "Last7DaysApprovalRate",
    "Input.image_url",
    "Answer.caption",
    "Approve",
    "Reject",
)
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


class Batch(NamedTuple):
    """One published batch: its number, first day of work, and seconds to the automatic approval."""

    number: int
    opened_s: int
    auto_s: int
    zones: tuple[str, ...]
    reward: str


BATCHES = (
    Batch(5210331, at_s("2026-09-01T16:00:00Z"), 3 * DAY, ("PDT",), "$1.50"),
    Batch(5210332, at_s("2026-09-15T16:00:00Z"), 3 * DAY, ("PDT", "PST", "UTC"), "$1.50 "),
    Batch(5210333, at_s("2026-09-28T16:00:00Z"), 30 * DAY, ("PDT",), "$1.50"),
)
BEFORE_S = at_s("2026-10-01T06:00:00Z")
AFTER_S = at_s("2026-10-30T06:00:00Z")


class Assignment(NamedTuple):
    hit: str
    assignment: str
    worker: str
    accepted_s: int
    submitted_s: int
    approved_s: int | None
    rejected_s: int | None = None
    feedback: str = ""

    @property
    def external_id(self) -> str:
        """The assignment's id and when it was accepted: MTurk uses ids again after a return."""
        return f"{self.assignment}@{datetime.fromtimestamp(self.accepted_s, UTC):%Y%m%dT%H%M%SZ}"


def assignments(rng: Random, workers: int) -> list[list[Assignment]]:
    """Return the work of the three batches, as it stands at the end."""
    people = ["A" + _letters(rng, 13) for _ in range(workers)]
    drawn = [_batch(rng, batch, people) for batch in BATCHES]
    drawn[2][0] = drawn[2][0]._replace(assignment=drawn[0][-1].assignment)
    return drawn


def planted(
    drawn: list[list[Assignment]],
) -> tuple[list[tuple[Finding, str]], list[tuple[NearMiss, str]]]:
    """Return the findings and near misses among the batches, each with its worker."""
    undecided = [work for work in drawn[2] if not (work.approved_s or work.rejected_s)]
    why = "its automatic approval has passed, and the last download still says Submitted"
    findings = [
        (Finding("W02", REWARD_MICROS, why, works=(work.external_id,)), work.worker)
        for work in undecided
    ]
    first = next(work for work in drawn[0] if work.approved_s and not work.rejected_s)
    again = next(work for work in drawn[0] if work.approved_s and work.rejected_s)
    refused = next(work for work in drawn[1] if work.rejected_s)
    later = next(work for work in drawn[2] if work.approved_s and work.approved_s > BEFORE_S)
    misses = [
        (NearMiss("W01", "MTurk pays on approval", (first.external_id,)), first.worker),
        (
            NearMiss("W01", "refused, then approved, and so paid", (again.external_id,)),
            again.worker,
        ),
        (NearMiss("W01", "refused work is not owed", (refused.external_id,)), refused.worker),
        (NearMiss("W02", "approved in the second download", (later.external_id,)), later.worker),
    ]
    return findings, misses


def file_text(index: int, works: list[Assignment], at: int) -> str:
    """Return the text of a batch's results file as downloaded at an instant, line ends included."""
    batch = BATCHES[index]
    quoted = index != 1
    end = "\n" if index == 1 else "\r\n"
    width = len(COLUMNS) - 2 if index == 0 else len(COLUMNS)
    lines = [_line(list(COLUMNS), quoted)]
    for number, work in enumerate(works):
        if work.submitted_s <= at:
            lines.append(_line(_cells(batch, number, work, at)[:width], quoted))
    if index == 1:
        lines.insert(len(lines) // 2, _line(_nobody(batch), quoted))
    return end.join(lines) + end


def _batch(rng: Random, batch: Batch, people: list[str]) -> list[Assignment]:
    works: list[Assignment] = []
    for worker in sorted(rng.sample(people, len(people) * 2 // 3)):
        while not _is_clean(session := list(_session(rng, batch, worker))):
            pass
        works += session
    return _with_rare_fates(batch, works)


def _session(rng: Random, batch: Batch, worker: str) -> Iterator[Assignment]:
    """Yield one sitting of one worker: some tasks one after the other, some held at once."""
    at = batch.opened_s + rng.randrange(3) * DAY + rng.randrange(5 * HOUR)
    for _ in range(rng.randint(3, 9)):
        end = at + round(max(60, min(500, rng.lognormvariate(log(175), 0.35))))
        decided = end + (rng.randint(DAY, 2 * DAY) if batch.auto_s < 4 * DAY else 4 * DAY)
        refused = rng.random() < 0.03
        yield Assignment(
            hit="3" + _letters(rng, 29),
            assignment="3" + _letters(rng, 29),
            worker=worker,
            accepted_s=at,
            submitted_s=end,
            approved_s=None if refused else decided,
            rejected_s=decided if refused else None,
            feedback="The caption does not describe the image." if refused else "",
        )
        at = at + 20 if rng.random() < 0.15 else end + rng.randrange(40)


def _with_rare_fates(batch: Batch, works: list[Assignment]) -> list[Assignment]:
    """Make sure of what every sample must hold: a refusal, one overturned, two never decided."""
    if batch is BATCHES[2]:
        for index in (len(works) // 3, len(works) * 2 // 3):
            works[index] = works[index]._replace(approved_s=None, rejected_s=None, feedback="")
        return works
    decided = works[5].submitted_s + DAY
    if batch is BATCHES[0]:
        works[5] = works[5]._replace(
            approved_s=decided + DAY, rejected_s=decided, feedback="Approved after a second look."
        )
    else:
        works[5] = works[5]._replace(approved_s=None, rejected_s=decided, feedback="Empty, or so.")
    return works


def _is_clean(session: list[Assignment]) -> bool:
    """Return whether a sitting is above the floor even if one of its tasks earns nothing."""
    spans = sorted((work.accepted_s, work.submitted_s) for work in session)
    held, last = 0, spans[0][0]
    for start, end in spans:
        held += max(0, end - (last if start - last <= MINUTE else start))
        last = max(last, end)
    earned = (sum(work.approved_s is not None for work in session) - 1) * REWARD_MICROS
    return earned * HOUR >= held * LEAST_HOURLY_MICROS


def _cells(batch: Batch, number: int, work: Assignment, at: int) -> list[str]:
    zone = batch.zones[number % len(batch.zones)]
    approved = work.approved_s if work.approved_s and work.approved_s <= at else None
    rejected = work.rejected_s if work.rejected_s and work.rejected_s <= at else None
    status = "Approved" if approved else "Rejected" if rejected else "Submitted"
    return [
        *_about(batch, work.hit),
        work.assignment,
        work.worker,
        status,
        _time(work.accepted_s, zone if zone != "UTC" else "PDT"),
        _time(work.submitted_s, zone if zone != "UTC" else "PDT"),
        _time(work.submitted_s + batch.auto_s, zone),
        _time(approved, zone),
        _time(rejected, zone),
        work.feedback if approved or rejected else "",
        str(work.submitted_s - work.accepted_s),
        *["0% (0/0)"] * 3,
        f"https://images.example.org/{number:05d}.jpg",
        'A field, "tall grass",\nand a road' if number % 25 == 0 else "A road in a field",
        "",
        "",
    ]


def _nobody(batch: Batch) -> list[str]:
    """Return the row of a task that nobody took."""
    about = _about(batch, "3" + "NOBODY" * 4 + "TOOKI")
    return [
        *about,
        *[""] * (len(COLUMNS) - len(about) - 4),
        "https://images.example.org/x.jpg",
        "",
        "",
        "",
    ]


def _about(batch: Batch, hit: str) -> list[str]:
    return [
        hit,
        "3TALLGRASSCAPTIONSOFFIELDSANDR",
        "Describe a photograph in one sentence",
        "Look at a photograph and write one sentence about it",
        "image, caption, writing",
        batch.reward,
        _time(batch.opened_s, "PDT"),
        "1",
        f"BatchId:{batch.number};OriginalHitTemplateId:928390838;",
        "3600",
        str(batch.auto_s),
        _time(batch.opened_s + 7 * DAY, "PDT"),
        "",
        "",
    ]


def _time(at: int | None, zone: str) -> str:
    """Return an instant as MTurk writes it, or as `2026-09-18 16:39:18 UTC`."""
    if at is None:
        return ""
    if zone == "UTC":
        return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M:%S} UTC"
    local = datetime.fromtimestamp(at, timezone(timedelta(hours=-7 if zone == "PDT" else -8)))
    days = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    month = ("Aug", "Sep", "Oct", "Nov")[local.month - 8]
    return f"{days[local.weekday()]} {month} {local:%d %H:%M:%S} {zone} {local:%Y}"


def _line(cells: list[str], quoted: bool) -> str:
    return ",".join(_cell(cell, quoted) for cell in cells)


def _cell(cell: str, quoted: bool) -> str:
    if quoted or any(mark in cell for mark in ',"\n'):
        return '"' + cell.replace('"', '""') + '"'
    return cell


def _letters(rng: Random, count: int) -> str:
    return "".join(rng.choices(LETTERS, k=count))
