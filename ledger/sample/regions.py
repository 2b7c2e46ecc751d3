"""Planted lower pay for the same work in one region (W31), and what looks like it.

W31 (docs/checks.md): one kind of task, one week, and the price or the median hourly pay of one
region below 0.95 of another's. The tasks of a scene take equally long, so both ratios are the same.
It has no stake.
"""

from ledger.sample.days import moment
from ledger.sample.desk import Desk, Page, Scene
from ledger.sample.work import Work

WORKERS_A_REGION = 3
TASKS = 2


def scenes() -> list[Scene]:
    """Return all scenes."""
    return [_lower_in_one_region, _not_lower]


def _team(desk: Desk, country: str) -> list[Page]:
    return [desk.page(country=country, newcomer=True) for _ in range(WORKERS_A_REGION)]


def _tasks(pages: list[Page], what: str, week: int, dollars: float) -> list[Work]:
    """Let each worker do two tasks of ten minutes. what: project/task type."""
    project, task_type = what.split("/")
    return [
        page.work(moment(week, 1 + n, 10), 10, dollars, project=project, task_type=task_type)
        for page in pages
        for n in range(TASKS)
    ]


def _hours(pages: list[Page], what: str, week: int, hourly: float) -> list[Work]:
    project, task_type = what.split("/")
    return [
        page.hours(moment(week, 1 + n, 10), 30, hourly, 30, project=project, task_type=task_type)
        for page in pages
        for n in range(TASKS)
    ]


def _lower_in_one_region(desk: Desk) -> None:
    kenya, states = _team(desk, "KE"), _team(desk, "US")
    works = _tasks(kenya, "regional-reviews/review", -7, 3)
    works += _tasks(states, "regional-reviews/review", -7, 4)
    why = "3.00 in Kenya and 4.00 in the United States for the same review"
    desk.found("W31", [*kenya, *states], works, None, why, by_work=False)
    manila, berlin = _team(desk, "PH"), _team(desk, "DE")
    works = _hours(manila, "regional-calls/call", -5, 22)
    works += _hours(berlin, "regional-calls/call", -5, 24)
    why = "22.00 an hour in the Philippines and 24.00 in Germany for the same calls"
    desk.found("W31", [*manila, *berlin], works, None, why, by_work=False)
    three = [_team(desk, country) for country in ("US", "IN", "VE")]
    prices = (5, 4.7, 5)
    works = [
        work
        for team, dollars in zip(three, prices, strict=True)
        for work in _tasks(team, "regional-scans/scan", -8, dollars)
    ]
    why = "4.70 in India, 5.00 elsewhere: a ratio of 0.94"
    desk.found("W31", [page for team in three for page in team], works, None, why, by_work=False)


def _not_lower(desk: Desk) -> None:
    kenya, states = _team(desk, "KE"), _team(desk, "US")
    works = _tasks(kenya, "even-reviews/review", -6, 4.8)
    works += _tasks(states, "even-reviews/review", -6, 5)
    reason = "4.80 and 5.00: a ratio of 0.96"
    desk.left("W31", [*kenya, *states], works, reason, by_work=False)
    kenya, states = _team(desk, "KE"), _team(desk, "US")
    works = _tasks(kenya, "mixed-reviews/basic", -7, 3)
    works += _tasks(states, "mixed-reviews/expert", -7, 4)
    reason = "two kinds of task: basic ones in Kenya, expert ones in the United States"
    desk.left("W31", [*kenya, *states], works, reason, by_work=False)
    kenya, states = _team(desk, "KE"), _team(desk, "US")
    works = _tasks(kenya, "raised-reviews/review", -8, 3)
    works += _tasks(states, "raised-reviews/review", -5, 4)
    _tasks(kenya, "raised-reviews/review", -5, 4)
    reason = "two weeks: all were raised before the others came"
    desk.left("W31", [*kenya, *states], works, reason, by_work=False)
