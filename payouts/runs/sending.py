"""Lets a run go: a second person's approval, and the posting of its payments.

The posting is a job: a chunk of accounts is one batch, whose UUID follows from the run's and the
chunk's number, so that a chunk is never posted twice. What is posted is what was approved: an
account whose debts have changed since is left out, with that as the reason.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from ledger import jobs, journal, owed, payment_posting, weeks
from ledger.drafts import Draft
from ledger.facts import Account
from ledger.grounds import Disagreed
from ledger.models import Job
from ledger.owed import Owed
from ledger.periods import ms_of
from payouts.models import PayItem, PayRun
from payouts.runs import drafting, looking
from payouts.runs.looking import Looked
from workers.models import Engagement, Payee, User

KIND = "pay_run"
ITEMS = 500  # payments a step
KEPT = [
    "holder", "method", "address", "bic", "amount_micros", "payout_micros", "payout_currency",
    "payout_rates",
]  # fmt: skip
CHANGED = "What is owed changed between the approval and the payment: it is in the next run."


def approve(*, run: PayRun, by: User | None, at: datetime) -> Job:
    """Let a run go, and queue its posting. by: a second person, unless the vendor is only one.

    Raises Disagreed where a check does not hold, for the same person, and for a run that is no
    draft.
    """
    with transaction.atomic():
        journal.lock(run.vendor)
        drafting.require_draft(run)
        weeks.refresh(run.vendor)
        alone = _require_second_person(run, by)
        now = looking.looked(run, as_of=at)
        open_checks = [check for check in now.checks if not check.holds]
        if open_checks:
            first = open_checks[0]
            raise Disagreed(
                f"{first.title} ({first.count})",
                _("a run goes when all its checks hold"),
                _("Mend it, leave accounts out, or answer it where it may be answered."),
            )
        PayRun.objects.filter(pk=run.pk, state="draft").update(
            state="approved", approved_by=by, approved_at=at, one_person=alone
        )
        _keep_where_it_goes(run, now)
        return jobs.add(
            kind=KIND, key=f"{KIND}:{run.uuid}", vendor=run.vendor, params={"run": run.pk}, at=at
        )


def _require_second_person(run: PayRun, by: User | None) -> bool:
    """Return whether one person did both, where that is allowed; else raise Disagreed."""
    if by is not None and run.drafted_by_id is not None and by.pk != run.drafted_by_id:
        return False
    if run.vendor.one_person:
        return True
    raise Disagreed(
        by.username if by else _("nobody"),
        _("a run is approved by a second person, who did not draft it"),
        _("Let a colleague approve it; who has none says so with add_vendor --one-person."),
    )


def _keep_where_it_goes(run: PayRun, now: Looked) -> None:
    """Write down for each payment where it goes and what arrives: its files say so ever after."""
    payees = Payee.objects.filter(engagement__in=run.items.values("engagement"))
    by_account = {payee.engagement_id: payee for payee in payees}
    items = list(run.items.filter(left_out=""))
    for item in items:
        payee = by_account[item.engagement_id]
        item.holder, item.method = payee.holder, payee.method
        item.address, item.bic = payee.address, payee.bic
        item.amount_micros = now.debts[item.engagement_id].paid_in(payee.currency)
        payout = now.payouts.get(item.engagement_id)
        if payout is not None:
            item.payout_micros, item.payout_currency = payout.micros, payout.currency
            item.payout_rates = payout.as_json()
    PayItem.objects.bulk_update(items, KEPT, batch_size=500)


@jobs.kind(KIND)
def steps(job: Job) -> Iterator[jobs.Step]:
    """Yield the steps: chunks of payments, the weeks that they change, the end."""
    run = PayRun.objects.select_related("vendor", "approved_by").get(pk=job.params["run"])
    job.total = run.items.filter(left_out="").count()
    while not job.cursor.get("posted_all"):
        yield lambda: _post_chunk(job, run)
    yield from weeks.refresh_steps(job, run.vendor)
    yield lambda: _finish(job, run)


def _finish(job: Job, run: PayRun) -> dict[str, Any]:
    PayRun.objects.filter(pk=run.pk, state="approved").update(state="sent", sent_at=job.run_at)
    return job.cursor


def _post_chunk(job: Job, run: PayRun) -> dict[str, Any]:
    """Post the next payments in one batch; return the cursor behind them."""
    after, chunk = job.cursor.get("after", 0), job.cursor.get("chunk", 0)
    items = list(run.items.filter(left_out="", pk__gt=after).order_by("pk")[:ITEMS])
    if not items:
        return {**job.cursor, "posted_all": True}
    assert run.approved_at is not None
    with journal.batch(
        vendor=run.vendor, kind="run", at=job.run_at, by=run.approved_by,
        origin=run.uuid, chunk=chunk,
    ) as draft:  # fmt: skip
        _post(draft, run, items)
    job.done += len(items)
    return {**job.cursor, "after": items[-1].pk, "chunk": chunk + 1}


def _post(draft: Draft, run: PayRun, items: Sequence[PayItem]) -> None:
    owners = [item.engagement_id for item in items]
    accounts = journal.accounts(Engagement.objects.filter(pk__in=owners))
    draft.load_streams(owners)
    debts = {
        one.engagement_id: one
        for one in owed.to_accounts(
            vendor=run.vendor, currency=run.currency, last_on=run.last_on, accounts=owners
        )
    }
    changed = []
    paid: set[int] = set()
    for item in items:
        one = debts.get(item.engagement_id)
        if one is None or one.digest != item.digest:
            item.left_out = CHANGED
            changed.append(item)
            continue
        _pay(draft, accounts[item.engagement_id], run, item, one)
        paid |= {debt.work.id for debt in one.debts}
    payment_posting.touch_work(draft, paid)
    PayItem.objects.bulk_update(changed, ["left_out"])


def _pay(draft: Draft, account: Account, run: PayRun, item: PayItem, one: Owed) -> None:
    """Post one payment: up to the coin on the last debt, then each debt of the account."""
    assert run.approved_at is not None
    at_ms = ms_of(run.approved_at)
    row = draft.row(account, line=0, raw=b"")
    payment = row.payment(
        revision=1,
        corrects_id=None,
        void=False,
        reference=item.reference,
        currency=run.currency,
        amount_micros=item.amount_micros,
        sent_at_ms=at_ms,
        lists="[]",
    )
    last = one.debts[-1]
    to_the_coin = item.amount_micros - one.micros
    if to_the_coin:
        row.move(
            "round", to_the_coin, run.currency, work=last.work, payment=payment,
            happened_at_ms=at_ms, due_at_ms=last.due_at_ms,
        )  # fmt: skip
    for debt in one.debts:
        micros = debt.open_micros + (to_the_coin if debt is last else 0)
        row.move("pay", micros, run.currency, work=debt.work, payment=payment, happened_at_ms=at_ms)
