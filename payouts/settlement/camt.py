"""ISO 20022 camt.053 (statements) and camt.054 (advices), versions 02 to 08.

An entry that holds several transactions is told transaction by transaction if they add up to it;
what they leave of its amount is an entry of its own, so that no money is lost.
"""

import re
from dataclasses import replace

from ledger.importers.reading import UnreadableFile
from payouts.settlement import camt_heads, camt_money, values
from payouts.settlement.camt_money import DIRECTIONS, amount_of, direction_of
from payouts.settlement.entries import (
    BOOKED,
    IN,
    OUT,
    PENDING,
    RETURNED,
    Entry,
    Faulty,
    Problem,
    Report,
    Statement,
)
from payouts.settlement.xml_tree import Node, parse

FORMATS = ("camt.053", "camt.054")
SPACE = re.compile(r"camt\.(05[34])\.001\.(\d\d)$")
VERSIONS = range(2, 9)
ROOTS = {"053": ("BkToCstmrStmt", "Stmt"), "054": ("BkToCstmrDbtCdtNtfctn", "Ntfctn")}
RETURN_FAMILIES = frozenset({"RRTN", "ARET", "RPCR", "AREV", "CAJT"})
CHARGE_FAMILIES = frozenset({"CHRG", "COMM", "FEES"})


def matches(content: bytes) -> bool:
    """Return whether these bytes look like a camt.053 or camt.054."""
    return re.search(rb"camt\.05[34]\.001\.", content[:4000]) is not None


def read(content: bytes) -> Report:
    """Return what the file says. Raises UnreadableFile where it is no camt.053 or camt.054."""
    root = parse(content)
    found = SPACE.search(root.attributes["xmlns"])
    if found is None or int(found[2]) not in VERSIONS:
        raise UnreadableFile(
            f"the namespace {values.shown(root.attributes['xmlns'], 80) or 'of nothing'}",
            "camt.053 and camt.054 are read in the versions 02 to 08",
            "Ask the bank for one of these versions",
        )
    message, each = ROOTS[found[1]]
    body = root.at(message)
    parts = body.all(each) if body is not None else []
    if not parts:
        raise UnreadableFile(
            f"no {message}/{each}", "a file has at least one statement", "Ask the bank for it again"
        )
    return Report(f"camt.{found[1]}", tuple(_statement(part) for part in parts))


def _statement(part: Node) -> Statement:
    statement = Statement(
        account=values.account_number(part.said("Acct/Id/IBAN", "Acct/Id/Othr/Id")),
        currency=part.said("Acct/Ccy"),
        reference=values.shown(part.said("Id"), 80),
        on=values.iso_day(part.said("FrToDt/ToDtTm", "CreDtTm")),
        is_known=True,
    )
    camt_heads.read(part, statement)
    for number, node in enumerate(part.all("Ntry"), start=1):
        place = f"entry {number} (line {node.line})"
        try:
            statement.entries += _entries(node, place, statement)
        except Faulty as error:
            statement.problems.append(error.at(place))
    if not statement.currency and statement.entries:
        statement.currency = statement.entries[0].currency
    return statement


def _entries(node: Node, place: str, statement: Statement) -> list[Entry]:
    """Return an entry as its transactions, and what they leave of it."""
    whole = _entry(node, place)
    details = [one for each in node.all("NtryDtls") for one in each.all("TxDtls")]
    if not details:
        return [whole]
    told = []
    for number, detail in enumerate(details, start=1):
        at = f"{place}, transaction {number}" if len(details) > 1 else place
        try:
            told.append(_transaction(detail, whole, at, alone=len(details) == 1))
        except Faulty as error:
            statement.problems.append(error.at(at))
    assert whole.amount_micros is not None
    signs = {whole.direction: 1}
    parts = sum((one.amount_micros or 0) * signs.get(one.direction, -1) for one in told)
    left = whole.amount_micros - parts
    if left < 0:
        statement.problems.append(
            Problem(
                place,
                f"transactions of {parts} micros in an entry of {whole.amount_micros}",
                "the transactions of an entry are not more than the entry",
                "It is kept as one entry; ask the bank what it consists of",
            )
        )
        return [whole]
    if left:
        rest = replace(whole, place=f"{place}, rest", amount_micros=left)
        return [*told, rest]
    return told


def _entry(node: Node, place: str) -> Entry:
    amount, currency = amount_of(node.at("Amt"))
    booked, value = node.said("BookgDt/Dt", "BookgDt/DtTm"), node.said("ValDt/Dt", "ValDt/DtTm")
    return Entry(
        place=place,
        direction=direction_of(node),
        status=_status(node),
        amount_micros=amount,
        currency=currency,
        booked_on=values.iso_day(booked),
        value_on=values.iso_day(value),
        dates_said=_odd_dates(booked, value),
        bank_reference=values.reference(node.said("AcctSvcrRef")),
        references=_kept(node.said("NtryRef"), node.said("NtryDtls/Btch/PmtInfId")),
        text=values.shown(node.said("AddtlNtryInf")),
        is_charge=bool(_families(node) & CHARGE_FAMILIES),
    )


def _transaction(node: Node, whole: Entry, place: str, *, alone: bool) -> Entry:
    told = camt_money.told_of(node)
    micros = told.of(whole.currency)
    if micros is None and alone:
        micros = whole.amount_micros
    if micros is None:
        raise Faulty(
            told.first_currency or "no amount",
            f"each transaction of an entry has its amount in {whole.currency}",
            "Its money is kept as the rest of the entry; ask the bank what it consists of",
        )
    direction = DIRECTIONS.get(node.said("CdtDbtInd"), whole.direction)
    other = "Cdtr" if direction == OUT else "Dbtr"
    reason = node.said("RtrInf/Rsn/Cd", "RtrInf/Rsn/Prtry")
    reckoned = told.reckoned(micros, whole.currency)
    is_return = node.at("RtrInf") is not None or bool(_families(node) & RETURN_FAMILIES)
    if is_return and direction == IN:  # money of ours that comes back names whom it was sent to
        other = "Cdtr" if node.at("RltdPties/Cdtr") is not None else other
    return replace(
        whole,
        place=place,
        direction=direction,
        status=RETURNED if is_return and whole.status == BOOKED else whole.status,
        amount_micros=micros,
        end_to_end_id=values.reference(node.said("Refs/EndToEndId")),
        bank_reference=values.reference(node.said("Refs/AcctSvcrRef")) or whole.bank_reference,
        references=(*whole.references, *_transaction_references(node)),
        name=values.shown(node.said(f"RltdPties/{other}/Nm", f"RltdPties/{other}/Pty/Nm"), 140),
        account=values.account_number(
            node.said(f"RltdPties/{other}Acct/Id/IBAN", f"RltdPties/{other}Acct/Id/Othr/Id")
        ),
        text=values.shown(_remittance(node) or node.said("AddtlTxInf")) or whole.text,
        reason_code=values.shown(reason, 35),
        fee_micros=_fee(node, whole.currency),
        instructed=told.instructed,
        counter=reckoned or told.counter(whole.currency),
        is_reckoned=reckoned is not None,
    )


def _transaction_references(node: Node) -> tuple[str, ...]:
    names = ("InstrId", "TxId", "PmtInfId", "ClrSysRef", "Prtry/Ref")
    structured = [one.said("CdtrRefInf/Ref") for one in _remitted(node, "Strd")]
    return _kept(*(node.said(f"Refs/{name}") for name in names), *structured)


def _remitted(node: Node, kind: str) -> list[Node]:
    information = node.at("RmtInf")
    return information.all(kind) if information is not None else []


def _remittance(node: Node) -> str:
    return " ".join(one.text for one in _remitted(node, "Ustrd"))


def _fee(node: Node, currency: str) -> int:
    """Return the charges that the recipient bears: those, or those taken out of the amount."""
    charges = node.at("Chrgs")
    if charges is None:
        return 0
    total = 0
    for record in charges.all("Rcrd") or [charges]:
        bearer, inside = record.said("Br"), record.said("ChrgInclInd") == "true"
        amount = record.at("Amt")
        if amount is None or not (bearer == "CRED" or (inside and bearer != "DEBT")):
            continue
        micros, its_currency = amount_of(amount)
        if its_currency == currency:
            total += micros
    return total


def _families(node: Node) -> set[str]:
    domain = node.at("BkTxCd/Domn/Fmly")
    return {domain.said("Cd"), domain.said("SubFmlyCd")} if domain is not None else set()


def _status(node: Node) -> str:
    said = node.said("Sts/Cd", "Sts")  # from version 08 on a code stands inside
    if said in ("PDNG", "INFO", "FUTR"):
        return PENDING
    if said != "BOOK":
        raise Faulty(values.shown(said), "an entry is BOOK, PDNG or INFO", "Ask the bank")
    reverses = node.said("RvslInd") == "true" or bool(_families(node) & RETURN_FAMILIES)
    return RETURNED if reverses else BOOKED


def _odd_dates(*said: str) -> str:
    odd: list[str] = [text for text in said if text and values.iso_day(text) is None]
    return values.shown(", ".join(odd), 80)


def _kept(*texts: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, map(values.reference, texts))))
