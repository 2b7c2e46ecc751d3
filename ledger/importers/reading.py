"""Open a delimited text file of unknown make and stream its records, raw text included.

Two passes over the bytes: the first finds out the encoding and refuses what is not text, the
second yields records and holds one block of lines at a time. Nothing here knows a column.
"""

import codecs
import csv
import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import BinaryIO

MAX_FILE_BYTES = 2_000_000_000
MAX_COLUMNS = 10_000
MAX_RECORD_BYTES = 16_000_000
MAX_CELL_CHARACTERS = 131_072  # the csv module's own limit, which stops an unclosed quote early
BLOCK_BYTES = 1 << 18
NO_LIMIT = 1 << 62
DELIMITERS = ",;\t"
BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


class UnreadableFile(ValueError):
    """The file as a whole is refused; nothing of it is kept.

    value: what was met. rule: what it breaks. mend: what the sender can do.
    """

    def __init__(self, value: str, rule: str, mend: str) -> None:
        super().__init__(f"{value}: {rule}. {mend}")
        self.value, self.rule, self.mend = value, rule, mend


# (number of its first line, its text in UTF-8 without the closing line end, its cells); a plain
# tuple, because there may be millions.
Record = tuple[int, bytes, list[str]]


class Source:
    """An open file: its header is read, `records()` yields the rest, as often as asked.

    file: seekable, binary. size: bytes, measured when not given. Attributes: encoding, delimiter,
    header (names as written), header_line, warnings (sentences for whoever brought the file),
    latest_ms (nothing in the file happened after it: given by whoever knows when it came in).
    Raises UnreadableFile for what is not delimited text within the limits above.
    """

    def __init__(
        self, file: BinaryIO, *, size: int | None = None, latest_ms: int = NO_LIMIT
    ) -> None:
        self._file, self.latest_ms = file, latest_ms
        self.warnings: list[str] = []
        self._refuse_by_size(file.seek(0, os.SEEK_END) if size is None else size)
        self._bom, self.encoding = self._find_encoding()
        self.delimiter = self._find_delimiter()
        self.header_line, self.header = self._read_header()

    def warn(self, sentence: str) -> None:
        """Keep a warning about this file, once."""
        if sentence not in self.warnings:
            self.warnings.append(sentence)

    def records(self) -> Iterator[Record]:
        """Yield the records after the header. A blank line is a record without cells."""
        records = self._all_records()
        for line, _, _ in records:
            if line >= self.header_line:
                break
        return records

    @staticmethod
    def _refuse_by_size(size: int) -> None:
        if size > MAX_FILE_BYTES:
            raise UnreadableFile(
                f"{size:,} bytes", "a file has at most 2 GB", "Split it; each part needs the header"
            )
        if size == 0:
            raise UnreadableFile("0 bytes", "a file has a header line", "Export it again")

    def _blocks(self) -> Iterator[bytes]:
        self._file.seek(self._bom)
        while block := self._file.read(BLOCK_BYTES):
            yield block

    def _find_encoding(self) -> tuple[int, str]:
        """Return (length of the byte order mark, encoding). The whole file is tried, strictly."""
        self._bom = 0
        start = next(self._blocks(), b"")[:3]
        for bom, encoding in BOMS:
            if start.startswith(bom):
                self._bom = len(bom)
                if not self._decodes_as(encoding):
                    raise UnreadableFile(
                        f"bytes that are not {encoding.upper()}",
                        "text is what its byte order mark says",
                        "Save it as CSV in UTF-8",
                    )
                return len(bom), encoding
        if self._decodes_as("utf-8"):
            return 0, "utf-8"
        if self._decodes_as("cp1252"):
            self.warn("This file is not UTF-8 and was read as Windows-1252: check names in it.")
            return 0, "cp1252"
        raise UnreadableFile(
            "bytes that are no text", "a file is text in UTF-8", "Save it as CSV in UTF-8"
        )

    def _decodes_as(self, encoding: str) -> bool:
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            for block in self._blocks():
                if "\0" in decoder.decode(block):
                    raise UnreadableFile(
                        "a NUL byte", "a file is text in UTF-8", "Save it as CSV in UTF-8"
                    )
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
        return True

    def _utf8_blocks(self) -> Iterator[bytes]:
        if self.encoding == "utf-8":
            yield from self._blocks()
            return
        decoder = codecs.getincrementaldecoder(self.encoding)()
        for block in self._blocks():
            yield decoder.decode(block).encode()

    def _line_blocks(self) -> Iterator[list[bytes]]:
        """Yield lists of whole lines with their ends: LF, CRLF or CR, also mixed."""
        rest, number = b"", 1
        for block in self._utf8_blocks():
            lines = (rest + block).splitlines(keepends=True)
            # A last line that ends in CR may go on with LF in the next block.
            rest = b"" if not lines or lines[-1].endswith(b"\n") else lines.pop()
            if len(rest) > MAX_RECORD_BYTES:
                raise _too_long(number + len(lines))
            number += len(lines)
            yield lines
        yield rest.splitlines(keepends=True)

    def _find_delimiter(self) -> str:
        """Return the delimiter met most often in the first line that holds anything, else ','."""
        lines = chain.from_iterable(self._line_blocks())
        first = next((line for line in lines if line.strip()), b"").decode(errors="replace")
        outside_quotes = "".join(first.split('"')[::2])
        return max(DELIMITERS, key=outside_quotes.count)

    def _read_header(self) -> tuple[int, list[str]]:
        for line, _, cells in self._all_records():
            if any(cell.strip() for cell in cells):
                if len(cells) > MAX_COLUMNS:
                    raise _too_wide(line, len(cells))
                return line, cells
        raise UnreadableFile("blank lines only", "a file has a header line", "Export it again")

    def _all_records(self) -> Iterator[Record]:
        held: list[bytes] = []  # lines given to the parser, from the record at hand on
        taken = 0  # how many of them are in records already yielded
        at_end = False

        def texts() -> Iterator[list[str]]:
            nonlocal taken, at_end
            for lines in self._line_blocks():
                del held[:taken]
                taken = 0
                if sum(map(len, held)) > MAX_RECORD_BYTES:
                    raise _too_long(done + 1)
                held.extend(lines)
                yield [line.decode() for line in lines]
            at_end = True

        done = 0
        parser = csv.reader(chain.from_iterable(texts()), delimiter=self.delimiter)
        try:
            for cells in parser:
                count = parser.line_num - done
                if at_end:  # the parser had to ask for more to close this record
                    raise csv.Error
                if len(cells) > 2 * MAX_COLUMNS:  # a row and a header glued to it still fit
                    raise _too_wide(done + 1, len(cells))
                raw = held[taken] if count == 1 else b"".join(held[taken : taken + count])
                taken += count
                yield done + 1, raw.rstrip(b"\r\n"), cells
                done += count
        except csv.Error:
            raise self._unclosed(held[taken:], done + 1) from None
        except UnicodeDecodeError:
            raise UnreadableFile(
                "other bytes than before", "a file stays as it is while it is read", "Try again"
            ) from None

    def _unclosed(self, lines: list[bytes], first: int) -> UnreadableFile:
        """Return the refusal of the record that starts at line `first` and does not end."""
        opened = _line_of_open_quote([line.decode() for line in lines], self.delimiter)
        if opened is None:
            return UnreadableFile(
                f"a cell on line {first} of more than {MAX_CELL_CHARACTERS:,} characters",
                "cells are not longer than that",
                "Shorten the cell or leave the column out",
            )
        return UnreadableFile(
            f"a quote that opens on line {first + opened} and is not closed",
            "each quoted cell ends with a quote",
            f"Close the quote on line {first + opened}; a quote inside a cell is written twice",
        )


def _too_wide(line: int, columns: int) -> UnreadableFile:
    return UnreadableFile(
        f"{columns:,} columns on line {line}",
        f"a file has at most {MAX_COLUMNS:,} columns",
        "Leave out the columns that hold answers",
    )


def _too_long(line: int) -> UnreadableFile:
    return UnreadableFile(
        f"a record of more than {MAX_RECORD_BYTES:,} bytes on line {line}",
        "a record is not longer than that",
        "Save the file as CSV, one record a line; close its quotes",
    )


def _line_of_open_quote(lines: list[str], delimiter: str) -> int | None:
    """Return the index of the line whose quote is still open at the end; None if all are closed.

    Follows the csv module: a quote opens a cell only as its first character, and inside a quoted
    cell two quotes stand for one.
    """
    opened: int | None = None
    for index, line in enumerate(lines):
        at_start = opened is None
        position = 0
        while position < len(line):
            character = line[position]
            if opened is not None:
                if character == '"':
                    if line[position + 1 : position + 2] == '"':
                        position += 1
                    else:
                        opened = None
            elif character == '"' and at_start:
                opened = index
            at_start = character == delimiter
            position += 1
    return opened


@contextmanager
def open_file(path: str | Path) -> Iterator[Source]:
    """Open the file at `path` as a Source and close it afterwards. Raises UnreadableFile."""
    with open(path, "rb") as file:
        yield Source(file)


def plain(name: str) -> str:
    """Return a column name as names are compared: no case, no blanks, quotes or byte order mark.

    >>> plain('\ufeff"HITId" ')
    'hitid'
    """
    return name.strip().strip('\ufeff"').strip().casefold()
