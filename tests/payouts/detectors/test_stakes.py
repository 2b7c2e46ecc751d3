"""Money and time are at stake once, however many findings ask for them."""

from collections import defaultdict
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from payouts.detectors import stakes
from payouts.detectors.shapes import Claim, Finding
from tests.payouts.detectors.builders import HOUR_MS, week

WEEK = week(date(2026, 10, 5))


def claim(work_id, purse, micros, hours=1):
    start = WEEK.start_ms + work_id * 2 * HOUR_MS
    return Claim(work_id, purse, micros, start, start + round(hours * HOUR_MS))


def finding(*claims, code="W01", currency="USD", **given):
    values = {"stake_micros": sum(one.micros for one in claims), "since_at_ms": 0, "evidence": {}}
    values |= given
    return Finding(
        code=code, version=1, subject=code, currency=currency, claims=tuple(claims), **values
    )


def shortfall(micros):
    span = (WEEK.start_ms, WEEK.end_ms)
    return finding(code="W28", stake_micros=micros, left_of=span)


def staked(*findings):
    return [one.stake_micros for one in stakes.counted_once(findings)]


def test_two_findings_about_one_debt_count_it_once():
    owed = claim(1, "payable 5", 8)

    first, second = stakes.counted_once([finding(owed), finding(owed, code="W07")])

    assert (first.stake_micros, second.stake_micros) == (8, 0)
    assert second.evidence == {"staked_elsewhere_micros": 8}


def test_of_the_time_of_one_work_the_greatest_claim_counts():
    assert staked(finding(claim(1, "time", 5)), finding(claim(1, "time", 9), code="W14")) == [5, 4]


def test_money_and_time_of_other_works_and_currencies_are_counted_beside_each_other():
    one = claim(1, "pending", 5)

    assert staked(finding(one), finding(claim(2, "pending", 5)), finding(one, currency="KES")) == [
        5,
        5,
        5,
    ]


def test_a_week_takes_what_is_left_of_its_shortfall():
    asked = finding(claim(1, "time", 5), claim(2, "refused", 3), claim(3, "payable 1", 70))

    assert staked(asked, shortfall(10)) == [78, 2]
    assert staked(asked, shortfall(6)) == [78, 0]


def test_a_week_that_stands_before_the_finding_takes_no_more():
    assert staked(shortfall(10), finding(claim(1, "time", 4))) == [6, 4]


PURSES = ("pending", "refused", "withheld", "agreed", "payable 1", "payable 2")
open_money = st.dictionaries(st.sampled_from(PURSES), st.integers(0, 50), max_size=6)
works = st.lists(st.tuples(open_money, st.integers(0, 3600)), min_size=1, max_size=5)


@st.composite
def accounts(draw):
    """Return (works, findings): each claim at most what is open, or the time at the best rate."""
    there = draw(works)
    rate, floor = draw(st.integers(0, 9)), draw(st.integers(1, 9))
    findings = []
    for number in range(draw(st.integers(0, 6))):
        claims = []
        for work_id in draw(st.sets(st.integers(0, len(there) - 1))):
            purses, seconds = there[work_id]
            for purse, micros in purses.items():
                claims.append(claim(work_id, purse, draw(st.integers(0, micros)), seconds / 3600))
            at = draw(st.sampled_from([rate, floor]))
            part = draw(st.integers(0, seconds))
            claims.append(claim(work_id, "time", part * at, seconds / 3600))
        findings.append(finding(*claims, code=f"W{number:02}"))
    pay = draw(st.integers(0, 9000))
    missing = max(0, sum(seconds for _, seconds in there) * floor - pay)
    return there, max(rate, floor), [*findings, shortfall(missing)]


@given(accounts())
def test_no_account_has_more_at_stake_than_is_open_and_its_time_is_worth(account):
    there, hourly, findings = account
    most = sum(sum(purses.values()) + seconds * hourly for purses, seconds in there)

    assert sum(staked(*findings)) <= most


@given(accounts(), st.randoms())
def test_the_order_of_findings_moves_stakes_and_changes_no_sum(account, chance):
    _, _, findings = account
    shuffled = [*findings]
    chance.shuffle(shuffled)

    assert sum(staked(*shuffled)) == sum(staked(*findings))


@given(accounts())
def test_of_each_purse_the_greatest_claim_is_counted(account):
    *findings, _ = account[2]
    greatest = defaultdict(int)
    for one in findings:
        for each in one.claims:
            key = each.work_id, each.purse
            greatest[key] = max(greatest[key], each.micros)

    assert sum(staked(*findings)) == sum(greatest.values())
