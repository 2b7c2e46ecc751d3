"""Planted hours without rest (W30), and what looks like them.

W30 (docs/checks.md): no gap of six hours within 24, or more than twelve hours at one go, or more
than 60 in a week. It is about care, not about pay: everything here is well paid, and the stake is
0.
"""

from ledger.sample.days import HOUR, MINUTE, moment
from ledger.sample.desk import Desk, Page, Scene
from ledger.sample.work import Work

TASK_MINUTES = 9


def scenes() -> list[Scene]:
    """Return all scenes."""
    return [_too_long, _long_enough]


def _sitting(page: Page, week: int, day: int, hour: float, hours: float) -> list[Work]:
    """Add tasks of nine minutes at 20.00 an hour, one right after the other."""
    begin = moment(week, day, hour)
    return [
        page.work(
            begin + n * TASK_MINUTES * MINUTE,
            TASK_MINUTES,
            3,
            active_s=TASK_MINUTES * MINUTE,
        )
        for n in range(round(hours * 60) // TASK_MINUTES)
    ]


def _too_long(desk: Desk) -> None:
    page = desk.page(newcomer=True)
    works = _sitting(page, -8, 2, 8, 13.2)
    desk.found("W30", page, works, 0, "thirteen hours at one go", by_work=False)
    page = desk.page(newcomer=True)
    works = [w for n in range(5) for w in _sitting(page, -6, 1, 6 + 7.5 * n, 3)]
    why = "work around the clock for a day and a half, and never six hours of rest"
    desk.found("W30", page, works, 0, why, by_work=False)
    page = desk.page(newcomer=True)
    works = [w for day in range(7) for w in _sitting(page, -4, day, 8, 9)]
    desk.found("W30", page, works, 0, "63 hours in one week", by_work=False)


def _long_enough(desk: Desk) -> None:
    page = desk.page(newcomer=True)
    works = _sitting(page, -7, 2, 8, 12)
    desk.left("W30", page, works, "twelve hours at one go, and not more", by_work=False)
    page = desk.page(newcomer=True)
    works = [w for n in range(3) for w in _sitting(page, -5, 1, 6 + 12 * n, 6)]
    desk.left("W30", page, works, "six hours of work, six of rest, by turns", by_work=False)
    page = desk.page(newcomer=True)
    works = [w for day in range(6) for w in _sitting(page, -9, day, 8, 9.9)]
    desk.left("W30", page, works, "a week of a little under 60 hours", by_work=False)
    page = desk.page(newcomer=True)
    start = moment(-3, 1, 8)
    work = page.work(start, 14 * 60, 260, active_s=HOUR)
    desk.left("W30", page, [work], "a clock left running: one task, an hour active", by_work=False)
