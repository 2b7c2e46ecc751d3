"""W11 broken promise: a bonus was promised, what it asked for was done, and it was not awarded.

Flags   a promise on record whose condition the work of an account meets, when the day by which it
        was to be paid is over and less than all of it was awarded: one finding an account and
        promise. An award carries the promise's name as its type of task. Work that should have been
        decided by now counts as approved.
Leaves  conditions that are not met; those that undecided work leaves open, or whose words give no
        number (W32 says once that nobody can tell); promises to others; days still to come. An
        award that is on record and not paid is asked for as any other work (W01, W02).
Stake   what is missing to the promised amount.
Source  The project's own rule: what was promised is a term like a rate (D-066, D-123).
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext, gettext_lazy, gettext_noop, ngettext_lazy

from ledger.promising import MET, OPEN, UNCLEAR
from payouts.detectors import stakes, wording
from payouts.detectors.shapes import EngagementFacts, Finding
from payouts.detectors.terms import Promised

CODE = "W11"
VERSION = 1
TITLE = gettext_lazy("A promised bonus was not paid")
COUNTED = {
    "submitted": ngettext_lazy(
        "%(number)s piece submitted", "%(number)s pieces submitted", "number"
    ),
    "approved": ngettext_lazy("%(number)s piece approved", "%(number)s pieces approved", "number"),
}

Guard = Callable[[EngagementFacts, Promised], bool]


def is_due(facts: EngagementFacts, one: Promised) -> bool:
    """Tell whether the day by which it was to be paid is over."""
    return facts.as_of_ms >= one.due_ms


def was_not_awarded(facts: EngagementFacts, one: Promised) -> bool:
    """Tell whether less was awarded than promised."""
    return one.awarded_micros < one.micros


def is_met(facts: EngagementFacts, one: Promised) -> bool:
    """Tell whether what was done meets the condition, for certain."""
    return one.standing == MET


GUARDS: tuple[Guard, ...] = (is_due, was_not_awarded, is_met)


def in_doubt(facts: EngagementFacts) -> list[Promised]:
    """Return the promises of which nobody can tell whether they should have been kept.

    Those whose words give no number are settled with a project that was closed, when that was.
    """

    def is_to_be_kept(one: Promised) -> bool:
        ending = facts.closed.get(one.project)
        is_settled = ending is not None and facts.as_of_ms > ending.settle_by_at_ms
        return is_due(facts, one) or (is_settled and one.standing == UNCLEAR)

    return [
        one
        for one in facts.promised
        if one.standing in (OPEN, UNCLEAR) and was_not_awarded(facts, one) and is_to_be_kept(one)
    ]


def detect(facts: EngagementFacts, guards: tuple[Guard, ...] = GUARDS) -> Iterator[Finding]:
    """Yield a finding for each promise that was not kept."""
    for one in facts.promised:
        if not all(guard(facts, one) for guard in guards):
            continue
        claim = stakes.of_promise(one, max(0, one.micros - one.awarded_micros))
        yield Finding(
            code=CODE,
            version=VERSION,
            subject=f"{facts.pseudonym}/promise/{one.name}",
            stake_micros=claim.micros,
            currency=one.currency,
            since_at_ms=one.due_ms,
            evidence={
                "promise": one.name,
                "text": one.text,
                "project": one.project,
                "due_on": one.due_on.isoformat(),
                "counting": one.counting,
                "pieces_at_least": one.pieces_at_least,
                "pieces_done": getattr(one.pieces, one.counting or "submitted"),
                "promised_micros": one.micros,
                "awarded_micros": one.awarded_micros,
            },
            claims=(claim,),
        )


def sentence(*, stake_micros: int, currency: str, evidence: Mapping[str, Any]) -> str:
    """Return the finding in words: what was promised for what, what was done and awarded."""
    asked = COUNTED[evidence["counting"]] % {"number": evidence["pieces_at_least"]}
    said = gettext(
        "project %(project)s, %(promise)s: %(promised)s for %(asked)s by %(day)s; %(done)s done, "
        "%(awarded)s awarded"
    )
    return said % {
        "project": evidence["project"],
        "promise": evidence["promise"],
        "promised": wording.amount(evidence["promised_micros"], currency),
        "asked": asked,
        "day": wording.day(evidence["due_on"]),
        "done": wording.number(evidence["pieces_done"]),
        "awarded": wording.amount(evidence["awarded_micros"], currency),
    }


def what_happened(
    facts: EngagementFacts | None, evidence: Mapping[str, Any], where: Mapping[str, int]
) -> str:
    """Return why it is not found any more."""
    promised = facts.promised if facts is not None else ()
    one = next((one for one in promised if one.name == evidence["promise"]), None)
    if one is not None and one.awarded_micros >= one.micros:
        return gettext_noop("It has been awarded.")
    return gettext_noop("With what is on record now, what it asked for was not done.")
