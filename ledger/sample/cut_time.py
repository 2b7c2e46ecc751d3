"""Planted time that is cut or earns nothing: W14, W15, W27, and what looks like it.

W14 (docs/checks.md): paid time below active time: always the same cap, or a ratio below 0.9 over
five attempts or more, or more than 15 minutes a week. W15: timed out after more than 60 s of active
time, pay 0. W27: ended by the platform or the tool after more than 60 s active, pay 0.
"""

from collections.abc import Sequence
from typing import Any

from ledger.sample.days import MINUTE, moment
from ledger.sample.desk import Desk, Page, Scene, time_micros
from ledger.sample.work import MICROS, Work

HOURLY = 24


def scenes() -> list[Scene]:
    """Return all scenes."""
    return [_capped, _timed_out, _screened_out]


def _timed(page: Page, week: int, times: list[tuple[int, int, int]]) -> list[Work]:
    """Add attempts by the hour, each as minutes on the clock, active and paid."""
    return [
        page.hours(
            moment(week, n % 5, 9 + 2 * (n // 5)),
            wall,
            HOURLY,
            paid,
            active_s=active * MINUTE,
            wall_s=wall * MINUTE,
            project="timed-labels",
            task_type="labels",
        )
        for n, (wall, active, paid) in enumerate(times)
    ]


def _capped(desk: Desk) -> None:
    for week, times, why in (
        (-8, [(60, n, 45) for n in (60, 56, 58, 60, 55, 59)], "paid time piles up at 45 minutes"),
        (-6, [(a, a, a * 4 // 5) for a in (40, 25, 30, 35, 20)], "four fifths of active time paid"),
        (-4, [(120, 120, 100)], "20 minutes of one long attempt were not paid for"),
    ):
        page = desk.page()
        works = _timed(page, week, times)
        lost = sum(active - paid for _, active, paid in times) * MINUTE
        desk.found("W14", page, works, time_micros(lost, HOURLY * MICROS), why)
    for week, times, reason in (
        (-7, [(60, 40, 40)] * 5, "a third of the clock was idle, and all active time is paid"),
        (-5, [(20, 20, 17)] * 4, "four attempts only, and twelve minutes in the week"),
        (-9, [(40, 40, 38)] * 5, "a ratio of 0.95, and ten minutes in the week"),
    ):
        page = desk.page()
        desk.left("W14", page, _timed(page, week, times), reason)


def _ended(page: Page, week: int, status: str, times: Sequence[float], **fields: Any) -> list[Work]:
    """Add attempts that ended so after these minutes of active time, and well-paid work."""
    page.well_paid(moment(week, 4, 9))
    works = []
    for n, minutes in enumerate(times):
        start = moment(week, 2, 9 + n)
        end = start + round(minutes * MINUTE)
        given: dict[str, Any] = {"active_s": end - start, **fields}
        works.append(page.work(start, minutes, 0, status=status, decided=end, **given))
    return works


def _active(works: list[Work]) -> int:
    return sum(work.active_s or 0 for work in works)


def _timed_out(desk: Desk) -> None:
    for week, times, why in (
        (-8, [20], "twenty minutes of work expired and earned nothing"),
        (-7, [61 / 60], "expired after 61 seconds of active time"),
        (-5, [12, 18], "two tasks expired in one week, half an hour in all"),
    ):
        page = desk.page()
        works = _ended(page, week, "expired", times)
        desk.found("W15", page, works, time_micros(_active(works)), why)
    page = desk.page()
    works = _ended(page, -6, "expired", [1])
    desk.left("W15", page, works, "expired after 60 seconds of active time, not more")
    page = desk.page()
    works = _ended(page, -4, "expired", [30], active_s=40)
    desk.left("W15", page, works, "left open for half an hour, with 40 seconds of active time")
    page = desk.page()
    works = _ended(page, -9, "returned", [15])
    desk.left("W15", page, works, "given back by the worker: it did not time out")


def _screened_out(desk: Desk) -> None:
    for week, status, category, times, why in (
        (-8, "screened_out", "task", [9], "screened out after nine minutes, without a reward"),
        (-6, "screened_out", "task", [3, 4], "screened out twice in one week, without a reward"),
        (-5, "approved", "tech_failure", [22], "the tool failed for 22 minutes, unpaid"),
    ):
        page = desk.page()
        unpriced = {"rate_micros": None} if status == "screened_out" else {}
        works = _ended(page, week, status, times, category=category, **unpriced)
        desk.found("W27", page, works, time_micros(_active(works)), why)
    page = desk.page()
    works = _ended(page, -7, "screened_out", [1], rate_micros=None)
    desk.left("W27", page, works, "screened out within 60 seconds")
    page = desk.page()
    page.well_paid(moment(-4, 4, 9))
    start = moment(-4, 2, 9)
    reward = page.work(start, 5, 1.5, status="screened_out", decided=start + 5 * MINUTE)
    desk.left("W27", page, [reward], "screened out with the fixed reward")
    page = desk.page()
    page.well_paid(moment(-9, 4, 9))
    failure = page.work(moment(-9, 2, 9), 20, 6, category="tech_failure")
    desk.left("W27", page, [failure], "the failure of the tool is paid as time")
