"""Reference rates in the ledger: recorded once, and weeks that are priced by them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command

from ledger import jobs, quotes, reference_rates, undo, weeks
from ledger.models import Arrival, RateFile, ReferenceRate, WorkWeek
from tests import factories
from tests.bringing import bring_in, floor_since_2010

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
HEADER = (
    "external_id,worker_external_id,source_system,project,task_type,status,started_at,ended_at,"
    "rate_amount,currency,due_at\n"
)
PAID = "payment_reference,worker_external_id,source_system,amount,currency,sent_at,arrived_at,fee\n"
DUE = "2026-10-20T00:00:00Z"


@pytest.fixture
def vendor():
    floor_since_2010()
    return factories.vendor()


@pytest.fixture
def rates(tmp_path):
    """Records rates given as lines of a canonical file."""

    def record(*lines, at=AT, name="rates.csv"):
        path = tmp_path / name
        path.write_text("currency,base,day,rate,source\n" + "".join(f"{x}\n" for x in lines))
        return reference_rates.bring_in(path=path, name=name, at=at)

    return record


@pytest.fixture
def work(vendor, tmp_path):
    """Brings in an hour of work that ended on a day and earned so much."""

    def bring(amount, currency="KES", *, number=1, ended="2026-10-14T10:00:00Z"):
        started = datetime.fromisoformat(ended) - timedelta(hours=1)
        path = tmp_path / "work.csv"
        path.write_text(
            f"{HEADER}W{number},ann,tool,boats,boxes,approved,{started.isoformat()},{ended},"
            f"{amount},{currency},{DUE}\n"
        )
        return bring_in(vendor, path)

    return bring


def the_week():
    return WorkWeek.objects.get()


def test_pay_in_another_currency_counts_at_the_rate_of_the_day_of_work(work, rates):
    rates("KES,USD,2026-10-13,100,cbk", "KES,USD,2026-10-14,130,cbk", "KES,USD,2026-10-15,200,cbk")
    work("1950")

    week = the_week()

    assert (week.earned_micros, week.currency, week.unpriced) == (15_000_000, "USD", 0)
    assert week.rates == [
        {
            "currency": "KES",
            "into": "USD",
            "day": "2026-10-14",
            "rates": [
                {
                    "currency": "KES",
                    "base": "USD",
                    "rate": "130",
                    "day": "2026-10-14",
                    "source": "cbk",
                }
            ],
        }
    ]


def test_the_day_of_work_is_the_one_on_the_vendors_clock(vendor, work, rates):
    vendor.zone = "Africa/Nairobi"
    vendor.save()
    rates("KES,USD,2026-10-14,100,cbk", "KES,USD,2026-10-15,200,cbk")

    work("1000", ended="2026-10-14T22:00:00Z")

    assert the_week().earned_micros == 5_000_000


def test_pay_without_a_rate_is_not_known(work, rates):
    rates("KES,USD,2026-10-06,100,cbk", "KES,USD,2026-10-15,100,cbk")
    work("1500")

    assert (the_week().earned_micros, the_week().unpriced, the_week().rates) == (0, 1, [])


def test_rates_that_come_later_price_the_weeks_that_waited(work, rates):
    work("1500")
    assert the_week().unpriced == 1

    brought = rates("KES,USD,2026-10-14,100,cbk")

    assert brought.weeks == 1
    assert (the_week().earned_micros, the_week().unpriced) == (15_000_000, 0)


def test_a_week_that_had_a_rate_keeps_it(vendor, work, rates):
    rates("KES,USD,2026-10-12,100,cbk")
    work("1500")
    before = WorkWeek.objects.values().get()

    brought = rates("KES,USD,2026-10-14,50,cbk", name="later.csv", at=AT + timedelta(days=1))

    assert brought.weeks == 0
    assert WorkWeek.objects.values().get() == before
    weeks.rebuild(vendor)
    assert WorkWeek.objects.values().get() == before | {"id": the_week().pk}


def test_pay_that_is_received_is_net_of_fees_in_the_currency_of_the_floor(
    vendor, work, rates, tmp_path
):
    rates("KES,USD,2026-10-14,100,cbk")
    work("1500")
    path = tmp_path / "paid.csv"
    path.write_text(f"{PAID}P1,ann,tool,1500,KES,2026-10-19T00:00:00Z,2026-10-20T00:00:00Z,150\n")

    bring_in(vendor, path, kind="payouts")

    assert (the_week().earned_micros, the_week().received_micros) == (15_000_000, 13_500_000)


def test_the_same_file_again_adds_nothing(rates):
    rates("KES,USD,2026-10-14,100,cbk")

    again = rates("KES,USD,2026-10-14,100,cbk")

    assert not again.is_new
    assert (RateFile.objects.count(), ReferenceRate.objects.count()) == (1, 1)


def test_a_known_rate_stays_and_another_one_is_shown(rates):
    rates("KES,USD,2026-10-14,100,cbk")

    brought = rates("KES,USD,2026-10-14,90,cbk", "KES,USD,2026-10-15,100,cbk", name="other.csv")

    assert brought.file.counts == {"new": 1, "known": 0, "conflicts": 1}
    assert [str(one) for one in brought.conflicts] == [
        "line 2: 90 KES for one USD on 2026-10-14, but 100 is recorded"
    ]
    assert ReferenceRate.objects.get(quoted_on=date(2026, 10, 14)).nanos == 100 * 10**9


def test_a_file_that_says_two_rates_for_a_day_is_taken_at_its_first_word(rates):
    brought = rates("KES,USD,2026-10-14,100,cbk", "KES,USD,2026-10-14,90,cbk")

    assert brought.file.counts == {"new": 1, "known": 0, "conflicts": 1}


def test_a_rate_of_a_day_that_has_not_come_refuses_the_file(rates):
    with pytest.raises(ValueError, match="a rate is of a day that has come"):
        rates("KES,USD,2026-11-05,100,cbk")

    assert not RateFile.objects.exists()


def test_rates_are_read_in_a_fixed_number_of_queries(rates, django_assert_num_queries):
    rates("KES,USD,2026-10-14,100,cbk", "USD,EUR,2026-10-14,1.25,ecb", "PHP,EUR,2026-10-14,50,ecb")

    with django_assert_num_queries(2):
        known = quotes.read({"KES", "PHP"}, date(2026, 10, 14))
    with django_assert_num_queries(0):
        quotes.read({"USD"}, date(2026, 10, 14))

    assert known.conversion("KES", "PHP", date(2026, 10, 14)).micros(125) == 50


def test_the_command_tells_what_became_of_a_file(tmp_path, capsys):
    path = tmp_path / "rates.csv"
    path.write_text("currency,base,day,rate\nKES,USD,2026-10-14,100\n")

    call_command("import_rates", path, source="our-bank")
    call_command("import_rates", path, source="our-bank")

    told = capsys.readouterr().out
    assert "1 rate recorded, 0 known, 0 in conflict (canonical); computed again: 0 weeks" in told
    assert "was brought in before" in told
    assert ReferenceRate.objects.get().source == "our-bank"


def test_the_command_refuses_what_it_cannot_read(tmp_path):
    path = tmp_path / "rates.csv"
    path.write_text("currency,base,day,rate\nKES,USD,2026-10-14,NaN\n")

    with pytest.raises(CommandError, match="nothing is kept"):
        call_command("import_rates", path, source="our-bank")


EXCHANGED = PAID.strip() + ",arrived_amount,arrived_currency\n"


@pytest.fixture
def paid(vendor, tmp_path):
    """Brings in a payment of 15 dollars, less a fee of one, that arrived as so many shillings."""

    def bring(shillings, *, arrived="2026-10-20T00:00:00Z", currency="KES", name="paid.csv"):
        path = tmp_path / name
        path.write_text(
            f"{EXCHANGED}P1,ann,tool,15,USD,2026-10-19T00:00:00Z,{arrived},1,{shillings},{currency}\n"
        )
        return bring_in(vendor, path, kind="payouts")

    return bring


@pytest.mark.parametrize(
    ("shillings", "received_micros"),
    [
        pytest.param("1400", 14_000_000, id="at the reference rate, all less the fee"),
        pytest.param("1330", 13_300_000, id="what the exchange took is not received"),
        pytest.param("1500", 14_000_000, id="a gain changes nothing"),
    ],
)
def test_what_an_exchange_took_is_not_received(
    vendor, work, rates, paid, shillings, received_micros
):
    rates("KES,USD,2026-10-19,100,cbk")
    work("15", "USD")

    paid(shillings)

    assert the_week().received_micros == received_micros
    assert [one["day"] for one in the_week().rates] == ["2026-10-20"]


def test_an_exchange_is_valued_when_its_rate_comes_in(vendor, work, rates, paid):
    work("15", "USD")
    paid("1330")
    assert the_week().received_micros == 14_000_000

    rates("KES,USD,2026-10-19,100,cbk")

    assert the_week().received_micros == 13_300_000
    before = WorkWeek.objects.values().get()
    weeks.rebuild(vendor)
    assert WorkWeek.objects.values().get() == before | {"id": the_week().pk}


def test_the_same_row_twice_in_a_file_is_no_conflict(vendor, work, tmp_path):
    work("15", "USD")
    path = tmp_path / "paid.csv"
    row = "P1,ann,tool,15,USD,2026-10-19T00:00:00Z,2026-10-20T00:00:00Z,1,1330,KES\n"
    path.write_text(EXCHANGED + row + row)

    done = bring_in(vendor, path, kind="payouts")

    assert (done.counts["new"], done.counts["unchanged"]) == (1, 1)
    assert Arrival.objects.count() == 1


def test_how_a_payment_arrived_stays(work, paid):
    work("15", "USD")
    paid("1330")

    again = paid("1300", name="other.csv")

    assert again.counts["conflict"] == 1
    assert again.remarks.get().rule.endswith("arrived with 1330000000 micros KES")


def test_what_arrived_goes_with_the_import_that_said_so(vendor, work, rates, paid):
    rates("KES,USD,2026-10-19,100,cbk")
    work("15", "USD")
    job = undo.start(imported=paid("1330"), by=None, at=AT)
    jobs.run(job_id=job.pk, at=AT)
    assert the_week().received_micros == 0

    paid("1400")

    assert the_week().received_micros == 14_000_000
