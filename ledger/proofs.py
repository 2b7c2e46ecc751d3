"""Checks what a batch committed to against the facts that are stored: anything changed shows.

The raw lines of a file are not kept, so the hash of each is taken as it is stored; the rest of
every leaf is computed from the facts alone.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from django.db.models import Model

from ledger import commitments, journal
from ledger.drafts import Draft, Row, money_form, who_form
from ledger.facts import Account, PaymentFact, TransferFact, WorkFact
from ledger.log import merkle
from ledger.models import Batch, Leaf, Payment, Transfer, Work
from workers.models import Engagement


def recheck(batch: Batch) -> list[str]:
    """Return what of a batch is not as it was committed to, in words; nothing where all is well."""
    wrong, hashes = [], []
    rows = _rows(batch)
    leaves = list(Leaf.objects.filter(batch=batch).order_by("position"))
    salts = commitments.Salts(batch.uuid.bytes)
    if [leaf.position for leaf in leaves] != list(range(batch.leaves)):
        wrong.append(f"{len(leaves)} leaves, not {batch.leaves} one after the other")
    for leaf in leaves:
        who, money = bytes(leaf.who), bytes(leaf.money)
        hashes.append(merkle.leaf_hash(who + money))
        row = rows.pop(leaf.position, None)
        if row is None:
            wrong.append(f"leaf {leaf.position}: it has no facts")
        elif (who, money) != _committed(batch, leaf, row, salts):
            wrong.append(f"leaf {leaf.position}: its facts are not those it committed to")
    wrong += [f"facts at position {position}, which has no leaf" for position in sorted(rows)]
    if merkle.root(hashes) != bytes(batch.merkle_root):
        wrong.append("the root is not that of its leaves")
    if _totals(batch) != batch.totals:
        wrong.append(f"its transfers do not add up to its control totals {batch.totals}")
    return wrong


def _committed(batch: Batch, leaf: Leaf, row: Row, salts: commitments.Salts) -> tuple[bytes, bytes]:
    row.line = leaf.line
    keys, position = row.account, leaf.position
    who = who_form(batch.uuid.hex, position, row, bytes(leaf.line_hash))
    money = money_form(batch.uuid.hex, position, row)
    return (
        commitments.commit(salts.of(keys.who_key, position), who),
        commitments.commit(salts.of(keys.money_key, position), money),
    )


def _rows(batch: Batch) -> dict[int, Row]:
    """Return the facts of a batch as the rows that posted them, by position."""
    transfers = list(
        Transfer.objects.filter(batch=batch)
        .order_by("n")
        .select_related("work", "payment", "reverses", "withholding")
    )
    works = list(Work.objects.filter(batch=batch).order_by("n"))
    payments = list(Payment.objects.filter(batch=batch).order_by("n"))
    facts: list[Any] = [*transfers, *works, *payments]
    people = Engagement.objects.filter(pk__in={fact.engagement_id for fact in facts})
    accounts = journal.accounts(people)
    draft = Draft(batch.vendor, batch.uuid)
    rows: dict[int, Row] = {}

    def row_of(fact: Any) -> Row:
        if fact.position not in rows:
            account: Account = accounts[fact.engagement_id]
            rows[fact.position] = Row(draft, account, 0, b"")
        return rows[fact.position]

    for work in works:
        row_of(work).works.append(WorkFact(*_values(work, WorkFact._fields)))
    for payment in payments:
        fact = PaymentFact(*_values(payment, PaymentFact._fields))
        row_of(payment).payments.append(fact._replace(lists=json.dumps(payment.lists)))
    for transfer in transfers:
        row = row_of(transfer)
        row.transfers.append(TransferFact(*_values(transfer, TransferFact._fields)))
        if transfer.withholding is not None:
            draft.decisions[row.account.id, transfer.n] = transfer.withholding.said()
        named = (transfer.work, transfer.payment, transfer.reverses)
        row.links.append(tuple(one.n if one else None for one in named))  # type: ignore[arg-type]
    return rows


def _values(fact: Model, names: tuple[str, ...]) -> Iterator[Any]:
    return (getattr(fact, name) for name in names)


def _totals(batch: Batch) -> dict[str, dict[str, int]]:
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    for currency, move, micros in Transfer.objects.filter(batch=batch).values_list(
        "currency", "move", "amount_micros"
    ):
        sums[currency][move] += micros
    return {currency: dict(sorted(moves.items())) for currency, moves in sorted(sums.items())}
