"""ISO 20022 pain.002: what became of a payment file, payment by payment.

A rejected payment never left. A status that a bank gives for a whole file or batch names no
payment: which ones it is about, whole_runs.py finds out.
"""

import re

from ledger.importers.reading import UnreadableFile
from payouts.settlement import values
from payouts.settlement.entries import (
    BOOKED,
    OUT,
    PENDING,
    REJECTED,
    Entry,
    Faulty,
    Report,
    Statement,
)
from payouts.settlement.xml_tree import Node, parse

FORMATS = ("pain.002",)
STATUSES = {
    "RJCT": REJECTED,
    "CANC": REJECTED,
    "ACSC": BOOKED,  # settled on the payer's account
    "ACCC": BOOKED,  # credited to the recipient
    **dict.fromkeys(
        ("ACTC", "ACCP", "ACSP", "ACWC", "ACWP", "PDNG", "RCVD", "PART", "PATC", "ACFC"), PENDING
    ),
}
# The bank has this file or payment already, and refuses the second of them; the first goes on.
TWICE = frozenset({"AM05", "DU01", "DU02", "DU03", "DU04", "DU05", "DUPL"})


def matches(content: bytes) -> bool:
    """Return whether these bytes look like a pain.002."""
    return re.search(rb"pain\.002\.001\.", content[:4000]) is not None


def read(content: bytes) -> Report:
    """Return what the file says. Raises UnreadableFile where it is no pain.002."""
    root = parse(content)
    body = root.at("CstmrPmtStsRpt")
    if body is None or "pain.002.001." not in root.attributes["xmlns"]:
        raise UnreadableFile(
            f"the element {values.shown(root.name, 40)}",
            "a pain.002 is a CstmrPmtStsRpt in its own namespace",
            "Ask the bank for it again",
        )
    statement = Statement(
        reference=values.shown(body.said("GrpHdr/MsgId"), 80),
        on=values.iso_day(body.said("GrpHdr/CreDtTm")),
        is_known=True,
    )
    batches = body.all("OrgnlPmtInfAndSts")
    has_more = any(one.said("PmtInfSts") or one.all("TxInfAndSts") for one in batches)
    _add_whole(body.at("OrgnlGrpInfAndSts"), "OrgnlMsgId", "GrpSts", statement, has_more=has_more)
    number = 0
    for batch in batches:
        told = batch.all("TxInfAndSts")
        _add_whole(batch, "OrgnlPmtInfId", "PmtInfSts", statement, has_more=bool(told))
        for node in told:
            number += 1
            _add(node, f"payment {number} (line {node.line})", statement)
    return Report("pain.002", (statement,))


def _add(node: Node, place: str, statement: Statement) -> None:
    amount = node.at("OrgnlTxRef/Amt/InstdAmt")
    try:
        micros = values.micros(amount.text) if amount is not None else None
        currency = values.currency(amount.attributes.get("Ccy", "")) if amount is not None else ""
        status = _status(node, "TxSts")
    except Faulty as error:
        statement.problems.append(error.at(place))
        return
    names = ("OrgnlInstrId", "StsId", "AcctSvcrRef", "ClrSysRef")
    references = [values.reference(node.said(name)) for name in names]
    statement.entries.append(
        Entry(
            place=place,
            direction=OUT,
            status=status,
            amount_micros=micros,
            currency=currency,
            booked_on=values.iso_day(node.said("AccptncDtTm")) or statement.on,
            end_to_end_id=values.reference(node.said("OrgnlEndToEndId")),
            references=tuple(filter(None, references)),
            name=values.shown(node.said("OrgnlTxRef/Cdtr/Nm", "OrgnlTxRef/Cdtr/Pty/Nm"), 140),
            account=values.account_number(
                node.said("OrgnlTxRef/CdtrAcct/Id/IBAN", "OrgnlTxRef/CdtrAcct/Id/Othr/Id")
            ),
            text=_reasons(node),
            reason_code=_code(node),
        )
    )


def _add_whole(
    node: Node | None, id_at: str, status_at: str, statement: Statement, *, has_more: bool
) -> None:
    """Add what a file or a batch says of all its payments, where it does.

    has_more: parts of it have a status of their own. A rejection of the whole is told beside them,
    as banks name but the payments that were at fault.
    """
    if node is None or not node.said(status_at):
        return
    what = "file" if status_at == "GrpSts" else "batch"
    place = f"{what} (line {node.line})"
    try:
        status = _status(node, status_at)
    except Faulty as error:
        statement.problems.append(error.at(place))
        return
    if has_more and status != REJECTED:
        return
    statement.entries.append(
        Entry(
            place=place,
            direction=OUT,
            status=status,
            amount_micros=None,
            currency="",
            booked_on=statement.on,
            references=tuple(filter(None, [values.reference(node.said(id_at))])),
            text=_reasons(node) or f"status of a whole {what}",
            reason_code=_code(node),
        )
    )


def _status(node: Node, at: str) -> str:
    said = node.said(at)
    if said not in STATUSES:
        raise Faulty(
            values.shown(said),
            f"a status is one of {', '.join(sorted(STATUSES))}",
            "Ask the bank what it means",
        )
    is_twin = STATUSES[said] == REJECTED and _code(node) in TWICE
    return PENDING if is_twin else STATUSES[said]


def _code(node: Node) -> str:
    return values.shown(node.said("StsRsnInf/Rsn/Cd", "StsRsnInf/Rsn/Prtry"), 35)


def _reasons(node: Node) -> str:
    texts = [each.text for reason in node.all("StsRsnInf") for each in reason.all("AddtlInf")]
    return values.shown(" ".join(texts))
