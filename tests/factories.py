"""Rows for tests, written straight into the tables, with what does not matter filled in.

The facts that come out satisfy every constraint and trigger, but no tree stands behind them: tests
of the ledger itself post through `journal`.
"""

import hashlib
import itertools
from datetime import UTC, date, datetime

from ledger.models import (
    Batch,
    Closing,
    Course,
    Deactivation,
    Import,
    Payment,
    Promise,
    RateFile,
    ReferenceRate,
    Remark,
    Transfer,
    WageFloor,
    Withholding,
    Work,
    WorkWeek,
)
from ledger.periods import ms_of
from payouts.disputes.standing import ANSWER_WITHIN
from payouts.evidence import log
from payouts.models import (
    Dispute,
    Draft,
    Flag,
    Message,
    Scan,
    Statement,
)
from workers.models import AuditGrant, Engagement, Link, Membership, User, Vendor, Worker

AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
LATER = datetime(2100, 1, 1, tzinfo=UTC)
HOUR_MS = 3_600_000
PASSWORD = "seven green kettles"
numbers = itertools.count(1)


def vendor(name="Aster Labelling", **given):
    slug = name.lower().replace(" ", "-")
    return Vendor.objects.create(**{"name": name, "slug": slug, "created_at": AT, **given})


def user(name=None, **given):
    made = User(username=name or f"user-{next(numbers)}", **given)
    made.set_password(PASSWORD)
    made.save()
    return made


def staff(of, name=None):
    member = user(name)
    Membership.objects.create(vendor=of, user=member)
    return member


def engagement(of, account=None, **given):
    account = account or f"ACC{next(numbers):05}"
    return Engagement.objects.create(
        **{"vendor": of, "source": "mturk", "account": account, **given}
    )


def worker(*engagements, name=None, ended_at=None):
    """Return a user who claimed these accounts, and took them back where `ended_at` is given."""
    person = user(name)
    row = Worker.objects.create(user=person, pseudonym=person.username)
    for one in engagements:
        Link.objects.create(engagement=one, worker=row, began_at=AT, ended_at=ended_at)
    return person


def auditor(*vendors, first_on=date(2026, 10, 1), last_on=date(2026, 10, 31), **given):
    """Return a user with a grant on these vendors for October 2026."""
    reader = user(given.pop("name", None))
    values = {"expires_at": LATER, "purpose": "yearly audit", **given}
    grant = AuditGrant.objects.create(auditor=reader, first_on=first_on, last_on=last_on, **values)
    grant.vendors.set(vendors)
    return reader


def imported(of, **given):
    values = {
        "kind": "work",
        "format": "mturk",
        "name": f"batch-{next(numbers)}.csv",
        "sha256": hashlib.sha256(str(next(numbers)).encode()).hexdigest(),
        "size": 1000,
        "as_of": AT,
        "state": "done",
        "counts": {"new": 1},
        "totals": {"USD": 5_000_000},
        "created_at": AT,
    }
    return Import.objects.create(vendor=of, **{**values, **given})


def remark(on, **given):
    values = {
        "kind": "reject",
        "line": next(numbers),
        "column": "Reward",
        "value": "abc",
        "rule": "an amount has digits",
        "mend": "Write it like 0.25.",
        "cells": {"AssignmentId": "A1", "Reward": "abc"},
    }
    return Remark.objects.create(imported=on, **{**values, **given})


def batch(of, **given):
    values = {
        "kind": "work",
        "recorded_at": AT,
        "leaves": 1,
        "totals": {},
        "merkle_root": bytes(32),
        "keys": b"",
        "chunk": next(numbers),
    }
    return Batch.objects.create(vendor=of, **{**values, **given})


def work(of, *, pk=None, ended_at=datetime(2026, 10, 14, 12, tzinfo=UTC), **given):
    """Return an hour of work at this account, that promises 5 USD."""
    pk = pk or 1_000_000 + next(numbers)
    ended_at_ms = ms_of(ended_at)
    values = {
        "batch": None,
        "position": 0,
        "n": next(numbers),
        "revision": 1,
        "void": False,
        "external_id": f"W{next(numbers):06}",
        "project": "boats",
        "task_type": "Draw boxes",
        "kind": "task",
        "ended_as": "submitted",
        "started_at_ms": ended_at_ms - HOUR_MS,
        "ended_at_ms": ended_at_ms,
        "wall_ms": HOUR_MS,
        "promised_micros": 5_000_000,
        "currency": "USD",
        "said_at_ms": ms_of(AT),
        "root_id": pk,
    }
    values = {**values, **given}
    values["batch"] = values["batch"] or batch(of.vendor)
    return Work.objects.create(pk=pk, engagement=of, **values)


def transfer(of, *, move="submit", source="vendor", target="pending", **given):
    """Return a transfer that hands in `of`, a piece of work; or moves its money on."""
    values = {
        "batch": of.batch,
        "position": of.position,
        "n": next(numbers),
        "currency": of.currency,
        "amount_micros": of.promised_micros,
        "happened_at_ms": of.ended_at_ms,
    }
    return Transfer.objects.create(
        engagement=of.engagement,
        work=of,
        move=move,
        source=source,
        target=target,
        **{**values, **given},
    )


def payment(of, **given):
    values = {
        "batch": batch(of.vendor, kind="payouts"),
        "position": 0,
        "n": next(numbers),
        "revision": 1,
        "void": False,
        "reference": f"PAY{next(numbers):05}",
        "currency": "USD",
        "amount_micros": 5_000_000,
        "sent_at_ms": ms_of(AT),
        "lists": [],
    }
    return Payment.objects.create(engagement=of, **{**values, **given})


def floor(**given):
    values = {
        "hourly_micros": 15_000_000,
        "currency": "USD",
        "kinds": ["task"],
        "merge_gap_ms": 0,
        "from_on": date(2010, 1, 4),
        "decided_by": "council",
        "reason": "a living wage",
        "recorded_at": AT,
    }
    return WageFloor.objects.create(**{**values, **given})


def reference_rate(currency, base, rate, quoted_on, *, recorded_at=AT, source="a-bank"):
    """Record what one unit of `base` was in `currency` on a day, in a file of its own."""
    number = next(numbers)
    file = RateFile.objects.create(
        name=f"rates-{number}.csv",
        sha256=hashlib.sha256(str(number).encode()).hexdigest(),
        format="canonical",
        counts={"new": 1, "known": 0, "conflicts": 0},
        recorded_at=recorded_at,
    )
    return ReferenceRate.objects.create(
        file=file,
        currency=currency,
        base=base,
        quoted_on=quoted_on,
        nanos=round(rate * 10**9),
        source=source,
    )


def week(of, *, starts_on=date(2026, 10, 12), hours=1, earned_micros=5_000_000, **given):
    spans = {f"{name}_{end}_ms": hours * HOUR_MS for name in "abc" for end in ("low", "high")}
    money = {"pending_micros": 0, "refused_micros": 0, "received_micros": 0}
    return WorkWeek.objects.create(
        vendor=of.vendor,
        engagement=of,
        starts_on=starts_on,
        measured_ms=0,
        earned_micros=earned_micros,
        **{"untimed": 0, "unpriced": 0, "pieces": 1, "currency": "USD", **spans, **money, **given},
    )


def flag(of, *, since_at=datetime(2026, 10, 14, 12, tzinfo=UTC), **given):
    """Return a flag on late pay at this account."""
    scan = Scan.objects.create(vendor=of.vendor, as_of=AT, started_at=AT)
    values = {
        "code": "W01",
        "version": 1,
        "subject": f"account {of.account}",
        "stake_micros": 5_000_000,
        "currency": "USD",
        "evidence": {"account": of.account},
        "first_seen_at": AT,
        "last_seen_at": AT,
        "last_scan": scan,
        "since_at_ms": ms_of(since_at),
    }
    if "resolved_at" not in given:
        values |= {"state": "asked", "answer_due_at": AT + ANSWER_WITHIN, "changed_at": AT}
    return Flag.objects.create(vendor=of.vendor, **{"engagement": of, **values, **given})


def statement(of, *, data="{}", last_on=date(2026, 10, 31), **given):
    serial = next(numbers)
    values = {
        "year": last_on.year,
        "serial": serial,
        "number": f"{of.vendor.slug}-{last_on.year}-{serial:05}",
        "currency": "USD",
        "period": f"{last_on:%Y-%m}",
        "first_on": last_on.replace(day=1),
        "last_on": last_on,
        "n_from": 1,
        "n_to": 1,
        "data": data,
        "sha256": hashlib.sha256(data.encode()).hexdigest(),
        "issued_at": AT,
    }
    return Statement.objects.create(vendor=of.vendor, engagement=of, **{**values, **given})


def withholding(of, **given):
    """Return a hold of this account's money until a month later."""
    values = {
        "move": "hold",
        "code": "quality_review",
        "text": "a second look at this work",
        "decided_by": "pay desk",
        "notice_at_ms": ms_of(AT),
        "decided_at_ms": ms_of(AT),
        "ends_at_ms": ms_of(AT) + 30 * 24 * HOUR_MS,
        "recorded_at": AT,
    }
    return Withholding.objects.create(engagement=of, **{**values, **given})


def terms_of(of):
    """Return one row each of the terms about an account or its vendor's projects."""
    agreed = {"vendor": of.vendor, "project": "boats", "recorded_at": AT}
    said = {"text": "no more boats", "decided_by": "board", "from_at_ms": 1, "settle_by_at_ms": 2}
    return [
        withholding(of),
        Closing.objects.create(**agreed, **said),
        Deactivation.objects.create(
            engagement=of, code="inactive", told_at_ms=0, recorded_at=AT, **said
        ),
        Promise.objects.create(
            name="hundred boats", text="100 boats: 5 USD", pieces_at_least=100, counting="approved",
            first_on=date(2026, 10, 1), last_on=date(2026, 10, 31), due_on=date(2026, 11, 15),
            amount_micros=5_000_000, currency="USD", **agreed,
        ),
        Course.objects.create(
            name="boats", version=1, kind="instructions", words=2380, required=True,
            from_on=date(2026, 10, 1), **agreed,
        ),
    ]  # fmt: skip


def person_of(account):
    """Return the worker who holds an account."""
    return Worker.objects.get(links__engagement=account, links__ended_at=None)


def entry(of, *, ended_at=datetime(2026, 10, 14, 12, tzinfo=UTC), at=AT, **given):
    """Return an hour that the holder of this account wrote down."""
    ended_at_ms = ms_of(ended_at)
    said = log.Said(**{"started_at_ms": ended_at_ms - HOUR_MS, "ended_at_ms": ended_at_ms, **given})
    return log.by_hand(worker=person_of(of), engagement=of, said=said, at=at)


def draft(of, **given):
    values = {"choice": "not_paid", "changed_at": AT, **given}
    return Draft.objects.create(worker=person_of(of), engagement=of, **values)


def dispute(of, **given):
    """Return a question of the holder of this account that was escalated, with its words."""
    values = {
        "worker": person_of(of),
        "about": "other",
        "about_on": date(2026, 10, 14),
        "choice": "other",
        "currency": "USD",
        "evidence": {"kind": "other"},
        "asked_at": AT,
        "answer_due_at": AT + ANSWER_WITHIN,
        "escalated_at": AT,
        **given,
    }
    row = Dispute.objects.create(vendor=of.vendor, engagement=of, **values)
    Message.objects.create(
        dispute=row, position=1, role="worker", said="asked", words="why?", said_at=row.asked_at
    )
    return row
