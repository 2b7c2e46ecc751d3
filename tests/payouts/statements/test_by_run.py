"""A statement says of each payment how a run made it: by one person, and what was to arrive."""

import json
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from pypdf import PdfReader

from ledger import jobs
from payouts.models import Statement
from payouts.runs import files
from payouts.statements import data, issue, pdf
from payouts.statements.page import page_context
from tests import factories
from tests.payouts.runs.conftest import checker, maker, two, vendor  # noqa: F401
from tests.payouts.runs.test_runs import drafted, send
from workers.models import Payee

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, 9, tzinfo=UTC)
ALONE = "One person drafted and approved this payment."


def statement_of(of, account):
    jobs.run(job_id=issue.start(vendor=of, period="2026-10", by=None, at=AT).pk, at=AT)
    return data.from_json(Statement.objects.get(engagement__account=account).data)


def said(statement):
    """Return the statement as data file, as paper, and what its page says of payments."""
    paper = PdfReader(BytesIO(pdf.render(statement))).pages
    blocks = [block.section for block in page_context(statement)["blocks"]]
    rows = next(one for one in blocks if one.key == "payments").rows
    return (
        json.loads(data.to_json(statement))["payments"],
        " ".join(" ".join(page.extract_text().split()) for page in paper),
        [row.under for row in rows],
    )


@pytest.mark.parametrize("alone", [True, False])
def test_data_paper_and_page_say_that_one_person_did_both(two, maker, checker, alone):  # noqa: F811
    two.one_person = alone
    two.save()
    run = send(drafted(two, maker), maker if alone else checker)

    ((payment,), paper, rows) = said(statement_of(two, "ada"))

    assert payment.get("one_person", False) is alone
    assert (ALONE in paper) is alone
    assert rows == [ALONE if alone else ""]
    assert (b"One person drafted and approved it." in files.written(run, "summary")) is alone


def test_a_payment_in_another_currency_says_what_was_to_arrive(two, maker, checker):  # noqa: F811
    factories.reference_rate("USD", "EUR", 1.25, date(2026, 10, 30))
    Payee.objects.filter(engagement__account="ada").update(currency="EUR")
    send(drafted(two, maker), checker)

    ((payment,), paper, rows) = said(statement_of(two, "ada"))

    assert (payment["amount"], payment["payout"], payment["payout_currency"]) == (
        "40.00", "32.00", "EUR",
    )  # fmt: skip
    assert rows == ["To arrive: 32.00 EUR."]
    assert rows[0] in paper


def test_other_statements_stay_as_they_were_to_the_byte(two, maker, checker):  # noqa: F811
    send(drafted(two, maker), checker)

    payments, *_ = said(statement_of(two, "ada"))

    assert not payments[0].keys() & {"one_person", "payout", "payout_currency"}
