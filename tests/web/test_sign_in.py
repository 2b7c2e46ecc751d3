"""Signing in, joining with a code, claiming more accounts, signing out."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests import factories
from workers import claims
from workers.models import Link, User

pytestmark = pytest.mark.django_db

RIGHT = {"username": "vera", "password": factories.PASSWORD}
WRONG = {"username": "vera", "password": "a guess"}


@pytest.fixture
def code():
    account = factories.engagement(factories.vendor())
    return claims.make_code(engagement=account, at=timezone.now())


def test_name_and_password_sign_in(client):
    user = factories.user("vera")

    response = client.post("/sign-in/?next=/accounts/", {**RIGHT, "next": "/accounts/"})

    assert (response.status_code, response.headers["Location"]) == (302, "/accounts/")
    assert get_user(client) == user


def test_nobody_is_sent_to_another_site_after_signing_in(client):
    factories.user("vera")

    response = client.post("/sign-in/", {**RIGHT, "next": "https://elsewhere.example/"})

    assert response.headers["Location"] == "/"


def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(client):
    factories.user("vera")
    factories.user("gone", is_active=False)
    tries = [WRONG, {**RIGHT, "username": "nobody"}, {**RIGHT, "username": "gone"}]

    said = {client.post("/sign-in/", one).context["form"].errors.as_text() for one in tries}

    assert len(said) == 1
    assert "do not go together" in said.pop()


def test_who_guesses_waits_longer_and_longer_and_is_told_how_long(client, time_machine):
    factories.user("vera")
    time_machine.move_to(factories.AT, tick=False)
    said = [client.post("/sign-in/", WRONG) for _ in range(6)]

    assert [response.status_code for response in said] == [200] * 5 + [429]
    assert said[-1].headers["Retry-After"] == "1"
    assert "Wait 1 second," in said[-1].text

    right = client.post("/sign-in/", RIGHT)
    assert right.status_code == 429
    time_machine.shift(timedelta(seconds=1))
    assert client.post("/sign-in/", RIGHT).status_code == 302


def test_somebody_elsewhere_who_guesses_does_not_make_the_worker_wait(client):
    factories.user("vera")
    for _ in range(20):
        Client(REMOTE_ADDR="203.0.113.9").post("/sign-in/", WRONG)

    assert client.post("/sign-in/", RIGHT).status_code == 302


def test_the_address_of_the_wait_cannot_be_forged(client, time_machine):
    time_machine.move_to(factories.AT, tick=False)
    for number in range(6):
        forged = {"HTTP_X_FORWARDED_FOR": f"203.0.{number}.9"}
        response = client.post("/sign-in/", WRONG, **forged)

    assert response.status_code == 429


def test_a_worker_joins_with_a_code_and_no_e_mail(client, code):
    form = {"code": code, "pseudonym": "heron", "password": factories.PASSWORD}

    response = client.post("/join/", form, follow=True)

    assert get_user(client) == User.objects.get(username="heron")
    assert Link.objects.get().engagement.account in response.text


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"code": "AAAAA-AAAAA"}, "code", "This code does not work"),
        ({"pseudonym": "taken"}, "pseudonym", "Choose another"),
        ({"pseudonym": "my name"}, "pseudonym", "without blanks"),
        ({"password": "short"}, "password", "at least 8"),
        ({"password": "heron123"}, "password", "too similar"),
        ({"code": ""}, "code", "Type the code"),
    ],
)
def test_what_is_wrong_with_joining_is_said_where_it_is_mended(client, code, changed, field, words):
    factories.user("taken")
    form = {"code": code, "pseudonym": "heron", "password": factories.PASSWORD, **changed}

    errors = client.post("/join/", form).context["form"].errors

    assert list(errors) == [field]
    assert words in errors[field].as_text()
    assert not Link.objects.exists()


def test_guessing_codes_takes_longer_and_longer(client, time_machine):
    time_machine.move_to(factories.AT, tick=False)
    form = {"code": "AAAAA-AAAAA", "password": factories.PASSWORD}
    said = [
        client.post("/join/", {**form, "pseudonym": f"name{number}"}).status_code
        for number in range(21)
    ]

    assert said == [200] * 20 + [429]


def test_a_worker_claims_a_second_account_and_takes_it_back(client, code):
    first = factories.engagement(factories.vendor("Birch Imaging"))
    client.force_login(factories.worker(first))

    page = client.post("/accounts/", {"code": code}, follow=True)
    second = Link.objects.latest("pk")
    assert all(one.account in page.text for one in (first, second.engagement))

    page = client.post(reverse("take-back", args=[second.pk]), follow=True)
    assert first.account in page.text
    assert second.engagement.account not in page.text
    assert client.post(reverse("take-back", args=[second.pk])).status_code == 404


def test_who_signs_out_leaves_nothing_in_the_browser(client):
    client.force_login(factories.user())

    response = client.post("/sign-out/")

    assert not get_user(client).is_authenticated
    assert response.headers["Clear-Site-Data"] == '"cache", "storage"'


def one_click(client, name):
    return client.post("/sign-in/demo/", {"name": name}).status_code


def test_one_click_signs_in_only_in_the_demo_and_only_on_this_machine(settings):
    of = factories.vendor()
    factories.staff(of, "vera")
    factories.user("root", is_staff=True)
    here, away = Client(), Client(REMOTE_ADDR="192.0.2.7")
    proxied = Client(HTTP_X_FORWARDED_FOR="127.0.0.1")

    assert [one_click(each, "vera") for each in (here, away, proxied)] == [404] * 3
    assert "sign-in/demo" not in here.get("/sign-in/").text

    settings.PAID_DEMO = True
    assert [one_click(each, "vera") for each in (away, proxied)] == [404] * 2
    assert "sign-in/demo" not in away.get("/sign-in/").text
    assert 'value="vera"' in here.get("/sign-in/").text
    assert [one_click(here, name) for name in ("root", "nobody", "")] == [404] * 3
    assert here.get("/sign-in/demo/").status_code == 405
    assert one_click(here, "vera") == 302
    assert get_user(here).username == "vera"


def test_one_click_knows_a_few_workers_of_each_vendor(settings):
    settings.PAID_DEMO = True
    for vendor in ("first", "second"):
        of = factories.vendor(vendor)
        for number in range(4):
            account = factories.engagement(of, f"{vendor}-{number}")
            factories.worker(account, name=f"of-{vendor}-{number}")

    page = Client().get("/sign-in/").text

    names = [f"of-{vendor}-{number}" for vendor in ("first", "second") for number in range(4)]
    assert [name for name in names if f'value="{name}"' in page] == [
        *names[:3], *names[4:7]
    ]  # fmt: skip


@pytest.mark.parametrize(
    "address", ["/sign-in/", "/join/", "/accounts/", "/accounts/1/take-back/", "/sign-out/"]
)
def test_every_form_needs_a_token_against_forged_requests(address):
    client = Client(enforce_csrf_checks=True)
    client.force_login(factories.user())

    assert client.post(address, {}).status_code == 403


def test_forms_carry_that_token(client):
    client.force_login(factories.worker(factories.engagement(factories.vendor())))

    for address in ("/sign-in/", "/join/", "/accounts/"):
        text = client.get(address).text
        assert text.count("<form") == text.count("csrfmiddlewaretoken") > 0


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_real_browser_joins_and_signs_in_again(chromium, live_server, code):
    """Browsers send Origin and Referer as the site's policy says; forms must still be accepted."""
    page = chromium.new_page()
    page.goto(f"{live_server.url}/join/")
    page.fill("[name=code]", code)
    page.fill("[name=pseudonym]", "heron")
    page.fill("[name=password]", factories.PASSWORD)
    page.click("main button")
    assert page.locator("h1").inner_text() == "Your accounts"
    page.context.clear_cookies()
    page.goto(f"{live_server.url}/sign-in/?next=/accounts/")
    page.fill("[name=username]", "heron")
    page.fill("[name=password]", factories.PASSWORD)
    page.click("main form:last-of-type button")
    assert page.locator("h1").inner_text() == "Your accounts"
    page.close()
