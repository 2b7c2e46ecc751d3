"""Planted instructions that changed while the work went on (W23), and what looks like it.

W23 (docs/checks.md): a new version within a project, and reading it again is not paid; the stake is
its new words at 238 a minute, at the floor. Reading the first version is paid here, so that it is
nothing else besides.
"""

from ledger.sample.days import moment, monday
from ledger.sample.desk import Desk, Page, Scene, time_micros
from ledger.sample.work import Work

COUNTRY = "KE"
WORDS_A_MINUTE = 238  # the mean of adults' silent reading


def _version(
    project: str, number: int, minutes: int, fresh: int | None, week: int, task_type: str = ""
) -> dict[str, object]:
    """Return a version's entry. minutes: how long all of it takes; fresh: what is new in it."""
    return {
        "project": project,
        "task_type": task_type,
        "name": "instructions",
        "version": number,
        "kind": "instructions",
        "words": minutes * WORDS_A_MINUTE,
        "fresh_words": None if fresh is None else fresh * WORDS_A_MINUTE,
        "required": True,
        "from_on": monday(week),
        "recorded_at": f"{monday(week)}T06:00:00+00:00",
    }


COURSES = (
    _version("churned-guide", 1, 30, None, -9),
    _version("churned-guide", 2, 40, 20, -6),
    _version("churned-often", 1, 20, None, -9),
    _version("churned-often", 2, 24, 12, -7),
    _version("churned-often", 3, 30, 8, -5),
    _version("churned-boxes", 1, 20, None, -9, "box"),
    _version("churned-boxes", 2, 24, 12, -6, "box"),
    _version("one-version", 1, 30, None, -9),
)


def scenes() -> list[Scene]:
    """Return all scenes."""
    return [_changed_once, _changed_often, _read_for_pay, _not_theirs]


def _page(
    desk: Desk, project: str, weeks: tuple[int, ...], minutes: int, task_type: str = "box"
) -> tuple[Page, list[Work]]:
    """Let somebody read the instructions for pay, and work in each of these weeks."""
    page = desk.page(country=COUNTRY)
    _read(page, project, weeks[0], minutes, paid=True)
    works = [
        page.work(moment(week, 3, 9), 20, 12, project=project, task_type=task_type)
        for week in weeks
    ]
    return page, works


def _read(page: Page, project: str, week: int, minutes: int, *, paid: bool) -> Work:
    """Add a session of reading on the Tuesday of a week, at 24.00 an hour or for nothing."""
    start = moment(week, 1, 9)
    given = {"category": "instructions", "project": project, "task_type": "instructions"}
    if paid:
        return page.hours(start, minutes, 24, minutes, **given)
    return page.work(start, minutes, 0, decided=start + minutes * 60, **given)


def _found(desk: Desk, page: Page, project: str, minutes: int, why: str) -> None:
    desk.found("W23", page, (), time_micros(minutes * 60), why, project=project)


def _changed_once(desk: Desk) -> None:
    for weeks, why in (
        ((-7, -6, -5), "4,760 new words in the middle of the project, read without pay"),
        ((-8, -4), "came back after the change, and read 4,760 new words without pay"),
    ):
        page, _ = _page(desk, "churned-guide", weeks, 30)
        _found(desk, page, "churned-guide", 20, why)
    page, _ = _page(desk, "churned-guide", (-8, -6), 30)
    page.well_paid(moment(-6, 4, 9))
    _read(page, "churned-guide", -6, 20, paid=False)
    _found(
        desk,
        page,
        "churned-guide",
        20,
        "20 minutes of reading the new version are on record, without pay",
    )


def _changed_often(desk: Desk) -> None:
    page, _ = _page(desk, "churned-often", (-8, -7, -5), 20)
    _found(
        desk,
        page,
        "churned-often",
        12 + 8,
        "two new versions, 2,856 and 1,904 new words, read without pay",
    )
    page, _ = _page(desk, "churned-often", (-8, -7), 20)
    _found(desk, page, "churned-often", 12, "the first of two new versions; gone before the second")


def _read_for_pay(desk: Desk) -> None:
    page, _ = _page(desk, "churned-guide", (-8, -6), 30)
    _read(page, "churned-guide", -6, 20, paid=True)
    desk.left(
        "W23", page, (), "the new version was read, and that was paid", project="churned-guide"
    )
    page, _ = _page(desk, "churned-guide", (-5, -4), 40)
    desk.left(
        "W23", page, (), "came when it had changed: read once, and paid", project="churned-guide"
    )


def _not_theirs(desk: Desk) -> None:
    page, _ = _page(desk, "churned-guide", (-9, -8), 30)
    desk.left("W23", page, (), "gone before the instructions changed", project="churned-guide")
    page, _ = _page(desk, "churned-boxes", (-8, -5), 20, task_type="line")
    desk.left("W23", page, (), "the change is about another type of task", project="churned-boxes")
    page, _ = _page(desk, "one-version", (-8, -5), 30)
    desk.left("W23", page, (), "there is one version only", project="one-version")
