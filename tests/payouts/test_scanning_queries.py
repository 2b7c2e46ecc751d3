"""A chunk of accounts costs the same number of queries, however many accounts and works it has."""

from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ledger import pledging
from ledger.money import Money
from ledger.periods import ms_of
from payouts import scanning
from payouts.facts import accounts, promises, readings
from payouts.facts.background import Background
from tests import bringing, factories
from tests.payouts.exports import AS_OF, START, bring_payouts, bring_work, payment, pending, work
from workers.models import Engagement

pytestmark = pytest.mark.django_db


def vendor_with(size, folder):
    one = factories.vendor(f"Vendor of {size}")
    rows = []
    for number in range(size):
        rows += [work(f"w{number}", each, rate_amount="9.00") for each in range(3)]
        rows.append(pending(f"w{number}", 9))
    bring_work(one, folder, *rows)
    bring_payouts(one, folder, payment("w0", "9.00"))
    return one


def queries_of(call):
    with CaptureQueriesContext(connection) as captured:
        call()
    return [query["sql"] for query in captured]


@pytest.mark.parametrize("size", [1, 40])
def test_terms_beside_the_task_cost_a_fixed_number_more(tmp_path, size):
    """However many of them there are."""
    bringing.floor_since_2010()
    vendor = vendor_with(size, tmp_path)
    for account in Engagement.objects.filter(vendor=vendor)[:1]:
        factories.terms_of(account)
    for number in range(3):
        promise = {"name": str(number), "text": "t", "project": "maps", "at": AS_OF}
        days = dict.fromkeys(("first_on", "last_on", "due_on"), AS_OF.date())
        pledging.promise(
            vendor=vendor, pieces_at_least=1, amount=Money(1, "USD"), **promise, **days
        )
        pledging.publish(
            vendor=vendor, project="maps", name="guide", version=number + 1, kind="instructions",
            words=9, required=True, from_on=START.date(), at=AS_OF,
        )  # fmt: skip
    background = Background.of(vendor, ms_of(AS_OF))

    read = queries_of(lambda: accounts.read(background, after=0, limit=1000))

    assert len(read) == accounts.QUERIES + promises.QUERIES + readings.QUERIES


@pytest.mark.parametrize("size", [1, 40])
def test_reading_a_chunk_costs_a_fixed_number_of_queries(tmp_path, size):
    bringing.floor_since_2010()
    vendor = vendor_with(size, tmp_path)
    background = Background.of(vendor, ms_of(AS_OF))

    read = queries_of(lambda: accounts.read(background, after=0, limit=1000))

    assert len(read) == accounts.QUERIES


def test_a_whole_scan_asks_as_often_for_one_account_as_for_forty(tmp_path):
    """Only what it writes grows: SQLite takes a thousand values at a time."""
    bringing.floor_since_2010()
    few, many = vendor_with(1, tmp_path), vendor_with(40, tmp_path)

    asked = [
        [
            sql
            for sql in queries_of(partial(scanning.scan, vendor=vendor, as_of=AS_OF, at=AS_OF))
            if sql.startswith(("SELECT", "WITH"))
        ]
        for vendor in (few, many)
    ]

    assert len(asked[0]) == len(asked[1])
