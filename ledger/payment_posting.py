"""Posts a chunk of a remittance record: what was sent, for which work, and what arrived of it."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Min, Q

from ledger import arrivals, exchanged, journal, state
from ledger.allocation import Debt, allocate
from ledger.arrivals import KnownPayment
from ledger.balances import balance
from ledger.bulk import Meanwhile
from ledger.drafts import Draft, Row
from ledger.facts import Account, Ref
from ledger.importers.rows import PaymentRow
from ledger.models import Import, Payment, Remark, Transfer
from ledger.moves import FEES, IN_TRANSIT, PAYABLE
from ledger.work_posting import Accounts, Tally, key_of


def post(
    *,
    imported: Import,
    chunk: int,
    rows: Sequence[PaymentRow],
    accounts: Accounts,
    at: datetime,
    meanwhile: Meanwhile | None = None,
) -> Tally:
    """Post one chunk of an import of remittances, in one transaction. meanwhile: see bulk.py."""
    tally = Tally()
    with journal.batch(
        vendor=imported.vendor,
        kind="payouts",
        at=at,
        by=imported.by,
        imported=imported,
        chunk=chunk,
        meanwhile=meanwhile,
    ) as draft:
        accounts.meet({(row.source, row.account): "" for row in rows})
        named = [(accounts.by_name[row.source, row.account], row) for row in rows]
        draft.load_streams([account.id for account, _ in named])
        known = _known_payments({(account.id, row.reference) for account, row in named})
        debts = open_debts({account.id for account, _ in named})
        paid: set[int] = set()
        arrived: list[tuple[int, PaymentRow]] = []
        for account, row in named:
            draft.keys += key_of(row.source, row.account, f"payment/{row.reference}")
            key = (account.id, row.reference)
            outcome = _post_row(draft, account, row, key, known, debts, paid)
            tally.counts[outcome] += 1
            if outcome in ("new", "changed"):
                arrived.append((known[key].ref.id, row))
            if outcome == "conflict":
                tally.conflicts.append(_conflict(imported, row, known[key]))
        touch_work(draft, paid)
        exchanged.keep(imported, arrived)
    return tally


def open_debts(engagement_ids: Iterable[int]) -> dict[tuple[int, str], dict[int, Debt]]:
    """Return what is owed, by (engagement, currency) and root work."""
    rows = (
        Transfer.objects.filter(engagement__in=list(engagement_ids), work__isnull=False)
        .filter(_touches(PAYABLE))
        .values("engagement_id", "currency", "work_id")
        .annotate(open=balance(PAYABLE), due=Min("due_at_ms"))
        .filter(open__gt=0)
        .values_list("engagement_id", "currency", "work_id", "work__n", "work__external_id",
                     "due", "open")
    )  # fmt: skip
    debts: dict[tuple[int, str], dict[int, Debt]] = defaultdict(dict)
    for engagement_id, currency, work_id, n, external_id, due, micros in rows:
        debts[engagement_id, currency][work_id] = Debt(Ref(work_id, n), external_id, due, micros)
    return debts


def touch_work(draft: Draft, root_ids: Iterable[int]) -> None:
    """Mark the weeks of these attempts, as their newest revisions say."""
    for engagement_id, start, end in state.newest_of(list(root_ids)).values_list(
        "engagement_id", "started_at_ms", "ended_at_ms"
    ):
        draft.touch(engagement_id, start, end)


def _post_row(
    draft: Draft,
    account: Account,
    said: PaymentRow,
    key: state.Key,
    known: dict[state.Key, KnownPayment],
    debts: dict[tuple[int, str], dict[int, Debt]],
    paid: set[int],
) -> str:
    there = known.get(key)
    if there is None or there.latest is None or there.latest.void:
        row = draft.row(account, line=said.line, raw=said.raw)
        known[key] = _send(row, said, there, debts[account.id, said.currency], paid)
        _arrive(row, said, known[key])
        return "new"
    if (there.latest.amount_micros, there.latest.currency) != (said.amount_micros, said.currency):
        return "conflict"
    if not exchanged.agrees(said, there.arrived, on_the_way=there.balances[IN_TRANSIT]):
        return "conflict"
    if said.arrived_at_ms is None or not _news(said, there):
        return "unchanged"
    row = draft.row(account, line=said.line, raw=said.raw)
    _arrive(row, said, there)
    paid |= arrivals.works_of([there.ref.id])
    return "changed"


def _send(
    row: Row,
    said: PaymentRow,
    there: KnownPayment | None,
    debts: dict[int, Debt],
    paid: set[int],
) -> KnownPayment:
    """Post a payment and what it pays; what is left over is paid ahead."""
    latest = there.latest if there else None
    ref = row.payment(
        revision=latest.revision + 1 if latest else 1,
        corrects_id=latest.pk if latest else None,
        void=False,
        reference=said.reference,
        currency=said.currency,
        amount_micros=said.amount_micros,
        sent_at_ms=said.sent_at_ms,
        lists=json.dumps(said.works),
    )
    shares, left = allocate(said.amount_micros, list(debts.values()), said.works)
    for work, micros in shares:
        row.move(
            "pay", micros, said.currency, work=work, payment=ref, happened_at_ms=said.sent_at_ms
        )
        debt = debts.pop(work.id)
        if debt.open_micros > micros:
            debts[work.id] = debt._replace(open_micros=debt.open_micros - micros)
        paid.add(work.id)
    if left:
        row.move("prepay", left, said.currency, payment=ref, happened_at_ms=said.sent_at_ms)
    sent = Payment(
        pk=ref.id,
        n=ref.n,
        revision=latest.revision + 1 if latest else 1,
        void=False,
        currency=said.currency,
        amount_micros=said.amount_micros,
    )
    return KnownPayment(sent, ref, Counter({IN_TRANSIT: said.amount_micros}))


def _news(said: PaymentRow, there: KnownPayment) -> bool:
    """Return whether the row tells of an arrival or a fee that is not known.

    What has come back since then has not arrived, whoever still says so.
    """
    if not there.on_its_way_or_there:
        return False
    return bool(there.balances[IN_TRANSIT]) or said.fee_micros > there.balances[FEES]


def _arrive(row: Row, said: PaymentRow, there: KnownPayment) -> None:
    """Post what arrived and what was lost on the way, once the source says that it arrived."""
    if said.arrived_at_ms is not None:
        there.arrived = there.arrived or said.exchanged
        arrivals.arrived(row, there, fee_micros=said.fee_micros, at_ms=said.arrived_at_ms)


def _known_payments(keys: set[state.Key]) -> dict[state.Key, KnownPayment]:
    references = {reference for _, reference in keys}
    newest = {
        (payment.engagement_id, payment.reference): payment
        for payment in Payment.objects.filter(
            engagement__in={pk for pk, _ in keys}, reference__in=references
        ).order_by("revision")
    }
    there = arrivals.known(newest.values())
    for payment_id, arrived in exchanged.known(there).items():
        there[payment_id].arrived = arrived.micros, arrived.currency
    return {key: there[payment.pk] for key, payment in newest.items()}


def _touches(account: str) -> Q:
    return Q(source=account) | Q(target=account)


def _conflict(imported: Import, row: PaymentRow, there: KnownPayment) -> Remark:
    latest = there.latest
    assert latest is not None
    if (latest.amount_micros, latest.currency) == (row.amount_micros, row.currency):
        return exchanged.conflict(imported, row, there.arrived)
    return Remark(
        imported=imported,
        kind="conflict",
        line=row.line,
        column="amount",
        value=f"{row.reference}: {row.amount_micros} micros {row.currency}",
        rule=f"a payment's amount stays; this one is known with {latest.amount_micros} micros "
        f"{latest.currency}",
        mend="Give another payment its own reference, or undo the earlier import if it was wrong.",
    )
