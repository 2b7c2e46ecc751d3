"""What a camt statement says beside its entries: balances, sums, and its place among the others."""

import re
from datetime import timedelta

from payouts.settlement import values
from payouts.settlement.camt_money import amount_of, direction_of
from payouts.settlement.entries import IN, OUT, Declared, Faulty, Statement
from payouts.settlement.xml_tree import Node

OPENING, CLOSING = ("OPBD", "PRCD"), ("CLBD",)


def read(part: Node, statement: Statement) -> None:
    """Add to a statement what it says beside its entries."""
    for balance in part.all("Bal"):
        _read_balance(balance, statement)
    _read_summary(part, statement)
    _read_place(part, statement)


def _read_balance(node: Node, statement: Statement) -> None:
    kind = node.said("Tp/CdOrPrtry/Cd")
    if kind not in OPENING + CLOSING:
        return
    try:
        amount, currency = amount_of(node.at("Amt"))
        micros = amount if direction_of(node) == IN else -amount
    except Faulty as error:
        statement.problems.append(error.at(f"balance {kind} (line {node.line})"))
        return
    statement.currency = statement.currency or currency
    if kind in CLOSING:
        statement.closing_micros = micros
        statement.closed_on = values.iso_day(node.said("Dt/Dt", "Dt/DtTm"))
        statement.on = statement.closed_on or statement.on
    elif statement.opening_micros is None or kind == "OPBD":
        statement.opening_micros = micros
        statement.opened_on = values.iso_day(node.said("Dt/Dt", "Dt/DtTm"))


def _read_place(part: Node, statement: Statement) -> None:
    """Read where the statement stands among the account's: its period, and its number."""
    begins = values.iso_day(part.said("FrToDt/FrDtTm"))
    if begins is not None:
        statement.opened_on = begins - timedelta(days=1)
    said = part.said("ElctrncSeqNb", "LglSeqNb")
    if re.fullmatch("[0-9]{1,18}", said):
        statement.number = int(said)


def _read_summary(part: Node, statement: Statement) -> None:
    for direction, name in ((IN, "TtlCdtNtries"), (OUT, "TtlDbtNtries")):
        node = part.at(f"TxsSummry/{name}")
        if node is None:
            continue
        try:
            count, total = node.said("NbOfNtries"), node.said("Sum")
            statement.declared[direction] = Declared(
                int(count) if count.isascii() and count.isdigit() else None,
                values.micros(total) if total else None,
            )
        except Faulty as error:
            statement.problems.append(error.at(f"sums (line {node.line})"))
