"""Whatever a file holds, the answer is rows, rejects or a refusal: never another exception."""

import csv
from io import StringIO

from hypothesis import given
from hypothesis import strategies as st

from ledger.importers import FORMATS, UnreadableFile
from ledger.importers.canonical_columns import KINDS
from ledger.importers.fields import clean
from ledger.importers.rows import NoWork, PaymentRow, Reject, WorkRow
from tests.ledger.importers import test_canonical, test_mturk, test_remittance
from tests.ledger.importers.files import csv_of, rows_of, work_of

ROWS = {
    "canonical": test_canonical.ROW,
    "mturk": test_mturk.ROW,
    "remittance": test_remittance.ROW,
}
FORMAT = st.sampled_from(sorted(FORMATS))
BYTES = st.binary() | st.lists(
    st.sampled_from([b'"', b",", b"\n", b"\r", b"\t", b";", b"\xef\xbb\xbf", b"\xff", b"a", b"1"])
).map(b"".join)


@given(BYTES)
def test_any_bytes_are_refused_kindly(data: bytes) -> None:
    try:
        rows = rows_of(data)
    except UnreadableFile:
        return
    assert rows == []  # no header of a known format comes about by chance


@given(FORMAT, BYTES)
def test_any_bytes_after_a_good_header_are_rows_or_refused_kindly(name: str, data: bytes) -> None:
    header = csv_of(ROWS[name]).splitlines()[0].encode()
    try:
        rows = rows_of(header + b"\n" + data)
    except UnreadableFile:
        return
    assert all(isinstance(row, NoWork | Reject) for row in rows)


@given(FORMAT, st.data(), st.text())
def test_any_cell_in_a_good_row_gives_a_row_or_a_reject(
    name: str, data: st.DataObject, cell: str
) -> None:
    column = data.draw(st.sampled_from(sorted(ROWS[name])))
    changed = ROWS[name] | {column: cell.replace("\0", "")}
    try:
        (row,) = rows_of(csv_of(changed).encode("utf-8", "replace"))
    except UnreadableFile as refusal:
        raise AssertionError(changed) from refusal

    assert isinstance(row, WorkRow | PaymentRow | Reject)
    if isinstance(row, Reject):
        assert row.rule
        assert row.mend


@given(FORMAT, st.data())
def test_any_one_character_put_into_a_good_file_gives_rows_or_is_refused_kindly(
    name: str, data: st.DataObject
) -> None:
    text = csv_of(ROWS[name], ROWS[name])
    at = data.draw(st.integers(0, len(text)))
    character = data.draw(st.sampled_from('"\n\r,;\t\ufeff\0é١') | st.characters(codec="utf-8"))
    try:
        rows = rows_of(text[:at] + character + text[at:])
    except UnreadableFile:
        return
    assert rows


WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=20
)


@given(
    ids=st.tuples(WORDS, WORDS, WORDS, WORDS),
    kind=st.sampled_from([kind for kind in KINDS if kind != "award"]),
    reason=st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=100),
    micros=st.integers(0, 10**12),
    duration_ms=st.integers(0, 10**9),
)
def test_what_was_written_is_read(
    ids: tuple[str, str, str, str], kind: str, reason: str, micros: int, duration_ms: int
) -> None:
    external_id, account, project, task_type = ids
    record = test_canonical.ROW | {
        "external_id": external_id,
        "worker_external_id": account,
        "project": project,
        "task_type": task_type,
        "work_category": kind,
        "rate_amount": f"{micros // 10**6}.{micros % 10**6:06}",
        "active_seconds": f"{duration_ms // 1000}.{duration_ms % 1000:03}",
        "status": "rejected",
        "status_reason": reason,
    }
    file = StringIO(newline="")
    writer = csv.DictWriter(file, list(record))
    writer.writeheader()
    writer.writerow(record)

    work = work_of(file.getvalue())

    assert (work.external_id, work.account, work.project, work.task_type) == ids
    assert (work.kind, work.promised_micros, work.active_ms) == (kind, micros, duration_ms)
    assert work.decisions[0].reason == clean(reason).strip()
