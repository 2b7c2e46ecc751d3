"""Holds, deductions, lawful remittances and recoveries, and what releases them again.

Each is somebody's decision (models.Withholding) that its worker sees from the moment at which it
exists, and moves only what is owed by then. What an export takes back by itself is told apart from
it: ledger/standing.py leaves money alone that a decision withholds.
"""

import uuid
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction

from ledger import journal, owed, payment_posting, releasing, state, weeks
from ledger.allocation import Debt, Share, allocate
from ledger.drafts import Draft
from ledger.facts import Ref
from ledger.grounds import NAMES, Disagreed, Grounds, require
from ledger.models import Withholding
from ledger.money import Money
from ledger.periods import ms_of
from workers.models import Engagement, User

REASON_ROOM = 200  # what a transfer's reason can hold; the decision has all of it


@transaction.atomic
def withhold(
    move: str,
    *,
    engagement: Engagement,
    grounds: Grounds,
    works: Collection[str] = (),
    most: Money | None = None,
    by: User | None = None,
    at: datetime,
) -> Withholding:
    """Hold back, deduct or remit what is owed to an account; return the decision.

    move: hold (until grounds.ends_at), deduct or remit. works: external ids of the work whose money
    it is; empty: any. most: how much; None: all that is owed of these works. The oldest due first.
    Raises Disagreed where the worker would not be told enough, or so much is not owed.
    """
    require(move, grounds, at=at)
    _above_zero(most)
    if not works and most is None:
        raise Disagreed(
            f"{NAMES[move]} without works or amount",
            "a decision says of which work or how much it takes",
            "Give --work ID or --amount.",
        )
    with _decided(move, engagement, grounds, by, at) as (draft, row):
        currency, shares = _chosen(engagement, works, most)
        _post(draft, row, currency, shares, None)
    weeks.refresh(engagement.vendor)
    return row


@transaction.atomic
def recover(
    *,
    engagement: Engagement,
    reference: str,
    grounds: Grounds,
    works: Collection[str] = (),
    most: Money | None = None,
    by: User | None = None,
    at: datetime,
) -> Withholding:
    """Set off what a payment had overpaid against what is owed for other work; return the decision.

    reference: the payment's. most: how much; None: as much as was overpaid and is owed. Raises
    Disagreed, for more than that as well.
    """
    require("apply", grounds, at=at)
    _above_zero(most)
    with _decided("apply", engagement, grounds, by, at) as (draft, row):
        payment = _overpaid_by(engagement, reference)
        overpaid = Money(sum(payment.overpaid.values()), payment.currency)
        if most is not None and (
            most.currency != overpaid.currency or most.micros > overpaid.micros
        ):
            rule = f"payment {reference} overpaid {overpaid} that is not recovered yet"
            raise Disagreed(str(most), rule, "Recover no more than that.")
        debts = _owed(engagement, works, overpaid.currency)
        wanted = most or Money(
            min(overpaid.micros, sum(debt.open_micros for debt in debts)), overpaid.currency
        )
        _post(draft, row, wanted.currency, _shares(debts, wanted), payment.ref)
    weeks.refresh(engagement.vendor)
    return row


@transaction.atomic
def release(
    *, withholding: Withholding, reason: str, by: User | None = None, at: datetime
) -> Money | None:
    """Give back all that a hold or a deduction still withholds; None where that is nothing.

    What an export refused in the meantime stays withheld, for that reason. Raises Disagreed.
    """
    if not reason.strip():
        raise Disagreed("no reason", "a release says why", "Give --reason TEXT.")
    if withholding.move not in ("hold", "deduct"):
        raise Disagreed(
            f"{NAMES[withholding.move]} {withholding.uuid}",
            "only a hold or a deduction is released",
            "What was sent or set off comes back as a payment or an award.",
        )
    vendor = withholding.engagement.vendor
    with journal.batch(vendor=vendor, kind="release", at=at, by=by) as draft:
        giving = releasing.Giving(withholding, reason.strip()[:REASON_ROOM], ms_of(at))
        given = releasing.give_back(draft, [giving])
    weeks.refresh(vendor)
    return given.get(withholding.pk)


@contextmanager
def _decided(
    move: str, engagement: Engagement, grounds: Grounds, by: User | None, at: datetime
) -> Iterator[tuple[Draft, Withholding]]:
    """Open a batch with its decision written, so that what the batch posts can name it."""
    made = uuid.uuid4()
    vendor = engagement.vendor
    with journal.batch(vendor=vendor, kind=move, at=at, by=by, origin=made) as draft:
        yield (
            draft,
            Withholding.objects.create(
                uuid=made,
                engagement=engagement,
                move=move,
                code=grounds.code.strip(),
                text=grounds.text.strip(),
                legal_basis=grounds.legal_basis.strip(),
                evidence=grounds.evidence.strip(),
                appeal=grounds.appeal.strip(),
                notice_at_ms=ms_of(grounds.notice_at),
                decided_at_ms=ms_of(at),
                ends_at_ms=ms_of(grounds.ends_at) if move == "hold" and grounds.ends_at else None,
                decided_by=grounds.decided_by.strip(),
                recorded_at=at,
                recorded_by=by,
            ),
        )


def _post(
    draft: Draft, row: Withholding, currency: str, shares: list[Share], payment: Ref | None
) -> None:
    """Post what a decision takes, a leaf for each piece of work."""
    (account,) = journal.accounts([row.engagement]).values()
    for work, micros in shares:
        draft.row(account, line=0, raw=b"").move(
            row.move,
            micros,
            currency,
            work=work,
            payment=payment,
            happened_at_ms=row.decided_at_ms,
            reason=row.text[:REASON_ROOM],
            decision=row.as_fact(),
        )
    payment_posting.touch_work(draft, [work.id for work, _ in shares])


def _above_zero(most: Money | None) -> None:
    if most is not None and most.micros <= 0:
        raise Disagreed(str(most), "an amount is above 0", "Give how much, like 12.50.")


def _chosen(
    engagement: Engagement, works: Collection[str], most: Money | None
) -> tuple[str, list[Share]]:
    """Return the currency and what is taken of which work."""
    currencies = {pk_code[1] for pk_code in payment_posting.open_debts([engagement.pk])}
    if most is None and len(currencies) > 1:
        raise Disagreed(
            f"owed in {' and '.join(sorted(currencies))}", "a decision takes one currency",
            "Give --amount and --currency.",
        )  # fmt: skip
    currency = most.currency if most else next(iter(currencies), engagement.vendor.currency)
    debts = _owed(engagement, works, currency)
    wanted = most or Money(sum(debt.open_micros for debt in debts), currency)
    return currency, _shares(debts, wanted)


def _owed(engagement: Engagement, works: Collection[str], currency: str) -> list[Debt]:
    """Return the account's debts of this currency, of these works or all of it."""
    found = owed.to_accounts(vendor=engagement.vendor, currency=currency, accounts=[engagement.pk])
    debts = [debt for one in found for debt in one.debts]
    return [debt for debt in debts if not works or debt.external_id in works]


def _shares(debts: list[Debt], wanted: Money) -> list[Share]:
    """Return what is taken of which debt, the oldest due first. Raises Disagreed for too much."""
    there = Money(sum(debt.open_micros for debt in debts), wanted.currency)
    if wanted.micros <= 0 or wanted.micros > there.micros:
        raise Disagreed(
            str(wanted),
            f"{there} of this work is owed and not sent",
            "Only money that is owed can be withheld, and no more than that.",
        )
    shares, _ = allocate(wanted.micros, debts, [debt.external_id for debt in debts])
    return shares


def _overpaid_by(engagement: Engagement, reference: str) -> state.Ahead:
    """Return the payment of this reference, with what it overpaid. Raises Disagreed."""
    for one in state.paid_ahead([engagement.pk]).get(engagement.pk, []):
        if one.reference == reference and any(one.overpaid.values()):
            return one
    raise Disagreed(
        f"payment {reference}",
        "nothing of it is overpaid: recovery needs money that turned out not to be owed",
        "Money paid ahead meets new work by itself.",
    )
