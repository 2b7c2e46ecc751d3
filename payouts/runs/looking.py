"""Reads the database into what the checks of a run look at: a fixed number of queries a run."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Count, Max, Q
from django.db.models.functions import Coalesce

from ledger import owed
from ledger.balances import balance
from ledger.models import Import, Payment, Transfer, WorkWeek
from ledger.moves import FEES, IN_TRANSIT, RECEIVED, WITHHELD
from ledger.owed import Owed
from ledger.periods import day_of, ms_of
from payouts import weekly
from payouts.leaving import fees, record
from payouts.models import PayRun
from payouts.runs import checks, converting, losing
from payouts.runs.checks import Check, Evidence, Gap, Held, Item, Sent
from payouts.runs.converting import Payout
from workers.models import Engagement

LATELY = timedelta(days=14)  # a payment of the same amount within it may be the same one


class Looked(NamedTuple):
    """What a run looks like now: its checks, and by account what is owed and paid out for it.

    payouts: of those paid in another currency; None for an account without a reference rate.
    """

    checks: list[Check]
    debts: dict[int, Owed]
    payouts: dict[int, Payout | None]


def checked(run: PayRun, *, as_of: datetime) -> list[Check]:
    """Return the checks of a run, as things stand at `as_of`."""
    return looked(run, as_of=as_of).checks


def looked(run: PayRun, *, as_of: datetime) -> Looked:
    """Return what a run looks like, as things stand at `as_of`."""
    vendor = run.vendor
    names, ways = _names(run), converting.ways_of(vendor)
    today = day_of(ms_of(as_of), vendor.zone)
    debts = list(owed.to_accounts(vendor=vendor, currency=run.currency, last_on=run.last_on))
    payouts = converting.of(debts, ways, on=today, zone=vendor.zone)
    known_fees = fees.in_force(vendor, today)
    items = list(_items(run, names, payouts))
    paid = {item.account_id for item in items if not item.left_out}
    losses = losing.by_week(
        [one for one in debts if one.engagement_id in paid],
        payouts, ways, known_fees, vendor.zone,
    )  # fmt: skip
    reported = Import.objects.filter(vendor=vendor, kind="payouts", state="done")
    evidence = Evidence(
        items=items,
        owed_now={names[one.engagement_id]: (one.digest, one.micros) for one in debts},
        gaps=list(_gaps(run, names, as_of, losses)),
        held=list(_held(run, names)),
        sent=list(_sent(run, names, as_of)),
        known_until=record.known(vendor).until,
        pays_elsewhere=reported.exists(),
        known_fees=known_fees.keys(),
        today=today,
        answers=run.answers,
    )
    return Looked(checks.of(evidence), {one.engagement_id: one for one in debts}, payouts)


def _names(run: PayRun) -> dict[int, str]:
    """Return what each of the vendor's accounts is called, by id."""
    accounts = Engagement.objects.filter(vendor=run.vendor).order_by("pk")
    return dict(accounts.values_list("pk", "account").iterator(10_000))


def _items(run: PayRun, names: dict[int, str], payouts: dict[int, Payout | None]) -> Iterator[Item]:
    columns = run.items.order_by("pk").values_list(
        "engagement_id", "amount_micros", "left_out", "digest",
        "engagement__payee__method", "engagement__payee__address", "engagement__payee__currency",
    )  # fmt: skip
    for engagement_id, micros, left_out, digest, method, address, currency in columns.iterator():
        payee = (method, address) if method else None
        has_rate = engagement_id not in payouts or payouts[engagement_id] is not None
        yield Item(
            names[engagement_id], micros, run.currency, left_out, digest, payee, currency or "",
            has_rate, engagement_id,
        )  # fmt: skip


def _gaps(
    run: PayRun, names: dict[int, str], as_of: datetime, losses: dict[tuple[int, date], int]
) -> Iterator[Gap]:
    """Yield the weeks of the period below the floor, also those that only fees bring there.

    losses: what each week will lose to the fees of this run: also weeks of other periods, where
    this run pays some of them.
    """
    rows = WorkWeek.objects.filter(vendor=run.vendor, currency=run.currency)
    first, last = weekly.mondays(run.first_on, run.last_on)
    of_period = Q(starts_on__range=(first, last))
    paid = Q(engagement__in={pk for pk, _ in losses}, starts_on__in={on for _, on in losses})
    payments = weekly.payments_of([run.vendor], as_of)
    for week in weekly.judged(rows.filter(of_period | paid), payments):
        name, starts_on = names[week.engagement_id], week.test.starts_on
        is_of_period = first <= starts_on <= last
        if not is_of_period and (week.engagement_id, starts_on) not in losses:
            continue
        if week.is_below:
            if is_of_period:
                yield Gap(name, starts_on, week.missing_high_micros, after_fees=False)
            continue
        if week.pending_micros or week.test.earned_micros is None:
            continue
        reached = week.test.earned_micros - losses.get((week.engagement_id, starts_on), 0)
        if week.test.received_verdict == "fail":
            reached = min(reached, week.test.received_micros or 0)
        missing = week.floor_low_micros - reached
        if missing > 0:
            yield Gap(name, starts_on, missing, after_fees=True)


def _held(run: PayRun, names: dict[int, str]) -> Iterator[Held]:
    """Yield the money that is held back at present, with the decision behind it."""
    rows = Transfer.objects.filter(engagement__vendor=run.vendor, currency=run.currency)
    held: Any = (
        rows.filter(Q(source=WITHHELD) | Q(target=WITHHELD))
        .values("engagement_id", "work_id")
        .annotate(
            micros=balance(WITHHELD),
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
    """Yield what was sent to these accounts lately, but for what has come back."""
    there = [Coalesce(balance(at, "transfers__"), 0) for at in (IN_TRANSIT, RECEIVED, FEES)]
    since = ms_of(as_of - LATELY)
    rows = Payment.objects.filter(
        engagement__vendor=run.vendor,
        currency=run.currency,
        sent_at_ms__gte=since,
        void=False,
        corrected_by=None,
        engagement__in=run.items.values("engagement"),
    )
    rows = rows.annotate(there=sum(there[1:], there[0])).filter(there__gt=0)
    columns = rows.values_list("engagement_id", "amount_micros", "reference", "sent_at_ms")
    for engagement_id, micros, reference, sent_at_ms in columns:
        sent_on = day_of(sent_at_ms, run.vendor.zone)
        yield Sent(names[engagement_id], micros, reference, sent_on)
