"""Weeks against the zone database itself, by walking the hours past every change of the clocks."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.periods import (
    Period,
    Week,
    datetime_of,
    day_of,
    month,
    ms_of,
    quarter,
    week_from,
    week_of,
    weeks_ending_in,
    weeks_overlapping,
    zone_of,
)

HALF_HOUR_MS = 1_800_000  # Lord Howe changes its clocks by half an hour
HOUR_MS = 2 * HALF_HOUR_MS
ZONES = [
    "UTC",
    "America/Los_Angeles",
    "Europe/Berlin",
    "Africa/Nairobi",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Pacific/Apia",
]
INSTANTS = st.integers(0, 2_200_000_000_000)  # 1970 to 2039


def at(text: str) -> int:
    return ms_of(datetime.fromisoformat(text))


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("year", [2011, 2026])
def test_walking_the_hours_of_a_year_a_week_changes_when_the_wall_says_monday(
    zone: str, year: int
) -> None:
    clock = ZoneInfo(zone)
    start = at(f"{year}-01-01T00:00Z")
    monday_before, begun = None, 0
    for at_ms in range(start, start + 366 * 24 * HOUR_MS, HALF_HOUR_MS):
        wall = datetime.fromtimestamp(at_ms // 1000, clock)
        monday = wall.date() - timedelta(days=wall.weekday())
        week = week_of(at_ms, zone)

        assert week.starts_on == monday
        assert week.start_ms <= at_ms < week.end_ms
        if monday_before is not None and monday != monday_before:
            begun += 1
            assert week.start_ms == at_ms
            assert week_of(at_ms - 1, zone).end_ms == at_ms
        monday_before = monday
    assert begun in (52, 53)


@given(INSTANTS, st.sampled_from(ZONES))
def test_every_instant_lies_in_its_week_and_weeks_leave_no_gap(at_ms: int, zone: str) -> None:
    week = week_of(at_ms, zone)

    assert week.start_ms <= at_ms < week.end_ms
    assert week_of(week.start_ms, zone) == week_of(week.end_ms - 1, zone) == week
    assert week_of(week.end_ms, zone).start_ms == week.end_ms
    assert week_of(week.start_ms - 1, zone).end_ms == week.start_ms


@pytest.mark.parametrize(
    ("monday", "zone", "hours"),
    [
        pytest.param("2026-03-02", "America/Los_Angeles", 167, id="clocks go forward in America"),
        pytest.param("2026-10-26", "America/Los_Angeles", 169, id="clocks go back in America"),
        pytest.param("2026-03-23", "Europe/Berlin", 167, id="clocks go forward in Europe"),
        pytest.param("2026-10-19", "Europe/Berlin", 169, id="clocks go back in Europe"),
        pytest.param("2026-09-28", "Australia/Lord_Howe", 167.5, id="half an hour forward"),
        pytest.param("2026-03-30", "Australia/Lord_Howe", 168.5, id="half an hour back"),
        pytest.param("2026-02-09", "Africa/Casablanca", 169, id="clocks go back for Ramadan"),
        pytest.param("2026-03-16", "Africa/Casablanca", 167, id="and forward after it"),
        pytest.param("2026-03-23", "Africa/Nairobi", 168, id="no change where there is none"),
        pytest.param("2026-03-23", "Asia/Kolkata", 168, id="nor at a zone off by half an hour"),
        pytest.param("2011-12-26", "Pacific/Apia", 144, id="Samoa left out a Friday"),
    ],
)
def test_a_week_has_the_hours_that_its_clock_shows(monday: str, zone: str, hours: float) -> None:
    week = week_from(date.fromisoformat(monday), zone)

    assert (week.end_ms - week.start_ms) / HOUR_MS == hours


def test_the_week_begins_on_the_clock_of_the_vendor_and_not_in_utc() -> None:
    sunday_evening = at("2026-10-05T03:00+00:00")  # 20:00 on Sunday in Los Angeles

    assert week_of(sunday_evening, "UTC").starts_on == date(2026, 10, 5)
    assert week_of(sunday_evening, "America/Los_Angeles").starts_on == date(2026, 9, 28)


def test_weeks_still_meet_where_a_clock_jumped_over_midnight_on_monday() -> None:
    jump = at("1919-03-31T04:30+00:00")  # Toronto: 23:30 on Sunday, then 00:30 on Monday
    old, new = week_of(jump - 1, "America/Toronto"), week_of(jump + HOUR_MS, "America/Toronto")

    assert day_of(jump, "America/Toronto") == date(1919, 3, 31)
    assert old.end_ms == new.start_ms
    assert week_of(jump, "America/Toronto") == old


@pytest.mark.parametrize(
    "zone", ["", "Nowhere/At_All", "../../etc/passwd", "America", "UTC\0", "7"]
)
def test_an_unknown_zone_is_refused_by_name(zone: str) -> None:
    with pytest.raises(ValueError, match="is not an IANA time zone") as e:
        zone_of(zone)

    assert repr(zone) in str(e.value)


def test_a_week_starts_on_a_monday_only() -> None:
    with pytest.raises(ValueError, match="2026-10-06 is a Tuesday"):
        week_from(date(2026, 10, 6), "UTC")


@pytest.mark.parametrize(
    ("start", "end", "mondays"),
    [
        pytest.param("2026-10-05T00:00", "2026-10-12T00:00", ["2026-10-05"], id="a whole week"),
        pytest.param(
            "2026-10-11T23:59",
            "2026-10-12T00:01",
            ["2026-10-05", "2026-10-12"],
            id="two minutes over midnight",
        ),
        pytest.param(
            "2026-10-07T12:00",
            "2026-10-21T12:00",
            ["2026-10-05", "2026-10-12", "2026-10-19"],
            id="three weeks",
        ),
        pytest.param("2026-10-12T00:00", "2026-10-12T00:00", ["2026-10-12"], id="an instant"),
    ],
)
def test_weeks_overlapping(start: str, end: str, mondays: list[str]) -> None:
    weeks = weeks_overlapping(at(start + "Z"), at(end + "Z"), "UTC")

    assert [week.starts_on.isoformat() for week in weeks] == mondays


@given(INSTANTS, st.integers(0, 40 * 24 * HOUR_MS), st.sampled_from(ZONES))
def test_the_overlapped_weeks_are_those_of_every_instant(
    start: int, length: int, zone: str
) -> None:
    weeks = weeks_overlapping(start, start + length, zone)
    walked = {week_of(ms, zone) for ms in range(start, start + length, 24 * HOUR_MS)}
    ends = {week_of(start, zone), week_of(max(start, start + length - 1), zone)}

    assert weeks == sorted(walked | ends)


def test_no_week_overlaps_a_span_that_ends_before_it_starts() -> None:
    with pytest.raises(ValueError, match="before the start"):
        weeks_overlapping(2, 1, "UTC")


@pytest.mark.parametrize(
    ("label", "first", "last"),
    [
        pytest.param("2026-10", "2026-10-01", "2026-10-31", id="a month"),
        pytest.param("2026-12", "2026-12-01", "2026-12-31", id="the last month of a year"),
        pytest.param("2028-02", "2028-02-01", "2028-02-29", id="a leap year"),
    ],
)
def test_month(label: str, first: str, last: str) -> None:
    assert month(label) == Period(label, date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("label", "first", "last"),
    [("2026-Q1", "2026-01-01", "2026-03-31"), ("2026-Q4", "2026-10-01", "2026-12-31")],
)
def test_quarter(label: str, first: str, last: str) -> None:
    assert quarter(label) == Period(label, date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    "label",
    ["", "2026", "2026-13", "2026-00", "2026-1", "26-10", "2026-10-01", "2026-10\n", "٢٠٢٦-10"],
)
def test_what_is_no_month_is_refused(label: str) -> None:
    with pytest.raises(ValueError, match="is not a month: write it as YYYY-MM"):
        month(label)


@pytest.mark.parametrize("label", ["2026-Q0", "2026-Q5", "2026-10", "2026Q1"])
def test_what_is_no_quarter_is_refused(label: str) -> None:
    with pytest.raises(ValueError, match="is not a quarter"):
        quarter(label)


@pytest.mark.parametrize("year", ["0000", "1989", "2101", "9999"])
def test_a_year_that_no_work_is_of_is_refused_with_the_years_that_are(year: str) -> None:
    said = "'{}': years are 1990 to 2100. Correct the year."
    for read, label in ((month, f"{year}-12"), (quarter, f"{year}-Q4")):
        with pytest.raises(ValueError, match=said.format(label)):
            read(label)


def test_every_week_belongs_to_exactly_one_month_that_of_its_sunday() -> None:
    months = [month(f"{year}-{n:02}") for year in (2026, 2027) for n in range(1, 13)]
    weeks = [(period, week) for period in months for week in weeks_ending_in(period, "UTC")]

    assert all(period.first_on <= week.last_on <= period.last_on for period, week in weeks)
    assert all(one.end_ms == two.start_ms for (_, one), (_, two) in pairwise(weeks))
    assert weeks[0][1].last_on == date(2026, 1, 4)
    assert weeks[-1][1].last_on == date(2027, 12, 26)


def test_a_week_over_the_end_of_a_month_is_in_the_next_one() -> None:
    week = week_from(date(2026, 9, 28), "Africa/Nairobi")

    assert week in weeks_ending_in(month("2026-10"), "Africa/Nairobi")
    assert week not in weeks_ending_in(month("2026-09"), "Africa/Nairobi")


def test_the_weeks_of_a_period_are_on_the_clock_of_the_zone() -> None:
    assert weeks_ending_in(month("2026-11"), "America/Los_Angeles")[0] == Week(
        date(2026, 10, 26), at("2026-10-26T00:00-07:00"), at("2026-11-02T00:00-08:00")
    )


@given(st.integers(-2_000_000_000_000, 4_000_000_000_000))
def test_an_instant_survives_being_a_datetime(at_ms: int) -> None:
    assert ms_of(datetime_of(at_ms)) == at_ms
    assert datetime_of(at_ms).tzinfo is UTC


@given(st.datetimes(min_value=datetime(1900, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_a_fraction_of_a_millisecond_is_dropped(moment: datetime) -> None:
    assert timedelta(0) <= moment - datetime_of(ms_of(moment)) < timedelta(milliseconds=1)


def test_both_hours_of_a_clock_set_back_are_told_apart() -> None:
    first = datetime(2026, 11, 1, 1, 30, tzinfo=ZoneInfo("America/Los_Angeles"))

    assert ms_of(first.replace(fold=1)) - ms_of(first) == HOUR_MS


def test_a_time_without_its_offset_is_not_an_instant() -> None:
    with pytest.raises(ValueError, match="has no UTC offset"):
        ms_of(datetime(2026, 10, 5))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        pytest.param("Pacific/Apia", date(2026, 10, 6), id="already tomorrow in Samoa"),
        pytest.param("America/Los_Angeles", date(2026, 10, 5), id="still today in Los Angeles"),
    ],
)
def test_the_day_is_that_of_the_zone(zone: str, day: date) -> None:
    assert day_of(at("2026-10-05T20:00Z"), zone) == day
