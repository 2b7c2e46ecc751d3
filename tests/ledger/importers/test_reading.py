"""Opening a file: encodings, line ends, quotes, limits, and the raw text of a record."""

import csv
from pathlib import Path

import pytest

from ledger.importers import reading, recognise
from ledger.importers.reading import BLOCK_BYTES, Source, UnreadableFile, open_file
from tests.ledger.importers.files import source_of

TABLE = "name,amount\nAnna,1\nBen,2\n"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(TABLE.encode(), id="UTF-8"),
        pytest.param(TABLE.encode("utf-8-sig"), id="UTF-8 with a byte order mark"),
        pytest.param(TABLE.encode("utf-16"), id="UTF-16 with a byte order mark"),
        pytest.param(b"\xfe\xff" + TABLE.encode("utf-16-be"), id="UTF-16, big end first"),
        pytest.param(TABLE.replace("\n", "\r\n").encode(), id="CRLF"),
        pytest.param(TABLE.replace("\n", "\r").encode(), id="CR"),
        pytest.param(TABLE.replace(",", ";").encode(), id="semicolons"),
        pytest.param(TABLE.replace(",", "\t").encode(), id="tabs"),
        pytest.param(TABLE.rstrip().encode(), id="no line end at the end"),
        pytest.param(TABLE.replace("Anna", '"Anna"').encode(), id="quotes"),
    ],
)
def test_a_table_is_the_same_however_it_was_saved(data: bytes) -> None:
    source = source_of(data)

    assert source.header == ["name", "amount"]
    assert [(line, cells) for line, _, cells in source.records()] == [
        (2, ["Anna", "1"]),
        (3, ["Ben", "2"]),
    ]
    assert source.warnings == []


def test_windows_text_is_read_with_a_warning() -> None:
    source = source_of("name\nZoë\n", "cp1252")

    assert [(raw, cells) for _, raw, cells in source.records()] == [("Zoë".encode(), ["Zoë"])]
    (warning,) = source.warnings
    assert "Windows-1252" in warning


def test_a_record_keeps_its_text_and_the_number_of_its_first_line() -> None:
    source = source_of('\n"a","b"\r\n"1","two\r\nlines"\r\n\r\n3,"say ""so"""\r\n')

    assert source.header_line == 2
    assert list(source.records()) == [
        (3, b'"1","two\r\nlines"', ["1", "two\r\nlines"]),
        (5, b"", []),
        (6, b'3,"say ""so"""', ["3", 'say "so"']),
    ]


def test_records_can_be_read_again_from_the_start() -> None:
    source = source_of(TABLE)

    assert list(source.records()) == list(source.records())


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_record_may_lie_across_blocks(end: str) -> None:
    filler = "x" * 1000
    lines = [f'{number},"{filler}{end}{filler}"' for number in range(3 * BLOCK_BYTES // 2000)]
    source = source_of(end.join(["a,b", *lines]))

    records = list(source.records())

    assert [line for line, _, _ in records] == list(range(2, 2 + 2 * len(lines), 2))
    assert [raw.decode() for _, raw, _ in records] == lines


def test_crlf_cut_in_two_by_a_block_is_one_line_end() -> None:
    lines = ["a" * 63] * (BLOCK_BYTES // 64)  # CR is the last byte of the first block
    source = source_of("\r".join(lines) + "\r\nb\r\n")

    assert list(source.records())[-1] == (len(lines) + 1, b"b", ["b"])


@pytest.mark.parametrize(
    ("data", "value"),
    [
        pytest.param(b"", "0 bytes", id="nothing"),
        pytest.param(b"\n \r\n\n", "blank lines", id="blank lines"),
        pytest.param(b"\xef\xbb\xbf", "blank lines", id="a byte order mark alone"),
        pytest.param(b"a,b\n1,\x00\n", "a NUL byte", id="NUL"),
        pytest.param("a,b\n".encode("utf-16-le"), "a NUL byte", id="UTF-16 without a mark"),
        pytest.param(b"PK\x03\x04\x8f\x90\xff", "no text", id="an archive"),
        pytest.param(b"\xff\xfea", "not UTF-16", id="half a character"),
        pytest.param(b"\xff\xfe\x00\xd8a\x00", "not UTF-16", id="half a pair"),
        pytest.param(b"\xef\xbb\xbf\xff", "not UTF-8", id="a mark that lies"),
        pytest.param(b"a" + b"," * 10_000 + b"\n", "10,001 columns", id="too many columns"),
        pytest.param(b"a\n" + b"," * 20_000 + b"\n", "20,001 columns", id="too wide a row"),
        pytest.param(b"a\n" + b"x" * 131_073, "more than 131,072 characters", id="too long"),
        pytest.param(b'a\n1\n"2\n3\n', "opens on line 3", id="an open quote"),
        pytest.param(b'a,b\n"1\n2","3\n4', "opens on line 3", id="the second quote is open"),
        pytest.param(b'a\n"' + b"x\n" * 200_000, "opens on line 2", id="an open quote, long"),
        pytest.param(b'a\n1,"', "opens on line 2", id="a quote at the very end"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_reason(data: bytes, value: str) -> None:
    with pytest.raises(UnreadableFile) as refusal:
        list(source_of(data).records())

    assert value in refusal.value.value
    assert refusal.value.rule
    assert refusal.value.mend


def test_a_file_over_2_gb_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(2_000_000_001)  # sparse: takes no space

    with pytest.raises(UnreadableFile, match="at most 2 GB"), open_file(path):
        pass


def test_a_line_without_an_end_is_refused_before_it_fills_the_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reading, "MAX_RECORD_BYTES", 2 * BLOCK_BYTES)

    with pytest.raises(UnreadableFile, match="on line 1"):
        source_of(b"a" * (4 * BLOCK_BYTES))


def test_a_record_of_too_many_lines_is_refused_before_it_fills_the_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reading, "MAX_RECORD_BYTES", 2 * BLOCK_BYTES)
    cell = '"' + "x\n" * 50_000 + '",'

    with pytest.raises(UnreadableFile, match=r"a record of more than .* on line 2"):
        list(source_of("a\n" + cell * 20).records())


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "work.csv"
    path.write_bytes(b"a\n" + b"x\n" * BLOCK_BYTES)
    with path.open("rb") as file:
        source = Source(file)
        path.write_bytes(b"a\n" + b"\xff\n" * BLOCK_BYTES)

        with pytest.raises(UnreadableFile, match="stays as it is"):
            list(source.records())


def test_the_limit_of_a_cell_is_that_of_the_csv_module() -> None:
    assert csv.field_size_limit() == reading.MAX_CELL_CHARACTERS


def test_an_unknown_header_is_refused_with_the_nearest_format_and_what_it_lacks() -> None:
    with pytest.raises(UnreadableFile) as refusal:
        recognise(["HITId", "AssignmentId", "AcceptTime", "SubmitTime"])

    assert "mturk it lacks WorkerId" in refusal.value.rule
    assert "AssignmentId" in refusal.value.value
