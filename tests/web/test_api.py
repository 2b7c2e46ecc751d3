"""The API: shapes, filters, pages, errors, tokens, limits; and that a page costs a fixed price."""

import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from knox.models import AuthToken
from rest_framework.throttling import AnonRateThrottle, SimpleRateThrottle, UserRateThrottle

from tests import factories

pytestmark = pytest.mark.django_db

LISTS = ["work", "transfers", "weeks", "flags", "statements", "imports"]


@pytest.fixture(autouse=True)
def unhurried():
    SimpleRateThrottle.cache.clear()


@pytest.fixture
def account():
    return factories.engagement(factories.vendor(), "ACC1")


@pytest.fixture
def staff(client, account):
    client.force_login(factories.staff(account.vendor))
    return client


def results(client, address, **asked):
    response = client.get(f"/api/v1/{address}/", asked)
    assert response.status_code == 200, response.content
    return response.json()["results"]


def fill(account, count):
    floor = factories.floor()
    for number in range(count):
        factories.transfer(factories.work(account))
        monday = factories.date(2026, 1, 5) + timedelta(weeks=number)
        factories.week(account, starts_on=monday, floor=floor)
        factories.flag(account, subject=f"flag {number}")
        factories.statement(account, period=f"{2000 + number}-10")
        factories.remark(factories.imported(account.vendor))


@pytest.mark.parametrize("address", LISTS)
def test_a_list_costs_as_much_for_many_rows_as_for_few(
    staff, account, address, django_assert_max_num_queries
):
    fill(account, 30)
    session_user_and_roles, rows_and_what_belongs_to_them = 4, 3
    life = 3 if address == "flags" else 0  # events and questions, each with who may see them

    with django_assert_max_num_queries(
        session_user_and_roles + rows_and_what_belongs_to_them + life
    ):
        assert len(results(staff, address)) == 30


def test_work_says_where_its_money_is(staff, account):
    work = factories.work(account, external_id="W1", active_ms=1_500, wall_ms=None)
    factories.transfer(work)
    factories.transfer(
        work,
        move="approve",
        source="pending",
        target="payable",
        amount_micros=3_250_000,
        due_at_ms=work.ended_at_ms,
    )

    (row,) = results(staff, "work")

    assert (
        row.items()
        >= {
            "vendor": "aster-labelling",
            "account": "ACC1",
            "external_id": "W1",
            "ended_at": "2026-10-14T12:00:00Z",
            "wall_seconds": None,
            "active_seconds": 1.5,
            "promised": {"amount": "5.00", "currency": "USD"},
            "where": [
                {"account": "pending", "amount": "1.75", "currency": "USD"},
                {"account": "payable", "amount": "3.25", "currency": "USD"},
            ],
        }.items()
    )
    assert staff.get(f"/api/v1/work/{work.pk}/").json() == row


def test_pay_that_is_not_known_is_null_and_not_nothing(staff, account):
    factories.work(account, promised_micros=None)

    assert results(staff, "work")[0]["promised"] is None


def test_only_the_newest_revision_is_listed_and_a_void_one_is_not(staff, account):
    for number in (1, 2):
        old = factories.work(account, external_id=f"W{number}")
        factories.work(
            account,
            external_id=old.external_id,
            revision=2,
            corrects=old,
            root_id=old.pk,
            void=number == 2,
        )

    assert [(row["external_id"], row["revision"]) for row in results(staff, "work")] == [("W1", 2)]


def test_a_week_says_hours_pay_and_verdict(staff, account):
    factories.week(account, hours=2, floor=factories.floor(), earned_micros=20_000_000)

    (row,) = results(staff, "weeks")

    assert row["hours"]["b"] == {"low": 2.0, "high": 2.0}
    assert row["earned"] == {"amount": "20.00", "currency": "USD"}
    assert row["floor"] == {
        "hourly": {"amount": "15.00", "currency": "USD"},
        "verdict": "fail",
        "shortfall_low": {"amount": "10.00", "currency": "USD"},
        "shortfall_high": {"amount": "10.00", "currency": "USD"},
    }


def test_a_week_without_a_floor_has_no_verdict(staff, account):
    factories.week(account)

    assert results(staff, "weeks")[0]["floor"] is None


@pytest.mark.parametrize(
    ("address", "asked", "found"),
    [
        ("work", {"account": "ACC1"}, 2),
        ("work", {"account": "ACC2"}, 0),
        ("work", {"vendor": "birch-imaging"}, 0),
        ("work", {"project": "cars"}, 1),
        ("work", {"after": "2026-10-14T12:00:00Z"}, 1),
        ("work", {"before": "2026-10-14T12:00:00Z"}, 1),
        ("transfers", {"move": "submit"}, 2),
        ("transfers", {"after": "2026-10-14T13:00:00+01:00"}, 1),
        ("weeks", {"first_on": "2026-10-12"}, 1),
        ("flags", {"open": "true"}, 1),
        ("flags", {"open": "false"}, 1),
        ("flags", {"code": "W02"}, 0),
        ("statements", {"period": "2026-10"}, 1),
        ("imports", {"state": "done"}, 1),
        ("imports", {"kind": "payouts"}, 0),
    ],
)
def test_a_list_can_be_narrowed(staff, account, address, asked, found):
    for day, project in ((13, "boats"), (14, "cars")):
        ended_at = factories.datetime(2026, 10, day, 12, tzinfo=factories.UTC)
        factories.transfer(factories.work(account, ended_at=ended_at, project=project))
    factories.week(account)
    factories.week(account, starts_on=factories.date(2026, 10, 5))
    factories.flag(account)
    factories.flag(account, subject="mended", resolved_at=factories.AT, closed_as="closed")
    factories.statement(account)
    factories.imported(account.vendor)

    assert len(results(staff, address, **asked)) == found


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"acount": "ACC1"}, "acount"),
        ({"after": "yesterday"}, "after"),
        ({"format": "api"}, "format"),
    ],
)
def test_a_filter_that_is_not_understood_is_refused_and_never_ignored(staff, asked, field):
    response = staff.get("/api/v1/work/", asked)

    if response.status_code == 404:  # the framework's own reading of `format`
        assert field == "format"
    else:
        assert response.status_code == 400
        assert list(response.json()["errors"]) == [field]
    assert response.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("address", "asked", "named"),
    [
        ("flags", {"code": "W99"}, ('"W99"', "W01", "W32")),
        ("flags", {"state": "zz"}, ('"zz"', "notified")),
        ("statements", {"period": "2026-13"}, ("'2026-13'", "2026-10")),
        ("transfers", {"move": "zz"}, ('"zz"', "submit", "reverse")),
        ("work", {"kind": "zz"}, ('"zz"', "rework", "award")),
        ("imports", {"kind": "zz"}, ('"zz"', "work, payouts")),
        ("imports", {"state": "zz"}, ('"zz"', "undone")),
        ("settlement", {"outcome": "zz"}, ('"zz"', "settled")),
        ("work", {"page_size": "0"}, ('"0"', "1 or more")),
        ("work", {"page_size": "-1"}, ('"-1"', "1,000")),
        ("flags", {"page_size": "x"}, ('"x"', "a whole number")),
    ],
)
def test_a_value_that_there_is_not_is_a_problem_that_names_it_and_the_choices(
    staff, address, asked, named
):
    response = staff.get(f"/api/v1/{address}/", asked)

    assert response.status_code == 400
    assert response.headers["Content-Type"] == "application/problem+json"
    ((field, (said,)),) = response.json()["errors"].items()
    assert field in asked
    assert [part for part in named if part not in said] == []


def test_a_vendor_that_is_not_seen_is_no_vendor(staff, account):
    factories.vendor("Birch Imaging")

    unseen = staff.get("/api/v1/work/", {"vendor": "birch-imaging"})
    none = staff.get("/api/v1/work/", {"vendor": "nope"})

    assert unseen.status_code == none.status_code == 200
    assert unseen.json() == none.json()


def test_pages_hold_all_rows_once_while_more_arrive(staff, account):
    for _ in range(5):
        factories.work(account)
    page = staff.get("/api/v1/work/", {"page_size": 2}).json()
    found = [row["id"] for row in page["results"]]
    factories.work(account)
    while page["next"]:
        page = staff.get(page["next"]).json()
        found += [row["id"] for row in page["results"]]

    assert len(found) == len(set(found)) == 6


@pytest.mark.parametrize(
    ("address", "status"),
    [("/api/v1/work/999/", 404), ("/api/v1/nothing/", 404), ("/api/v1/work/?cursor=x", 404)],
)
def test_errors_are_problem_details(staff, address, status):
    response = staff.get(address)

    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json().items() >= {"status": status, "type": "about:blank"}.items()


def test_a_statement_is_given_byte_for_byte(staff, account):
    statement = factories.statement(account, data='{"number":"x","z":"1.00"}')

    response = staff.get(reverse("api-statement", args=[statement.pk]))

    assert response.content == b'{"number":"x","z":"1.00"}'


def test_a_statement_is_a_pdf_to_keep(staff, account):
    from payouts.statements.data import to_json
    from tests.payouts.statements.builders import month

    statement = factories.statement(account, data=to_json(month(pieces=3)), number='A"1\n2')

    response = staff.get(
        reverse("api-statement-pdf", args=[statement.pk]), headers={"accept": "application/pdf"}
    )

    assert response.content.startswith(b"%PDF")
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"].startswith("attachment; filename")
    assert "\n" not in response.headers["Content-Disposition"]


def test_a_refusal_is_json_whatever_was_asked_for(staff):
    response = staff.get("/api/v1/statements/1/pdf/", headers={"accept": "application/pdf"})

    assert (response.status_code, response.json()["status"]) == (404, 404)


def test_a_token_acts_for_its_user_until_it_expires(client, account, time_machine, capsys):
    time_machine.move_to(factories.AT)
    member = factories.staff(account.vendor)
    factories.work(account)
    call_command("add_token", user=member.username, days=2)
    token = capsys.readouterr().out.split()[4]
    bearer = {"authorization": f"Bearer {token}"}

    assert token not in json.dumps(list(AuthToken.objects.values("digest", "token_key")))
    assert len(client.get("/api/v1/work/", headers=bearer).json()["results"]) == 1
    time_machine.shift(timedelta(days=2, seconds=1))
    response = client.get("/api/v1/work/", headers=bearer)
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("value", ["Bearer", "Bearer a b", "Bearer wrong", "Bearer \xff\xfe"])
def test_what_is_no_token_is_refused(client, value):
    response = client.get("/api/v1/work/", headers={"authorization": value})

    assert response.status_code == 401


def test_a_token_of_somebody_who_left_no_longer_works(client, account):
    member = factories.staff(account.vendor)
    _, token = AuthToken.objects.create(member)
    bearer = {"authorization": f"Bearer {token}"}
    assert client.get("/api/v1/work/", headers=bearer).status_code == 200

    member.is_active = False
    member.save()

    assert client.get("/api/v1/work/", headers=bearer).status_code == 401


@pytest.mark.parametrize(
    ("throttle", "signed_in"), [(AnonRateThrottle, False), (UserRateThrottle, True)]
)
def test_who_asks_too_often_is_told_when_to_come_back(
    client, account, monkeypatch, throttle, signed_in
):
    monkeypatch.setattr(throttle, "rate", "2/min", raising=False)
    address = "/api/v1/nothing/"
    if signed_in:
        client.force_login(factories.staff(account.vendor))

    said = [
        client.get(address, headers={"x-forwarded-for": f"203.0.113.{number}"})
        for number in range(3)
    ]

    assert [response.status_code for response in said] == [404, 404, 429]
    assert 0 < int(said[-1].headers["Retry-After"]) <= 60
    assert said[-1].json()["status"] == 429


def test_the_description_of_the_api_has_no_warnings(tmp_path):
    file = tmp_path / "schema.yml"

    call_command("spectacular", "--validate", "--fail-on-warn", file=str(file))

    assert "/api/v1/imports/{uuid}/rejects/" in file.read_text()


def test_a_session_needs_the_token_against_forged_requests_to_bring_in_a_file(account):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(factories.staff(account.vendor))

    assert client.post("/api/v1/imports/", {}).status_code == 403
