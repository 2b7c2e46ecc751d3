"""What earlier statements of an account told: where the next begins, and what is different now."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from payouts.models import Statement
from payouts.statements.data import FactRange, StatementData, from_json
from payouts.statements.figures import RestatedWeek
from payouts.weekly import AccountWeek

SUNDAY = timedelta(days=6)


class Told(NamedTuple):
    """A statement that was issued, without its figures."""

    id: int
    engagement_id: int
    currency: str
    period: str
    number: str
    first_on: date
    last_on: date
    n_to: int


def before(engagements: Collection[int]) -> list[Told]:
    """Return all statements of these accounts, oldest first. One query."""
    columns = Statement.objects.filter(engagement__in=engagements).order_by("pk")
    return [Told(*row) for row in columns.values_list("pk", *Told._fields[1:])]


def read(ids: Collection[int]) -> dict[int, StatementData]:
    """Return what these statements say, by id. One query."""
    found = Statement.objects.filter(pk__in=ids).values_list("pk", "data") if ids else ()
    return {pk: from_json(text) for pk, text in found}


def covering(statements: Sequence[Told], starts_on: date) -> list[Told]:
    """Return the statements of the period that this week belongs to, oldest first."""
    return [one for one in statements if one.first_on <= starts_on + SUNDAY <= one.last_on]


def restated(
    before: Sequence[Told],
    told: dict[int, StatementData],
    late: dict[date, AccountWeek | None],
    currency: str,
) -> tuple[RestatedWeek, ...]:
    """Return the weeks of which the last word was another than it is now, in order.

    late: weeks outside the period that facts have touched, as they are now (None: gone).
    """
    found = []
    for starts_on, now in sorted(late.items()):
        said = _last_word(before, told, starts_on, currency)
        if said is None or (now is not None and now.currency != currency):
            continue
        number, earned, missing = said
        earned_now = now.test.earned_micros if now else 0
        missing_now = now.test.shortfall_micros if now else 0
        if (earned, missing) != (earned_now, missing_now):
            found.append(RestatedWeek(starts_on, number, earned, earned_now, missing, missing_now))
    return tuple(found)


def _last_word(
    before: Sequence[Told], told: dict[int, StatementData], starts_on: date, currency: str
) -> tuple[str, int | None, int] | None:
    """Return the number, the earned pay and the shortfall that were last told of a week.

    A week that its period's statement does not list was one without work: nothing was earned.
    """
    for one in reversed(before):
        if one.currency != currency or one.id not in told:
            continue
        for again in told[one.id].restated:
            if again.starts_on == starts_on:
                return one.number, again.earned_now_micros, again.shortfall_now_micros
        if one.first_on <= starts_on + SUNDAY <= one.last_on:
            weeks = {week.starts_on: week for week in told[one.id].weeks}
            week = weeks.get(starts_on)
            if week is None:
                return one.number, 0, 0
            return one.number, week.earned_micros, week.shortfall_micros
    return None


def says_the_same(a: StatementData, b: StatementData) -> bool:
    """Tell whether two statements say the same of their period.

    What is owed, in review and in which account on the day of issue moves on with every month, and
    the next statement says so: it makes no correction. Nor does a due date that has passed.
    """
    return _of_the_period(a) == _of_the_period(b)


def _of_the_period(data: StatementData) -> StatementData:
    totals = replace(
        data.totals,
        owed_micros=0,
        overdue_micros=0,
        overdue_since_on=None,
        not_known_micros=0,
        undecided_micros=0,
        refused_micros=0,
    )
    return replace(
        data,
        number="",
        version=0,
        replaces=None,
        issued_at_ms=0,
        as_of_on=data.period.last_on,
        facts=FactRange(0, 0),
        totals=totals,
        weeks=tuple(replace(week, received_verdict="") for week in data.weeks),
        payments=(),
        ageing=(),
        owed=(),
        refused=(),
        undecided=(),
        accounts=(),
        restated=(),
        batches=(),
        basis=replace(data.basis, payments_complete_until_on=None),
    )
