"""The worker's side of a question: a draft that nobody sees, sending it, and the last word.

An act names how many messages its writer had seen, so that nobody answers what they have not read.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from payouts.disputes.standing import ANSWER_WITHIN, CHOICES, stake, turn
from payouts.disputes.subjects import Subject
from payouts.models import Dispute, Draft, Message
from payouts.statements.safe import clean
from workers.models import User, Worker
from workers.refusal import Refusal

MOST_WORDS = 2000  # characters of one message


class NotSaid(Refusal):
    """What was to be said is not kept; the message says why, and how to mend it."""


def begin(*, worker: Worker, subject: Subject, choice: str, at: datetime) -> Draft:
    """Keep a question that is not sent yet. Raises NotSaid for an unknown choice."""
    if choice not in CHOICES:
        raise NotSaid(_("Choose what is wrong."), about="choice")
    return Draft.objects.create(
        worker=worker,
        engagement=subject.engagement,
        about=subject.about,
        choice=choice,
        changed_at=at,
    )


def keep_words(*, draft: Draft, words: str, at: datetime) -> Draft:
    """Keep the words of a draft; nothing is sent."""
    draft.words, draft.changed_at = words_of(words), at
    draft.save(update_fields=["words", "changed_at"])
    return draft


@transaction.atomic
def send(*, draft: Draft, subject: Subject, words: str, by: User, at: datetime) -> Dispute:
    """Send a draft: from here on the vendor sees it. It is sent once, however often it is asked."""
    gone, _kinds = Draft.objects.filter(pk=draft.pk).delete()
    if not gone:
        raise NotSaid(_("This question was sent already."))
    return open_case(
        subject=subject, worker=draft.worker, choice=draft.choice, words=words, by=by, at=at
    )


@transaction.atomic
def open_case(
    *, subject: Subject, worker: Worker, choice: str, words: str, by: User, at: datetime
) -> Dispute:
    """Open a question with its evidence filled in. An answer is due within 14 days."""
    at_stake = stake(choice, subject.at_micros) if subject.at_micros else None
    dispute = Dispute.objects.create(
        vendor=subject.engagement.vendor,
        engagement=subject.engagement,
        worker=worker,
        about=subject.about,
        about_on=subject.on,
        root_id=subject.root_id,
        flag_id=subject.flag_id,
        choice=choice,
        stake_micros=subject.stakes.get(choice, at_stake),
        currency=subject.currency,
        evidence=dict(subject.evidence),
        asked_at=at,
        answer_due_at=at + ANSWER_WITHIN,
    )
    say(dispute, role="worker", said="asked", words=words_of(words), by=by, at=at)
    return dispute


@transaction.atomic
def agree(*, dispute: Dispute, words: str, seen: int, by: User, at: datetime) -> Dispute:
    """Close a question that was answered to the worker's content."""
    dispute = hold(dispute, seen)
    if dispute.answered_at is None:
        raise NotSaid(_("Nobody has answered yet."))
    say(dispute, role="worker", said="agreed", words=words_of(words), by=by, at=at)
    return close(dispute, outcome="agreed", at=at)


@transaction.atomic
def withdraw(*, dispute: Dispute, words: str, seen: int, by: User, at: datetime) -> Dispute:
    """Take a question back."""
    dispute = hold(dispute, seen)
    say(dispute, role="worker", said="withdrawn", words=words_of(words), by=by, at=at)
    return close(dispute, outcome="withdrawn", at=at)


@transaction.atomic
def ask_again(*, dispute: Dispute, words: str, seen: int, by: User, at: datetime) -> Dispute:
    """Say more. Where the vendor had answered, another answer is due within 14 days."""
    dispute = hold(dispute, seen)
    if turn(dispute) == "worker":
        dispute.answered_at, dispute.answer_due_at = None, at + ANSWER_WITHIN
        dispute.save(update_fields=["answered_at", "answer_due_at"])
    say(dispute, role="worker", said="asked", words=words_needed(words), by=by, at=at)
    return dispute


@transaction.atomic
def escalate(*, dispute: Dispute, words: str, seen: int, by: User, at: datetime) -> Dispute:
    """Take an answer that does not content the worker to an auditor, at once."""
    dispute = hold(dispute, seen)
    if dispute.answered_at is None:
        raise NotSaid(
            _("The vendor has time to answer until its day. After it an auditor sees it.")
        )
    if dispute.escalated_at is None:
        dispute.escalated_at = at
        dispute.save(update_fields=["escalated_at"])
    say(dispute, role="worker", said="escalated", words=words_of(words), by=by, at=at)
    return dispute


def hold(dispute: Dispute, seen: int) -> Dispute:
    """Return a question, locked until the transaction ends.

    seen: how many messages whoever acts has read. Raises NotSaid where there are others by now, or
    it is closed.
    """
    rows = Dispute.objects.select_for_update(of=("self",))
    held = rows.select_related("vendor", "engagement").get(pk=dispute.pk)
    if held.closed_at is not None:
        raise NotSaid(_("This question is closed. Ask a new one."))
    if held.messages.count() != seen:
        raise NotSaid(_("Something was said meanwhile. Read it first."))
    return held


def say(dispute: Dispute, *, role: str, said: str, at: datetime, **given: Any) -> Message:
    """Add a message to a question that is held."""
    return Message.objects.create(
        dispute=dispute,
        position=dispute.messages.count() + 1,
        role=role,
        said=said,
        said_at=at,
        **given,
    )


def close(dispute: Dispute, *, outcome: str, at: datetime) -> Dispute:
    """Close a question that is held."""
    dispute.closed_at, dispute.outcome = at, outcome
    dispute.save(update_fields=["closed_at", "outcome"])
    return dispute


def words_of(text: str) -> str:
    """Return what somebody typed, line by line, capped."""
    lines = text[: MOST_WORDS * 4].splitlines()
    return "\n".join(clean(line, MOST_WORDS) for line in lines)[:MOST_WORDS].strip()


def words_needed(text: str) -> str:
    """Return what was typed; raises NotSaid where nothing was."""
    words = words_of(text)
    if not words:
        raise NotSaid(_("Write a few words."), about="words")
    return words
