"""What a statement's figures rest on, in words: floors, pay terms, sources, and whom to tell."""

from datetime import date

from payouts.statements.data import Basis, Dispute, FloorTerm, Source
from payouts.statements.gather import Background
from workers.models import Engagement


def of(background: Background, engagement: Engagement, home: bool) -> Basis:
    """Return the basis of one account's statement; floors only where its weeks are tested."""
    return Basis(
        floors=_floors(background) if home else (),
        pay_terms=_pay_terms(background, engagement),
        sources=_sources(background, engagement),
        payments_complete_until_on=_known_until(background, engagement),
    )


def dispute(background: Background) -> Dispute:
    """Return whom to tell: the payer, as no other address is known."""
    return Dispute(f"{background.vendor.name}, with the number of this statement")


def _floors(background: Background) -> tuple[FloorTerm, ...]:
    """Return the floors that were in force in the period's weeks, oldest first."""
    first, last = background.weeks[0].starts_on, background.weeks[-1].starts_on
    numbered = list(enumerate(background.floors, 1))
    begun = [pair for pair in numbered if pair[1].from_on <= last]
    ended = [floor.from_on for _, floor in begun[1:]] + [date.max]
    return tuple(
        FloorTerm(
            version=str(number),
            amount_micros=floor.hourly_micros,
            currency=floor.currency,
            valid_from_on=floor.from_on,
            decided_by=floor.decided_by,
            reason=floor.reason,
            merge_gap_ms=floor.merge_gap_ms,
        )
        for (number, floor), until in zip(begun, ended, strict=True)
        if until > first
    )


def _on_approval(background: Background, engagement: Engagement) -> bool:
    return background.payments.terms.pays_on_approval(
        source=engagement.source, at_ms=background.start
    )


def _pay_terms(background: Background, engagement: Engagement) -> str:
    terms = background.payments.terms
    if _on_approval(background, engagement):
        return f"{engagement.source} pays in the moment in which it approves."
    agreed = terms.at(source=engagement.source, project="", claimed_at_ms=background.start)
    days = (
        f"work is decided within {agreed.review_days} days of being handed in and paid within "
        f"{agreed.due_days} days of the decision"
    )
    first_on = background.weeks[0].starts_on
    rows = [row for row in terms.terms if not row.project and row.from_on <= first_on]
    own = [row for row in rows if row.source in ("", engagement.source)]
    if own:
        days += _cycle(own[0].pay_cycle)
        return f"{days}, where an export names no date of its own."
    return f"none are recorded. Where an export names no date, it is assumed that {days}."


def _cycle(pay_cycle: str) -> str:
    """Return how often pay goes out, as a part of a sentence; nothing where it is not agreed.

    >>> _cycle("biweekly"), _cycle("10 days"), _cycle("")
    (', pay going out biweekly', ', pay going out every 10 days', '')
    """
    if not pay_cycle:
        return ""
    return f", pay going out {'every ' if pay_cycle.endswith('days') else ''}{pay_cycle}"


def _sources(background: Background, engagement: Engagement) -> tuple[Source, ...]:
    exports = f"the exports of {engagement.source} that {background.vendor.name} brought in"
    payments = f"the record of payments that {background.vendor.name} brought in"
    if _on_approval(background, engagement):
        payments = f"nobody: {engagement.source} pays when it approves and reports no payments"
    return (
        Source("time", exports),
        Source("pay", exports),
        Source("decisions", exports),
        Source("payments", payments),
    )


def _known_until(background: Background, engagement: Engagement) -> date | None:
    until = background.payments.complete_until
    return None if _on_approval(background, engagement) else until
