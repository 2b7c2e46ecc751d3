"""How findings are held against the plan: a fault planted in either of them is seen."""

from typing import Any

import pytest

from tests import planted
from tests.planted import Key

SCANS = {
    "code": "W13",
    "account": "",
    "accounts": ["one", "two"],
    "works": ["a", "b"],
    "week": "2026-10-05",
    "days": ["2026-10-06"],
    "project": "scans",
    "stake_micros": 5,
}
HOURS = {
    "code": "W30",
    "account": "one",
    "accounts": ["one"],
    "works": [],
    "week": "2026-10-05",
    "days": ["2026-10-06"],
    "project": "",
    "stake_micros": 0,
}
EVERYBODY: dict[str, Any] = {
    "code": "W29",
    "account": "",
    "accounts": [],
    "works": [],
    "week": None,
    "days": [],
    "project": "",
    "stake_micros": None,
}


def outcome(entry, found, near_misses=()):
    plan = {"planted": [entry], "near_misses": list(near_misses)}
    return planted.compare(plan, found)[entry["code"]]


def works(account, *ids, code="W13"):
    return Key(code, account, frozenset(ids))


@pytest.mark.parametrize(
    ("entry", "found"),
    [
        pytest.param(SCANS, {works("one", "a", "b"): 5}, id="one finding of all works"),
        pytest.param(SCANS, {works("one", "a"): 2, works("two", "b"): 3}, id="one a worker"),
        pytest.param(SCANS, {works("", "a", "b"): 5}, id="one of the vendor, with its works"),
        pytest.param(SCANS, {Key("W13", "", project="scans"): 5}, id="one of the project"),
        pytest.param(HOURS, {Key("W30", "one", days=frozenset({"2026-10-06"})): 0}, id="a day"),
        pytest.param(HOURS, {Key("W30", "one", week="2026-10-05"): 0}, id="a week"),
        pytest.param(HOURS, {works("one", "x", code="W30"): 0}, id="works that the case names not"),
        pytest.param(EVERYBODY, {Key("W29", "", week="2026-09-28"): 7}, id="the whole vendor"),
    ],
)
def test_a_case_is_found_however_its_findings_are_cut(entry, found):
    assert outcome(entry, found).is_exact


@pytest.mark.parametrize(
    ("entry", "found", "fault"),
    [
        pytest.param(SCANS, {}, "missing", id="nothing"),
        pytest.param(SCANS, {works("one", "a"): 5}, "missing", id="a work left out"),
        pytest.param(SCANS, {works("one", "a", "b", "c"): 5}, "missing", id="a work too many"),
        pytest.param(SCANS, {works("one", "a", "b"): 4}, "wrong_stake", id="another stake"),
        pytest.param(SCANS, {works("six", "a", "b"): 5}, "missing", id="somebody else"),
        pytest.param(SCANS, {Key("W13", "", project="maps"): 5}, "missing", id="another project"),
        pytest.param(HOURS, {Key("W30", "one", week="2026-10-12"): 0}, "missing", id="a week off"),
        pytest.param(HOURS, {Key("W30", "one", week="2026-10-12"): 0}, "false", id="and false"),
        pytest.param(
            HOURS,
            {Key("W30", "one"): 0, Key("W30", "two"): 0},
            "false",
            id="one more than was planted",
        ),
    ],
)
def test_what_does_not_agree_is_a_fault(entry, found, fault):
    one = outcome(entry, found)

    assert not one.is_exact
    assert getattr(one, fault)


def test_a_finding_about_a_near_miss_is_shown():
    miss = {**HOURS, "account": "two", "accounts": ["two"]}
    fine = outcome(HOURS, {Key("W30", "one"): 0}, [miss])
    caught = outcome(HOURS, {Key("W30", "one"): 0, Key("W30", "two"): 0}, [miss])

    assert fine.is_exact
    assert caught.near_misses_flagged == ["W30 two 2026-10-05"]


def test_the_near_miss_of_another_project_in_the_same_week_is_not_touched():
    miss = {**SCANS, "accounts": ["six"], "works": [], "project": "maps"}
    found = {Key("W13", "", week="2026-10-05", project="scans"): 5}

    assert outcome(SCANS, found, [miss]).is_exact


def test_evidence_is_read_as_far_as_it_goes():
    evidence = {"works": [{"external_id": "b"}, {"external_id": "a"}], "week": "2026-10-05"}

    assert planted.key_of("W14", "one", evidence) == Key(
        "W14", "one", frozenset({"a", "b"}), "2026-10-05"
    )
    assert planted.key_of("W29", "", {}) == Key("W29", "")


def test_a_code_without_a_detector_is_shown_as_such():
    plan = {"planted": [HOURS, EVERYBODY], "near_misses": []}
    lines = planted.as_text(planted.compare(plan, {}), judged={"W30"}).splitlines()

    assert "no detector" in lines[1]
    assert "no detector" not in lines[2]
    assert lines[3] == "      not found: W30 one 2026-10-05"
