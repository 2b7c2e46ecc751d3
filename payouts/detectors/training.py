"""W22 training: the vendor had somebody trained, or read instructions, and does not pay the time.

Flags   time of the kinds KINDS without pay: one finding an account, project and currency. And
        required texts on record that an account worked under, where nobody measured the reading.
Leaves  courses that were decided against (the worker did not pass a check of honesty, say); those
        with any pay; those on record as not required before anybody took them; tests of up to
        the time of a screening (W25). Tasks at no price that are a test are W25. What changed while
        somebody worked is W23.
Stake   the time, at the rate agreed by the hour or the floor; else estimated from the words, at
        238 a minute.
Source  29 CFR 785.27 to 785.28 (when training counts as work); EU Directive 2019/1152, article 13
        (required training is free, and working time). 238 words a minute: Brysbaert, Journal of
        Memory and Language 109 (2019).
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_lazy

from payouts.detectors import qualification, reading_time, unpaid_time
from payouts.detectors.shapes import Attempt, EngagementFacts, Finding
from payouts.detectors.terms import Reading

CODE = "W22"
VERSION = 1
TITLE = gettext_lazy("Training, tests or reading of instructions were not paid")
KINDS = ("training", "instructions", "qualification")


def is_training(facts: EngagementFacts, attempt: Attempt) -> bool:
    """Tell whether it is training, reading or a test."""
    return attempt.kind in KINDS


def is_required(facts: EngagementFacts, attempt: Attempt) -> bool:
    """Tell whether nothing on record says that one may leave it."""
    return not attempt.is_optional


def is_more_than_a_screening(facts: EngagementFacts, attempt: Attempt) -> bool:
    """Tell whether it is longer than a screening, if it is a test."""
    is_a_test = attempt.kind == "qualification"
    return not is_a_test or qualification.is_more_than_a_screening(facts, attempt)


def was_not_refused(facts: EngagementFacts, attempt: Attempt) -> bool:
    """Tell whether nobody has decided against it."""
    return attempt.decided_as != "refused"


def is_no_change(facts: EngagementFacts, attempt: Attempt) -> bool:
    """Tell whether it is not the reading of a change (W23)."""
    return not any(one.is_change and attempt.work_id in one.measured_by for one in facts.readings)


GUARDS: tuple[unpaid_time.Guard, ...] = (
    is_training,
    is_required,
    is_more_than_a_screening,
    was_not_refused,
    is_no_change,
    unpaid_time.no_pay,
    unpaid_time.took_time,
)


def is_new_to_it(facts: EngagementFacts, one: Reading) -> bool:
    """Tell whether the account had read no version before this one."""
    return not one.is_change


def nobody_measured_it(facts: EngagementFacts, one: Reading) -> bool:
    """Tell whether no row says how long it took: rows are judged by themselves."""
    return not one.measured_by


OF_READING: tuple[reading_time.Guard, ...] = (
    is_new_to_it,
    nobody_measured_it,
    reading_time.took_time,
)


def detect(
    facts: EngagementFacts,
    guards: tuple[unpaid_time.Guard, ...] = GUARDS,
    of_reading: tuple[reading_time.Guard, ...] = OF_READING,
) -> Iterator[Finding]:
    """Yield findings of rows, and of reading that is estimated."""
    yield from unpaid_time.found(CODE, VERSION, facts, guards)
    read = [one for one in facts.readings if all(guard(facts, one) for guard in of_reading)]
    yield from reading_time.findings(CODE, VERSION, facts, read)


def sentence(*, stake_micros: int, currency: str, evidence: Mapping[str, Any]) -> str:
    """Return a finding in words; reading with what its estimate rests on."""
    said = reading_time.sentence if "texts" in evidence else unpaid_time.sentence
    return said(stake_micros=stake_micros, currency=currency, evidence=evidence)


def what_happened(
    facts: EngagementFacts | None, evidence: Mapping[str, Any], where: Mapping[str, int]
) -> str:
    """Return why it is not found any more. where: the money of its works, by account."""
    happened = reading_time.what_happened if "texts" in evidence else unpaid_time.what_happened
    return happened(facts, evidence, where)
