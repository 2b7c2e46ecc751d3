"""What a way of paying costs the recipient is declared, and a run's weeks are held against it."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from ledger.grounds import Disagreed
from payouts.leaving import fees
from payouts.leaving.fees import Fee
from payouts.models import PayoutFee
from payouts.runs import drafting
from tests import bringing, factories
from tests.payouts import exports
from tests.payouts.runs.conftest import know_payees
from tests.payouts.runs.test_runs import AT, drafted, found
from workers.models import Payee

UNIT = 1_000_000
OCTOBER = date(2026, 10, 1)


def declare(vendor, fee, method="iban", currency="USD", from_on=OCTOBER, **given):
    said = {"reason": "the bank's list of prices", "decided_by": "Mary", "at": AT, **given}
    return fees.set_fee(
        vendor=vendor, method=method, currency=currency, fee=fee, from_on=from_on, **said
    )


@pytest.fixture
def vendor(db, settings, tmp_path):
    """Owes ada 15.50 for an hour, half a dollar more than the floor."""
    settings.VAR_DIR = tmp_path
    bringing.floor_since_2010()
    made = factories.vendor("Aster Labelling")
    exports.bring_work(made, tmp_path, exports.work("ada", 1, rate_amount="15.50"))
    know_payees(made)
    return made


@pytest.mark.parametrize(
    ("fee", "missing"),
    [
        pytest.param(Fee(0, 0, 0), None, id="it is known to cost nothing"),
        pytest.param(Fee(UNIT // 2, 0, 0), None, id="just the floor is left"),
        pytest.param(Fee(UNIT // 2 + 1, 0, 0), 1, id="a micro too much"),
        pytest.param(Fee(0, 40_000, 0), 120_000, id="four per cent of 15.50"),
        pytest.param(Fee(0, 0, 2 * UNIT), 1_500_000, id="a least sum"),
    ],
)
def test_a_week_that_the_fees_bring_below_the_floor_is_asked_about(vendor, fee, missing):
    declare(vendor, fee)

    check = found(drafted(vendor), "floor")

    told = [(entry.account, entry.what, entry.micros) for entry in check.entries]
    assert told == ([("ada", "week of 5 Oct 2026, after fees", missing)] if missing else [])


def test_a_fee_falls_on_the_weeks_that_are_paid_in_proportion(vendor, tmp_path):
    week_later = exports.START.replace(day=14)
    exports.bring_work(
        vendor, tmp_path, exports.work("ada", 2, start=week_later, rate_amount="46.50")
    )
    declare(vendor, Fee(4 * UNIT, 0, 0))

    check = found(drafted(vendor), "floor")

    assert [(entry.what[:18], entry.micros) for entry in check.entries] == [
        ("week of 5 Oct 2026", UNIT // 2)
    ]


@pytest.mark.parametrize(
    "start",
    [
        pytest.param(exports.START.replace(day=30), id="a week that ends in the next month"),
        pytest.param(exports.START.replace(month=9), id="a debt of an earlier month"),
    ],
)
def test_every_week_that_a_run_pays_is_held_against_its_fees(vendor, tmp_path, start):
    """The run of the other month does not hold these debts any more, or has gone long since."""
    work = exports.work("ada", 2, start=start, rate_amount="15.50")
    exports.bring_work(vendor, tmp_path, work)
    declare(vendor, Fee(2 * UNIT, 0, 0))

    told = [entry.what for entry in found(drafted(vendor), "floor").entries]

    assert f"week of {start - timedelta(start.weekday()):%-d %b %Y}, after fees" in told
    assert len(told) == 2


def test_a_fee_in_the_recipients_currency_is_the_same_part_of_the_pay(vendor):
    factories.reference_rate("USD", "EUR", 1.25, date(2026, 10, 30))
    Payee.objects.update(currency="EUR")
    declare(vendor, Fee(620_000, 0, 0), currency="EUR")  # a twentieth of 12.40 EUR

    (entry,) = found(drafted(vendor), "floor").entries

    assert entry.micros == 15_500_000 // 20 - UNIT // 2


def test_who_is_left_out_loses_nothing(vendor):
    declare(vendor, Fee(2 * UNIT, 0, 0))
    run = drafted(vendor)
    drafting.leave_out(run=run, item=run.items.get(), reason="moves house")

    assert found(run, "floor").count == 0


def test_a_way_whose_fee_nobody_declared_is_said(vendor):
    check = found(drafted(vendor), "fees")

    assert [entry.what for entry in check.entries] == [
        "no fee is declared for IBAN in USD, not even none: 1 payment"
    ]
    assert not check.must_hold
    declare(vendor, Fee(0, 0, 0), method="wallet")
    declare(vendor, Fee(0, 0, 0), from_on=date(2027, 1, 1))
    assert found(vendor.pay_runs.get(), "fees").count == 1


def test_the_newest_fee_in_force_counts(vendor):
    declare(vendor, Fee(1, 0, 0))
    declare(vendor, Fee(2, 0, 0), from_on=AT.date())

    assert fees.in_force(vendor, date(2026, 11, 1)) == {("iban", "USD"): Fee(1, 0, 0)}
    assert fees.in_force(vendor, AT.date()) == {("iban", "USD"): Fee(2, 0, 0)}
    assert fees.in_force(factories.vendor("Birch"), AT.date()) == {}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        pytest.param({"method": "pigeon"}, "pay goes to one of", id="no way"),
        pytest.param({"fee": Fee(-1, 0, 0)}, "0 or more", id="a gain"),
        pytest.param({"fee": Fee(0, 1_000_001, 0)}, "no more than all", id="more than all"),
        pytest.param({"reason": ""}, "no reason", id="from where"),
        pytest.param({"decided_by": " "}, "no decided-by", id="who"),
    ],
)
def test_a_fee_that_cannot_be_is_refused(vendor, given, said):
    with pytest.raises(Disagreed, match=said):
        declare(vendor, given.pop("fee", Fee(0, 0, 0)), **given)


def test_only_the_first_fee_of_a_way_reaches_back_and_none_is_changed(vendor):
    first = declare(vendor, Fee(1, 0, 0))
    with pytest.raises(Disagreed, match="only the first may reach back"):
        declare(vendor, Fee(0, 0, 0), from_on=date(2026, 10, 31))
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        PayoutFee.objects.filter(pk=first.pk).update(fixed_micros=0)
    first.pk, first.from_on, first.fixed_micros = None, date(2027, 1, 1), -1
    with pytest.raises(IntegrityError), transaction.atomic():
        first.save()


def test_the_command_and_the_page_declare_a_fee(vendor, client):
    out = StringIO()
    words = ("--vendor", vendor.name, "--method", "iban", "--from", "2026-10-01",
             "--decided-by", "Mary", "--reason", "list of prices")  # fmt: skip
    call_command("set_fee", *words, "--currency", "USD", "--fixed", "0.50", "--percent", "1.5",
                 stdout=out)  # fmt: skip
    assert "costs the recipient 2.00 USD of 100.00, from 2026-10-01 on" in out.getvalue()
    with pytest.raises(CommandError, match="at most 4 decimals"):
        call_command("set_fee", *words, "--currency", "EUR", "--percent", "1,5")

    with pytest.raises(CommandError, match="a fee is said, also where it is zero"):
        call_command("set_fee", *words, "--currency", "EUR")
    with pytest.raises(CommandError, match=r"^-1: an amount is 0 or more"):
        call_command("set_fee", *words, "--currency", "EUR", "--fixed", "-1")

    client.force_login(factories.staff(vendor, "mary"))
    said = {"method": "wallet", "currency": "KES", "fixed": "5", "percent": "3.5", "least": "",
            "from_on": "2026-10-01", "reason": "its site"}  # fmt: skip
    client.post(f"/v/{vendor.slug}/fees/set/", said)
    page = client.post(f"/v/{vendor.slug}/fees/set/", {**said, "fixed": "five"}).content.decode()
    assert "8.50 KES" in page
    assert "five: an amount is 0 or more, in digits" in page
    assert PayoutFee.objects.get(method="wallet").decided_by == "mary"


@given(
    st.integers(0, 10**7), st.integers(0, 10**6), st.integers(0, 10**7),
    st.integers(1, 10**9), st.integers(1, 10**9),
)  # fmt: skip
def test_a_larger_payment_never_leaves_less(fixed, share, least, one, other):
    fee, (small, large) = Fee(fixed, share, least), sorted((one, other))

    assert 0 <= fee.of(small) <= small
    assert small - fee.of(small) <= large - fee.of(large)
