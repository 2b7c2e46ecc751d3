"""Files of reference rates: the ECB's history, and the canonical CSV for what the ECB has not.

ECB: a column `Date`, then one a currency, in units for one euro; `N/A` where there was none. As
published (a zip) or unpacked. Canonical: one row a rate. A rate that cannot be read refuses the
file: rates are few and well made, and one that was guessed would be in many weeks.
"""

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import NamedTuple, TypeVar

from ledger.exchange import DECIMALS, NANOS
from ledger.importers import fields
from ledger.importers.columns import Bound, Column, missing
from ledger.importers.fields import FieldError
from ledger.importers.reading import Source, UnreadableFile, open_file, plain
from workers.years import FIRST_YEAR, LAST_YEAR

ECB, CANONICAL = "ecb", "canonical"
ECB_BASE = "EUR"
ECB_HEADER = "date"
NONE_THAT_DAY = ("N/A", "")
MAX_UNPACKED_BYTES = 100_000_000  # the ECB's history of 27 years has 2 million
RATE = re.compile(rf"([0-9]{{1,9}})(?:\.([0-9]{{1,{DECIMALS}}}))?")
DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")

T = TypeVar("T")


class Quoted(NamedTuple):
    """One rate as a file tells it. nanos: billionths of a unit of `currency` for one of `base`."""

    line: int
    currency: str
    base: str
    on: date
    nanos: int
    source: str


def rate(text: str) -> int:
    """Return a rate in billionths, exactly. FieldError for anything but digits and a dot.

    >>> rate("1.1172"), rate("136")
    (1117200000, 136000000000)
    """
    match = RATE.fullmatch(text.strip())
    nanos = int(match[1]) * NANOS + int((match[2] or "").ljust(DECIMALS, "0")) if match else 0
    if nanos == 0:
        rule = f"a rate above 0, digits with a dot, at most 9 before it and {DECIMALS} after it"
        raise FieldError(text, rule, "Write 129.35")
    return nanos


def day(text: str) -> date:
    """Return a date written YYYY-MM-DD. FieldError otherwise."""
    match = DAY.fullmatch(text.strip())
    try:
        found = date(*map(int, match.groups())) if match else None
    except ValueError:
        found = None
    if found is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
        rule = f"a day as YYYY-MM-DD, from {FIRST_YEAR} to {LAST_YEAR}"
        raise FieldError(text, rule, "Write 2026-10-30")
    return found


# `_canonical` takes the cells in this order.
COLUMNS = (
    Column("currency", True, "ISO 4217", "The currency that is quoted.", "KES", fields.currency),
    Column(
        "base",
        True,
        "ISO 4217",
        "The currency of which one unit is quoted.",
        "USD",
        fields.currency,
    ),
    Column("day", True, "YYYY-MM-DD", "The day that the rate is for.", "2026-10-30", day),
    Column(
        "rate",
        True,
        f"digits with a dot, at most {DECIMALS} decimals, above 0",
        "How many units of `currency` are one unit of `base`: the middle rate.",
        "129.35",
        rate,
    ),
    Column(
        "source",
        False,
        "a-z, 0-9, _ and -, at most 30",
        "Who published it. Empty means what is said when the file is brought in (`--source`).",
        "central-bank-kenya",
        fields.code,
    ),
)


@contextmanager
def opened(path: Path) -> Iterator[Source]:
    """Open a file of rates, a CSV or a zip with one in it. Raises UnreadableFile."""
    if zipfile.is_zipfile(path):
        yield Source(BytesIO(_unzipped(path)))
    else:
        with open_file(path) as source:
            yield source


def _unzipped(path: Path) -> bytes:
    """Return the one CSV in a zip, never more of it than MAX_UNPACKED_BYTES."""
    try:
        with zipfile.ZipFile(path) as archive:
            files = [one for one in archive.infolist() if not one.is_dir()]
            if len(files) != 1 or not files[0].filename.casefold().endswith(".csv"):
                names = ", ".join(fields.shown(one.filename) for one in files[:5])
                raise UnreadableFile(
                    f"a zip with {names or 'nothing'}",
                    "a zip of rates holds one CSV and no more",
                    "Unpack it and bring in the CSV",
                )
            with archive.open(files[0]) as member:
                content = member.read(MAX_UNPACKED_BYTES + 1)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
        raise UnreadableFile(
            f"a zip that does not open ({fields.shown(str(error))})",
            "a zip is whole and has no password",
            "Download it again, or unpack it and bring in the CSV",
        ) from error
    if len(content) > MAX_UNPACKED_BYTES:
        raise UnreadableFile(
            f"a zip with more than {MAX_UNPACKED_BYTES:,} bytes in it",
            "a file of rates is not larger than that",
            "Leave out the years that are not needed",
        )
    return content


def recognise(header: Sequence[str]) -> str:
    """Return which format a header is of, ECB or CANONICAL. Raises UnreadableFile for neither."""
    names = [plain(name) for name in header]
    if names[0] == ECB_HEADER and all(re.fullmatch("[a-z]{3}|", name) for name in names[1:]):
        return ECB
    lacks = missing(COLUMNS, list(header))
    if lacks:
        there = ", ".join(map(fields.shown, header[:40]))
        raise UnreadableFile(
            f"the columns {there}",
            "a file of rates is the ECB's (Date, then a column a currency) or the canonical one; "
            f"for that it lacks {', '.join(lacks)}",
            "Bring in eurofxref-hist.zip as published, or write docs/canonical-csv.md",
        )
    return CANONICAL


def rates(source: Source, said_by: str = "") -> Iterator[Quoted]:
    """Yield the rates of a file in its order. Raises UnreadableFile for the first that is not one.

    said_by: who published them, where the file does not say.
    """
    read = _ecb if recognise(source.header) == ECB else _canonical
    yield from read(source, said_by)


def _ecb(source: Source, said_by: str) -> Iterator[Quoted]:
    header = [name.strip() for name in source.header]
    codes = [(at, _cell(source.header_line, code, fields.currency, code))
             for at, code in enumerate(header) if at and code]  # fmt: skip
    if len({code for _, code in codes}) < len(codes):
        raise _unreadable(source.header_line, "header", "a currency twice", "one column a currency")
    for line, _, cells in source.records():
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header) or any(
            cells[at].strip() for at, name in enumerate(header) if not name
        ):
            raise _unreadable(line, "row", f"{len(cells)} cells", "a row is as wide as the header")
        on = _cell(line, cells[0], day, "Date")
        for at, code in codes:
            if cells[at].strip() not in NONE_THAT_DAY:
                yield Quoted(line, code, ECB_BASE, on, _cell(line, cells[at], rate, code),
                             said_by or ECB)  # fmt: skip


def _canonical(source: Source, said_by: str) -> Iterator[Quoted]:
    bound = Bound(COLUMNS, source.header, "A canonical file of rates")
    for line, _, cells in source.records():
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != bound.width:
            raise _unreadable(line, "row", f"{len(cells)} cells", "a row is as wide as the header")
        currency, base, on, figure, who = bound.pick([*cells, ""])
        quoted = Quoted(
            line,
            _cell(line, currency, fields.currency, "currency"),
            _cell(line, base, fields.currency, "base"),
            _cell(line, on, day, "day"),
            _cell(line, figure, rate, "rate"),
            _cell(line, who if who.strip() else said_by, fields.code, "source"),
        )
        if quoted.currency == quoted.base:
            raise _unreadable(line, "base", quoted.base, "a rate is of two currencies")
        yield quoted


def _cell(line: int, cell: str, parse: Callable[[str], T], column: str) -> T:
    try:
        return parse(cell)
    except FieldError as error:
        where = f"line {line}, column {fields.shown(column)}: {error.value!r}"
        raise UnreadableFile(where, error.rule, error.mend) from error


def _unreadable(line: int, column: str, value: str, rule: str) -> UnreadableFile:
    return UnreadableFile(f"line {line}, {column}: {value}", rule, "Correct it, or fetch it again")
