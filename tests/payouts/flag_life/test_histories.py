"""Any order of scans, answers, payments and days: no illegal jump, nothing lost, all of it dated.

HISTORIES=300 runs more of them than the default does.
"""

import os

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from payouts.detectors import late_pay
from payouts.models import FlagEvent
from tests import bringing
from tests.payouts.flag_life.history import History

EXAMPLES = int(os.environ.get("HISTORIES", "0")) or (25 if connection.vendor == "sqlite" else 10)
FIXED = "HISTORIES" not in os.environ  # the same histories each time

steps = st.one_of(
    st.just(("scan",)),
    st.just(("scan",)),
    st.tuples(st.sampled_from(["pay", "pay", "refuse"]), st.integers(1, 2)),
    st.tuples(st.just("wait"), st.sampled_from([1, 9, 15])),
    st.sampled_from(
        [("explain",), ("explain",), ("decide",), ("undo",), ("more",), ("ask",), ("version",)]
    ),
)


@pytest.mark.django_db
def test_whatever_happens_to_a_flag_is_legal_dated_and_kept(tmp_path, monkeypatch):
    bringing.floor_since_2010()
    seen = set()

    @settings(
        max_examples=EXAMPLES,
        phases=[Phase.explicit, Phase.generate] + ([] if FIXED else [Phase.shrink]),
        suppress_health_check=list(HealthCheck),
    )
    @example([("pay", 1), ("scan",), ("undo",), ("scan",), ("explain",)])
    @example([("wait", 15), ("explain",), ("decide",), ("scan",), ("more",), ("scan",)])
    @example([("explain",), ("refuse", 1), ("scan",), ("ask",)])
    @given(st.lists(steps, min_size=4, max_size=12))
    def histories(taken):
        with transaction.atomic(), monkeypatch.context() as patched:
            history = History(tmp_path)
            for name, *parameters in [("scan",), *taken]:
                if name == "version":
                    patched.setattr(late_pay, "VERSION", late_pay.VERSION + 1)
                else:
                    getattr(history, name)(*parameters)
                history.check()
            seen.update(FlagEvent.objects.values_list("happening", flat=True))
            transaction.set_rollback(True)

    histories()

    assert seen == {  # or the histories were too tame to show anything
        "asked", "explained", "escalated", "decided", "paid", "closed", "superseded", "reopened",
    }  # fmt: skip
