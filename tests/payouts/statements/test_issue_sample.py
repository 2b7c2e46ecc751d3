"""The sample's statements against the ledger itself, counted again by simple code."""

from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from ledger.models import Arrival, Stream, Transfer, Work, WorkWeek
from ledger.sample.writing import write_sample
from payouts import sample
from payouts.models import Statement
from payouts.statements import issue
from payouts.statements.data import differences, from_json, sha256, to_json
from tests import bringing

pytestmark = pytest.mark.django_db
AT = datetime(2026, 12, 1, 8, tzinfo=UTC)
PERIODS = ("2026-09", "2026-10", "2026-11")  # the weeks of the sample end in these months
NAIROBI = ZoneInfo("Africa/Nairobi")


@pytest.fixture(scope="module")
def vendor(django_db_setup, django_db_blocker, tmp_path_factory):
    """The sample's vendor with all its statements: brought in and issued once for this module."""
    folder = tmp_path_factory.mktemp("sample")
    plan = write_sample(folder, workers=60, weeks=9)
    with django_db_blocker.unblock(), transaction.atomic():
        bringing.floor_since_2010()
        one = sample.bring_in(folder=folder, plan=plan, at=AT).vendor
        for period in PERIODS:
            issue.issue_all(vendor=one, period=period, by=None, at=AT)
        yield one
        transaction.set_rollback(True)


@pytest.fixture
def statements(vendor):
    return [(row, from_json(row.data)) for row in Statement.objects.order_by("serial")]


def weeks_of(row):
    six = timedelta(days=6)
    first, last = row.first_on - six, row.last_on - six
    return list(
        WorkWeek.objects.filter(engagement=row.engagement_id, starts_on__range=(first, last))
    )


def test_every_statement_adds_up(statements):
    assert len(statements) > 150
    assert {row.number: differences(data) for row, data in statements if differences(data)} == {}


def test_what_is_stored_is_what_was_hashed(statements):
    for row, data in statements:
        assert to_json(data) == row.data
        assert sha256(data) == row.sha256


def test_hours_and_earned_are_those_of_the_ledgers_weeks(statements):
    for row, data in statements:
        weeks = weeks_of(row)

        assert data.hours.b.high_ms == sum(week.b_high_ms for week in weeks)
        assert data.hours.b.low_ms == sum(week.b_low_ms for week in weeks)
        assert data.totals.earned_micros == sum(week.earned_micros for week in weeks)
        assert len(data.weeks) == len(weeks)


def test_received_is_that_of_the_ledgers_weeks_to_a_micro_a_piece(statements):
    exchanged = set(Arrival.objects.values_list("payment__engagement", flat=True))
    assert {
        row.engagement_id for row, data in statements if data.totals.lost_on_exchange_micros
    } & exchanged
    for row, data in statements:
        received = sum(week.received_micros for week in weeks_of(row))

        assert 0 <= data.totals.received_micros - received <= len(data.lines)


def test_time_by_kind_adds_up_to_all_time(statements):
    for _, data in statements:
        assert sum(kind.time.low_ms for kind in data.hours.kinds) == data.hours.c.low_ms
        assert sum(kind.time.high_ms for kind in data.hours.kinds) == data.hours.c.high_ms


def test_all_money_of_the_ledger_is_in_one_months_statement(vendor, statements):
    moved = Counter()
    for one in Transfer.objects.filter(engagement__vendor=vendor):
        moved[one.source] -= one.amount_micros
        moved[one.target] += one.amount_micros
    arrived = sum(
        data.totals.received_micros - data.totals.on_approval_micros for _, data in statements
    )
    earned = sum(data.totals.earned_micros for _, data in statements)
    fees = sum(data.totals.fees_micros for _, data in statements)
    lost = sum(data.totals.lost_on_exchange_micros for _, data in statements)

    assert earned == -moved["vendor"] - moved["pending"] - moved["refused"]
    assert (arrived + lost, fees) == (moved["received"], moved["fees"])


def test_overdue_is_what_a_second_count_finds(vendor, statements):
    owed, due = defaultdict(Counter), {}
    for one in Transfer.objects.filter(work__isnull=False, engagement__source="tallgrass"):
        change = (one.target == "payable") - (one.source == "payable")
        owed[one.engagement_id][one.work_id] += change * one.amount_micros
        if one.target == "payable" and one.due_at_ms:  # what came back was due before
            due[one.work_id] = min(due.get(one.work_id, one.due_at_ms), one.due_at_ms)
    found = 0
    for row, data in statements:
        late = 0
        for work, micros in owed[row.engagement_id].items():
            due_on = datetime.fromtimestamp(due[work] / 1000, NAIROBI).date() if micros else None
            if due_on and due_on < AT.date() and due_on <= date(2026, 11, 2):
                late += micros
        found += late > 0

        assert data.totals.overdue_micros == late
    assert found > 5


def test_every_piece_of_work_names_the_line_of_its_file(vendor, statements, tmp_path):
    ids = {work.external_id for work in Work.objects.filter(engagement__vendor=vendor)}
    named = set()
    for _, data in statements:
        for line in data.lines:
            assert line.file.endswith(".csv")
            assert line.line > 1
            named.add(line.external_id)

    assert named == ids


def test_one_statement_begins_where_the_last_one_ended(vendor, statements):
    by_account = defaultdict(list)
    for row, data in statements:
        by_account[row.engagement_id].append((row, data))
    heads = dict(Stream.objects.values_list("engagement_id", "n"))
    for engagement, rows in by_account.items():
        assert rows[0][0].n_from == 1
        assert rows[-1][0].n_to == heads[engagement]
        for (before, told), (after, tells) in pairwise(rows):
            closing = {(x.account, x.closing_micros) for x in told.accounts if x.closing_micros}
            opening = {(x.account, x.opening_micros) for x in tells.accounts if x.opening_micros}

            assert after.n_from == before.n_to + 1
            assert opening == closing


def test_numbers_have_no_gaps_and_no_twins(statements):
    numbers = [row.number for row, _ in statements]

    assert numbers == [f"TALLGRASS-LABELLING-2026-{i:06}" for i in range(1, len(numbers) + 1)]


def test_who_had_nothing_in_a_month_gets_no_statement(vendor, statements):
    stated = {(row.engagement_id, row.period) for row, _ in statements}
    worked = set()
    for engagement, starts_on in WorkWeek.objects.values_list("engagement_id", "starts_on"):
        worked.add((engagement, (starts_on + timedelta(days=6)).strftime("%Y-%m")))

    assert worked <= stated
    assert len(stated) == len(statements)
    assert len(stated) < len(PERIODS) * vendor.engagements.count()


def test_where_the_platform_pays_on_approval_nothing_is_owed(statements):
    of_mturk = [data for _, data in statements if data.worker.source == "mturk"]

    assert of_mturk
    assert not any(data.totals.owed_micros or data.owed for data in of_mturk)
    assert all(data.totals.on_approval_micros == data.totals.earned_micros for data in of_mturk)
    assert any(data.totals.received_micros for data in of_mturk)


def test_issuing_again_issues_nothing(vendor):
    before = Statement.objects.count()
    again = issue.issue_all(vendor=vendor, period="2026-10", by=None, at=AT + timedelta(days=30))

    assert (again["new"], again["corrections"]) == (0, 0)
    assert again["unchanged"] > 50
    assert Statement.objects.count() == before
