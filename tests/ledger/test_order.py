"""The order in which files arrive does not matter: neither for work, nor of work and payments."""

import os

import pytest
from django.db import connection
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ledger.attempts import balances_of, sent_by_payment
from ledger.models import Payment, Transfer, Work, WorkWeek
from ledger.moves import ADVANCE, IN_TRANSIT
from tests.bringing import floor_since_2010
from tests.ledger.histories import History
from tests.ledger.soundness import WEEK_COLUMNS, check_weeks
from tests.ledger.test_stateful import paid, told

EXAMPLES = int(os.environ.get("HISTORIES", "0")) or (25 if connection.vendor == "sqlite" else 10)
FIXED = "HISTORIES" not in os.environ
PLAN = settings(
    max_examples=EXAMPLES,
    phases=[Phase.generate] if FIXED else [Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)
NOT_THE_ACCOUNT = [name for name in WEEK_COLUMNS if name != "engagement_id"]
# A decision without a date is a conflict, shown: there the first one stands.
dated = told().filter(lambda one: one.decided_on or one.status in ("submitted", "returned"))


def distinct(rows, key):
    """Return the first row of each key: one file says one thing of it."""
    return tuple({key(row): row for row in reversed(rows)}.values())


exports = st.lists(
    st.lists(dated, min_size=1, max_size=4).map(lambda rows: distinct(rows, lambda one: one.key)),
    min_size=2,
    max_size=4,
)
payments = st.lists(paid(), min_size=1, max_size=4).map(
    lambda rows: distinct(rows, lambda one: one.key)
)


def money_and_hours(history):
    """Return all that is known of a vendor's attempts and weeks, without ids and numbers."""
    attempts = {}
    for work in Work.objects.filter(
        engagement__vendor=history.vendor, corrected_by=None
    ).select_related("engagement"):
        transfers = list(Transfer.objects.filter(work=work.root_id).select_related("payment"))
        at = balances_of(transfers)
        at[IN_TRANSIT] += at.pop(ADVANCE, 0)  # sent is sent, whichever came first
        at = {name: micros for name, micros in at.items() if micros}
        attempts[work.engagement.account, work.external_id] = (
            at, work.started_at_ms, work.ended_at_ms, work.wall_ms, work.said_ms, work.active_ms,
            work.promised_micros, work.currency, work.ended_as, work.decided_as,
            work.decided_at_ms,
        )  # fmt: skip
    weeks = WorkWeek.objects.filter(vendor=history.vendor).order_by(
        "engagement__account", "starts_on"
    )
    return attempts, list(weeks.values_list("engagement__account", *NOT_THE_ACCOUNT))


@pytest.mark.django_db
def test_exports_in_any_order_leave_the_same_money_and_hours(tmp_path):
    floor_since_2010()

    @PLAN
    @given(exports, st.permutations(range(4)), st.permutations(range(4)))
    def in_two_orders(files, one_order, other_order):
        states = []
        for order in (one_order, other_order):
            history = History(tmp_path)
            for day in order:
                if day < len(files):
                    history.work(files[day], 10 + day)
            check_weeks(history.vendor)
            states.append(money_and_hours(history))
        assert states[0] == states[1]

    in_two_orders()


@pytest.mark.django_db
@pytest.mark.parametrize("at", [0, 1, 4], ids=["never", "after the first file", "at the end"])
def test_so_they_do_where_the_time_to_decide_runs_out_in_between(tmp_path, at):
    floor_since_2010()

    @settings(PLAN, max_examples=max(EXAMPLES // 2, 5))
    @given(exports, st.permutations(range(1, 4)), st.permutations(range(1, 4)))
    def in_two_orders(files, one_order, other_order):
        states = []
        for order in (one_order, other_order):
            history = History(tmp_path)
            for place, day in enumerate((0, *order), 1):
                if day < len(files):
                    history.work(files[day], 10 + day)
                if place == at:
                    history.lapse()
            history.check()
            states.append(money_and_hours(history))
        assert states[0] == states[1]

    in_two_orders()


@pytest.mark.django_db
def test_payments_may_come_before_the_work_that_they_pay(tmp_path):
    floor_since_2010()

    @PLAN
    @given(exports.map(lambda files: files[0]), payments)
    def before_and_after(rows, paid_rows):
        states = []
        for first in ("work", "pay"):
            history = History(tmp_path)
            if first == "pay":
                history.pay(paid_rows)
            history.work(rows, 10)
            if first == "work":
                history.pay(paid_rows)
            history.check()
            states.append((sent(history), money_and_hours(history)))
        assert states[0] == states[1]

    before_and_after()


def sent(history):
    """Return what each payment has sent for each attempt."""
    found = {}
    references = dict(
        Payment.objects.filter(engagement__vendor=history.vendor).values_list("id", "reference")
    )
    for work in Work.objects.filter(engagement__vendor=history.vendor).select_related("engagement"):
        transfers = list(Transfer.objects.filter(work=work.root_id).select_related("payment"))
        for payment, micros in sent_by_payment(transfers).items():
            name = work.engagement.account, work.external_id, references[payment.id]
            found[name] = micros
    return found
