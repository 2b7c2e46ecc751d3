"""Events of flags, gathered in memory and written at once; each flag's row follows its events."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from payouts.flag_life import standing
from payouts.flag_life.standing import Standing
from payouts.models import Flag, FlagEvent, FlagWords

MOVED = [  # the columns of a flag that follow its events
    "state",
    "closed_as",
    "answer_due_at",
    "changed_at",
    "events",
    "resolved_at",
    "resolution",
]
ROWS = 500  # written in one statement


def of(flag: Flag) -> Standing:
    """Return where a flag stands."""
    return Standing(flag.state, flag.closed_as, flag.answer_due_at, flag.changed_at)


class Events:
    """What happened to some flags, whose rows are held until the transaction ends."""

    def __init__(self) -> None:
        self.made: list[FlagEvent] = []
        self.words: list[FlagWords] = []

    def add(
        self,
        flag: Flag,
        happening: str,
        *,
        at: datetime,
        role: str,
        within: timedelta = timedelta(),
        text: str = "",
        **given: Any,
    ) -> None:
        """Let something happen to a flag. Raises standing.CannotHappen, and nothing is added.

        role: who does it. within: the time to answer, where an answer is asked for. text: the words
        of a person. given: more columns of the event.
        """
        now = standing.after(of(flag), happening, at=at, within=within)
        words = FlagWords(text=text) if text else None
        flag.events += 1
        flag.state, flag.closed_as, flag.answer_due_at, flag.changed_at = now
        if bool(now.closed_as) != (flag.resolved_at is not None):
            flag.resolved_at = now.changed_at if now.closed_as else None
            flag.resolution = given.get("reason", "")
        event = FlagEvent(
            flag=flag,
            position=flag.events,
            happening=happening,
            at=max(at, flag.changed_at or at),
            role=role,
            due_at=now.due_at if happening == standing.ASKED else None,
            stake_micros=flag.stake_micros,
            works=standing.works_of(flag.evidence) if happening in standing.ANSWERS else [],
            seal=words.seal() if words else "",
            **given,
        )
        self.made.append(event)
        if words:
            words.event = event
            self.words.append(words)

    def write(self) -> None:
        """Write the events of flags that are saved already."""
        FlagEvent.objects.bulk_create(self.made, batch_size=ROWS)
        FlagWords.objects.bulk_create(self.words, batch_size=ROWS)


def answers_to(flags: Iterable[Flag]) -> dict[int, FlagEvent]:
    """Return the answer that each of these flags stands on, by flag, where it does. One query."""
    stands = [flag.pk for flag in flags if standing.has_answer(of(flag))]
    answers = FlagEvent.objects.filter(flag__in=stands, happening__in=standing.ANSWERS)
    return {event.flag_id: event for event in answers.order_by("position")}


def asked_worker(flag: int | OuterRef) -> "QuerySet[FlagEvent]":
    """Return what says that the worker was asked, since the flag was found the last time."""
    of_flag = FlagEvent.objects.filter(flag=flag).order_by()
    found_again = FlagEvent.objects.filter(
        flag=OuterRef("flag"), happening=standing.REOPENED, position__gt=OuterRef("position")
    )
    return of_flag.filter(~Exists(found_again), happening=standing.NEEDS_WORKER)
