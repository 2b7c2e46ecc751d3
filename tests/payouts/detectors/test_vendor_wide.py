"""W03 by count, W29 and W31: what is only seen over all accounts of a vendor."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payouts import detectors
from payouts.detectors import one_way_errors, regions, used_anyway
from payouts.detectors.one_way_errors import Deviation, chance
from payouts.detectors.regions import Price
from payouts.detectors.used_anyway import Counted

OVER = {"2026-Q3": 5}
CENT = 10_000


def deviations(*dollars, quarter="2026-Q3", rows=1):
    """Return deviations, each amount an event of its own of so many rows."""
    return [
        Deviation((quarter, "7", "maps", "outline", f"day {number}"), "USD", round(one * 1_000_000))
        for number, one in enumerate(dollars)
        for _ in range(rows)
    ]


def errors(found):
    return list(one_way_errors.detect(found, OVER, currency="USD"))


@pytest.mark.parametrize(
    ("amounts", "is_found"),
    [
        pytest.param([-1] * 5, True, id="five of five"),
        pytest.param([-1] * 4, False, id="four of four are too few"),
        pytest.param([-1] * 9 + [1], True, id="nine of ten"),
        pytest.param([-1] * 8 + [1] * 2, False, id="eight of ten"),
        pytest.param([1] * 20, False, id="all in the worker's favour"),
        pytest.param([-0.01] * 20, False, id="a cent is rounding"),
    ],
)
def test_errors_that_go_one_way_more_than_chance_lets_them(amounts, is_found):
    assert bool(errors(deviations(*amounts))) is is_found


def test_a_thousand_rows_of_one_cause_are_one_event():
    assert errors(deviations(-1, rows=1000)) == []


def test_a_quarter_that_still_runs_is_not_looked_at():
    assert errors(deviations(*[-1] * 9, quarter="2026-Q4")) == []


def test_the_finding_gives_its_figures_and_no_intent():
    (finding,) = errors(deviations(*[-1] * 15, *[2] * 5))

    assert finding.stake_micros == 0
    said = one_way_errors.sentence(stake_micros=0, currency="USD", evidence=finding.evidence)
    assert said == (
        "in 2026-Q3, 15 of 20 separate pricing errors were too low and the rest too high "
        "(p = 0.021), in all -5.00 USD; figures like these do not tell why"
    )


def test_where_all_errors_were_too_low_there_is_no_rest_and_chance_is_not_said_to_be_none():
    (finding,) = errors(deviations(*[-1] * 11))

    said = one_way_errors.sentence(stake_micros=0, currency="USD", evidence=finding.evidence)
    assert "all of 11 separate pricing errors were too low (p below 0.001), in all" in said
    assert "rest" not in said


@given(st.integers(0, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_chance_is_that_of_a_fair_coin(case):
    under, events = case
    tosses = [Fraction(1)]
    for _ in range(events):  # by the triangle, not by the formula
        tosses = [
            (a + b) / 2 for a, b in zip([*tosses, Fraction(0)], [Fraction(0), *tosses], strict=True)
        ]

    assert chance(under, events) == sum(tosses[under:])


def prices(region, micros, accounts=5, **given):
    values = {"project": "maps", "task_type": "outline", "currency": "USD", "week": 2960}
    values |= {"by_hour": False, **given}
    amounts = micros if isinstance(micros, list) else [micros] * accounts
    return [
        Price(**values, region=region, account=number, micros=one)
        for number, one in enumerate(amounts)
    ]


@pytest.mark.parametrize(
    ("cells", "is_found"),
    [
        pytest.param([prices("KE", 94), prices("US", 100)], True, id="six per cent less"),
        pytest.param([prices("KE", 95), prices("US", 100)], False, id="five per cent less"),
        pytest.param([prices("KE", 50, 2), prices("US", 100)], False, id="two show no list price"),
        pytest.param([prices("", 50), prices("US", 100)], False, id="region not known"),
        pytest.param([prices("KE", 50, week=1), prices("US", 100)], False, id="another week"),
        pytest.param(
            [prices("KE", 50, task_type="boxes"), prices("US", 100)], False, id="another task"
        ),
        pytest.param(
            [prices("KE", [30, 40, 50, 60, 70]), prices("US", 100)], False, id="tasks of many sizes"
        ),
        pytest.param([prices("KE", 50, by_hour=True), prices("US", 100)], False, id="by the hour"),
    ],
)
def test_the_same_work_has_the_same_price_everywhere(cells, is_found):
    found = regions.detect([one for cell in cells for one in cell], currency="USD")

    assert [one.stake_micros for one in found] == ([0] if is_found else [])


def test_prices_by_region_are_no_workers_business_to_be_shown():
    assert detectors.audience("W31") == {"vendor", "auditor"}


def test_the_regions_are_said_with_their_prices_and_numbers():
    (finding,) = regions.detect([*prices("KE", 500_000), *prices("US", 1_000_000)], currency="USD")

    said = regions.sentence(stake_micros=0, currency="USD", evidence=finding.evidence)
    assert said == ("project maps, outline: 0.50 USD a task in KE (5 accounts), 1.00 USD in US (5)")


@pytest.mark.parametrize(
    ("delivered", "refused", "others", "is_found"),
    [(11, 2, 10, True), (10, 2, 10, False), (11, 0, 10, False)],
)
def test_more_delivered_than_was_not_refused(delivered, refused, others, is_found):
    counts = [Counted("maps", delivered, refused, others, 0, 4_000_000, "USD")]

    assert bool(used_anyway.by_count(counts, {})) is is_found


@pytest.mark.parametrize(
    ("delivered", "refused", "named", "stake_micros"),
    [
        pytest.param(13, 5, 0, 12_000_000, id="what is more than was approved"),
        pytest.param(30, 5, 0, 20_000_000, id="no more than was refused"),
        pytest.param(13, 5, 2, 4_000_000, id="less what other findings hold by name"),
        pytest.param(13, 5, 9, 0, id="all of it is held by name"),
    ],
)
def test_counted_work_is_worth_the_lowest_refused_price_and_counts_once(
    delivered, refused, named, stake_micros
):
    counts = [Counted("maps", delivered, refused, 10, 0, 4_000_000, "USD")]

    (finding,) = used_anyway.by_count(counts, {"maps": named})

    assert finding.stake_micros == stake_micros
