"""Payments that cost the worker something on their way, from the files to the flags."""

from datetime import UTC, date, datetime, timedelta

import pytest

from ledger import jobs, undo
from ledger.models import Import, WorkWeek
from ledger.periods import ms_of
from payouts import scanning
from payouts.compliance import report
from payouts.facts import paid_across
from payouts.models import Flag, Statement
from payouts.my_pay import earnings
from payouts.statements import issue
from payouts.statements.data import differences, from_json
from payouts.statements.opening import lead
from payouts.statements.sections import sections
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


def test_what_an_exchange_took_is_told_alike_by_all(vendor, tmp_path):
    factories.reference_rate("KES", "USD", 125, date(2026, 10, 20))
    bring_work(vendor, tmp_path, work(), work(number=2, rate_amount="5.00"))
    bring_payouts(vendor, tmp_path, payment(amount="20.00", arrived_amount="2250", **ACROSS))

    issue.issue_all(vendor=vendor, period="2026-10", by=None, at=AS_OF)
    told = from_json(Statement.objects.get().data)
    (purse,) = earnings.so_far(vendor.engagements.all(), as_of=AS_OF).purses
    money = report.of(vendor=vendor, as_of=AS_OF)["money"]["USD"]
    weeks = sum(week.received_micros for week in WorkWeek.objects.all())

    assert (told.totals.received_micros, told.totals.lost_on_exchange_micros) == (
        18_000_000,
        1_000_000,
    )
    assert differences(told) == ()
    assert [(line.kind, line.amount_micros) for line in told.pay if not line.is_earned] == [
        ("fees", -1_000_000),
        ("lost_on_exchange", -1_000_000),
        ("still_owed", -5_000_000),
    ]
    assert (purse.received, purse.lost, purse.owed) == (18_000_000, 1_000_000, 5_000_000)
    assert (money["received"], money["lost_on_exchange"]) == ("18.00", "1.00")
    assert money["accounts"]["received"] == "19.00"  # the ledger's account: as it was sent
    assert weeks == 18_000_000
    (row,) = next(one for one in sections(told) if one.key == "payments").rows
    assert "2250.00 KES; 1.00 USD lost on exchange (KES to USD on 20 Oct 2026: 125" in row.under
    said = [sentence.text for sentence in lead(told)]
    assert "after 1.00 USD in fees on the way. 1.00 USD of it was lost on exchange." in said[1]


@pytest.mark.parametrize(
    ("arrived", "lost"),
    [
        pytest.param("2600", 0, id="paid late by the due day's rate: nothing is lost"),
        pytest.param("2570", 30, id="by a rate between both: the rest of it"),
        pytest.param("2400", 100, id="less than today's rate is mark-up, and no more than waiting"),
    ],
)
def test_what_late_pay_made_up_for_is_not_lost(vendor, tmp_path, arrived, lost):
    factories.reference_rate("KES", "USD", 130, DUE_ON)
    factories.reference_rate("KES", "USD", 125, date(2026, 10, 20))
    bring_work(vendor, tmp_path, work())
    given = {"arrived_at": ARRIVED, "arrived_currency": "KES", "arrived_amount": arrived}
    bring_payouts(vendor, tmp_path, payment(amount="20.00", **given))

    (one,) = settled(vendor)

    assert one.exchanged.late_loss_micros == lost * 1_000_000


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


def test_what_was_undone_later_was_not_paid_before_either(vendor, tmp_path):
    bring_work(vendor, tmp_path, work())
    bring_payouts(vendor, tmp_path, payment(amount="20.00", arrived_at=ARRIVED, fee="1.00"))
    assert len(settled(vendor)) == 1

    later = AS_OF + timedelta(days=1)
    job = undo.start(imported=Import.objects.get(kind="payouts"), by=None, at=later)
    assert jobs.run(job_id=job.pk, at=later).state == "done"

    assert settled(vendor) == []
    assert settled(vendor, later) == []
