"""W19, W20 and W21: what payments cost the worker on their way."""

import pytest

from payouts.detectors import exchange_mark_up, late_exchange, transfer_fees
from tests.payouts.detectors.builders import AS_OF_MS, DAY_MS, facts, settled


def found(detector, *payments):
    return list(detector.detect(facts(settled=payments)))


def test_fees_of_all_payments_in_a_currency_are_one_finding():
    payments = settled("P2", fee=0.5, days_ago=3), settled("P1", fee=1.25), settled("P3")

    (finding,) = found(transfer_fees, *payments)

    assert (finding.stake_micros, finding.currency) == (1_750_000, "USD")
    assert finding.subject == "somebody/USD"
    assert finding.since_at_ms == AS_OF_MS - 10 * DAY_MS
    assert [one["reference"] for one in finding.evidence["payments"]] == ["P1", "P2"]
    said = transfer_fees.sentence(
        stake_micros=finding.stake_micros, currency="USD", evidence=finding.evidence
    )
    assert said == "of 2 payments, 1.75 USD"


@pytest.mark.parametrize(
    ("worth", "lost_micros"),
    [
        pytest.param(10, None, id="at the reference rate"),
        pytest.param(9.95, None, id="half a per cent less is within the market"),
        pytest.param(9.949999, 50_001, id="a micro more is not, and then all of it counts"),
        pytest.param(11, None, id="a gain stays with the worker"),
    ],
)
def test_an_exchange_may_cost_half_a_per_cent(worth, lost_micros):
    stakes = [one.stake_micros for one in found(exchange_mark_up, settled(worth=worth))]

    assert stakes == ([] if lost_micros is None else [lost_micros])


def test_what_a_delay_cost_is_in_the_currency_that_arrived():
    (finding,) = found(late_exchange, settled(late=3), settled("P2", late=0))

    assert (finding.stake_micros, finding.currency) == (3_000_000, "KES")
    assert finding.evidence["count"] == 1
