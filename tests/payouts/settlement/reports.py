"""Banks' files for tests, built here: camt.053, camt.054, pain.002 and the canonical CSV."""

from dataclasses import dataclass
from decimal import Decimal
from xml.sax.saxutils import escape

from payouts.settlement.canonical import COLUMNS

OWN_IBAN = "DE89370400440532013000"


@dataclass(frozen=True)
class Line:
    """One movement, as a test says it."""

    reference: str = ""
    amount: str = "10.00"
    day: str = "2026-10-20"
    status: str = "booked"  # or pending, rejected, returned
    currency: str = "USD"
    fee: str = ""
    name: str = ""
    account: str = ""
    bank_reference: str = ""
    reason: str = ""
    arrived: tuple[str, str] = ("", "")  # amount and currency that the recipient got
    rate: tuple[str, str, str] = ("", "", "")  # of how much of the second one unit of the first is

    @property
    def is_credit(self) -> bool:
        return self.status == "returned"


def csv(*lines: Line) -> bytes:
    """Return the lines as a canonical settlement CSV."""
    header = ",".join(column.name for column in COLUMNS)
    rows = [
        ",".join(
            [
                one.reference, one.amount, one.currency, one.status, one.day, "", "", one.fee,
                one.bank_reference, one.name, one.account, *one.arrived, one.reason,
            ]
        )
        for one in lines
    ]  # fmt: skip
    return "\n".join([header, *rows, ""]).encode()


def camt(
    *lines: Line,
    kind: str = "053",
    version: str = "08",
    opening: str = "1000.00",
    days: tuple[str, str] = ("2026-10-20", "2026-10-20"),
    number: int | None = None,
    iban: str = OWN_IBAN,
) -> bytes:
    """Return the lines as a camt.053 or camt.054, with balances that agree in the first.

    days: of the opening and the closing balance. number: the statement's, as the bank counts.
    """
    message, part = {
        "053": ("BkToCstmrStmt", "Stmt"),
        "054": ("BkToCstmrDbtCdtNtfctn", "Ntfctn"),
    }[kind]
    closing = Decimal(opening) + sum(
        Decimal(one.amount) * (1 if one.is_credit else -1)
        for one in lines
        if one.status != "pending"
    )
    currency = lines[0].currency if lines else "USD"
    balances = _balance("OPBD", opening, currency, days[0])
    balances += _balance("CLBD", str(closing), currency, days[1])
    counted = f"<ElctrncSeqNb>{number}</ElctrncSeqNb>" if number is not None else ""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.{kind}.001.{version}"><{message}>
<GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-10-21T01:00:00</CreDtTm></GrpHdr>
<{part}><Id>S1</Id>{counted}<CreDtTm>2026-10-21T01:00:00</CreDtTm>
<Acct><Id><IBAN>{iban}</IBAN></Id></Acct>{balances if kind == "053" else ""}
{"".join(_entry(one, version) for one in lines)}</{part}></{message}></Document>""".encode()


def _balance(kind: str, amount: str, currency: str, day: str) -> str:
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp>"
        f'<Amt Ccy="{currency}">{amount.lstrip("-")}</Amt>'
        f"<CdtDbtInd>{'DBIT' if amount.startswith('-') else 'CRDT'}</CdtDbtInd>"
        f"<Dt><Dt>{day}</Dt></Dt></Bal>"
    )


def _entry(one: Line, version: str) -> str:
    status = "PDNG" if one.status == "pending" else "BOOK"
    said = f"<Cd>{status}</Cd>" if version >= "08" else status
    direction = "CRDT" if one.is_credit else "DBIT"
    amount = f'<Amt Ccy="{one.currency}">{one.amount}</Amt>'
    reason = f"<RtrInf><Rsn><Cd>{one.reason or 'AC04'}</Cd></Rsn></RtrInf>" if one.is_credit else ""
    charges = (
        f'<Chrgs><Rcrd><Amt Ccy="{one.currency}">{one.fee}</Amt><Br>CRED</Br></Rcrd></Chrgs>'
        if one.fee
        else ""
    )
    party = (
        f"<Nm>{escape(one.name)}</Nm>"
        if version < "08"
        else (f"<Pty><Nm>{escape(one.name)}</Nm></Pty>")
    )
    counter, code = one.arrived
    exchanged = (
        f'<InstdAmt><Amt Ccy="{code}">{counter}</Amt></InstdAmt>'
        f'<CntrValAmt><Amt Ccy="{code}">{counter}</Amt></CntrValAmt>'
        if counter
        else ""
    )
    unit, other, factor = one.rate
    rate = (
        f"<CcyXchg><SrcCcy>{one.currency}</SrcCcy>"
        f"<TrgtCcy>{other if unit == one.currency else unit or other}</TrgtCcy>"
        f"{f'<UnitCcy>{unit}</UnitCcy>' if unit else ''}<XchgRate>{factor}</XchgRate></CcyXchg>"
        if factor
        else ""
    )
    named = escape(one.reference) or "NOTPROVIDED"
    bank = f"<AcctSvcrRef>{one.bank_reference}</AcctSvcrRef>" if one.bank_reference else ""
    return f"""<Ntry>{amount}<CdtDbtInd>{direction}</CdtDbtInd><Sts>{said}</Sts>
<BookgDt><Dt>{one.day}</Dt></BookgDt><ValDt><Dt>{one.day}</Dt></ValDt>
<NtryDtls><TxDtls><Refs>{bank}<EndToEndId>{named}</EndToEndId></Refs>
<AmtDtls><TxAmt>{amount}{rate}</TxAmt>{exchanged}</AmtDtls>{charges}
<RltdPties><Cdtr>{party}</Cdtr><CdtrAcct><Id><IBAN>{one.account}</IBAN></Id></CdtrAcct></RltdPties>
{reason}</TxDtls></NtryDtls></Ntry>"""


def pain002(*lines: Line) -> bytes:
    """Return the lines as a status report: rejected, pending, or settled."""
    codes = {"rejected": "RJCT", "pending": "ACSP", "booked": "ACSC"}
    told = "".join(
        f"""<TxInfAndSts><OrgnlEndToEndId>{escape(one.reference)}</OrgnlEndToEndId>
<TxSts>{codes[one.status]}</TxSts><StsRsnInf><Rsn><Cd>{one.reason or "AC01"}</Cd></Rsn></StsRsnInf>
<OrgnlTxRef><Amt><InstdAmt Ccy="{one.currency}">{one.amount}</InstdAmt></Amt></OrgnlTxRef>
</TxInfAndSts>"""
        for one in lines
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt>
<GrpHdr><MsgId>R1</MsgId><CreDtTm>{lines[0].day}T08:00:00</CreDtTm></GrpHdr>
<OrgnlGrpInfAndSts><OrgnlMsgId>P1</OrgnlMsgId></OrgnlGrpInfAndSts>
<OrgnlPmtInfAndSts><OrgnlPmtInfId>B1</OrgnlPmtInfId>{told}</OrgnlPmtInfAndSts>
</CstmrPmtStsRpt></Document>""".encode()
