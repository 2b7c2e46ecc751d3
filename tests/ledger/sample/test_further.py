"""The further kinds of withheld pay are planted as the plan says, by a second count."""

from math import comb

import pytest

from ledger.sample.writing import write_sample
from tests.ledger.sample import recount
from tests.ledger.sample import recount_further as further

BY_WORK = [f"W{n:02d}" for n in (4, 5, 6, 8, *range(12, 19), 22, *range(24, 28))]
NAMED_OTHERWISE = {"W30": "accounts", "W31": "project"}
FLOOR = 15_000_000
TIMES_FLOOR = {"W15", "W18", "W22", "W24", "W27"}
NOT_MEASURED = {"W05": "only August's export", "W06": "3 seconds", "W08": "paid when due"}
NOT_MEASURED |= {"W13": "before a raise", "W12": "above the agreed"}


@pytest.fixture(scope="module", params=[(2026, 300, 13), (7, 60, 9)], ids=str)
def books(request, tmp_path_factory):
    seed, workers, weeks = request.param
    out = tmp_path_factory.mktemp("sample")
    write_sample(out, seed=seed, workers=workers, weeks=weeks)
    return recount.read(out)


def entries(books, part, code):
    return [entry for entry in books.plan[part] if entry["code"] == code]


def works_of(found):
    return {
        (account, work) for one in found for work in one["works"] for account in one["accounts"]
    }


def names(found, name):
    return {one for entry in found for one in ([entry[name]] if name == "project" else entry[name])}


@pytest.mark.parametrize("code", BY_WORK)
def test_what_is_found_is_what_was_planted(books, code):
    counted = getattr(further, code.lower())(books)
    planted = entries(books, "planted", code)
    rows = {(row.account, row.id) for row in books.rows.values()}

    assert counted == works_of(planted) & rows
    assert len({entry["account"] or entry["project"] for entry in planted}) >= 3
    assert len({entry["week"] for entry in planted}) >= 3


@pytest.mark.parametrize("code", BY_WORK)
def test_a_near_miss_is_caught_when_its_guard_is_gone(books, code):
    near = [
        entry
        for entry in entries(books, "near_misses", code)
        if NOT_MEASURED.get(code, "-") not in entry["reason"]
    ]
    counted = getattr(further, code.lower())(books, loose=True)

    assert len(entries(books, "near_misses", code)) >= 2
    for entry in near:
        assert works_of([entry]) & counted, entry


@pytest.mark.parametrize(("code", "name"), NAMED_OTHERWISE.items())
def test_long_hours_and_lower_regions_are_those_planted(books, code, name):
    count = getattr(further, code.lower())
    planted, near = entries(books, "planted", code), entries(books, "near_misses", code)

    assert count(books) == names(planted, name)
    assert names(near, name) <= count(books, loose=True)


def test_almost_all_errors_of_the_quarter_favour_the_payer(books):
    over, under = set(), set()
    for error, row in further.errors(books).values():
        day = row.start.astimezone(recount.NAIROBI).date().isoformat()
        if abs(error) > further.CENT and day <= "2026-09-30":
            (over if error > 0 else under).add((day, row.project))
    n = len(over) + len(under)

    assert n >= 5
    assert sum(comb(n, j) for j in range(len(under), n + 1)) / 2**n < 0.05
    assert len(entries(books, "planted", "W29")) == 1


def test_a_stake_on_time_is_the_time_at_the_floor(books):
    rows = {(row.account, row.id): row for row in books.rows.values()}
    for code in TIMES_FLOOR:
        for entry in entries(books, "planted", code):
            time = sum(further.active(rows[key]) for key in works_of([entry]))

            assert entry["stake_micros"] == -(-time * FLOOR // 3_600), entry


def test_a_stake_on_money_is_what_was_agreed_or_told_first_less_what_is_paid(books):
    errors = further.errors(books)
    owed = recount.late(books, without="due dates")
    lost = {
        (now.account, now.id): (then.pay or 0) - (now.pay or 0)
        for then, now in further.twice(books)
    }
    refused = {(now.account, now.id) for _, now in further.twice(books) if not now.approved}
    rows = {(row.account, row.id): row for row in books.rows.values()}
    for entry in books.plan["planted"]:
        keys, stake, code = works_of([entry]), None, entry["code"]
        if code in ("W12", "W13"):
            stake = -sum(errors[key][0] for key in keys)
        elif code in ("W16", "W17"):
            stake = sum(rows[key].pay if key in refused else lost[key] for key in keys)
        elif code in ("W06", "W08"):
            stake = sum(owed[key] for key in keys if key in owed)
        elif code == "W05":
            stake = sum(rows[key].pay for key in keys)
        elif code == "W14":
            stake = sum((rows[key].active - rows[key].paid) * 24_000_000 // 3_600 for key in keys)
        if stake is not None and entry["stake_micros"] is not None:
            assert entry["stake_micros"] == stake, entry


def test_each_code_names_stakes_only_where_there_are_some(books):
    for entry in books.plan["planted"]:
        if entry["code"] in ("W04", "W25", "W26", "W29", "W31"):
            assert entry["stake_micros"] is None
        if entry["code"] == "W30":
            assert entry["stake_micros"] == 0


def test_the_workers_of_further_cases_have_no_other_case_but_the_same_money(books):
    by_account = {}
    for entry in books.plan["planted"]:
        for account in entry["accounts"]:
            by_account.setdefault(account, []).append(entry)
    for account, found in by_account.items():
        if len({entry["code"] for entry in found}) > 1:
            assert all(entry["kind"] == "overlap" for entry in found), account
