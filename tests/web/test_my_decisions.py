"""A worker sees what is decided about their pay the moment it exists, and keeps seeing it."""

import re

import pytest

from ledger import ending, withholding
from ledger.money import Money
from payouts.my_pay import earnings
from tests import factories
from tests.ledger import owed
from tests.ledger.owed import DAY, DOLLAR, NOW, grounds, row, until
from workers.models import Engagement, Link

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(tmp_path):
    vendor = factories.vendor()
    owed.work(vendor, tmp_path, row("a0", 10), row("a1", 20))
    return Engagement.objects.get(vendor=vendor)


def seen(client, person, address="/pay/"):
    client.force_login(person)
    return client.get(address).content.decode()


def test_a_hold_shows_with_reason_end_and_who_decided(client, account):
    person, stranger = factories.worker(account), factories.worker()
    held = withholding.withhold("hold", engagement=account, grounds=until(), works=["a0"], at=NOW)
    page = seen(client, person)

    for said in ("Held back until", "31 Dec 2026", "a second look at this work", "pay desk"):
        assert said in page
    assert "a second look" not in seen(client, stranger)
    listed = seen(client, person, "/pay/work/withheld/")
    assert "Held back or taken off until" in listed
    assert "decided by" in listed

    withholding.release(withholding=held, reason="all is well", at=NOW + DAY)
    assert "a second look" not in seen(client, person)


@pytest.mark.parametrize(
    ("move", "said"),
    [("deduct", "Taken off"), ("remit", "Paid to a third party for you")],
)
def test_what_is_taken_says_by_what_and_how_to_object(client, account, move, said):
    person = factories.worker(account)
    withholding.withhold(
        move, engagement=account, grounds=grounds(), most=Money(3 * DOLLAR, "USD"), at=NOW
    )
    page = seen(client, person)
    for text in (said, "clause 7 of the contract", "review 17", "write to pay@example.com"):
        assert text in page


def test_the_figures_of_the_page_still_add_up(account):
    for name, move in (("a0", "hold"), ("a1", "remit")):
        withholding.withhold(
            move, engagement=account, grounds=until(), works=[name],
            most=Money(3 * DOLLAR, "USD"), at=NOW,
        )  # fmt: skip
    (purse,) = earnings.so_far(Engagement.objects.all(), as_of=NOW).purses
    assert purse.earned == 30 * DOLLAR
    assert (purse.received, purse.remitted, purse.withheld) == (0, 3 * DOLLAR, 3 * DOLLAR)
    assert purse.owed == 24 * DOLLAR
    where = purse.received + purse.remitted + purse.on_approval + purse.on_the_way
    where += purse.fees + purse.withheld
    assert purse.earned == where + purse.owed - purse.paid_ahead


def test_what_went_to_a_third_party_has_not_arrived(client, account):
    person = factories.worker(account)
    withholding.withhold(
        "remit", engagement=account, grounds=grounds(), most=Money(2_345_000, "USD"), at=NOW
    )
    page = seen(client, person)

    assert re.search(r"Arrived</dt><dd>\S+ class=.m.>0\.00 USD", page)
    assert re.search(r"Paid to a third party for you</dt><dd>.*2\.34<.*>5<.*USD", page)


def test_each_of_two_holds_on_a_piece_has_its_own_amount_and_end(client, account):
    person = factories.worker(account)
    for cents, days in ((940, 30), (60, 300)):
        withholding.withhold(
            "hold", engagement=account, grounds=until(days), works=["a0"],
            most=Money(cents * DOLLAR // 100, "USD"), at=NOW,
        )  # fmt: skip
    listed = re.sub(r"<[^>]+>", "", seen(client, person, "/pay/work/withheld/"))

    assert re.search(r"until 31 Dec 2026: a second look.*: 9\.40 USD", listed)
    assert re.search(r"until 27 Sep 2027: a second look.*: 0\.60 USD", listed)


def test_a_decision_names_its_account_where_there_are_several(client, account):
    person = factories.worker(account)
    withholding.withhold("hold", engagement=account, grounds=until(), works=["a0"], at=NOW)
    named = r"decided by <bdi>pay desk</bdi>, account <bdi>w-0</bdi>"
    assert not re.search(named, seen(client, person))

    other = factories.engagement(account.vendor, "w-1")
    Link.objects.create(engagement=other, worker=person.worker, began_at=NOW)
    assert re.search(named, seen(client, person))


def test_a_deactivated_account_keeps_its_page_and_says_by_when_it_is_settled(client, account):
    person = factories.worker(account)
    before = seen(client, person)
    ending.deactivate(
        engagement=account, code="inactive", text="no more boats", decided_by="board",
        told_at=NOW, from_at=NOW, at=NOW,
    )  # fmt: skip
    page = seen(client, person)
    for said in ("gets no more work since", "no more boats", "15 Dec 2026"):
        assert said in page
    assert "You are owed" in before
    assert "You are owed" in page
