"""What is at stake, counted once: several findings may be about the same money or the same time.

The one home of that rule. A finding claims micros of a purse of a piece of work: money that lies in
one of its accounts (a debt by its due date), money that was agreed and never promised, or time. Of
each purse the greatest claim counts, once; the finding that stands first takes it, and those after
it only what they claim beyond. A week below the floor takes what is left of its shortfall.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from ledger.intervals import part_of
from payouts.detectors.shapes import Attempt, Claim, Finding, OpenWork
from payouts.detectors.terms import Promised, Reading

PENDING = "pending"
REFUSED = "refused"
WITHHELD = "withheld"
AGREED = "agreed"  # beyond what was promised
TIME = "time"
# These are beside the tasks: what they name in place of a piece of work is a promise or a text.
PROMISED = "promised"
READING = "reading"  # estimated: no week has it among its hours
_DEBT = "payable "
# A week's pay does not hold these: paid, they would make its shortfall smaller.
BESIDE_PAY = frozenset({PENDING, REFUSED, AGREED, TIME, PROMISED})


def debts(work: OpenWork) -> tuple[Claim, ...]:
    """Return claims on all that is owed of a piece of work, each debt a purse of its own."""
    return tuple(debt(work, one.due_at_ms, one.micros) for one in work.debts)


def debt(work: OpenWork, due_at_ms: int, micros: int) -> Claim:
    """Return a claim on what is owed of a piece of work and was due at this instant."""
    return of(work, f"{_DEBT}{due_at_ms}", micros)


def is_debt(claim: Claim) -> bool:
    """Tell whether a claim is on money that is owed."""
    return claim.purse.startswith(_DEBT)


def of(work: OpenWork | Attempt, purse: str, micros: int) -> Claim:
    """Return a claim on a purse of a piece of work."""
    return Claim(work.work_id, purse, micros, work.started_at_ms, work.ended_at_ms)


def of_promise(promised: Promised, micros: int) -> Claim:
    """Return a claim on a promised bonus, which is for all of the promise's days alike."""
    return Claim(promised.promise_id, PROMISED, micros, promised.first_ms, promised.after_ms)


def of_reading(reading: Reading, micros: int) -> Claim:
    """Return a claim on the time of reading a text that nobody measured."""
    return Claim(reading.course_id, READING, micros, reading.at_ms, reading.at_ms)


def counted_once(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings of one account, in their order, with stakes that may be added up.

    What another finding has counted is said in the evidence as `staked_elsewhere_micros`.
    """
    counted: defaultdict[tuple[str, int, str], int] = defaultdict(int)
    beside_pay: list[tuple[str, Claim, int]] = []
    shared = []
    for finding in findings:
        stake = 0
        for claim in finding.claims:
            purse = (finding.currency, claim.work_id, claim.purse)
            more = max(0, claim.micros - counted[purse])
            counted[purse] += more
            stake += more
            if claim.purse in BESIDE_PAY and more:
                beside_pay.append((finding.currency, claim, more))
        shared.append(_with_stake(finding, stake) if finding.claims else finding)
    return [
        one if one.left_of is None else _with_stake(one, _left(one, one.left_of, beside_pay))
        for one in shared
    ]


def _left(week: Finding, span: tuple[int, int], counted: list[tuple[str, Claim, int]]) -> int:
    """Return what is left of a week's shortfall; work that straddles it, by length."""
    elsewhere = sum(
        part_of(micros, claim.started_at_ms, claim.ended_at_ms, *span)
        for currency, claim, micros in counted
        if currency == week.currency
    )
    return max(0, week.stake_micros - elsewhere)


def _with_stake(finding: Finding, stake_micros: int) -> Finding:
    elsewhere = finding.stake_micros - stake_micros
    if not elsewhere:
        return finding
    evidence = {**finding.evidence, "staked_elsewhere_micros": elsewhere}
    return replace(finding, stake_micros=stake_micros, evidence=evidence)
