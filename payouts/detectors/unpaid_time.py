"""What detectors of unpaid time share: one finding an account, project and currency.

Time is an account's hours: what two attempts at once have in common is in one of them only, and
where a tool measured less, the measured time counts. Its worth is the rate agreed by the hour or
the floor, whichever is more, less what was awarded for it (awarding.py).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from operator import attrgetter
from typing import Any, NamedTuple

from django.utils.translation import gettext, gettext_noop

from payouts.detectors import awarding, grouped, stakes, wording
from payouts.detectors.shapes import Attempt, Claim, EngagementFacts, Finding
from payouts.detectors.terms import Reading

Guard = Callable[[EngagementFacts, Attempt], bool]
OF_ITS_HOUR: grouped.Currency = attrgetter("hourly_currency")
AWARDED = gettext_noop("It was awarded.")


def time_of(attempt: Attempt) -> int:
    """Return the time of an attempt in ms; 0 where none is known."""
    known = [ms for ms in (attempt.share_ms, attempt.active_ms) if ms is not None]
    return min(known, default=0)


def claim(attempt: Attempt, micros: int) -> Claim:
    """Return a claim on what its time is worth, less what was awarded for it."""
    return stakes.of(attempt, stakes.TIME, max(0, micros - attempt.laid.micros))


def is_awarded(attempt: Attempt, micros: int) -> bool:
    """Tell whether so much was awarded for its time."""
    return 0 < attempt.laid.micros >= micros


def no_pay(facts: EngagementFacts, attempt: Attempt) -> bool:
    """Tell whether it is known that nothing was promised for it, and nothing came of it.

    Nor was its time awarded; where a part was, the rest is asked for.
    """
    has_none = attempt.promised_micros == 0 and attempt.earned_micros <= 0
    return has_none and not is_awarded(attempt, attempt.worth(time_of(attempt)))


def took_time(facts: EngagementFacts, attempt: Attempt) -> bool:
    """Tell whether any of its time is known to be its own."""
    return time_of(attempt) > 0


class Detector(NamedTuple):
    """What a detector of unpaid time is made of, beside its code, its words and its guards."""

    detect: Callable[..., Iterator[Finding]]
    sentence: Callable[..., str]
    what_happened: Callable[[EngagementFacts | None, Mapping[str, Any], Mapping[str, int]], str]


def detector(code: str, version: int, guards: tuple[Guard, ...]) -> Detector:
    """Return a detector that finds the attempts which all of these guards let through."""

    def detect(facts: EngagementFacts, guards: tuple[Guard, ...] = guards) -> Iterator[Finding]:
        """Yield a finding for each project and currency with such time."""
        return found(code, version, facts, guards)

    return Detector(detect, sentence, what_happened)


def found(
    code: str, version: int, facts: EngagementFacts, guards: tuple[Guard, ...]
) -> Iterator[Finding]:
    """Yield a finding for each project and currency with attempts that all guards let through."""
    unpaid = [one for one in facts.attempts if all(guard(facts, one) for guard in guards)]
    for _, _, attempts in grouped.by_project(unpaid, OF_ITS_HOUR):
        claims = [claim(one, one.worth(time_of(one))) for one in attempts]
        yield grouped.finding(
            code,
            version,
            facts,
            attempts,
            claims,
            attrgetter("ended_at_ms"),
            OF_ITS_HOUR,
            time_ms=sum(map(time_of, attempts)),
            **partly_awarded(attempts),
        )


def partly_awarded(pieces: Iterable[Attempt | Reading]) -> dict[str, int]:
    """Return as evidence what was awarded for time of which there is more; nothing where none."""
    micros = sum(one.laid.micros for one in pieces)
    return {"awarded_micros": micros} if micros else {}


def with_awards(said: str, currency: str, evidence: Mapping[str, Any]) -> str:
    """Return what is said of time with what was awarded of it: '…, 5.00 USD of it awarded'."""
    micros = evidence.get("awarded_micros", 0)
    awarded = gettext("%(said)s, %(amount)s of it awarded")
    return awarded % {"said": said, "amount": wording.amount(micros, currency)} if micros else said


def sentence(*, stake_micros: int, currency: str, evidence: Mapping[str, Any]) -> str:
    """Return the finding in words: 'project maps, 3 pieces, 1 h 30 min without pay'."""
    said = gettext("project %(project)s, %(pieces)s, %(time)s without pay") % {
        "project": evidence["project"],
        "pieces": wording.pieces(evidence["pieces"]),
        "time": wording.hours(evidence["time_ms"]),
    }
    return with_awards(said, currency, evidence)


def what_happened(
    facts: EngagementFacts | None, evidence: Mapping[str, Any], where: Mapping[str, int]
) -> str:
    """Return why it is not found any more. where: the money of its works, by account."""
    if awarding.behind(facts, evidence):
        return AWARDED
    if wording.is_decided_for_the_worker(where):
        return gettext_noop("It has pay now.")
    if wording.positive(where, "pending", "refused"):
        return gettext_noop("Pay was promised for it.")
    return gettext_noop("The record of this time says something else now.")
