"""The watch on work and pay after a question: figures, guards, and who is shown them."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from payouts.disputes.watch import LEAST_AFTER, LEAST_BEFORE, Week, drops
from payouts.disputes.watching import around
from tests import factories

HOUR_MS = factories.HOUR_MS
FULL = Week(10, 10 * HOUR_MS, 150_000_000)
weeks = st.lists(
    st.builds(Week, st.integers(0, 40), st.integers(0, 10**8), st.integers(0, 10**9)), max_size=8
)


@pytest.mark.parametrize(
    ("before", "after", "measures"),
    [
        pytest.param([FULL] * 4, [FULL] * 3, [], id="nothing changed"),
        pytest.param([FULL] * 4, [Week(0, 0, 0)] * 3, ["pieces", "time"], id="no more work"),
        pytest.param([FULL] * 4, [Week(10, 10 * HOUR_MS, 100_000_000)] * 3, ["hourly"],
                     id="as much work for less"),
        pytest.param([FULL] * 3, [Week(0, 0, 0)] * 8, [], id="three weeks before are too few"),
        pytest.param([FULL] * 8, [Week(0, 0, 0)] * 2, [], id="two weeks after are too few"),
        pytest.param([Week(4, HOUR_MS, 1)] * 4, [Week(0, 0, 0)] * 3, [], id="too few pieces"),
        pytest.param([FULL] * 7 + [Week(0, 0, 0)], [Week(0, 0, 0)] * 3, [],
                     id="a week without work came before, too"),
        pytest.param([FULL] * 4, [Week(5, 5 * HOUR_MS, 75_000_000)] * 3, [], id="exactly half"),
    ],
)  # fmt: skip
def test_what_counts_as_a_drop(before, after, measures):
    assert [one.measure for one in drops(before, after)] == measures


@given(weeks, weeks)
def test_a_drop_is_one_and_has_enough_weeks_behind_it(before, after):
    for drop in drops(before, after):
        assert drop.after < drop.before
        assert drop.weeks_before >= LEAST_BEFORE
        assert drop.weeks_after >= LEAST_AFTER


def test_weeks_that_no_export_tells_of_are_not_weeks_without_work():
    monday = date(2026, 9, 7)
    known = {monday + timedelta(days=7 * number): FULL for number in range(5)}
    asked = monday + timedelta(days=35)

    before, after = around(known, asked, last=asked)

    assert (len(before), after) == (5, [])


@pytest.mark.django_db
def test_the_worker_and_an_auditor_see_it_and_the_vendor_does_not():
    vendor = factories.vendor()
    account = factories.engagement(vendor)
    worker = factories.worker(account)
    asked_at = factories.AT - timedelta(days=35)
    question = factories.dispute(account, asked_at=asked_at)
    for number in range(5):
        starts_on = date(2026, 8, 24) + timedelta(days=7 * number)
        factories.week(account, starts_on=starts_on, hours=10, pieces=10)
    factories.imported(vendor)
    said = "before it were 10"
    seen = {}
    for role, user in (
        ("worker", worker),
        ("vendor", factories.staff(vendor)),
        ("auditor", factories.auditor(vendor)),
    ):
        client = Client()
        client.force_login(user)
        page = client.get(reverse("question", args=[question.pk]))
        assert page.status_code == 200
        seen[role] = said in page.content.decode()
        if role == "worker":
            assert said in client.get(reverse("my-questions")).content.decode()

    assert seen == {"worker": True, "vendor": False, "auditor": True}
