"""Addresses that no page gave are not there, or not accepted; the server never fails on them."""

from base64 import b64encode

import pytest

from tests import factories

pytestmark = pytest.mark.django_db

LISTS = ["work", "transfers", "weeks", "flags", "statements", "imports", "settlement"]
TOO_BIG = 2**63


@pytest.fixture
def account():
    return factories.engagement(factories.vendor(), "ACC1")


@pytest.fixture
def staff(client, account):
    client.force_login(factories.staff(account.vendor))
    return client


@pytest.fixture
def worker(client, account):
    client.force_login(factories.worker(account))
    return client


@pytest.mark.parametrize(
    ("address", "status"),
    [
        pytest.param("weeks/2026-10-19/", 200, id="a week"),
        pytest.param("weeks/9999-12-27/", 404, id="the last week of the calendar"),
        pytest.param("weeks/0001-01-01/", 404, id="its first"),
        pytest.param("?before=9999-12-31", 404, id="before its last day"),
        pytest.param("?before=0001-01-01", 404, id="before its first"),
    ],
)
def test_a_week_that_nobody_can_have_worked_in_is_not_there(worker, account, address, status):
    assert worker.get(f"/pay/{account.pseudonym}/{address}").status_code == status


@pytest.mark.parametrize(
    "address",
    [
        "/pay/work/review/?account=0", "/pay/work/pending/?page=9223372036854775808",
        f"/pay/payments/{TOO_BIG}/", f"/statements/{TOO_BIG}/", f"/flags/{TOO_BIG}/",
        "/pay/questions/ask/week-{hex}-9999-12-27/", "/pay/questions/ask/week-{hex}-0001-01-01/",
        f"/pay/questions/ask/payment-{TOO_BIG}/", "/pay/log/?page=9223372036854775808",
    ],
)  # fmt: skip
def test_a_worker_page_is_there_or_not(worker, account, address):
    assert worker.get(address.format(hex=account.pseudonym.hex)).status_code in (200, 404)


@pytest.mark.parametrize(
    "address",
    [
        "?month=9999-12", "?month=0000-01", "?month=0001-01", "?month=٢٠٢٦-01",
        "top-ups/?period=9999-12", "statements/?period=9999-12", f"runs/{TOO_BIG}/",
        "runs/?page=9223372036854775808", "flags/?page=9223372036854775808",
    ],
)  # fmt: skip
def test_a_vendor_page_is_there_or_not(staff, account, address):
    assert staff.get(f"/v/{account.vendor.slug}/{address}").status_code in (200, 404)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        *((name, "p=abc") for name in LISTS),
        *(("work", said) for said in ("p=", "p=-1", "p=" + "9" * 30)),
    ],
)
def test_a_cursor_that_no_page_gave_is_a_problem(staff, name, said):
    response = staff.get(f"/api/v1/{name}/", {"cursor": b64encode(said.encode()).decode()})

    assert response.status_code == 404
    assert response.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("work", [TOO_BIG, -TOO_BIG - 1, 10**40, "x"])
def test_a_number_that_no_row_can_have_is_a_problem(staff, work):
    response = staff.get("/api/v1/transfers/", {"work": work})

    assert response.status_code == 400
    assert response.headers["Content-Type"] == "application/problem+json"
    assert list(response.json()["errors"]) == ["work"]


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("work", {"after": "9999-12-31T23:59:59-05:00"}),
        ("work", {"before": "0001-01-01T00:00:00+05:00"}),
        ("work", {"after": "9999-12-31T23:59:59Z", "before": "0001-01-01T00:00:00Z"}),
        ("flags", {"due_before": "9999-12-31T23:59:59-05:00"}),
        ("flags", {"due_before": "9999-12-31T23:59:59Z"}),
        ("weeks", {"first_on": "0001-01-01", "last_on": "9999-12-31"}),
        ("statements", {"period": "9999-12"}),
        ("work", {"page_size": TOO_BIG}),
    ],
)
def test_a_day_at_the_end_of_the_calendar_is_a_filter_like_others_or_a_problem(staff, name, asked):
    response = staff.get(f"/api/v1/{name}/", asked)

    assert response.status_code in (200, 400)
    assert response.headers["Content-Type"].endswith("json")


@pytest.mark.parametrize("address", ["work", "transfers", "flags", "statements"])
def test_an_id_that_no_row_can_have_is_not_there(staff, address):
    assert staff.get(f"/api/v1/{address}/{TOO_BIG}/").status_code == 404
