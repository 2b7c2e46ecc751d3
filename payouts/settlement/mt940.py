"""SWIFT MT940 (statements) and MT942 (interim reports), as banks write them.

A file is a row of fields `:61:…`; a statement begins at `:20:`. Fragments are read as far as they
go: an entry needs an amount and a currency, which a balance before it gives. A date that is no day
(30 February, which banks use for the end of the month) is kept as it was written.
"""

import re
from datetime import date
from typing import NamedTuple

from ledger.importers.reading import UnreadableFile
from payouts.settlement import mt940_texts, values
from payouts.settlement.entries import (
    BOOKED,
    IN,
    OUT,
    RETURNED,
    Declared,
    Entry,
    Faulty,
    Report,
    Statement,
)

FORMATS = ("mt940", "mt942")
TAG = re.compile(r"^:([0-9]{2}[A-Z]?|NS):", re.MULTILINE)
BALANCE = re.compile(r"([DC])([0-9]{6})([A-Z]{3})([0-9,]+)")
LINE = re.compile(
    r"(?P<value>[0-9]{6})(?P<entry>[0-9]{4})?(?P<mark>RC|RD|EC|ED|C|D)(?P<funds>[A-Z])?"
    r"(?P<amount>[0-9]{1,15},[0-9]{0,2})(?P<type>[A-Z][A-Z0-9 ]{3})?(?P<rest>.*)",
    re.DOTALL,
)
SUM = re.compile(r"([0-9]{1,5})([A-Z]{3})([0-9,]+)")
DIRECTIONS = {"C": IN, "D": OUT, "RD": IN, "RC": OUT, "EC": IN, "ED": OUT}
RETURN_TYPES = ("RTI",)
CHARGE_TYPES = ("CHG", "COM")
OPENING, CLOSING = ("60F", "60M"), ("62F", "62M")


class Field(NamedTuple):
    """One field of a message: its tag, its lines, and the line of the file it begins on."""

    tag: str
    text: str
    line: int


def matches(content: bytes) -> bool:
    """Return whether these bytes look like the fields of an MT940."""
    return re.search(rb"^:(20|25|28C?|60[FM]|61|62[FM]|64|86):", content, re.MULTILINE) is not None


def read(content: bytes) -> Report:
    """Return what the file says. Raises UnreadableFile where it has no entry and no balance."""
    fields = list(_fields(_text(content)))
    statements: list[Statement] = []
    for field in fields:
        if field.tag == "20" or not statements:
            statements.append(Statement(reference=values.shown(field.text, 80)))
        _take(field, statements[-1])
    told = [one for one in statements if one.is_known or one.entries or one.problems]
    if not told:
        raise UnreadableFile(
            "no account, entry, opening or closing balance in the fields "
            + ", ".join(field.tag for field in fields[:5]),
            "a statement has an account (:25:), entries (:61:) or balances (:60F:, :62F:)",
            "Bring the whole file in as the bank wrote it",
        )
    is_interim = any(field.tag in ("34F", "90C", "90D") for field in fields)
    return Report("mt942" if is_interim else "mt940", tuple(told))


def _text(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _fields(text: str) -> list[Field]:
    """Return the fields; a line with a lone "-" ends a message and belongs to none."""
    starts = list(TAG.finditer(text))
    found = []
    line, counted = 1, 0
    for at, start in enumerate(starts):
        line += text.count("\n", counted, start.start())
        counted = start.start()
        end = starts[at + 1].start() if at + 1 < len(starts) else len(text)
        body = re.split(r"\n-[\x03}]*[ \t]*(?:\n|$)", text[start.end() : end])[0]
        found.append(Field(start[1], body.strip("\n"), line))
    return found


def _take(field: Field, statement: Statement) -> None:
    """Add what one field says to its statement."""
    try:
        if field.tag == "25":
            _take_account(field, statement)
        elif field.tag in ("28", "28C"):
            number = re.match("[0-9]{1,5}", field.text.strip())
            statement.number = int(number[0]) if number else None
        elif field.tag in OPENING + CLOSING:
            _take_balance(field, statement)
        elif field.tag == "34F":
            statement.currency = statement.currency or values.currency(field.text[:3])
        elif field.tag in ("90C", "90D"):
            _take_sum(field, statement)
        elif field.tag == "61":
            statement.entries.append(_entry(field, statement))
        elif field.tag == "86" and statement.entries and not _is_taken(statement):
            statement.entries[-1] = mt940_texts.told(statement.entries[-1], field.text)
    except Faulty as error:
        statement.problems.append(error.at(f"line {field.line}, :{field.tag}:"))


def _is_taken(statement: Statement) -> bool:
    """Whether the :86: is about the statement: it stands behind the closing balance."""
    return statement.closing_micros is not None


def _take_account(field: Field, statement: Statement) -> None:
    said = field.text.strip()
    if statement.account:
        raise Faulty(values.shown(said, 60), "a statement has one account", "Ask the bank")
    statement.is_known = True
    found = re.fullmatch(r"(.*[0-9])([A-Z]{3})", said)
    if found and "/" in said:  # some banks write the currency behind the number
        statement.currency = statement.currency or found[2]
        said = found[1]
    statement.account = values.account_number(said)


def _take_balance(field: Field, statement: Statement) -> None:
    found = BALANCE.match(field.text.strip())
    if found is None:
        raise Faulty(
            values.shown(field.text, 40), "a balance is like C100318EUR380115,12", "Ask the bank"
        )
    mark, written, currency, amount = found.groups()
    micros = values.micros(amount, ",") * (1 if mark == "C" else -1)
    code = values.currency(currency)
    if statement.currency and statement.currency != code:
        raise Faulty(code, f"this statement is in {statement.currency}", "Ask the bank")
    statement.currency, statement.is_known = code, True
    if field.tag in OPENING:
        if statement.opening_micros is not None:
            raise Faulty(values.shown(field.text, 40), "a statement opens once", "Ask the bank")
        statement.opening_micros = micros
    else:
        statement.closing_micros = micros
    statement.on = _day(written) or statement.on
    if field.tag in OPENING:
        statement.opened_on = _day(written)
    else:
        statement.closed_on = _day(written)


def _take_sum(field: Field, statement: Statement) -> None:
    found = SUM.match(field.text.strip())
    if found is None:
        raise Faulty(values.shown(field.text, 40), "a sum is like 3PLN0,03", "Ask the bank")
    direction = IN if field.tag == "90C" else OUT
    statement.is_known = True
    statement.declared[direction] = Declared(int(found[1]), values.micros(found[3], ","))


def _entry(field: Field, statement: Statement) -> Entry:
    """Return the entry that a statement line tells."""
    found = LINE.match(field.text.strip())
    if found is None:
        raise Faulty(
            values.shown(field.text, 60),
            "an entry is like 0709040904CR300,NTRF…: date, C or D, amount with a comma, type",
            "Ask the bank for the file again",
        )
    if not statement.currency:
        raise Faulty(
            values.shown(field.text, 60),
            "the currency of an entry is that of the balance (:60F:) before it",
            "Bring the whole file in as the bank wrote it",
        )
    value, booked, odd = _dates(found["value"], found["entry"])
    kind = (found["type"] or "")[1:].strip()
    mark = found["mark"]
    own, _, banks = found["rest"].partition("//")
    first, *more = own.split("\n")
    banks_first, *supplement = banks.split("\n")
    references = [values.reference(text) for text in (first.rstrip("+"), *supplement)]
    return Entry(
        place=f"line {field.line}",
        direction=DIRECTIONS[mark],
        status=RETURNED if mark in ("RC", "RD") or kind in RETURN_TYPES else BOOKED,
        amount_micros=values.micros(found["amount"], ","),
        currency=statement.currency,
        booked_on=booked,
        value_on=value,
        dates_said=odd,
        bank_reference=values.reference(banks_first),
        references=tuple(dict.fromkeys(filter(None, references))),
        text=values.shown(" ".join(more)),
        is_charge=kind in CHARGE_TYPES,
    )


def _dates(value: str, entry: str | None) -> tuple[date | None, date | None, str]:
    """Return value date, booking date, and what of them is no day.

    The booking date has no year: it is the one nearest to the value date.
    """
    on = _day(value)
    odd = [] if on else [value]
    booked = None
    if entry:
        year = 2000 + int(value[:2])
        near = on or values.day(year, min(max(int(value[2:4]), 1), 12), 15)
        days = [values.day(each, int(entry[:2]), int(entry[2:])) for each in _years(year)]
        there = [day for day in days if day]
        if there and near:
            booked = min(there, key=lambda day: abs(day - near))
        else:
            odd.append(entry)
    return on, booked, ", ".join(odd)


def _years(year: int) -> tuple[int, int, int]:
    return year, year - 1, year + 1


def _day(written: str) -> date | None:
    """Return YYMMDD as a day; None where there is none."""
    year, month, number = int(written[:2]), int(written[2:4]), int(written[4:])
    return values.day(2000 + year if year < 80 else 1900 + year, month, number)
