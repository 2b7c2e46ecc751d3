"""OFX: 1.x, which is SGML and leaves out closing tags, and 2.x, which is XML.

Both are read as a flat row of tags by one expression that expands nothing; a document type is
refused. OFX gives the balance of the day it was written and none before: there is no sum to check.
"""

import re
from collections.abc import Iterator
from datetime import date
from html import escape, unescape

from ledger.importers.reading import UnreadableFile
from payouts.settlement import values
from payouts.settlement.entries import (
    BOOKED,
    IN,
    OUT,
    RETURNED,
    Entry,
    Faulty,
    Report,
    Statement,
)

FORMATS = ("ofx",)
TAG = re.compile(r"<(/?)([A-Za-z0-9._]{1,40})>([^<]*)")
LITERAL, LITERAL_ENDS = "<![CDATA[", "]]>"
STATEMENTS = ("STMTRS", "CCSTMTRS")
DECLARATIONS = re.compile(r"<!(DOCTYPE|ENTITY|ELEMENT|ATTLIST)", re.IGNORECASE)
CHARGES = ("FEE", "SRVCHG")


def matches(content: bytes) -> bool:
    """Return whether these bytes look like OFX."""
    return re.search(rb"<OFX>|OFXHEADER", content[:20_000], re.IGNORECASE) is not None


def read(content: bytes) -> Report:
    """Return what the file says. Raises UnreadableFile where it has no account."""
    text = _text(content)
    if DECLARATIONS.search(text):
        raise UnreadableFile(
            "a document type or an entity of its own",
            "a bank's file declares neither: they are how its readers are attacked",
            "Ask the bank for the file again as it writes it",
        )
    reading = _Reading()
    for closes, name, value in _tags(text):
        reading.take(closes, name, value)
    reading.end()
    for statement in reading.statements:
        if not statement.currency and statement.entries:
            statement.currency = statement.entries[0].currency
    if not reading.statements:
        refused = reading.refused or "no statement (STMTRS, CCSTMTRS)"
        raise UnreadableFile(
            refused, "a file has the statement of an account", "Ask the bank for it again"
        )
    return Report("ofx", tuple(reading.statements))


def _text(content: bytes) -> str:
    declared = re.search(rb"CHARSET:\s*1252", content[:2000])
    try:
        return content.decode("cp1252" if declared else "utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _tags(text: str) -> Iterator[tuple[bool, str, str]]:
    for closes, name, value in TAG.findall(_plain(text)):
        yield bool(closes), name.upper(), unescape(value).strip()


def _plain(text: str) -> str:
    """Return the text with what is meant literally written like any other value."""
    before, *literals = text.split(LITERAL)
    parts = [before]
    for literal in literals:
        inside, ends, after = literal.partition(LITERAL_ENDS)
        parts += [escape(inside), after] if ends else [literal]
    return "".join(parts)


class _Reading:
    """Follows the tags: which statement and which transaction is open, and what was said in it."""

    def __init__(self) -> None:
        self.statements: list[Statement] = []
        self.open: Statement | None = None
        self.transaction: dict[str, str] | None = None
        self.in_balance = ""
        self.number = 0
        self.status: dict[str, str] = {}
        self.refused = ""

    def take(self, closes: bool, name: str, value: str) -> None:
        if name in STATEMENTS:
            self.end()
            self.open = None if closes else Statement(is_known=True)
            if self.open is not None:
                self.statements.append(self.open)
        elif name == "STMTTRN" and self.open is not None:
            self.end()
            self.transaction = None if closes else {}
        elif name in ("LEDGERBAL", "AVAILBAL"):
            self.in_balance = "" if closes else name
        elif not closes:
            self._said(name, value)

    def end(self) -> None:
        """End the transaction that is open, also where the file breaks off in it."""
        if self.transaction is not None and self.open is not None:
            self._end_transaction(self.open)
        self.transaction = None

    def _said(self, name: str, value: str) -> None:
        if self.transaction is not None:
            if value:
                self.transaction.setdefault(name, value)
        elif self.open is not None:
            self._said_of_statement(self.open, name, value)
        elif name in ("CODE", "SEVERITY", "MESSAGE"):
            self.status[name] = value
            if self.status.get("SEVERITY") == "ERROR":
                said = " ".join(self.status.get(part, "") for part in ("CODE", "MESSAGE"))
                self.refused = f"the bank's answer is an error: {values.shown(said, 100)}"

    def _said_of_statement(self, statement: Statement, name: str, value: str) -> None:
        if name == "ACCTID":
            statement.account = values.account_number(value)
        elif name == "CURDEF":
            statement.currency = values.shown(value, 3)
        elif self.in_balance == "LEDGERBAL" and name == "DTASOF":
            statement.on = _day(value)
        elif self.in_balance == "LEDGERBAL" and name == "BALAMT" and value:
            try:
                statement.closing_micros = values.signed(value.replace(",", "."))
            except Faulty as error:
                statement.problems.append(error.at("ledger balance"))

    def _end_transaction(self, statement: Statement) -> None:
        self.number += 1
        said, place = self.transaction or {}, f"transaction {self.number}"
        try:
            statement.entries.append(_entry(said, statement, place))
        except Faulty as error:
            statement.problems.append(error.at(place))


def _entry(said: dict[str, str], statement: Statement, place: str) -> Entry:
    micros = values.signed(said.get("TRNAMT", "").replace(",", "."))
    currency = values.currency(said.get("CURSYM") or statement.currency)
    posted, value = said.get("DTPOSTED", ""), said.get("DTAVAIL") or said.get("VALUEDATE", "")
    odd = [text for text in (posted, value) if text and _day(text) is None]
    kind = said.get("TRNTYPE", "").upper()
    references = (said.get(name, "") for name in ("REFNUM", "CHECKNUM", "SRVRTID"))
    return Entry(
        place=place,
        direction=OUT if micros < 0 else IN,
        status=RETURNED if kind in ("RETURN", "REVERSAL") else BOOKED,
        amount_micros=abs(micros),
        currency=currency,
        booked_on=_day(posted),
        value_on=_day(value),
        dates_said=values.shown(", ".join(odd), 80) or ("" if posted else "no date"),
        bank_reference=values.reference(said.get("FITID", "")),
        references=tuple(filter(None, map(values.reference, references))),
        name=values.shown(said.get("NAME", ""), 140),
        account=values.account_number(said.get("ACCTID", "")),
        text=values.shown(said.get("MEMO", "")),
        is_charge=kind in CHARGES,
    )


def _day(text: str) -> date | None:
    """Return the day of YYYYMMDD…, on the clock that the bank wrote it by."""
    return values.iso_day(text) if re.match(r"[0-9]{8}", text) else None
