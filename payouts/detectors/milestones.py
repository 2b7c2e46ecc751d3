"""Milestones that a closing cut off, for W10: so many pieces were promised a sum, and then no more
of them were given out.

Who did a part of the pieces is asked for the same part of the sum; who did all of them, for all of
it, whatever day it was due. What counts is what was handed in, or was not refused, as the promise
says. Promises count pieces: one of hours is told in words, and W32 says that nobody can judge it.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext, gettext_noop

from ledger.money import ceil_div
from payouts.detectors import stakes, wording
from payouts.detectors.shapes import EngagementFacts, Finding
from payouts.detectors.terms import Ending, Promised

Guard = Callable[[EngagementFacts, Ending, Promised], bool]


def there_was_time(facts: EngagementFacts, ending: Ending, one: Promised) -> bool:
    """Tell whether the time for the final settlement is over."""
    return facts.as_of_ms > ending.settle_by_at_ms


def was_cut_off(facts: EngagementFacts, ending: Ending, one: Promised) -> bool:
    """Tell whether the closing fell into its days: before, and after, nothing was taken away."""
    return one.first_ms < ending.from_at_ms < one.after_ms


def is_not_awarded(facts: EngagementFacts, ending: Ending, one: Promised) -> bool:
    """Tell whether less was awarded than the part that was done; where words give no number, no."""
    return earned_micros(one) > one.awarded_micros


GUARDS: tuple[Guard, ...] = (there_was_time, was_cut_off, is_not_awarded)


def done(one: Promised) -> int:
    """Return how many pieces count: undecided ones too, as no more can be done in their place."""
    refused = 0 if one.counting == "submitted" else one.pieces.refused
    return one.pieces.submitted - refused


def earned_micros(one: Promised) -> int:
    """Return the part of the sum that was done, a fraction of a micro up; 0 without a number."""
    if one.pieces_at_least is None:
        return 0
    return min(one.micros, ceil_div(one.micros * done(one), one.pieces_at_least))


def findings(
    code: str,
    version: int,
    facts: EngagementFacts,
    project: str,
    ending: Ending,
    guards: tuple[Guard, ...] = GUARDS,
) -> Iterator[Finding]:
    """Yield a finding for each milestone of a closed project that all guards let through."""
    for one in facts.promised:
        if one.project != project or not all(guard(facts, ending, one) for guard in guards):
            continue
        claim = stakes.of_promise(one, max(0, earned_micros(one) - one.awarded_micros))
        yield Finding(
            code=code,
            version=version,
            subject=f"{facts.pseudonym}/promise/{one.name}",
            stake_micros=claim.micros,
            currency=one.currency,
            since_at_ms=ending.settle_by_at_ms,
            evidence={
                "project": project,
                "promise": one.name,
                "text": one.text,
                "pieces_at_least": one.pieces_at_least,
                "pieces_done": done(one),
                "promised_micros": one.micros,
                "awarded_micros": one.awarded_micros,
                "settle_by_on": ending.settle_by_on.isoformat(),
            },
            claims=(claim,),
        )


def sentence(*, stake_micros: int, currency: str, evidence: Mapping[str, Any]) -> str:
    """Return the finding in words: what was promised for what, and how much of that was done."""
    promised = wording.amount(evidence["promised_micros"], currency)
    awarded = wording.amount(evidence["awarded_micros"], currency)
    said = gettext(
        "project %(project)s, %(promise)s: %(promised)s for %(pieces)s; %(done)s done when it was "
        "closed, %(awarded)s awarded; to be settled by %(day)s"
    )
    return said % {
        "project": evidence["project"],
        "promise": evidence["promise"],
        "promised": promised,
        "pieces": wording.pieces(evidence["pieces_at_least"]),
        "done": evidence["pieces_done"],
        "awarded": awarded,
        "day": wording.day(evidence["settle_by_on"]),
    }


def what_happened(facts: EngagementFacts | None, evidence: Mapping[str, Any]) -> str:
    """Return why it is not found any more."""
    promised = facts.promised if facts is not None else ()
    one = next((one for one in promised if one.name == evidence["promise"]), None)
    if one is not None and one.awarded_micros >= earned_micros(one) > 0:
        return gettext_noop("It has been awarded.")
    return gettext_noop("With what is on record now, nothing of it was done.")
