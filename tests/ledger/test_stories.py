"""Histories that chance seldom makes, each through the real doors and beside the plain model."""

import pytest

from tests.bringing import floor_since_2010
from tests.ledger.histories import History
from tests.ledger.plain_model import Paid, Told


def told(attempt, promise, decided_on=None, status="submitted", **given):
    usual = {"start": 0, "length": 60, "has_clock": True, "active": 20}
    return Told((0, attempt), promise, status, decided_on, **{**usual, **given})


def approved(attempt, promise, day=1, **given):
    return told(attempt, promise, day, "approved", **given)


def rejected(attempt, promise, day=2):
    return told(attempt, promise, day, "rejected")


def paid(amount, reference=0, fee=0, arrived=True, lists=()):
    return Paid((0, reference), amount, arrived, fee, lists)


def work(day, *rows):
    return "work", rows, day


def pay(*rows):
    return "pay", rows


def undo(index):
    """Take back the import that is at this place among those in force."""
    return "undo", index


def withhold(attempt, move="hold", part=1):
    """Decide to hold, deduct or remit a part of what is owed for it: all, a half, a third."""
    return "withhold", move, (0, attempt), part


LAPSE, END = ("lapse",), ("end",)


def release(number):
    """Give back what this decision took."""
    return "release", number


STORIES = {
    "a hold and its release leave all as it was": [
        work(1, approved(0, 100)), withhold(0), pay(paid(60)), release(0), pay(paid(40, 1)),
    ],
    "work is refused while it is held, and the hold ends": [
        work(1, approved(0, 100)), withhold(0, part=2), work(3, rejected(0, 100, day=3)), END,
        work(4, approved(0, 100, day=4)),
    ],
    "a refusal is taken back after the hold that it met was released": [
        work(1, approved(0, 100)), withhold(0), work(3, rejected(0, 100, day=3)), release(0),
        undo(1), undo(0),
    ],
    "a raise is taken back while it is held": [
        work(1, approved(0, 100)), work(2, approved(0, 150)), withhold(0), undo(1), release(0),
        undo(0),
    ],
    "pay goes down while most of it is held": [
        work(1, approved(0, 100)), withhold(0, "deduct", 2), work(2, approved(0, 60)), release(0),
        undo(1), undo(0),
    ],
    "part is remitted, part paid, and the import is taken back": [
        work(1, approved(0, 100)), withhold(0, "remit", 3), pay(paid(60)), undo(0),
        work(1, approved(0, 100)), undo(0),
    ],
    "what was paid ahead meets what is released": [
        work(1, approved(0, 100)), withhold(0), pay(paid(100)), withhold(0), END,
    ],
    "work lapses, and a late refusal comes": [
        work(1, told(0, 100)), LAPSE, work(3, rejected(0, 100, day=3)), undo(1), undo(0),
    ],
    "work lapses, and a refusal without a date changes nothing": [
        work(1, told(0, 100)), LAPSE, work(3, rejected(0, 100, day=None)),
        work(4, approved(0, 100, day=4)), work(5, rejected(0, 100, day=None)),
    ],
    "work that lapsed was paid, and its import is taken back": [
        work(1, told(0, 100)), LAPSE, pay(paid(60)), undo(0), work(1, told(0, 100)), LAPSE,
        work(2, rejected(0, 100, day=None)),
    ],
    "a raise lapses too, and is taken back after part was paid": [
        work(1, told(0, 100)), LAPSE, work(2, told(0, 150)), LAPSE, pay(paid(60)), undo(1),
        work(3, rejected(0, 100, day=None)), undo(0),
    ],
    "work lapses, is held, and its import is taken back": [
        work(1, told(0, 100)), LAPSE, withhold(0, part=2), pay(paid(60)), undo(0), LAPSE, END,
    ],
    "a payment came before the window lapsed": [
        pay(paid(100, fee=10)), work(1, told(0, 100), told(1, 60)), LAPSE, undo(1), LAPSE,
    ],
    "a raise is taken back after all was paid": [
        work(1, approved(0, 100)), work(2, approved(0, 150)), pay(paid(150)), undo(1), undo(0),
    ],
    "a raise is taken back after part was paid": [
        work(1, approved(0, 100)), work(2, approved(0, 150)), pay(paid(60)), undo(1),
        pay(paid(40, 1)),
    ],
    "an approval is taken back after it was paid": [
        work(1, told(0, 100)), work(2, approved(0, 100)), pay(paid(100)), undo(1),
        work(3, approved(0, 100)),
    ],
    "what was overpaid meets only the work that it paid": [
        work(1, approved(0, 100)), pay(paid(100)), undo(0), work(2, approved(1, 100)),
        work(1, approved(0, 100)),
    ],
    "a raise and the payment are taken back, the payment first": [
        work(1, approved(0, 60)), work(2, approved(0, 100)), pay(paid(100)), undo(2), undo(1),
    ],
    "the work and then its payment are taken back, and both come again": [
        work(1, approved(0, 100)), pay(paid(100, fee=10)), undo(0), undo(0),
        pay(paid(100, fee=10)), work(1, approved(0, 100)),
    ],
    "an early payment is taken back, and then the work that it met": [
        pay(paid(100)), work(1, approved(0, 100)), undo(0), undo(0), work(1, approved(0, 100)),
    ],
    "early and late payments meet one work that is taken back": [
        pay(paid(60)), work(1, approved(0, 100)), pay(paid(40, 1)), undo(1), undo(0),
        work(1, approved(0, 150)), undo(0),
    ],
    "an early payment lists work that is not there yet": [
        pay(paid(100, lists=(1,))), work(1, approved(0, 100)), work(2, approved(1, 100)),
    ],
    "an early payment equals the sum of one due date": [
        pay(paid(160)), work(1, approved(1, 160), approved(0, 100), approved(2, 150)),
    ],
    "one reference stands in a file four times": [
        work(1, approved(0, 100)),
        pay(paid(100, arrived=False), paid(100, fee=10), paid(100, fee=10), paid(100, fee=30)),
        pay(paid(100, fee=30)), pay(paid(60)),
    ],
    "an export in between has nothing to say any more": [
        work(1, told(0, 100)), work(5, told(0, 100), told(1, 100)), work(3, told(0, 60)), undo(2),
        undo(1), work(3, told(0, 60)),
    ],
    "pay goes down and up again while nothing is decided": [
        work(1, told(0, 100)), work(2, told(0, 60)), work(3, told(0, 150)), undo(2), undo(1),
    ],
    "pay goes down and up again after it was approved": [
        work(1, approved(0, 100)), work(2, approved(0, 60)), pay(paid(60)),
        work(3, approved(0, 100)), undo(3), undo(1),
    ],
    "a refusal is known before the approval that came first": [
        work(2, rejected(0, 100, day=2)), work(1, approved(0, 100, day=1)), undo(1), undo(0),
    ],
    "an approval is told again with a later date, and then an older refusal": [
        work(1, approved(0, 100, day=1)), work(3, approved(0, 100, day=3)),
        work(2, rejected(0, 100, day=2)),
    ],
    "of two decisions of one day the approval stands": [
        work(1, rejected(0, 100, day=1)), work(1, approved(0, 100, day=1), told(1, 60)),
        work(2, rejected(0, 100, day=1)),
    ],
    "work without a clock turns out to lie in another week": [
        work(1, approved(2, 100, has_clock=False, length=20)),
        work(2, approved(2, 100, has_clock=False, length=60)), undo(1),
    ],
    "a clock tells of less than an export without one": [
        work(1, told(0, 100, has_clock=False, length=90)), work(2, told(0, 100, length=30)),
        work(3, told(0, 100, length=60)), undo(2), undo(1), undo(0),
    ],
    "one attempt stands in one file three times": [
        work(1, told(0, 100)), work(2, told(0, 60), approved(0, 150), rejected(0, 150)), undo(1),
        undo(0), work(2, told(0, 60), approved(0, 150), rejected(0, 150)),
    ],
}  # fmt: skip


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
def test_a_story_ends_as_the_plain_model_says(db, tmp_path, story):
    floor_since_2010()
    history = History(tmp_path)
    for name, *parameters in story:
        getattr(history, name)(*parameters)
        history.check()
