"""What happened to flags, as whoever asks may see it: events, and questions about them, by date.

The rows are given: those of a vendor, of a worker, or of an auditor's days. So an entry of the
ledger that lies outside the days of a grant closes a flag without being shown.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet

from ledger.models import Transfer
from payouts.flag_life import standing
from payouts.models import Dispute, Flag, FlagEvent, FlagWords
from workers.models import User
from workers.roles import Permission, Role
from workers.scoping import Visible

WORKER_SEES_IT = ExpressionWrapper(
    Q(flag__for_worker=True, flag__engagement__isnull=False), BooleanField()
)
QUESTION, QUESTION_CLOSED = "question", "question_closed"
ERASED, CHANGED = "erased", "changed"


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of a flag's life.

    role: who did it. text: the words of a person; lost: ERASED or CHANGED where they are not there
    as they were written. reason: why it closed by itself.
    """

    at: datetime
    happening: str
    role: str
    due_at: datetime | None = None
    text: str = ""
    lost: str = ""
    reason: str = ""
    entry: Transfer | None = None
    question: Dispute | None = None


# By what a role acts on a flag that it sees: who has the permission for a row has the role there.
ACTS = {
    Role.WORKER: Permission.PAY_VIEW,
    Role.VENDOR: Permission.FLAG_ANSWER,
    Role.AUDITOR: Permission.FLAG_DECIDE,
}


def roles_towards(flag: Flag, user: User) -> set[Role]:
    """Return the roles in which a user stands to a flag."""
    return {
        role
        for role, permission in ACTS.items()
        if Flag.objects.visible_to(user, permission).filter(pk=flag.pk).exists()
    }


def of(flag_ids: Collection[int], visible: Visible) -> dict[int, list[Happened]]:
    """Return the life of each of these flags, the oldest first. At most four queries."""
    rows = visible(FlagEvent).filter(flag__in=flag_ids).order_by("position")
    told = list(rows.annotate(for_worker=WORKER_SEES_IT))
    sealed = {event.pk for event in told if event.seal}
    words = _words(visible(FlagWords).filter(event__in=sealed)) if sealed else {}
    named = {event.entry_id for event in told} - {None}
    entries = visible(Transfer).filter(pk__in=named).select_related("payment") if named else ()
    by_id = {entry.pk: entry for entry in entries}
    lives: defaultdict[int, list[Happened]] = defaultdict(list)
    before: dict[int, str] = {}
    for event in told:
        last = before.get(event.flag_id, standing.FOUND)
        if event.for_worker and standing.tells_worker(event.happening, last):
            lives[event.flag_id].append(Happened(event.at, standing.NOTIFIED, event.role))
        before[event.flag_id] = event.happening
        lives[event.flag_id].append(_event(event, words.get(event.pk), by_id))
    for question in visible(Dispute).filter(flag__in=flag_ids).order_by("asked_at"):
        lives[question.flag_id].extend(_asked(question))
    return {flag_id: sorted(life, key=lambda one: one.at) for flag_id, life in lives.items()}


def _words(rows: "QuerySet[FlagWords]") -> dict[int, FlagWords]:
    return {row.event_id: row for row in rows}


def _event(event: FlagEvent, words: FlagWords | None, entries: dict[int, Transfer]) -> Happened:
    lost = ""
    if event.seal and words is None:
        lost = ERASED
    elif words is not None and words.seal() != event.seal:
        lost = CHANGED
    return Happened(
        event.at,
        event.happening,
        event.role,
        event.due_at,
        words.text if words and not lost else "",
        lost,
        event.reason,
        entries.get(event.entry_id or 0),
    )


def _asked(question: Dispute) -> list[Happened]:
    begun = Happened(question.asked_at, QUESTION, "worker", question=question)
    if question.closed_at is None:
        return [begun]
    return [begun, Happened(question.closed_at, QUESTION_CLOSED, "", question=question)]
