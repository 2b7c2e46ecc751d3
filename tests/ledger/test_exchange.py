"""Money of one currency in another: which rate counts for a day, and what it makes of an amount."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.exchange import MOST_AGE, NANOS, Exchange, Quote, Rates, lost_by_waiting

WEDNESDAY = date(2026, 9, 9)
LATER = date(2026, 12, 1)


def day(offset):
    return WEDNESDAY + timedelta(days=offset)


def quote(rate, on=WEDNESDAY, *, currency="USD", base="EUR", file=1, recorded_on=LATER):
    return Quote(currency, base, on, round(rate * NANOS), "ecb", file, recorded_on)


def nanos_used(quotes, on=WEDNESDAY, currency="USD", into="EUR"):
    found = Rates(quotes).conversion(currency, into, on)
    return None if found is None else [one.nanos for one in found.quotes]


def test_an_amount_is_divided_by_the_rate_that_it_is_quoted_in():
    found = Rates([quote(1.25)]).conversion("USD", "EUR", WEDNESDAY)

    assert found.micros(10_000_000) == 8_000_000


def test_and_multiplied_the_other_way():
    found = Rates([quote(1.25)]).conversion("EUR", "USD", WEDNESDAY)

    assert found.micros(10_000_000) == 12_500_000


def test_two_currencies_that_are_quoted_in_one_meet_in_it():
    quotes = [quote(1.25), quote(50, currency="PHP")]

    assert Rates(quotes).conversion("PHP", "USD", WEDNESDAY).micros(200_000_000) == 5_000_000


def test_a_currency_that_is_quoted_in_a_quoted_one_reaches_all_the_others():
    quotes = [
        quote(125, currency="KES", base="USD"),
        quote(1.25),
        quote(50, currency="PHP"),
    ]
    rates = Rates(quotes)

    assert rates.conversion("KES", "USD", WEDNESDAY).micros(125_000_000) == 1_000_000
    assert rates.conversion("KES", "EUR", WEDNESDAY).micros(125_000_000) == 800_000
    assert rates.conversion("KES", "PHP", WEDNESDAY).micros(125_000_000) == 40_000_000
    assert rates.conversion("PHP", "KES", WEDNESDAY).micros(40_000_000) == 125_000_000


def test_one_currency_needs_no_rate():
    assert Exchange(Rates(), "USD", "UTC").of("USD", 0).micros(7) == 7


def test_a_currency_that_nobody_quotes_has_no_rate():
    assert Rates([quote(1.25)]).conversion("KES", "EUR", WEDNESDAY) is None


def test_the_day_is_that_of_the_zone():
    quotes = [quote(1, day(-1)), quote(2, day(0))]
    just_before_midnight_utc = 1_788_911_999_000  # 2026-09-08T23:59:59Z

    in_nairobi = Exchange(Rates(quotes), "EUR", "Africa/Nairobi")
    in_utc = Exchange(Rates(quotes), "EUR", "UTC")

    assert in_nairobi.of("USD", just_before_midnight_utc).quotes[0].nanos == 2 * NANOS
    assert in_utc.of("USD", just_before_midnight_utc).quotes[0].nanos == 1 * NANOS


@pytest.mark.parametrize(
    ("age", "is_there"),
    [
        pytest.param(0, True, id="the rate of the day"),
        pytest.param(3, True, id="of the last business day"),
        pytest.param(7, True, id="of a week ago"),
        pytest.param(8, False, id="an older one is no rate"),
        pytest.param(-1, False, id="nor is one of a later day"),
    ],
)
def test_how_old_a_rate_may_be(age, is_there):
    assert (nanos_used([quote(1, day(-age))]) is not None) == is_there


def test_what_the_first_file_after_the_day_knew_counts():
    quotes = [
        quote(1, day(-2), file=1, recorded_on=day(-1)),
        quote(2, day(-1), file=2, recorded_on=day(1)),
        quote(3, day(0), file=3, recorded_on=day(2)),
    ]

    assert nanos_used(quotes) == [2 * NANOS]


def test_a_day_that_is_not_over_has_no_rate_yet():
    assert nanos_used([quote(1, day(0), recorded_on=day(0))]) is None


def test_the_next_file_settles_the_days_between_at_what_was_known():
    friday, saturday, monday = day(2), day(3), day(5)
    quotes = [
        quote(1, friday, file=1, recorded_on=friday),
        quote(2, monday, file=2, recorded_on=monday),
    ]

    assert nanos_used(quotes, saturday) == [1 * NANOS]


def test_of_two_ways_the_one_that_was_known_first_counts():
    direct = quote(1.3, file=2)
    around = [quote(1.25, file=1), quote(1, currency="CHF", file=1)]
    through = [*around, direct._replace(currency="CHF", base="USD")]

    assert len(nanos_used(through, currency="CHF", into="USD")) == 2


SOME_DAYS = st.integers(-12, 3)


@st.composite
def histories(draw):
    """Files in the order in which they came in, of one pair; a day is recorded once."""
    quotes, known = [], set()
    for file in range(1, draw(st.integers(1, 5)) + 1):
        recorded_on = day(draw(st.integers(-3, 6)))
        for offset in draw(st.sets(SOME_DAYS, min_size=1, max_size=5)) - known:
            known.add(offset)
            nanos = draw(st.integers(1, 10**12))
            quotes.append(Quote("USD", "EUR", day(offset), nanos, "ecb", file, recorded_on))
    return quotes


@given(histories(), st.integers(0, 3))
def test_a_later_file_never_changes_a_rate_that_was_there(quotes, offset):
    on, files = day(offset), sorted({one.file for one in quotes})
    answers = [nanos_used([one for one in quotes if one.file <= file], on) for file in files]
    first = next((place for place, one in enumerate(answers) if one), len(answers))

    assert answers[:first] == [None] * first
    assert all(one == answers[first] for one in answers[first:])


@given(histories(), st.integers(0, 3), st.randoms())
def test_the_order_in_which_rates_are_read_does_not_matter(quotes, offset, random):
    mixed = list(quotes)
    random.shuffle(mixed)

    assert nanos_used(mixed, day(offset)) == nanos_used(quotes, day(offset))


@given(histories(), st.integers(0, 3))
def test_nor_do_rates_that_are_too_old(quotes, offset):
    on = day(offset)
    recent = [one for one in quotes if one.on >= on - MOST_AGE]

    assert nanos_used(recent, on) == nanos_used(quotes, on)


@given(st.integers(-(10**15), 10**15), st.integers(1, 10**15), st.integers(1, 10**15))
def test_less_than_a_micro_is_lost_and_never_to_the_vendor(micros, dollars, pesos):
    quotes = [
        Quote("USD", "EUR", WEDNESDAY, dollars, "ecb", 1, LATER),
        Quote("PHP", "EUR", WEDNESDAY, pesos, "ecb", 1, LATER),
    ]
    exact = Fraction(micros) * dollars / pesos

    converted = Rates(quotes).conversion("PHP", "USD", WEDNESDAY).micros(micros)

    assert 0 <= exact - converted < 1


@given(st.integers(0, 10**15), st.integers(0, 10**15), st.integers(1, 10**12))
def test_more_pay_is_never_less_in_another_currency(one, other, nanos):
    quotes = [Quote("USD", "EUR", WEDNESDAY, nanos, "ecb", 1, LATER)]
    found = Rates(quotes).conversion("USD", "EUR", WEDNESDAY)
    less, more = sorted((one, other))

    assert found.micros(less) <= found.micros(more)
    assert found.micros(less) + found.micros(more) <= found.micros(less + more)


@given(st.integers(0, 10**15), st.integers(1, 10**12), st.integers(1, 10**12))
def test_late_pay_takes_the_better_of_two_rates(micros, then, now):
    ways = [
        Rates([Quote("KES", "USD", WEDNESDAY, nanos, "cbk", 1, LATER)]).conversion(
            "USD", "KES", WEDNESDAY
        )
        for nanos in (then, now)
    ]
    exact = Fraction(micros) * (then - now) / NANOS

    lost = lost_by_waiting(micros, *ways)

    assert lost == 0 if exact <= 0 else 0 <= lost - exact < 1


def test_what_was_used_is_told_with_day_and_source():
    found = Rates([quote(1.25, day(-1))]).conversion("USD", "EUR", WEDNESDAY)

    assert found.as_dict() == {
        "currency": "USD",
        "into": "EUR",
        "day": "2026-09-09",
        "rates": [
            {
                "currency": "USD",
                "base": "EUR",
                "rate": "1.25",
                "day": "2026-09-08",
                "source": "ecb",
            }
        ],
    }
