"""Planted weeks below the floor of 15.00 an hour (W28), and weeks that look like it.

A week fails if what was earned in it is below the floor for the measured time that the vendor asked
for (denominator B), overlapping work counted once. The pieces of a planted week touch, overlap, or
lie far apart, so that no rule about short gaps changes the figures.
"""

from ledger.sample.cases import Case, Finding, NearMiss, Sheet
from ledger.sample.days import DAY, HOUR, moment
from ledger.sample.late_pay import Builder
from ledger.sample.work import MICROS, Work

FLOOR_MICROS = 15 * MICROS


def cases() -> list[Builder]:
    """Return all builders, planted ones first."""
    return [
        _badly_paid,
        _one_micro_under,
        _badly_paid_training,
        _refused_work_is_work,
        _time_given_back,
        _below_even_when_overlapping,
        _badly_paid_hours,
        _over_sunday_night,
        _bonus_a_week_too_late,
        _nothing_but_refused_work,
        _also_late,
        _also_undecided,
        _at_the_floor,
        _held_at_once,
        _lifted_by_a_bonus,
        _fast_on_active_time,
        _split_on_sunday_night,
        _pay_unknown,
        _time_unknown,
        _no_clock,
        _searching_and_paperwork,
    ]


def _found(sheet: Sheet, week: int, dollars: float, why: str) -> Case:
    finding = Finding("W28", round(dollars * MICROS), why, week=week)
    return Case(tuple(sheet.works), findings=(finding,), reserved=frozenset({week}))


def _left(sheet: Sheet, week: int, reason: str) -> Case:
    miss = NearMiss("W28", reason, week=week)
    return Case(tuple(sheet.works), near_misses=(miss,), reserved=frozenset({week}))


def _unpaid(sheet: Sheet, start: int, minutes: int, category: str) -> Work:
    return sheet.task(start, minutes, 0, category=category)


def _badly_paid(sheet: Sheet) -> Case:
    for hour in (10, 11, 12):
        sheet.task(moment(-6, 1, hour), 60, 9, active_minutes=60)
    return _found(sheet, -6, 18, "three hours at 9.00")


def _one_micro_under(sheet: Sheet) -> Case:
    sheet.task(moment(-1, 2, 10), 60, 14.999999)
    return _found(sheet, -1, 0.000001, "one hour at a millionth of a dollar under the floor")


def _badly_paid_training(sheet: Sheet) -> Case:
    sheet.task(moment(-7, 0, 9), 60, 3, category="training")
    sheet.task(moment(-7, 0, 10), 120, 33)
    return _found(sheet, -7, 9, "two hours at 16.50 and an hour of required training for 3.00")


def _refused_work_is_work(sheet: Sheet) -> Case:
    sheet.task(moment(-5, 3, 9), 60, 15)
    sheet.task(moment(-5, 3, 10), 60, 15, outcome="rejected", reason="not needed any more")
    return _found(sheet, -5, 15, "half of the work was refused; its time stays")


def _time_given_back(sheet: Sheet) -> Case:
    sheet.task(moment(-4, 3, 9), 60, 15)
    start = moment(-4, 3, 10)
    sheet.task(start, 20, 0, outcome="returned", decided=start + HOUR // 3)
    return _found(sheet, -4, 5, "an hour at the floor, twenty minutes on a task then given back")


def _below_even_when_overlapping(sheet: Sheet) -> Case:
    sheet.task(moment(-8, 1, 9), 60, 8)
    sheet.task(moment(-8, 1, 9.5), 60, 8)
    return _found(sheet, -8, 6.5, "16.00 for an hour and a half, overlap counted once")


def _badly_paid_hours(sheet: Sheet) -> Case:
    work = sheet.task(moment(-7, 2, 9), 120, 18)
    sheet.works[-1] = work._replace(rate_kind="hour", rate_micros=9 * MICROS, paid_s=2 * HOUR)
    return _found(sheet, -7, 12, "two hours paid by the hour, at 9.00")


def _over_sunday_night(sheet: Sheet) -> Case:
    """22.50 for two hours, of which 90 minutes lie in the first week and 30 in the second."""
    sheet.task(moment(-5, 6, 22.5), 120, 22.5)
    why = "11.25 an hour on both sides of Sunday midnight"
    first = Finding("W28", 5_625_000, why, week=-5)
    second = Finding("W28", 1_875_000, why, week=-4)
    return Case(tuple(sheet.works), findings=(first, second), reserved=frozenset({-5, -4}))


def _bonus_a_week_too_late(sheet: Sheet) -> Case:
    sheet.task(moment(-6, 4, 9), 120, 24)
    sheet.award(moment(-5, 1, 12), 6, reason="speed bonus")
    return _found(sheet, -6, 6, "two hours at 12.00; the bonus came in the next week")


def _nothing_but_refused_work(sheet: Sheet) -> Case:
    sheet.task(moment(-8, 0, 9), 60, 15, outcome="rejected", reason="incomplete")
    sheet.task(moment(-8, 0, 10), 30, 8, outcome="rejected", reason="guideline not followed")
    return _found(sheet, -8, 22.5, "ninety minutes of work, all of it refused: no pay at all")


def _also_late(sheet: Sheet) -> Case:
    sheet.task(moment(-6, 1, 9), 60, 10)
    late = sheet.task(moment(-6, 1, 10), 60, 10, in_run=False)
    findings = (
        Finding("W01", 10 * MICROS, "overdue", works=(late.external_id,), overlap=True),
        Finding(
            "W28",
            10 * MICROS,
            "two hours at 10.00: what is late was earned, so the shortfall is another 10.00",
            week=-6,
            overlap=True,
        ),
    )
    return Case(tuple(sheet.works), findings=findings, reserved=frozenset({-6}))


def _also_undecided(sheet: Sheet) -> Case:
    sheet.task(moment(-5, 1, 9), 60, 15)
    pending = sheet.task(moment(-5, 1, 10), 60, 10, outcome=None)
    findings = (
        Finding("W02", 10 * MICROS, "undecided", works=(pending.external_id,), overlap=True),
        Finding(
            "W28",
            5 * MICROS,
            "15.00 earned in two hours: 10.00 of the 15.00 missing hang on the undecided work",
            week=-5,
            overlap=True,
            shortfall_micros=15 * MICROS,
        ),
    )
    return Case(tuple(sheet.works), findings=findings, reserved=frozenset({-5}))


def _at_the_floor(sheet: Sheet) -> Case:
    sheet.task(moment(-6, 2, 9), 40, 10)
    sheet.task(moment(-6, 2, 9) + 40 * 60, 20, 5)
    return _left(sheet, -6, "one hour for 15.00: exactly at the floor")


def _held_at_once(sheet: Sheet) -> Case:
    for step in range(4):
        sheet.task(moment(-7, 1, 9 + step * 0.25), 60, 7)
    return _left(sheet, -7, "7.00 an hour by summed time, 16.00 with overlapping time counted once")


def _lifted_by_a_bonus(sheet: Sheet) -> Case:
    sheet.task(moment(-5, 2, 9), 120, 24)
    sheet.award(moment(-5, 4, 15), 6, reason="quality bonus")
    return _left(sheet, -5, "two hours at 12.00, and a bonus of 6.00 in the same week")


def _fast_on_active_time(sheet: Sheet) -> Case:
    sheet.task(moment(-4, 2, 9), 120, 15, active_minutes=60)
    return _left(sheet, -4, "below on the wall clock, at the floor on active time: contested")


def _split_on_sunday_night(sheet: Sheet) -> Case:
    sheet.task(moment(-7, 6, 23), 120, 30)
    reason = "two hours for 30.00 across Sunday midnight: both weeks are at the floor"
    misses = (NearMiss("W28", reason, week=-7), NearMiss("W28", reason, week=-6))
    return Case(tuple(sheet.works), near_misses=misses, reserved=frozenset({-7, -6}))


def _pay_unknown(sheet: Sheet) -> Case:
    sheet.task(moment(-8, 2, 9), 60, 5)
    sheet.task(moment(-8, 2, 10), 60, None)
    return _left(sheet, -8, "the pay of one task is not known: contested, not a fault")


def _time_unknown(sheet: Sheet) -> Case:
    work = sheet.task(moment(-6, 3, 9), 60, 5)
    sheet.works[-1] = work._replace(start_s=None)
    return _left(sheet, -6, "time was never measured: unknown, not a fault")


def _no_clock(sheet: Sheet) -> Case:
    sheet.task(moment(-5, 1, 9), 60, 15)
    work = sheet.task(moment(-5, 1, 9) + DAY, 60, 5)
    sheet.works[-1] = work._replace(start_s=None, wall_s=HOUR)
    reason = "an hour at the floor, and one of which only the length is known: contested"
    return _left(sheet, -5, reason)


def _searching_and_paperwork(sheet: Sheet) -> Case:
    sheet.task(moment(-4, 1, 9), 60, 15)
    _unpaid(sheet, moment(-4, 1, 10), 45, "searching")
    _unpaid(sheet, moment(-4, 1, 11), 30, "admin")
    return _left(sheet, -4, "at the floor on B; searching and paperwork count in C only")
