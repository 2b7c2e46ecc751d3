"""Planted work that a later export loses or takes back: W05, W16, W17, and what looks like it.

W05 (docs/checks.md): an earlier export has the attempt, a later one of the same scope has not. W16:
hours removed after approval without reason or reviewer. W17: a deduction that gives no reason. All
of it lies in the month that was exported twice; what would be due is due later, so that no other
finding has the same money.
"""

from ledger.sample.days import AS_OF_S, DAY, MINUTE, at_s, moment
from ledger.sample.desk import Desk, Page, Scene
from ledger.sample.work import MICROS, Decision, Work

HOURLY = 24
PAID_EACH_QUARTER_S = AS_OF_S + 28 * DAY
BETWEEN_EXPORTS_S = at_s("2026-10-05T12:00:00+03:00")
APPEAL = "item 12 of the guideline, seen by reviewer 17; appeal until 20 October"


def scenes() -> list[Scene]:
    """Return all scenes."""
    return [_vanished, _still_there, _hours_removed, _hours_left, _deducted, _explained]


def _page(desk: Desk, week: int) -> Page:
    page = desk.page()
    page.well_paid(moment(week, 4, 9))
    return page


def _vanished(desk: Desk) -> None:
    page = _page(desk, -8)
    work = page.work(moment(-8, 2, 9), 12, 6, due_s=PAID_EACH_QUARTER_S, dropped=True)
    desk.found("W05", page, [work], 6 * MICROS, "approved, and gone from the later export")
    page = _page(desk, -7)
    start = moment(-7, 2, 9)
    work = page.work(start, 20, 9, status="submitted", decide_by_s=AS_OF_S + 10 * DAY, dropped=True)
    desk.found("W05", page, [work], 9 * MICROS, "handed in, and gone from the later export")
    page = _page(desk, -6)
    fields = {"due_s": PAID_EACH_QUARTER_S, "dropped": True}
    works = [page.hours(moment(-6, 2, 9 + n), 30, HOURLY, 30, **fields) for n in range(2)]
    desk.found("W05", page, works, 24 * MICROS, "two half hours are gone from the later export")


def _still_there(desk: Desk) -> None:
    page = _page(desk, -9)
    work = page.work(at_s("2026-08-31T23:50:00+03:00"), 20, 8)
    reason = "begun in August and ended in September: only August's export has it"
    desk.left("W05", page, [work], reason)
    page = _page(desk, -7)
    start = moment(-7, 2, 9)
    old = page.work(start, 20, 9, status="submitted", decide_by_s=AS_OF_S + 10 * DAY, dropped=True)
    page.work(start, 20, 9, external_id=f"{old.external_id}-m", held_back=True)
    desk.left("W05", page, [old], "the same attempt has a new id in the later export")


def _hours_removed(desk: Desk) -> None:
    page = _page(desk, -8)
    work = _cut(page, page.hours(moment(-8, 2, 9), 60, HOURLY, 60), 45, HOURLY)
    why = "15 of 60 approved minutes are gone from the later export, and nobody says why"
    desk.found("W16", page, [work], 6 * MICROS, why, overlap=True)
    desk.found("W17", page, [work], 6 * MICROS, "the pay of the removed time", overlap=True)
    page = _page(desk, -6)
    works = [_cut(page, page.hours(moment(-6, n, 9), 50, 30, 50), 40, 30) for n in (1, 2)]
    why = "ten approved minutes of each of two attempts are gone"
    desk.found("W16", page, works, 10 * MICROS, why, overlap=True)
    desk.found("W17", page, works, 10 * MICROS, "the pay of the removed time", overlap=True)
    page = _page(desk, -7)
    work = page.work(moment(-7, 2, 9), 50, 20)
    assert work.start_s is not None
    work = page.tell_again(work, end_s=work.start_s + 30 * MINUTE)
    why = "the clock of approved work is 20 minutes shorter in the later export; its pay stays"
    desk.found("W16", page, [work], None, why)


def _cut(page: Page, work: Work, minutes: int, hourly: int) -> Work:
    """Let the later export pay for so many minutes only."""
    pay = hourly * MICROS * minutes // 60
    return page.tell_again(work, paid_s=minutes * MINUTE, pay_micros=pay)


def _hours_left(desk: Desk) -> None:
    page = _page(desk, -6)
    work = page.hours(moment(-6, 2, 9), 60, HOURLY, 60, decided=BETWEEN_EXPORTS_S)
    work = _cut(page, work, 50, HOURLY)
    for code in ("W16", "W17"):
        desk.left(code, page, [work], "its hours were cut before anybody had approved them")
    page = _page(desk, -7)
    work = _cut(page, page.hours(moment(-7, 2, 9), 60, HOURLY, 45), 60, HOURLY)
    desk.left("W16", page, [work], "the later export says more time, not less")


def _deducted(desk: Desk) -> None:
    page = _page(desk, -7)
    work = page.work(moment(-7, 2, 9), 15, 10)
    work = page.tell_again(work, pay_micros=6 * MICROS, rate_micros=6 * MICROS)
    why = "4.00 of an approved 10.00 were taken back without a reason"
    desk.found("W17", page, [work], 4 * MICROS, why)
    page = _page(desk, -8)
    work = _refused_later(page, page.work(moment(-8, 2, 9), 15, 8), "")
    desk.found("W17", page, [work], 8 * MICROS, "approved, then refused without a reason")
    page = _page(desk, -6)
    works = [_refused_later(page, page.work(moment(-6, n, 9), 10, 5), "") for n in (1, 2)]
    desk.found("W17", page, works, 10 * MICROS, "two approvals taken back without a reason")


def _refused_later(page: Page, work: Work, reason: str) -> Work:
    """Let a refusal follow the decision, between the two exports."""
    refusal = Decision("rejected", BETWEEN_EXPORTS_S, reason)
    told = work._replace(decisions=(*work.decisions, refusal), paid_in_run=False)
    page.works[page.works.index(work)] = told
    return told


def _explained(desk: Desk) -> None:
    page = _page(desk, -7)
    work = _refused_later(page, page.work(moment(-7, 2, 9), 15, 8), APPEAL)
    desk.left("W17", page, [work], "taken back with a reason, a reviewer and a way to appeal")
    page = _page(desk, -6)
    start = moment(-6, 2, 9)
    work = page.work(start, 15, 8, status="rejected", decided=BETWEEN_EXPORTS_S)
    desk.left("W17", page, [work], "refused, but never approved before: nothing is deducted")
    page = _page(desk, -8)
    work = page.work(moment(-8, 2, 9), 15, 6)
    work = page.tell_again(work, pay_micros=10 * MICROS, rate_micros=10 * MICROS)
    desk.left("W17", page, [work], "the later export pays more, not less")
