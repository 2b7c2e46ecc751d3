"""Files of reference rates: what is read, exactly, and what refuses the file."""

import zipfile
from datetime import date
from pathlib import Path

import pytest

from ledger.importers.fields import FieldError
from ledger.importers.reading import UnreadableFile
from ledger.importers.reference_rates import opened, rate, rates
from tests.ledger.importers.files import source_of

ECB = "Date,USD,KRW,EEK,\n2026-10-30,1.1172,1491.76,N/A,\n2026-10-29,1.113,1488.4,N/A,\n"
CANONICAL = "currency,base,day,rate,source\nKES,USD,2026-10-30,129.35,cbk\n"


def read(text, said_by=""):
    return [one[1:] for one in rates(source_of(text), said_by)]


def test_the_history_of_the_ecb_is_read_without_its_gaps():
    assert read(ECB) == [
        ("USD", "EUR", date(2026, 10, 30), 1_117_200_000, "ecb"),
        ("KRW", "EUR", date(2026, 10, 30), 1_491_760_000_000, "ecb"),
        ("USD", "EUR", date(2026, 10, 29), 1_113_000_000, "ecb"),
        ("KRW", "EUR", date(2026, 10, 29), 1_488_400_000_000, "ecb"),
    ]


def test_the_canonical_file_names_pair_day_and_source():
    assert read(CANONICAL) == [("KES", "USD", date(2026, 10, 30), 129_350_000_000, "cbk")]


def test_a_source_that_the_file_does_not_name_is_the_one_that_was_said():
    assert read(CANONICAL.replace("cbk", ""), "our-bank")[0][-1] == "our-bank"


@pytest.mark.parametrize(
    "text",
    ["0", "0.0", "-1", "+1", "1e3", "1,5", "1 000", "١", "NaN", "", ".5", "1.", "1" * 10,
     "1.0000000001"],
)  # fmt: skip
def test_a_rate_is_digits_with_a_dot_above_zero(text):
    with pytest.raises(FieldError):
        rate(text)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        pytest.param(ECB.replace("1.113", "1.1.3"), "line 3, column USD", id="no number"),
        pytest.param(ECB.replace("2026-10-29", "29.10.2026"), "line 3, column Date", id="no day"),
        pytest.param(ECB.replace("2026-10-29", "2026-02-30"), "2026-02-30", id="no such day"),
        pytest.param(ECB.replace("EEK", "QQQ"), "QQQ", id="no currency"),
        pytest.param(ECB.replace("EEK", "USD"), "a currency twice", id="a currency twice"),
        pytest.param(ECB.replace(",N/A,\n2026-10-29", "\n2026-10-29"), "line 2", id="a cell short"),
        pytest.param(ECB.replace("N/A,\n2026", "N/A,7\n2026"), "line 2", id="beyond the header"),
        pytest.param(CANONICAL.replace("KES,USD", "USD,USD"), "two currencies", id="one currency"),
        pytest.param(CANONICAL.replace(",cbk", ","), "column source", id="said by nobody"),
        pytest.param(CANONICAL.replace("129.35", "129,35"), "line 2", id="a comma for a dot"),
        pytest.param(CANONICAL.replace("base", "per"), "it lacks base", id="a column missing"),
    ],
)
def test_a_file_with_a_cell_that_cannot_be_read_is_refused(text, named):
    with pytest.raises(UnreadableFile, match=named):
        read(text)


def zipped(folder: Path, **members: bytes) -> Path:
    path = folder / "rates.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("_", "."), content)
    return path


def test_a_zip_as_published_is_read(tmp_path):
    with opened(zipped(tmp_path, hist_csv=ECB.encode())) as source:
        assert len(list(rates(source))) == 4


@pytest.mark.parametrize(
    "members",
    [
        pytest.param({}, id="nothing in it"),
        pytest.param({"one_csv": b"a", "two_csv": b"b"}, id="two files"),
        pytest.param({"hist_exe": b"a"}, id="no CSV"),
        pytest.param({"hist_csv": bytes(100_000_001)}, id="more than a file of rates can be"),
    ],
)
def test_a_zip_with_anything_else_in_it_is_refused(tmp_path, members):
    with pytest.raises(UnreadableFile), opened(zipped(tmp_path, **members)):
        pass


def test_a_damaged_zip_is_refused(tmp_path):
    path = zipped(tmp_path, hist_csv=ECB.encode() * 100)
    content = bytearray(path.read_bytes())
    content[60:90] = bytes(30)
    path.write_bytes(content)

    with pytest.raises(UnreadableFile, match="a zip that does not open"), opened(path):
        pass
