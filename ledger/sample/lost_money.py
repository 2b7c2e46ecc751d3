"""Planted money that gets lost between two rows or below a threshold: W06, W08, and the like.

W06 (docs/checks.md): two attempts with one external id, and one payment. W08: a balance below the
payout threshold whose oldest part is older than 30 days. What is unpaid here is due later, so that
it is no late pay (W01) besides.
"""

from typing import Any

from ledger.sample.days import AS_OF_S, DAY, moment
from ledger.sample.desk import Desk, Page, Scene
from ledger.sample.work import MICROS, SOURCE, Work

PAYOUT_THRESHOLD_MICROS = 5 * MICROS  # as Appen's was, help article 13261737231764
# What was agreed is what holds where nothing is, but for the threshold.
TERMS = {"source": SOURCE, "review_days": 7, "due_days": 30, "from_on": "2010-01-01"}
DUE_LATER_S = AS_OF_S + 40 * DAY


def scenes() -> list[Scene]:
    """Return all scenes."""
    return [_one_id_for_two, _both_have_theirs, _small_balances, _no_small_balances]


def _twins(desk: Desk, week: int, number: int, **fields: Any) -> tuple[Page, Work]:
    """Let two workers have one external id; return the second one's page and work."""
    external_id = f"shared-{number:04d}"
    first, second = desk.page(newcomer=True), desk.page()
    for page in (first, second):
        page.well_paid(moment(week, 4, 9))
    first.work(moment(week, 1, 9), 10, 7, external_id=external_id)
    given: dict[str, Any] = {"external_id": external_id, **fields}
    return second, second.work(moment(week, 1, 14), 10, 7, **given)


def _one_id_for_two(desk: Desk) -> None:
    for number, week in ((1, -8), (2, -6), (3, -4)):
        page, work = _twins(desk, week, number, due_s=DUE_LATER_S)
        why = "two workers have one id, and only the first of them was paid"
        desk.found("W06", page, [work], 7 * MICROS, why)


def _both_have_theirs(desk: Desk) -> None:
    page, work = _twins(desk, -7, 4)
    desk.left("W06", page, [work], "two workers have one id, and both were paid")
    page, work = _twins(desk, -5, 5)
    returned = work.decisions[0]._replace(status="returned", at_s=work.end_s or 0)
    page.works[-1] = work._replace(decisions=(returned,), pay_micros=0, due_s=None)
    desk.left(
        "W06", page, [work], "the second worker gave the task back: one attempt was handed in"
    )
    page = desk.page()
    page.well_paid(moment(-4, 4, 9))
    work = page.work(moment(-4, 1, 9), 10, 7)
    page.add(
        work._replace(start_s=moment(-4, 1, 9) + 3, end_s=(work.end_s or 0) + 3, paid_in_run=False)
    )
    desk.left("W06", page, [work], "one worker handed the same answer in twice within 3 seconds")


def _small_balances(desk: Desk) -> None:
    page = desk.page(newcomer=True)
    works = [page.work(moment(-8, 1, 9), 5, 2.4, due_s=DUE_LATER_S)]
    desk.found("W08", page, works, 2_400_000, "2.40 of eight weeks ago, below the threshold")
    page = desk.page(newcomer=True)
    works = [
        page.work(moment(week, 1, 9), 3, dollars, due_s=DUE_LATER_S)
        for week, dollars in ((-9, 1.1), (-8, 0.9), (-7, 1.5))
    ]
    desk.found("W08", page, works, 3_500_000, "small sums of three weeks that never reach it")
    page = desk.page(newcomer=True)
    page.work(moment(-9, 1, 9), 10, 6)
    works = [page.work(moment(-6, 1, 9), 10, 4.2, due_s=DUE_LATER_S)]
    desk.found("W08", page, works, 4_200_000, "4.20 were left after a payout")


def _no_small_balances(desk: Desk) -> None:
    page = desk.page(newcomer=True)
    works = [page.work(moment(-4, 1, 9), 10, 4.2, due_s=DUE_LATER_S)]
    desk.left("W08", page, works, "a small balance that is not 30 days old")
    page = desk.page(newcomer=True)
    works = [page.work(moment(-8, 1, 9), 60, 60, due_s=DUE_LATER_S)]
    desk.left("W08", page, works, "old, but far above any threshold")
    page = desk.page(newcomer=True)
    works = [page.work(moment(-8, 1, 9), 5, 2.4)]
    desk.left("W08", page, works, "a small sum that was paid when due")
