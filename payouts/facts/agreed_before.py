"""What had been agreed before a piece of work was done: the price before a cut, optional courses.

Only what was on record in time counts: what is written down afterwards is nobody's notice.
"""

from collections.abc import Collection
from typing import NamedTuple

from ledger.agreed import PayTermsInForce, RatesInForce, price_by
from ledger.agreeing import NOTICE_DAYS
from ledger.models import Course, Rate
from ledger.periods import DAY_MS, day_of, ms_of
from workers.models import Vendor


class Claimed(NamedTuple):
    """A piece of work as it was claimed."""

    source: str
    project: str
    task_type: str
    at_ms: int


def price_before_cut(
    terms: PayTermsInForce,
    rates: RatesInForce,
    claimed: Claimed,
    rate: Rate | None,
    paid_ms: int | None,
) -> int | None:
    """Return the price that due notice would have kept in force. rate: the one in force at claim.

    None where nothing was cut, or where the cut had come on record in time.
    """
    if rate is None:
        return None
    before = rates.before(rate, project=claimed.project, task_type=claimed.task_type)
    if before is None or (before.per, before.currency) != (rate.per, rate.currency):
        return None
    agreed = terms.in_force(source=claimed.source, project=claimed.project, at_ms=claimed.at_ms)
    notice_days = NOTICE_DAYS if agreed is None else agreed.notice_days
    if claimed.at_ms >= ms_of(rate.recorded_at) + notice_days * DAY_MS:
        return None
    old, new = price_by(before, paid_ms), price_by(rate, paid_ms)
    return old if old is not None and new is not None and old > new else None


def courses_of(vendor: Vendor) -> tuple[Course, ...]:
    """Read a vendor's courses, the newest version first."""
    return tuple(vendor.courses.order_by("-version"))


def is_optional(courses: Collection[Course], claimed: Claimed, zone: str) -> bool:
    """Tell whether it is a course that was on record as not required when it was taken.

    A session is of a course if its type of task is the course's name.
    """
    day = day_of(claimed.at_ms, zone)
    for course in courses:
        is_it = (course.project, course.name) == (claimed.project, claimed.task_type)
        if is_it and course.from_on <= day and ms_of(course.recorded_at) <= claimed.at_ms:
            return not course.required
    return False
