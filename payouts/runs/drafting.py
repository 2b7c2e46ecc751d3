"""Drafts a pay run: what is owed to everybody, who is left out and why; and takes a draft back."""

import re
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Count, Max, Q, Sum
from django.utils.translation import gettext as _

from ledger import journal, owed
from ledger.grounds import Disagreed
from ledger.owed import Owed
from ledger.periods import Period, day_of, ms_of
from payouts.models import PayItem, PayRun
from payouts.runs import checks, converting
from payouts.statements import words
from workers.models import User, Vendor

REASON_LENGTH = 300
NOT_IN_A_REFERENCE = re.compile(r"[^A-Z0-9]+")


class Sums(NamedTuple):
    """What a run pays, and what it leaves out. Micros of its currency."""

    payments: int
    micros: int
    left_out: int
    left_out_micros: int


def sums(run: PayRun) -> Sums:
    """Return a run's sums. One query."""
    paid, out = Q(left_out=""), ~Q(left_out="")
    found = run.items.aggregate(
        count=Count("pk", filter=paid),
        micros=Sum("amount_micros", filter=paid, default=0),
        count_out=Count("pk", filter=out),
        micros_out=Sum("amount_micros", filter=out, default=0),
    )
    return Sums(*(int(value) for value in found.values()))


@transaction.atomic
def draft(
    *, vendor: Vendor, period: Period, currency: str = "", by: User | None, at: datetime
) -> PayRun:
    """Draft the payment of all that is owed for work that ended by the end of the period.

    period: a month that has begun. currency: the vendor's own if it is not given. Nothing is
    posted. Raises Disagreed where nothing is owed, or a run of this currency is still under way.
    """
    journal.lock(vendor)
    currency = currency or vendor.currency
    if period.first_on > day_of(ms_of(at), vendor.zone):
        rule = _("this month has not begun")
        raise Disagreed(period.label, rule, _("Choose an earlier one."), about="period")
    under_way = PayRun.objects.filter(vendor=vendor, state__in=["draft", "approved"])
    if (open_run := under_way.filter(currency=currency).first()) is not None:
        raise Disagreed(
            _standing(open_run),
            _("one run in %(currency)s is made at a time, so that nothing is paid twice")
            % {"currency": currency},
            _("Approve it or cancel it first."),
            about="currency",
        )
    to_pay = list(owed.to_accounts(vendor=vendor, currency=currency, last_on=period.last_on))
    if not to_pay:
        raise Disagreed(
            f"0.00 {currency}",
            _("nothing is owed for work that ended by %(day)s")
            % {"day": words.day(period.last_on)},
            _("Bring in the decisions on the work, or choose a later month."),
            about="period",
        )
    run = PayRun.objects.create(
        vendor=vendor,
        number=_next_number(vendor),
        currency=currency,
        first_on=period.first_on,
        last_on=period.last_on,
        drafted_by=by,
        drafted_at=at,
    )
    ways = converting.ways_of(vendor)
    PayItem.objects.bulk_create(
        [
            _item(run, place, one, ways.get(one.engagement_id, ("", currency))[1])
            for place, one in enumerate(to_pay, 1)
        ],
        batch_size=500,
    )
    return run


def leave_out(*, run: PayRun, item: PayItem, reason: str) -> None:
    """Leave an account out of a draft, for a written reason; an empty one puts it back.

    What it is owed stays owed. Raises Disagreed once the run is approved.
    """
    require_draft(run)
    item.left_out = " ".join(reason.split())[:REASON_LENGTH]
    item.save(update_fields=["left_out"])


def answer(*, run: PayRun, code: str, reason: str) -> None:
    """Write down why a run may go although a check found something; an empty reason takes it back.

    Raises Disagreed for a check that must hold, and once the run is approved.
    """
    require_draft(run)
    title, must_hold = checks.TITLES.get(code, ("", True))
    if must_hold:
        raise Disagreed(
            str(title) or code,
            _("this cannot be answered away"),
            _("Mend it, or leave the accounts out of the run and say why."),
        )
    said = " ".join(reason.split())[:REASON_LENGTH]
    run.answers = {**run.answers, code: said} if said else _without(run.answers, code)
    run.save(update_fields=["answers"])


def cancel(*, run: PayRun) -> None:
    """Take a draft back. Raises Disagreed for a run that was approved."""
    if not PayRun.objects.filter(pk=run.pk, state="draft").update(state="cancelled"):
        require_draft(run)


def require_draft(run: PayRun) -> None:
    """Raise Disagreed for a run that is no draft any more."""
    run.refresh_from_db(fields=["state"])
    if run.state != "draft":
        raise Disagreed(
            _standing(run),
            _("only a draft can be changed"),
            _("What was approved is paid; make a new run for what is still owed."),
        )


def _standing(run: PayRun) -> str:
    """Return in words where a run is."""
    said = {
        "draft": _("run %(number)s is a draft"),
        "approved": _("run %(number)s is approved"),
        "sent": _("run %(number)s is sent"),
        "cancelled": _("run %(number)s is cancelled"),
    }[run.state]
    return said % {"number": run.number}


def _next_number(vendor: Vendor) -> int:
    return (PayRun.objects.filter(vendor=vendor).aggregate(last=Max("number"))["last"] or 0) + 1


def _item(run: PayRun, place: int, one: Owed, paid_in: str) -> PayItem:
    name = NOT_IN_A_REFERENCE.sub("", run.vendor.slug.upper())[:12]
    return PayItem(
        run=run,
        engagement_id=one.engagement_id,
        reference=f"{name}-R{run.number}-{place:06}",
        owed_micros=one.micros,
        amount_micros=one.paid_in(paid_in),
        pieces=len(one.debts),
        digest=one.digest,
    )


def _without(answers: dict[str, Any], code: str) -> dict[str, Any]:
    return {key: said for key, said in answers.items() if key != code}
