"""The CSV of a processor, read by a declared mapping: a small JSON file that names its columns.

docs/settlement.md says what a mapping may hold, with an example. Nothing is guessed: a column that
is not there refuses the file, a status that is not declared is a problem of its row.
"""

import json
import re
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from typing import Any

from ledger.importers.reading import Source, UnreadableFile, plain
from payouts.settlement import values
from payouts.settlement.entries import (
    BOOKED,
    IN,
    OUT,
    PENDING,
    REJECTED,
    RETURNED,
    Entry,
    Faulty,
    Report,
    Statement,
)

FORMATS = ("mapped",)
MAX_BYTES = 20_000
COLUMNS = (
    "reference", "amount", "currency", "date", "status", "fee", "name", "account",
    "bank_reference", "reason", "arrived_amount", "arrived_currency",
)  # fmt: skip
NEEDED = ("reference", "amount")
STATUSES = (BOOKED, PENDING, REJECTED, RETURNED)
PASSED_OVER = "none"  # rows of this status are no payments: a processor's own transfers, say
PARTS = {"YYYY": "([0-9]{4})", "MM": "([0-9]{1,2})", "DD": "([0-9]{1,2})"}
KEYS = {"columns", "statuses", "date_format", "decimal", "currency", "amounts"}


@dataclass(frozen=True)
class Mapping:
    """Which column is what. columns: our name -> the file's name, compared without case."""

    columns: dict[str, str]
    statuses: dict[str, str] = field(default_factory=dict)  # in lower case
    date_format: str = "YYYY-MM-DD"
    decimal: str = "."
    currency: str = ""
    amounts: str = "sent"  # or "signed": minus went out, plus came in

    @classmethod
    def parse(cls, content: bytes) -> "Mapping":
        """Return a mapping from its JSON. Raises UnreadableFile naming what is wrong with it."""
        if len(content) > MAX_BYTES:
            raise _wrong(f"{len(content):,} bytes", "a mapping has at most 20,000")
        try:
            said = json.loads(content)
        except (ValueError, RecursionError):
            raise _wrong("its text", "a mapping is JSON") from None
        if not isinstance(said, dict) or not isinstance(said.get("columns"), dict):
            raise _wrong(values.shown(str(said), 80), "a mapping is an object with columns in it")
        if unknown := set(said) - KEYS:
            raise _wrong(", ".join(sorted(unknown)), f"its keys are {', '.join(sorted(KEYS))}")
        return cls._checked(said)

    @classmethod
    def _checked(cls, said: dict[str, Any]) -> "Mapping":
        columns, statuses = said["columns"], said.get("statuses", {})
        if not isinstance(statuses, dict) or not _are_texts(columns) or not _are_texts(statuses):
            raise _wrong("columns or statuses", "both are objects of texts")
        if set(columns) - set(COLUMNS) or not set(NEEDED) <= set(columns):
            raise _wrong(", ".join(columns), f"columns are {', '.join(COLUMNS)}; two are needed")
        if ("arrived_amount" in columns) != ("arrived_currency" in columns):
            raise _wrong("one of them", "arrived_amount and arrived_currency go together")
        if set(statuses.values()) - {*STATUSES, PASSED_OVER}:
            raise _wrong(", ".join(statuses.values()), f"statuses are {', '.join(STATUSES)}, none")
        options = {name: said[name] for name in KEYS - {"columns", "statuses"} if name in said}
        if not _are_texts(options):
            raise _wrong(str(options)[:80], "each of these is a text")
        mapping = cls(
            dict(columns), {key.casefold(): each for key, each in statuses.items()}, **options
        )
        mapping._refuse_odd_options()
        return mapping

    def _refuse_odd_options(self) -> None:
        if sorted(re.findall("YYYY|MM|DD", self.date_format)) != ["DD", "MM", "YYYY"]:
            raise _wrong(self.date_format, "a date format has YYYY, MM and DD once each")
        if self.decimal not in (".", ",") or self.amounts not in ("sent", "signed"):
            raise _wrong(
                f"{self.decimal} {self.amounts}", "decimal is . or ,; amounts sent or signed"
            )
        if "currency" not in self.columns:
            try:
                values.currency(self.currency)
            except Faulty as error:
                raise _wrong(
                    error.value, "currency is a column, or one code for all rows"
                ) from None

    def day(self, text: str) -> date | None:
        """Return the day that a cell begins with, in the declared form; None where it is none."""
        pattern = re.escape(self.date_format)
        for part, digits in PARTS.items():
            pattern = pattern.replace(part, digits)
        found = re.match(pattern, text.strip())
        if found is None:
            return None
        order = re.findall("YYYY|MM|DD", self.date_format)
        parts = dict(zip(order, map(int, found.groups()), strict=True))
        return values.day(parts["YYYY"], parts["MM"], parts["DD"])


def read(content: bytes, mapping: Mapping) -> Report:
    """Return what the file says by this mapping.

    Raises UnreadableFile where columns are missing.
    """
    statement = Statement(is_known=True)
    source = Source(BytesIO(content))
    at = _places(source.header, mapping)
    for line, _, cells in source.records():
        if not any(cell.strip() for cell in cells):
            continue
        try:
            entry = _entry(f"line {line}", _said(cells, at, len(source.header)), mapping)
        except Faulty as error:
            statement.problems.append(error.at(f"line {line}"))
            continue
        if entry is not None:
            statement.entries.append(entry)
    return Report("mapped", (statement,))


def _places(header: list[str], mapping: Mapping) -> dict[str, int]:
    names = [plain(name) for name in header]
    missing = [name for name in mapping.columns.values() if plain(name) not in names]
    if missing:
        raise UnreadableFile(
            f"no column {', '.join(missing)}",
            "every column that the mapping names is in the file",
            "Its columns are: " + ", ".join(values.shown(one, 40) for one in header[:40]),
        )
    return {ours: names.index(plain(name)) for ours, name in mapping.columns.items()}


def _said(cells: list[str], at: dict[str, int], width: int) -> dict[str, str]:
    if len(cells) != width:
        raise Faulty(
            f"{len(cells)} cells", f"a row has as many as the header ({width})", "Quote such cells"
        )
    return {name: cells[place] for name, place in at.items()}


def _entry(place: str, said: dict[str, str], mapping: Mapping) -> Entry | None:
    status = _status(said.get("status", ""), mapping)
    if status is None:
        return None
    micros = values.signed(said["amount"].replace("\u00a0", ""), mapping.decimal)
    direction = IN if status == RETURNED else OUT
    if mapping.amounts == "signed":
        direction = OUT if micros < 0 else IN
    fee = said.get("fee", "").strip()
    on = mapping.day(said.get("date", ""))
    return Entry(
        place=place,
        direction=direction,
        status=status,
        amount_micros=abs(micros),
        currency=values.currency(said.get("currency") or mapping.currency),
        booked_on=on,
        dates_said="" if on else values.shown(said.get("date", ""), 80) or "no date",
        end_to_end_id=values.reference(said["reference"]),
        bank_reference=values.reference(said.get("bank_reference", "")),
        name=values.shown(said.get("name", ""), 140),
        account=values.account_number(said.get("account", "")),
        reason_code=values.shown(said.get("reason", ""), 35),
        fee_micros=abs(values.signed(fee, mapping.decimal)) if fee else 0,
        counter=_arrived(said, mapping),
    )


def _arrived(said: dict[str, str], mapping: Mapping) -> tuple[int, str] | None:
    """Return what the recipient got in another currency; None where the row does not say."""
    amount, currency = said.get("arrived_amount", "").strip(), said.get("arrived_currency", "")
    if not amount and not currency.strip():
        return None
    return abs(values.signed(amount, mapping.decimal)), values.currency(currency)


def _status(text: str, mapping: Mapping) -> str | None:
    """Return what a row's status means; None where such rows are no payments."""
    if "status" not in mapping.columns:
        return BOOKED
    meaning = mapping.statuses.get(text.strip().casefold())
    if meaning is None:
        raise Faulty(
            values.shown(text, 40),
            f"the mapping declares {', '.join(sorted(mapping.statuses)) or 'no status'}",
            "Add this status to the mapping: booked, pending, rejected, returned or none",
        )
    return None if meaning == PASSED_OVER else meaning


def _are_texts(said: dict[Any, Any]) -> bool:
    return all(isinstance(one, str) for pair in said.items() for one in pair)


def _wrong(value: str, rule: str) -> UnreadableFile:
    return UnreadableFile(f"mapping: {value}", rule, "docs/settlement.md has an example")
