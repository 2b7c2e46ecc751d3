"""Every guard of every detector is needed: taken out, something is flagged that must not be."""

from datetime import date

import pytest

from ledger.promising import Pieces
from payouts.detectors import (
    BY_CODE,
    DETECTORS,
    OF_VENDORS,
    around_work,
    below_floor,
    below_rate,
    broken_promise,
    cancelled,
    deduction,
    excessive_hours,
    exchange_mark_up,
    expired,
    forfeited,
    hours_removed,
    instruction_churn,
    late_exchange,
    late_pay,
    mass_rejection,
    qualification,
    rate_cut,
    reading_time,
    record_gap,
    returned_payment,
    reused_id,
    rework,
    stopped,
    threshold,
    time_cut,
    training,
    transfer_fees,
    undecided,
    unpaid_time,
    unsettled,
    used_anyway,
    vanished_work,
    waiting,
)
from tests.payouts.detectors.builders import (
    AS_OF_MS,
    DAY_MS,
    DOLLAR,
    HOUR_MS,
    MINUTE_MS,
    attempt,
    debt,
    ending,
    facts,
    mass,
    promised,
    reading,
    returned,
    session,
    settled,
    told,
    week,
    work,
)


def of(*attempts, **given):
    return facts(attempts=attempts, **given)


def with_pay(**given):
    return of(attempt(promised=5, earned_micros=5 * DOLLAR, **given))


def without_time(**given):
    return of(attempt(hours=0, **given))


def small(dollars=4.0, ended_days_ago=31, **given):
    """Return work whose pay is due some day, and less than the five dollars that are paid out."""
    ended = AS_OF_MS - ended_days_ago * DAY_MS
    given |= {"started_at_ms": ended - HOUR_MS, "ended_at_ms": ended}
    return work(debt(-40, dollars), threshold_micros=5 * DOLLAR, **given)


def after(*works, days_ago=20.0, is_account=True, **given):
    """Return facts of work at an account, or for a project, that was ended so long ago."""
    one = ending(days_ago)
    ended = {"deactivated": one} if is_account else {"closed": {"maps": one}}
    return facts(*works, **ended, **given)


def after_closing(*works, **given):
    return after(*works, is_account=False, **given)


def cut_off(**given):
    """Return facts of an attempt that was under way when its project was closed."""
    began = AS_OF_MS - 20 * DAY_MS - HOUR_MS // 2
    one = {"started_at_ms": began, "ended_as": "expired", **given}
    return after_closing(attempts=[attempt(**one)])


def left_open(after):
    """Return what both detectors of endings leave alone."""
    return {
        unsettled.there_was_time: after(work(pending=5), days_ago=14),
        unsettled.payments_are_reported: after(work(debt(1), pays_on_approval=True)),
        unsettled.payments_are_known: after(work(debt(1)), known_until=date(2026, 10, 26)),
        unsettled.is_not_explained: after(work(refused=5, refusal=told("copied"))),
        unsettled.came_with_the_ending: after(work(refused=5, refusal=told("", 21))),
    }


LESS = told("the source now says less")
SHORTENED = {"paid_ms": HOUR_MS, "approved_paid_ms": 2 * HOUR_MS}
BELOW = {"promised": 4, "agreed_micros": 6 * DOLLAR, "later_micros": (4 * DOLLAR,)}

# What the guard, and nothing else, leaves alone: by detector, as some guards are shared.
LEFT_ALONE = {
    late_pay: {
        late_pay.grace_is_over: facts(work(debt(3))),
        late_pay.payments_are_reported: facts(work(debt(10), pays_on_approval=True)),
        late_pay.payments_are_known: facts(work(debt(10)), known_until=date(2026, 10, 22)),
    },
    undecided: {
        undecided.nobody_decided: facts(work(debt(1), decide_by_days_ago=8)),
        undecided.window_has_closed: facts(work(pending=5, decide_by_days_ago=-1)),
    },
    transfer_fees: {transfer_fees.cost_a_fee: facts(settled=[settled(fee=0)])},
    exchange_mark_up: {exchange_mark_up.took_too_much: facts(settled=[settled(worth=9.95)])},
    late_exchange: {late_exchange.fell_meanwhile: facts(settled=[settled(late=0)])},
    below_floor: {
        below_floor.week_has_ended: facts(weeks=[week(date(2026, 11, 2))]),
        below_floor.floor_was_missed: facts(weeks=[week(earned=30)]),
    },
    mass_rejection: {
        mass_rejection.money_is_refused: facts(work(refusal=told("blurred"), refused_with=mass())),
        mass_rejection.was_decided_against: facts(
            work(refused=5, refusal=LESS, refused_with=mass())
        ),
        mass_rejection.is_one_of_many: facts(work(refused=5, refusal=told("blurred"))),
    },
    used_anyway: {
        mass_rejection.money_is_refused: facts(work(refusal=told("blurred"), was_delivered=True)),
        mass_rejection.was_decided_against: facts(
            work(refused=5, refusal=LESS, was_delivered=True)
        ),
        used_anyway.was_delivered: facts(work(refused=5, refusal=told("blurred"))),
    },
    vanished_work: {vanished_work.is_missing: facts(work(debt(1)))},
    reused_id: {
        reused_id.its_id_was_paid_to_another: facts(work(debt(10))),
        late_pay.payments_are_reported: facts(
            work(debt(10), is_collapsed=True, pays_on_approval=True)
        ),
    },
    returned_payment: {
        returned_payment.there_was_time: facts(work(debt(20)), sent_back=[returned(2)]),
        returned_payment.is_still_owed: facts(work(refused=5), sent_back=[returned(20)]),
    },
    forfeited: left_open(after),
    cancelled: {
        **left_open(after_closing),
        cancelled.was_begun_before: after_closing(
            work(pending=5, started_at_ms=AS_OF_MS - 19 * DAY_MS)
        ),
        cancelled.was_under_way: cut_off(started_at_ms=AS_OF_MS - 21 * DAY_MS),
        cancelled.was_not_handed_in: cut_off(ended_as="submitted"),
        cancelled.has_no_pay: cut_off(promised=5),
        cancelled.was_worked_on: cut_off(hours=1 / 60, started_at_ms=AS_OF_MS - 20 * DAY_MS - 1),
    },
    threshold: {
        threshold.is_below_the_threshold: facts(small(dollars=5)),
        threshold.is_old: facts(small(ended_days_ago=30)),
        threshold.payments_are_known: facts(small(), known_until=date(2026, 10, 1)),
        threshold.payments_are_reported: facts(small(pays_on_approval=True)),
    },
    rate_cut: {
        rate_cut.was_cut_or_came_too_late: of(attempt(**{**BELOW, "later_micros": ()})),
        below_rate.was_not_refused: of(attempt(**BELOW, decided_as="refused")),
        below_rate.was_handed_in: of(attempt(**BELOW, ended_as="returned")),
    },
    below_rate: {
        below_rate.is_more_than_rounding: of(
            attempt(1, promised=3.99, agreed_micros=4 * DOLLAR),
            attempt(2, promised=3.99, agreed_micros=4 * DOLLAR),
        ),
        below_rate.was_not_refused: of(attempt(**BELOW, decided_as="refused")),
        below_rate.was_handed_in: of(attempt(**BELOW, ended_as="returned")),
    },
    broken_promise: {
        broken_promise.is_due: facts(promised=[promised(due_ms=AS_OF_MS + 1)]),
        broken_promise.was_not_awarded: facts(promised=[promised(awarded=5)]),
        broken_promise.is_met: facts(promised=[promised(pieces=Pieces(approved=2))]),
    },
    time_cut: {
        time_cut.much_is_missing: of(attempt(promised=5, active_ms=HOUR_MS, paid_ms=HOUR_MS - 1000))
    },
    expired: {
        expired.has_expired: of(attempt(ended_as="returned", active_ms=HOUR_MS)),
        expired.was_worked_on: of(attempt(ended_as="expired", active_ms=MINUTE_MS)),
        unpaid_time.no_pay: with_pay(ended_as="expired", active_ms=HOUR_MS),
        unpaid_time.took_time: of(attempt(hours=0, ended_as="expired", active_ms=HOUR_MS)),
    },
    hours_removed: {
        hours_removed.was_shortened: facts(
            work(withheld=5, withholding=LESS), attempts=[attempt(paid_ms=HOUR_MS)]
        ),
        hours_removed.pay_went_with_it: facts(work(debt(1)), attempts=[attempt(**SHORTENED)]),
        hours_removed.gives_no_reason: facts(
            work(withheld=5, withholding=told("idle, see the log")), attempts=[attempt(**SHORTENED)]
        ),
        hours_removed.still_stands: of(
            attempt(clock_ms=HOUR_MS, approved_clock_ms=2 * HOUR_MS, decided_as="refused")
        ),
    },
    deduction: {
        deduction.is_withheld: facts(work(debt(1))),
        deduction.is_not_explained: facts(work(withheld=5, withholding=told("returned late"))),
    },
    rework: {
        rework.is_rework: of(attempt(kind="task", rework_ms=1)),
        rework.is_beyond_the_allowance: of(
            attempt(kind="rework", rework_ms=HOUR_MS, task_ms=10 * HOUR_MS)
        ),
        unpaid_time.no_pay: with_pay(kind="rework", rework_ms=1),
        unpaid_time.took_time: without_time(kind="rework", rework_ms=1),
    },
    instruction_churn: {
        instruction_churn.is_a_change: facts(readings=[reading(is_change=False)]),
        reading_time.took_time: facts(readings=[reading(minutes=0)]),
        reading_time.has_no_pay: facts(readings=[reading(measured_by=frozenset({1}))]),
    },
    training: {
        training.is_training: of(attempt(kind="meeting")),
        training.is_required: of(attempt(kind="training", is_optional=True)),
        training.is_more_than_a_screening: of(attempt(kind="qualification", hours=1 / 6)),
        training.was_not_refused: of(attempt(kind="training", decided_as="refused")),
        training.is_no_change: of(
            attempt(kind="instructions"), readings=[reading(measured_by=frozenset({1}))]
        ),
        unpaid_time.no_pay: with_pay(kind="training"),
        unpaid_time.took_time: without_time(kind="training"),
    },
    waiting: {
        waiting.is_waiting: of(attempt(kind="meeting")),
        unpaid_time.no_pay: with_pay(kind="waiting"),
        unpaid_time.took_time: without_time(kind="waiting"),
    },
    qualification: {
        qualification.is_a_trial: of(attempt(is_before_pay=False)),
        qualification.was_handed_in: of(attempt(is_before_pay=True, ended_as="returned")),
        qualification.is_more_than_a_screening: of(attempt(is_before_pay=True, hours=1 / 6)),
        unpaid_time.no_pay: with_pay(is_before_pay=True),
    },
    around_work: {
        around_work.is_around_the_work: of(attempt(kind="training")),
        around_work.was_asked_for: of(attempt(kind="searching", asked_for=False)),
        unpaid_time.no_pay: with_pay(kind="meeting"),
        unpaid_time.took_time: without_time(kind="meeting"),
    },
    stopped: {
        stopped.was_stopped: of(attempt(ended_as="returned")),
        stopped.took_more_than_a_glance: of(attempt(ended_as="screened_out", hours=1 / 60)),
        unpaid_time.no_pay: with_pay(ended_as="screened_out"),
    },
    excessive_hours: {
        excessive_hours.is_too_long: facts(sessions=[session(12)]),
        excessive_hours.the_clock_was_not_left_running: facts(sessions=[session(13, pieces=2)]),
    },
}
READING_LEFT_ALONE = {
    training.is_new_to_it: facts(readings=[reading()]),
    training.nobody_measured_it: facts(
        readings=[reading(is_change=False, measured_by=frozenset({1}))]
    ),
    reading_time.took_time: facts(readings=[reading(is_change=False, minutes=0)]),
}
UNCHECKED_LEFT_ALONE = {
    late_pay.grace_is_over: facts(work(debt(3)), known_until=None),
    late_pay.payments_are_reported: facts(work(debt(10), pays_on_approval=True), known_until=None),
    record_gap.payments_are_unknown: facts(work(debt(10))),
}


def unchecked(one, guards):
    added_up = record_gap.Unchecked()
    added_up.add(one, guards)
    return record_gap.detect(added_up, known_until=None, currency="USD")


@pytest.mark.parametrize(
    ("detector", "guard"),
    [
        pytest.param(detector, guard, id=f"{detector.CODE} without {guard.__name__}")
        for detector in DETECTORS
        for guard in detector.GUARDS
    ],
)
def test_without_a_guard_a_near_miss_is_flagged(detector, guard):
    others = tuple(one for one in detector.GUARDS if one is not guard)
    near_miss = LEFT_ALONE[detector][guard]

    assert list(detector.detect(near_miss)) == []
    assert len(list(detector.detect(near_miss, others))) == 1


@pytest.mark.parametrize("guard", training.OF_READING, ids=lambda guard: guard.__name__)
def test_without_a_guard_reading_is_flagged_as_training(guard):
    others = tuple(one for one in training.OF_READING if one is not guard)
    near_miss = READING_LEFT_ALONE[guard]

    assert list(training.detect(near_miss)) == []
    assert len(list(training.detect(near_miss, of_reading=others))) == 1


@pytest.mark.parametrize("guard", record_gap.GUARDS, ids=lambda guard: guard.__name__)
def test_without_a_guard_the_record_seems_to_have_a_gap(guard):
    others = tuple(one for one in record_gap.GUARDS if one is not guard)

    assert unchecked(UNCHECKED_LEFT_ALONE[guard], record_gap.GUARDS) == []
    assert len(unchecked(UNCHECKED_LEFT_ALONE[guard], others)) == 1


def test_all_detectors_are_here():
    assert set(BY_CODE.values()) == {*LEFT_ALONE, *OF_VENDORS}
