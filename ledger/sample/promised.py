"""Planted bonuses that were promised, earned and not paid (W11, W10), and what looks like it.

W11 (docs/checks.md): what was promised is met by what is on record, and no bonus came by the day on
which it was due; of one that came in half, the other half. Left: a condition that is not met, or
that undecided work may still meet. The condition is a number of pieces of a project between two
days. W10: its project was closed within these days, so the part that was done is owed.
"""

from typing import Any

from ledger.sample import exits
from ledger.sample.days import AS_OF_S, DAY, moment, utc
from ledger.sample.desk import Desk, Page, Scene
from ledger.sample.work import CURRENCY, MICROS, SOURCE, Work, money

COUNTRY = "KE"
FIRST_ON, LAST_ON, DUE_ON = "2026-09-14", "2026-09-27", "2026-10-16"  # weeks -7 and -6
SAID_S = moment(-8, 4, 9)
PIECES = 3


def _found(desk: Desk, page: Page, name: str, dollars: int, why: str) -> None:
    desk.found("W11", page, (), dollars * MICROS, why, project=f"promised-{name}")


def _left(desk: Desk, page: Page, name: str, reason: str) -> None:
    desk.left("W11", page, (), reason, project=f"promised-{name}")


def scenes() -> list[Scene]:
    """Return all scenes."""
    return [_approved, _submitted, _to_one, _not_due, _cut_off, _not_cut_off]


def _promise(desk: Desk, name: str, text: str, dollars: int, **fields: object) -> None:
    """Write down what was promised. fields: where it differs from a bonus for PIECES approved."""
    desk.promises.append(
        {
            "name": name,
            "text": text,
            "account": "",
            "source": SOURCE,
            "project": f"promised-{name}",
            "pieces_at_least": PIECES,
            "counting": "approved",
            "first_on": FIRST_ON,
            "last_on": LAST_ON,
            "amount": money(dollars * MICROS),
            "currency": CURRENCY,
            "due_on": DUE_ON,
            "recorded_at": utc(SAID_S),
            **fields,
        }
    )


def _pieces(
    desk: Desk, name: str, count: int, week: int = -7, way: str = "promised"
) -> tuple[Page, list[Work]]:
    """Let somebody do so many pieces of a promise's project within one week."""
    page = desk.page(country=COUNTRY)
    project = f"{way}-{name}"
    works = [
        page.work(moment(week, 1 + n % 5, 9 + n // 5), 10, 6, project=project) for n in range(count)
    ]
    return page, works


def _bonus(page: Page, name: str, dollars: float, way: str = "promised") -> None:
    """Pay the bonus, or a part of it, a week after the last day of the pieces."""
    award = page.award(moment(-5, 2, 12), dollars, reason=f"the {name} bonus")
    page.works[-1] = award._replace(project=f"{way}-{name}", task_type=name)


def _status(page: Page, work: Work, status: str, **fields: Any) -> None:
    """Let a piece have been refused, or not decided yet."""
    decided = [work.decisions[0]._replace(status=status, reason="blurred")]
    told: dict[str, Any] = {
        "decisions": () if status == "submitted" else tuple(decided),
        "due_s": None,
        **fields,
    }
    page.works[page.works.index(work)] = work._replace(**told)


def _approved(desk: Desk) -> None:
    """To everybody: who has three pieces approved gets 20.00."""
    text = "20.00 for three approved signs until 27 September, with the pay of 16 October"
    _promise(desk, "signs", text, 20)
    for week, count, why in (
        (-7, 3, "three were approved, and the bonus never came"),
        (-6, 4, "four were approved, and the bonus never came"),
    ):
        page, _ = _pieces(desk, "signs", count, week)
        _found(desk, page, "signs", 20, why)
    page, _ = _pieces(desk, "signs", 3)
    _bonus(page, "signs", 10)
    why = "three were approved, and half of the bonus came"
    _found(desk, page, "signs", 10, why)
    page, _ = _pieces(desk, "signs", 3)
    _bonus(page, "signs", 20)
    _left(desk, page, "signs", "three were approved, and the bonus came")
    page, _ = _pieces(desk, "signs", 2)
    _left(desk, page, "signs", "two were approved, and three were asked for")
    page, works = _pieces(desk, "signs", 3)
    _status(page, works[2], "rejected")
    _left(desk, page, "signs", "three were handed in, one of them refused")
    page, works = _pieces(desk, "signs", 3)
    _status(page, works[2], "submitted", decide_by_s=AS_OF_S + 864_000)
    _left(desk, page, "signs", "the third piece is not decided: it may yet be met")
    page, _ = _pieces(desk, "signs", 2)
    page.work(moment(-5, 0, 9), 10, 6, project="promised-signs")
    _left(desk, page, "signs", "the third piece came a day after the last one")


def _submitted(desk: Desk) -> None:
    """Where it is for what is handed in, a refusal takes nothing away."""
    text = "15.00 for three maps that you hand in until 27 September"
    _promise(desk, "maps", text, 15, counting="submitted")
    page, works = _pieces(desk, "maps", 3, -6)
    _status(page, works[1], "rejected")
    why = "three were handed in, and the bonus never came"
    _found(desk, page, "maps", 15, why)
    page, works = _pieces(desk, "maps", 3, -6)
    at = works[2].end_s or 0
    returned = works[2].decisions[0]._replace(status="returned", at_s=at)
    page.works[2] = works[2]._replace(decisions=(returned,), pay_micros=0, due_s=None)
    _left(desk, page, "maps", "two were handed in, and one was given back")


def _to_one(desk: Desk) -> None:
    """To one worker: the others of the project were promised nothing."""
    page, _ = _pieces(desk, "plans", 3)
    text = "30.00 for you if three plans are approved until 27 September"
    _promise(desk, "plans", text, 30, account=page.account)
    why = "it was promised to this worker, who met it"
    _found(desk, page, "plans", 30, why)
    page, _ = _pieces(desk, "plans", 3)
    _left(desk, page, "plans", "it was promised to somebody else")


def _not_due(desk: Desk) -> None:
    _promise(desk, "tiles", "20.00 for three tiles, by 6 November", 20, due_on="2026-11-06")
    page, _ = _pieces(desk, "tiles", 3, -6)
    _left(desk, page, "tiles", "it is met, and due in four days")


def _milestone(desk: Desk, name: str, last_on: str, due_on: str, closed_s: int) -> None:
    """Promise 24.00 for four pieces that are handed in, of a project that is closed."""
    text = f"24.00 for four {name} maps that you hand in until {last_on}"
    days = {"first_on": "2026-09-28", "last_on": last_on, "due_on": due_on}
    four = {"pieces_at_least": 4, "counting": "submitted", "project": f"closed-{name}"}
    _promise(desk, name, text, 24, **four, **days)
    exits.close(desk, f"closed-{name}", closed_s)


def _cut_off(desk: Desk) -> None:
    _milestone(desk, "delta", "2026-10-25", "2026-11-16", exits.CLOSED_S)
    for count, awarded, dollars, why in (
        (2, 0, 12, "two of four were handed in when the project was closed: half of the sum"),
        (3, 10, 8, "three of four were, and less than their part was awarded"),
        (4, 0, 24, "all four were, and the sum is settled with the project, before its due day"),
    ):
        page, _ = _pieces(desk, "delta", count, -5, "closed")
        if awarded:
            _bonus(page, "delta", awarded, "closed")
        desk.found("W10", page, (), dollars * MICROS, why, project="closed-delta")


def _not_cut_off(desk: Desk) -> None:
    page, _ = _pieces(desk, "delta", 2, -5, "closed")
    _bonus(page, "delta", 12, "closed")
    reason = "two of four were handed in, and half of the sum was awarded"
    desk.left("W10", page, (), reason, project="closed-delta")
    _milestone(desk, "isles", "2026-10-04", "2026-10-16", exits.CLOSED_S)
    page, _ = _pieces(desk, "isles", 2, -5, "closed")
    reason = "its days were over when the project was closed, and two of four were handed in"
    desk.left("W10", page, (), reason, project="closed-isles")
    _milestone(desk, "coast", "2026-11-15", "2026-11-30", AS_OF_S - 5 * DAY)
    page, _ = _pieces(desk, "coast", 2, -5, "closed")
    reason = "two of four were handed in, and the project was closed five days ago"
    desk.left("W10", page, (), reason, project="closed-coast")
