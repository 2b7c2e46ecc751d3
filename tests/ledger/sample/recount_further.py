"""A second, slow count of the further kinds of withheld pay, by simple code.

Each count returns what it finds as {(account, id)}; those that are not about single works return
what they are about. `loose` takes the guard away that a near miss stands behind.
"""

from collections import Counter, defaultdict
from datetime import datetime, timedelta
from fractions import Fraction
from statistics import median

from tests.ledger.sample import recount
from tests.ledger.sample.recount import NAIROBI

CENT = 10_000
FLOOR = 15_000_000


def ids(rows):
    return {(row.account, row.id) for row in rows}


def seconds(row):
    return int((row.end - row.start).total_seconds()) if row.start and row.end else 0


def active(row):
    return seconds(row) if row.active is None else row.active


def unpaid(books, *kinds, code="", loose=False):
    """Return sessions of these kinds without pay, and without an award that names the check."""
    awarded = Counter()
    for row in books.rows.values():
        if row.category == "award" and row.task_type == code:
            awarded[of_project(row)] += row.pay
    return [
        row
        for row in books.rows.values()
        if row.category in kinds
        and row.status == "approved"
        and (loose or (row.pay == 0 and awarded[of_project(row)] * 3_600 < seconds(row) * FLOOR))
    ]


def of_project(row):
    return row.account, row.project.split("/")[0]


def w04(books, loose=False):
    projects, batches = defaultdict(list), defaultdict(list)
    for row in books.rows.values():
        if row.category == "task" and row.decided and row.status in ("approved", "rejected"):
            name = row.project
            projects[name].append(row)
            batches[name, row.decided.astimezone(NAIROBI).date()].append(row)
    found = set()
    for (name, _), batch in batches.items():
        refused = [row for row in batch if row.status == "rejected"]
        usual = sum(row.status == "rejected" for row in projects[name]) / len(projects[name])
        times = sorted(row.decided for row in refused)
        if len(batch) < (5 if loose else 20) or not refused:
            continue
        share = len(refused) / len(batch)
        at_once = times[-1] - times[0] <= timedelta(minutes=1)
        together = len(refused) >= 20 and (at_once or len({row.reason for row in refused}) == 1)
        if together or (share > 0.2 and share > 3 * usual) or (loose and share > 0.14):
            found |= ids(refused)
    return found


def w05(books, loose=False):
    found = set()
    for name, rows in books.files.items():
        if name.endswith("-first.csv") and name.startswith("tallgrass"):
            later = books.files[name.replace("-first", "")]
            there, same = ids(later), {(row.account, row.start) for row in later}
            found |= {
                (row.account, row.id)
                for row in rows
                if (row.account, row.id) not in there
                and (loose or (row.account, row.start) not in same)
            }
    return found


def w06(books, loose=False):
    owed = recount.late(books, without="due dates")
    attempts = defaultdict(list)
    for row in books.rows.values():
        if row.source != "mturk" and (row.approved or loose):
            attempts[row.id].append(row)
    shared = [row for rows in attempts.values() if len(rows) > 1 for row in rows]
    return ids(row for row in shared if loose or (row.account, row.id) in owed)


def w08(books, loose=False):
    balance = defaultdict(list)
    owed = recount.late(books, without="due dates")
    for row in books.rows.values():
        if (row.account, row.id) in owed:
            balance[row.account].append(row)
    found = set()
    for account, rows in balance.items():
        total = sum(owed[account, row.id] for row in rows)
        age = books.as_of - min(row.decided for row in rows)
        if total < (100 if loose else 5) * 1_000_000 and age > timedelta(days=20 if loose else 30):
            found |= ids(rows)
    return found


def versions(books, row):
    project, task_type = row.project.split("/")
    return sorted(
        (
            rate
            for rate in books.plan["rates"]
            if (rate["project"], rate["task_type"]) == (project, task_type)
        ),
        key=lambda rate: rate["from_on"],
    )


def in_force(books, row):
    day = row.start.astimezone(NAIROBI).date().isoformat() if row.start else ""
    return [rate for rate in versions(books, row) if rate["from_on"] <= day]


def price(rate, row):
    hours = Fraction(row.paid or 0, 3_600) if rate["per"] == "hour" else 1
    return int(Fraction(rate["amount"]) * hours * 1_000_000)


def errors(books):
    """Return paid less agreed of each work that has an agreed rate."""
    agreed = {}
    for row in books.rows.values():
        if row.source != "mturk" and row.approved and row.start and (rates := in_force(books, row)):
            agreed[row.account, row.id] = row.pay - price(rates[-1], row), row
    return agreed


def w12(books, loose=False):
    found = {key for key, (error, _) in errors(books).items() if error < (0 if loose else -CENT)}
    if loose:  # one price for a whole project
        dearest = Counter()
        for rate in books.plan["rates"]:
            micros = int(Fraction(rate["amount"]) * 1_000_000)
            dearest[rate["project"]] = max(dearest[rate["project"]], micros)
        for key, (_, row) in errors(books).items():
            if row.pay < dearest[row.project.split("/")[0]]:
                found.add(key)
    return found


def w13(books, loose=False):
    found = set()
    for key, (error, row) in errors(books).items():
        then, now = in_force(books, row), versions(books, row)
        later = [rate for rate in now if rate not in then]
        if error < 0 and any(price(rate, row) == row.pay for rate in later):
            found.add(key)
        if len(then) > 1 and price(then[-1], row) < price(then[-2], row):
            said = recount.at(then[-1]["recorded_at"]).date()
            notice = datetime.fromisoformat(then[-1]["from_on"]).date() - said
            if notice.days < (30 if loose else 7):
                found.add(key)
        if loose and later and row.decided.date().isoformat() >= later[0]["from_on"]:
            found.add(key)
    return found


def w14(books, loose=False):
    weeks = defaultdict(list)
    for row in books.rows.values():
        if row.paid is not None and row.active is not None and row.approved and row.start:
            weeks[row.account, recount.monday(row.start)].append(row)
    found = set()
    for rows in weeks.values():
        work = [seconds(row) if loose else row.active for row in rows]
        lost = sum(max(0, one - row.paid) for one, row in zip(work, rows, strict=True))
        ratio = sum(row.paid for row in rows) / sum(work)
        capped = Counter(row.paid for row in rows).most_common(1)[0][1] >= 5 and lost > 900
        few = len(rows) >= (4 if loose else 5)
        if lost > (500 if loose else 900) or (few and ratio < 0.9) or capped:
            found |= ids(rows)
    return found


def w15(books, loose=False):
    ends = ("expired", "returned") if loose else ("expired",)
    return ids(
        row
        for row in books.rows.values()
        if row.status in ends and (seconds(row) + 1 if loose else active(row)) > 60
    )


def twice(books):
    """Return what the first of two exports said of a work, and what the later one says."""
    first = {
        (row.account, row.id): row
        for name, rows in books.files.items()
        if name.endswith("-first.csv") and name.startswith("tallgrass")
        for row in rows
    }
    return [
        (first[row.account, row.id], row)
        for row in books.rows.values()
        if (row.account, row.id) in first
    ]


def w16(books, loose=False):
    return ids(
        now
        for then, now in twice(books)
        if (then.approved or loose)
        and (
            (now.paid or 0) < (then.paid or 0)
            or seconds(now) < seconds(then)
            or (loose and now.paid != then.paid)
        )
    )


def less(one, other):
    return (one.pay or 0) < (other.pay or 0)


def w17(books, loose=False):
    return ids(
        now
        for then, now in twice(books)
        if (then.approved or loose)
        and (now.status == "rejected" or less(now, then) or (loose and less(then, now)))
        and (loose or not now.reason)
    )


def w18(books, loose=False):
    task_time = Counter()
    for row in books.rows.values():
        if row.category == "task":
            task_time[row.account, row.project] += seconds(row)
    rework = Counter()
    rows = unpaid(books, "rework", loose=loose)
    for row in rows:
        rework[row.account, row.project] += seconds(row)
    return ids(
        row
        for row in rows
        if loose or rework[row.account, row.project] > task_time[row.account, row.project] / 10
    )


def w22(books, loose=False):
    rows = unpaid(books, "training", "qualification", code="W22", loose=loose)
    if loose:
        rows += [row for row in books.rows.values() if row.reason == "integrity check failed"]
    courses = [one for one in books.plan["courses"] if not one["required"]]
    optional = {f"{one['project']}/{one['name']}" for one in courses}
    return ids(row for row in rows if loose or row.project not in optional)


def w24(books, loose=False):
    more = ("break", "searching") if loose else ()
    return ids(unpaid(books, "waiting", *more, code="W24", loose=loose))


def w25(books, loose=False):
    trials = [row for row in unpaid(books, "task", loose=loose) if seconds(row) > 600 or loose]
    return ids(row for row in trials if not loose or row.task_type == "trial")


def w26(books, loose=False):
    return ids(unpaid(books, "meeting", code="W26", loose=loose))


def w27(books, loose=False):
    return ids(
        row
        for row in books.rows.values()
        if (row.status == "screened_out" or row.category == "tech_failure")
        and (not row.pay or loose)
        and active(row) > (59 if loose else 60)
    )


def sittings(rows, gap):
    """Return runs of work with no pause longer than `gap`."""
    runs = []
    for row in sorted(rows, key=lambda row: row.start):
        if runs and row.start - max(one.end for one in runs[-1]) <= gap:
            runs[-1].append(row)
        else:
            runs.append([row])
    return runs


def length(run):
    return max(row.end for row in run) - run[0].start


def w30(books, loose=False):
    """Return the accounts with too long hours."""
    people = defaultdict(list)
    for row in books.rows.values():
        if row.start and row.end and seconds(row):
            people[row.account].append(row)
    found = set()
    most = timedelta(hours=11.9 if loose else 12)
    for account, rows in people.items():
        dense = [row for row in rows if loose or seconds(row) < 6 * 3_600]
        rest = timedelta(hours=6) - timedelta(seconds=0 if loose else 1)
        on_end = any(length(run) >= timedelta(hours=24) for run in sittings(dense, rest))
        runs = sittings(dense, timedelta(minutes=10))
        week = Counter()
        for run in runs:
            week[recount.monday(run[0].start)] += length(run).total_seconds() / 3_600
        at_one_go = any(length(run) > most for run in runs)
        if on_end or at_one_go or max(week.values(), default=0) > (59 if loose else 60):
            found.add(account)
    return found


def w31(books, loose=False):
    """Return the projects in which one region is paid less."""
    prices = defaultdict(lambda: defaultdict(list))
    for row in books.rows.values():
        if row.rate and row.approved and row.category == "task" and row.start:
            if row.project.split("/")[0] == "special-orders":
                continue
            name = row.project.split("/")[0] if loose else row.project
            week = "" if loose else recount.monday(row.start)
            prices[name, week][row.country].append(Fraction(row.rate))
    found = set()
    for (name, _), regions in prices.items():
        middle = [median(values) for values in regions.values()]
        if min(middle) < (0.97 if loose else 0.95) * max(middle):
            found.add(name.split("/")[0])
    return found
