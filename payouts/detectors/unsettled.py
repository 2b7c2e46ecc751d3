"""What W09 and W10 share: money that an ending left open, purse by purse of each piece of work.

The final settlement takes in all that is undecided or owed, whatever its own due date. What was
refused or held back since is left alone where somebody said why, piece by piece: that the account
was deactivated or the project closed is no reason why this piece of work is worth nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext, gettext_noop

from payouts.detectors import awarding, deduction, grouped, stakes, unpaid_time, wording
from payouts.detectors.shapes import Attempt, Claim, EngagementFacts, Finding, OpenWork, Told
from payouts.detectors.terms import Ending

Piece = OpenWork | Attempt
Guard = Callable[[EngagementFacts, Ending, Piece, Claim], bool]
Left = tuple[Piece, list[Claim]]


def left_open(
    facts: EngagementFacts,
    ending: Ending,
    pieces: Iterable[tuple[Piece, Iterable[Claim]]],
    guards: tuple[Guard, ...],
) -> list[Left]:
    """Return the pieces with those of their claims that all guards let through, if any."""

    def is_left(piece: Piece, claim: Claim) -> bool:
        return all(guard(facts, ending, piece, claim) for guard in guards)

    found = [(piece, [one for one in claims if is_left(piece, one)]) for piece, claims in pieces]
    return [(piece, claims) for piece, claims in found if claims]


def findings(
    code: str, version: int, facts: EngagementFacts, ending: Ending, left: Sequence[Left]
) -> Iterator[Finding]:
    """Yield a finding for each project and currency of what an ending left open."""
    claims_of = {id(piece): claims for piece, claims in left}
    for _, _, pieces in grouped.by_project([piece for piece, _ in left], currency_of):
        yield grouped.finding(
            code,
            version,
            facts,
            pieces,
            [claim for piece in pieces for claim in claims_of[id(piece)]],
            lambda _: ending.settle_by_at_ms,
            currency_of,
            settle_by_on=ending.settle_by_on.isoformat(),
        )


def currency_of(piece: Piece) -> str:
    """Return the currency of its money, or of its time."""
    return piece.hourly_currency if isinstance(piece, Attempt) else piece.currency


def claims(work: OpenWork) -> Iterator[Claim]:
    """Yield a claim on each purse of a piece of work from which the worker has had nothing."""
    yield from stakes.debts(work)
    for purse, micros in (
        (stakes.PENDING, work.pending_micros),
        (stakes.REFUSED, work.refused_micros),
        (stakes.WITHHELD, deduction.unexplained(work)),
    ):
        if micros > 0:
            yield stakes.of(work, purse, micros)


def there_was_time(facts: EngagementFacts, ending: Ending, piece: Piece, claim: Claim) -> bool:
    """Tell whether the time for the final settlement is over."""
    return facts.as_of_ms > ending.settle_by_at_ms


def payments_are_reported(
    facts: EngagementFacts, ending: Ending, piece: Piece, claim: Claim
) -> bool:
    """Tell whether its payment would be on record: not where a platform pays what it approves."""
    is_paid_at_once = isinstance(piece, OpenWork) and piece.pays_on_approval
    return not (stakes.is_debt(claim) and is_paid_at_once)


def payments_are_known(facts: EngagementFacts, ending: Ending, piece: Piece, claim: Claim) -> bool:
    """Tell whether the record of payments reaches the day by which it was to be settled."""
    known_until = facts.payments_known_until
    reaches = known_until is not None and ending.settle_by_on <= known_until
    return reaches or not stakes.is_debt(claim)


def is_not_explained(facts: EngagementFacts, ending: Ending, piece: Piece, claim: Claim) -> bool:
    """Tell whether nobody said why this piece of work is not paid, if it was decided against."""
    told = _told(piece, claim)
    if told is None or deduction.says_nothing(told):
        return True
    return told.reason.casefold() in ending.reasons


def came_with_the_ending(
    facts: EngagementFacts, ending: Ending, piece: Piece, claim: Claim
) -> bool:
    """Tell whether no date shows that it was decided against before the ending."""
    told = _told(piece, claim)
    return told is None or told.at_ms is None or told.at_ms >= ending.from_at_ms


def _told(piece: Piece, claim: Claim) -> Told | None:
    """Return what was said when the money of this claim was refused or held back."""
    if isinstance(piece, Attempt):
        return None
    if claim.purse == stakes.REFUSED:
        return piece.refusal
    return piece.withholding if claim.purse == stakes.WITHHELD else None


GUARDS: tuple[Guard, ...] = (
    there_was_time,
    payments_are_reported,
    payments_are_known,
    is_not_explained,
    came_with_the_ending,
)


def sentence(*, stake_micros: int, currency: str, evidence: Mapping[str, Any]) -> str:
    """Return the finding in words: what is open, and until when it was to be settled."""
    elsewhere = evidence.get("staked_elsewhere_micros", 0)
    said = gettext("project %(project)s, %(pieces)s, %(amount)s; to be settled by %(day)s")
    return said % {
        "project": evidence["project"],
        "pieces": wording.pieces(evidence["pieces"]),
        "amount": wording.amount(stake_micros + elsewhere, currency),
        "day": wording.day(evidence["settle_by_on"]),
    }


def what_happened(
    facts: EngagementFacts | None, evidence: Mapping[str, Any], where: Mapping[str, int]
) -> str:
    """Return why it is not found any more. where: the money of its works, by account."""
    if awarding.behind(facts, evidence):
        return unpaid_time.AWARDED
    if wording.positive(where, "pending", "payable"):
        return gettext_noop("There is time to settle it, or it goes on after all.")
    if wording.is_with_the_worker(where):
        return gettext_noop("It has been paid.")
    if wording.positive(where, "refused", "withheld"):
        return gettext_noop("A reason was given for each piece of it.")
    return gettext_noop("The record that said so was taken back.")
