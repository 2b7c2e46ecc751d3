"""Money is exact, refuses what can be read in two ways, and never mixes currencies."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ledger.money import (
    CurrencyMismatch,
    Money,
    ceil_div,
    coin_micros,
    format_amount,
    parse_micros,
    round_up_to_coin,
)

MICROS = st.integers(-(10**18) + 1, 10**18 - 1)


@pytest.mark.parametrize(
    ("text", "micros"),
    [
        pytest.param("15", 15_000_000, id="whole units"),
        pytest.param("0.05", 50_000, id="five cents"),
        pytest.param("0.000001", 1, id="one micro"),
        pytest.param("-3.10", -3_100_000, id="a minus is kept"),
        pytest.param("-0.5", -500_000, id="a minus before a zero is kept"),
        pytest.param("0007.5", 7_500_000, id="leading zeros change nothing"),
        pytest.param("999999999999.999999", 10**18 - 1, id="the longest amount"),
    ],
)
def test_an_amount_is_read_exactly(text: str, micros: int) -> None:
    assert parse_micros(text) == micros


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("-", id="only a minus"),
        pytest.param("+5", id="a plus"),
        pytest.param("--5", id="two minuses"),
        pytest.param(" 5", id="a blank before"),
        pytest.param("5\n", id="a newline after"),
        pytest.param("$5.00", id="a currency sign"),
        pytest.param("1,000.00", id="a separator of thousands"),
        pytest.param("1_000", id="an underscore"),
        pytest.param("1,5", id="a decimal comma"),
        pytest.param(".5", id="no digit before the point"),
        pytest.param("5.", id="no digit after the point"),
        pytest.param("1.2.3", id="two points"),
        pytest.param("1E+999999", id="an exponent that would fill the memory"),
        pytest.param("NaN", id="not a number"),
        pytest.param("Infinity", id="infinity"),
        pytest.param("0x10", id="hexadecimal"),
        pytest.param("١٢", id="digits of another script"),
        pytest.param("５", id="full-width digits"),
        pytest.param("0.0000001", id="less than a micro"),
        pytest.param("1234567890123", id="13 digits before the point"),
    ],
)
def test_an_amount_that_can_be_misread_is_refused_with_its_value_and_the_rule(text: str) -> None:
    with pytest.raises(ValueError, match="write digits, with at most 12 before and 6 after") as e:
        parse_micros(text)

    assert repr(text) in str(e.value)


def test_a_refused_amount_of_a_megabyte_is_not_repeated_whole() -> None:
    with pytest.raises(ValueError, match="is not an amount") as e:
        parse_micros("9" * 1_000_000)

    assert len(str(e.value)) < 200


@given(MICROS)
@example(-1)
@example(0)
def test_what_is_written_is_read_back_to_the_micro(micros: int) -> None:
    assert parse_micros(format_amount(micros)) == micros


@pytest.mark.parametrize(
    ("micros", "text"),
    [
        pytest.param(0, "0.00", id="zero has two decimals"),
        pytest.param(15_000_000, "15.00", id="whole units have two decimals"),
        pytest.param(1_500_000, "1.50", id="a trailing zero stays up to two"),
        pytest.param(12_500, "0.0125", id="a fraction of a cent is shown"),
        pytest.param(-500_000, "-0.50", id="a minus before a zero"),
        pytest.param(1, "0.000001", id="a micro is never rounded away"),
    ],
)
def test_an_amount_is_written_exactly(micros: int, text: str) -> None:
    assert format_amount(micros) == text


@given(MICROS, st.integers(1, 10**12))
def test_ceil_div_is_the_least_whole_number_not_below_the_quotient(a: int, b: int) -> None:
    quotient = ceil_div(a, b)

    assert (quotient - 1) * b < a <= quotient * b


@pytest.mark.parametrize("divisor", [0, -1])
def test_ceil_div_refuses_a_divisor_that_is_not_above_zero(divisor: int) -> None:
    with pytest.raises(ValueError, match="must be above 0"):
        ceil_div(1, divisor)


@given(MICROS, st.sampled_from(["USD", "JPY", "KWD", "KES", "PHP", "INR", "CLF"]))
def test_rounding_to_the_coin_goes_up_by_less_than_a_coin(micros: int, currency: str) -> None:
    rounded, coin = round_up_to_coin(micros, currency), coin_micros(currency)

    assert rounded % coin == 0
    assert 0 <= rounded - micros < coin


@pytest.mark.parametrize(
    ("micros", "currency", "rounded"),
    [
        pytest.param(1, "USD", 10_000, id="a micro of a dollar becomes a cent"),
        pytest.param(1, "JPY", 1_000_000, id="a micro of a yen becomes a yen"),
        pytest.param(1, "KWD", 1_000, id="a micro of a dinar becomes a fils"),
        pytest.param(10_000, "USD", 10_000, id="a whole cent stays"),
        pytest.param(0, "USD", 0, id="nothing stays nothing"),
        pytest.param(-10_001, "USD", -10_000, id="a debt of the worker gets smaller"),
    ],
)
def test_coins_follow_the_currency(micros: int, currency: str, rounded: int) -> None:
    assert round_up_to_coin(micros, currency) == rounded


@pytest.mark.parametrize("code", ["ZZZ", "usd", "", "DOLLAR"])
def test_a_code_that_is_no_currency_has_no_coin(code: str) -> None:
    with pytest.raises(ValueError, match="is not a currency"):
        round_up_to_coin(1, code)


@given(MICROS, MICROS)
def test_money_adds_and_orders_as_its_micros_do(a: int, b: int) -> None:
    left, right = Money(a, "USD"), Money(b, "USD")

    assert left + right == Money(a + b, "USD")
    assert left + right - right == left
    assert (left < right, left <= right, left > right, left >= right) == (
        a < b,
        a <= b,
        a > b,
        a >= b,
    )


@pytest.mark.parametrize(
    "operation", ["__add__", "__sub__", "__lt__", "__le__", "__gt__", "__ge__"]
)
def test_two_currencies_never_meet(operation: str) -> None:
    with pytest.raises(CurrencyMismatch, match=r"1\.00 USD and 1\.00 KES"):
        getattr(Money(1_000_000, "USD"), operation)(Money(1_000_000, "KES"))


def test_the_same_number_in_two_currencies_is_not_the_same_money() -> None:
    assert Money(0, "USD") != Money(0, "KES")


@pytest.mark.parametrize("micros", [1.0, "1", True, None])
def test_money_is_made_of_whole_micros_only(micros: object) -> None:
    with pytest.raises(TypeError, match="whole number"):
        Money(micros, "USD")  # type: ignore[arg-type]


@pytest.mark.parametrize("currency", ["usd", "US", "USDT", "", "ÜSD"])
def test_money_needs_a_currency_code(currency: str) -> None:
    with pytest.raises(ValueError, match="three capital letters"):
        Money(1, currency)


def test_money_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        Money(1, "USD").micros = 2  # type: ignore[misc]
