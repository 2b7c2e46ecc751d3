"""The vendor's overview: weeks are counted together, money is summed by currency."""

from datetime import date

import pytest
from django.utils.html import strip_tags

from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def vendor():
    return factories.vendor("Aster Labelling")


@pytest.fixture
def seen(client, vendor):
    """Read the overview as its staff: the response, with `said`, its words."""
    client.force_login(factories.staff(vendor))

    def read(**asked):
        response = client.get(f"/v/{vendor.slug}/", asked)
        response.said = " ".join(strip_tags(response.content.decode()).split())
        return response

    return read


@pytest.fixture
def euros(vendor):
    """Four weeks below a floor in dollars and four at it; then six below one in euros."""
    floors = {"USD": factories.floor(from_on=date(2010, 1, 4))}
    floors["EUR"] = factories.floor(from_on=date(2026, 10, 5), currency="EUR")
    for country, dollars in (("KE", 5_000_000), ("PH", 15_000_000)):
        account = factories.engagement(vendor, country=country)
        for on, currency, micros in (
            *((date(2026, 9, day), "USD", dollars) for day in (7, 14, 21, 28)),
            *((date(2026, 10, day), "EUR", 12_000_000) for day in (5, 12, 19)),
        ):
            factories.week(
                account, starts_on=on, floor=floors[currency], currency=currency,
                earned_micros=micros,
            )  # fmt: skip


def test_money_of_two_currencies_is_never_added(seen, euros):
    page = seen()

    whole = page.context["overview"].whole
    assert (whole.weeks, whole.reached, whole.below) == (14, 4, 10)
    missing = {code: sums.missing_high for code, sums in whole.money}
    assert missing == {"EUR": 18_000_000, "USD": 40_000_000}
    assert "72.00 EUR earned · 80.00 USD earned" in page.said
    assert "18.00 EUR is missing in all. 40.00 USD is missing in all." in page.said


def test_a_country_has_a_line_for_each_currency(seen, euros):
    tallies = dict(seen().context["overview"].by_country)

    middles = {name: [(code, one.middle) for code, one in tally.money]
               for name, tally in tallies.items()}  # fmt: skip
    assert middles["Kenya"] == [("EUR", 12_000_000), ("USD", 5_000_000)]
    assert middles["Philippines"] == [("EUR", 12_000_000), ("USD", 15_000_000)]


def test_the_worst_weeks_are_compared_by_the_time_that_is_not_paid(seen, vendor):
    dear = factories.floor(currency="JPY", hourly_micros=2_000_000_000, from_on=date(2026, 10, 5))
    account = factories.engagement(vendor)
    factories.week(account, starts_on=date(2026, 9, 7), floor=factories.floor())  # lacks 40 minutes
    factories.week(
        account, starts_on=date(2026, 10, 5), floor=dear, currency="JPY",
        earned_micros=1_500_000_000,  # lacks 15 minutes
    )  # fmt: skip

    worst = [week.currency for week, _ in seen().context["overview"].worst]

    assert worst == ["USD", "JPY"]


def test_a_workers_picture_is_of_one_currency_and_leads_to_the_earlier_weeks(client, vendor, euros):
    account = vendor.engagements.order_by("pk").first()
    client.force_login(factories.worker(account))

    newest = client.get("/pay/").context["page"].accounts[0]
    earlier = client.get(f"/pay/{account.pseudonym}/", {"before": "2026-10-05"})

    assert [week.currency for week in newest.weeks] == ["EUR"] * 3
    assert newest.has_earlier
    weeks = earlier.context["page"].accounts[0].weeks
    assert [week.currency for week in weeks] == ["USD"] * 4
