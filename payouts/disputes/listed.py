"""Questions as pages show them: where each stands, who must do what, until when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, QuerySet

from ledger.periods import day_of, ms_of
from payouts.disputes.standing import is_overdue, turn
from payouts.models import Dispute
from workers.models import User
from workers.roles import Role


@dataclass(frozen=True, slots=True)
class Shown:
    """A question, whose turn it is, and its days on the vendor's clock."""

    row: Dispute
    turn: str
    overdue: bool
    asked_on: date
    due_on: date
    escalated_on: date | None
    closed_on: date | None
    pays_micros: int | None  # what is still asked for


def standing(row: Dispute, at: datetime) -> Shown:
    """Return where one question stands. row: with its vendor."""
    zone = row.vendor.zone

    def on(moment: datetime | None) -> date | None:
        return None if moment is None else day_of(ms_of(moment), zone)

    stake = row.stake_micros
    return Shown(
        row,
        turn(row),
        is_overdue(row, at),
        day_of(ms_of(row.asked_at), zone),
        day_of(ms_of(row.answer_due_at), zone),
        on(row.escalated_at),
        on(row.closed_at),
        None if stake is None else max(0, stake - row.paid_micros),
    )


def shown(rows: Iterable[Dispute], at: datetime) -> list[Shown]:
    """Return where each question of a page stands."""
    return [standing(row, at) for row in rows]


def newest_first(rows: "QuerySet[Dispute]") -> "QuerySet[Dispute]":
    """Return questions with account and vendor, the newest first."""
    return rows.select_related("engagement", "vendor").order_by("-asked_at", "pk")


def open_first(rows: "QuerySet[Dispute]") -> "QuerySet[Dispute]":
    """Return questions with account and vendor: open ones first, by the day they are due."""
    order = (F("closed_at").desc(nulls_first=True), "answer_due_at", "pk")
    return rows.select_related("engagement", "vendor").order_by(*order)


def roles_towards(row: Dispute, user: User) -> set[str]:
    """Return the roles in which a user stands to a question. Two queries."""
    roles = set()
    if row.worker_id is not None and row.worker_id == getattr(
        getattr(user, "worker", None), "pk", None
    ):
        roles.add(Role.WORKER.value)
    if user.memberships.filter(vendor=row.vendor_id).exists():
        roles.add(Role.VENDOR.value)
    if not roles:
        roles.add(Role.AUDITOR.value)
    return roles
