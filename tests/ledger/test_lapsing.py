"""Work that nobody decided in time is approved to the worker, by a job and by nothing else."""

from datetime import date, timedelta

import pytest

from ledger import agreeing, jobs, lapsing, proofs, undo
from ledger.facts import WorkFact
from ledger.models import Batch, Import, Job, PayTerms, Remark, Transfer, Work, WorkWeek
from ledger.periods import ms_of
from payouts import scanning
from payouts.models import Flag
from tests import bringing, factories
from tests.ledger import owed
from tests.ledger.owed import DAY, DOLLAR, MONDAY, NOW, row

pytestmark = pytest.mark.django_db
LAPSED_ON = MONDAY + 8 * DAY


@pytest.fixture
def vendor(tmp_path):
    bringing.floor_since_2010()
    one = factories.vendor()
    owed.work(one, tmp_path, row("a0", 10, "submitted"), row("a1", 20, "submitted"), as_of=5)
    return one


def lapse(vendor, as_of=LAPSED_ON):
    return jobs.run(job_id=lapsing.start(vendor=vendor, as_of=as_of, at=NOW).pk, at=NOW)


def test_what_is_undecided_past_its_window_is_approved_and_due_by_the_terms(vendor):
    job = lapse(vendor)

    assert (job.cursor["pieces"], job.cursor["micros"]) == (2, {"USD": 30 * DOLLAR})
    assert owed.money(vendor) == {"vendor": -30, "payable": 30}
    for one in Transfer.objects.filter(move="approve"):
        assert one.reason == "review window lapsed"
        assert one.happened_at_ms == ms_of(MONDAY + 7 * DAY)
        assert one.due_at_ms == ms_of(MONDAY + 37 * DAY)
    assert WorkWeek.objects.get().earned_micros == 30 * DOLLAR
    assert not Work.objects.exclude(decided_as="").exists()  # no export has said so
    assert all(proofs.recheck(batch) == [] for batch in Batch.objects.all())


def test_it_lapses_once_however_often_it_is_asked(vendor):
    for _ in range(3):
        lapse(vendor)
    assert Transfer.objects.filter(move="approve").count() == 2


def test_nothing_lapses_before_its_time_nor_by_a_scan(vendor):
    lapse(vendor, as_of=MONDAY + 7 * DAY)
    scanning.scan(vendor=vendor, as_of=LAPSED_ON, at=NOW)
    assert owed.money(vendor) == {"vendor": -30, "pending": 30}


def test_a_preview_says_what_would_lapse_and_changes_nothing(vendor):
    would = lapsing.preview(vendor=vendor, as_of=LAPSED_ON)
    assert (would.pieces, would.micros) == (2, {"USD": 30 * DOLLAR})
    assert owed.money(vendor) == {"vendor": -30, "pending": 30}


def test_terms_can_switch_it_off_for_what_is_claimed_from_then(tmp_path):
    vendor = factories.vendor()
    agreeing.set_terms(
        vendor=vendor, review_days=7, due_days=5, lapses=False, from_on=date(2026, 1, 1), at=NOW
    )
    owed.work(vendor, tmp_path, row("a0", 10, "submitted"), as_of=5)
    lapse(vendor)
    assert owed.money(vendor) == {"vendor": -10, "pending": 10}


def test_where_approval_is_payment_nothing_lapses(tmp_path):
    vendor = factories.vendor()
    PayTerms.objects.create(
        vendor=vendor, review_days=7, due_days=0, pays_on_approval=True,
        from_on=date(2026, 1, 1), recorded_at=NOW,
    )  # fmt: skip
    owed.work(vendor, tmp_path, row("a0", 10, "submitted"), as_of=5)
    lapse(vendor)
    assert owed.money(vendor) == {"vendor": -10, "pending": 10}


@pytest.mark.parametrize(
    ("said", "money"),
    [
        pytest.param({"status": "submitted"}, {"payable": 10}, id="an export without a decision"),
        pytest.param({"status": "approved", "day": 3}, {"payable": 10}, id="an approval in time"),
        pytest.param({"status": "approved", "day": 9}, {"payable": 10}, id="a late approval"),
        pytest.param({"status": "rejected", "day": 9}, {"withheld": 10}, id="a late refusal"),
        pytest.param({"status": "rejected", "day": 3}, {"withheld": 10}, id="one told too late"),
        pytest.param({"status": "rejected", "decided": False}, {"payable": 10},
                     id="a refusal without a date"),
    ],
)  # fmt: skip
def test_what_an_export_says_afterwards(vendor, tmp_path, said, money):
    lapse(vendor)
    owed.work(vendor, tmp_path, row("a0", 10, reason="poor", **said), as_of=12)

    assert owed.money(vendor, "a0") == {"vendor": -10, **money}
    assert Remark.objects.filter(kind="conflict").exists() == (said.get("decided") is False)
    if "withheld" in money:
        assert Transfer.objects.get(target="withheld").reason == "poor"
    lapse(vendor)
    assert owed.money(vendor, "a0") == {"vendor": -10, **money}


def test_what_was_paid_before_it_lapsed_meets_it(vendor, tmp_path):
    owed.paid(vendor, tmp_path, "P1", 30)
    lapse(vendor)
    assert owed.money(vendor) == {"vendor": -30, "in_transit": 30}


@pytest.mark.parametrize("is_paid", [False, True], ids=["before it is paid", "after it is paid"])
def test_undoing_the_import_takes_the_lapse_with_it(vendor, tmp_path, is_paid):
    lapse(vendor)
    if is_paid:
        owed.paid(vendor, tmp_path, "P1", 30)
    imported = Import.objects.get(kind="work")
    jobs.run(job_id=undo.start(imported=imported, by=None, at=NOW).pk, at=NOW)

    left = {"advance": -30, "in_transit": 30} if is_paid else {}
    assert owed.money(vendor) == left
    owed.work(vendor, tmp_path, row("a0", 10, "submitted"), row("a1", 20, "submitted"), as_of=5)
    lapse(vendor)
    assert owed.money(vendor)["payable"] == (0 if is_paid else 30)


def test_the_flag_says_that_the_window_lapsed(vendor):
    scanning.scan(vendor=vendor, as_of=LAPSED_ON, at=NOW)
    assert Flag.objects.get(code="W02").resolved_at is None
    lapse(vendor)
    scanning.scan(vendor=vendor, as_of=LAPSED_ON, at=NOW)
    flag = Flag.objects.get(code="W02")
    assert flag.resolution == "It was approved because the review window lapsed."
    scanning.scan(vendor=vendor, as_of=MONDAY + 6 * DAY, at=NOW)


class Death(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_a_lapsing_that_dies_after_any_step_goes_on_from_there(
    vendor, tmp_path, monkeypatch, steps
):
    monkeypatch.setattr(lapsing, "ACCOUNTS", 1)
    path = tmp_path / "more.csv"
    others = [row(f"a{n}", 5, "submitted").replace("w-0", f"w-{n}") for n in (3, 4)]
    path.write_text("\n".join([owed.COLUMNS, *others]) + "\n")
    bringing.bring_in(vendor, path, exported_at=MONDAY + 5 * DAY, at=NOW)
    (job,) = lapsing.start_daily(at=LAPSED_ON)
    assert lapsing.start_daily(at=LAPSED_ON + timedelta(hours=1)) == [job]
    done = []

    def die(job):
        done.append(job.cursor)
        if len(done) == steps:
            raise Death

    monkeypatch.setattr(jobs, "step_done", die)
    with pytest.raises(Death):
        jobs.run(job_id=job.pk, at=LAPSED_ON)
    Job.objects.update(lease_until=None)
    ended = jobs.run(job_id=job.pk, at=LAPSED_ON)

    assert ended.cursor["pieces"] == 4
    assert owed.money(vendor) == {"vendor": -40, "payable": 40}
    assert Transfer.objects.filter(move="approve").count() == 4


@pytest.mark.parametrize(
    ("changed", "pending", "expected"),
    [
        pytest.param({}, 1, True, id="a millisecond after it"),
        pytest.param({"decide_by_at_ms": 100}, 1, False, id="at the instant itself"),
        pytest.param({"decide_by_at_ms": None}, 1, False, id="without a window"),
        pytest.param({"void": True}, 1, False, id="taken back"),
        pytest.param({}, 0, False, id="nothing undecided"),
    ],
)
def test_when_a_window_has_lapsed(changed, pending, expected):
    fields = dict.fromkeys(WorkFact._fields)
    latest = WorkFact(**{**fields, "void": False, "decide_by_at_ms": 99, **changed})
    assert lapsing.has_lapsed(latest, pending_micros=pending, as_of_ms=100) is expected
