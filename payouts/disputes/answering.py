"""The other side of a question: the vendor answers in words or with money, an auditor decides.

Money moves by the rule book and no other way: what was refused is overturned, what is withheld is
released, what is more is awarded. The vendor's words alone close nothing: only the worker, an
auditor or money in full does.
"""

from collections.abc import Iterator
from datetime import datetime, time
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from ledger import jobs, journal, state, weeks
from ledger.agreed import QUESTION
from ledger.drafts import Draft, Row
from ledger.facts import Ref, award
from ledger.known import APPROVED, Known
from ledger.models import Batch, Job, Withholding, Work
from ledger.money import Money
from ledger.moves import PENDING, REFUSED, RULES, VENDOR, WITHHELD
from ledger.periods import ms_of, zone_of
from payouts.detectors import awarding
from payouts.disputes import asking, standing
from payouts.disputes.asking import NotSaid, hold, say
from payouts.disputes.standing import Owing, outcome
from payouts.models import Dispute
from payouts.reasons import reason_of
from workers.models import User

KIND = "dispute"
WEEKS = "weeks"


@transaction.atomic
def answer(*, dispute: Dispute, words: str, seen: int, by: User, at: datetime) -> Dispute:
    """Answer in words. The worker has the last one; until then the question stays open."""
    dispute = hold(dispute, seen)
    say(dispute, role="vendor", said="answered", words=asking.words_needed(words), by=by, at=at)
    return _answered(dispute, at)


@transaction.atomic
def pay(*, dispute: Dispute, micros: int, words: str, seen: int, by: User, at: datetime) -> Dispute:
    """Make `micros` owed to the worker, by ledger entries with the question as their reason.

    It is due at once. Closes the question where all that was asked for is paid; else the worker
    has the word. Raises asking.NotSaid where something was said meanwhile: nothing moves twice; and
    where work was not paid, for more than is not owed yet, or a part of what is in review.
    """
    journal.lock(dispute.vendor)
    dispute = hold(dispute, seen)
    known = _known(dispute) or Known()
    _refuse_twice(dispute, known, micros)
    with journal.batch(
        vendor=dispute.vendor, kind=KIND, at=at, by=by, origin=dispute.pk, chunk=seen
    ) as draft:
        _post(draft, dispute, known, micros, ms_of(at))
    jobs.add(kind=WEEKS, key=f"weeks:{draft.uuid}", vendor=dispute.vendor, params={}, at=at)
    say(
        dispute,
        role="vendor",
        said="paid",
        words=asking.words_of(words),
        micros=micros,
        batch=Batch.objects.get(uuid=draft.uuid),
        by=by,
        at=at,
    )
    dispute.paid_micros += micros
    dispute.save(update_fields=["paid_micros"])
    _answered(dispute, at)
    ended = outcome(dispute.paid_micros, dispute.stake_micros)
    return asking.close(dispute, outcome=ended, at=at) if ended else dispute


def owing(dispute: Dispute) -> Owing | None:
    """Return what is owed already for work that was not paid; None for other questions."""
    known = _known(dispute)
    return standing.owing(dispute.choice, known.balances, known.held) if known else None


def _refuse_twice(dispute: Dispute, known: Known, micros: int) -> None:
    there = standing.owing(dispute.choice, known.balances, known.held) if known.root else None
    if there is None:
        return
    if micros > there.not_yet:
        said = _(
            "%(already)s are owed for this work already; %(more)s more can become owed. What is "
            "owed is paid by a pay run; given here as well, it would be owed twice."
        )
        already, more = (Money(one, dispute.currency) for one in (there.already, there.not_yet))
        raise NotSaid(said % {"already": already, "more": more}, about="amount")
    in_review = known.balances[PENDING]
    if micros < in_review:
        said = _("%(money)s are in review: that is approved as a whole, or not at all.")
        raise NotSaid(said % {"money": Money(in_review, dispute.currency)}, about="amount")


@transaction.atomic
def decide(*, dispute: Dispute, words: str, seen: int, by: User, at: datetime) -> Dispute:
    """Close an escalated question with an auditor's written reason. Raises reasons.NoReason."""
    dispute = hold(dispute, seen)
    say(dispute, role="auditor", said="decided", words=reason_of(words), by=by, at=at)
    return asking.close(dispute, outcome="decided", at=at)


def escalate_overdue(*, at: datetime) -> int:
    """Show every question that nobody answered in time to the auditors; return how many.

    Each is one transaction and happens once, however often and by whomever this is called.
    """
    late = Dispute.objects.filter(
        closed_at=None, escalated_at=None, answered_at=None, answer_due_at__lt=at
    )
    return sum(
        _escalate(pk, at) for pk in late.order_by("answer_due_at").values_list("pk", flat=True)
    )


@transaction.atomic
def _escalate(pk: UUID, at: datetime) -> int:
    open_still = Dispute.objects.filter(
        pk=pk, closed_at=None, escalated_at=None, answered_at=None, answer_due_at__lt=at
    )
    if not open_still.update(escalated_at=at):
        return 0
    say(Dispute.objects.get(pk=pk), role="clock", said="escalated", at=at)
    return 1


@jobs.kind(WEEKS)
def steps(job: Job) -> Iterator[jobs.Step]:
    """Yield the steps that compute a vendor's marked weeks again."""
    yield from weeks.refresh_steps(job, job.vendor)


def _answered(dispute: Dispute, at: datetime) -> Dispute:
    dispute.answered_at = at
    dispute.save(update_fields=["answered_at"])
    return dispute


def _post(draft: Draft, dispute: Dispute, known: Known, micros: int, at_ms: int) -> None:
    """Draft the moves of one payment, all in one row."""
    account = journal.accounts([dispute.engagement])[dispute.engagement_id]
    row = draft.row(account, line=0, raw=b"")
    decisions = Withholding.objects.in_bulk(known.held)
    parts = standing.split(micros, known.balances, known.held, choice=dispute.choice)
    for move, part, withholding in parts:
        row.move(
            move,
            part,
            dispute.currency,
            work=_award(row, dispute, part, at_ms) if move == "award" else known.root,
            happened_at_ms=at_ms,
            due_at_ms=at_ms if RULES[move].due else None,
            reason=f"question {dispute.pk}",
            decision=decisions[withholding].as_fact() if withholding else None,
        )
    settled = [one for one in parts if one.move != "award" and not one.withholding]
    if settled:
        given_back = sum(one.micros for one in settled if one.move != "approve")
        _decide_anew(row, known, given_back, at_ms)


def _known(dispute: Dispute) -> Known | None:
    """Return what is known of the work in question, if it is about work with this currency."""
    if dispute.root_id is None:
        return None
    newest = Work.objects.get(root_id=dispute.root_id, corrected_by=None)
    if newest.void or newest.currency != dispute.currency:
        return None
    key = (newest.engagement_id, newest.external_id)
    return state.known_work([key]).get(key)


def _decide_anew(row: Row, known: Known, given_back: int, at_ms: int) -> None:
    """Add the decision to the work's evidence, so that no older export takes the money back.

    given_back: micros of what had been refused or withheld.
    What follows from exports follows from the latest-dated decision and the newest promise
    (DECISIONS.md D-018); without this, the same file brought in again would refuse it again.
    """
    latest = known.latest
    assert latest is not None
    lost = known.balances[REFUSED] + known.balances[WITHHELD] - given_back
    promised = -known.balances[VENDOR] - lost  # all that is in review, owed or sent
    fact = latest._replace(
        revision=latest.revision + 1,
        corrects_id=latest.id,
        void=False,
        decided_as=APPROVED,
        decided_at_ms=at_ms,
        said_at_ms=max(at_ms, latest.said_at_ms),
        promised_micros=max(latest.promised_micros or 0, promised),
    )
    row.work(fact, root=known.root)


def _award(row: Row, dispute: Dispute, micros: int, at_ms: int) -> Ref:
    """Draft the work without time that awarded money names, on the day in question.

    Where the question is about a flag, it names what the flag is about, so that this answers both.
    """
    flag = dispute.flag
    noon = datetime.combine(dispute.about_on, time(12), zone_of(dispute.vendor.zone))
    fact = award(
        external_id=f"question {dispute.pk} {row.draft.uuid}",
        project=QUESTION,
        names=awarding.name_of_flag(flag.code, flag.evidence) if flag else QUESTION,
        on_ms=ms_of(noon),
        micros=micros,
        currency=dispute.currency,
        decided_at_ms=at_ms,
    )
    return row.work(fact, root=None)
