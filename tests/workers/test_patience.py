"""Waiting grows with wrong tries, is bounded, and does not fall on others."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from tests import factories
from workers import patience
from workers.models import Patience

pytestmark = pytest.mark.django_db

AT = factories.AT
LIMIT = patience.Limit(free=3, longest=timedelta(seconds=8))


def test_the_wait_doubles_after_the_free_tries_and_stops_growing():
    at, waits = AT, []
    for _ in range(9):
        assert patience.try_once(LIMIT, "vera", at=at) == 0
        wait_s = patience.try_once(LIMIT, "vera", at=at) if len(waits) >= 2 else 0
        waits.append(wait_s)
        at += timedelta(seconds=wait_s)

    assert waits == [0, 0, 1, 2, 4, 8, 8, 8, 8]


def test_a_try_that_must_wait_is_not_counted():
    for _ in range(50):
        patience.try_once(LIMIT, "vera", at=AT)

    assert patience.try_once(LIMIT, "vera", at=AT) == 1
    assert patience.try_once(LIMIT, "vera", at=AT + timedelta(seconds=1)) == 0


def test_nobody_waits_for_what_somebody_else_tried():
    for _ in range(50):
        patience.try_once(LIMIT, "vera", "192.0.2.0/24", at=AT)

    assert patience.try_once(LIMIT, "vera", "198.51.100.0/24", at=AT) == 0
    assert patience.try_once(LIMIT, "otto", "192.0.2.0/24", at=AT) == 0


@pytest.mark.parametrize("forget", [patience.forgive, None], ids=["a right one", "an hour"])
def test_tries_are_forgotten(forget):
    for second in range(20):
        patience.try_once(LIMIT, "vera", at=AT + timedelta(seconds=9 * second))
    later = AT + timedelta(seconds=181)
    if forget:
        forget("vera")
    else:
        later += timedelta(hours=1)

    assert [patience.try_once(LIMIT, "vera", at=later) for _ in range(3)] == [0, 0, 0]


def test_names_and_addresses_cannot_be_read_from_the_table():
    patience.try_once(LIMIT, "vera", "192.0.2.0/24", at=AT)

    assert len(Patience.objects.get().key) == 64


def test_old_tries_do_not_pile_up():
    for number in range(5):
        patience.try_once(LIMIT, f"name {number}", at=AT + number * timedelta(hours=2))

    assert Patience.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_tries_at_the_same_moment_do_not_slip_past():
    patience.try_once(LIMIT, "vera", at=AT)
    start, waits = threading.Barrier(8), []

    def try_it():
        start.wait()
        waits.append(patience.try_once(LIMIT, "vera", at=AT))
        connection.close()

    threads = [threading.Thread(target=try_it) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert waits.count(0) <= LIMIT.free - 1


@pytest.mark.parametrize(
    ("address", "network"),
    [
        pytest.param("192.0.2.77", "192.0.2.0/24", id="IPv4"),
        pytest.param("2001:db8:1:2345::7", "2001:db8:1:2300::/56", id="IPv6"),
        pytest.param("", "", id="unknown"),
    ],
)
def test_one_network_is_one(address, network):
    assert patience.network_of({"REMOTE_ADDR": address}) == network


def test_only_a_proxy_that_is_ours_is_believed(settings):
    meta = {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "203.0.113.9, 192.0.2.77"}

    assert patience.network_of(meta) == "10.0.0.0/24"
    settings.BEHIND_PROXY = True
    assert patience.network_of(meta) == "192.0.2.0/24"
