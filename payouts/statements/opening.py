"""What page 1 says, in sentences: what was worked, earned, received; what is owed since when."""

from dataclasses import dataclass

from payouts.statements.data import StatementData
from payouts.statements.figures import FloorWeek
from payouts.statements.safe import clean
from payouts.statements.words import count, day, duration, money, week

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


def say(*parts: str, tone: str = "plain") -> Sentence:
    """Return a sentence; a part that begins with * carries weight (the star is not shown).

    User text that goes in has been through safe.clean.
    """
    return Sentence(tuple((part.lstrip("*"), part.startswith("*")) for part in parts), tone)


def lead(data: StatementData) -> tuple[Sentence, ...]:
    """Return the sentences set large: worked and earned, received, overdue."""
    if not data.lines and not data.payments and not data.totals.owed_micros:
        label = clean(data.period.label)
        return (
            say("No work and no pay are recorded for you in ", label, "."),
            say("Nothing is owed to you."),
        )
    return (_worked(data), _received(data), *_overdue(data))


def detail(data: StatementData) -> tuple[Sentence, ...]:
    """Return the sentences below: the floor, what is not due, in review, refused, held back."""
    return (*_floor(data), *_waiting(data))


def _worked(data: StatementData) -> Sentence:
    time = data.hours.b
    earned = money(data.totals.earned_micros, data.currency)
    low, high = duration(time.low_ms), duration(time.high_ms)
    if time.high_ms == 0:
        known = "The time of your work is not known. You earned " if data.lines else "You earned "
        return say(known, f"*{earned}", ".")
    if low == high:
        return say("You worked ", f"*{high}", " and earned ", f"*{earned}", ".")
    return say(
        "You worked between ", f"*{low}", " and ", f"*{high}", " and earned ", f"*{earned}", "."
    )


def _received(data: StatementData) -> Sentence:
    totals, currency = data.totals, data.currency
    if totals.earned_micros == 0 and totals.received_micros == 0:
        return say("There is nothing of it to be paid.")
    arrived = totals.received_micros - totals.on_approval_micros
    parts = ["Nothing of it has been confirmed as arrived"]
    if totals.on_approval_micros > 0:
        parts = [f"*{money(totals.on_approval_micros, currency)}", " of it was approved; "]
        parts.append(f"{clean(data.worker.source)} pays when it approves")
    if arrived > 0:
        also = "; " if totals.on_approval_micros > 0 else ""
        parts = parts if also else []
        parts += [also, f"*{money(arrived, currency)}", " of it arrived"]
    if totals.fees_micros > 0:
        parts += [", after ", money(totals.fees_micros, currency), " in fees on the way"]
    if totals.in_transit_micros > 0:
        parts += ["; ", money(totals.in_transit_micros, currency), " is on its way"]
    return say(*parts, ".")


def _overdue(data: StatementData) -> tuple[Sentence, ...]:
    totals = data.totals
    if totals.not_known_micros > 0:
        unknown = money(totals.not_known_micros, data.currency)
        why = " was due, and the payer has not said whether it was sent."
        return (*_late(data), say(f"*{unknown}", why))
    return _late(data) or (say("Nothing is overdue."),)


def _late(data: StatementData) -> tuple[Sentence, ...]:
    totals = data.totals
    if totals.overdue_micros <= 0:
        return ()
    since = f" since {day(totals.overdue_since_on)}" if totals.overdue_since_on else ""
    overdue = money(totals.overdue_micros, data.currency)
    return (say(f"*{overdue}", " is overdue", since, ".", tone="warn"),)


def _floor(data: StatementData) -> tuple[Sentence, ...]:
    tested = [week for week in data.weeks if week.floor_micros is not None]
    if not tested:
        return ()
    floors = sorted({week.floor_micros for week in tested if week.floor_micros is not None})
    named = " and ".join(money(floor, data.currency) for floor in floors)
    parts = [f"The floor is {named} an hour. "]
    worst = [week for week in tested if week.verdict == "fail"]
    reached = sum(week.verdict == "pass" for week in tested)
    if worst:
        missing = money(data.totals.shortfall_micros, data.currency)
        parts.append(f"Your hourly pay was below it in {_of(len(worst), len(tested))}: ")
        parts += [f"*{missing}", " is missing to reach it"]
    else:
        parts.append(f"Your hourly pay reached it in {_of(reached, len(tested))}")
    unsure = len(tested) - reached - len(worst)
    tail = f"; for {count(unsure, 'week')} it cannot be said." if unsure else "."
    return (say(*parts, tail, tone="warn" if worst else "plain"),)


def _of(some: int, weeks: int) -> str:
    """Return "3 of 4 weeks", "all 4 weeks", "the one week"."""
    if weeks == 1:
        return "the one week" if some else "no week"
    if some == weeks:
        return f"all {weeks} weeks"
    return f"{some or 'none'} of {weeks} weeks"


def _waiting(data: StatementData) -> tuple[Sentence, ...]:
    totals, currency = data.totals, data.currency
    found = []
    ends = {"not_due": " is approved and not due yet.",
            "undated": " is approved, with no agreed date of payment."}  # fmt: skip
    for age in data.ageing:
        if age.code in ends and age.amount_micros > 0:
            found.append(say(money(age.amount_micros, currency), ends[age.code]))
    if totals.undecided_micros > 0 or data.undecided:
        pieces = count(len(data.undecided), "piece")
        worth = money(totals.undecided_micros, currency)
        found.append(say(f"{pieces} of work, worth {worth}, {_is(data.undecided)} in review."))
    if data.refused:
        pieces = count(len(data.refused), "piece")
        worth = money(totals.refused_micros, currency)
        found.append(
            say(f"{pieces} of work, worth {worth}, {_was(data.refused)} refused: see the reasons.")
        )
    if totals.withheld_micros > 0:
        found.append(say(money(totals.withheld_micros, currency), " is held back or taken off."))
    return tuple(found)


def _is(items: tuple[object, ...]) -> str:
    return "is" if len(items) == 1 else "are"


def _was(items: tuple[object, ...]) -> str:
    return "was" if len(items) == 1 else "were"


def picture_title(data: StatementData) -> str:
    """Return the heading above the picture."""
    return f"Your pay per hour, week by week, in {data.currency}"


def picture(data: StatementData) -> str:
    """Return the picture in one sentence, for those who do not see it."""
    if not data.weeks:
        return "There are no weeks to show in this period."
    told = "; ".join(
        f"{week(w.starts_on, w.ends_on)}: {rate(w, data.currency)}" for w in data.weeks
    )
    return f"Your pay per hour, week by week. {told}."


def rate(test: FloorWeek, currency: str) -> str:
    """Return one week's hourly pay and what it is against the floor, in words."""
    low, high = test.hourly_low_micros, test.hourly_high_micros
    if low is None or high is None:
        return "not known"
    paid = (
        money(low, currency)
        if low == high
        else f"{money(low, currency)} to {money(high, currency)}"
    )
    if test.floor_micros is None:
        return paid
    stand = {"pass": "at or above", "fail": "below", "contested": "around"}.get(test.verdict)
    return f"{paid}, {stand} the floor of {money(test.floor_micros, currency)}" if stand else paid
