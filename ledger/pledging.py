"""Records what was promised beside the task, and what has to be read: terms that only add to pay.

They may reach back, as what was said or handed out before it was recorded was said all the same.
"""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from ledger.grounds import Disagreed, require_between
from ledger.models import Course, Promise
from ledger.money import Money
from workers.models import Engagement, User, Vendor

COUNTING = ("approved", "submitted")
KINDS = ("instructions", "training")
MOST = 10_000_000  # of words, pages or pieces


def promise(
    *,
    vendor: Vendor,
    name: str,
    text: str,
    project: str,
    task_type: str = "",
    pieces_at_least: int | None,
    counting: str = "approved",
    first_on: date,
    last_on: date,
    amount: Money,
    due_on: date,
    engagement: Engagement | None = None,
    by: User | None = None,
    at: datetime,
) -> Promise:
    """Record a bonus that was promised, with its condition. Raises Disagreed.

    name: what its award carries as type of task. text: how it was promised. pieces_at_least: None
    where the words do not say. engagement: to whom; None: to everybody.
    """
    _require(name=name, text=text, project=project)
    if amount.micros <= 0:
        raise Disagreed(
            str(amount), "a promise is of something for something", "Give an amount above zero."
        )
    require_between(1, MOST, pieces=pieces_at_least)
    if not first_on <= last_on <= due_on:
        raise Disagreed(
            f"{first_on} to {last_on}, due {due_on}", "a promise is due when its days are over",
            "Give --from, --to and --due in this order.",
        )  # fmt: skip
    try:
        with transaction.atomic():
            return Promise.objects.create(
                vendor=vendor, engagement=engagement, name=name.strip(), text=text.strip(),
                project=project, task_type=task_type, pieces_at_least=pieces_at_least,
                counting="" if pieces_at_least is None else counting,
                first_on=first_on, last_on=last_on,
                amount_micros=amount.micros, currency=amount.currency, due_on=due_on,
                recorded_at=at, recorded_by=by,
            )  # fmt: skip
    except IntegrityError as error:
        raise Disagreed(name, "a promise of this name is recorded", "Give another name.") from error


def publish(
    *,
    vendor: Vendor,
    project: str,
    task_type: str = "",
    name: str,
    version: int,
    kind: str,
    words: int | None = None,
    pages: int | None = None,
    fresh_words: int | None = None,
    required: bool,
    from_on: date,
    by: User | None = None,
    at: datetime,
) -> Course:
    """Record a version of instructions or of a course, with its length. Raises Disagreed."""
    _require(project=project, name=name)
    if (words is None) == (pages is None):
        raise Disagreed(
            f"{words} words, {pages} pages", "a version has a number of words, or else of pages",
            "Give --words N or --pages N.",
        )  # fmt: skip
    require_between(1, MOST, words=words, pages=pages)
    require_between(0, MOST, fresh_words=fresh_words)
    newest = Course.objects.filter(vendor=vendor, project=project, name=name).order_by("version")
    last = newest.last()
    if version != (last.version + 1 if last else 1) or (last and last.from_on > from_on):
        known = f"version {last.version} of {last.from_on}" if last else "no version"
        raise Disagreed(
            f"version {version} from {from_on}", f"{known} is recorded, and they follow in order",
            "Give the next number, and a day that is not before the last one's.",
        )  # fmt: skip
    return Course.objects.create(
        vendor=vendor, project=project, task_type=task_type, name=name, version=version, kind=kind,
        words=words, pages=pages, fresh_words=fresh_words, required=required, from_on=from_on,
        recorded_at=at, recorded_by=by,
    )  # fmt: skip


def _require(**said: str) -> None:
    for name, value in said.items():
        if not value.strip():
            raise Disagreed(f"no {name}", "it says what it is about", f"Give --{name} TEXT.")
