"""Every guard of every detector is needed: taken out, something is flagged that must not be."""

from datetime import date

import pytest

from payouts.detectors import (
    BY_CODE,
    below_floor,
    exchange_mark_up,
    late_exchange,
    late_pay,
    record_gap,
    transfer_fees,
    undecided,
)
from tests.payouts.detectors.builders import debt, facts, settled, week, work

# What the guard, and nothing else, leaves alone.
LEFT_ALONE = {
    late_pay.grace_is_over: facts(work(debt(3))),
    late_pay.payments_are_reported: facts(work(debt(10), pays_on_approval=True)),
    late_pay.payments_are_known: facts(work(debt(10)), known_until=date(2026, 10, 22)),
    undecided.nobody_decided: facts(work(debt(1), decide_by_days_ago=8)),
    undecided.window_has_closed: facts(work(pending=5, decide_by_days_ago=-1)),
    transfer_fees.cost_a_fee: facts(settled=[settled(fee=0)]),
    exchange_mark_up.took_too_much: facts(settled=[settled(worth=9.95)]),
    late_exchange.fell_meanwhile: facts(settled=[settled(late=0)]),
    below_floor.week_has_ended: facts(weeks=[week(date(2026, 11, 2))]),
    below_floor.floor_was_missed: facts(weeks=[week(earned=30)]),
}
UNCHECKED_LEFT_ALONE = {
    late_pay.grace_is_over: facts(work(debt(3)), known_until=None),
    late_pay.payments_are_reported: facts(work(debt(10), pays_on_approval=True), known_until=None),
    record_gap.payments_are_unknown: facts(work(debt(10))),
}
DETECTORS = [late_pay, undecided, transfer_fees, exchange_mark_up, late_exchange, below_floor]


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

    assert list(detector.detect(LEFT_ALONE[guard])) == []
    assert len(list(detector.detect(LEFT_ALONE[guard], others))) == 1


@pytest.mark.parametrize("guard", record_gap.GUARDS, ids=lambda guard: guard.__name__)
def test_without_a_guard_the_record_seems_to_have_a_gap(guard):
    others = tuple(one for one in record_gap.GUARDS if one is not guard)

    assert unchecked(UNCHECKED_LEFT_ALONE[guard], record_gap.GUARDS) == []
    assert len(unchecked(UNCHECKED_LEFT_ALONE[guard], others)) == 1


def test_all_detectors_are_here():
    assert set(BY_CODE.values()) == {*DETECTORS, record_gap}
