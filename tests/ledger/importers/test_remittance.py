"""The canonical remittance: what was paid, to whom, and whether it arrived."""

import pytest

from ledger.importers import recognise
from ledger.importers.fields import instant
from ledger.importers.rows import NoWork, PaymentRow
from tests.ledger.importers.files import csv_of, payment_of, reject_of, rows_of

ROW = {
    "payment_reference": "TRF-9",
    "worker_external_id": "w-17",
    "source_system": "my_tool",
    "amount": "38.40",
    "currency": "USD",
    "sent_at": "2026-03-05T10:00:00+03:00",
    "arrived_at": "2026-03-06T08:30:00Z",
    "fee": "0.40",
    "work_ids": "att-1; att-2 att-1",
}


def test_a_row_becomes_a_payment() -> None:
    text = csv_of(ROW)

    assert payment_of(text) == PaymentRow(
        line=2,
        raw=text.splitlines()[1].encode(),
        source="my_tool",
        account="w-17",
        reference="TRF-9",
        currency="USD",
        amount_micros=38_400_000,
        sent_at_ms=instant("2026-03-05T07:00:00Z"),
        arrived_at_ms=instant("2026-03-06T08:30:00Z"),
        fee_micros=400_000,
        works=("att-1", "att-2"),
    )
    assert recognise(list(ROW)).KIND == "payouts"


def test_a_payment_may_be_on_its_way_without_a_fee_and_without_its_work() -> None:
    needed = {name: ROW[name] for name in list(ROW)[:6]}

    payment = payment_of(csv_of(needed))

    assert (payment.arrived_at_ms, payment.fee_micros, payment.works) == (None, 0, ())


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"payment_reference": ""}, "payment_reference"),
        ({"worker_external_id": ""}, "worker_external_id"),
        ({"source_system": "*"}, "source_system"),
        ({"amount": "0"}, "amount"),
        ({"amount": "0.00"}, "amount"),
        ({"amount": "-5"}, "amount"),
        ({"amount": "1,000.00"}, "amount"),
        ({"amount": ""}, "amount"),
        ({"currency": ""}, "currency"),
        ({"sent_at": "2026-03-05"}, "sent_at"),
        ({"arrived_at": "2026-03-05T06:59:59Z"}, "arrived_at"),
        ({"fee": "38.41"}, "fee"),
        ({"fee": "x"}, "fee"),
        ({"work_ids": "att-1;" + "x" * 201}, "work_ids"),
        ({"arrived_amount": "4890", "arrived_currency": ""}, "arrived_currency"),
        ({"arrived_amount": "", "arrived_currency": "KES"}, "arrived_amount"),
        ({"arrived_amount": "0", "arrived_currency": "KES"}, "arrived_amount"),
        ({"arrived_amount": "38", "arrived_currency": "USD"}, "arrived_currency"),
        ({"arrived_amount": "4890", "arrived_currency": "KES", "arrived_at": ""}, "arrived_at"),
        ({"payment_reference": "x" * 121}, "payment_reference"),
        ({"payment_reference": "x" * 600}, "payment_reference"),
    ],
)
def test_a_row_that_breaks_a_rule_is_a_reject_of_that_column(
    change: dict[str, str], column: str
) -> None:
    reject = reject_of(csv_of(ROW | change))

    assert (reject.line, reject.column) == (2, column)
    assert reject.rule
    assert reject.mend


def test_what_arrived_in_another_currency_is_kept() -> None:
    payment = payment_of(csv_of(ROW | {"arrived_amount": "4890.5", "arrived_currency": "KES"}))

    assert (payment.arrived_micros, payment.arrived_currency) == (4_890_500_000, "KES")


def test_a_payment_may_list_a_thousand_works() -> None:
    works = tuple(f"att-{number}" for number in range(1000))

    assert payment_of(csv_of(ROW | {"work_ids": ";".join(works)})).works == works


def test_a_shifted_row_is_a_reject() -> None:
    text = csv_of(ROW).replace('"38.40"', '"38","40"')

    assert reject_of(text).column == "(row)"


def test_a_blank_line_is_no_payment() -> None:
    assert rows_of(csv_of(ROW) + ",,\n")[1] == NoWork(3, "blank line")


def test_rejects_can_be_corrected_and_imported_again() -> None:
    reject = reject_of(csv_of(ROW | {"amount": "38,40"}))

    corrected = payment_of(csv_of({"_line": "2"} | reject.cells | {"amount": "38.40"}))

    assert corrected._replace(raw=b"") == payment_of(csv_of(ROW))._replace(raw=b"")
