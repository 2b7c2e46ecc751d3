"""Up to which day all that a vendor paid is known: by word, or by its banks' statements. Pure.

By word: a record of payments was brought in as complete to a day. By statements: from the day on
which the vendor declared its paying accounts the record reaches as far as the shortest of their
chains (chains.py). What was paid before that day must be known by word, unless no work is older.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext

from payouts.leaving import chains
from payouts.leaving.chains import DAY, Gap, Stated
from payouts.statements import words

Account = tuple[str, str]  # number, currency


class Declared(NamedTuple):
    """From this day on all pay goes out through these accounts; none: nobody says so any more."""

    from_on: date
    accounts: tuple[Account, ...]


@dataclass(frozen=True)
class Known:
    """How far the record of payments reaches. until: None where it does not begin.

    by_statements: whether statements carry it further than anybody's word. gaps: what keeps it
    from reaching further, account by account. reaches: how far each account's own chain goes.
    """

    until: date | None
    by_statements: bool = False
    gaps: tuple[Gap, ...] = ()
    reaches: tuple[tuple[Account, date | None], ...] = ()


def known(
    *,
    by_word: date | None,
    work_before: bool,
    declarations: Sequence[Declared],
    statements: Mapping[Account, Sequence[Stated]],
) -> Known:
    """Return up to which day nothing that was sent is missing in the record.

    by_word: the latest day that was declared. work_before: whether work is older than the first of
    `declarations`, which are in the order of their days.
    """
    until, carried = by_word, False
    gaps: tuple[Gap, ...] = ()
    reaches: tuple[tuple[Account, date | None], ...] = ()
    for place, one in enumerate(declarations):
        ends = declarations[place + 1].from_on - DAY if place + 1 < len(declarations) else None
        if until is not None and ends is not None and until >= ends:
            continue
        before = one.from_on - DAY
        if until is None and place == 0 and not work_before:
            until = before
        if until is None or until < before:
            return Known(by_word, carried, (Gap("", "", _unknown_before(one.from_on)),), reaches)
        found = {
            each: chains.of(*each, statements.get(each, ()), max(one.from_on, until + DAY))
            for each in one.accounts
        }
        gaps = tuple(chain.gap for chain in found.values() if chain.gap is not None)
        reaches = tuple((each, chain.until) for each, chain in found.items())
        shortest = min((chain.until or before for chain in found.values()), default=before)
        reach = shortest if ends is None else min(shortest, ends)
        if reach > until:
            until, carried = reach, True
        if ends is None or until < ends:
            break
    return Known(until if carried else by_word, carried, gaps, reaches)


def _unknown_before(day: date) -> str:
    said = gettext(
        "work is older than %(day)s, since when the accounts are declared, and nobody says that "
        "all payments before it are known; say so with import_payouts FILE --complete-until D"
    )
    return said % {"day": words.day(day)}
