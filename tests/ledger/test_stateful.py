"""Random histories of a vendor, through the real doors, beside a plain model of them.

HISTORIES=300 runs more of them than the default does.
"""

import os

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.bringing import floor_since_2010
from tests.ledger.histories import History
from tests.ledger.plain_model import Paid, Told

EXAMPLES = int(os.environ.get("HISTORIES", "0")) or (60 if connection.vendor == "sqlite" else 25)
FIXED = "HISTORIES" not in os.environ  # the same histories each time
STEPS = 9

accounts, attempts, references = st.integers(0, 1), st.integers(0, 3), st.integers(0, 2)
days = st.integers(1, 4)


@st.composite
def told(draw):
    status = draw(st.sampled_from(["submitted", "approved", "approved", "rejected", "returned"]))
    decided = status in ("approved", "rejected")
    return Told(
        key=(draw(accounts), draw(attempts)),
        promise=0 if status == "returned" else draw(st.sampled_from([100, 60, 150])),
        status=status,
        decided_on=draw(days) if decided and draw(st.integers(0, 9)) else None,
        start=draw(st.sampled_from([0, 0, 0, -10, 10])),
        length=draw(st.sampled_from([60, 60, 30, 90])),
        has_clock=bool(draw(st.integers(0, 4))),
        active=draw(st.sampled_from([20, 40])),
    )


@st.composite
def paid(draw):
    amount = draw(st.sampled_from([100, 60, 250, 160, 400]))
    return Paid(
        key=(draw(accounts), draw(references)),
        amount=amount,
        arrived=draw(st.booleans()),
        fee=draw(st.sampled_from([0, 0, 10, 30])),
        lists=tuple(draw(st.sets(attempts, max_size=2))) if draw(st.booleans()) else (),
    )


steps = st.one_of(
    st.tuples(st.just("work"), st.lists(told(), min_size=1, max_size=4).map(tuple),
              st.integers(0, 8)),
    st.tuples(st.just("work"), st.lists(told(), min_size=1, max_size=4).map(tuple),
              st.integers(0, 8)),
    st.tuples(st.just("pay"), st.lists(paid(), min_size=1, max_size=3).map(tuple)),
    st.tuples(st.just("undo"), st.integers(0, 5)),
    st.tuples(st.just("again"), st.integers(0, 5)),
    st.tuples(st.just("withhold"), st.sampled_from(["hold", "hold", "deduct", "remit"]),
              st.tuples(accounts, attempts), st.integers(1, 3)),
    st.tuples(st.just("release"), st.integers(0, 5)),
    st.tuples(st.sampled_from(["lapse", "end"])),
    st.tuples(st.just("rates"), st.dictionaries(st.integers(-9, 8), st.integers(90, 130),
              min_size=1, max_size=4), st.integers(-2, 12)),
)  # fmt: skip


@pytest.mark.django_db
def test_random_histories_leave_what_the_plain_model_says(tmp_path):
    floor_since_2010()

    @settings(
        max_examples=EXAMPLES,
        phases=[Phase.generate] if FIXED else [Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(steps, min_size=3, max_size=STEPS))
    def histories(taken):
        with transaction.atomic():  # rates are everybody's: no history sees those of another
            history = History(tmp_path)
            for name, *parameters in taken:
                getattr(history, name)(*parameters)
                history.check()
            transaction.set_rollback(True)

    histories()
