"""What was awarded here is told in words; only data files and the API have its ids."""

import doctest
from datetime import UTC, datetime

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from ledger.models import Work
from payouts.models import Statement
from payouts.statements import awards, issue
from payouts.statements.data import from_json
from payouts.statements.page import page_context
from tests import factories
from tests.payouts.flag_life.test_awards import look, pay, the_flag, vendor  # noqa: F401

UUID = "2c063144-51f0-4a6e-9a10-c8b1a2360001"
QUESTION = f"question {UUID} {UUID}"
FLAG = f"flag 125 2026-09-28 {UUID}"
NO_DAY = f"flag 125 2026-99-99 {UUID}"
BY_AN_ANSWER = "Awarded by an answer to a question"
FOR_A_FLAG = "Awarded for a flag on the week from 28 Sep 2026"


def test_the_examples_in_the_docstrings_run():
    assert doctest.testmod(awards).failed == 0


@pytest.mark.parametrize(
    ("text", "words", "shown_id"),
    [
        pytest.param(QUESTION, BY_AN_ANSWER, "", id="an award's id"),
        pytest.param(f"question {UUID}", BY_AN_ANSWER, "", id="its reason"),
        pytest.param(FLAG, FOR_A_FLAG, "", id="an award's id, for a flag"),
        pytest.param("3XQ4", "", "3XQ4", id="a platform's id"),
        pytest.param("question 7", "", "question 7", id="a platform's id that begins like it"),
        pytest.param(NO_DAY, "", NO_DAY, id="a day that there is not"),
    ],
)
def test_an_award_is_told_in_words(text, words, shown_id):
    assert (awards.said(text), awards.shown_id(text)) == (words, shown_id)


@pytest.mark.django_db
def test_a_statement_says_it_in_words_and_its_data_file_has_the_id(vendor):  # noqa: F811
    look(vendor)
    pay(the_flag(), factories.staff(vendor))
    at = datetime(2026, 11, 4, 8, tzinfo=UTC)
    issue.issue_all(vendor=vendor, period="2026-10", by=None, at=at)
    row = Statement.objects.get()

    tables = {one.section.key: one.lines for one in page_context(from_json(row.data))["blocks"]}

    shown = " ".join(map(str, tables.values()))
    words = "Awarded for a flag on the week from 5 Oct 2026"
    assert [name for name in ("pay", "owed", "work") if words in str(tables[name])] == [
        "pay",
        "owed",
        "work",
    ]
    work_id = Work.objects.get(kind="award").external_id
    assert work_id.startswith("flag ")
    assert work_id not in shown
    assert work_id in row.data


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("work_id", "words"), [(QUESTION, BY_AN_ANSWER), (FLAG, FOR_A_FLAG)], ids=["question", "flag"]
)
def test_my_pay_lists_an_award_in_words(client, work_id, words):
    account = factories.engagement(factories.vendor())
    client.force_login(factories.worker(account))
    given = {"kind": "award", "project": work_id.split()[0], "task_type": work_id.split()[0]}
    factories.transfer(factories.work(account, external_id=work_id, **given))

    page = client.get(reverse("my-week", args=[account.pseudonym, "2026-10-12"])).content.decode()

    said = " ".join(strip_tags(page).split())
    assert f"{words}14 Oct 2026" in said
    assert f"Ask about it: {words}" in said
    assert work_id not in page
