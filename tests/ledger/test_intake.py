"""What becomes of a file: its rows are counted, its money added up, and nothing of it stays."""

import csv
import io
from collections import Counter
from decimal import Decimal

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger import admitting, intake, jobs, rejects, undo
from ledger.files import Refused
from ledger.models import Batch, Import, Job, Leaf, Payment, Remark, Transfer, Work, WorkWeek
from tests import factories
from tests.bringing import floor_since_2010
from tests.ledger.histories import NOW

HEADER = (
    "external_id,worker_external_id,source_system,project,task_type,status,started_at,ended_at,"
    "rate_amount,currency,status_at,due_at"
)
FACTS = (Batch, Leaf, Work, Transfer, Payment, WorkWeek)
EXAMPLES = 25 if connection.vendor == "sqlite" else 10


def row(number, *, amount="1.50", currency="USD", status="submitted", ended="10:00"):
    return (
        f"att-{number},w-{number % 3},tool,boats,boxes,{status},2026-09-07T09:00:00Z,"
        f"2026-09-07T{ended}:00Z,{amount},{currency},,"
    )


def file_of(rows, header=HEADER):
    return "\n".join([header, *rows, ""])


@pytest.fixture
def vendor(db):
    floor_since_2010()
    return factories.vendor()


@pytest.fixture
def bring_in(vendor, tmp_path):
    """Bring a text (or bytes) in; the job is run to its end."""

    def bring(text, kind="work", **given):
        path = tmp_path / "export.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        imported, is_new = intake.receive(
            vendor=vendor, kind=kind, path=path, name=path.name, at=NOW, **given
        )
        jobs.run(job_id=intake.job_of(imported).pk, at=NOW)
        imported.refresh_from_db()
        return imported, is_new

    return bring


def nothing_is_left():
    """No fact, no row of work, no file."""
    return not any(model.objects.exists() for model in FACTS) and not uploads()


def uploads():
    return [path for path in intake.uploads().iterdir() if path.name in ours()]


def ours():
    return {one.uuid.hex for one in Import.objects.all()}


lines = st.lists(
    st.sampled_from(["good", "again", "euro", "blank", "unpaid", "unpriced", "bad"]),
    min_size=1,
    max_size=40,
)


def test_rows_and_money_add_up_to_the_file(bring_in):
    @settings(
        max_examples=EXAMPLES,
        suppress_health_check=list(HealthCheck),
    )
    @given(lines)
    def of_any_file(kinds):
        seed = next(factories.numbers) * 10_000
        kinds += ["good"] * 99 * kinds.count("bad")  # one in a hundred may be bad
        rows, money, ends, last = [], Counter(), Counter(), None
        for number, kind in enumerate(kinds, start=seed):
            if kind == "again" and last is not None:
                rows.append(last)
                ends["unchanged"] += 1
                money["USD"] += Decimal("1.50")
            elif kind == "blank":
                rows.append("")
                ends["no_work"] += 1
            elif kind == "bad":
                rows.append(row(number, amount="1E5"))
                ends["rejected"] += 1
            else:
                amount, currency = {"euro": ("0.000001", "EUR"), "unpriced": ("", "")}.get(
                    kind, ("1.50", "USD")
                )
                status = "returned" if kind == "unpaid" else "submitted"
                rows.append(row(number, amount=amount, currency=currency, status=status))
                ends["new"] += 1
                if amount:
                    money[currency] += Decimal(amount) if kind != "unpaid" else 0
                last = rows[-1] if kind not in ("euro", "unpaid", "unpriced") else last

        imported, _ = bring_in(file_of(rows))

        if not ends["new"]:
            assert imported.state == "refused"
            return
        counts = dict(imported.counts)
        assert counts.pop("rows") == len(rows) == sum(ends.values())
        assert counts.pop("kept") == ends["new"] + ends["unchanged"]
        assert counts == dict(ends)
        assert imported.totals == {name: int(sum_ * 1_000_000) for name, sum_ in money.items()}
        assert imported.remarks.count() == ends["rejected"]
        posted = Work.objects.filter(batch__imported=imported)
        assert posted.count() == ends["new"]
        lines_kept = Leaf.objects.filter(batch__imported=imported).values_list("line", flat=True)
        assert all(rows[line - 2].startswith("att-") for line in lines_kept)

    of_any_file()


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        pytest.param(
            file_of([row(n) for n in range(98)] + [row(98, amount="ten"), row(99, amount="x")]),
            "more than 1 %", id="more than one bad row in a hundred",
        ),
        pytest.param(file_of([]), "at least one row", id="no rows"),
        pytest.param(file_of([row(1), '"att-2,w-1']), "", id="a quote that never ends"),
    ],
)  # fmt: skip
def test_a_file_that_is_refused_leaves_nothing_behind(bring_in, content, rule):
    imported, _ = bring_in(content)

    assert imported.state == "refused"
    assert rule in imported.refusal["rule"]
    assert all(imported.refusal[name] for name in ("value", "rule", "mend"))
    assert (imported.path, nothing_is_left()) == ("", True)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        pytest.param(b"", "work", id="empty"),
        pytest.param(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" * 9, "work", id="a picture"),
        pytest.param("name,age\nAda,36\n", "work", id="another header"),
        pytest.param(file_of([row(1)]).encode() + b"\0" * 20, "work", id="no text"),
        pytest.param(file_of([row(1)]), "payouts", id="work at the door for payouts"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_not_taken(bring_in, content, kind):
    with pytest.raises(Refused):
        bring_in(content, kind)

    assert not Import.objects.exists()
    assert not Job.objects.exists()
    assert nothing_is_left()


def test_a_file_over_2_gb_is_not_taken(vendor, tmp_path):
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.write(file_of([row(1)]).encode())
        file.truncate(2_000_000_001 if admitting.MAX_FILE_BYTES == 2_000_000_000 else 2**31 + 1)

    with pytest.raises(Refused, match="at most 2 GB"):
        intake.receive(vendor=vendor, kind="work", path=path, name="huge.csv", at=NOW)

    assert not Import.objects.exists()
    assert nothing_is_left()


@pytest.mark.parametrize(
    ("bad", "column"),
    [
        pytest.param({"ended_at": "2098-01-01T10:00:00Z"}, "ended_at", id="its end"),
        pytest.param({"status_at": "2098-01-01T10:00:00Z"}, "status_at", id="its decision"),
    ],
)
def test_what_is_still_to_come_has_not_happened(bring_in, bad, column):
    names = HEADER.split(",")
    cells = dict(zip(names, row(99, status="approved").split(","), strict=True)) | bad
    imported, _ = bring_in(
        file_of([*(row(number) for number in range(99)), ",".join(cells[name] for name in names)])
    )

    (remark,) = imported.remarks.all()
    assert (remark.line, remark.column) == (101, column)
    assert "happened before it was brought in" in remark.rule


@pytest.mark.parametrize("column", ["sent_at", "arrived_at"])
def test_a_payment_that_is_still_to_be_made_was_not_made(bring_in, column):
    header = "payment_reference,worker_external_id,source_system,amount,currency,sent_at,arrived_at"
    line = "P-{},w-1,tool,1.50,USD,2026-09-07T09:00:00Z,{}"
    lines = [line.format(number, "") for number in range(99)]
    bad = line.format(99, "2098-01-01T09:00:00Z")
    if column == "sent_at":
        bad = bad.replace("2026-09-07T09:00:00Z", "2098-01-01T08:00:00Z")
    imported, _ = bring_in(file_of([*lines, bad], header), kind="payouts")

    assert [remark.column for remark in imported.remarks.all()] == [column]


def test_one_bad_row_in_a_hundred_is_rejected_and_can_be_corrected(bring_in):
    good = [row(number) for number in range(99)]
    imported, _ = bring_in(file_of([*good, row(99, amount="1_5")]))
    assert imported.counts["rejected"] == 1
    text = "".join(rejects.as_csv(imported.remarks.order_by("line")))
    assert "1_5" in text
    cells = list(csv.reader(io.StringIO(text)))
    cells[1][cells[0].index("rate_amount")] = "1.50"
    corrected = io.StringIO()
    csv.writer(corrected, lineterminator="\n").writerows(cells)

    mended, is_new = bring_in(corrected.getvalue())

    assert is_new
    assert (mended.state, mended.counts["new"]) == ("done", 1)
    assert Work.objects.count() == 100
    assert mended.warnings == []


def test_the_same_file_twice_adds_nothing(bring_in):
    first, _ = bring_in(file_of([row(1), row(2)]))
    before = [model.objects.count() for model in FACTS]

    second, is_new = bring_in(file_of([row(1), row(2)]), complete=True)

    assert (second, is_new) == (first, False)
    assert [model.objects.count() for model in FACTS] == before
    assert Import.objects.count() == Job.objects.count() == 1


def test_after_an_undo_the_file_is_new_again_and_leaves_the_same(bring_in, vendor):
    text = file_of([row(1, status="approved"), row(2)])
    first, _ = bring_in(text)
    weeks = list(WorkWeek.objects.values("starts_on", "b_high_ms", "earned_micros"))
    job = undo.start(imported=first, by=None, at=NOW)
    jobs.run(job_id=job.pk, at=NOW)
    assert not WorkWeek.objects.exists()

    again, is_new = bring_in(text)

    assert is_new
    assert again.counts == first.counts
    assert list(WorkWeek.objects.values("starts_on", "b_high_ms", "earned_micros")) == weeks


def test_a_dry_run_counts_and_keeps_nothing(bring_in):
    imported, _ = bring_in(file_of([row(1), row(2)]), dry_run=True)

    assert (imported.state, imported.counts) == ("checked", {"kept": 2, "rows": 2})
    assert nothing_is_left()
    taken, is_new = bring_in(file_of([row(1), row(2)]))
    assert is_new
    assert taken.state == "done"
    assert uploads() == []


def test_an_import_that_failed_goes_on_when_it_is_brought_in_again(bring_in, monkeypatch):
    monkeypatch.setattr(intake, "CHUNK_ROWS", 2)
    text = file_of([row(number) for number in range(1, 6)])
    post, posted = intake.work_posting.post, []

    def fail_at_the_second(**given):
        posted.append([one.external_id for one in given["rows"]])
        if given["chunk"] == 1:
            raise jobs.Failed("the disk is full")
        return post(**given)

    monkeypatch.setattr(intake.work_posting, "post", fail_at_the_second)
    imported, _ = bring_in(text)
    assert (imported.state, intake.job_of(imported).state) == ("posting", "failed")
    assert posted == [["att-1", "att-2"], ["att-3", "att-4"]]
    monkeypatch.setattr(intake.work_posting, "post", post)

    again, is_new = bring_in(text)

    assert (again, is_new) == (imported, False)
    assert (again.state, again.counts["new"]) == ("done", 5)
    assert uploads() == []
    assert Remark.objects.count() == 0


@given(st.integers(0, 16_000), st.lists(st.integers(0, 60), max_size=4))
def test_a_chunk_is_the_same_however_far_was_read_on(count, reads):
    ahead, found = intake.ReadAhead(iter(range(count))), []
    for chunk, often in zip(ahead.chunks(), [*reads, 0, 0, 0, 0], strict=False):
        found.append(chunk)
        more = [ahead.read_on() for _ in range(often)]
        assert more == sorted(more, reverse=True)  # once there is no more, there is none

    size = intake.CHUNK_ROWS
    assert found == [list(range(at, min(at + size, count))) for at in range(0, count, size)]
