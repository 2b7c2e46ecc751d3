"""Everyday work: what the vendor's workers do in the weeks in which nothing goes wrong.

The same price for the same work in every country; times are lognormal. A week that would come near
the floor, on the wall clock and with all unpaid time counted, is drawn again: every week that was
not planted is clean. Nobody works over a Sunday midnight here.
"""

from collections.abc import Sequence
from math import log
from random import Random
from typing import NamedTuple

from ledger.sample.days import DAY, HOUR, LAST_EXPORT_S, due_s, moment
from ledger.sample.work import MICROS, Decision, Work, earned_micros

FLOOR_MICROS = 15 * MICROS
MARGIN_PERCENT = 112
BRIDGED_S = 60  # gaps up to this long count as time when a week is held against the margin
MOST_DRAWS = 2_000
SLOWEST, QUICKEST = 2.2, 0.5  # a task takes at most and at least so many times its median

# Country, share of the workers, hour of Nairobi's clock at which the working day begins.
COUNTRIES = (
    ("KE", 32, 9),
    ("PH", 22, 4),
    ("IN", 16, 6),
    ("VE", 12, 16),
    ("US", 12, 17),
    ("DE", 6, 10),
)
REASONS = ("guideline not followed", "incomplete", "wrong language", "duplicate answer")


class Job(NamedTuple):
    """A task type: its price, how many units one task may have, and the usual seconds a unit."""

    project: str
    task_type: str
    rate_kind: str
    rate_micros: int
    units: tuple[int, ...]
    unit_s: float


PIECES = (
    Job("street-signs", "boxes", "piece", 12_500, (320, 400, 480), 1.6),
    Job("support-chats", "rating", "piece", 350_000, (8, 12, 16), 45),
    Job("code-review", "answers", "piece", 9_000_000, (1,), 1_150),
    Job("field-audio", "transcript", "piece", 950_000, (5, 8, 12), 122),
    Job("harvest-photos", "outlines", "piece", 180_000, (20, 30, 40), 23),
)
HOURLY = (
    Job("map-places", "field-check", "hour", 24_000_000, (1,), 1_500),
    Job("medical-notes", "labels", "hour", 27_000_000, (1,), 1_100),
)
HAND_BACK_S = 55  # a task that runs out was hardly begun
SESSION_MICROS = 24 * MICROS
SESSIONS = (
    ("training", 15),
    ("qualification", 10),
    ("rework", 6),
    ("meeting", 12),
    ("instructions", 8),
    ("searching", 7),
)


class Person(NamedTuple):
    account: str
    country: str
    first_hour: int
    jobs: tuple[Job, ...]


def stream(seed: int, name: str) -> Random:
    """Return the random stream of one worker or purpose: the same in every process.

    Nothing here is secret, so an ordinary generator will do.
    """
    return Random(f"{seed}:{name}")  # noqa: S311


def person(rng: Random, account: str) -> Person:
    """Draw a worker: a country, and one to three kinds of work. One in four is paid by the hour."""
    country, _, hour = rng.choices(COUNTRIES, weights=[share for _, share, _ in COUNTRIES])[0]
    if rng.random() < 0.25:
        return Person(account, country, hour, (rng.choice(HOURLY),))
    return Person(account, country, hour, tuple(rng.sample(PIECES, rng.randint(1, 3))))


def draw_week(
    rng: Random, who: Person, week: int, tasks: int, first_number: int, planted: Sequence[Work]
) -> list[Work]:
    """Return one clean week of everyday work, numbered on from `first_number`.

    planted: other work of the same person in this week; it weighs in, and is not returned.
    """
    for _ in range(MOST_DRAWS):
        works = _draw(rng, who, week, tasks, first_number)
        if is_clean([*works, *planted]):
            return works
    raise ValueError(f"no clean week of {tasks} tasks for {who.account} in {MOST_DRAWS} draws")


def is_clean(works: Sequence[Work]) -> bool:
    """Return whether the earned pay is above the floor by the margin, on all time on the clock."""
    earned = sum(earned_micros(work, LAST_EXPORT_S) for work in works)
    return earned * 100 * HOUR >= held_s(works) * FLOOR_MICROS * MARGIN_PERCENT


def held_s(works: Sequence[Work]) -> int:
    """Return the seconds held: overlaps once, short gaps bridged, time without a clock added."""
    total = sum(work.wall_s for work in works if work.start_s is None and work.wall_s)
    last = 0
    for start, end in sorted((w.start_s, w.end_s) for w in works if w.start_s and w.end_s):
        begin = last if start - last <= BRIDGED_S else start
        total += max(0, end - begin)
        last = max(last, end)
    return total


def _draw(rng: Random, who: Person, week: int, tasks: int, number: int) -> list[Work]:
    works: list[Work] = []
    days = sorted(rng.sample(range(6), min(6, 1 + tasks // 5)))
    chance = rng.random
    for index, day in enumerate(days):
        at = moment(week, day, who.first_hour) + rng.randrange(2 * HOUR)
        for _ in range(tasks * index // len(days), tasks * (index + 1) // len(days)):
            external_id = f"{who.account}-{number + len(works):04d}"
            if chance() < 0.05:
                work = _session(rng, external_id, at)
            else:
                work = _attempt(rng, external_id, rng.choice(who.jobs), at)
            works.append(work)
            assert work.end_s is not None
            length = work.end_s - at
            overlaps = chance() < 0.08
            at = at + length // 2 if overlaps else work.end_s + rng.randrange(120)
    if works and chance() < 0.05:
        works.append(_bonus(rng, f"{who.account}-{number + len(works):04d}", week))
    return works


def _attempt(rng: Random, external_id: str, job: Job, at: int) -> Work:
    """Draw one attempt at a paid task."""
    units = rng.choice(job.units)
    median = units * job.unit_s
    length = rng.lognormvariate(log(median), 0.33)
    wall = round(max(median * QUICKEST, min(median * SLOWEST, length)))
    fate = rng.random()
    if fate < 0.03:
        return _given_back(rng, external_id, job, at, max(30, wall // 5))
    end = at + wall
    paid = -(-wall // 36) * 36 if job.rate_kind == "hour" else None
    pay = job.rate_micros * units if paid is None else job.rate_micros * paid // HOUR
    decided = end + (rng.randint(2 * DAY, 5 * DAY) if fate > 0.97 else rng.randint(HOUR, DAY))
    refused = fate < 0.055
    decision = Decision("rejected", decided, rng.choice(REASONS)) if refused else None
    clock = rng.random()
    return Work(
        external_id,
        job.project,
        job.task_type,
        "task",
        at if clock > 0.02 else None,
        end,
        (decision or Decision("approved", decided),),
        pay,
        job.rate_micros,
        job.rate_kind,
        units,
        active_s=wall * rng.randint(80, 100) // 100 if clock > 0.85 else None,
        wall_s=wall if clock <= 0.02 else None,
        paid_s=paid,
        decide_by_s=end + 10 * DAY if 0.4 < clock < 0.6 else None,
        due_s=None if refused else due_s(decided),
        held_back=rng.random() < 0.01,
    )


def _given_back(rng: Random, external_id: str, job: Job, at: int, length: int) -> Work:
    """Draw an attempt that was never handed in: the time is real, the pay is not."""
    status = rng.choice(("returned", "expired", "skipped"))
    if status == "expired":
        length = min(length, HAND_BACK_S)
    return Work(
        external_id,
        job.project,
        job.task_type,
        "task",
        at,
        at + length,
        (Decision(status, at + length),),
        0,
        job.rate_micros if job.rate_kind == "piece" else 0,
        "piece",
    )


def _session(rng: Random, external_id: str, at: int) -> Work:
    """Draw a session beside the tasks, paid by the hour. Searching for work earns nothing."""
    category, minutes = rng.choice(SESSIONS)
    end = at + round(minutes * 60 * rng.uniform(0.6, 1.2))
    decision = Decision("approved", end)
    paid = -(-(end - at) // 36) * 36 if category != "searching" else 0
    return Work(
        external_id,
        "onboarding",
        category,
        category,
        at,
        end,
        (decision,),
        SESSION_MICROS * paid // HOUR,
        SESSION_MICROS if paid else 0,
        "hour" if paid else "piece",
        paid_s=paid or None,
        due_s=due_s(end) if paid else None,
    )


def _bonus(rng: Random, external_id: str, week: int) -> Work:
    """Draw a bonus, granted in the week of the work."""
    at = min(moment(week, 6, 12), LAST_EXPORT_S)
    amount = rng.choice((2, 5, 10)) * MICROS
    decision = Decision("approved", at, "quality bonus")
    return Work(
        external_id,
        "bonuses",
        "bonus",
        "award",
        None,
        None,
        (decision,),
        amount,
        amount,
        due_s=due_s(at),
    )
