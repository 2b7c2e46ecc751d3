"""What detectors are given: money by due date, as of a day, without what was undone."""

from datetime import UTC, datetime, timedelta

import pytest

from ledger import jobs, undo
from ledger.periods import ms_of
from payouts.facts import accounts
from payouts.facts.background import Background
from tests import bringing, factories
from tests.payouts.exports import AS_OF, bring_payouts, bring_work, payment, pending, work

pytestmark = pytest.mark.django_db


@pytest.fixture
def vendor():
    bringing.floor_since_2010()
    return factories.vendor(zone="Africa/Nairobi")


def works_of(vendor, as_of=AS_OF):
    background = Background.of(vendor, ms_of(as_of))
    return [
        one for account in accounts.read(background, after=0, limit=100) for one in account.works
    ]


def test_what_was_promised_on_top_later_is_due_later(vendor, tmp_path):
    first, second = datetime(2026, 10, 9, tzinfo=UTC), datetime(2026, 10, 30, tzinfo=UTC)
    bring_work(vendor, tmp_path, work(), exported_at=first)
    bring_payouts(vendor, tmp_path, payment("ada", "20.00"))
    more = work(rate_amount="25.00", due_at="2026-11-12T12:00:00Z")
    bring_work(vendor, tmp_path, more, exported_at=second)

    (one,) = works_of(vendor)

    assert [(debt.due_on.isoformat(), debt.micros) for debt in one.debts] == [
        ("2026-11-12", 5_000_000)
    ]


def test_a_due_day_is_a_day_on_the_vendors_calendar(vendor, tmp_path):
    bring_work(vendor, tmp_path, work(due_at="2026-10-12T22:30:00Z"))

    assert works_of(vendor)[0].debts[0].due_on.isoformat() == "2026-10-13"


def test_what_was_undone_was_never_owed(vendor, tmp_path):
    imported = bring_work(vendor, tmp_path, work(), pending("ben", 1))
    assert len(works_of(vendor)) == 2

    job = undo.start(imported=imported, by=None, at=AS_OF + timedelta(days=9))
    jobs.run(job_id=job.pk, at=AS_OF + timedelta(days=9))

    assert works_of(vendor) == []


def test_what_was_decided_later_is_undecided_on_the_day_asked(vendor, tmp_path):
    bring_work(vendor, tmp_path, work(status_at="2026-10-25T12:00:00Z"))

    before, after = datetime(2026, 10, 25, tzinfo=UTC), AS_OF

    assert works_of(vendor, before)[0].pending_micros == 20_000_000
    assert works_of(vendor, before)[0].debts == ()
    assert works_of(vendor, after)[0].pending_micros == 0


def test_the_record_of_payments_reaches_as_far_as_was_declared(vendor, tmp_path):
    def reach():
        return Background.of(vendor, ms_of(AS_OF)).payments_known_until

    assert reach() is None
    bring_payouts(vendor, tmp_path, payment("ada"), complete_until=None)
    assert reach() is None
    bring_payouts(vendor, tmp_path, payment("ada"))
    assert reach().isoformat() == "2026-11-02"
    bring_payouts(vendor, tmp_path, payment("ada"), complete_until=AS_OF.date().replace(day=1))
    assert reach().isoformat() == "2026-11-02"


def test_accounts_come_in_chunks_none_twice(vendor, tmp_path):
    bring_work(vendor, tmp_path, *[work(f"w{number}") for number in range(7)])
    background = Background.of(vendor, ms_of(AS_OF))

    seen, after = [], 0
    while chunk := accounts.read(background, after=after, limit=3):
        seen += [one.pseudonym for one in chunk]
        after = chunk[-1].engagement_id

    assert len(seen) == len(set(seen)) == 7
