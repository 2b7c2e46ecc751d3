"""Planted cases of work handed in and never decided (W02), and what looks like it.

W02 (docs/checks.md): no decision by the date promised or, where none was promised, within seven
days of hand-in.
"""

from ledger.sample.cases import Case, Finding, NearMiss, Sheet
from ledger.sample.days import AS_OF_S, DAY, HOUR, MINUTE, REVIEW_S, at_s, moment
from ledger.sample.late_pay import Builder
from ledger.sample.work import MICROS, Work

LENGTH = 10  # minutes
PAY = 5


def cases() -> list[Builder]:
    """Return all builders, planted ones first."""
    return [
        _eight_days,
        _a_second_past_the_window,
        _promise_broken,
        _forgotten_since_summer,
        _paid_by_the_hour,
        _undecided_in_both_exports,
        _six_days,
        _window_ends_now,
        _decided_yesterday,
        _never_handed_in,
        _decided_in_the_later_export,
        _promised_for_later,
    ]


def _pending(sheet: Sheet, handed_in: int, decide_by: int | None = None) -> Work:
    start = handed_in - LENGTH * MINUTE
    return sheet.task(start, LENGTH, PAY, outcome=None, decide_by=decide_by)


def _found(sheet: Sheet, why: str) -> Case:
    works = tuple(work.external_id for work in sheet.works)
    stake = sum(work.pay_micros or 0 for work in sheet.works)
    return Case(tuple(sheet.works), findings=(Finding("W02", stake, why, works=works),))


def _left(sheet: Sheet, reason: str) -> Case:
    works = tuple(work.external_id for work in sheet.works)
    return Case(tuple(sheet.works), near_misses=(NearMiss("W02", reason, works=works),))


def _eight_days(sheet: Sheet) -> Case:
    _pending(sheet, AS_OF_S - 8 * DAY)
    return _found(sheet, "handed in eight days ago, no decision")


def _a_second_past_the_window(sheet: Sheet) -> Case:
    _pending(sheet, AS_OF_S - REVIEW_S - 1)
    return _found(sheet, "handed in seven days and one second ago, no decision")


def _promise_broken(sheet: Sheet) -> Case:
    _pending(sheet, AS_OF_S - 3 * DAY, decide_by=AS_OF_S - DAY)
    return _found(sheet, "a decision was promised for yesterday")


def _forgotten_since_summer(sheet: Sheet) -> Case:
    for hour in (10, 11):
        _pending(sheet, moment(-9, 6, hour))
    return _found(sheet, "two pieces handed in two months ago, no decision")


def _paid_by_the_hour(sheet: Sheet) -> Case:
    work = _pending(sheet, moment(-4, 6, 12))
    sheet.works[-1] = work._replace(
        pay_micros=4 * MICROS, rate_kind="hour", rate_micros=24 * MICROS, paid_s=LENGTH * MINUTE
    )
    return _found(sheet, "hours handed in and never decided")


def _undecided_in_both_exports(sheet: Sheet) -> Case:
    _pending(sheet, at_s("2026-09-20T12:00:00+03:00"))
    return _found(sheet, "undecided in both exports of the month")


def _six_days(sheet: Sheet) -> Case:
    _pending(sheet, AS_OF_S - 6 * DAY)
    return _left(sheet, "handed in six days ago, within the seven of the window")


def _window_ends_now(sheet: Sheet) -> Case:
    _pending(sheet, AS_OF_S - REVIEW_S)
    return _left(sheet, "the seven days end just now")


def _decided_yesterday(sheet: Sheet) -> Case:
    start = moment(-3, 6, 10)
    sheet.task(start, LENGTH, PAY, decided=AS_OF_S - DAY)
    return _left(sheet, "decided yesterday, late as it was")


def _never_handed_in(sheet: Sheet) -> Case:
    for hour, outcome in enumerate(("returned", "expired", "skipped"), start=10):
        start = moment(-6, 6, hour)
        sheet.task(start, 1, 0, outcome=outcome, decided=start + MINUTE)
    return _left(sheet, "given back, run out or skipped: never handed in, nothing to decide")


def _decided_in_the_later_export(sheet: Sheet) -> Case:
    start = at_s("2026-09-29T02:30:00+03:00")
    sheet.task(start, LENGTH, PAY, decided=start + 5 * DAY + HOUR)
    return _left(sheet, "undecided in the first export of the month, approved in the second")


def _promised_for_later(sheet: Sheet) -> Case:
    _pending(sheet, moment(-4, 6, 10), decide_by=AS_OF_S + 5 * DAY)
    return _left(sheet, "handed in three weeks ago, but the decision is promised for later")
