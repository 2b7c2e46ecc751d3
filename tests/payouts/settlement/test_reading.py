"""What each format's reader takes from a file, and what it says of what it cannot read."""

import json
import re
from datetime import date
from pathlib import Path

import pytest

from ledger.importers.columns import as_markdown
from ledger.importers.reading import UnreadableFile
from payouts.settlement import canonical, formats, mapping
from payouts.settlement.entries import IN, OUT
from tests.payouts.settlement import reports
from tests.payouts.settlement.reports import Line

DOCUMENT = Path(__file__).parents[3] / "docs/settlement.md"
MT940 = b""":20:START
:25:50880050/0194777100888
:28C:4/1
:60F:C261019EUR100,00
:61:2610201020DR12,50NTRFNONREF//BANK-1
:86:191?00SEPA-UEBERW?20EREF+PAY-WITH-A-LONG-REFERE?21NCE?22SVWZ+October pay?31NL46ABNA04
99998748?32Jan Nowak
:61:2610211021CR4,00NTRFNONREF//BANK-2
:86:159?00RETOURE?20EREF+PAY-2?21SVWZ+Konto geschlossen?34903
:62F:C261021EUR91,50
-
"""


def only(report):
    (statement,) = report.statements
    return statement


def test_an_mt940_is_read_with_its_structured_details():
    statement = only(formats.read(MT940))
    paid, returned = statement.entries

    assert statement.agrees is True
    assert (paid.direction, paid.amount_micros, paid.on) == (OUT, 12_500_000, date(2026, 10, 20))
    assert paid.end_to_end_id == "PAY-WITH-A-LONG-REFERENCE"
    assert (paid.name, paid.account) == ("Jan Nowak", "NL46ABNA0499998748")
    assert paid.bank_reference == "BANK-1"
    assert (returned.status, returned.direction) == ("returned", IN)
    assert (returned.end_to_end_id, returned.reason_code) == ("PAY-2", "903")


def test_an_mt940_of_a_dutch_bank_is_read():
    details = b"/TRTP/SEPA OVERBOEKING/IBAN/NL46ABNA0499998748/NAME/J NOWAK/EREF/PAY-7"
    content = re.sub(rb":86:191.*?(?=\n:61:)", b":86:" + details, MT940, flags=re.DOTALL)
    paid = formats.read(content).entries[0]

    assert (paid.end_to_end_id, paid.name) == ("PAY-7", "J NOWAK")
    assert paid.account == "NL46ABNA0499998748"


def test_an_entry_that_is_missing_in_an_mt940_shows_in_its_balances():
    content = re.sub(rb":61:2610211021.*?(?=:62F:)", b"", MT940, flags=re.DOTALL)
    statement = only(formats.read(content))

    assert statement.agrees is False
    assert statement.gap_micros == -4_000_000


def test_an_amount_that_cannot_be_read_is_a_problem_of_its_line():
    statement = only(formats.read(MT940.replace(b"DR12,50N", b"DR12.50N")))

    (problem,) = statement.problems
    assert problem.place == "line 5, :61:"
    assert len(statement.entries) == 1
    assert statement.agrees is False, "what is lost is seen"


def test_a_day_that_there_is_not_stays_in_sight():
    entry = formats.read(MT940.replace(b":61:2610201020", b":61:2602300301")).entries[0]

    assert entry.dates_said == "260230"
    assert entry.on == date(2026, 3, 1)


def test_the_booking_day_of_a_value_date_around_new_year_is_the_nearest():
    entry = formats.read(MT940.replace(b":61:2610201020", b":61:2612310102")).entries[0]

    assert entry.booked_on == date(2027, 1, 2)


@pytest.mark.parametrize("version", ["02", "03", "04", "05", "06", "07", "08"])
@pytest.mark.parametrize("kind", ["053", "054"])
def test_every_version_of_camt_is_read(kind, version):
    lines = [Line("PAY-1", fee="0.20", name="Jan Nowak"), Line("PAY-2", status="returned")]
    statement = only(formats.read(reports.camt(*lines, kind=kind, version=version)))

    assert [entry.end_to_end_id for entry in statement.entries] == ["PAY-1", "PAY-2"]
    assert [entry.status for entry in statement.entries] == ["booked", "returned"]
    assert statement.entries[0].fee_micros == 200_000
    assert statement.entries[0].name == "Jan Nowak"
    assert statement.entries[1].reason_code == "AC04"
    assert statement.agrees is (True if kind == "053" else None)


def batch(*amounts, whole="10.00"):
    """Return a camt.053 whose one entry holds transactions of these amounts."""
    content = reports.camt(Line("PAY-1", whole)).decode()
    detail = re.search(r"<TxDtls>.*</TxDtls>", content, re.DOTALL)[0]
    details = "".join(
        detail.replace(f">{whole}<", f">{amount}<").replace("PAY-1", f"PAY-{number}")
        for number, amount in enumerate(amounts)
    )
    return content.replace(detail, details).encode()


def test_the_transactions_of_a_batch_are_entries():
    statement = only(formats.read(batch("4.00", "6.00")))

    assert [(e.end_to_end_id, e.amount_micros) for e in statement.entries] == [
        ("PAY-0", 4_000_000), ("PAY-1", 6_000_000),
    ]  # fmt: skip
    assert statement.agrees


def test_what_the_transactions_leave_of_an_entry_is_not_lost():
    statement = only(formats.read(batch("4.00", "5.00")))

    assert [e.amount_micros for e in statement.entries] == [4_000_000, 5_000_000, 1_000_000]
    assert statement.entries[-1].end_to_end_id == ""
    assert statement.agrees


def test_transactions_beyond_their_entry_are_not_believed():
    statement = only(formats.read(batch("7.00", "6.00")))

    assert [e.amount_micros for e in statement.entries] == [10_000_000]
    assert statement.problems[0].rule == "the transactions of an entry are not more than the entry"
    assert statement.agrees


def test_the_banks_own_charge_bears_no_fee_of_the_worker():
    content = reports.camt(Line("PAY-1", fee="0.20")).replace(b"<Br>CRED", b"<Br>DEBT")

    assert formats.read(content).entries[0].fee_micros == 0


def test_a_pain_002_tells_rejections_with_their_code():
    report = formats.read(reports.pain002(Line("PAY-1", status="rejected", reason="AM04")))
    (entry,) = report.entries

    assert (entry.status, entry.reason_code, entry.end_to_end_id) == ("rejected", "AM04", "PAY-1")
    assert only(report).sum_of(OUT) == 0, "a status moves no money of the account"


def test_ofx_is_read_with_and_without_closing_tags():
    sgml = b"""OFXHEADER:100
CHARSET:1252

<OFX><STMTRS><CURDEF>USD<BANKACCTFROM><ACCTID>12 34</BANKACCTFROM><BANKTRANLIST>
<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20261020120000.000[-5:EST]<TRNAMT>-10.00<FITID>F1<NAME>A &amp; B
</STMTTRN></BANKTRANLIST><LEDGERBAL><BALAMT>5.00<DTASOF>20261021</LEDGERBAL></STMTRS></OFX>"""
    tags = re.compile(rb"<(ACCTID|CURDEF|TRNTYPE|DTPOSTED|TRNAMT|FITID|NAME|BALAMT|DTASOF)>([^<]*)")
    xml = tags.sub(rb"<\1>\2</\1>", sgml)
    for content in (sgml, xml):
        statement = only(formats.read(content))
        (entry,) = statement.entries
        assert (entry.direction, entry.amount_micros, entry.name) == (OUT, 10_000_000, "A & B")
        assert entry.booked_on == date(2026, 10, 20)
        assert entry.bank_reference == "F1"
        assert (statement.account, statement.closing_micros) == ("1234", 5_000_000)


def test_an_ofx_that_breaks_off_loses_nothing_that_it_had():
    content = b"<OFX><STMTRS><CURDEF>USD<STMTTRN><TRNAMT>-1.00<DTPOSTED>20261020<FITID>1"

    assert [entry.amount_micros for entry in formats.read(content).entries] == [1_000_000]


def test_a_bad_row_of_the_csv_is_a_problem_and_the_others_are_read():
    content = reports.csv(Line("PAY-1"), Line("PAY-2", "1,50"), Line("PAY-3", day="2026-02-30"))
    statement = only(formats.read(content))

    assert [entry.end_to_end_id for entry in statement.entries] == ["PAY-1"]
    assert [problem.place for problem in statement.problems] == ["line 3", "line 4"]


def test_the_columns_are_documented_as_they_are_read():
    text = DOCUMENT.read_text(encoding="utf-8")
    example = re.search(r"```csv\n(.*?)```", text, re.DOTALL)[1]
    report = formats.read(example.encode())

    assert as_markdown(canonical.COLUMNS) in text
    assert [entry.status for entry in report.entries] == ["booked", "returned"]
    assert report.all_problems == []


def documented_mapping():
    text = DOCUMENT.read_text(encoding="utf-8")
    return json.loads(re.search(r"```json\n(.*?)```", text, re.DOTALL)[1])


def mapped(rows, said=None):
    header = (
        "Transfer ID;Your reference;Amount sent;Currency;Completed;State;Fee;Recipient;"
        "Recipient account;Failure;Target amount;Target currency"
    )
    content = "\n".join([header, *rows]).encode()
    return only(formats.read(content, mapped=json.dumps(said or documented_mapping()).encode()))


def test_a_processors_csv_is_read_by_the_mapping_of_the_documentation():
    statement = mapped(
        [
            "T1;PAY-1;38,40;EUR;20.10.2026 08:00;Completed;0,40;Jan Nowak;NL46;;4890,5;KES",
            "T2;PAY-2;5,00;EUR;30.02.2026;FAILED;;;;no such account;;",
            "T3;;100,00;EUR;20.10.2026;Top-up;;;;;;",
        ]
    )
    paid, failed = statement.entries

    assert (paid.end_to_end_id, paid.amount_micros, paid.fee_micros) == (
        "PAY-1", 38_400_000, 400_000,
    )  # fmt: skip
    assert (paid.on, paid.bank_reference, paid.name) == (date(2026, 10, 20), "T1", "Jan Nowak")
    assert (paid.counter, failed.counter) == ((4_890_500_000, "KES"), None)
    assert (failed.status, failed.on, failed.dates_said) == ("rejected", None, "30.02.2026")
    assert statement.problems == []


def test_a_status_that_the_mapping_does_not_know_is_a_problem_and_no_guess():
    statement = mapped(["T1;PAY-1;1,00;EUR;20.10.2026;Cleared;;;;;;"])

    assert statement.entries == []
    assert statement.problems[0].value == "Cleared"


def test_signed_amounts_say_which_way_money_went():
    said = {**documented_mapping(), "amounts": "signed"}
    rows = ["T1;A;-1,00;EUR;20.10.2026;Completed;;;;;;", "T2;B;2,00;EUR;20.10.2026;Completed;;;;;;"]

    assert [entry.direction for entry in mapped(rows, said).entries] == [OUT, IN]


@pytest.mark.parametrize(
    ("change", "value"),
    [
        pytest.param({"columns": {"reference": "A"}}, "reference", id="no amount"),
        pytest.param({"columns": {"reference": "A", "amount": "B", "x": "C"}}, "x", id="unknown"),
        pytest.param({"colour": "red"}, "colour", id="a key of its own"),
        pytest.param({"date_format": "YY-MM"}, "YY-MM", id="half a date"),
        pytest.param({"decimal": ";"}, ";", id="another decimal sign"),
        pytest.param({"statuses": {"ok": "fine"}}, "fine", id="a status of its own"),
        pytest.param({"columns": 7}, "columns", id="no object"),
        pytest.param(
            {"columns": {"reference": "A", "amount": "B", "arrived_amount": "C"}},
            "arrived_currency",
            id="half an exchange",
        ),
    ],
)
def test_a_mapping_that_is_none_says_why(change, value):
    with pytest.raises(UnreadableFile, match=r"docs/settlement\.md") as refused:
        mapping.Mapping.parse(json.dumps({**documented_mapping(), **change}).encode())

    assert value in str(refused.value)


def test_a_mapping_that_names_a_column_which_is_not_there_refuses_the_file():
    with pytest.raises(UnreadableFile, match="no column Your reference"):
        formats.read(b"a,b\n1,2\n", mapped=json.dumps(documented_mapping()).encode())


@pytest.mark.parametrize("content", [b"[" * 5_000, b"\xff", b"[]", b"{}", b"7"])
def test_a_mapping_that_is_no_json_object_is_refused(content):
    with pytest.raises(UnreadableFile):
        mapping.Mapping.parse(content)


def test_a_format_that_is_named_must_be_one():
    with pytest.raises(UnreadableFile, match="the formats are"):
        formats.read(b"x", "mt103")
