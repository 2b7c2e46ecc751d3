"""Planted work that is not recognised as work: W18, W22, W24, W25, W26, and what looks like it.

W18 (docs/checks.md): rework without a new obligation; a stated allowance covers up to 10 % of task
time. W22: training or qualification required for access, without pay. W24: waiting on call, unpaid.
W25: trials at price 0 that gate access; up to ten minutes of screening are left alone. W26: unpaid
meetings. An award that names a check and a project pays for what was unpaid there; one that names
something else does not. Every week here is far above the floor by other work.
"""

from ledger.sample.days import moment
from ledger.sample.desk import Desk, Page, Scene, time_micros
from ledger.sample.work import Work

# What may be left is on record as such, long before anybody takes it.
COURSES = (
    {
        "project": "all-hands",
        "name": "optional course",
        "version": 1,
        "kind": "training",
        "pages": 20,
        "required": False,
        "from_on": "2026-08-01",
        "recorded_at": "2026-07-20T06:00:00+00:00",
    },
)
ALLOWED_REWORK_MINUTES = 6  # a tenth of the hour's task that it mends


def scenes() -> list[Scene]:
    """Return all scenes."""
    return [_rework, _training, _waiting, _trials, _meetings, _awarded]


def _page(desk: Desk, week: int) -> Page:
    page = desk.page()
    page.well_paid(moment(week, 4, 9))
    return page


def _seconds(works: list[Work]) -> int:
    return sum((work.end_s or 0) - (work.start_s or 0) for work in works)


def _sent_back(page: Page, week: int, minutes: list[int], dollars: float = 0) -> list[Work]:
    """Add an hour's task at the floor and the passes by which it was mended."""
    page.work(moment(week, 1, 9), 60, 15, project="long-reports", task_type="report")
    return [
        page.work(
            moment(week, 2, 9 + 2 * n),
            length,
            dollars,
            category="rework",
            project="long-reports",
            task_type="report",
        )
        for n, length in enumerate(minutes)
    ]


def _rework(desk: Desk) -> None:
    for week, minutes, why in (
        (-8, [25], "a task was sent back once, and 25 minutes of mending were not paid"),
        (-6, [15, 20], "sent back twice for the price of one pass"),
        (-4, [7], "seven minutes of mending for an hour's task: above the tenth that is allowed"),
    ):
        page = _page(desk, week)
        works = _sent_back(page, week, minutes)
        desk.found("W18", page, works, time_micros(_seconds(works)), why)
    page = _page(desk, -7)
    works = _sent_back(page, -7, [ALLOWED_REWORK_MINUTES])
    desk.left("W18", page, works, "own mending within a tenth of the time of the task")
    page = _page(desk, -5)
    works = _sent_back(page, -5, [25], dollars=7.5)
    desk.left("W18", page, works, "the second pass has pay of its own")


def _session(page: Page, week: int, minutes: int, dollars: float, what: str, name: str) -> Work:
    """Add a training, qualification, waiting or meeting session."""
    start = moment(week, 2, 10)
    return page.work(
        start, minutes, dollars, category=what, project="all-hands", task_type=name, decided=start
    )


def _training(desk: Desk) -> None:
    for week, minutes, what, why in (
        (-9, 45, "training", "45 minutes of required training without pay"),
        (-7, 80, "training", "85 slides to be read before the first task, without pay"),
        (-5, 30, "qualification", "half an hour of required qualification without pay"),
    ):
        page = _page(desk, week)
        work = _session(page, week, minutes, 0, what, f"required {what}")
        desk.found("W22", page, [work], time_micros(minutes * 60), why)
    page = _page(desk, -8)
    work = _session(page, -8, 60, 18, "training", "required training")
    desk.left("W22", page, [work], "the training is paid")
    page = _page(desk, -6)
    work = _session(page, -6, 40, 0, "training", "optional course")
    desk.left("W22", page, [work], "a truly optional course, on record as not required")
    page = _page(desk, -4)
    work = _session(page, -4, 30, 0, "training", "required training")
    page.works[-1] = work._replace(
        decisions=(work.decisions[0]._replace(status="rejected", reason="integrity check failed"),)
    )
    desk.left("W22", page, [page.works[-1]], "the worker failed its integrity check")


def _waiting(desk: Desk) -> None:
    for week, minutes, why in (
        (-8, 50, "50 minutes on call with an empty queue, unpaid"),
        (-6, 12, "twelve minutes of waiting with an answer expected, unpaid"),
        (-5, 180, "three hours of waiting between two calls, unpaid"),
    ):
        page = _page(desk, week)
        page.well_paid(moment(week, 5, 9))
        work = _session(page, week, minutes, 0, "waiting", "on call")
        desk.found("W24", page, [work], time_micros(minutes * 60), why)
    page = _page(desk, -7)
    work = _session(page, -7, 50, 15, "waiting", "on call")
    desk.left("W24", page, [work], "waiting that is paid")
    page = _page(desk, -4)
    work = _session(page, -4, 5, 0, "break", "pause")
    desk.left("W24", page, [work], "a break of five minutes: truly relieved")
    page = _page(desk, -9)
    work = _session(page, -9, 25, 0, "searching", "browsing offers")
    desk.left("W24", page, [work], "looking for work by oneself: no answer was expected")


def _trial(page: Page, week: int, minutes: list[int], dollars: float) -> list[Work]:
    """Add trial tasks, and the paid work to which they are the gate."""
    works = [
        page.work(
            moment(week, 0, 9 + n), length, dollars, project="expert-answers", task_type="trial"
        )
        for n, length in enumerate(minutes)
    ]
    page.work(moment(week, 3, 9), 30, 20, project="expert-answers", task_type="answer")
    return works


def _trials(desk: Desk) -> None:
    for week, minutes, why in (
        (-9, [40], "a trial task of 40 minutes at price 0 before the first paid one"),
        (-7, [25, 25], "two trial tasks at price 0 that gate access"),
        (-4, [11], "a trial of eleven minutes at price 0: longer than a screening may be"),
    ):
        page = _page(desk, week)
        desk.found("W25", page, _trial(page, week, minutes, 0), None, why)
    page = _page(desk, -8)
    desk.left("W25", page, _trial(page, -8, [10], 0), "a screening of ten minutes")
    page = _page(desk, -6)
    desk.left("W25", page, _trial(page, -6, [40], 12), "a trial that is paid like work")


def _meetings(desk: Desk) -> None:
    for week, minutes, name, why in (
        (-9, 30, "team call", "a team call of half an hour, unpaid"),
        (-6, 60, "webinar", "a webinar of an hour, unpaid"),
        (-5, 15, "team call", "a quarter of an hour of meeting, unpaid"),
    ):
        page = _page(desk, week)
        work = _session(page, week, minutes, 0, "meeting", name)
        desk.found("W26", page, [work], None, why)
    page = _page(desk, -8)
    work = _session(page, -8, 30, 9, "meeting", "team call")
    desk.left("W26", page, [work], "a meeting that is paid at once")
    page = _page(desk, -7)
    start = moment(-7, 2, 10)
    work = page.hours(
        start, 45, 24, 45, category="meeting", project="all-hands", task_type="webinar"
    )
    desk.left("W26", page, [work], "a webinar that is paid by the hour")


def _award(page: Page, week: int, dollars: float, names: str, project: str = "all-hands") -> None:
    """Award something in the week after, for what it names."""
    award = page.award(moment(week + 1, 2, 12), dollars, reason=f"for {names}")
    page.works[-1] = award._replace(project=project, task_type=names)


def _awarded(desk: Desk) -> None:
    for names, project, why in (
        ("on-call bonus", "all-hands", "what was awarded says nothing of what it is for"),
        ("W26", "all-hands", "what was awarded names meetings, of which there were none"),
        ("W24", "long-reports", "what was awarded names another project"),
    ):
        page = _page(desk, -7)
        work = _session(page, -7, 40, 0, "waiting", "on call")
        _award(page, -7, 10, names, project)
        desk.found("W24", page, [work], time_micros(40 * 60), why)
    for code, what in (("W24", "waiting"), ("W22", "training"), ("W26", "meeting")):
        page = _page(desk, -8)
        work = _session(page, -8, 40, 0, what, "of everybody")
        _award(page, -8, 10, code)
        desk.left(code, page, [work], "its time was awarded under the name of the check")
