"""The sample holds exactly what its plan says, by a second count that shares no code with it."""

import csv
import os
import subprocess
import sys
from collections import defaultdict
from datetime import timedelta
from pathlib import Path

import pytest

from ledger.sample.bench import write_bench
from ledger.sample.writing import write_sample
from tests.ledger.sample import recount

SIZES = [(2026, 300, 13), (7, 60, 9), (8, 90, 20)]
WRITE = "from pathlib import Path; import sys; from ledger.sample.writing import write_sample; "
ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module", params=SIZES, ids=lambda size: f"seed {size[0]}")
def books(request, tmp_path_factory):
    seed, workers, weeks = request.param
    out = tmp_path_factory.mktemp("sample")
    write_sample(out, seed=seed, workers=workers, weeks=weeks)
    return recount.read(out)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    out = tmp_path_factory.mktemp("default")
    write_sample(out)
    return out


def planted(books, code):
    return [entry for entry in books.plan["planted"] if entry["code"] == code]


def accounts_of(entries):
    return {name for entry in entries for name in entry["accounts"]}


def works_of(entries):
    return {(entry["account"], work) for entry in entries for work in entry["works"]}


@pytest.mark.parametrize(("code", "count"), [("W01", recount.late), ("W02", recount.undecided)])
def test_late_and_undecided_work_is_what_was_planted(books, code, count):
    found = count(books)

    assert set(found) == works_of(planted(books, code))
    for entry in planted(books, code):
        assert (
            sum(found[entry["account"], work] for work in entry["works"]) == entry["stake_micros"]
        )


def test_weeks_below_the_floor_are_what_was_planted(books):
    found = recount.below(books)

    assert found == {
        (entry["account"], entry["week"]): entry["shortfall_micros"]
        for entry in planted(books, "W28")
    }


def test_no_money_is_planted_twice(books):
    undecided = recount.undecided(books)
    rows = {(row.account, row.id): row for row in books.rows.values()}
    for entry in planted(books, "W28"):
        explained = sum(
            micros
            for key, micros in undecided.items()
            if key[0] == entry["account"] and recount.monday(rows[key].start) == entry["week"]
        )
        assert entry["stake_micros"] == entry["shortfall_micros"] - explained
        assert explained == 0 or entry["kind"] == "overlap"


def test_planted_weeks_fail_whatever_bound_of_the_time_is_taken(books):
    sums = recount.weeks(books)

    for entry in planted(books, "W28"):
        total = sums[entry["account"], entry["week"]]
        assert total.low == total.high


def test_every_other_week_is_above_the_floor_by_a_tenth_with_all_time_counted(books):
    named = {
        (account, entry["week"])
        for entry in books.plan["planted"] + books.plan["near_misses"]
        for account in accounts_of([entry])
        if entry["week"]
    }
    sums = recount.weeks(books, without="outside B")
    assert len(sums) > 3 * len(named)
    for key, total in sums.items():
        if key not in named:
            assert total.known
            assert total.earned >= total.high * recount.FLOOR * 11 / 10, key


def test_everyone_without_a_case_is_paid_by_the_due_date_and_no_more(books):
    named = accounts_of(books.plan["planted"] + books.plan["near_misses"])
    owed, paid = defaultdict(int), defaultdict(int)
    dates = set()
    for row in books.rows.values():
        if row.due and row.due <= books.as_of and row.account not in named:
            owed[row.account, row.due] += row.pay
            dates.add(row.due)
    for payment in books.payments:
        due = min(day for day in dates if day > recount.when(payment["sent_at"]))
        if payment["worker_external_id"] not in named:
            micros = int(recount.Fraction(payment["amount"]) * 1_000_000)
            paid[payment["worker_external_id"], due] += micros
            assert recount.when(payment["arrived_at"]) < due

    assert owed
    assert paid == owed


WEEK_GUARDS = {
    "exactly at the floor": "strictly",
    "summed time": "union",
    "bonus of 6.00 in the same week": "bonuses",
    "on active time": "active time",
    "across Sunday midnight": "split pay",
    "pay of one task is not known": "unknown pay",
    "only the length is known": "no clock",
    "count in C only": "outside B",
    "never measured": "no clock",
}


@pytest.mark.parametrize(("words", "guard"), WEEK_GUARDS.items(), ids=WEEK_GUARDS)
def test_a_near_miss_of_the_floor_is_caught_when_its_guard_is_gone(books, words, guard):
    misses = [
        (entry["account"], entry["week"])
        for entry in books.plan["near_misses"]
        if entry["code"] == "W28" and words in entry["reason"]
    ]
    assert misses
    if words == "never measured":
        assert all(recount.weeks(books)[key].low == 0 for key in misses)
    else:
        assert set(misses) & set(recount.below(books, without=guard))


WORK_GUARDS = {
    "grace end just now": ("W01", "grace"),
    "within the three days of grace": ("W01", "grace"),
    "due tomorrow": ("W01", "due dates"),
    "refused work is not owed": ("W01", "refusals"),
    "MTurk pays on approval": ("W01", "pays on approval"),
    "nine days late": ("W01", "payments off the due date"),
    "paid in one sum": ("W01", "payments off the due date"),
    "two parts": ("W01", "payments off the due date"),
    "came before the work's export": ("W01", "payments off the due date"),
    "came first and lists no work": ("W01", "payments off the due date"),
    "not yet confirmed": ("W01", "payments off the due date"),
    "fee on the way": ("W01", "payments off the due date"),
    "six days ago": ("W02", "window"),
    "seven days end just now": ("W02", "window"),
    "decided yesterday": ("W02", "decisions"),
    "never handed in": ("W02", "hand-in"),
    "in the first export": ("W02", "the later export"),
    "in the second download": ("W02", "the later export"),
    "promised for later": ("W02", "promises"),
}


@pytest.mark.parametrize(("words", "guard"), WORK_GUARDS.items(), ids=WORK_GUARDS)
def test_a_near_miss_of_unpaid_work_is_caught_when_its_guard_is_gone(books, words, guard):
    code, without = guard
    misses = [
        entry
        for entry in books.plan["near_misses"]
        if entry["code"] == code and words in entry["reason"]
    ]
    count = recount.late if code == "W01" else recount.undecided
    assert misses
    assert works_of(misses) & set(count(books, without=without))


def test_each_case_has_a_worker_of_its_own(books):
    for code in {entry["code"] for entry in books.plan["planted"]}:
        findings = [entry for entry in planted(books, code) if entry["source"] != "mturk"]
        near = [entry for entry in books.plan["near_misses"] if entry["code"] == code]

        assert not accounts_of(near) & accounts_of(findings), code
    rows = {(row.source, row.id) for row in books.rows.values()}
    assert named_works(books) <= rows


def named_works(books):
    entries = books.plan["planted"] + books.plan["near_misses"]
    return {(entry["source"], work) for entry in entries for work in entry["works"]}


def test_the_same_work_has_the_same_price_in_six_countries(books):
    entries = books.plan["planted"] + books.plan["near_misses"]
    special = {"special-orders", "bonuses", "mturk", *(one["project"] for one in entries)}
    prices = defaultdict(lambda: defaultdict(set))
    for row in books.rows.values():
        everyday = row.project.split("/")[0] not in special
        if row.rate and row.status not in recount.HANDED_BACK and everyday:
            prices[row.project][row.country].add(row.rate)

    assert {country for found in prices.values() for country in found} >= {"KE", "US", "PH", "IN"}
    assert all(len(set.union(*found.values())) == 1 for found in prices.values())


def test_the_sample_holds_what_real_exports_hold(folder):
    rows = recount.read(folder).rows.values()

    assert {row.country for row in rows} >= {"KE", "US", "PH", "IN", "VE", "DE"}
    assert {row.category for row in rows} >= {"training", "qualification", "rework", "meeting"}
    assert {row.status for row in rows} >= {"rejected", "returned", "expired", "skipped"}
    assert 20_000 <= len(rows) <= 30_000
    assert any(row.start is None and row.wall for row in rows)
    assert any(row.active for row in rows)
    assert any(row.category == "award" for row in rows)


def test_the_month_that_was_exported_twice_shows_progress(folder):
    with (
        (folder / "tallgrass-work-2026-09-first.csv").open() as one,
        (folder / "tallgrass-work-2026-09.csv").open() as two,
    ):
        first = {row["external_id"]: row for row in csv.DictReader(one)}
        later = {row["external_id"]: row for row in csv.DictReader(two)}

    both = first.keys() & later.keys()
    progress = [key for key in both if first[key]["status"] != later[key]["status"]]
    same = [key for key in both if first[key] == later[key]]
    assert 10 < len(progress) < len(same)
    assert 10 < len(set(later) - set(first)) < len(same)


def test_the_batches_have_the_quirks_of_real_ones(folder):
    first = (folder / "Batch_5210331_batch_results.csv").read_bytes()
    second = (folder / "Batch_5210332_batch_results.csv").read_bytes()
    header, *lines = csv.reader(first.decode().splitlines())

    assert header[:2] == ["HITId", "HITTypeId"]
    assert header[26:] == [
        "Last7DaysApprovalRate",
        "Input.image_url",
        "Answer.caption",
        "Approve",
        "Reject",
    ]
    assert {len(line) for line in lines} == {len(header) - 2}
    assert b"\r\n" in first
    assert b"\r\n" not in second
    assert all(zone in second for zone in (b" PDT 2026", b" PST 2026", b" UTC,"))
    assert any(
        not row["WorkerId"]
        for row in csv.DictReader(second.decode().splitlines())
        if row["HITTypeId"]
    )


def test_an_assignment_id_is_used_again_by_another_worker(folder):
    rows = [row for row in recount.read(folder).rows.values() if row.source == "mturk"]
    workers = defaultdict(set)
    for row in rows:
        workers[row.id.split("@")[0]].add(row.account)

    assert any(len(found) == 2 for found in workers.values())


@pytest.mark.parametrize("setting", [("0", "UTC"), ("77", "America/Caracas")], ids=str)
def test_the_same_seed_gives_the_same_bytes_in_any_process(tmp_path, setting):
    write_sample(tmp_path / "here", seed=5, workers=60, weeks=9)
    script = WRITE + "write_sample(Path(sys.argv[1]), seed=5, workers=60, weeks=9)"
    run(script, tmp_path / "there", hash_seed=setting[0], zone=setting[1])

    assert contents(tmp_path / "here") == contents(tmp_path / "there")


def test_another_seed_gives_another_sample(tmp_path):
    write_sample(tmp_path / "one", seed=5, workers=60, weeks=9)
    write_sample(tmp_path / "two", seed=6, workers=60, weeks=9)

    assert contents(tmp_path / "one") != contents(tmp_path / "two")


def test_the_sample_needs_neither_django_nor_payouts(tmp_path):
    script = WRITE + (
        "write_sample(Path(sys.argv[1]), workers=60, weeks=9); import ledger.sample.bench; "
        "assert not {name.split('.')[0] for name in sys.modules} & {'django', 'payouts'}"
    )
    run(script, tmp_path, hash_seed="0", zone="UTC")


def run(script, out, *, hash_seed, zone):
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "TZ": zone}
    command = [sys.executable, "-c", script, str(out)]
    subprocess.run(command, check=True, env=environment, cwd=ROOT)


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_rows_scale_the_sample(tmp_path):
    write_sample(tmp_path, rows=60_000)

    assert len(recount.read(tmp_path).rows) == pytest.approx(60_000, rel=0.1)


@pytest.mark.parametrize(
    ("size", "rule"),
    [
        pytest.param({"workers": 59}, "workers must be at least 60, got 59", id="too few workers"),
        pytest.param({"weeks": 8}, "weeks must be at least 9, got 8", id="too few weeks"),
        pytest.param({"workers": 60, "rows": 10**6}, "1 to 150 tasks a week", id="too much work"),
    ],
)
def test_a_size_without_room_for_the_cases_is_refused(tmp_path, size, rule):
    with pytest.raises(ValueError, match=rule):
        write_sample(tmp_path, **size)


def test_the_plain_file_has_exactly_the_rows_asked_for(tmp_path):
    work_file, paid_file = write_bench(tmp_path, rows=10_007, workers=50)
    with work_file.open() as one, paid_file.open() as two:
        rows, paid = list(csv.DictReader(one)), list(csv.DictReader(two))

    assert len(rows) == len({row["external_id"] for row in rows}) == 10_007
    assert len({row["worker_external_id"] for row in rows}) == 50
    assert share(rows, "status", "approved") == pytest.approx(0.88, abs=0.02)
    assert share(rows, "rate_kind", "hour") == pytest.approx(0.25, abs=0.02)
    starts = [recount.when(row["started_at"]) for row in rows]
    assert timedelta(weeks=11) < max(starts) - min(starts) < timedelta(weeks=12)
    assert sum(recount.Fraction(row["amount"]) for row in paid) > 0


def share(rows, column, value):
    return sum(row[column] == value for row in rows) / len(rows)
