"""The last page: what to do when something is wrong, what the figures rest on, and the proof."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from payouts.statements import codes, words
from payouts.statements.data import FloorTerm, StatementData
from payouts.statements.parts import Row, Section, text, user
from payouts.statements.safe import ID_CAP, REASON_CAP, clean
from payouts.statements.words import day, duration, money

SOURCES = {
    "time": gettext_lazy("Time"),
    "pay": gettext_lazy("Promised pay"),
    "decisions": gettext_lazy("Decisions"),
    "payments": gettext_lazy("Payments"),
    "exchange": gettext_lazy("Exchange rate"),
}
METHOD = (
    gettext_lazy(
        "A counts tasks, however they were decided. B counts all work that the payer asked for, "
        "training and rework too. C counts everything, searching for work and chasing pay included."
    ),
    gettext_lazy(
        "Pieces of work done at the same time count that time once. Weeks are never averaged."
    ),
    gettext_lazy(
        "Time or pay that was not recorded is not known: it counts neither for nor against anyone. "
        "A week that this leaves open is called uncertain."
    ),
    gettext_lazy(
        "Hourly pay is what was earned divided by time B, shown rounded down to two decimals; "
        "whether the floor was reached is decided on exact figures. What is missing to it is "
        "rounded up. Amounts are not rounded; a payment is rounded up to whole coins, once."
    ),
    gettext_lazy(
        "Times are shown to the minute, under an hour to the second; the data file has "
        "milliseconds."
    ),
)
NO_EFFECT = gettext_lazy("Raising a question has no effect on the work that you are offered.")
NO_STATUS = gettext_lazy("This statement does not say whether you are an employee or a contractor.")
CHECKING = gettext_lazy(
    "The number below is the SHA-256 of this statement's data file. Change one character of that "
    "file and it is another number. The list names the batches that the facts came in; with their "
    "roots you can check that nothing was changed since."
)


def smallprint(data: StatementData) -> Iterator[Section]:
    """Yield the last sections but for the proof."""
    yield _dispute(data)
    yield _basis(data)


def _dispute(data: StatementData) -> Section:
    contact, days = data.dispute.contact, data.dispute.answer_within_days
    said = [_("Tell %(contact)s.") % {"contact": clean(contact, REASON_CAP)}] if contact else []
    if days is not None:
        within = words.count(days, "day")
        said.append(_("You will be answered within %(days)s.") % {"days": within})
    said.append(str(NO_EFFECT))
    return Section("dispute", _("If something is wrong"), (" ".join(said), str(NO_STATUS)))


def _basis(data: StatementData) -> Section:
    period = data.period
    weeks = _(
        "This statement covers the weeks, %(week)s, that end from %(first)s to %(last)s, with "
        "days as in %(zone)s."
    ) % {
        "week": clean(period.week),
        "first": day(period.first_on),
        "last": day(period.last_on),
        "zone": clean(period.zone),
    }
    rows = [
        Row((codes.said(SOURCES, clean(source.what)), clean(source.who, REASON_CAP)))
        for source in data.basis.sources
    ]
    return Section(
        "basis",
        _("How these figures were worked out"),
        (weeks, *map(str, METHOD), *map(_floor, data.basis.floors), *_terms(data)),
        (text(_("What"), 24), user(_("Who says so"), 76)) if rows else (),
        tuple(rows),
    )


def _terms(data: StatementData) -> list[str]:
    terms = clean(data.basis.pay_terms, REASON_CAP)
    return [_("Pay terms: %(terms)s") % {"terms": terms}] if terms else []


def _floor(floor: FloorTerm) -> str:
    reason = clean(floor.reason, REASON_CAP).rstrip(".")
    who = clean(floor.decided_by)
    said = _(
        "Floor, version %(version)s: %(amount)s an hour from %(day)s, wherever a worker lives. "
        "Decided by %(who)s."
    ) % {
        "version": clean(floor.version),
        "amount": money(floor.amount_micros, floor.currency),
        "day": day(floor.valid_from_on),
        "who": f"{who}: {reason}" if reason else who,
    }
    if floor.merge_gap_ms:
        gap = _("Gaps of up to %(time)s between pieces of work count as work.")
        said += " " + gap % {"time": duration(floor.merge_gap_ms)}
    return said


def proof(data: StatementData, digest: str) -> Section:
    """Return what the statement can be checked with; `digest` is the data file's SHA-256."""
    rows = tuple(
        Row((clean(batch.batch, ID_CAP),), under=clean(batch.root, ID_CAP))
        for batch in data.batches
    )
    facts = _("%(facts)s; issued %(moment)s.") % {
        "facts": words.facts(data.facts.first_n, data.facts.last_n),
        "moment": words.moment(data.issued_at_ms),
    }
    return Section(
        "proof",
        _("Proof"),
        (str(CHECKING), facts, f"SHA-256 {digest}"),
        (text(_("Batch, and its root"), 100),) if rows else (),
        rows,
    )
