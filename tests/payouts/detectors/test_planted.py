"""On the made sample, all that was planted is found, and nothing else."""

from collections import defaultdict
from datetime import datetime

import pytest
from django.db import transaction

from ledger.periods import ms_of
from ledger.sample.writing import write_sample
from payouts import scanning
from payouts.detectors import CODES, DETECTORS, below_floor, late_pay, stakes, undecided
from payouts.facts import accounts
from payouts.facts.background import Background
from payouts.models import Flag
from tests import planted
from workers.models import Engagement

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

    table = planted.all_compared(tmp_path, plan)

    text = planted.as_text(table, CODES)
    print(text)
    assert table.keys() == set(CODES), text
    assert not any(disagreements(one) for one in table.values()), text
    for one in plan["further_vendors"]:
        flags = Flag.objects.filter(vendor__name=one["vendor"])
        assert set(flags.values_list("code", flat=True)) == {"W32"}, text


@pytest.mark.django_db
def test_a_scan_counts_what_it_found(tmp_path):
    plan = write_sample(tmp_path, workers=60)
    vendor = planted.bring_in(tmp_path, plan)
    as_of = datetime.fromisoformat(plan["as_of"])

    scan = scanning.scan(vendor=vendor, as_of=as_of, at=as_of)

    table = planted.compare(plan, planted.found_in(vendor))
    assert {code: counts["found"] for code, counts in scan.counts.items()} == {
        code: table[code].flags if code in table else 0 for code in scan.counts
    }


def disagreements(outcome):
    """Return what the plan and the findings say differently."""
    return [*outcome.false, *outcome.missing, *outcome.wrong_stake, *outcome.near_misses_flagged]


@pytest.mark.django_db
def test_what_two_findings_ask_for_is_counted_once(tmp_path):
    plan = write_sample(tmp_path, workers=60)
    vendor = planted.bring_in(tmp_path, plan)
    as_of = datetime.fromisoformat(plan["as_of"])
    scanning.scan(vendor=vendor, as_of=as_of, at=as_of)
    twice = {("W12", "W13"), ("W16", "W17")}
    codes = defaultdict(set)
    for entry in plan["planted"]:
        if entry["kind"] == "overlap" and entry["stake_micros"]:
            codes[entry["account"], entry["stake_micros"]].add(entry["code"])
    same_money = [key for key, both in codes.items() if tuple(sorted(both)) in twice]

    assert len(same_money) == 4
    for account, micros in same_money:
        flags = Flag.objects.filter(vendor=vendor, engagement__account=account)
        assert sum(flags.values_list("stake_micros", flat=True)) == micros


@pytest.fixture(scope="module")
def sample(django_db_setup, django_db_blocker, tmp_path_factory):
    """The plan, the facts of all accounts, and what the vendor calls each account."""
    folder = tmp_path_factory.mktemp("sample")
    with django_db_blocker.unblock(), transaction.atomic():
        plan = write_sample(folder, workers=60)
        vendor = planted.bring_in(folder, plan)
        as_of_ms = ms_of(datetime.fromisoformat(plan["as_of"]))
        background = Background.of(vendor, as_of_ms)
        everything = accounts.read(background, after=0, limit=10_000)
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
        planted.key_of(each.code, names[one.engagement_id], each.evidence): planted.asked_for(
            each.code, each.stake_micros, each.evidence
        )
        for one, each in found
    }
    return planted.compare(plan, staked)[detector.CODE]
