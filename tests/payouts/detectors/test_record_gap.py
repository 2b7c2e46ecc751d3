"""W32: a record of payments that was never brought in is one question, not a thousand."""

from datetime import date

import pytest

from payouts.detectors import coverage, late_pay, record_gap
from tests.payouts.detectors.builders import AS_OF_MS, DAY_MS, DOLLAR, debt, facts, week, work


def found(*accounts, known_until=None):
    unchecked = record_gap.Unchecked()
    for one in accounts:
        unchecked.add(one)
    return record_gap.detect(unchecked, known_until=known_until, currency="USD")


def test_accounts_that_nobody_can_check_are_one_finding_without_a_stake():
    accounts = [facts(work(debt(10 + day, 8)), known_until=None) for day in range(5)]

    (finding,) = found(*accounts)

    assert finding.subject == "payments"
    assert finding.stake_micros == 0
    assert finding.since_at_ms == AS_OF_MS - 14 * DAY_MS
    assert finding.evidence == {
        "known_until": None,
        "pieces": 5,
        "accounts": 5,
        "unchecked": {"USD": 40 * DOLLAR},
    }


def test_a_debt_is_either_late_or_cannot_be_checked_never_both():
    half_known = facts(work(debt(10), debt(20)), known_until=date(2026, 10, 15))

    late = list(late_pay.detect(half_known))
    (gap,) = found(half_known, known_until=date(2026, 10, 15))

    assert [one.evidence["due_on"] for one in late] == ["2026-10-13"]
    assert gap.evidence["pieces"] == 1


@pytest.mark.parametrize(
    "one",
    [
        pytest.param(facts(work(debt(10))), id="the record reaches the due day"),
        pytest.param(facts(work(debt(3)), known_until=None), id="within the days of grace"),
        pytest.param(
            facts(work(debt(10), pays_on_approval=True), known_until=None),
            id="the platform pays on approval",
        ),
        pytest.param(facts(work(pending=8), known_until=None), id="nothing was approved"),
        pytest.param(facts(known_until=None), id="nothing is open"),
    ],
)
def test_nothing_is_asked_where_nothing_is_unknown(one):
    assert found(one) == []


NO_TIME = {"hours": (0, 0), "earned": 16.0, "untimed": 2}


def doubts(*weeks):
    unchecked = record_gap.Unchecked()
    unchecked.add(facts(weeks=weeks))
    return unchecked.doubts()


def test_weeks_of_work_without_any_time_are_told_once_with_their_pay():
    earlier = week(date(2026, 9, 28), **NO_TIME)

    told = doubts(week(**NO_TIME), earlier)

    assert told == {"time": {"weeks": 2, "paid": {"USD": 32 * DOLLAR}}}
    (notice,) = coverage.detect("W32", 1, told, currency="USD", since_at_ms=0)
    said = record_gap.sentence(stake_micros=0, currency="USD", evidence=notice.evidence)
    assert said.endswith("reaches the floor; that is 2 worker-weeks with 32.00 USD of pay")
    assert notice.evidence["codes"] == ["W28"]


@pytest.mark.parametrize(
    "one",
    [
        pytest.param(week(**{**NO_TIME, "hours": (0, 0.5)}), id="some of its time is known"),
        pytest.param(week(**{**NO_TIME, "untimed": 0}), id="an award alone has no time"),
        pytest.param(week(date(2026, 11, 2), **NO_TIME), id="the week is not over"),
    ],
)
def test_of_other_weeks_no_such_thing_is_said(one):
    assert doubts(one) == {}


def test_what_was_added_up_survives_a_stop():
    unchecked = record_gap.Unchecked()
    unchecked.add(facts(work(debt(10)), weeks=[week(**NO_TIME)], known_until=None))

    assert record_gap.Unchecked.from_json(unchecked.as_json()) == unchecked


@pytest.mark.parametrize(
    ("known_until", "said"),
    [
        (None, "there is no record; 8.00 USD that fell due for 1 piece cannot be checked"),
        (
            date(2026, 10, 1),
            "the record ends on 1 Oct 2026; 8.00 USD that fell due for 1 piece cannot be checked",
        ),
    ],
)
def test_the_gap_is_said_in_plain_words(known_until, said):
    (finding,) = found(facts(work(debt(10)), known_until=known_until), known_until=known_until)

    assert record_gap.sentence(stake_micros=0, currency="USD", evidence=finding.evidence) == said
