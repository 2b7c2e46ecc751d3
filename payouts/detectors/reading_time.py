"""What W22 and W23 share: time of reading that has no pay, as rows measured it or else estimated.

Where rows say how long it took, they count and the estimate does not. One finding an account,
project and currency, which shows what each estimate rests on.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext, gettext_noop

from ledger.floor import MS_PER_HOUR
from ledger.money import ceil_div
from payouts.detectors import awarding, grouped, stakes, unpaid_time, wording
from payouts.detectors.shapes import Attempt, EngagementFacts, Finding
from payouts.detectors.terms import Reading

Guard = Callable[[EngagementFacts, Reading], bool]
MOST_SAID = 3  # texts named in a sentence; all are in the evidence


def unpaid_rows(facts: EngagementFacts, one: Reading) -> list[Attempt]:
    """Return the rows that measured a reading and have no pay."""
    rows = (row for row in facts.attempts if row.work_id in one.measured_by)
    return [row for row in rows if unpaid_time.no_pay(facts, row)]


def took_time(facts: EngagementFacts, one: Reading) -> bool:
    """Tell whether there was anything to read: measured, or words to be counted."""
    return one.time_ms > 0 or bool(one.measured_by)


def has_no_pay(facts: EngagementFacts, one: Reading) -> bool:
    """Tell whether no row shows that its time was paid."""
    return not one.measured_by or bool(unpaid_rows(facts, one))


def findings(
    code: str, version: int, facts: EngagementFacts, readings: Iterable[Reading]
) -> Iterator[Finding]:
    """Yield a finding for each project and currency of these readings that was not awarded."""
    left = [one for one in readings if not 0 < one.laid.micros >= _worth(one)]
    for project, currency, group in grouped.by_project(left):
        yield _finding(code, version, facts, project, currency, group)


def _finding(
    code: str,
    version: int,
    facts: EngagementFacts,
    project: str,
    currency: str,
    group: list[Reading],
) -> Finding:
    estimated = [one for one in group if not one.measured_by]
    rows = {row.work_id: row for one in group for row in unpaid_rows(facts, one)}.values()
    of_rows = [unpaid_time.claim(row, row.worth(unpaid_time.time_of(row))) for row in rows]
    of_texts = [stakes.of_reading(one, _worth(one) - one.laid.micros) for one in estimated]
    claims = (*of_rows, *of_texts)
    return Finding(
        code=code,
        version=version,
        subject=f"{facts.pseudonym}/{currency}/{project}/reading",
        stake_micros=sum(claim.micros for claim in claims),
        currency=currency,
        since_at_ms=min(one.at_ms for one in group),
        evidence={
            "project": project,
            "time_ms": sum(one.time_ms for one in estimated) + sum(map(unpaid_time.time_of, rows)),
            "texts": [_text(one) for one in group],
            **unpaid_time.partly_awarded((*rows, *estimated)),
            "works": grouped.listed(
                [(row.ended_at_ms, row, one.micros) for row, one in zip(rows, of_rows, strict=True)]
            ),
        },
        claims=claims,
    )


def _worth(one: Reading) -> int:
    return ceil_div(one.time_ms * one.hourly_micros, MS_PER_HOUR)


def _text(one: Reading) -> dict[str, Any]:
    if one.measured_by:
        return {"name": one.name, "version": one.version, "basis": "measured"}
    return {"name": one.name, "version": one.version, "basis": one.basis, "time_ms": one.time_ms}


def sentence(*, stake_micros: int, currency: str, evidence: Mapping[str, Any]) -> str:
    """Return the finding in words: what was read, how long, and what an estimate rests on."""
    texts = evidence["texts"]
    listed = [
        gettext("%(name)s version %(version)s: %(basis)s")
        % {"name": one["name"], "version": one["version"], "basis": one["basis"]}
        for one in texts[:MOST_SAID]
    ]
    if len(texts) > MOST_SAID:
        listed.append(gettext("%(number)s more") % {"number": len(texts) - MOST_SAID})
    said = gettext("project %(project)s, %(time)s of reading without pay (%(texts)s)")
    words = said % {
        "project": evidence["project"],
        "time": wording.hours(evidence["time_ms"]),
        "texts": "; ".join(listed),
    }
    return unpaid_time.with_awards(words, currency, evidence)


def what_happened(
    facts: EngagementFacts | None, evidence: Mapping[str, Any], where: Mapping[str, int]
) -> str:
    """Return why it is not found any more. where: the money of its works, by account."""
    if awarding.behind(facts, evidence):
        return unpaid_time.AWARDED
    if facts is not None and _is_paid(facts, evidence):
        return gettext_noop("It has pay now.")
    return unpaid_time.what_happened(facts, evidence, where)


def _is_paid(facts: EngagementFacts, evidence: Mapping[str, Any]) -> bool:
    """Tell whether rows with pay measure all of these texts now."""
    wanted = {(one["name"], one["version"]) for one in evidence["texts"]}
    paid = {
        (one.name, one.version)
        for one in facts.readings
        if one.project == evidence["project"] and not has_no_pay(facts, one)
    }
    return wanted <= paid
