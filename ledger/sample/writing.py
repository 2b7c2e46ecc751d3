"""Writes the whole sample into a folder: exports, remittances, and `planted.json`.

Workers are drawn one after the other, each from a random stream of its own, and written at once:
the memory needed does not grow with the number of rows.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from random import Random

from ledger.sample import (
    abroad,
    agreed_rates,
    bank,
    below_floor,
    days,
    delivered,
    further,
    gaps,
    instructions,
    late_pay,
    lost_money,
    mturk,
    payees,
    remittances,
    undecided,
    unpaid_time,
    work,
)
from ledger.sample.background import draw_week, person, stream
from ledger.sample.cases import Case, Sheet
from ledger.sample.desk import Desk, Page
from ledger.sample.files import Files, Import
from ledger.sample.work import SOURCE, Payment, Work

VENDOR = "Tallgrass Labelling"
FLOOR = "15.00"
WORKERS, WEEKS, TASKS_A_WEEK = 300, 13, 6.5
LEAST_WORKERS, LEAST_WEEKS, MOST_TASKS_A_WEEK = 60, 9, 150
ABSENT = 0.1
EVERYDAY_WEEKS = range(-2, 0)  # in which the workers of the further cases do ordinary work


def write_sample(
    out: Path,
    *,
    seed: int = 2026,
    workers: int | None = None,
    weeks: int = WEEKS,
    rows: int | None = None,
) -> dict[str, object]:
    """Write the sample into the folder `out` and return what `planted.json` holds.

    rows: about how many pieces of work there shall be. The workers grow with it unless their number
    is given too. Raises ValueError for a size that has no room for the planted cases.
    """
    if workers is None:
        workers = max(LEAST_WORKERS, round(rows / (weeks * TASKS_A_WEEK))) if rows else WORKERS
    tasks = TASKS_A_WEEK if rows is None else rows / (workers * weeks)
    _check(workers, weeks, tasks)
    out.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        files = Files(out, stack)
        plan = _write_people(files, stream(seed, "cases"), seed, workers, weeks, tasks)
        desk = further.drawn_up(workers + 1)
        for page in desk.pages:
            _write_page(files, stream(seed, page.account), page)
        for attempt in desk.delivered:
            files.add_delivered(attempt)
    imports, found, missed = _write_batches(out, stream(seed, "mturk"), workers)
    plan["planted"] = [*plan["planted"], *found, *desk.planted, *files.taken(), *gaps.planted()]
    plan["near_misses"] = [*plan["near_misses"], *missed, *desk.near_misses, *gaps.near_misses()]
    payees.write(out, stream(seed, "payees"), workers, len(desk.pages))
    delivered.write_counts(out, desk.delivered_of)
    abroad.write_rates(out)
    whole: dict[str, object] = {
        **_heading(seed, workers, weeks),
        "further_workers": len(desk.pages),
        "terms": lost_money.TERMS,
        **_said(desk),
        "imports": [entry._asdict() for entry in files.imports(imports)],
        **plan,
        "further_vendors": gaps.write(out, _shared()),
    }
    text = json.dumps(whole, indent=2, ensure_ascii=False) + "\n"
    (out / "planted.json").write_text(text, encoding="utf-8", newline="\n")
    return whole


def _check(workers: int, weeks: int, tasks: float) -> None:
    if workers < LEAST_WORKERS:
        raise ValueError(f"workers must be at least {LEAST_WORKERS}, got {workers}")
    if weeks < LEAST_WEEKS:
        raise ValueError(f"weeks must be at least {LEAST_WEEKS}, got {weeks}")
    if not 1 <= tasks <= MOST_TASKS_A_WEEK:
        raise ValueError(
            f"rows must give each worker 1 to {MOST_TASKS_A_WEEK} tasks a week, got {tasks:.2f}"
        )


def _write_people(
    files: Files, rng: Random, seed: int, workers: int, weeks: int, tasks: float
) -> dict[str, list[dict[str, object]]]:
    builders = [*late_pay.cases(), *undecided.cases(), *below_floor.cases()]
    numbers = rng.sample(range(1, workers + 1), len(builders))
    chosen = dict(zip(numbers, builders, strict=True))
    plan: dict[str, list[dict[str, object]]] = {"planted": [], "near_misses": []}
    for number in range(1, workers + 1):
        account = f"tg-{number:05d}"
        case = chosen[number](Sheet(account)) if number in chosen else Case(())
        _write_person(files, stream(seed, account), account, case, weeks, tasks)
        plan["planted"] += [one.plan(account, SOURCE) for one in case.findings]
        plan["near_misses"] += [one.plan(account, SOURCE) for one in case.near_misses]
    return plan


def _write_person(
    files: Files, rng: Random, account: str, case: Case, weeks: int, tasks: float
) -> None:
    who = person(rng, account)
    works = list(case.works)
    if not case.newcomer:
        for week in range(-weeks, 0):
            planted = [one for one in case.works if days.week_of(one.at_s) == week]
            if week in case.reserved or (rng.random() < ABSENT and not planted):
                continue
            count = max(1, round(tasks * rng.uniform(0.6, 1.5)))
            works += draw_week(rng, who, week, count, len(works) + 1, planted)
    lists_work = rng.random() < 0.4 or bool(case.works)
    _write_works(files, rng, account, who.country, works, lists_work, case.payments)


def _write_page(files: Files, rng: Random, page: Page) -> None:
    """Write a worker of one of the further cases: the planted work, then some weeks of any other.

    There is as much of the latter whatever the sample's size.
    """
    who = person(rng, page.account)
    works = list(page.works)
    for week in () if page.newcomer else EVERYDAY_WEEKS:
        planted = [one for one in page.works if days.week_of(one.at_s) == week]
        count = max(1, round(TASKS_A_WEEK * rng.uniform(0.6, 1.5)))
        works += draw_week(rng, who, week, count, len(works) + 1, planted)
    country = page.country or who.country
    _write_works(files, rng, page.account, country, works, True, page.payments)


def _write_works(
    files: Files,
    rng: Random,
    account: str,
    country: str,
    works: list[Work],
    lists_work: bool,
    payments: Sequence[Payment],
) -> None:
    for one in works:
        files.add_work(one, account, country)
    runs = remittances.pay_runs(rng, works, lists_work)
    files.add_payments(account, [*runs, *payments])


def _write_batches(
    out: Path, rng: Random, workers: int
) -> tuple[list[Import], list[dict[str, object]], list[dict[str, object]]]:
    drawn = mturk.assignments(rng, min(600, max(30, workers // 5)))
    imports = []
    for index, batch in enumerate(mturk.BATCHES):
        for at in _downloads(index):
            first = at == mturk.BEFORE_S
            name = f"Batch_{batch.number}_batch_results{'-first' if first else ''}.csv"
            text = mturk.file_text(index, drawn[index], at)
            (out / name).write_text(text, encoding="utf-8", newline="")
            imports.append(Import(name, "work", "mturk", days.utc(at), complete=True))
    findings, misses = mturk.planted(drawn)
    found = [one.plan(worker, "mturk") for one, worker in findings]
    return imports, found, [one.plan(worker, "mturk") for one, worker in misses]


def _downloads(index: int) -> Iterator[int]:
    if index == 2:
        yield mturk.BEFORE_S
        yield mturk.AFTER_S
    else:
        yield mturk.BATCHES[index].opened_s + 9 * days.DAY


def _said(desk: Desk) -> dict[str, object]:
    """Return what the vendor agreed, promised and ended, and the files that are no imports."""
    return {
        "courses": [*unpaid_time.COURSES, *instructions.COURSES],
        "rates": [rate.plan() for rate in agreed_rates.RATES],
        "promises": desk.promises,
        "deactivations": desk.deactivations,
        "closings": desk.closings,
        "reference_rates": abroad.FILE,
        "payees": payees.FILE,
        "manifests": [delivered.FILE, delivered.COUNTS_FILE],
        "settlements": [bank.FILE],
    }


def _shared() -> dict[str, object]:
    """Return what holds for every vendor of the sample."""
    return {
        "currency": work.CURRENCY,
        "zone": days.ZONE,
        "as_of": days.utc(days.AS_OF_S),
        "complete_until": days.utc(days.AS_OF_S),
        "payout_threshold": work.money(lost_money.PAYOUT_THRESHOLD_MICROS),
    }


def _heading(seed: int, workers: int, weeks: int) -> dict[str, object]:
    return {
        "vendor": VENDOR,
        **_shared(),
        "floor": FLOOR,
        "grace_days": days.GRACE_S // days.DAY,
        "review_days": days.REVIEW_S // days.DAY,
        "first_week": days.monday(-weeks),
        "last_week": days.monday(-1),
        "seed": seed,
        "workers": workers,
        "weeks": weeks,
    }
