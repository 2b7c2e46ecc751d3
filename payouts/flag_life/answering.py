"""What people do to a flag: the vendor explains, an auditor decides; and the calendar escalates.

Where pay came back, the vendor may say that it has asked the worker for other details.

Whoever acts says how many events they had read, so that of two who answer at once one is told.
"""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from payouts.disputes.asking import MOST_WORDS as MOST_WORDS
from payouts.flag_life import keeping, standing
from payouts.flag_life.keeping import Events
from payouts.flag_life.standing import Standing
from payouts.models import Flag
from payouts.reasons import reason_of
from workers.models import User
from workers.refusal import Refusal
from workers.roles import Role

AT_ONCE = 500  # flags that one transaction escalates
ASKS_WORKERS = frozenset({"W07"})  # what may have to wait for a worker's details


class Overtaken(Refusal):
    """Something happened to the flag meanwhile, or it cannot be answered any more."""


def explain(*, flag: Flag, words: str, seen: int, by: User, at: datetime) -> Flag:
    """Answer a flag with a written reason, for the vendor. The flag stays open, as explained.

    seen: how many events of it were read. Raises reasons.NoReason, Overtaken.
    """
    return _answer(flag, standing.EXPLAINED, Role.VENDOR, words, seen, by, at)


def decide(*, flag: Flag, words: str, seen: int, by: User, at: datetime) -> Flag:
    """Close an escalated flag with an auditor's reason. Raises reasons.NoReason, Overtaken."""
    return _answer(flag, standing.DECIDED, Role.AUDITOR, words, seen, by, at)


@transaction.atomic
def need_worker(*, flag: Flag, seen: int, by: User, at: datetime) -> Flag:
    """Keep that the vendor has asked the worker for other details: once, while the flag is open.

    The worker sees since when; the flag's days go on. Raises Overtaken.
    """
    held = read_by(flag, seen)
    if not may_need_worker(held):
        raise Overtaken(_("That the worker was asked is on record, or this flag waits for nobody."))
    events = Events()
    events.add(held, standing.NEEDS_WORKER, at=at, role=Role.VENDOR, by=by)
    events.write()
    held.save(update_fields=keeping.MOVED)
    return held


def may_need_worker(flag: Flag) -> bool:
    """Tell whether the vendor may say that it waits for the worker. One query at most."""
    waits = flag.code in ASKS_WORKERS and flag.state and not flag.closed_as
    return bool(waits) and not keeping.asked_worker(flag.pk).exists()


ALLOWED: dict[str, Callable[[Standing], bool]] = {
    standing.EXPLAINED: standing.may_explain,
    standing.DECIDED: standing.may_decide,
}


@transaction.atomic
def _answer(
    flag: Flag, happening: str, role: Role, words: str, seen: int, by: User, at: datetime
) -> Flag:
    held = read_by(flag, seen)
    if not ALLOWED[happening](keeping.of(held)):
        raise Overtaken(_("This flag does not wait for your answer."))
    text = reason_of(words)
    events = Events()
    events.add(held, happening, at=at, role=role, by=by, text=text)
    events.write()
    held.save(update_fields=keeping.MOVED)
    return held


def read_by(flag: Flag, seen: int) -> Flag:
    """Return a flag, held, as it was read. Raises Overtaken where something happened since."""
    held = Flag.objects.select_for_update(no_key=True).get(pk=flag.pk)
    if held.events != seen:
        raise Overtaken(_("Something happened to this flag meanwhile. Read it first."))
    return held


def escalate_overdue(*, at: datetime) -> int:
    """Show every flag that no vendor answered in time to the auditors; return how many.

    Each happens once, however often and by whomever this is called.
    """
    number = 0
    while escalated := _escalate_some(at):
        number += escalated
    return number


@transaction.atomic
def _escalate_some(at: datetime) -> int:
    late = Flag.objects.filter(state=standing.ASKED, closed_as="", answer_due_at__lt=at)
    flags = list(late.select_for_update(no_key=True).order_by("pk")[:AT_ONCE])
    events = Events()
    for flag in flags:
        events.add(flag, standing.ESCALATED, at=at, role="clock")
    events.write()
    Flag.objects.bulk_update(flags, keeping.MOVED, batch_size=keeping.ROWS)
    return len(flags)
