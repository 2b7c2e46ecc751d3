"""The last page: what to do when something is wrong, what the figures rest on, and the proof."""

from collections.abc import Iterator

from payouts.statements import words
from payouts.statements.data import FloorTerm, StatementData
from payouts.statements.parts import Row, Section, text, user
from payouts.statements.safe import ID_CAP, REASON_CAP, clean
from payouts.statements.words import count, day, duration, money

SOURCES = {
    "time": "Time",
    "pay": "Promised pay",
    "decisions": "Decisions",
    "payments": "Payments",
    "exchange": "Exchange rate",
}
METHOD = (
    "A counts tasks, however they were decided. B counts all work that the payer asked for, "
    "training and rework too. C counts everything, searching for work and chasing pay included.",
    "Pieces of work done at the same time count that time once. Weeks are never averaged.",
    "Time or pay that was not recorded is not known: it counts neither for nor against anyone. "
    "A week that this leaves open is called uncertain.",
    "Hourly pay is what was earned divided by time B, shown rounded down to two decimals; whether "
    "the floor was reached is decided on exact figures. What is missing to it is rounded up. "
    "Amounts are not rounded; a payment is rounded up to whole coins, once.",
    "Times are shown to the minute, under an hour to the second; the data file has milliseconds.",
)
NO_EFFECT = "Raising a question has no effect on the work that you are offered."
NO_STATUS = "This statement does not say whether you are an employee or a contractor."
CHECKING = (
    "The number below is the SHA-256 of this statement's data file. Change one character of that "
    "file and it is another number. The list names the batches that the facts came in; with their "
    "roots you can check that nothing was changed since."
)


def smallprint(data: StatementData) -> Iterator[Section]:
    """Yield the last sections but for the proof."""
    yield _dispute(data)
    yield _basis(data)


def _dispute(data: StatementData) -> Section:
    said = [f"Tell {clean(data.dispute.contact, REASON_CAP)}." if data.dispute.contact else ""]
    if data.dispute.answer_within_days is not None:
        said.append(f"You will be answered within {count(data.dispute.answer_within_days, 'day')}.")
    said.append(NO_EFFECT)
    return Section("dispute", "If something is wrong", (" ".join(filter(None, said)), NO_STATUS))


def _basis(data: StatementData) -> Section:
    terms = clean(data.basis.pay_terms, REASON_CAP)
    period = data.period
    weeks = (
        f"This statement covers the weeks, {clean(period.week)}, that end from "
        f"{day(period.first_on)} to {day(period.last_on)}, with days as in {clean(period.zone)}."
    )
    rows = [
        Row((SOURCES.get(source.what, clean(source.what)), clean(source.who, REASON_CAP)))
        for source in data.basis.sources
    ]
    return Section(
        "basis",
        "How these figures were worked out",
        (weeks, *METHOD, *map(_floor, data.basis.floors), *([f"Pay terms: {terms}"] * bool(terms))),
        (text("What", 24), user("Who says so", 76)) if rows else (),
        tuple(rows),
    )


def _floor(floor: FloorTerm) -> str:
    gap = ""
    if floor.merge_gap_ms:
        gap = f" Gaps of up to {duration(floor.merge_gap_ms)} between pieces of work count as work."
    reason = clean(floor.reason, REASON_CAP).rstrip(".")
    return (
        f"Floor, version {clean(floor.version)}: {money(floor.amount_micros, floor.currency)} an "
        f"hour from {day(floor.valid_from_on)}, wherever a worker lives. Decided by "
        f"{clean(floor.decided_by)}{': ' if reason else ''}{reason}.{gap}"
    )


def proof(data: StatementData, digest: str) -> Section:
    """Return what the statement can be checked with; `digest` is the data file's SHA-256."""
    rows = tuple(
        Row((clean(batch.batch, ID_CAP),), under=clean(batch.root, ID_CAP))
        for batch in data.batches
    )
    issued = words.moment(data.issued_at_ms)
    facts = f"{words.facts(data.facts.first_n, data.facts.last_n)}; issued {issued}."
    return Section(
        "proof",
        "Proof",
        (CHECKING, facts, f"SHA-256 {digest}"),
        (text("Batch, and its root", 100),) if rows else (),
        rows,
    )
