"""A second, slow reading of the sample's files, by simple code that shares nothing with its author.

It knows the rules of late pay, undecided work and the floor only as far as the sample needs them.
Each guard can be taken out by name, to show that a near miss is near.
"""

import csv
import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

NAIROBI = ZoneInfo("Africa/Nairobi")
FLOOR = Fraction(15_000_000, 3_600)  # micros a second
OUTSIDE_B = {"searching", "admin", "award"}
HANDED_BACK = {"returned", "expired", "skipped"}


@dataclass
class Row:
    account: str
    source: str
    id: str
    country: str
    project: str
    category: str
    status: str
    start: datetime | None
    end: datetime | None
    decided: datetime | None
    decide_by: datetime | None
    due: datetime | None
    pay: int | None
    active: int | None
    wall: int | None
    rate: str = ""
    task_type: str = ""
    paid: int | None = None
    reason: str = ""

    @property
    def approved(self) -> bool:
        return self.status in ("approved", "screened_out")


@dataclass
class Books:
    plan: dict
    rows: dict[tuple[str, str, str], Row] = field(default_factory=dict)
    first_rows: dict[tuple[str, str, str], Row] = field(default_factory=dict)
    files: dict[str, list[Row]] = field(default_factory=dict)
    payments: list[dict] = field(default_factory=list)
    reports: list[dict] = field(default_factory=list)
    folder: Path = Path()

    @property
    def as_of(self) -> datetime:
        return at(self.plan["as_of"])


def read(folder: Path) -> Books:
    books = Books(json.loads((folder / "planted.json").read_text()), folder=folder)
    books.reports = [line for name in books.plan["settlements"] for line in lines(folder / name)]
    for entry in sorted(books.plan["imports"], key=lambda one: one["exported_at"]):
        cells = lines(folder / entry["file"])
        if entry["kind"] == "payouts":
            books.payments += cells
            continue
        one_row = mturk_row if entry["format"] == "mturk" else canonical_row
        for row in map(one_row, cells):
            if row:
                books.files.setdefault(entry["file"], []).append(row)
                books.first_rows.setdefault((row.source, row.account, row.id), row)
                books.rows[row.source, row.account, row.id] = row
    books.payments.sort(key=lambda paid: at(paid["sent_at"]))
    return books


def lines(path: Path) -> list[dict]:
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def came_back(books: Books) -> dict[str, dict]:
    """Return the payments that never arrived, as the bank reports it, by reference."""
    return {
        told["settled_reference"]: told
        for told in books.reports
        if told["status"] in ("rejected", "returned")
    }


def canonical_row(cells: dict) -> Row:
    rate, units, paid = cells["rate_amount"], cells["units"], cells["paid_seconds"]
    pay = None
    if cells["status"] in HANDED_BACK:
        pay = 0
    elif rate:
        by_hour = cells["rate_kind"] == "hour"
        exact = Fraction(rate) * (Fraction(paid) / 3_600 if by_hour else int(units)) * 1_000_000
        assert exact.denominator == 1
        pay = int(exact)
    return Row(
        account=cells["worker_external_id"],
        source=cells["source_system"],
        id=cells["external_id"],
        country=cells["worker_country"],
        project=cells["project"] + "/" + cells["task_type"],
        category=cells["work_category"],
        status=cells["status"],
        start=when(cells["started_at"]),
        end=when(cells["ended_at"]),
        decided=when(cells["status_at"]),
        decide_by=when(cells["decide_by"]),
        due=when(cells["due_at"]),
        pay=pay,
        active=int(cells["active_seconds"]) if cells["active_seconds"] else None,
        wall=int(cells["wall_seconds"]) if cells["wall_seconds"] else None,
        rate=rate,
        task_type=cells["task_type"],
        paid=int(paid) if paid else None,
        reason=cells["status_reason"],
    )


def mturk_row(cells: dict) -> Row | None:
    if not cells["WorkerId"]:
        return None
    accepted = mturk_time(cells["AcceptTime"])
    submitted = mturk_time(cells["SubmitTime"])
    assert accepted is not None
    assert submitted is not None
    assert int(cells["WorkTimeInSeconds"]) == (submitted - accepted).total_seconds()
    return Row(
        account=cells["WorkerId"],
        source="mturk",
        id=f"{cells['AssignmentId']}@{accepted:%Y%m%dT%H%M%SZ}",
        country="",
        project="mturk",
        category="task",
        status=cells["AssignmentStatus"].lower(),
        start=accepted,
        end=submitted,
        decided=mturk_time(cells["ApprovalTime"]) or mturk_time(cells["RejectionTime"]),
        decide_by=mturk_time(cells["AutoApprovalTime"]),
        due=None,
        pay=int(Fraction(cells["Reward"].strip().lstrip("$")) * 1_000_000),
        active=None,
        wall=None,
    )


def mturk_time(text: str) -> datetime | None:
    if not text:
        return None
    if text.endswith(" UTC"):
        return datetime.fromisoformat(text.removesuffix(" UTC") + "+00:00")
    hours = {"PDT": -7, "PST": -8}[text.split()[4]]
    naive = datetime.strptime(text.replace(text.split()[4], "+0000"), "%a %b %d %H:%M:%S %z %Y")
    return naive.astimezone(UTC) - timedelta(hours=hours)


def when(text: str) -> datetime | None:
    return datetime.fromisoformat(text).astimezone(UTC) if text else None


def at(text: str) -> datetime:
    moment = when(text)
    assert moment is not None
    return moment


def monday(at: datetime) -> str:
    day = at.astimezone(NAIROBI).date()
    return (day - timedelta(days=day.weekday())).isoformat()


def late(books: Books, without: str = "") -> dict[tuple[str, str], int]:
    """Return what is open of each overdue work: {(account, id): micros}."""
    grace = timedelta(0 if without == "grace" else 3)
    open_debts: dict[str, dict[str, int]] = defaultdict(dict)
    due: dict[str, datetime] = {}
    for row in books.rows.values():
        is_owed = row.approved or (without == "refusals" and row.status == "rejected")
        if is_owed and row.pay and (row.source != "mturk" or without == "pays on approval"):
            open_debts[row.account][row.id] = row.pay
            when_due = row.due or row.decided
            assert when_due is not None
            due[row.id] = when_due
    back = came_back(books)
    for paid in books.payments:
        if paid["payment_reference"] in back:
            continue
        if without != "payments off the due date" or is_on_time(paid, open_debts, due):
            settle(paid, open_debts[paid["worker_external_id"]], due, without)
    return {
        (account, work): micros
        for account, debts in open_debts.items()
        for work, micros in debts.items()
        if micros and (books.as_of > due[work] + grace or without == "due dates")
    }


def is_on_time(paid: dict, debts: dict[str, dict[str, int]], due: dict[str, datetime]) -> bool:
    """Whether a payment is of exactly what was due within three days of it."""
    sent, amount = at(paid["sent_at"]), int(Fraction(paid["amount"]) * 1_000_000)
    if paid["fee"] and Fraction(paid["fee"]) != 1:
        return False
    opened = debts[paid["worker_external_id"]]
    dates = {due[work] for work in opened if timedelta(0) < due[work] - sent < timedelta(days=3)}
    return any(sum(v for w, v in opened.items() if due[w] == one) >= amount for one in dates)


def settle(paid: dict, debts: dict[str, int], due: dict[str, datetime], without: str) -> None:
    left = int(Fraction(paid["amount"]) * 1_000_000)
    works = paid["work_ids"].split(";") if paid["work_ids"] else []
    if not works:
        sums: dict[datetime, int] = defaultdict(int)
        for work, micros in debts.items():
            sums[due[work]] += micros
        same = [date for date, micros in sorted(sums.items()) if micros == left]
        works = sorted((w for w in debts if not same or due[w] == same[0]), key=lambda w: due[w])
    for work in works:
        part = min(left, debts[work])
        debts[work] -= part
        left -= part
    assert left == 0, f"{paid} is more than what is owed"


def undecided(books: Books, without: str = "") -> dict[tuple[str, str], int | None]:
    """Return the pay of each work that waited too long: {(account, id): micros}."""
    rows = books.first_rows if without == "the later export" else books.rows
    found: dict[tuple[str, str], int | None] = {}
    for row in rows.values():
        open_ones = {"submitted"} | (HANDED_BACK if without == "hand-in" else set())
        if without == "decisions":
            open_ones.add("approved")
        if row.status not in open_ones or not row.end or row.category != "task":
            continue
        limit = row.end + timedelta(0 if without == "window" else 7)
        if row.decide_by and without != "promises":
            limit = row.decide_by
        if books.as_of > limit:
            found[row.account, row.id] = row.pay
    return found


@dataclass
class WeekSum:
    low: Fraction = Fraction(0)
    high: Fraction = Fraction(0)
    earned: Fraction = Fraction(0)
    known: bool = True

    def missing(self) -> int:
        return max(0, -((self.earned - self.low * FLOOR) // 1))


def weeks(books: Books, without: str = "") -> dict[tuple[str, str], WeekSum]:
    """Return time on B, as seconds, and pay earned for each account and Monday."""
    sums: dict[tuple[str, str], WeekSum] = defaultdict(WeekSum)
    people: dict[str, list[Row]] = defaultdict(list)
    for row in books.rows.values():
        people[row.account].append(row)
    for account, rows in people.items():
        spans: dict[str, list[tuple]] = defaultdict(list)
        for row in rows:
            for week, seconds, share in cut(row, without):
                total = sums[account, week]
                if row.approved and row.pay and not (without == "bonuses" and not row.end):
                    total.earned += share * row.pay
                if row.approved and row.pay is None and without != "unknown pay":
                    total.known = False
                counts = row.category not in OUTSIDE_B or without == "outside B"
                if counts and seconds:
                    spans[week].append((*seconds, row.id, row.active))
                elif counts:
                    total.high += row.wall or 0
                    total.low += (row.wall or 0) if without == "no clock" else 0
        for week, ones in spans.items():
            add_time(sums[account, week], sorted(ones), without)
    return sums


def cut(row: Row, without: str) -> list[tuple[str, tuple[float, float] | None, Fraction]]:
    """Return (Monday, span within the week, share of the row's length) for each week of a row."""
    if row.start is None or row.end is None:
        known = row.end or row.start or row.decided
        assert known is not None
        return [(monday(known), None, Fraction(1))]
    midnight = datetime.fromisoformat(monday(row.end)).replace(tzinfo=NAIROBI)
    begin, middle, end = row.start.timestamp(), midnight.timestamp(), row.end.timestamp()
    if begin >= middle or middle >= end:
        return [(monday(row.start), (begin, end), Fraction(1))]
    first = Fraction(int(middle - begin), int(end - begin))
    parts = (Fraction(1), Fraction(0)) if without == "split pay" else (first, 1 - first)
    return [
        (monday(row.start), (begin, middle), parts[0]),
        (monday(row.end), (middle, end), parts[1]),
    ]


def add_time(total: WeekSum, spans: list[tuple], without: str) -> None:
    covered = 0.0
    for start, end, _, active in spans:
        share = Fraction(max(0.0, end - max(start, covered)))
        if without == "union":
            share = Fraction(end - start)
        covered = max(covered, end)
        total.high += share
        total.low += share if active is None or without == "active time" else min(share, active)


def below(books: Books, without: str = "") -> dict[tuple[str, str], int]:
    """Return the shortfall of each failing week: {(account, Monday): micros}."""
    return {
        key: total.missing()
        for key, total in weeks(books, without).items()
        if total.known
        and (total.earned < total.low * FLOOR or is_at(total, without))
        and (total.low or without == "unknown time")
    }


def is_at(total: WeekSum, without: str) -> bool:
    return without == "strictly" and total.low > 0 and total.earned == total.low * FLOOR


def fees(books: Books) -> dict[str, int]:
    """Return the fees that were taken from each account's payments."""
    taken: dict[str, int] = defaultdict(int)
    told = {one["settled_reference"]: one["fee"] for one in books.reports}
    for row in books.payments:
        reference = row["payment_reference"]
        micros = max(
            int(Fraction(fee or 0) * 1_000_000) for fee in (row["fee"], told.get(reference))
        )
        if micros and reference not in came_back(books):
            taken[row["worker_external_id"]] += micros
    return dict(taken)
