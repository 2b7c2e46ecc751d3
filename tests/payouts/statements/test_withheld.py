"""What is withheld stands on the statement with its reason, its end and who decided."""

import json
from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader

from ledger import jobs, withholding
from ledger.money import Money
from payouts.models import Statement
from payouts.statements import data, issue, pdf
from payouts.statements.page import page_context
from tests import bringing, factories
from tests.ledger import owed
from tests.ledger.owed import DOLLAR, NOW, row, until
from tests.payouts.statements import builders
from workers.models import Engagement

pytestmark = pytest.mark.django_db


@pytest.fixture
def statement(tmp_path):
    bringing.floor_since_2010()
    vendor = factories.vendor()
    owed.work(vendor, tmp_path, row("a0", 10), row("a1", 20))
    owed.work(vendor, tmp_path, row("a1", 20, "rejected", day=5, reason="poor"), as_of=12)
    withholding.withhold(
        "hold", engagement=Engagement.objects.get(), grounds=until(), works=["a0"],
        most=Money(4 * DOLLAR, "USD"), at=NOW,
    )  # fmt: skip
    issued(vendor)
    return data.from_json(Statement.objects.get().data)


def issued(vendor):
    job = issue.start(vendor=vendor, period="2026-09", by=None, at=NOW)
    jobs.run(job_id=job.pk, at=NOW)


def test_each_withheld_amount_says_why_and_until_when(statement):
    held, refused = statement.withheld

    assert (held.external_id, held.amount_micros, held.kind) == ("a0", 4 * DOLLAR, "hold")
    assert held.until_on == date(2026, 12, 31)
    assert (held.reason, held.decided_by) == ("a second look at this work", "pay desk")
    assert (refused.external_id, refused.amount_micros, refused.kind) == (
        "a1", 20 * DOLLAR, "export",
    )  # fmt: skip
    assert (refused.reason, refused.until_on) == ("poor", None)
    assert data.differences(statement) == ()


def test_paper_and_page_say_it(statement):
    text = "\n".join(
        page.extract_text() for page in PdfReader(BytesIO(pdf.render(statement))).pages
    )
    titles = [block.section.title for block in page_context(statement)["blocks"]]

    assert "a second look" in text
    assert "31 Dec 2026" in text
    assert "pay desk" in text
    assert "Held back or taken off, with the reason given" in titles


def test_a_statement_without_any_is_what_it_was_before_there_was_the_table():
    month = builders.month()
    assert "withheld" not in {key for key in json.loads(data.to_json(month)) if key != "totals"}
    assert data.from_json(data.to_json(month)) == month
