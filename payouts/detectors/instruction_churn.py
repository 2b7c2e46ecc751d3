"""W23 instruction churn: what has to be read for the work changed, and reading it has no pay.

Flags   versions of instructions or of a required course that came while an account worked for the
        project, and that it went on to work under, where no pay for reading them is on record: one
        finding an account, project and currency.
Leaves  the first version that an account met (W22); changes that concern another type of task, or
        that came after its last work; texts that are not required; reading that was paid; versions
        in which no word is new. A version that names no type of task concerns all of its project.
Stake   the time that rows measured; else that of the new words (all of them, where nobody counted
        the new ones) at 238 words a minute. At the floor, or the rate agreed by the hour.
Source  Partnership on AI, guidelines on sourcing data enrichment: time for what belongs to a task
        is paid. 238 words a minute: Brysbaert, Journal of Memory and Language 109 (2019). See
        D-124.
"""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy

from payouts.detectors import reading_time
from payouts.detectors.shapes import EngagementFacts, Finding
from payouts.detectors.terms import Reading

CODE = "W23"
VERSION = 1
TITLE = gettext_lazy("Instructions changed and reading them was not paid")


def is_a_change(facts: EngagementFacts, one: Reading) -> bool:
    """Tell whether the account had read a version before this one."""
    return one.is_change


GUARDS: tuple[reading_time.Guard, ...] = (
    is_a_change,
    reading_time.took_time,
    reading_time.has_no_pay,
)


def detect(
    facts: EngagementFacts, guards: tuple[reading_time.Guard, ...] = GUARDS
) -> Iterator[Finding]:
    """Yield a finding for each project and currency whose changes were read without pay."""
    changes = [one for one in facts.readings if all(guard(facts, one) for guard in guards)]
    yield from reading_time.findings(CODE, VERSION, facts, changes)


sentence = reading_time.sentence
what_happened = reading_time.what_happened
