"""What a question is about: a line that the worker sees, with the evidence that stands beside it.

The address of a line is its kind and its id: work-123, payment-45, statement-6, flag-7,
week-<account>-<Monday>. Rows come from `visible`, so nobody asks about a line of others.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from ledger import balances
from ledger.models import Payment, Work, WorkWeek
from ledger.periods import day_of
from payouts import flag_list
from payouts.disputes.standing import CHOICES
from payouts.flag_life import standing
from payouts.models import Flag, Statement
from workers.models import Engagement
from workers.scoping import Visible

LONGEST = 60  # characters of an address


class NoSuchLine(LookupError):
    """There is no such line, or it is of somebody else."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A line, its day, the evidence as the question is to carry it, and what may be at stake."""

    about: str
    engagement: Engagement
    on: date
    evidence: Mapping[str, Any]
    currency: str
    root_id: int | None = None
    flag_id: int | None = None
    at_micros: Mapping[str, int] = field(default_factory=dict)  # where the work's money is
    stakes: Mapping[str, int | None] = field(default_factory=dict)  # by choice, where it is known


def find(about: str, visible: Visible) -> Subject:
    """Return the line that is meant; raises NoSuchLine. A fixed number of queries."""
    kind, _, rest = about[:LONGEST].partition("-")
    try:
        return FINDERS[kind](rest, visible)
    except (KeyError, ValueError, OverflowError) as error:
        raise NoSuchLine(f"{about!r} names no line") from error


def _one(rows: "QuerySet[Any]") -> Any:
    row = rows.select_related("engagement__vendor").first()
    if row is None:
        raise NoSuchLine("there is no such line")
    return row


def _id(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise ValueError(f"{text!r} is no id")
    return int(text)


def _work(rest: str, visible: Visible) -> Subject:
    row = _one(visible(Work).filter(root_id=_id(rest), void=False, corrected_by=None))
    there = balances.of_work([row.root_id])[row.root_id]
    return Subject(
        about=f"work-{row.root_id}",
        engagement=row.engagement,
        on=day_of(row.ended_at_ms, row.engagement.vendor.zone),
        evidence={
            "kind": "work",
            "external_id": row.external_id,
            "project": row.project,
            "task_type": row.task_type or row.kind,
            "started_at_ms": row.started_at_ms,
            "ended_at_ms": row.ended_at_ms,
            "promised_micros": row.promised_micros,
            "money": [[one.account, one.micros, one.currency] for one in there],
        },
        currency=row.currency or row.engagement.vendor.currency,
        root_id=row.root_id,
        at_micros={one.account: one.micros for one in there if one.currency == row.currency},
    )


def _payment(rest: str, visible: Visible) -> Subject:
    row = _one(visible(Payment).filter(pk=_id(rest), void=False, corrected_by=None))
    return Subject(
        about=f"payment-{row.pk}",
        engagement=row.engagement,
        on=day_of(row.sent_at_ms, row.engagement.vendor.zone),
        evidence={
            "kind": "payment",
            "reference": row.reference,
            "amount_micros": row.amount_micros,
            "sent_at_ms": row.sent_at_ms,
        },
        currency=row.currency,
        stakes={"not_paid": row.amount_micros},
    )


def _statement(rest: str, visible: Visible) -> Subject:
    row = _one(visible(Statement).filter(pk=_id(rest)).defer("data"))
    return Subject(
        about=f"statement-{row.pk}",
        engagement=row.engagement,
        on=row.last_on,
        evidence={"kind": "statement", "number": row.number, "period": row.period},
        currency=row.currency,
    )


def _week(rest: str, visible: Visible) -> Subject:
    pseudonym, monday = UUID(rest[:32]), date.fromisoformat(rest[33:])
    rows = visible(WorkWeek).filter(engagement__pseudonym=pseudonym, starts_on=monday)
    row = _one(rows)
    return Subject(
        about=f"week-{pseudonym.hex}-{monday}",
        engagement=row.engagement,
        on=monday,
        evidence={
            "kind": "week",
            "starts_on": str(monday),
            "low_ms": row.b_low_ms,
            "high_ms": row.b_high_ms,
            "earned_micros": row.earned_micros,
        },
        currency=row.currency,
    )


def _flag(rest: str, visible: Visible) -> Subject:
    """Find a flag that the vendor sees, too; others are not the vendor's to know of.

    What is at stake follows from scans, and other flags may hold a part of it. So no amount closes
    the question by itself.
    """
    row = _one(visible(Flag).filter(pk=_id(rest), for_vendor=True, engagement__isnull=False))
    works = standing.works_of(row.evidence)
    alone = works[0] if len(works) == 1 and row.evidence.get("pieces", 1) == 1 else None
    return Subject(
        about=f"flag-{row.pk}",
        engagement=row.engagement,
        on=day_of(row.since_at_ms, row.engagement.vendor.zone),
        evidence={
            "kind": "flag",
            "flag": row.pk,
            "title": flag_list.title_of(row.code),
            "sentence": flag_list.sentence_of(row),
            "code": row.code,
            "stake_micros": row.stake_micros,
        },
        currency=row.currency,
        root_id=alone,
        flag_id=row.pk,
        stakes=dict.fromkeys(CHOICES),
    )


FINDERS: dict[str, Callable[[str, Visible], Subject]] = {
    "work": _work,
    "payment": _payment,
    "statement": _statement,
    "week": _week,
    "flag": _flag,
}
