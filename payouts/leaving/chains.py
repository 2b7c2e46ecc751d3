"""How far an unbroken chain of bank statements proves all movements of an account. Pure.

A statement proves those of its days where opening balance and entries make its closing balance.
The next one follows where it opens with that balance and leaves out no day: it opens on the day of
the closing balance or the day after, or the bank numbers it as the next one. Numbers that skip one
break the chain also where the balances fit: what lies between may add up to nothing.

Statements may also overlap, as when a period is fetched twice. Then nothing can lie between, and
the later one goes on from the earlier where both tell the same balances at the end of their common
days; of the day on which one of them ends, the other may know more.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from operator import attrgetter
from typing import NamedTuple

from django.utils.translation import gettext as _

from ledger.money import Money
from payouts.statements import words

DAY = timedelta(days=1)


class Stated(NamedTuple):
    """One statement of an account. flaw: why it proves nothing; "" where it does.

    opened_on: the day of its opening balance, as the bank says it; banks mean its end or its begin.
    day_ends: the balance at the end of each day with movements; None: their days are not known.
    """

    opened_on: date
    closed_on: date
    opening_micros: int
    closing_micros: int
    number: int | None = None
    flaw: str = ""
    day_ends: tuple[tuple[date, int], ...] | None = None

    @property
    def order(self) -> tuple[object, ...]:
        """By days; the same for the same statements, whatever the order in which they came in."""
        return (*self[:4], self.number or 0, self.flaw, self.day_ends or ())

    def balance_on(self, day: date) -> int | None:
        """Return the balance at the end of a day before its last; None where it is not known."""
        if self.day_ends is None:
            return None
        told = [micros for on, micros in self.day_ends if on <= day]
        return told[-1] if told else self.opening_micros

    def overlaps(self, other: "Stated") -> bool:
        """Tell whether both cover a time, however banks mean the days of their balances."""
        first_on, last_on = _common(self, other)
        return first_on < last_on

    def goes_on_from(self, before: "Stated") -> bool:
        """Tell whether it overlaps a statement and tells the same of all days that both cover.

        Or is the same one, which the bank sent again under another number.
        """
        if self._replace(number=None) == before._replace(number=None):
            return True
        return self.overlaps(before) and _apart_on(self, before) is None

    def follows(self, before: "Stated") -> bool:
        """Tell whether nothing of the account can lie between `before` and this statement."""
        if self.opening_micros != before.closing_micros or self.opened_on < before.closed_on:
            return False
        if self.closed_on < self.opened_on:
            return False
        if before.number is not None and self.number is not None:
            if self.number == before.number + 1:
                return True
            if self.number > before.number + 1 or 1 < self.number < before.number:
                return False
        return self.opened_on <= before.closed_on + DAY


def _common(one: Stated, other: Stated) -> tuple[date, date]:
    return max(one.opened_on, other.opened_on), min(one.closed_on, other.closed_on)


def _apart_on(one: Stated, other: Stated) -> date | None:
    """Return the first of their common days on which two statements do not agree."""
    first_on, last_on = _common(one, other)
    moved = {on for on, _ in (*(one.day_ends or ()), *(other.day_ends or ()))}
    for day in sorted({first_on, *(on for on in moved if first_on < on < last_on)}):
        told = one.balance_on(day), other.balance_on(day)
        if None in told or told[0] != told[1]:
            return day
    return None


class Gap(NamedTuple):
    """Why an account's record ends where it does. what: in words, with a mend."""

    account: str
    currency: str
    what: str


class Chain(NamedTuple):
    """How far an account's statements reach without a gap; None: they do not even begin in time."""

    until: date | None
    gap: Gap | None


def of(account: str, currency: str, statements: Iterable[Stated], first_on: date) -> Chain:
    """Return how far an account's statements prove its movements from `first_on` on.

    The chain begins with a statement that opens before that day: the opening balance of a day may
    be that of its end.
    """
    told = sorted(set(statements), key=attrgetter("order"))
    proven = _reached([one for one in told if not one.flaw], first_on)
    if not any(one.closed_on >= first_on for one in proven):
        return Chain(None, Gap(account, currency, _no_beginning(told, first_on)))
    in_order = sorted(proven, key=lambda one: (one.closed_on, one.opened_on, one.number or 0))
    until = in_order[-1].closed_on
    beyond = [one for one in told if one not in proven and one.closed_on > until]
    gap = Gap(account, currency, _broken(in_order, beyond[0], currency)) if beyond else None
    return Chain(until, gap)


def _reached(statements: Sequence[Stated], first_on: date) -> set[Stated]:
    """Return the statements that a chain from before the first day leads to, if it is unbroken."""
    by_opening: dict[int, list[Stated]] = defaultdict(list)
    for one in statements:
        by_opening[one.opening_micros].append(one)
    ahead = [one for one in statements if one.opened_on < first_on]
    left = [one for one in statements if one.opened_on >= first_on]  # in the order of their days
    reached = set(ahead)
    while ahead:
        before = ahead.pop()
        early = left[: bisect_right(left, before.closed_on, key=attrgetter("opened_on"))]
        going_on = [one for one in early if one.goes_on_from(before)]
        going_on += [one for one in by_opening[before.closing_micros] if one.follows(before)]
        for one in going_on:
            if one not in reached:
                reached.add(one)
                ahead.append(one)
                left.remove(one)
    return reached


def _no_beginning(told: Sequence[Stated], first_on: date) -> str:
    flawed = [one for one in told if one.flaw and one.opened_on < first_on <= one.closed_on]
    if flawed:
        said = _("the statement of %(day)s, with which it begins, %(flaw)s")
        return said % {"day": words.day(flawed[0].closed_on), "flaw": _(flawed[0].flaw)}
    said = _(
        "no statement covers %(day)s, with which the record begins; bring in the one that opens "
        "before that day"
    )
    return said % {"day": words.day(first_on)}


def _broken(proven: Sequence[Stated], beyond: Stated, currency: str) -> str:
    """Return why no proven statement leads to this one. proven: in the order of their ends."""
    if beyond.flaw:
        said = _("the statement of %(day)s %(flaw)s; ask the bank for it again")
        return said % {"day": words.day(beyond.closed_on), "flaw": _(beyond.flaw)}
    common = [one for one in proven if beyond.overlaps(one)]
    if common:
        return _contradiction(common[-1], beyond, currency)
    last = proven[-1]
    said = _(
        "a gap: one ends with %(ends)s on %(last)s, the next begins with %(begins)s on %(first)s; "
        "bring in the rest"
    )
    if last.number is not None and beyond.number is not None and beyond.number != last.number:
        said = _(
            "a gap: one ends with %(ends)s on %(last)s, the next begins with %(begins)s on "
            "%(first)s (numbers %(number)s and %(next)s); bring in the rest"
        )
    return said % {
        "ends": Money(last.closing_micros, currency),
        "last": words.day(last.closed_on),
        "begins": Money(beyond.opening_micros, currency),
        "first": words.day(beyond.opened_on),
        "number": last.number,
        "next": beyond.number,
    }


def _contradiction(one: Stated, other: Stated, currency: str) -> str:
    """Return on which common day two statements do not agree, and what each says."""
    day = _apart_on(one, other)
    assert day is not None  # else the one would lead to the other
    told = one.balance_on(day), other.balance_on(day)
    said = _(
        "the statements from %(one_first)s to %(one_last)s and from %(other_first)s to "
        "%(other_last)s overlap and do not agree: at the end of %(day)s one has %(first)s, the "
        "other %(second)s; ask the bank which is right"
    )
    if told[0] is None or told[1] is None:
        said = _(
            "the statements from %(one_first)s to %(one_last)s and from %(other_first)s to "
            "%(other_last)s overlap, and one does not tell the day of each of its movements; "
            "bring in one that begins where the other ends"
        )
    return said % {
        "one_first": words.day(one.opened_on),
        "one_last": words.day(one.closed_on),
        "other_first": words.day(other.opened_on),
        "other_last": words.day(other.closed_on),
        "day": words.day(day),
        "first": Money(told[0] or 0, currency),
        "second": Money(told[1] or 0, currency),
    }
