"""A chunk of accounts costs the same number of queries, however many accounts and works it has."""

from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ledger.periods import ms_of
from payouts import facts, scanning
from tests import bringing, factories
from tests.payouts.exports import AS_OF, bring_payouts, bring_work, payment, pending, work

pytestmark = pytest.mark.django_db


def vendor_with(accounts, folder):
    one = factories.vendor(f"Vendor of {accounts}")
    rows = []
    for number in range(accounts):
        rows += [work(f"w{number}", each, rate_amount="9.00") for each in range(3)]
        rows.append(pending(f"w{number}", 9))
    bring_work(one, folder, *rows)
    bring_payouts(one, folder, payment("w0", "9.00"))
    return one


def queries_of(call):
    with CaptureQueriesContext(connection) as captured:
        call()
    return [query["sql"] for query in captured]


@pytest.mark.parametrize("accounts", [1, 40])
def test_reading_a_chunk_costs_a_fixed_number_of_queries(tmp_path, accounts):
    bringing.floor_since_2010()
    vendor = vendor_with(accounts, tmp_path)
    background = facts.Background.of(vendor, ms_of(AS_OF))

    read = queries_of(lambda: facts.read(background, after=0, limit=1000))

    assert len(read) == facts.QUERIES


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
