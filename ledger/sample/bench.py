"""One plain file of any size to measure with, and the remittance that belongs to it.

Nothing is planted here, and weeks may well be below the floor: it is bulk, not a story.
"""

import csv
from collections import defaultdict
from math import log
from pathlib import Path
from random import Random

from ledger.sample import remittances, work
from ledger.sample.background import COUNTRIES, stream
from ledger.sample.days import AS_OF_S, DAY, HOUR, WEEK, due_s, week_start_s
from ledger.sample.work import MICROS, Decision, Payment, Work

WEEKS = 12
WORK_FILE, REMITTANCE_FILE = "bench-work.csv", "bench-remittance.csv"
HOURLY_MICROS = 18 * MICROS


def write_bench(out: Path, *, rows: int, workers: int, seed: int = 2026) -> tuple[Path, Path]:
    """Write exactly `rows` rows of `workers` workers over 12 weeks; return both files.

    Times are lognormal; 25 % of the rows are paid by the hour, 8 % overlap the row before, 88 %
    are approved, 8 % undecided and 4 % refused. What is due is paid, one sum a worker and due date.
    """
    if rows < workers or workers < 1:
        raise ValueError(f"rows must be at least the number of workers, got {rows} and {workers}")
    out.mkdir(parents=True, exist_ok=True)
    paths = out / WORK_FILE, out / REMITTANCE_FILE
    with (
        paths[0].open("w", encoding="utf-8", newline="") as work_stream,
        paths[1].open("w", encoding="utf-8", newline="") as paid_stream,
    ):
        work_rows = csv.writer(work_stream, lineterminator="\n")
        paid_rows = csv.writer(paid_stream, lineterminator="\n")
        work_rows.writerow(work.COLUMNS)
        paid_rows.writerow(remittances.COLUMNS)
        for number in range(workers):
            account = f"bench-{number + 1:06d}"
            country = COUNTRIES[number % len(COUNTRIES)][0]
            count = rows * (number + 1) // workers - rows * number // workers
            debts: dict[int, int] = defaultdict(int)
            for one in _works(stream(seed, account), account, count):
                work_rows.writerow(work.exported(one, account, country, AS_OF_S) or [])
                if one.due_s is not None and one.due_s <= AS_OF_S:
                    debts[one.due_s] += one.pay_micros or 0
            for position, due in enumerate(sorted(debts), start=1):
                payment = Payment(due - 3 * DAY, debts[due], arrived_s=due - 2 * DAY)
                paid_rows.writerow(remittances.row(account, position, payment))
    return paths


def _works(rng: Random, account: str, count: int) -> list[Work]:
    """Draw the works of one worker, spread evenly over the weeks."""
    begin = week_start_s(-WEEKS)
    step = (WEEKS * WEEK - DAY) / count
    works: list[Work] = []
    end = begin
    for index in range(count):
        length = round(min(6 * HOUR, max(5.0, rng.lognormvariate(log(240), 0.8))))
        start = begin + round(step * (index + 0.5 * rng.random()))
        if rng.random() < 0.08 and works:
            start = max(begin, end - length // 3)
        end = start + length
        works.append(_work(rng, f"{account}-{index + 1:06d}", start, end))
    return works


def _work(rng: Random, external_id: str, start: int, end: int) -> Work:
    hourly, fate = rng.random() < 0.25, rng.random()
    length = end - start
    rate = HOURLY_MICROS if hourly else rng.choice((1_000_000, 1_500_000, 2_250_000))
    decided = end + rng.randrange(HOUR, DAY)
    approved = fate < 0.88 and decided <= AS_OF_S
    decision = Decision("approved", decided) if approved else Decision("rejected", decided, "poor")
    return Work(
        external_id,
        f"project-{rng.randrange(12):02d}",
        "label",
        "task",
        start,
        end,
        (decision,) if approved or (fate >= 0.96 and decided <= AS_OF_S) else (),
        rate * length // HOUR if hourly else rate,
        rate,
        "hour" if hourly else "piece",
        paid_s=length if hourly else None,
        due_s=due_s(decided) if approved else None,
    )
