"""Decides terms: the floor, pay terms, rates. What was agreed is added and never changed.

Terms begin when they are recorded or later, so that no old verdict changes. Only the first of a
kind may reach back, over history that is brought in after it happened.
"""

import re
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext

from ledger import week_marks, weeks
from ledger.agreed import ANSWER_DAYS
from ledger.floor import ASKED_FOR
from ledger.grounds import Disagreed, require_between
from ledger.models import PayTerms, Rate, WageFloor, WorkWeek
from ledger.money import Money
from workers.models import User, Vendor

NOTICE_DAYS = 7  # before a rate changes, where nothing else was agreed: chosen here
PAY_CYCLE = re.compile(r"weekly|biweekly|monthly|[1-9][0-9]? days")
FEE_BEARERS = ("vendor", "worker")
ON_CALL = ("none", "reachable", "all")
MOST_DAYS = 3_660  # of a term: ten years
MOST_GAP_MS = 3_600_000  # a pause of more than an hour is no pause of work
MERGE_GAP_MS = 60_000  # Hara et al. 2018: pauses up to a minute between two tasks are work


@transaction.atomic
def set_floor(
    *,
    hourly: Money,
    from_on: date,
    reason: str,
    decided_by: str,
    merge_gap_ms: int = MERGE_GAP_MS,
    by: User | None = None,
    at: datetime,
) -> WageFloor:
    """Decide the hourly floor for everybody, from the first Monday on or after `from_on`.

    Weeks from then on are computed again; none before it changes. Raises Disagreed.
    """
    if hourly.micros <= 0:
        raise Disagreed(str(hourly), "a floor is above zero", "Give an amount like 15.00.")
    if not reason.strip():
        raise Disagreed("no reason", "a floor says why it is so high", "Give --reason TEXT.")
    if not 0 <= merge_gap_ms <= MOST_GAP_MS:
        rule = f"pauses that count as work last 0 to {MOST_GAP_MS // 1000} seconds"
        raise Disagreed(f"{merge_gap_ms / 1000:g} seconds", rule, "Give --merge-gap-seconds N.")
    monday = from_on + timedelta(days=-from_on.weekday() % 7)
    if WageFloor.objects.exists():
        refuse_the_past(monday, at)
    there = WageFloor.objects.filter(from_on=monday).first()
    if there is not None:
        said = Money(there.hourly_micros, there.currency)
        raise Disagreed(
            f"from {monday}", f"a floor of {said} begins that day", "Choose a later Monday."
        )
    wage_floor = WageFloor.objects.create(
        hourly_micros=hourly.micros,
        currency=hourly.currency,
        kinds=sorted(ASKED_FOR),
        merge_gap_ms=merge_gap_ms,
        from_on=monday,
        decided_by=decided_by,
        reason=reason.strip(),
        recorded_at=at,
        recorded_by=by,
    )
    for vendor in Vendor.objects.all():
        later = WorkWeek.objects.filter(vendor=vendor, starts_on__gte=monday)
        week_marks.add_weeks(vendor, later.values_list("engagement_id", "starts_on").iterator())
        weeks.refresh(vendor)
    return wage_floor


def set_terms(
    *,
    vendor: Vendor,
    source: str = "",
    project: str = "",
    review_days: int,
    due_days: int,
    pays_on_approval: bool = False,
    lapses: bool = True,
    pay_cycle: str = "",
    threshold: Money | None = None,
    fee_bearer: str = "vendor",
    notice_days: int = NOTICE_DAYS,
    on_call: str = "reachable",
    answer_days: int = ANSWER_DAYS,
    from_on: date,
    by: User | None = None,
    at: datetime,
) -> PayTerms:
    """Agree when work must be decided and paid. Judges the work that is posted from now on.

    lapses: undecided work past its review is approved. pay_cycle: see PAY_CYCLE, "" for none.
    threshold: the least that is paid out. fee_bearer: vendor or worker. on_call: which waiting is
    work to be paid: none, reachable (an answer is expected), all. answer_days: in which a flag is
    answered; the other days are 0 to MOST_DAYS. Raises Disagreed.
    """
    days = {"review_days": review_days, "due_days": due_days, "notice_days": notice_days}
    require_between(0, MOST_DAYS, **days)
    _require_known(pay_cycle, threshold, fee_bearer, on_call, answer_days)
    if PayTerms.objects.filter(vendor=vendor, source=source, project=project).exists():
        refuse_the_past(from_on, at)
    return PayTerms.objects.create(
        vendor=vendor,
        source=source,
        project=project,
        review_days=review_days,
        due_days=due_days,
        pays_on_approval=pays_on_approval,
        lapses=lapses,
        pay_cycle=pay_cycle,
        threshold_micros=threshold.micros if threshold else 0,
        threshold_currency=threshold.currency if threshold else "",
        fee_bearer=fee_bearer,
        notice_days=notice_days,
        on_call=on_call,
        answer_days=answer_days,
        from_on=from_on,
        recorded_at=at,
        recorded_by=by,
    )


def set_rate(
    *,
    vendor: Vendor,
    project: str,
    task_type: str = "",
    per: str,
    amount: Money,
    from_on: date,
    by: User | None = None,
    at: datetime,
) -> Rate:
    """Agree the price of a kind of task, for exports that do not give one."""
    if amount.micros <= 0:
        raise Disagreed(str(amount), "a rate is above zero", "Give an amount like 0.15.")
    if Rate.objects.filter(vendor=vendor, project=project, task_type=task_type).exists():
        refuse_the_past(from_on, at)
    return Rate.objects.create(
        vendor=vendor,
        project=project,
        task_type=task_type,
        per=per,
        amount_micros=amount.micros,
        currency=amount.currency,
        from_on=from_on,
        recorded_at=at,
        recorded_by=by,
    )


def refuse_the_past(from_on: date, at: datetime) -> None:
    """Raise Disagreed where terms that are not the first of their kind would begin in the past."""
    if from_on < at.date():
        raise Disagreed(
            gettext("from %(day)s") % {"day": from_on},
            gettext(
                "terms begin on the day they are recorded (%(today)s) or later; only the first "
                "may reach back"
            )
            % {"today": at.date()},
            gettext(
                "Choose a later day: what was already worked stays under what was agreed then."
            ),
            about="from_on",
        )


def _require_known(
    pay_cycle: str, threshold: Money | None, fee_bearer: str, on_call: str, answer_days: int
) -> None:
    if pay_cycle and not PAY_CYCLE.fullmatch(pay_cycle):
        rule = "a pay cycle is weekly, biweekly, monthly or a number of days, like '10 days'"
        raise Disagreed(pay_cycle[:40], rule, "Write it so.")
    for value, known in ((fee_bearer, FEE_BEARERS), (on_call, ON_CALL)):
        if value not in known:
            raise Disagreed(value[:40], f"it is one of {', '.join(known)}", "Choose one.")
    if threshold is not None and threshold.micros <= 0:
        raise Disagreed(str(threshold), "a threshold is above zero", "Leave it out for none.")
    if not 1 <= answer_days <= ANSWER_DAYS:
        rule = f"a flag is answered within 1 to {ANSWER_DAYS} days"
        raise Disagreed(f"{answer_days} days", rule, "Terms may shorten the time, not lengthen it.")
