"""Planted cases of late pay (W01) and what looks like it.

W01 (docs/checks.md): approved work, not paid in full although its due date and three days of grace
have passed.
"""

from collections.abc import Callable

from ledger.sample.cases import Case, Finding, NearMiss, Sheet
from ledger.sample.days import AS_OF_S, DAY, GRACE_S, HOUR, at_s, due_s, moment
from ledger.sample.work import MICROS, Decision, Payment, Work

SUNDAY = 6
Builder = Callable[[Sheet], Case]


def cases() -> list[Builder]:
    """Return all builders, planted ones first."""
    return [
        _never_paid,
        _a_pay_date_left_out,
        _partly_paid,
        _paid_short,
        _just_past_grace,
        _bonus_never_paid,
        _screen_out_fee_never_paid,
        _approved_on_appeal_and_never_paid,
        _grace_ends_now,
        _due_this_morning,
        _due_tomorrow,
        _paid_late,
        _paid_in_one_lump,
        _paid_in_two_parts,
        _refused,
        _paid_before_it_was_exported,
        _paid_ahead_without_a_list,
        _on_its_way,
        _fee_on_the_way,
    ]


def _unpaid(sheet: Sheet, week: int = -5, due: int | None = None) -> Work:
    return sheet.task(moment(week, SUNDAY, 10), 12, 8, due=due, in_run=False)


def _found(sheet: Sheet, works: list[Work], dollars: float, why: str, *pays: Payment) -> Case:
    ids = tuple(work.external_id for work in works)
    finding = Finding("W01", round(dollars * MICROS), why, works=ids)
    return Case(tuple(sheet.works), payments=pays, findings=(finding,))


def _left(
    sheet: Sheet, works: list[Work], reason: str, *pays: Payment, alone: bool = False
) -> Case:
    ids = tuple(work.external_id for work in works)
    miss = NearMiss("W01", reason, works=ids)
    return Case(tuple(sheet.works), payments=pays, near_misses=(miss,), newcomer=alone)


def _pay(sent: int, dollars: float, *works: Work, fee: float = 0, early: bool = False) -> Payment:
    return Payment(
        sent_s=sent,
        amount_micros=round(dollars * MICROS),
        works=tuple(work.external_id for work in works),
        arrived_s=sent + DAY,
        fee_micros=round(fee * MICROS),
        early=early,
    )


def _due(work: Work) -> int:
    assert work.due_s is not None
    return work.due_s


def _never_paid(sheet: Sheet) -> Case:
    return _found(sheet, [_unpaid(sheet)], 8, "approved, due and never paid; all other work was")


def _a_pay_date_left_out(sheet: Sheet) -> Case:
    """Three due dates; the payments list no work, and the first date is missing."""
    first = [sheet.task(moment(-8, 1, 9 + n), 20, 10 + n, in_run=False) for n in range(3)]
    second = [sheet.task(moment(-7, 1, 9 + n), 20, 11, in_run=False) for n in range(2)]
    third = sheet.task(moment(-6, 2, 9), 20, 13.5, in_run=False)
    finding = Finding(
        "W01",
        33 * MICROS,
        "one pay date left out; the later ones were paid in full",
        works=tuple(work.external_id for work in first),
    )
    pays = (
        _pay(_due(second[0]) - 3 * DAY + 9 * HOUR, 22),
        _pay(_due(third) - 3 * DAY + 9 * HOUR, 13.5),
    )
    return Case(tuple(sheet.works), payments=pays, findings=(finding,), newcomer=True)


def _partly_paid(sheet: Sheet) -> Case:
    work = _unpaid(sheet, week=-6)
    part = _pay(_due(work) - 2 * DAY, 4.75, work)
    return _found(sheet, [work], 3.25, "4.75 of 8.00 was paid, the rest never", part)


def _paid_short(sheet: Sheet) -> Case:
    """Two due dates in one sum that lists nothing and is too small: the later debt stays open."""
    sheet.task(moment(-8, 2, 10), 20, 10, in_run=False)
    later = sheet.task(moment(-7, 2, 10), 20, 11, in_run=False)
    sheet.task(moment(-2, 2, 10), 20, 12)  # not due yet: no small balance that stays
    short = _pay(_due(later) - 3 * DAY, 17)
    finding = Finding(
        "W01", 4 * MICROS, "17.00 came for 21.00 that was due", works=(later.external_id,)
    )
    return Case(tuple(sheet.works), payments=(short,), findings=(finding,), newcomer=True)


def _just_past_grace(sheet: Sheet) -> Case:
    work = _unpaid(sheet, due=AS_OF_S - GRACE_S - 1)
    return _found(sheet, [work], 8, "due three days and one second ago")


def _bonus_never_paid(sheet: Sheet) -> Case:
    bonus = sheet.award(moment(-5, 2, 12), 25, reason="quality bonus", in_run=False)
    return _found(sheet, [bonus], 25, "a bonus was granted, fell due and was never paid")


def _screen_out_fee_never_paid(sheet: Sheet) -> Case:
    start = moment(-5, SUNDAY, 10)
    fee = sheet.task(start, 2, 1.5, outcome="screened_out", reason="not eligible", in_run=False)
    return _found(sheet, [fee], 1.5, "the fixed fee for a screen-out was never paid")


def _approved_on_appeal_and_never_paid(sheet: Sheet) -> Case:
    """Refused in the first export of the month, approved in the second."""
    start = at_s("2026-09-24T10:00:00+03:00")
    approved = at_s("2026-10-06T12:00:00+03:00")
    work = sheet.task(start, 12, 8, decided=approved, in_run=False)
    refused = Decision("rejected", start + DAY, "blurred")
    sheet.works[-1] = work._replace(decisions=(refused, *work.decisions))
    return _found(sheet, [work], 8, "refused, approved on appeal, and never paid")


def _grace_ends_now(sheet: Sheet) -> Case:
    return _left(sheet, [_unpaid(sheet, due=AS_OF_S - GRACE_S)], "three days of grace end just now")


def _due_this_morning(sheet: Sheet) -> Case:
    work = sheet.task(moment(-3, 2, 12), 12, 8, in_run=False)
    return _left(sheet, [work], "due today and unpaid, but within the three days of grace")


def _due_tomorrow(sheet: Sheet) -> Case:
    return _left(sheet, [_unpaid(sheet, due=AS_OF_S + DAY)], "approved long ago, due tomorrow")


def _paid_late(sheet: Sheet) -> Case:
    work = _unpaid(sheet, week=-7)
    return _left(
        sheet, [work], "paid nine days late, but paid", _pay(_due(work) + 9 * DAY, 8, work)
    )


def _paid_in_one_lump(sheet: Sheet) -> Case:
    first = sheet.task(moment(-8, 2, 10), 20, 10, in_run=False)
    second = sheet.task(moment(-7, 2, 10), 20, 11, in_run=False)
    lump = _pay(_due(second) - DAY, 21)
    reason = "two debts of two due dates were paid in one sum that lists neither"
    return _left(sheet, [first, second], reason, lump, alone=True)


def _paid_in_two_parts(sheet: Sheet) -> Case:
    work = _unpaid(sheet, week=-6)
    parts = (_pay(_due(work) - 4 * DAY, 5.5, work), _pay(_due(work) - 2 * DAY, 2.5, work))
    return _left(sheet, [work], "paid in two parts that add up", *parts)


def _refused(sheet: Sheet) -> Case:
    work = sheet.task(moment(-6, SUNDAY, 10), 5, 4, outcome="rejected", reason="wrong language")
    return _left(sheet, [work], "refused work is not owed")


def _paid_before_it_was_exported(sheet: Sheet) -> Case:
    work = _unpaid(sheet, week=-7)
    early = _pay(work.decisions[-1].at_s + HOUR, 8, work, early=True)
    return _left(sheet, [work], "paid by a remittance that came before the work's export", early)


def _paid_ahead_without_a_list(sheet: Sheet) -> Case:
    work = sheet.task(moment(-7, 2, 10), 20, 10, in_run=False)
    early = _pay(work.decisions[-1].at_s + HOUR, 10, early=True)
    reason = "paid ahead by a remittance that came first and lists no work"
    return _left(sheet, [work], reason, early, alone=True)


def _on_its_way(sheet: Sheet) -> Case:
    work = _unpaid(sheet)
    sent = Payment(AS_OF_S - DAY, 8 * MICROS, works=(work.external_id,))
    return _left(sheet, [work], "sent late, yesterday, and not yet confirmed as arrived", sent)


def _fee_on_the_way(sheet: Sheet) -> Case:
    work = sheet.task(moment(-6, 2, 10), 12, 8, in_run=False)
    sent = _pay(due_s(work.decisions[-1].at_s) - 3 * DAY, 8, work, fee=1.25)
    return _left(sheet, [work], "all of it was sent; a fee on the way is another matter", sent)
