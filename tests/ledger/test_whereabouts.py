"""Where the money of a payment is, and which part of it is one work's."""

from hypothesis import given
from hypothesis import strategies as st

from ledger.moves import RECEIVED
from ledger.whereabouts import LOST, Whereabouts

MICROS = st.integers(0, 10**13)
PAYMENTS = st.builds(Whereabouts, MICROS, MICROS, MICROS, MICROS)


@given(payment=PAYMENTS, cuts=st.lists(st.integers(0, 1000), max_size=5))
def test_parts_add_up_to_the_payment_and_none_is_negative(payment, cuts):
    total = sum(payment)
    upto = [total * cut // 1000 for cut in sorted(cuts)] + [total]
    before, seen = payment.part(0), [0, 0, 0, 0]
    for micros in upto:
        now = payment.part(micros)
        shares = [now[place] - before[place] for place in now]
        assert sum(now.values()) == micros
        assert min(shares) >= 0
        seen = [a + b for a, b in zip(seen, shares, strict=True)]
        before = now
    assert sum(seen) == total
    assert seen == list(payment)


@given(payment=PAYMENTS, micros=MICROS)
def test_a_fraction_of_what_arrived_goes_down(payment, micros):
    micros = min(micros, sum(payment))

    assert payment.part(micros)[RECEIVED] * sum(payment) <= micros * payment.received


def test_what_an_exchange_took_has_not_arrived():
    payment = Whereabouts.of({"received": 60, "in_transit": 40}, lost=6)

    assert payment == (54, 0, 6, 40)
    assert payment.part(50)[LOST] == 3
