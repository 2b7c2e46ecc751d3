"""The data file: canonical, exact, and read back to the same statement."""

import doctest
import json
from dataclasses import replace
from datetime import date

import pytest

from payouts.statements import basis, canonical, data, faces, figures, safe, sheet, words
from payouts.statements.figures import OwedItem, age
from tests.payouts.statements import builders

STATEMENTS = [builders.month(), builders.empty_month(), builders.below_the_floor()]


@pytest.mark.parametrize("statement", STATEMENTS, ids=["month", "empty", "below the floor"])
def test_a_data_file_is_read_back_to_the_same_statement(statement):
    assert data.from_json(data.to_json(statement)) == statement


@pytest.mark.parametrize("statement", STATEMENTS, ids=["month", "empty", "below the floor"])
def test_the_statements_of_the_tests_add_up(statement):
    assert data.differences(statement) == ()


def test_a_data_file_is_canonical():
    text = data.to_json(builders.month())
    plain = json.loads(text, parse_float=lambda number: pytest.fail(f"{number} is a fraction"))

    assert text == json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert plain["totals"]["owed"] == "50.40"
    assert plain["issued_at"] == "2026-11-04T08:00:00.000Z"


def test_what_does_not_add_up_is_named():
    month = builders.month()
    wrong = replace(month, totals=replace(month.totals, owed_micros=1))

    assert any(line.startswith("items and owed") for line in data.differences(wrong))


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda plain: plain.pop("number"), id="a field is missing"),
        pytest.param(lambda plain: plain.update(extra=1), id="a field is unknown"),
        pytest.param(lambda plain: plain.update(version="1"), id="text for a number"),
        pytest.param(lambda plain: plain["totals"].update(owed=1), id="a number for an amount"),
        pytest.param(lambda plain: plain["totals"].update(owed="1E+9"), id="a loose amount"),
        pytest.param(lambda plain: plain.update(schema="other"), id="another form"),
    ],
)
def test_what_is_not_a_statement_is_refused(change):
    plain = json.loads(data.to_json(builders.month()))
    change(plain)

    with pytest.raises(ValueError, match=r"\w"):
        data.from_json(json.dumps(plain))


def test_a_lone_surrogate_does_not_stop_the_data_file():
    month = builders.month(pieces=1)
    broken = replace(month, payer=replace(month.payer, name="A\ud800B"))

    assert data.from_json(data.to_json(broken)).payer.name == "A?B"
    assert len(data.sha256(broken)) == 64


@pytest.mark.parametrize(
    ("due_on", "code"),
    [
        pytest.param(date(2026, 11, 5), "not_due", id="due tomorrow"),
        pytest.param(date(2026, 11, 4), "not_due", id="due today"),
        pytest.param(date(2026, 11, 3), "to_16", id="one day late"),
        pytest.param(date(2026, 10, 19), "to_16", id="16 days late"),
        pytest.param(date(2026, 10, 18), "to_30", id="17 days late"),
        pytest.param(date(2026, 10, 5), "to_30", id="30 days late"),
        pytest.param(date(2026, 10, 4), "to_60", id="31 days late"),
        pytest.param(date(2026, 9, 5), "to_60", id="60 days late"),
        pytest.param(date(2026, 9, 4), "over_60", id="61 days late"),
        pytest.param(None, "undated", id="no date agreed"),
    ],
)
def test_a_debt_has_one_age(due_on, code):
    item = OwedItem("x", "p", 5, date(2026, 8, 1), due_on, is_known=True)

    filled = [bucket for bucket in age([item], as_of_on=date(2026, 11, 4)) if bucket.items]

    assert [(bucket.code, bucket.amount_micros) for bucket in filled] == [(code, 5)]


@pytest.mark.parametrize("module", [basis, canonical, faces, figures, safe, sheet, words])
def test_the_examples_in_the_docstrings_run(module):
    assert doctest.testmod(module).failed == 0
