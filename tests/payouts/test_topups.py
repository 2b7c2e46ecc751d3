"""Top-ups: exact to the micro, never twice, waiting for decisions, seen before and after."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from ledger import owed, periods, weeks
from ledger.models import Stream, Transfer, Work, WorkWeek
from payouts import topups, weekly
from payouts.compliance import report
from payouts.models import TopUp
from tests import bringing, factories
from tests.payouts import exports
from workers.models import Engagement

OCTOBER = periods.month("2026-10")
AT = datetime(2026, 11, 2, 9, tzinfo=UTC)


@pytest.fixture
def vendor(db, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    bringing.floor_since_2010()
    return factories.vendor("Aster Labelling")


def closed(vendor):
    seen = topups.preview(vendor=vendor, period=OCTOBER, as_of=AT)
    return topups.close(vendor=vendor, period=OCTOBER, digest=seen.digest, by=None, at=AT)


def verdicts(vendor):
    weeks_of = report.of(vendor=vendor, as_of=AT)["worker_weeks"]["B"]
    return {pay: weeks_of[pay] for pay in ("earned", "before_top_ups")}


def test_a_gap_is_closed_to_the_micro(vendor, tmp_path):
    exports.bring_work(vendor, tmp_path, exports.work("ben", 1, rate_amount="10.000001"))

    made = closed(vendor)

    assert (made.weeks, made.micros) == (1, {"USD": 4_999_999})
    week = WorkWeek.objects.get()
    assert (week.earned_micros, week.topped_up_micros) == (15_000_000, 4_999_999)
    award = Transfer.objects.get(move="award")
    assert award.reason.startswith("top-up to the floor of 15.00 USD an hour, 5 – 11 Oct 2026")


def test_results_are_shown_before_and_after(vendor, tmp_path):
    exports.bring_work(vendor, tmp_path, exports.work("ben", 1, rate_amount="10.00"))
    closed(vendor)

    seen = verdicts(vendor)

    assert (seen["earned"]["pass"], seen["earned"]["fail"]) == (1, 0)
    assert (seen["before_top_ups"]["pass"], seen["before_top_ups"]["fail"]) == (0, 1)
    assert seen["before_top_ups"]["shortfall"] == {"USD": {"low": "5.00", "high": "5.00"}}


def test_nobody_is_topped_up_twice(vendor, tmp_path):
    exports.bring_work(vendor, tmp_path, exports.work("ben", 1, rate_amount="10.00"))
    closed(vendor)

    with pytest.raises(topups.Changed, match="no week"):
        closed(vendor)

    assert TopUp.objects.count() == 1


def test_a_preview_that_is_out_of_date_posts_nothing(vendor, tmp_path):
    exports.bring_work(vendor, tmp_path, exports.work("ben", 1, rate_amount="10.00"))
    seen = topups.preview(vendor=vendor, period=OCTOBER, as_of=AT)
    exports.bring_work(vendor, tmp_path, exports.work("ben", 2, rate_amount="10.00"))

    with pytest.raises(topups.Changed, match="Look again"):
        topups.close(vendor=vendor, period=OCTOBER, digest=seen.digest, by=None, at=AT)

    assert not Transfer.objects.filter(move="award").exists()


def test_a_new_gap_is_closed_by_the_new_gap_alone(vendor, tmp_path):
    exports.bring_work(vendor, tmp_path, exports.work("ben", 1, rate_amount="10.00"))
    closed(vendor)
    exports.bring_work(vendor, tmp_path, exports.work("ben", 2, rate_amount="12.00"))

    made = closed(vendor)

    assert made.micros == {"USD": 3_000_000}
    assert sorted(Work.objects.filter(kind="award").values_list("external_id", flat=True)) == [
        "top-up/2026-10-05/1",
        "top-up/2026-10-05/2",
    ]


def test_weeks_that_wait_for_a_decision_wait(vendor, tmp_path):
    exports.bring_work(
        vendor,
        tmp_path,
        exports.work("ben", 1, rate_amount="10.00"),
        exports.pending("ben", 2, rate_amount="30.00"),
    )

    seen = topups.preview(vendor=vendor, period=OCTOBER, as_of=AT)

    assert (seen.gaps, seen.undecided) == ((), 1)


def test_a_week_whose_pay_is_not_known_is_not_guessed_at(vendor, tmp_path):
    exports.bring_work(
        vendor, tmp_path, exports.work("ben", 1, rate_amount="", rate_kind="", currency="")
    )

    seen = topups.preview(vendor=vendor, period=OCTOBER, as_of=AT)

    assert (seen.gaps, seen.unknown) == ((), 1)


def test_a_week_that_is_not_over_is_not_topped_up(vendor, tmp_path):
    exports.bring_work(vendor, tmp_path, exports.work("ben", 1, rate_amount="10.00"))
    sunday = datetime(2026, 10, 11, 12, tzinfo=UTC)

    assert topups.preview(vendor=vendor, period=OCTOBER, as_of=sunday).gaps == ()
    monday = sunday + timedelta(days=1)
    assert len(topups.preview(vendor=vendor, period=OCTOBER, as_of=monday).gaps) == 1


def test_what_could_have_taken_longer_is_topped_up_for_the_longest_time(vendor, tmp_path):
    exports.bring_work(
        vendor, tmp_path, exports.work("ben", 1, rate_amount="5.00", active_seconds="1800")
    )

    made = closed(vendor)

    assert made.micros == {"USD": 10_000_000}
    assert verdicts(vendor)["earned"]["pass"] == 1


def test_a_top_up_is_owed_also_where_the_platform_pays_on_approval(vendor, tmp_path):
    exports.bring_work(
        vendor, tmp_path, exports.work("ben", 1, rate_amount="10.00", source_system="mturk")
    )
    closed(vendor)

    debts = list(owed.to_accounts(vendor=vendor, currency="USD", last_on=OCTOBER.last_on))

    assert [one.micros for one in debts] == [5_000_000]
    week = WorkWeek.objects.get()
    assert (week.earned_micros, week.received_micros) == (15_000_000, 10_000_000)


def test_rebuilt_weeks_are_the_same(vendor, tmp_path):
    exports.bring_work(vendor, tmp_path, exports.work("ben", 1, rate_amount="10.00"))
    closed(vendor)
    columns = [one.name for one in WorkWeek._meta.fields if one.name != "id"]
    before = list(WorkWeek.objects.values_list(*columns))

    weeks.rebuild(vendor)

    assert list(WorkWeek.objects.values_list(*columns)) == before


class ClosingGaps(TestCase):
    """Whatever was earned in whatever time, afterwards no week that could be closed is below."""

    @settings(max_examples=25)
    @given(
        rows=st.lists(
            st.tuples(
                st.sampled_from(["ada", "ben"]),
                st.integers(0, 20),  # the day
                st.integers(1, 6 * 3_600_000),  # ms
                st.integers(0, 40_000_000),  # micros
            ),
            min_size=1,
            max_size=8,
            unique_by=lambda row: row[:2],
        )
    )
    def test_no_gap_is_left_and_none_is_overpaid(self, rows):
        bringing.floor_since_2010()
        vendor = factories.vendor()
        for account, day, ms, micros in rows:
            _approved(vendor, account, day, ms, micros)
        weeks.rebuild(vendor)
        missing = {
            (week.engagement_id, week.test.starts_on): week.missing_high_micros
            for week in weekly.judged(
                WorkWeek.objects.filter(vendor=vendor), weekly.payments_of([vendor], AT)
            )
        }

        if any(missing.values()):
            closed(vendor)

        for week in weekly.judged(
            WorkWeek.objects.filter(vendor=vendor), weekly.payments_of([vendor], AT)
        ):
            key = (week.engagement_id, week.test.starts_on)
            assert week.test.verdict == "pass"
            assert week.topped_up_micros == missing[key]


def _approved(vendor, account, day, ms, micros):
    engagement, _ = Engagement.objects.get_or_create(vendor=vendor, source="x", account=account)
    ended_at = datetime(2026, 10, 5, 18, tzinfo=UTC) + timedelta(days=day)
    work = factories.work(
        engagement,
        ended_at=ended_at,
        promised_micros=micros,
        started_at_ms=periods.ms_of(ended_at) - ms,
        wall_ms=ms,
    )
    if micros:
        factories.transfer(work)
        factories.transfer(
            work, move="approve", source="pending", target="payable", due_at_ms=work.ended_at_ms
        )
    Stream.objects.update_or_create(engagement=engagement, defaults={"n": next(factories.numbers)})
