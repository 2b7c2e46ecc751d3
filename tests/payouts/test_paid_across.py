"""Payments that cost the worker something on their way, from the files to the flags."""

from datetime import UTC, date, datetime

import pytest

from ledger.periods import ms_of
from payouts import paid_across, scanning
from payouts.models import Flag
from tests import bringing, factories
from tests.payouts.exports import AS_OF, bring_payouts, bring_work, payment, work
from workers.models import Engagement

pytestmark = pytest.mark.django_db
ARRIVED = "2026-10-20T10:00:00Z"
ACROSS = {"arrived_at": ARRIVED, "fee": "1.00", "arrived_currency": "KES"}
DUE_ON = date(2026, 10, 12)  # of the work in the exports


@pytest.fixture
def vendor():
    bringing.floor_since_2010()
    return factories.vendor()


def settled(vendor, as_of=AS_OF):
    ids = Engagement.objects.values_list("pk", flat=True)
    found = paid_across.read(list(ids), vendor.zone, ms_of(as_of))
    return [one for some in found.values() for one in some]


def test_what_an_exchange_and_its_delay_cost_is_found(vendor, tmp_path):
    factories.reference_rate("KES", "USD", 130, DUE_ON)
    factories.reference_rate("KES", "USD", 125, date(2026, 10, 20))
    bring_work(vendor, tmp_path, work())
    bring_payouts(vendor, tmp_path, payment(amount="20.00", arrived_amount="2250", **ACROSS))

    (one,) = settled(vendor)

    assert (one.fee_micros, one.net_micros) == (1_000_000, 19_000_000)
    assert one.exchanged.worth_micros == 18_000_000
    assert one.exchanged.late_loss_micros == 20 * 5_000_000
    scanning.scan(vendor=vendor, as_of=AS_OF, at=AS_OF)
    flags = Flag.objects.filter(code__in=["W19", "W20", "W21"]).order_by("code")
    assert list(flags.values_list("code", "stake_micros", "currency")) == [
        ("W19", 1_000_000, "USD"),
        ("W20", 1_000_000, "USD"),
        ("W21", 100_000_000, "KES"),
    ]


def test_without_a_reference_rate_only_the_fee_is_known(vendor, tmp_path):
    bring_work(vendor, tmp_path, work())
    bring_payouts(vendor, tmp_path, payment(amount="20.00", arrived_amount="2250", **ACROSS))

    (one,) = settled(vendor)

    assert (one.fee_micros, one.exchanged) == (1_000_000, None)


def test_a_payment_that_arrived_whole_is_none_of_them(vendor, tmp_path):
    bring_work(vendor, tmp_path, work())
    bring_payouts(vendor, tmp_path, payment(arrived_at=ARRIVED))

    assert settled(vendor) == []


def test_what_arrives_after_the_day_asked_has_not_arrived(vendor, tmp_path):
    bring_work(vendor, tmp_path, work())
    bring_payouts(vendor, tmp_path, payment(amount="20.00", arrived_at=ARRIVED, fee="1.00"))

    assert settled(vendor, datetime(2026, 10, 19, tzinfo=UTC)) == []
    assert len(settled(vendor)) == 1
