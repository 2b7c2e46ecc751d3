"""On the made sample, all that was planted is found, and nothing else."""

from datetime import datetime

import pytest
from django.db import transaction

from ledger.periods import ms_of
from ledger.sample.writing import write_sample
from payouts import facts, scanning
from payouts.detectors import DETECTORS, below_floor, late_pay, stakes, undecided
from payouts.models import Flag
from tests import planted
from tests.ledger.sample import recount
from workers.models import Engagement

# Everyday work in the sample has some sessions without pay: they are true findings.
UNPAID_TIME = {
    "training": "W22",
    "instructions": "W22",
    "qualification": "W25",
    "rework": "W18",
    "meeting": "W26",
}
WHAT_THE_SAMPLE_SEES = [
    (late_pay, late_pay.grace_is_over),
    (late_pay, late_pay.payments_are_reported),
    (undecided, undecided.nobody_decided),
    (undecided, undecided.window_has_closed),
    (below_floor, below_floor.floor_was_missed),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("workers", "seed"), [(300, 2026), (60, 7)])
def test_all_that_was_planted_is_found_and_nothing_else(tmp_path, workers, seed):
    plan = write_sample(tmp_path, workers=workers, seed=seed)
    vendor = planted.bring_in(tmp_path, plan)
    as_of = datetime.fromisoformat(plan["as_of"])

    scan = scanning.scan(vendor=vendor, as_of=as_of, at=as_of)
    table = planted.compare(plan, planted.found_in(vendor))

    print(planted.as_text(table))
    assert all(outcome.is_exact for outcome in table.values()), planted.as_text(table)
    assert {code: scan.counts[code]["found"] for code in table} == {
        code: outcome.planted for code, outcome in table.items()
    }
    notices = Flag.objects.filter(vendor=vendor, code="W32").values_list("subject", flat=True)
    assert sorted(notices) == ["record deliveries", "record rates"]


@pytest.mark.django_db
def test_what_is_found_beyond_the_plan_is_unpaid_time_that_is_in_the_files(tmp_path):
    plan = write_sample(tmp_path, workers=60)
    vendor = planted.bring_in(tmp_path, plan)
    as_of = datetime.fromisoformat(plan["as_of"])
    scanning.scan(vendor=vendor, as_of=as_of, at=as_of)

    beyond = {
        (code, account, work)
        for code, account, works in planted.found_in(vendor)
        if code not in planted.spoken_of(plan)
        for work in works.split(",")
    }
    books = recount.read(tmp_path)

    assert beyond == {
        (UNPAID_TIME[row.category], row.account, row.id)
        for row in books.rows.values()
        if row.pay == 0 and row.category in UNPAID_TIME and is_long(row) and is_alone(row, books)
    }


def is_alone(row, books):
    """Tell whether it does not lie within another piece of work, whose time it would only share."""
    return not any(
        other.start and other.start <= row.start and row.end <= other.end
        for other in books.rows.values()
        if other.account == row.account and other.id != row.id
    )


def is_long(row):
    """Tell whether a row is more than a screening of ten minutes, where it is a test."""
    return row.category != "qualification" or (row.end - row.start).total_seconds() > 600


@pytest.fixture(scope="module")
def sample(django_db_setup, django_db_blocker, tmp_path_factory):
    """The plan, the facts of all accounts, and what the vendor calls each account."""
    folder = tmp_path_factory.mktemp("sample")
    with django_db_blocker.unblock(), transaction.atomic():
        plan = write_sample(folder, workers=60)
        vendor = planted.bring_in(folder, plan)
        as_of_ms = ms_of(datetime.fromisoformat(plan["as_of"]))
        background = facts.Background.of(vendor, as_of_ms)
        everything = facts.read(background, after=0, limit=10_000)
        names = dict(Engagement.objects.filter(vendor=vendor).values_list("pk", "account"))
        transaction.set_rollback(True)
    return plan, everything, names


@pytest.mark.parametrize(
    ("detector", "guard"),
    [
        pytest.param(detector, guard, id=f"{detector.CODE} without {guard.__name__}")
        for detector, guard in WHAT_THE_SAMPLE_SEES
    ],
)
def test_without_a_guard_the_sample_shows_it(sample, detector, guard):
    plan, everything, names = sample
    others = tuple(one for one in detector.GUARDS if one is not guard)

    assert outcome_of(plan, everything, names, detector, detector.GUARDS).is_exact
    without = outcome_of(plan, everything, names, detector, others)
    assert without.false
    assert without.near_misses_flagged


def outcome_of(plan, everything, names, detector, guards):
    def judged(one):
        """Return what is found in an account where one detector has these guards."""
        return stakes.counted_once(
            finding
            for each in DETECTORS
            for finding in (each.detect(one, guards) if each is detector else each.detect(one))
        )

    found = (
        (one, each) for one in everything for each in judged(one) if each.code == detector.CODE
    )
    staked = {
        planted.key_of(finding.code, names[one.engagement_id], finding.evidence): (
            finding.stake_micros
        )
        for one, finding in found
    }
    return planted.compare(plan, staked)[detector.CODE]
