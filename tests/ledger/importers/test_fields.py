"""Cells are read strictly, and a refusal says value, rule and mend."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.importers import fields, mturk_dates
from ledger.importers.fields import FieldError, Memo

HOSTILE = ["", "NaN", "Infinity", "1E+999999", "1e5", "١٢", "1_000", "1,5", "0x10", "+1", "1.", "."]


@pytest.mark.parametrize("text", [*HOSTILE, "-1", "1.0000001", "1" * 13])
def test_an_amount_is_digits(text: str) -> None:
    with pytest.raises(FieldError) as refusal:
        fields.amount(text)

    assert refusal.value.value == text
    assert refusal.value.rule
    assert refusal.value.mend == "Write 1234.50"


@pytest.mark.parametrize("parse", [fields.seconds, fields.thousandths])
@pytest.mark.parametrize("text", [*HOSTILE, "-1", "1.0001", "1" * 10])
def test_seconds_and_counts_are_digits(parse: Callable[[str], int], text: str) -> None:
    with pytest.raises(FieldError):
        parse(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("31/02/2026", id="another order"),
        pytest.param("2026-02-30T10:00:00Z", id="no such day"),
        pytest.param("2026-02-28T24:00:00Z", id="no such hour"),
        pytest.param("2026-02-28T23:59:60Z", id="a leap second"),
        pytest.param("2026-02-28T17:00:00", id="no offset"),
        pytest.param("2026-02-28T17:00:00+0300", id="an offset without its colon"),
        pytest.param("2026-02-28T17:00:00+15:00", id="no such offset"),
        pytest.param("2026-02-28T17:00Z", id="no seconds"),
        pytest.param("2026-02-28", id="a day"),
        pytest.param("٢٠٢٦-02-28T17:00:00Z", id="other digits"),
        pytest.param("", id="nothing"),
    ],
)
def test_an_instant_is_rfc_3339_with_its_offset(text: str) -> None:
    with pytest.raises(FieldError) as refusal:
        fields.instant(text)

    assert refusal.value.rule == "RFC 3339 with offset"
    assert refusal.value.mend == "Write 2026-02-28T17:00:00+03:00"


@pytest.mark.parametrize("year", ["1989", "2101", "0000", "9999"])
def test_years_outside_1990_to_2100_are_refused(year: str) -> None:
    with pytest.raises(FieldError, match="a year from 1990 to 2100"):
        fields.instant(f"{year}-01-01T00:00:00Z")
    with pytest.raises(FieldError, match="1990 to 2100"):
        mturk_dates.instant(f"Mon Jan 01 00:00:00 PST {year}")


@given(
    at=st.datetimes(
        min_value=datetime(1990, 1, 2),  # noqa: DTZ001  the zone comes from `offset`
        max_value=datetime(2100, 12, 30),  # noqa: DTZ001
    ),
    offset=st.integers(-14 * 60, 14 * 60),
)
def test_an_instant_is_what_python_says(at: datetime, offset: int) -> None:
    aware = at.replace(tzinfo=timezone(timedelta(minutes=offset)))
    since_1970 = aware - datetime(1970, 1, 1, tzinfo=UTC)

    assert fields.instant(aware.isoformat()) == since_1970 // timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("Mon Sep 25 09:38:35 PDT 2017", "2017-09-25T16:38:35Z"),
        ("Mon Nov 6 09:38:35 PST 2017", "2017-11-06T17:38:35Z"),
        ("2017-10-02 16:39:18 UTC", "2017-10-02T16:39:18Z"),
        ("2012/11/03 18:30:49 +0000", "2012-11-03T18:30:49Z"),
        ("2018-01-24 12:40:27.250-05:00", "2018-01-24T17:40:27.250Z"),
        ("2018-01-24T17:40:27Z", "2018-01-24T17:40:27Z"),
        ("Sun Mar 26 01:59:59 CET 2017", "2017-03-26T00:59:59Z"),
        ("Sun Mar 26 03:00:00 CEST 2017", "2017-03-26T01:00:00Z"),
        (" Sat Dec 07 00:00:00 GMT 2013 ", "2013-12-07T00:00:00Z"),
    ],
)
def test_dates_of_mturk_in_every_style(text: str, utc: str) -> None:
    assert mturk_dates.instant(text) == fields.instant(utc)


def test_an_unknown_zone_is_refused_with_the_zones_that_are_known() -> None:
    with pytest.raises(FieldError) as refusal:
        mturk_dates.instant("Mon Sep 25 09:38:35 IST 2017")

    assert refusal.value.value == "Mon Sep 25 09:38:35 IST 2017"
    for zone in ("PST", "PDT", "GMT", "UTC", "CET", "CEST"):
        assert zone in refusal.value.rule


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("2017-10-02 16:39:18", id="no zone"),
        pytest.param("Thu Feb 30 09:00:00 PST 2017", id="no such day"),
        pytest.param("Mon Foo 25 09:38:35 PDT 2017", id="no such month"),
        pytest.param("10/2/17 16:39", id="a spreadsheet's own style"),
        pytest.param("Mon Sep 25 25:38:35 PDT 2017", id="no such hour"),
        pytest.param("", id="nothing"),
    ],
)
def test_what_is_no_date_of_mturk_is_refused(text: str) -> None:
    with pytest.raises(FieldError):
        mturk_dates.instant(text)


@pytest.mark.parametrize("text", ["", "  ", "x" * 201, "a\u202eb", "a\x07b", "a\u200bb"])
def test_an_id_is_there_and_can_be_seen(text: str) -> None:
    with pytest.raises(FieldError):
        fields.identifier(text)


@pytest.mark.parametrize(
    "text", ["usd", "US", "USDD", "XQZ", "$", "", "ＵＳＤ", "X" * 3, "XTS", "XAU"]
)
def test_a_currency_is_an_iso_code(text: str) -> None:
    with pytest.raises(FieldError):
        fields.currency(text)


@pytest.mark.parametrize("text", ["KEN", "ke", "ZZ", "XX", "EU", "001"])
def test_a_country_is_two_capitals_of_iso_3166(text: str) -> None:
    with pytest.raises(FieldError):
        fields.country(text)


def test_free_text_is_cleaned_and_cut() -> None:
    assert fields.reason("too\r\nlate\u202e\x00") == "too  late"
    assert fields.reason("é" * 300) == "é" * 200
    assert fields.reason("می\u200cخواهم") == "می\u200cخواهم"


def test_a_memo_stays_small() -> None:
    memo = Memo(len, capacity=3)

    assert [memo["x" * size] for size in range(10)] == list(range(10))
    assert len(memo) <= 3
