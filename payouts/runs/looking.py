"""Reads the database into what the checks of a run look at: a fixed number of queries a run."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, Count, F, Max, Q, Sum, When

from ledger.models import Import, Payment, Transfer, WorkWeek
from ledger.moves import WITHHELD
from ledger.periods import day_of, ms_of
from payouts import weekly
from payouts.models import PayRun
from payouts.runs import checks, owed
from payouts.runs.checks import Check, Evidence, Gap, Held, Item, Sent
from workers.models import Engagement

LATELY = timedelta(days=14)  # a payment of the same amount within it may be the same one


def checked(run: PayRun, *, as_of: datetime) -> list[Check]:
    """Return the checks of a run, as things stand at `as_of`."""
    vendor = run.vendor
    names = _names(run)
    today = day_of(ms_of(as_of), vendor.zone)
    reported = Import.objects.filter(vendor=vendor, kind="payouts", state="done")
    return checks.of(
        Evidence(
            items=list(_items(run, names)),
            owed_now={
                names[one.engagement_id]: (one.digest, one.micros)
                for one in owed.to_accounts(
                    vendor=vendor, currency=run.currency, last_on=run.last_on
                )
            },
            gaps=list(_gaps(run, names, as_of)),
            held=list(_held(run, names)),
            sent=list(_sent(run, names, as_of)),
            known_until=reported.aggregate(last=Max("complete_until"))["last"],
            pays_elsewhere=reported.exists(),
            today=today,
            answers=run.answers,
        )
    )


def _names(run: PayRun) -> dict[int, str]:
    """Return what each of the vendor's accounts is called, by id."""
    accounts = Engagement.objects.filter(vendor=run.vendor).order_by("pk")
    return dict(accounts.values_list("pk", "account").iterator(10_000))


def _items(run: PayRun, names: dict[int, str]) -> Iterator[Item]:
    columns = run.items.order_by("pk").values_list(
        "engagement_id", "amount_micros", "left_out", "digest",
        "engagement__payee__method", "engagement__payee__address", "engagement__payee__currency",
    )  # fmt: skip
    for engagement_id, micros, left_out, digest, method, address, currency in columns.iterator():
        payee = (method, address) if method else None
        yield Item(
            names[engagement_id], micros, run.currency, left_out, digest, payee, currency or ""
        )


def _gaps(run: PayRun, names: dict[int, str], as_of: datetime) -> Iterator[Gap]:
    """Yield the weeks of the period below the floor, also those that only fees brought there."""
    rows = WorkWeek.objects.filter(vendor=run.vendor, currency=run.currency)
    weeks = weekly.within(rows, run.first_on, run.last_on)
    payments = weekly.payments_of([run.vendor], as_of)
    for week in weekly.judged(weeks, payments):
        name = names[week.engagement_id]
        if week.is_below:
            yield Gap(name, week.test.starts_on, week.missing_high_micros, after_fees=False)
        elif week.test.received_verdict == "fail" and not week.pending_micros:
            missing = week.floor_low_micros - (week.test.received_micros or 0)
            yield Gap(name, week.test.starts_on, max(missing, 0), after_fees=True)


def _held(run: PayRun, names: dict[int, str]) -> Iterator[Held]:
    """Yield the money that is held back at present, with the decision behind it."""
    rows = Transfer.objects.filter(engagement__vendor=run.vendor, currency=run.currency)
    held: Any = (
        rows.filter(Q(source=WITHHELD) | Q(target=WITHHELD))
        .values("engagement_id", "work_id")
        .annotate(
            micros=Sum(
                Case(When(target=WITHHELD, then=F("amount_micros")), default=-F("amount_micros"))
            ),
            reason=Max("reason", filter=Q(target=WITHHELD)),
            decided=Count("withholding"),
            ends_at_ms=Max("withholding__ends_at_ms"),
        )
        .filter(micros__gt=0)
        .values_list("engagement_id", "micros", "reason", "decided", "ends_at_ms")
    )
    for engagement_id, micros, reason, decided, ends_at_ms in held:
        ends_on = None if ends_at_ms is None else day_of(ends_at_ms, run.vendor.zone)
        yield Held(names[engagement_id], int(micros), reason or "", decided > 0, ends_on)


def _sent(run: PayRun, names: dict[int, str], as_of: datetime) -> Iterator[Sent]:
    since = ms_of(as_of - LATELY)
    rows = Payment.objects.filter(
        engagement__vendor=run.vendor,
        currency=run.currency,
        sent_at_ms__gte=since,
        void=False,
        corrected_by=None,
        engagement__in=run.items.values("engagement"),
    )
    columns = rows.values_list("engagement_id", "amount_micros", "reference", "sent_at_ms")
    for engagement_id, micros, reference, sent_at_ms in columns:
        sent_on = day_of(sent_at_ms, run.vendor.zone)
        yield Sent(names[engagement_id], micros, reference, sent_on)
