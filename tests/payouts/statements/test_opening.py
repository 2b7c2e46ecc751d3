"""What a statement opens with is of its month; where open money is of more work, it says so."""

from datetime import UTC, date, datetime, timedelta

import pytest

from payouts.models import Statement
from payouts.statements import issue, opening
from payouts.statements.data import from_json
from tests import bringing, factories
from tests.payouts.exports import bring_payouts, bring_work, payment, pending, work
from tests.payouts.statements import builders

AT = datetime(2026, 12, 3, 8, tzinfo=UTC)
SCOPE = "Counting all your work until 3 Dec 2026, not only that of November 2026:"


@pytest.fixture
def vendor(db):
    bringing.floor_since_2010()
    return factories.vendor("Aster Labelling")


def november(number=1):
    start = datetime(2026, 11, 3, 9, tzinfo=UTC) + timedelta(hours=number)
    return work("ada", number, start=start, status_at="2026-11-05T12:00:00Z")


def said(vendor):
    """Return the sentences of November's statement: those set large, and those below."""
    issue.issue_all(vendor=vendor, period="2026-11", by=None, at=AT)
    data = from_json(Statement.objects.get().data)
    return tuple([one.text for one in part(data)] for part in (opening.lead, opening.detail))


def test_open_money_of_other_months_is_told_apart(vendor, tmp_path):
    bring_work(vendor, tmp_path, work(number=1), november(2), at=AT)
    bring_payouts(
        vendor,
        tmp_path,
        payment(works="ada-2", sent_at="2026-11-20T10:00:00Z"),
        complete_until=date(2026, 12, 2),
        at=AT,
    )

    lead, _ = said(vendor)

    assert lead[-2] == SCOPE
    assert lead[-1].startswith("20.00 USD is overdue since")


def test_what_is_in_review_is_under_the_same_words(vendor, tmp_path):
    bring_work(vendor, tmp_path, november(1), pending(number=2), at=AT)

    lead, detail = said(vendor)

    assert SCOPE in lead
    assert detail[0] == "1 piece of work, worth 20.00 USD, is in review."
    assert detail[1].startswith("The floor is")


def test_a_part_of_a_piece_that_lies_in_another_month_is_other_work(vendor, tmp_path):
    over_the_end = datetime(2026, 10, 25, 23, 30, tzinfo=UTC)  # of the last week of October
    row = work("ada", 1, start=over_the_end, status_at="2026-11-05T12:00:00Z")
    bring_work(vendor, tmp_path, row, at=AT)

    assert SCOPE in said(vendor)[0]


def test_nothing_is_said_where_all_is_of_the_month(vendor, tmp_path):
    bring_work(vendor, tmp_path, november(1), november(2), at=AT)

    lead, detail = said(vendor)

    assert not [one for one in lead if one.startswith("Counting")]
    assert detail[0].startswith("The floor is")


@pytest.mark.parametrize("data", [builders.month(), builders.below_the_floor()])
def test_a_statement_of_the_tests_says_what_it_said(data):
    assert not [one for one in opening.lead(data) if one.text.startswith("Counting")]
