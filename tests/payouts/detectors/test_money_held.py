"""W05, W07, W12, W13, W14, W16 and W17: money that was owed or agreed and does not come."""

from datetime import UTC, datetime

import pytest

from ledger.periods import ms_of
from payouts.detectors import (
    below_rate,
    deduction,
    hours_removed,
    rate_cut,
    returned_payment,
    stakes,
    time_cut,
    vanished_work,
)
from tests.payouts.detectors.builders import (
    AS_OF_MS,
    DAY_MS,
    DOLLAR,
    HOUR_MS,
    MINUTE_MS,
    attempt,
    debt,
    facts,
    returned,
    told,
    work,
)


def stakes_of(detector, account):
    return [one.stake_micros / DOLLAR for one in detector.detect(account)]


@pytest.mark.parametrize(
    ("reason", "days_ago", "is_found"),
    [
        pytest.param("no reason given", 5, True, id="no reason"),
        pytest.param("the source now says less", 5, True, id="an export says less, not why"),
        pytest.param("tools were not returned", None, True, id="a reason without a date"),
        pytest.param("tools were not returned", 5, False, id="a reason and a date"),
    ],
)
def test_money_is_held_back_with_a_reason_and_a_date(reason, days_ago, is_found):
    account = facts(work(withheld=8, withholding=told(reason, days_ago)))

    assert stakes_of(deduction, account) == ([8] if is_found else [])


@pytest.mark.parametrize(
    ("given", "reason", "stake"),
    [
        pytest.param({"paid_ms": HOUR_MS, "approved_paid_ms": 2 * HOUR_MS}, "", [8], id="removed"),
        pytest.param({"paid_ms": HOUR_MS, "approved_paid_ms": HOUR_MS}, "", [], id="as approved"),
        pytest.param({"paid_ms": HOUR_MS}, "", [], id="it was not approved before"),
        pytest.param(
            {"paid_ms": HOUR_MS, "approved_paid_ms": 2 * HOUR_MS},
            "idle, see log",
            [],
            id="a reason",
        ),
    ],
)
def test_approved_hours_are_not_taken_back_in_silence(given, reason, stake):
    held = work(withheld=8, withholding=told(reason))

    assert stakes_of(hours_removed, facts(held, attempts=[attempt(**given)])) == stake


@pytest.mark.parametrize(
    ("given", "codes"),
    [
        pytest.param({"clock_ms": HOUR_MS, "approved_clock_ms": 2 * HOUR_MS}, ["W16"], id="less"),
        pytest.param({"clock_ms": HOUR_MS, "approved_clock_ms": HOUR_MS}, [], id="as approved"),
        pytest.param({"clock_ms": HOUR_MS}, [], id="not approved before"),
        pytest.param(
            {"clock_ms": HOUR_MS, "approved_clock_ms": HOUR_MS + MINUTE_MS}, [], id="set right"
        ),
    ],
)
def test_the_clock_of_approved_work_does_not_get_shorter(given, codes):
    found = list(hours_removed.detect(facts(attempts=[attempt(promised=20, **given)])))

    assert [(one.code, one.stake_micros) for one in found] == [(code, 0) for code in codes]


@pytest.mark.parametrize(
    ("held", "stake"),
    [
        pytest.param(8, [], id="a decision holds all of it"),
        pytest.param(5, [3], id="a decision holds a part, and nobody says why of the rest"),
        pytest.param(0, [8], id="the hold is past its end"),
    ],
)
def test_a_decision_on_record_explains_what_it_holds_and_no_more(held, stake):
    account = facts(work(withheld=8, withholding=None, held_micros=held * DOLLAR))

    assert stakes_of(deduction, account) == stake


def test_a_cut_without_notice_is_asked_about_with_nothing_at_stake():
    given = {"promised": 4, "agreed_micros": 4 * DOLLAR}
    cut_short = attempt(1, unnoticed_micros=6 * DOLLAR, **given)

    (found,) = rate_cut.detect(facts(attempts=[cut_short, attempt(2, **given)]))

    assert [one["external_id"] for one in found.evidence["works"]] == ["a-1"]
    assert found.stake_micros == 0
    assert (
        list(rate_cut.detect(facts(attempts=[attempt(1, unnoticed_micros=4_000_000, **given)])))
        == []
    )


def test_removed_hours_and_the_deduction_for_them_count_once():
    shortened = attempt(paid_ms=HOUR_MS, approved_paid_ms=2 * HOUR_MS)
    account = facts(work(withheld=8, withholding=told("")), attempts=[shortened])

    both = stakes.counted_once([*hours_removed.detect(account), *deduction.detect(account)])

    assert [one.stake_micros for one in both] == [8 * DOLLAR, 0]


@pytest.mark.parametrize(
    ("promised", "later", "codes"),
    [
        pytest.param(6, (), [], id="as agreed"),
        pytest.param(7, (), [], id="more than agreed"),
        pytest.param(5.995, (), [], id="within a coin"),
        pytest.param(4, (), ["W12"], id="below"),
        pytest.param(4, (4_000_000,), ["W13", "W12"], id="at the rate that came later"),
        pytest.param(4, (3_000_000,), ["W12"], id="at no rate there ever was"),
        pytest.param(None, (4_000_000,), [], id="the price is not known"),
    ],
)
def test_work_is_priced_at_the_rate_that_was_agreed_when_it_was_claimed(promised, later, codes):
    one = attempt(promised=promised, agreed_micros=6 * DOLLAR, later_micros=later)
    account = facts(attempts=[one])

    found = stakes.counted_once([*rate_cut.detect(account), *below_rate.detect(account)])

    assert [each.code for each in found] == codes
    assert sum(each.stake_micros for each in found) == (2 * DOLLAR if codes else 0)


def test_a_coin_is_rounding_of_a_large_price_only():
    large = [attempt(pk, promised=3.99, agreed_micros=4 * DOLLAR) for pk in range(1, 9)]

    assert stakes_of(below_rate, facts(attempts=large)) == []
    more = attempt(9, promised=3.98, agreed_micros=4 * DOLLAR)
    assert stakes_of(below_rate, facts(attempts=[*large, more])) == [0.02]


def test_many_small_differences_add_up_to_more_than_a_coin():
    low = [attempt(pk, promised=0.045, agreed_micros=50_000) for pk in range(1, 4)]

    assert stakes_of(below_rate, facts(attempts=low[:2])) == []
    assert stakes_of(below_rate, facts(attempts=low)) == [0.015]


def cut(pk=1, active=60.0, paid=45.0, **given):
    start = ms_of(datetime(2026, 10, 7, 9, tzinfo=UTC)) + pk * HOUR_MS
    times = {"active_ms": round(active * MINUTE_MS), "paid_ms": round(paid * MINUTE_MS)}
    return attempt(pk, promised=9, started_at_ms=start, **{**times, **given})


@pytest.mark.parametrize(
    ("pieces", "stake"),
    [
        pytest.param([cut(pk, 10 + pk, 8 + pk) for pk in range(1, 6)], [8.32], id="five, by 15 %"),
        pytest.param([cut(pk, 10 + pk, 8 + pk) for pk in range(1, 5)], [], id="four"),
        pytest.param([cut(pk, 20 + pk, 18.5 + pk) for pk in range(1, 6)], [], id="by less"),
        pytest.param([cut(1, 61, 45)], [3.2], id="more than a quarter of an hour in a week"),
        pytest.param([cut(1, 60, 45)], [], id="a quarter of an hour"),
        pytest.param([cut(pk, 30 + pk, 30) for pk in range(1, 6)], [4.5], id="five end at a cap"),
        pytest.param([cut(pk, 31, 30) for pk in range(1, 6)], [], id="five alike lose a minute"),
        pytest.param([cut(1, 30, 45)], [], id="more was paid than measured"),
        pytest.param([cut(1, paid_ms=None)], [], id="paid time is not known"),
    ],
)
def test_time_that_was_measured_is_paid(pieces, stake):
    found = stakes_of(time_cut, facts(attempts=pieces))

    assert found == pytest.approx(stake, rel=0.001)


def test_weeks_of_cut_time_are_not_added_up():
    weeks = [cut(1, 60, 50), cut(2 + 7 * 24, 60, 50)]

    assert stakes_of(time_cut, facts(attempts=weeks)) == []


def test_saturdays_and_sundays_are_no_banking_days():
    friday = ms_of(datetime(2026, 10, 30, 9, tzinfo=UTC))

    assert returned_payment.after_banking_days(friday, 3) == friday + 5 * DAY_MS
    assert returned_payment.after_banking_days(friday, 5) == friday + 7 * DAY_MS


def test_a_payment_that_came_back_is_sent_again_within_three_banking_days():
    wednesday = AS_OF_MS - 5 * DAY_MS  # 28 October; the third banking day after it is 2 November
    account = facts(work(debt(9)), sent_back=[returned(5)])
    (found,) = returned_payment.detect(facts(work(debt(9)), sent_back=[returned(5.001)]))

    assert stakes_of(returned_payment, account) == []
    assert found.stake_micros == 8 * DOLLAR
    assert [one["reference"] for one in found.evidence["payments"]] == ["PAY1"]
    assert found.evidence["payments"][0]["at_ms"] == found.since_at_ms
    assert found.since_at_ms < wednesday


def test_no_more_is_asked_for_than_came_back():
    back = [returned(9, dollars=5)]

    assert stakes_of(returned_payment, facts(work(debt(10, 8)), sent_back=back)) == [5]
    assert stakes_of(returned_payment, facts(work(debt(10, 3)), sent_back=back)) == [3]
    assert stakes_of(returned_payment, facts(work(pk=2), sent_back=back)) == []


@pytest.mark.parametrize(
    ("owed", "withheld", "stake"),
    [
        pytest.param(8, 0, 8, id="nothing was taken"),
        pytest.param(6, 2, 8, id="a fee for the failure was taken"),
        pytest.param(8, 2, 8, id="what was withheld before it was sent had not come back"),
        pytest.param(5, 2, 7, id="some of it is neither owed nor withheld"),
    ],
)
def test_what_was_taken_for_the_failure_is_part_of_what_came_back(owed, withheld, stake):
    account = facts(work(debt(10, owed), withheld=withheld), sent_back=[returned(9, dollars=8)])

    assert stakes_of(returned_payment, account) == [stake]


def test_the_days_count_also_while_the_worker_is_asked():
    asked = returned(9, reason="the worker has to confirm who they are")

    (found,) = returned_payment.detect(facts(work(debt(10)), sent_back=[asked]))

    assert found.evidence["reasons"] == ["the worker has to confirm who they are"]


def test_vanished_work_is_worth_all_that_was_not_sent():
    gone = work(debt(9, 3), pending=2, refused=1, is_vanished=True)

    assert stakes_of(vanished_work, facts(gone, work(debt(9), pk=2))) == [6]
