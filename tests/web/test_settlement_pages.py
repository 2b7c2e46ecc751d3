"""The pages of settlement: what vendor staff and auditors read, and what an auditor must not."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from ledger import jobs
from payouts.models import SettlementFile, SettlementOutcome
from payouts.settlement import intake, pages
from tests import factories
from tests.payouts.settlement import reports
from tests.payouts.settlement.bank import NOW, Bank
from tests.payouts.settlement.reports import Line

pytestmark = pytest.mark.django_db


@pytest.fixture
def bank(tmp_path, settings):
    settings.VAR_DIR = tmp_path
    bank = Bank(tmp_path)
    bank.work(("a1", "w1", "10.00"), ("b1", "w2", "10.00"))
    bank.paid(("PAY-1", "w1", "10.00"), ("PAY-2", "w2", "10.00"))
    bank.report(
        reports.camt(
            Line("PAY-1", name="Jan Nowak"),
            Line("PAY-2", status="returned", name="Ada Obi"),
            Line("ELSEWHERE", "3.00", name="Water Works"),
        ),
        name="october.xml",
    )
    return bank


def said(client, bank, rest=""):
    """Return the text of a page."""
    response = client.get(f"/v/{bank.vendor.slug}/settlement/{rest}")
    assert response.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.fixture
def staff(client, bank):
    client.force_login(factories.staff(bank.vendor))
    return client


def test_the_list_says_what_is_matched_and_whether_sums_agree(staff, bank):
    page = said(staff, bank)

    assert "october.xml" in page
    assert "3 entries · 2 matched · 1 open · ✓ sums agree" in page
    assert "1 entry without an answer" in page


def test_a_file_shows_its_balances_and_what_became_of_each_entry(staff, bank):
    page = said(staff, bank, f"{SettlementFile.objects.get().uuid}/")

    assert "Opening balance 1,000.00 USD" in page
    assert "Closing balance 997.00 USD" in page
    assert "✓ Sums and balances agree" in page
    assert "Settled (by reference, 100%)" in page
    assert "returned (AC04)" in page
    assert "Jan Nowak" in page


def test_what_has_no_payment_is_listed_with_the_reason(staff, bank):
    page = said(staff, bank, "entries/")

    assert "Water Works" in page
    assert "no payment has the reference ELSEWHERE" in page
    assert "Jan Nowak" not in page
    assert "Jan Nowak" in said(staff, bank, "entries/?outcome=settled")
    assert "Water Works" in said(staff, bank, "entries/?outcome=nonsense")


def test_an_auditor_reads_entries_and_not_whom_they_name(client, bank):
    client.force_login(factories.auditor(bank.vendor))
    file = SettlementFile.objects.get()
    pages = [said(client, bank, rest) for rest in ("", "entries/?outcome=settled", f"{file.uuid}/")]

    assert "PAY-1" in pages[1]
    assert "PAY-1" in pages[2]
    for page in pages:
        assert "Nowak" not in page
        assert "Bring a file in" not in page


def test_a_file_is_brought_in_and_read_behind_the_page(staff, bank):
    address = f"/v/{bank.vendor.slug}/settlement/add/"
    content = reports.camt(Line("PAY-1", day="2026-10-25", fee="0.50"), kind="054")
    answer = staff.post(address, {"file": SimpleUploadedFile("late.xml", content)})
    file = SettlementFile.objects.get(name="late.xml")

    assert answer.headers["Location"] == f"/v/{bank.vendor.slug}/settlement/{file.uuid}/"
    assert "The file is being read" in said(staff, bank, f"{file.uuid}/")
    jobs.run(job_id=intake.job_of(file).pk, at=NOW)
    assert "Nothing to check the sums by" in said(staff, bank, f"{file.uuid}/")
    assert bank.money("PAY-1")["fees"] == 0.5

    again = staff.post(address, {"file": SimpleUploadedFile("b.xml", content)}, follow=True)
    assert "was brought in before" in again.content.decode()


def test_a_file_that_cannot_be_read_says_why(staff, bank):
    bank.report(b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'b'>]><x>camt.053.001.08</x>")
    page = said(staff, bank, f"{SettlementFile.objects.get(state='refused').uuid}/")

    assert "Nothing of this file was kept." in page
    assert "a document type or an entity of its own" in page


@pytest.mark.parametrize(
    ("form", "why"),
    [
        pytest.param({}, "Choose a file.", id="no file"),
        pytest.param({"file": b"  "}, "is empty", id="blank"),
        pytest.param({"file": b"a,b\n", "mapping": b"{}"}, "docs/settlement.md", id="no mapping"),
    ],
)
def test_what_is_not_taken_says_why(staff, bank, form, why):
    files = {name: SimpleUploadedFile(name, content) for name, content in form.items()}
    answer = staff.post(f"/v/{bank.vendor.slug}/settlement/add/", files)

    assert answer.status_code == 200
    assert why in answer.content.decode()
    assert SettlementFile.objects.count() == 1


def test_the_endpoint_lists_entries_by_outcome(staff, bank):
    answer = staff.get("/api/v1/settlement/?outcome=returned").json()

    (entry,) = answer["results"]
    assert entry["end_to_end_id"] == "PAY-2"
    assert entry["amount"] == {"amount": "10.00", "currency": "USD"}
    assert (entry["account"], entry["matched_by"], entry["confidence"]) == ("w2", "reference", 100)


# What is not one sum, not read, or not on the first page


def test_currencies_are_never_added_up(staff, bank):
    lines = Line("E", "10.00", currency="EUR"), Line("K", "9900.00", currency="KES"), Line("F")
    file = bank.report(reports.csv(*lines), name="three.csv")
    page = said(staff, bank, f"{file.uuid}/")

    for out in ("10.00 EUR", "9,900.00 KES", "10.00 USD"):
        assert f"Went out {out}" in page
    assert "9,920.00" not in page
    (told,) = pages.report(file, new=True)["statements"]
    assert told["out"] is None
    assert "10.00 out EUR" in pages.balance_line(told)


def test_a_file_with_rows_that_could_not_be_read_is_never_green(staff, bank):
    SettlementFile.objects.filter(name="october.xml").update(state="undone")
    content = reports.csv(Line("PAY-1"), Line("PAY-2", "ten"), Line("PAY-2", "eleven"))
    file = bank.report(content, name="odd.csv")
    SettlementOutcome.objects.update(outcome="settled")
    listed, page = said(staff, bank), said(staff, bank, f"{file.uuid}/")

    assert "⚠ 2 not read" in listed
    assert "1 matched · 0 open · 2 could not be read" in listed
    assert "Every entry that could be read has its payment" in listed
    assert "✓" not in listed.partition("october.xml")[0]
    assert "⚠ 2 could not be read" in page


def test_entries_that_an_earlier_file_told_count_as_open_here_too(staff, bank):
    again = reports.camt(Line("ELSEWHERE", "3.00", name="Water Works"), days=("2026-10-19",) * 2)
    file = bank.report(again, name="again.xml")
    assert file.counts["known"] == 1

    assert "again.xml ⚠ 1 open" in said(staff, bank)
    page = said(staff, bank, f"{file.uuid}/")
    assert "1 entry · 1 not matched" in page
    assert "no payment has the reference ELSEWHERE" in page


def test_all_entries_of_a_long_file_are_there_page_by_page(staff, bank):
    file = bank.report(reports.csv(*(Line(f"LONG-{n:03}") for n in range(1, 54))), name="long")
    first = said(staff, bank, f"{file.uuid}/")

    assert "LONG-050" in first
    assert "LONG-051" not in first
    assert "Page 1 of 2" in first
    assert "LONG-053" in said(staff, bank, f"{file.uuid}/?page=2")
