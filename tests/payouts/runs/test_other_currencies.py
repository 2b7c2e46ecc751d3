"""A recipient who expects another currency gets what is owed at the reference rate, to the coin."""

import csv
import io
from datetime import UTC, date, datetime
from fractions import Fraction
from xml.etree import ElementTree

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from ledger import proofs
from ledger.allocation import Debt
from ledger.exchange import Quote, Rates
from ledger.facts import Ref
from ledger.grounds import Disagreed
from ledger.models import Batch, Payment
from ledger.owed import Owed
from payouts.models import PayItem
from payouts.runs import converting, files, sending
from tests import bringing, factories
from tests.payouts.runs.test_files import PAIN, SCHEMA
from tests.payouts.runs.test_runs import AT, answer_all, balances, drafted, found, send
from workers.models import Payee

TODAY = AT.date()


def expects(account, currency):
    Payee.objects.filter(engagement__account=account).update(currency=currency)


def usd_for_a_euro(rate, on, **given):
    factories.reference_rate("USD", "EUR", rate, on, **given)


@pytest.mark.django_db
def test_the_recipient_gets_a_fixed_amount_at_the_rate_of_the_run(two, maker, checker):
    usd_for_a_euro(1.25, date(2026, 10, 30))
    expects("ben", "EUR")

    run = send(drafted(two, maker), checker)

    ben = run.items.get(engagement__account="ben")
    assert (ben.amount_micros, ben.goes_out) == (10_000_001, (8_010_000, "EUR"))
    assert balances("ben") == {"vendor": -10_000_001, "in_transit": 10_000_001}
    (used,) = ben.payout_rates
    assert used["rates"] == [
        {"currency": "USD", "base": "EUR", "rate": "1.25", "day": "2026-10-30", "source": "a-bank"}
    ]
    assert run.items.get(engagement__account="ada").goes_out == (40_000_000, "USD")
    for batch in Batch.objects.filter(vendor=two):
        assert proofs.recheck(batch) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("then", "now", "micros"),
    [
        pytest.param(1.00, 1.25, 40_000_000, id="the dollar fell: the due day's rate"),
        pytest.param(1.25, 1.00, 40_000_000, id="the dollar rose: today's rate"),
    ],
)
def test_late_pay_takes_the_better_of_two_rates(two, maker, checker, then, now, micros):
    usd_for_a_euro(then, date(2026, 10, 12), recorded_at=datetime(2026, 10, 13, tzinfo=UTC))
    usd_for_a_euro(now, date(2026, 10, 30))
    expects("ada", "EUR")

    run = send(drafted(two, maker), checker)

    assert run.items.get(engagement__account="ada").goes_out == (micros, "EUR")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "quoted_on",
    [
        pytest.param(None, id="no rate"),
        pytest.param(date(2026, 10, 25), id="a rate of eight days ago"),
    ],
)
def test_without_a_rate_the_run_does_not_go(two, maker, checker, quoted_on):
    if quoted_on:
        usd_for_a_euro(1.25, quoted_on)
    expects("ada", "EUR")
    run = drafted(two, maker)
    answer_all(run)

    check = found(run, "rate")
    assert [(entry.account, entry.micros) for entry in check.entries] == [("ada", 40_000_000)]
    assert check.must_hold
    with pytest.raises(Disagreed, match="There is no reference rate"):
        sending.approve(run=run, by=checker, at=AT)
    usd_for_a_euro(1.25, date(2026, 10, 26))
    send(run, checker)
    assert run.items.get(engagement__account="ada").payout_micros == 32_000_000


@pytest.mark.django_db
def test_what_was_approved_stays_whatever_rates_come_later(two, maker, checker):
    usd_for_a_euro(1.25, date(2026, 10, 30))
    expects("ada", "EUR")
    run = send(drafted(two, maker), checker)
    was = files.written(run, "recipient")

    usd_for_a_euro(0.5, TODAY)
    expects("ada", "USD")

    assert files.written(run, "recipient") == was


@pytest.mark.django_db
def test_each_file_says_what_arrives(two, maker, checker, tmp_path):
    usd_for_a_euro(1.25, date(2026, 10, 30))
    expects("ben", "EUR")
    run = send(drafted(two, maker), checker)

    rows = csv.DictReader(io.StringIO(files.written(run, "recipient").decode()))
    assert [(row["amount"], row["amount_currency"]) for row in rows] == [
        ("40.00", "USD"), ("8.01", "EUR"),
    ]  # fmt: skip
    document = files.written(run, "pain001").decode()
    SCHEMA.validate(document)
    amounts = ElementTree.fromstring(document).iter(f"{PAIN}InstdAmt")
    assert sorted((one.get("Ccy"), one.text) for one in amounts) == [
        ("EUR", "8.01"), ("USD", "40.00"),
    ]  # fmt: skip
    path = tmp_path / "run.csv"
    path.write_bytes(files.written(run, "csv"))
    before = Payment.objects.count()
    assert bringing.bring_in(two, path, kind="payouts").counts["unchanged"] == 2
    assert Payment.objects.count() == before


@pytest.mark.django_db
def test_the_page_shows_what_arrives_before_and_after(two, maker, checker, client):
    usd_for_a_euro(1.25, date(2026, 10, 30), recorded_at=AT)
    expects("ben", "EUR")
    run = drafted(two, maker)
    client.force_login(maker)
    address = f"/v/{two.slug}/runs/{run.number}/"

    assert "no rate for USD in EUR of today" in client.get(address).content.decode()
    answer_all(run)
    send(run, checker)
    page = client.get(address).content.decode()
    assert "8.01 EUR" in page
    assert "1.25 USD for 1 EUR (a-bank, 30 Oct 2026)" in page


@pytest.mark.django_db
def test_an_amount_without_its_currency_is_refused(two, maker):
    item = drafted(two, maker).items.first()

    with pytest.raises(IntegrityError), transaction.atomic():
        PayItem.objects.filter(pk=item.pk).update(payout_micros=1)


def quote(on, nanos, file=1):
    return Quote("USD", "EUR", on, nanos, "ecb", file, date(2026, 11, 3))


RATE = st.integers(10**8, 10**10)
DEBTS = st.lists(
    st.tuples(st.integers(1, 10**9), st.integers(1, 33)), min_size=1, max_size=6
)  # fmt: skip


@given(RATE, RATE, DEBTS)
def test_every_debt_is_paid_in_full_at_the_better_rate_and_rounded_once(then, now, debts):
    due = {day: datetime(2026, 9, 30, 12, tzinfo=UTC).timestamp() + day * 86400 for _, day in debts}
    rates = Rates([*(quote(date(2026, 10, day), then) for day in range(1, 31)),
                   quote(TODAY, now)])  # fmt: skip
    owed = Owed(
        1, "USD",
        tuple(Debt(Ref(n, n), str(n), int(due[day]) * 1000, micros)
              for n, (micros, day) in enumerate(debts)),
    )  # fmt: skip

    paid = converting.payout(owed, "EUR", rates, on=TODAY, zone="UTC")

    least, nanos = Fraction(), 10**9
    for micros, day in debts:
        is_late = date(2026, 9, 30).toordinal() + day < TODAY.toordinal()
        best = min(then, now) if is_late else now
        least += Fraction(micros * nanos, best)
    assert least <= paid.micros < least + 10_000
    assert paid.micros % 10_000 == 0
    assert sum(micros for _, micros in paid.ways) == owed.micros
