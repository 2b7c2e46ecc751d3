"""What page 1 says, in sentences: what was worked, earned, received; what is owed since when."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from payouts.statements.data import StatementData
from payouts.statements.figures import FloorWeek
from payouts.statements.safe import clean
from payouts.statements.words import UNKNOWN, between, both, day, duration, money, week

PLACE = re.compile(r"%\((\w+)\)s")
Run = tuple[str, bool]  # text, and whether it carries weight


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as runs of text. tone: "plain", or "warn" for what should not be so."""

    runs: tuple[Run, ...]
    tone: str = "plain"

    @property
    def text(self) -> str:
        """The sentence without weights."""
        return "".join(text for text, _ in self.runs)


class Strong(str):
    """A figure that carries weight in its sentence."""

    __slots__ = ()


def say(text: str, *, tone: str = "plain", **figures: str) -> Sentence:
    """Return a sentence with these figures in its places; what is Strong carries weight.

    text: translated, with a place for each figure. User text has been through safe.clean.

    >>> say("You earned %(earned)s.", earned=Strong("38.40 USD")).runs
    (('You earned ', False), ('38.40 USD', True), ('.', False))
    """
    runs: list[Run] = []
    for n, part in enumerate(PLACE.split(text)):
        shown = figures[part] if n % 2 else part.replace("%%", "%")
        if shown:
            runs.append((str(shown), isinstance(shown, Strong)))
    return Sentence(tuple(runs), tone)


def together(sentences: Iterator[Sentence]) -> Sentence:
    """Return sentences as one paragraph, in the tone of the first."""
    runs: list[Run] = []
    tone = "plain"
    for one in sentences:
        runs, tone = ([*runs, (" ", False), *one.runs], tone) if runs else ([*one.runs], one.tone)
    return Sentence(tuple(runs), tone)


def lead(data: StatementData) -> tuple[Sentence, ...]:
    """Return the sentences set large: worked and earned, received, overdue."""
    if not data.lines and not data.payments and not data.totals.owed_micros:
        nothing = _("No work and no pay are recorded for you in %(period)s.")
        return (
            say(nothing, period=clean(data.period.label)),
            say(_("Nothing is owed to you.")),
            *_scope(data),
        )
    return (_worked(data), together(_received(data)), *_scope(data), *_overdue(data))


def detail(data: StatementData) -> tuple[Sentence, ...]:
    """Return the sentences below: the floor, what is not due, in review, refused, held back.

    What is open comes first where the last sentence set large is of other work as well.
    """
    if _scope(data):
        return (*_waiting(data), *_floor(data), *_taken(data))
    return (*_floor(data), *_waiting(data), *_taken(data))


def _worked(data: StatementData) -> Sentence:
    time = data.hours.b
    earned = Strong(money(data.totals.earned_micros, data.currency))
    low, high = Strong(duration(time.low_ms)), Strong(duration(time.high_ms))
    if time.high_ms == 0 and data.lines:
        return say(_("The time of your work is not known. You earned %(earned)s."), earned=earned)
    if time.high_ms == 0:
        return say(_("You earned %(earned)s."), earned=earned)
    if low == high:
        return say(_("You worked %(time)s and earned %(earned)s."), time=high, earned=earned)
    uncertain = _("You worked between %(low)s and %(high)s and earned %(earned)s.")
    return say(uncertain, low=low, high=high, earned=earned)


def _received(data: StatementData) -> Iterator[Sentence]:
    totals, currency = data.totals, data.currency
    if totals.earned_micros == 0 and totals.received_micros == 0:
        yield say(_("There is nothing of it to be paid."))
        return
    arrived = totals.received_micros - totals.on_approval_micros
    amount, fee = Strong(money(arrived, currency)), money(totals.fees_micros, currency)
    if totals.on_approval_micros > 0:
        yield say(
            _("%(amount)s of it was approved; %(source)s pays when it approves."),
            amount=Strong(money(totals.on_approval_micros, currency)),
            source=clean(data.worker.source),
        )
    if arrived > 0 and totals.fees_micros > 0:
        after = _("%(amount)s of it arrived, after %(fee)s in fees on the way.")
        yield say(after, amount=amount, fee=fee)
    elif arrived > 0:
        yield say(_("%(amount)s of it arrived."), amount=amount)
    elif totals.on_approval_micros <= 0:
        yield say(_("Nothing of it has been confirmed as arrived."))
    if arrived <= 0 and totals.fees_micros > 0:
        yield say(_("%(fee)s of it was lost to fees on the way."), fee=fee)
    if totals.lost_on_exchange_micros > 0:
        lost = money(totals.lost_on_exchange_micros, currency)
        yield say(_("%(amount)s of it was lost on exchange."), amount=lost)
    if totals.in_transit_micros > 0:
        on_the_way = money(totals.in_transit_micros, currency)
        yield say(_("%(amount)s is on its way."), amount=on_the_way)


def _scope(data: StatementData) -> tuple[Sentence, ...]:
    """Return that what is open is of all work, where some of it is not of the period's work."""
    earned: Counter[str] = Counter()
    for line in data.lines:
        earned[line.external_id] += line.earned_micros
    if all(item.amount_micros <= earned[item.external_id] for item in data.owed) and all(
        item.external_id in earned for item in data.undecided
    ):
        return ()
    scope = _("Counting all your work until %(day)s, not only that of %(period)s:")
    return (say(scope, day=day(data.as_of_on), period=clean(data.period.label)),)


def _overdue(data: StatementData) -> tuple[Sentence, ...]:
    totals = data.totals
    if totals.not_known_micros > 0:
        why = _("%(amount)s was due, and the payer has not said whether it was sent.")
        unknown = Strong(money(totals.not_known_micros, data.currency))
        return (*_late(data), say(why, amount=unknown))
    return _late(data) or (say(_("Nothing is overdue.")),)


def _late(data: StatementData) -> tuple[Sentence, ...]:
    totals = data.totals
    if totals.overdue_micros <= 0:
        return ()
    overdue, since = Strong(money(totals.overdue_micros, data.currency)), totals.overdue_since_on
    if since is None:
        return (say(_("%(amount)s is overdue."), amount=overdue, tone="warn"),)
    late = _("%(amount)s is overdue since %(day)s.")
    return (say(late, amount=overdue, day=day(since), tone="warn"),)


def _floor(data: StatementData) -> tuple[Sentence, ...]:
    tested = [week for week in data.weeks if week.floor_micros is not None]
    if not tested:
        return ()
    floors = sorted({week.floor_micros for week in tested if week.floor_micros is not None})
    named = both(money(floor, data.currency) for floor in floors)
    worst = [week for week in tested if week.verdict == "fail"]
    reached = sum(week.verdict == "pass" for week in tested)
    said = [say(_("The floor is %(floor)s an hour."), floor=named)]
    weeks = str(len(tested))
    if worst:
        missing = Strong(money(data.totals.shortfall_micros, data.currency))
        below, some = _below(len(worst), len(tested)), str(len(worst))
        said.append(say(below, some=some, weeks=weeks, missing=missing))
    else:
        said.append(say(_reached(reached, len(tested)), some=str(reached), weeks=weeks))
    unsure = len(tested) - reached - len(worst)
    if unsure:
        not_known = ngettext(
            "For %(number)s week it cannot be said.",
            "For %(number)s weeks it cannot be said.",
            unsure,
        )
        said.append(say(not_known, number=str(unsure)))
    whole = together(iter(said))
    return (Sentence(whole.runs, "warn" if worst else "plain"),)


def _below(some: int, weeks: int) -> str:
    """Return in how many weeks pay was below the floor, with places for the figures."""
    if some == weeks:
        return ngettext(
            "Your hourly pay was below it in the one week: %(missing)s is missing to reach it.",
            "Your hourly pay was below it in all %(weeks)s weeks: %(missing)s is missing to reach "
            "it.",
            weeks,
        )
    return ngettext(
        "Your hourly pay was below it in %(some)s of %(weeks)s week: %(missing)s is missing to "
        "reach it.",
        "Your hourly pay was below it in %(some)s of %(weeks)s weeks: %(missing)s is missing to "
        "reach it.",
        weeks,
    )


def _reached(some: int, weeks: int) -> str:
    """Return in how many weeks pay reached the floor, with places for the numbers."""
    if not some:
        return ngettext(
            "Your hourly pay reached it in no week.",
            "Your hourly pay reached it in none of %(weeks)s weeks.",
            weeks,
        )
    if some == weeks:
        return ngettext(
            "Your hourly pay reached it in the one week.",
            "Your hourly pay reached it in all %(weeks)s weeks.",
            weeks,
        )
    return ngettext(
        "Your hourly pay reached it in %(some)s of %(weeks)s week.",
        "Your hourly pay reached it in %(some)s of %(weeks)s weeks.",
        weeks,
    )


def _waiting(data: StatementData) -> Iterator[Sentence]:
    totals, currency = data.totals, data.currency
    ends = {
        "not_due": _("%(amount)s is approved and not due yet."),
        "undated": _("%(amount)s is approved, with no agreed date of payment."),
    }
    for age in data.ageing:
        if age.code in ends and age.amount_micros > 0:
            yield say(ends[age.code], amount=money(age.amount_micros, currency))
    if totals.undecided_micros > 0 or data.undecided:
        in_review = ngettext(
            "%(number)s piece of work, worth %(amount)s, is in review.",
            "%(number)s pieces of work, worth %(amount)s, are in review.",
            len(data.undecided),
        )
        worth = money(totals.undecided_micros, currency)
        yield say(in_review, number=str(len(data.undecided)), amount=worth)


def _taken(data: StatementData) -> Iterator[Sentence]:
    totals, currency = data.totals, data.currency
    if data.refused:
        refused = ngettext(
            "%(number)s piece of work, worth %(amount)s, was refused: see the reasons.",
            "%(number)s pieces of work, worth %(amount)s, were refused: see the reasons.",
            len(data.refused),
        )
        worth = money(totals.refused_micros, currency)
        yield say(refused, number=str(len(data.refused)), amount=worth)
    if totals.withheld_micros > 0:
        held = money(totals.withheld_micros, currency)
        yield say(_("%(amount)s is held back or taken off."), amount=held)


def picture_title(data: StatementData) -> str:
    """Return the heading above the picture."""
    return _("Your pay per hour, week by week, in %(currency)s") % {"currency": data.currency}


def picture(data: StatementData) -> str:
    """Return the picture in one sentence, for those who do not see it."""
    if not data.weeks:
        return _("There are no weeks to show in this period.")
    said = _("Your pay per hour, week by week. %(weeks)s.")
    return said % {"weeks": rates((test, data.currency) for test in data.weeks)}


def rates(tests: Iterator[tuple[FloorWeek, str]]) -> str:
    """Return weeks with their hourly pay, in words. tests: each with its currency."""
    return "; ".join(
        f"{week(test.starts_on, test.ends_on)}: {rate(test, currency)}" for test, currency in tests
    )


def rate(test: FloorWeek, currency: str) -> str:
    """Return one week's hourly pay and what it is against the floor, in words."""
    low, high = test.hourly_low_micros, test.hourly_high_micros
    if low is None or high is None:
        return str(UNKNOWN)
    paid = money(low, currency)
    if low != high:
        paid = between(paid, money(high, currency))
    stand = {
        "pass": _("%(pay)s, at or above the floor of %(floor)s"),
        "fail": _("%(pay)s, below the floor of %(floor)s"),
        "contested": _("%(pay)s, around the floor of %(floor)s"),
    }.get(test.verdict)
    if test.floor_micros is None or stand is None:
        return paid
    return stand % {"pay": paid, "floor": money(test.floor_micros, currency)}
