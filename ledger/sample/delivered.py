"""Planted work that was refused and delivered all the same (W03), and what looks like it.

W03 (docs/checks.md): refused, and the client's manifest lists the attempt; where it only counts,
more was delivered than was paid. The stake is the price of what was used. Left: an item that
somebody else made again (an id alone shows nothing), and votes that were read and not used.
"""

import csv
from pathlib import Path
from typing import Any

from ledger.sample.days import at_s, moment
from ledger.sample.desk import Desk, Page, Scene
from ledger.sample.work import MICROS, Decision, Work

FILE, COUNTS_FILE = "manifest.csv", "manifest-counts.csv"
COLUMNS, COUNTS_COLUMNS = ("external_id", "worker_external_id"), ("project", "attempts")
EVERYDAY = frozenset({"code-review", "medical-notes"})  # all that was approved is delivered
COUNTRY = "KE"  # of all: a difference between two of them is none between regions


def write_counts(out: Path, counted: list[tuple[str, int]]) -> None:
    """Write the manifest of the client that names no attempts."""
    with (out / COUNTS_FILE).open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([COUNTS_COLUMNS, *counted])


def scenes() -> list[Scene]:
    """Return all scenes."""
    return [_used, _counted, _not_used]


def _page(desk: Desk, week: int) -> Page:
    page = desk.page(country=COUNTRY)
    page.well_paid(moment(week, 4, 9))
    return page


def _refused(page: Page, start: int, dollars: float, reason: str, project: str) -> Work:
    return page.work(start, 10, dollars, status="rejected", reason=reason, project=project)


def _used(desk: Desk) -> None:
    for week, prices, reason, why in (
        (-8, (6,), "not needed", "refused, and listed in the client's manifest"),
        (-6, (5, 7), "does not follow the guideline", "two that were refused were delivered"),
        (-4, (4.5,), "", "refused without a reason, and delivered"),
    ):
        page = _page(desk, week)
        works = [
            _refused(page, moment(week, 1 + n, 9), dollars, reason, "manifest-captions")
            for n, dollars in enumerate(prices)
        ]
        desk.deliver(page, *works)
        desk.found("W03", page, works, round(sum(prices) * MICROS), why)


def _counted(desk: Desk) -> None:
    """The client only counts: five were delivered, of which three were paid."""
    pages, works = [], []
    for week, refused in ((-7, 2), (-6, 1), (-5, 1)):
        page = _page(desk, week)
        given: dict[str, Any] = {"project": "counted-clips", "task_type": "clip"}
        page.work(moment(week, 1, 9), 10, 4, **given)
        works += [
            page.work(
                moment(week, 2, 9 + n), 10, 4, status="rejected", reason=f"blurred, {n}", **given
            )
            for n in range(refused)
        ]
        pages.append(page)
    desk.delivered_of.append(("counted-clips", 5))
    why = "five clips were delivered and three paid: two of the four refused ones were used"
    desk.found("W03", pages, works, 8 * MICROS, why, by_work=False)


def _not_used(desk: Desk) -> None:
    page = _page(desk, -8)
    work = _refused(page, moment(-8, 1, 9), 6, "blurred", "manifest-captions")
    desk.left("W03", page, [work], "refused, and in no manifest")
    page, other = _page(desk, -7), _page(desk, -7)
    work = _refused(page, moment(-7, 1, 9), 6, "wrong language", "manifest-captions")
    again = other.work(
        moment(-7, 3, 9), 10, 6, project="manifest-captions", external_id=work.external_id
    )
    desk.deliver(other, again)
    desk.left("W03", page, [work], "somebody else made the item again under its id, and was paid")
    page = _page(desk, -6)
    work = page.work(moment(-6, 1, 9), 10, 6, project="manifest-captions")
    refused = Decision("rejected", at_s("2026-09-22T20:00:00+03:00"), "too short")
    page.works[-1] = work._replace(
        decisions=(refused, work.decisions[0]._replace(at_s=at_s("2026-09-28T12:00:00+03:00")))
    )
    desk.deliver(page, work)
    desk.left("W03", page, [work], "refused first, approved on appeal, delivered and paid")
    page = _page(desk, -5)
    given: dict[str, Any] = {"project": "counted-votes", "task_type": "vote"}
    for n in range(2):
        page.work(moment(-5, 1, 9 + n), 10, 4, **given)
    vote = page.work(moment(-5, 2, 9), 10, 4, status="rejected", reason="outvoted", **given)
    desk.delivered_of.append(("counted-votes", 2))
    desk.left("W03", page, [vote], "a vote that was read and not used: no more delivered than paid")
