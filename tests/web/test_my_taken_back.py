"""What was brought in and then taken back is not on the worker's pages any more."""

import re

import pytest

from tests import factories
from tests.payouts.settlement.bank import Bank
from workers.models import Engagement

pytestmark = pytest.mark.django_db


@pytest.fixture
def bank(tmp_path):
    bank = Bank(tmp_path)
    bank.work(("a1", "w1", "10.00"))
    return bank


@pytest.fixture
def person(client, bank):
    person = factories.worker(Engagement.objects.get(vendor=bank.vendor))
    client.force_login(person)
    return person


def said(client, address):
    """Return the text of a page."""
    return " ".join(re.sub(r"<[^>]+>", " ", client.get(address).content.decode()).split())


def test_nothing_is_paid_by_a_payment_that_was_taken_back(client, bank, person):
    paid = bank.paid(("PAY-1", "w1", "4.00"))
    assert "Paid by PAY-1" in said(client, "/pay/work/payable/")

    bank.take_back(paid)
    assert "Paid by" not in said(client, "/pay/work/payable/")

    bank.paid(("PAY-1", "w1", "4.00"), ("PAY-2", "w1", "1.00"))
    page = client.get("/pay/work/payable/").content.decode()
    for address in re.findall(r'href="(/pay/payments/[^"]+)"', page):
        assert client.get(address).status_code == 200
    assert "Paid by PAY-2" in said(client, "/pay/work/payable/")


def test_a_currency_in_which_nothing_stands_any_more_is_not_shown(client, bank, person):
    euros = bank.work(("e1", "w1", "7.00"), currency="EUR")
    assert "7.00 EUR" in said(client, "/pay/")

    bank.take_back(euros)
    page = said(client, "/pay/")
    assert "EUR" not in page
    assert "10.00 USD" in page
