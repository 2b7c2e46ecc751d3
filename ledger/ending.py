"""Deactivates accounts and closes projects: what is owed is to be settled from then.

Source: ILO C095, 12 (2): a final settlement within a reasonable time; 14 days are our own figure
(DECISIONS.md D-122). EU 2024/2831, 11: the reason comes at the latest when it takes effect.
"""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from ledger.grounds import Disagreed, require_said
from ledger.models import Closing, Deactivation
from ledger.periods import ms_of
from workers.models import Engagement, User, Vendor

SETTLEMENT = timedelta(days=14)
SAYS = "an ending says what, why and who"


@transaction.atomic
def deactivate(
    *,
    engagement: Engagement,
    code: str,
    text: str,
    decided_by: str,
    told_at: datetime,
    from_at: datetime,
    by: User | None = None,
    at: datetime,
) -> Deactivation:
    """Deactivate an account; the worker keeps seeing all of it. Raises Disagreed."""
    require_said(SAYS, code=code, reason=text, decided_by=decided_by)
    if told_at > from_at:
        raise Disagreed(
            f"told on {told_at:%Y-%m-%d %H:%M}",
            f"the worker has the reason by the time it takes effect, {from_at:%Y-%m-%d %H:%M}",
            "Let it take effect later, or give the time at which the worker was told.",
        )
    there = active(engagement)
    if there is not None:
        raise Disagreed(
            engagement.account, "this account is deactivated already", "Lift that one first."
        )
    return _write(engagement, None, code, text, decided_by, told_at, from_at, by, at)


@transaction.atomic
def lift(
    *,
    engagement: Engagement,
    code: str,
    text: str,
    decided_by: str,
    by: User | None = None,
    at: datetime,
) -> Deactivation:
    """Take a deactivation back. Raises Disagreed where the account is not deactivated."""
    require_said(SAYS, code=code, reason=text, decided_by=decided_by)
    there = active(engagement)
    if there is None:
        raise Disagreed(engagement.account, "this account is not deactivated", "Nothing to lift.")
    return _write(engagement, there, code, text, decided_by, at, at, by, at)


def active(engagement: Engagement) -> Deactivation | None:
    """Return the deactivation that stands, if there is one."""
    return Deactivation.objects.filter(engagement=engagement, lifts=None, lifted_by=None).first()


def close(
    *,
    vendor: Vendor,
    project: str,
    text: str,
    decided_by: str,
    from_at: datetime,
    by: User | None = None,
    at: datetime,
) -> Closing:
    """Close a vendor's project, once. Raises Disagreed."""
    require_said(SAYS, project=project, reason=text, decided_by=decided_by)
    try:
        with transaction.atomic():
            return Closing.objects.create(
                vendor=vendor,
                project=project,
                from_at_ms=ms_of(from_at),
                settle_by_at_ms=ms_of(from_at + SETTLEMENT),
                text=text.strip(),
                decided_by=decided_by.strip(),
                recorded_at=at,
                recorded_by=by,
            )
    except IntegrityError as error:
        raise Disagreed(
            project, "this project is closed already", "What goes on under its name is a new one."
        ) from error


def _write(
    engagement: Engagement,
    lifts: Deactivation | None,
    code: str,
    text: str,
    decided_by: str,
    told_at: datetime,
    from_at: datetime,
    by: User | None,
    at: datetime,
) -> Deactivation:
    return Deactivation.objects.create(
        engagement=engagement,
        lifts=lifts,
        from_at_ms=ms_of(from_at),
        told_at_ms=ms_of(told_at),
        settle_by_at_ms=ms_of(from_at + SETTLEMENT),
        code=code.strip(),
        text=text.strip(),
        decided_by=decided_by.strip(),
        recorded_at=at,
        recorded_by=by,
    )
