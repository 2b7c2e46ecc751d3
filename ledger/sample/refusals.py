"""Planted mass rejections (W04), and what looks like one.

W04 (docs/checks.md): of a batch of 20 or more, more than three times the project's usual share and
more than 20 % refused; or all with one timestamp, one reason, or within 60 s of each other. A
refusal takes no money that is defined here, so no stake is named.
"""

from collections.abc import Callable

from ledger.sample.days import moment
from ledger.sample.desk import Desk, Page, Scene
from ledger.sample.work import Decision, Work

REASONS = ("box too wide", "label missing", "blurred", "wrong class", "cut off", "twice the same")
TASK_MINUTES = 3


def scenes() -> list[Scene]:
    """Return all scenes."""
    return [_far_above_the_usual, _one_stroke, _within_a_minute, _few, _small_share, _usual_share]


def _team(desk: Desk, size: int, weeks: tuple[int, ...]) -> list[Page]:
    pages = [desk.page(country="PH", newcomer=True) for _ in range(size)]
    for page in pages:
        for week in weeks:
            page.well_paid(moment(week, 4, 9))
    return pages


def _batch(
    pages: list[Page],
    project: str,
    at: tuple[int, int],
    each: int,
    refused: int,
    told: Callable[[int], tuple[int, str]],
) -> list[tuple[Page, Work]]:
    """Add a day's batch and return its refused works, the last ones of it, with their pages.

    told: seconds after midnight at which the n-th decision is made, and the reason of a refusal.
    """
    batch: list[tuple[Page, Work]] = []
    for index in range(each * len(pages)):
        page = pages[index % len(pages)]
        is_refused = index >= each * len(pages) - refused
        seconds, reason = told(index)
        start = moment(*at, 9 + index // len(pages) / 15)
        work = page.work(start, TASK_MINUTES, 1.5, project=project, task_type="box")
        told_at = moment(at[0], at[1] + 1, 0) + seconds
        decision = Decision("rejected" if is_refused else "approved", told_at, reason)
        due = None if is_refused else work.due_s
        page.works[-1] = work._replace(
            decisions=(decision if is_refused else decision._replace(reason=""),), due_s=due
        )
        batch.append((page, page.works[-1]))
    return batch[-refused:] if refused else []


def _spread(index: int) -> tuple[int, str]:
    """Some minutes between two decisions, and reasons that differ."""
    return 28_800 + 420 * index, REASONS[index % len(REASONS)]


def _found(desk: Desk, refused: list[tuple[Page, Work]], why: str) -> None:
    desk.found("W04", _pages(refused), [work for _, work in refused], None, why)


def _left(desk: Desk, refused: list[tuple[Page, Work]], reason: str) -> None:
    desk.left("W04", _pages(refused), [work for _, work in refused], reason)


def _pages(refused: list[tuple[Page, Work]]) -> list[Page]:
    return list({page.account: page for page, _ in refused}.values())


def _far_above_the_usual(desk: Desk) -> None:
    weeks = (-9, -8, -7, -6)
    pages = _team(desk, 5, weeks)
    for week in weeks[:-1]:
        _batch(pages, "mass-boxes", (week, 1), 7, 0, _spread)
    refused = _batch(pages, "mass-boxes", (-6, 1), 6, 20, _spread)
    _found(desk, refused, "20 of a batch of 30 refused, in a project that refuses next to nothing")


def _one_stroke(desk: Desk) -> None:
    pages = _team(desk, 6, (-8, -5))
    _batch(pages, "mass-signs", (-8, 2), 10, 0, _spread)
    refused = _batch(pages, "mass-signs", (-5, 2), 4, 24, lambda _: (36_000, "low quality"))
    _found(desk, refused, "24 refused in one second with one reason")


def _within_a_minute(desk: Desk) -> None:
    pages = _team(desk, 4, (-7, -4))
    _batch(pages, "mass-plants", (-7, 2), 15, 0, _spread)
    refused = _batch(
        pages, "mass-plants", (-4, 2), 6, 22, lambda n: (36_000 + 2 * n, REASONS[n % 6])
    )
    _found(desk, refused, "22 refused within 60 seconds of each other")


def _few(desk: Desk) -> None:
    pages = _team(desk, 3, (-7, -6))
    _batch(pages, "few-roofs", (-7, 2), 10, 0, _spread)
    refused = _batch(pages, "few-roofs", (-6, 2), 5, 12, lambda _: (36_000, "copied"))
    _left(desk, refused, "twelve at one stroke, in a batch of 15: fewer than 20")


def _small_share(desk: Desk) -> None:
    pages = _team(desk, 4, (-5,))
    refused = _batch(pages, "small-trees", (-5, 1), 10, 6, _spread)
    _left(desk, refused, "15 % of a batch of 40 refused, one by one")


def _usual_share(desk: Desk) -> None:
    weeks = (-9, -8, -7, -6)
    pages = _team(desk, 4, weeks)
    for week in weeks[:-1]:
        _batch(pages, "hard-scripts", (week, 1), 10, 5, _spread)
    refused = _batch(pages, "hard-scripts", (-6, 1), 10, 10, _spread)
    _left(desk, refused, "a quarter refused, in a hard project where an eighth always is")
