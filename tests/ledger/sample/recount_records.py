"""A second, slow count of what needs more records than work and pay: W03, W07, W09 to W11, W20 to
W23, by simple code.

Each count returns {account: micros}. `loose` takes the guards away that near misses stand behind.
"""

from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from fractions import Fraction

from tests.ledger.sample import recount
from tests.ledger.sample.recount import NAIROBI, at

MICROS = 1_000_000
TWO_WEEKS = timedelta(days=14)


def manifests(books):
    """Return what was delivered: (id, account) as listed, and {project: attempts} as counted."""
    listed, counted = set(), {}
    for name in books.plan["manifests"]:
        for line in recount.lines(books.folder / name):
            if "project" in line:
                counted[line["project"]] = int(line["attempts"])
            else:
                listed.add((line["external_id"], line["worker_external_id"]))
    return listed, counted


def w03(books, loose=False):
    listed, counted = manifests(books)
    ids = {one for one, _ in listed}
    found = defaultdict(int)
    projects = defaultdict(list)
    for row in books.rows.values():
        refused = row.status == "rejected"
        projects[row.project.split("/")[0]].append(row)
        if refused and ((row.id, row.account) in listed or (loose and row.id in ids)):
            found[row.account] += row.pay
    for name, delivered in counted.items():
        approved = [row for row in projects[name] if row.approved]
        refused = [row for row in projects[name] if row.status == "rejected"]
        if refused and (delivered > len(approved) or loose):
            used = delivered - len(approved)
            for place, row in enumerate(refused):
                found[row.account] += row.pay if place < used or loose else 0
    return dict(found)


def banking_days_after(day, count):
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day


def w07(books, loose=False):
    """Return what came back and was neither sent again nor still may be, by account."""
    back = recount.came_back(books)
    found = {}
    for paid in books.payments:
        told = back.get(paid["payment_reference"])
        account = paid["worker_external_id"]
        on_its_way = not paid["arrived_at"] and told is None
        if not (told or (loose and on_its_way)):
            continue
        day = date.fromisoformat(told["booked_on"]) if told else date(2026, 1, 1)
        arrived = [
            one
            for one in books.payments
            if one["worker_external_id"] == account
            and one["amount"] == paid["amount"]
            and one["payment_reference"] not in back
        ]
        in_time = books.as_of.astimezone(NAIROBI).date() <= banking_days_after(day, 3)
        if loose or (not arrived and not in_time):
            found[account] = int(Fraction(paid["amount"]) * MICROS)
    return found


def owed(books):
    """Return what is owed, and what is undecided, of each row: {(account, id): micros}."""
    waiting = {
        (row.account, row.id): row.pay
        for row in books.rows.values()
        if row.status == "submitted" and row.source != "mturk"
    }
    return {**recount.late(books, without="due dates"), **waiting}


def w09(books, loose=False):
    found, opened = {}, owed(books)
    for one in books.plan["deactivations"]:
        rows = [row for row in books.rows.values() if row.account == one["account"]]
        micros = sum(opened.get((row.account, row.id), 0) for row in rows)
        over = at(one["from_at"]) + TWO_WEEKS < books.as_of
        if loose or (micros and over and not one["lifted_at"]):
            found[one["account"]] = micros
    return found


def w10(books, loose=False):
    found, opened = defaultdict(int), owed(books)
    closed = {one["project"]: at(one["from_at"]) for one in books.plan["closings"]}
    for row in books.rows.values():
        ended = closed.get(row.project.split("/")[0])
        if loose and row.project.startswith(("closed-", "still-open")):
            found[row.account] += row.pay or 1
        if row.category == "award":
            continue
        if ended is None or ended + TWO_WEEKS >= books.as_of or not row.start < ended:
            continue
        found[row.account] += opened.get((row.account, row.id), 0)
        if row.status == "expired" and row.end >= ended:
            found[row.account] += row.active * 15 * MICROS // 3_600
    for promise in books.plan["promises"]:
        ended = closed.get(promise["project"])
        if ended and ended + TWO_WEEKS < books.as_of:
            day = ended.astimezone(NAIROBI).date().isoformat()
            if promise["first_on"] < day <= promise["last_on"]:
                for account, micros in milestone(books, promise).items():
                    found[account] += micros
    return {account: micros for account, micros in found.items() if micros}


def milestone(books, promise):
    """Return by account the part of the sum for what was handed in, less what was awarded."""
    amount, left = int(Fraction(promise["amount"]) * MICROS), Counter()
    for row in books.rows.values():
        if row.project.split("/")[0] == promise["project"]:
            is_award = row.category == "award"
            left[row.account] += -row.pay if is_award else amount // promise["pieces_at_least"]
    return left


def w11(books, loose=False):
    found = {}
    for promise in books.plan["promises"]:
        pieces, paid = defaultdict(int), defaultdict(int)
        for row in books.rows.values():
            project, task_type = row.project.split("/")[0], row.task_type
            if project != promise["project"]:
                continue
            if row.category == "award":
                paid[row.account] += row.pay if task_type == promise["name"] else 0
                continue
            day = row.end.astimezone(NAIROBI).date().isoformat()
            counts = row.approved or (
                promise["counting"] == "submitted" and row.status != "returned"
            )
            mine = promise["account"] in ("", row.account)
            if loose or (counts and mine and promise["first_on"] <= day <= promise["last_on"]):
                pieces[row.account] += 1
        due = datetime.fromisoformat(promise["due_on"]).date() < books.as_of.date()
        for account, count in pieces.items():
            missing = int(Fraction(promise["amount"]) * MICROS) - paid[account]
            met = count >= promise["pieces_at_least"] and due and missing > 0
            if loose or met:
                found[account] = missing
    return found


def w23(books, loose=False):
    """Return the pay for new words that were read, of versions of whose reading nothing is paid."""
    found = defaultdict(int)
    people = defaultdict(list)
    for row in books.rows.values():
        if row.start and row.project.split("/")[0] in {
            one["project"] for one in books.plan["courses"]
        }:
            people[row.account].append(row)
    for account, rows in people.items():
        for one in books.plan["courses"]:
            later = [
                other["from_on"]
                for other in books.plan["courses"]
                if (other["project"], other["version"]) == (one["project"], one["version"] + 1)
            ]
            until = later[0] if later else "9"
            own = [row for row in rows if row.project.split("/")[0] == one["project"]]
            days = {row.start.astimezone(NAIROBI).date().isoformat(): row for row in own}
            work = [
                day for day, row in days.items()
                if row.category == "task" and one["task_type"] in ("", row.task_type)
            ]  # fmt: skip
            read = [day for day, row in days.items() if row.category == "instructions" and row.pay]
            changed = one["version"] > 1 and min(work, default="9") < one["from_on"]
            in_force = any(one["from_on"] <= day < until for day in work)
            paid = any(one["from_on"] <= day < until for day in read)
            if changed and in_force and not paid:
                found[account] += one["fresh_words"] * 60 * 15 * MICROS // (238 * 3_600)
            if loose and own:
                found[account] += 1
    return dict(found)


def mid(books, currency, day, loose=False):
    """Return the reference rate of a day: at most a week old."""
    rates = [
        line
        for line in recount.lines(books.folder / books.plan["reference_rates"])
        if line["currency"] == currency and line["day"] <= day.isoformat()
    ]
    if not rates:
        return None
    old = day - date.fromisoformat(rates[-1]["day"]) > timedelta(days=7)
    return None if old and not loose else Fraction(rates[-1]["rate"])


def exchanged(books):
    """Yield each payment that was exchanged on the way, with the day on which it arrived."""
    for paid in books.payments:
        if paid["arrived_currency"]:
            yield paid, at(paid["arrived_at"]).astimezone(NAIROBI).date()


def w20(books, loose=False):
    found = defaultdict(int)
    for paid, day in exchanged(books):
        rate = mid(books, paid["arrived_currency"], day, loose)
        if rate is None:
            continue
        sent = Fraction(paid["amount"]) - Fraction(paid["fee"] or 0)
        lost = sent - Fraction(paid["arrived_amount"]) / rate
        if lost > sent * (0 if loose else Fraction(5, 1_000)):
            found[paid["worker_external_id"]] += int(lost * MICROS)
    return dict(found)


def w21(books, loose=False):
    found = defaultdict(int)
    due = {(row.account, row.id): row.due for row in books.rows.values() if row.due}
    for paid, day in exchanged(books):
        account, currency = paid["worker_external_id"], paid["arrived_currency"]
        ought = due[account, paid["work_ids"]].astimezone(NAIROBI).date()
        late = at(paid["sent_at"]).astimezone(NAIROBI).date() > ought
        then, now = mid(books, currency, ought), mid(books, currency, day)
        if loose and (late or then != now):
            found[account] += 1
        elif late and then and now and then > now:
            found[account] += int(Fraction(paid["amount"]) * (then - now) * MICROS)
    return dict(found)
