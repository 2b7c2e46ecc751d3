"""What the page of gaps says where there is nothing to close."""

from datetime import UTC, date, datetime

import pytest
from django.utils.html import strip_tags

from tests import factories

pytestmark = pytest.mark.django_db
ALL = "reached the floor"


@pytest.fixture
def vendor():
    return factories.vendor("Aster Labelling")


@pytest.fixture
def said(client, vendor, time_machine):
    """Read the page as the vendor's staff, on 2 November: its words."""
    time_machine.move_to(datetime(2026, 11, 2, 9, tzinfo=UTC), tick=False)
    client.force_login(factories.staff(vendor))

    def read(period=""):
        page = client.get(f"/v/{vendor.slug}/top-ups/", {"period": period})
        return " ".join(strip_tags(page.content.decode()).split())

    return read


def week(vendor, starts_on, **given):
    given = {"floor": factories.floor(), "earned_micros": 15_000_000, **given}
    return factories.week(factories.engagement(vendor), starts_on=starts_on, **given)


def test_without_any_week_there_is_none_yet(said):
    page = said("2026-10")

    assert "There is no week with work yet." in page
    assert ALL not in page


def test_of_a_month_without_a_finished_week_nothing_is_claimed(said, vendor):
    week(vendor, date(2026, 11, 2))

    page = said()

    assert "There is no worker-week of Nov 2026 yet that is over and has a floor." in page
    assert ALL not in page


def test_weeks_that_cannot_be_judged_reached_nothing(said, vendor):
    week(vendor, date(2026, 10, 12), unpriced=1)

    page = said()

    assert "1 worker-week cannot be judged" in page
    assert "No worker-week of Oct 2026 can be judged yet." in page
    assert ALL not in page


def test_a_month_at_the_floor_is_said_to_be(said, vendor):
    week(vendor, date(2026, 10, 12))

    assert "✓ Every worker-week of Oct 2026" in said("2026-10")


@pytest.mark.parametrize("asked", ["2026-07", "2026-13", "zz"])
def test_another_month_than_the_one_asked_for_is_named(said, vendor, asked):
    week(vendor, date(2026, 10, 12))

    page = said(asked)

    assert f"There is no week with work in the month {asked}. What is shown is Oct 2026." in page


def test_the_newest_month_needs_no_excuse_where_none_was_asked_for(said, vendor):
    week(vendor, date(2026, 10, 12))

    assert "What is shown" not in said()
