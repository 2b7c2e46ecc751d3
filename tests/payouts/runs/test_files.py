"""The files of a run: read back by our own importer, valid for the bank, safe in any hands."""

import csv
import hashlib
import io
from datetime import UTC, date, datetime
from importlib.resources import files as resources
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
import xmlschema

from ledger.models import Payment, Transfer
from ledger.money import parse_micros
from payouts.runs import files
from tests import bringing
from tests.payouts.runs.test_runs import drafted, send
from workers.models import Payee

PAIN = "{urn:iso:std:iso:20022:tech:xsd:pain.001.001.09}"
SCHEMA = xmlschema.XMLSchema(str(resources("sepaxml") / "schemas" / "pain.001.001.09.xsd"))


def run_of(**given):
    vendor = SimpleNamespace(slug="aster-labelling", name="Aster & <Labelling>")
    values = {
        "vendor": vendor,
        "number": 7,
        "currency": "USD",
        "last_on": date(2026, 10, 31),
        "approved_at": datetime(2026, 11, 2, 9, tzinfo=UTC),
        "drafted_at": datetime(2026, 11, 2, 8, tzinfo=UTC),
        "drafted_by": None,
        "approved_by": None,
        "one_person": False,
        "answers": {},
    }
    return SimpleNamespace(**{**values, **given})


def item(**given):
    values = {
        "reference": "ASTER-R7-000001",
        "amount_micros": 40_000_000,
        "holder": "Amina & Söhne <x>",
        "method": "iban",
        "address": "DE89370400440532013000",
        "bic": "",
        "engagement": SimpleNamespace(account="=cmd|' /C calc'!A0", source="studio"),
        "currency": "USD",
        "payout_rates": [],
    }
    made = SimpleNamespace(**{**values, **given})
    made.goes_out = (made.amount_micros, made.currency)
    return made


@pytest.mark.parametrize(
    "given",
    [
        pytest.param({}, id="an IBAN"),
        pytest.param({"bic": "COBADEFFXXX"}, id="an IBAN with its bank"),
        pytest.param(
            {"method": "account", "address": "0123-456/7", "bic": "KCBLKENX"}, id="an account"
        ),
        pytest.param({"holder": "ا" * 140}, id="a long name in another script"),
        pytest.param({"address": "X" * 120, "method": "account"}, id="an address that is too long"),
    ],
)
def test_pain001_meets_its_published_structure(given):
    SCHEMA.validate(files.pain001(run_of(), [item(), item(**given)]).decode())


def test_pain001_has_a_block_for_each_currency_that_arrives():
    items = [item(), item(amount_micros=1_000_000, currency="JPY"), item(amount_micros=10_000)]
    content = files.pain001(run_of(), items).decode()

    SCHEMA.validate(content)
    blocks = ElementTree.fromstring(content).findall(f".//{PAIN}PmtInf")
    told = [
        (block.find(f"{PAIN}PmtInfId").text, block.find(f"{PAIN}CtrlSum").text,
         [(one.get("Ccy"), one.text) for one in block.iter(f"{PAIN}InstdAmt")])
        for block in blocks
    ]  # fmt: skip
    assert told == [
        ("ASTER-LABELLING-R7-JPY", "1", [("JPY", "1")]),
        ("ASTER-LABELLING-R7-USD", "40.01", [("USD", "40.00"), ("USD", "0.01")]),
    ]
    assert ElementTree.fromstring(content).find(f".//{PAIN}GrpHdr/{PAIN}CtrlSum").text == "41.01"


def test_the_structure_would_find_a_fault():
    broken = files.pain001(run_of(), [item()]).replace(b"EndToEndId", b"EndToEnd")

    assert not SCHEMA.is_valid(broken.decode())


@pytest.mark.parametrize(
    ("currency", "micros", "said"),
    [("USD", 10_010_000, "10.01"), ("JPY", 1_000_000, "1"), ("KWD", 1_234_000, "1.234")],
)
def test_pain001_writes_the_coins_of_the_currency(currency, micros, said):
    document = ElementTree.fromstring(
        files.pain001(run_of(currency=currency), [item(amount_micros=micros, currency=currency)])
    )

    assert document.find(f".//{PAIN}InstdAmt").text == said
    assert document.find(f".//{PAIN}CtrlSum").text == said


@pytest.mark.django_db
def test_pain001_leaves_wallets_to_the_other_files_and_says_so(two, maker, checker):
    Payee.objects.filter(engagement__account="ben").update(method="wallet", address="+254700000001")
    run = send(drafted(two, maker), checker)

    document = ElementTree.fromstring(files.written(run, "pain001"))

    assert document.find(f".//{PAIN}NbOfTxs").text == "1"
    counts = {code: count for code, _, count in files.payments_in(run)}
    assert counts == {"csv": 2, "recipient": 2, "pain001": 1, "summary": 2}


@pytest.mark.django_db
def test_a_run_of_wallets_has_no_file_for_a_bank(two, maker, checker):
    Payee.objects.update(method="wallet", address="+254700000001")
    run = send(drafted(two, maker), checker)

    with pytest.raises(ValueError, match="None of the payments of run 1"):
        files.written(run, "pain001")
    assert "pain001" not in {code for code, _, _ in files.payments_in(run)}


def test_the_same_run_gives_the_same_bytes():
    for form in files.FORMS.values():
        assert form.write(run_of(), [item()]) == form.write(run_of(), [item()])


@pytest.mark.parametrize("alone", [True, False])
def test_the_summary_says_who_let_it_go_and_of_which_files_it_speaks(alone):
    wallet = item(method="wallet", address="+254700000001", amount_micros=800_000, currency="EUR")
    wallet.amount_micros = 1_000_000  # of what is owed
    run, items = run_of(one_person=alone, answers={"fees": "our bank bears them"}), [item(), wallet]

    told = files.FORMS["summary"].write(run, items).decode().splitlines()

    assert ("One person drafted and approved it." in told) is alone
    assert "41.00 USD of what is owed is paid in 2 payments" in told
    assert {"Goes out: 40.00 USD", "Goes out: 0.80 EUR"} <= set(told)
    assert "What pay loses on its way is not known: our bank bears them" in told
    for form, paid in (("csv", items), ("recipient", items), ("pain001", items[:1])):
        content = files.FORMS[form].write(run, paid)
        digest = hashlib.sha256(content).hexdigest()
        assert f"SHA-256 of the file “{files.FORMS[form].name}”: {digest}" in told


def test_in_the_recipients_file_the_amount_that_arrives_is_fixed():
    rows = list(csv.DictReader(io.StringIO(
        files.fixed_for_the_recipient(run_of(), [item()]).decode()
    )))  # fmt: skip

    assert [(row["amount"], row["amount_is"], row["fees_paid_by"]) for row in rows] == [
        ("40.00", "received by recipient", "sender")
    ]


def test_an_account_that_a_spreadsheet_would_run_is_made_harmless():
    rows = list(csv.reader(io.StringIO(files.canonical(run_of(), [item()]).decode())))

    assert rows[1][2] == "'=cmd|' /C calc'!A0"


@pytest.mark.django_db
def test_our_own_file_is_read_back_as_the_payments_that_are_known(two, maker, checker, tmp_path):
    run = send(drafted(two, maker), checker)
    path = tmp_path / "run.csv"
    path.write_bytes(files.written(run, "csv"))
    before = Payment.objects.count(), Transfer.objects.count()

    imported = bringing.bring_in(two, path, kind="payouts")

    assert imported.counts["unchanged"] == 2
    assert (Payment.objects.count(), Transfer.objects.count()) == before


@pytest.mark.django_db
def test_a_file_says_where_pay_went_when_it_was_approved(two, maker, checker):
    run = send(drafted(two, maker), checker)
    was = files.written(run, "csv")

    Payee.objects.update(address="GB33BUKB20201555555555")

    assert files.written(run, "csv") == was


@pytest.mark.django_db
def test_a_draft_has_no_file(two, maker):
    with pytest.raises(ValueError, match="Run 1 is draft"):
        files.written(drafted(two, maker), "csv")


@pytest.mark.django_db
def test_the_sums_of_the_files_are_those_of_the_ledger(two, maker, checker):
    run = send(drafted(two, maker), checker)
    rows = csv.DictReader(io.StringIO(files.written(run, "csv").decode()))

    paid = sum(parse_micros(row["amount"]) for row in rows)

    sent = Transfer.objects.filter(move="pay").values_list("amount_micros", flat=True)
    assert paid == sum(sent) == 50_010_000
