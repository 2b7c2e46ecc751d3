"""What a worker's statements say when work, decisions and payments come in time, late and again."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ledger import agreeing, jobs, periods, undo, week_marks
from ledger.models import Transfer
from ledger.money import Money
from payouts.models import Statement
from payouts.statements import gather, issue
from payouts.statements.data import differences, from_json
from tests import bringing, factories
from tests.payouts.exports import bring_payouts, bring_work, payment, pending, work
from workers.models import Engagement

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 4, 8, tzinfo=UTC)
DECEMBER = datetime(2026, 12, 3, 8, tzinfo=UTC)


@pytest.fixture
def vendor():
    bringing.floor_since_2010()
    return factories.vendor("Aster Labelling")


def issue_month(vendor, period="2026-10", at=AT):
    return issue.issue_all(vendor=vendor, period=period, by=None, at=at)


def told(account="ada", **given):
    """Return what all statements of an account say, oldest first; each must add up."""
    rows = Statement.objects.filter(engagement__account=account, **given).order_by("pk")
    found = [from_json(row.data) for row in rows]
    assert [differences(data) for data in found] == [()] * len(found)
    return found


def in_november(number, **given):
    start = datetime(2026, 11, 3, 9, tzinfo=UTC) + timedelta(hours=number)
    given = {"status_at": "2026-11-05T12:00:00Z", "due_at": "2026-11-12T12:00:00Z", **given}
    return work("ada", number, start=start, **given)


def test_a_month_says_what_was_worked_earned_received_and_owed(vendor, tmp_path):
    bring_work(vendor, tmp_path, work(number=1), work(number=2), pending(number=3))
    bring_payouts(
        vendor, tmp_path, payment(works="ada-1", arrived_at="2026-10-13T10:00:00Z", fee="1.50")
    )
    issue_month(vendor)

    (data,) = told()
    totals = data.totals
    assert data.number == "ASTER-LABELLING-2026-000001"
    assert data.hours.b.high_ms == 3 * 3_600_000
    assert (totals.earned_micros, totals.received_micros) == (40_000_000, 18_500_000)
    assert (totals.fees_micros, totals.undecided_micros) == (1_500_000, 20_000_000)
    assert (totals.overdue_micros, totals.overdue_since_on) == (20_000_000, date(2026, 10, 12))
    assert [line.paid_by != "" for line in data.lines] == [True, False, False]
    assert [(line.state, line.line) for line in data.lines] == [
        ("received", 2),
        ("payable", 3),
        ("pending", 4),
    ]


def test_what_may_have_been_sent_is_not_called_overdue(vendor, tmp_path):
    bring_work(vendor, tmp_path, work())
    issue_month(vendor)

    (data,) = told()
    assert (data.totals.overdue_micros, data.totals.not_known_micros) == (0, 20_000_000)
    assert [(age.code, age.items) for age in data.ageing if age.items] == [("not_known", 1)]


def test_a_payment_on_its_way_is_not_received(vendor, tmp_path):
    bring_work(vendor, tmp_path, work())
    bring_payouts(vendor, tmp_path, payment())
    issue_month(vendor)

    (data,) = told()
    assert (data.totals.received_micros, data.totals.in_transit_micros) == (0, 20_000_000)
    assert data.payments[0].arrived_on is None


def test_the_parts_of_a_payment_that_arrived_add_up_to_the_micro(vendor, tmp_path):
    bring_work(vendor, tmp_path, *(work(number=number, rate_amount="3.33") for number in range(7)))
    bring_payouts(
        vendor, tmp_path, payment(amount="23.31", fee="1.01", arrived_at="2026-10-13T10:00:00Z")
    )
    issue_month(vendor)

    (data,) = told()
    assert (data.totals.received_micros, data.totals.fees_micros) == (22_300_000, 1_010_000)
    assert sum(week.received_micros for week in data.weeks) == 22_300_000


def test_nothing_changed_makes_nothing_new(vendor, tmp_path):
    bring_work(vendor, tmp_path, work())
    issue_month(vendor)

    again = issue_month(vendor, at=AT + timedelta(days=40))

    assert again == {"new": 0, "corrections": 0, "unchanged": 1}
    assert len(told()) == 1


def test_a_correction_names_what_it_replaces(vendor, tmp_path):
    bring_work(vendor, tmp_path, work())
    issue_month(vendor)
    bring_work(vendor, tmp_path, work(number=2))
    second = issue_month(vendor, at=AT + timedelta(days=1))
    bring_payouts(vendor, tmp_path, payment(arrived_at="2026-10-13T10:00:00Z"))
    issue_month(vendor, at=AT + timedelta(days=2))

    first, corrected, again = told()
    assert second == {"new": 0, "corrections": 1, "unchanged": 0}
    assert [one.version for one in (first, corrected, again)] == [1, 2, 3]
    assert [one.replaces for one in (first, corrected, again)] == [
        None,
        first.number,
        corrected.number,
    ]
    assert [one.totals.earned_micros for one in (first, corrected)] == [20_000_000, 40_000_000]
    assert again.totals.received_micros == 20_000_000
    assert first == from_json(Statement.objects.get(number=first.number).data)


def test_work_of_the_next_month_corrects_nothing(vendor, tmp_path):
    bring_work(vendor, tmp_path, work())
    issue_month(vendor)
    bring_work(vendor, tmp_path, in_november(2), at=DECEMBER)

    assert issue_month(vendor, at=DECEMBER)["unchanged"] == 1


def test_a_late_fact_is_restated_in_the_next_month(vendor, tmp_path):
    bring_work(vendor, tmp_path, work(rate_amount="12.00"))
    issue_month(vendor)
    late = work(number=2, rate_amount="14.00")
    bring_work(vendor, tmp_path, late, in_november(3), at=DECEMBER)
    issue_month(vendor, "2026-11", DECEMBER)

    october, november = told()
    (week,) = november.restated
    assert (week.starts_on, week.statement) == (date(2026, 10, 5), october.number)
    assert (week.earned_before_micros, week.earned_now_micros) == (12_000_000, 26_000_000)
    assert (week.shortfall_before_micros, week.shortfall_now_micros) == (3_000_000, 4_000_000)
    assert november.facts.first_n == october.facts.last_n + 1
    assert november.totals.earned_micros == 20_000_000  # November's own


def test_a_late_fact_alone_is_a_reason_for_a_statement(vendor, tmp_path):
    bring_work(vendor, tmp_path, work())
    issue_month(vendor)
    bring_work(vendor, tmp_path, work(number=2))
    issue_month(vendor, "2026-11", DECEMBER)

    assert [week.earned_now_micros for week in told()[-1].restated] == [40_000_000]


def test_a_week_is_restated_once_and_not_again(vendor, tmp_path):
    bring_work(vendor, tmp_path, work())
    issue_month(vendor)
    bring_work(vendor, tmp_path, work(number=2), in_november(3), at=DECEMBER)
    issue_month(vendor, "2026-11", DECEMBER)
    start = datetime(2026, 12, 2, 9, tzinfo=UTC)
    bring_work(vendor, tmp_path, work(number=4, start=start), work(number=5), at=DECEMBER)
    issue_month(vendor, "2026-12", DECEMBER + timedelta(days=31))

    november, december = told()[1:]
    (week,) = december.restated
    assert week.statement == november.number
    assert (week.earned_before_micros, week.earned_now_micros) == (40_000_000, 60_000_000)


def test_a_late_refusal_of_earlier_work_is_told_with_its_reason(vendor, tmp_path):
    bring_work(vendor, tmp_path, pending())
    issue_month(vendor)
    refused = {"status": "rejected", "status_at": "2026-11-10T12:00:00Z", "due_at": ""}
    late = work(status_reason="box too wide", **refused)
    bring_work(vendor, tmp_path, late, in_november(2), at=DECEMBER)
    issue_month(vendor, "2026-11", DECEMBER)

    october, november = told()
    assert october.totals.undecided_micros == 20_000_000
    assert (november.totals.undecided_micros, november.totals.refused_micros) == (0, 20_000_000)
    assert [(x.external_id, x.reason) for x in november.refused] == [("ada-1", "box too wide")]


def test_what_an_undo_took_back_is_corrected_and_says_so(vendor, tmp_path):
    bring_work(vendor, tmp_path, work())
    wrong = bring_work(vendor, tmp_path, work(number=2))
    issue_month(vendor)
    job = undo.start(imported=wrong, by=None, at=AT)
    jobs.run(job_id=job.pk, at=AT)
    issue_month(vendor, at=AT + timedelta(days=1))

    first, corrected = told()
    assert [len(one.lines) for one in (first, corrected)] == [2, 1]
    assert corrected.totals.earned_micros == 20_000_000


def test_work_over_the_end_of_a_month_is_shared_out_to_the_micro(vendor, tmp_path):
    """The weeks of October end on Sunday the 25th; the work goes on into Monday."""
    start = datetime(2026, 10, 25, 23, 40, tzinfo=UTC)
    bring_work(vendor, tmp_path, work(start=start, rate_amount="10.00"))
    issue_month(vendor)
    issue_month(vendor, "2026-11", DECEMBER)

    october, november = told()
    parts = [data.totals.earned_micros for data in (october, november)]
    assert sum(parts) == 10_000_000
    assert parts[0] == 3_333_333
    assert [data.hours.b.high_ms for data in (october, november)] == [1_200_000, 2_400_000]


def test_two_currencies_have_statements_of_their_own(vendor, tmp_path):
    shillings = work(number=2, currency="KES", rate_amount="1500.00")
    bring_work(vendor, tmp_path, work(), shillings)
    issue_month(vendor)

    kes, usd = sorted(told(), key=lambda data: data.currency)
    assert (kes.currency, kes.totals.earned_micros) == ("KES", 1_500_000_000)
    assert (usd.currency, usd.totals.earned_micros) == ("USD", 20_000_000)
    assert [len(data.lines) for data in (kes, usd)] == [1, 1]
    assert issue_month(vendor)["unchanged"] == 2


def test_pay_in_another_currency_counts_against_the_floor_at_rates_that_are_told(vendor, tmp_path):
    factories.reference_rate("KES", "USD", 100, date(2026, 10, 5))
    two = [work(number=1, rate_amount="5.00"), work(number=2, currency="KES", rate_amount="2500")]
    bring_work(vendor, tmp_path, *two)
    issue_month(vendor)

    kes, usd = sorted(told(), key=lambda data: data.currency)
    (week,) = usd.weeks
    assert (week.earned_micros, week.verdict) == (30_000_000, "pass")
    assert [one.who for one in usd.basis.sources if one.what == "exchange"] == [
        "KES to USD on 7 Oct 2026: 100 KES for 1 USD (a-bank, 5 Oct 2026)"
    ]
    assert [one for one in kes.basis.sources if one.what == "exchange"] == []


def test_weeks_that_wait_to_be_computed_are_computed_first(vendor, tmp_path):
    bring_work(vendor, tmp_path, work())
    engagement = Engagement.objects.get()
    factories.week(engagement, starts_on=date(2026, 10, 12), earned_micros=999)
    start = periods.ms_of(datetime(2026, 10, 13, tzinfo=UTC))
    week_marks.add(vendor, [(engagement.pk, start, start + 1)])
    issue_month(vendor)

    assert [week.starts_on for week in told()[0].weeks] == [date(2026, 10, 5)]


def test_reading_a_chunk_takes_as_many_queries_for_one_account_as_for_many(vendor, tmp_path):
    rows = [work(f"w{i}", number) for i in range(30) for number in range(3)]
    bring_work(vendor, tmp_path, *rows)
    bring_payouts(vendor, tmp_path, *(payment(f"w{i}") for i in range(30)))
    issue_month(vendor)
    bring_work(vendor, tmp_path, *(work(f"w{i}", 9) for i in range(30)))
    everybody = list(vendor.engagements.all())
    month = periods.month("2026-11")

    counted = []
    for people in (everybody[:1], everybody):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            background = gather.Background.of(vendor, month, periods.ms_of(DECEMBER))
            chunk = gather.read(background, people)
        counted.append(len(queries))
        assert all(account.late for account in chunk.accounts.values())

    assert counted[0] == counted[1] <= gather.QUERIES


def test_a_changed_floor_for_later_weeks_changes_no_statement(vendor, tmp_path):
    bring_work(vendor, tmp_path, work())
    issue_month(vendor)
    agreeing.set_floor(
        hourly=Money(20_000_000, "USD"),
        from_on=date(2026, 11, 9),
        reason="higher",
        decided_by="council",
        at=AT,
    )

    assert issue_month(vendor, at=DECEMBER)["unchanged"] == 1


def test_a_country_changes_no_statement(vendor, tmp_path):
    bring_work(vendor, tmp_path, work())
    issue_month(vendor)
    Engagement.objects.update(country="KE")

    assert issue_month(vendor)["unchanged"] == 1


def test_balances_are_those_of_all_transfers(vendor, tmp_path):
    bring_work(vendor, tmp_path, work(), work(number=2), in_november(3), at=DECEMBER)
    bring_payouts(vendor, tmp_path, payment(amount="70.00", arrived_at="2026-10-13T10:00:00Z"))
    issue_month(vendor)

    (data,) = told()
    sums = dict.fromkeys((one.account for one in data.accounts), 0)
    for one in Transfer.objects.all():
        for account, change in ((one.source, -1), (one.target, 1)):
            if account != "vendor":
                sums[account] += change * one.amount_micros
    assert {one.account: one.closing_micros for one in data.accounts} == sums
    assert sums["advance"] == -10_000_000
