"""What a bank says of a whole payout file, it says of each payment of the run that wrote it."""

import pytest

from ledger import jobs
from payouts.runs import files
from payouts.settlement import unsettling
from tests.payouts.runs.test_runs import drafted, found, send
from tests.payouts.settlement import reports
from tests.payouts.settlement.bank import NOW, Bank
from tests.payouts.settlement.reports import Line

pytestmark = pytest.mark.django_db

FILE, BLOCK = "ASTER-LABELLING-R1", "ASTER-LABELLING-R1-USD"


@pytest.fixture
def bank(two, maker, checker, tmp_path):
    """The bank of a vendor that has sent 40.00 to ada and 10.01 to ben, in one file."""
    send(drafted(two, maker), checker)
    return Bank(tmp_path, vendor=two)


def where(bank):
    """Return where ada's and ben's money is, and what is owed to them."""
    items = bank.vendor.pay_runs.get().items.order_by("engagement__account")
    ada, ben = items.values_list("reference", flat=True)
    return bank.money(ada), bank.money(ben), bank.owed("ada"), bank.owed("ben")


ON_ITS_WAY = ({"in_transit": 40}, {"in_transit": 10.01}, 0, 0)
ARRIVED = ({"received": 40}, {"received": 10.01}, 0, 0)
NEVER_LEFT: tuple = ({}, {}, 40, 10.01)


def answer(name, status="RJCT", batch="", told="", code="FF01"):
    """Return a pain.002 that has a status for the whole of a file, or of a block of it."""
    block = f"<PmtInfSts>{status}</PmtInfSts>" if batch else ""
    group = "" if batch else f"<GrpSts>{status}</GrpSts>"
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt>
<GrpHdr><MsgId>R1</MsgId><CreDtTm>2026-11-03T08:00:00</CreDtTm></GrpHdr>
<OrgnlGrpInfAndSts><OrgnlMsgId>{name}</OrgnlMsgId>{group}
<StsRsnInf><Rsn><Cd>{code}</Cd></Rsn></StsRsnInf></OrgnlGrpInfAndSts>
<OrgnlPmtInfAndSts><OrgnlPmtInfId>{batch or BLOCK}</OrgnlPmtInfId>{block}{told}
</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>""".encode()


def one_debit(name=BLOCK, amount="50.01"):
    """Return a camt.053 in which all payments of a block are one debit without details."""
    details = f"<Btch><PmtInfId>{name}</PmtInfId><NbOfTxs>2</NbOfTxs></Btch>"
    content = reports.camt(Line(amount=amount, day="2026-11-03")).decode()
    start, end = content.index("<TxDtls>"), content.index("</TxDtls>") + len("</TxDtls>")
    return (content[:start] + details + content[end:]).encode()


def as_mt940(name=FILE, amount="50,01"):
    """Return an MT940 that has the file as one debit, as German banks write it."""
    return (
        f":20:A\n:25:1/2\n:60F:C261102USD100,00\n:61:261103D{amount}NMSCKREF+//B1\n"
        f":86:191?00SAMMLER?20KREF+{name}\n:62F:C261103USD49,99\n"
    ).encode()


def told_one(reference):
    """Return that one payment of a file was at fault."""
    return (
        f"<TxInfAndSts><OrgnlEndToEndId>{reference}</OrgnlEndToEndId><TxSts>RJCT</TxSts>"
        "<StsRsnInf><Rsn><Cd>AC04</Cd></Rsn></StsRsnInf></TxInfAndSts>"
    )


def test_names_that_the_file_has_are_those_that_are_looked_for(bank):
    content = files.written(bank.vendor.pay_runs.get(), "pain001").decode()

    assert f"<MsgId>{FILE}</MsgId>" in content
    assert f"<PmtInfId>{BLOCK}</PmtInfId>" in content
    assert where(bank) == ON_ITS_WAY


@pytest.mark.parametrize(
    ("content", "end"),
    [
        pytest.param(answer(FILE), NEVER_LEFT, id="the file is rejected"),
        pytest.param(answer(FILE, batch=BLOCK), NEVER_LEFT, id="its block is rejected"),
        pytest.param(
            answer(FILE, told=told_one("ASTER-R1-000001")), NEVER_LEFT,
            id="the file is rejected for one payment in it",
        ),
        pytest.param(answer(FILE, "ACTC"), ON_ITS_WAY, id="the file is taken on"),
        pytest.param(
            answer(FILE, code="AM05"), ON_ITS_WAY, id="it was handed in twice, and goes on"
        ),
        pytest.param(answer("ASTER-LABELLING-R2"), ON_ITS_WAY, id="another file is rejected"),
        pytest.param(answer("OTHER-R1", batch="B-R1"), ON_ITS_WAY, id="another's file is rejected"),
        pytest.param(one_debit(), ARRIVED, id="one debit of all their money"),
        pytest.param(as_mt940(), ARRIVED, id="the same in an MT940"),
        pytest.param(one_debit(amount="50.00"), ON_ITS_WAY, id="a debit of other money"),
        pytest.param(one_debit(name=BLOCK[:-3] + "EUR"), ON_ITS_WAY, id="of another currency"),
    ],
)  # fmt: skip
def test_a_whole_file_is_each_of_its_payments(bank, content, end):
    file = bank.report(content)

    assert where(bank) == end
    assert file.statements[0]["agrees"] is not False
    bank.prove()


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_one_debit_and_its_details_count_once_in_either_order(bank, order):
    amounts = {"ada": "40.00", "ben": "10.01"}
    details = reports.camt(
        *(
            Line(one.reference, amounts[one.engagement.account], "2026-11-03")
            for one in bank.vendor.pay_runs.get().items.order_by("reference")
        ),
        kind="054",
    )
    first, second = (bank.report([one_debit(), details][at], f"file {at}") for at in order)

    assert where(bank) == ARRIVED
    assert [(one.counts["new"], one.counts["known"]) for one in (first, second)] == [(2, 0), (0, 2)]
    assert [outcome for *_, outcome in bank.outcomes()] == ["settled", "settled"]


def test_what_comes_back_of_a_file_is_owed_again_and_the_rest_is_not(bank):
    bank.report(one_debit(), "whole")
    ben = bank.vendor.pay_runs.get().items.get(engagement__account="ben").reference
    bank.report(reports.camt(Line(ben, "10.01", "2026-11-05", "returned")), "returned")

    assert where(bank) == ({"received": 40}, {}, 0, 10.01)


def test_what_came_back_is_no_payment_of_the_same_amount(bank, maker):
    """It would have to be answered in writing for each payment of a file that was rejected."""
    bank.report(answer(FILE))

    assert found(drafted(bank.vendor, maker), "sent").count == 0


def test_an_answer_to_a_whole_file_can_be_taken_back(bank):
    file = bank.report(answer(FILE))
    jobs.run(job_id=unsettling.start(file=file, by=None, at=NOW).pk, at=NOW)

    assert where(bank)[2:] == (0, 0)
