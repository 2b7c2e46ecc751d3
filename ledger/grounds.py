"""What a worker must be told before owed money is held back or taken: the demands, as one function.

Sources: ILO C095, 8 (a deduction has a legal basis, and the worker is told); ILO R085, 2 (an
opportunity to show cause first); 29 CFR 531.35 (pay is free and clear). The figures are our own
where no text names one: DECISIONS.md D-060.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext

from workers.refusal import RefusalInParts

HEARING = timedelta(days=7)  # from notice to taking: time to object before anything is taken
LONGEST_HOLD = timedelta(days=1827)  # five years: a hold without an end would be a taking
TAKING = ("deduct", "apply")
NAMES = {
    "hold": "a hold", "deduct": "a deduction", "remit": "a remittance", "apply": "a recovery",
}  # fmt: skip


class Disagreed(RefusalInParts):
    """It cannot be so. value, rule and mend are for whoever asked."""


@dataclass(frozen=True)
class Grounds:
    """What a worker must be told of a decision about money that is owed.

    code: why, for machines, like quality_review; text: why, for the worker. notice_at: when the
    worker was told. evidence: what shows that it is so. appeal: how the worker can object.
    """

    code: str
    text: str
    decided_by: str
    notice_at: datetime
    ends_at: datetime | None = None
    legal_basis: str = ""
    evidence: str = ""
    appeal: str = ""


def require_said(rule: str, **said: str) -> None:
    """Raise Disagreed for the first of these texts that is empty.

    rule: what demands them. said: by option.
    """
    for option, text in said.items():
        if not text.strip():
            name = option.replace("_", "-")
            missing = gettext("no %(name)s") % {"name": name}
            mend = gettext("Give --%(name)s.") % {"name": name}
            raise Disagreed(missing, rule, mend, about=option)


def require(move: str, grounds: Grounds, *, at: datetime) -> None:
    """Raise Disagreed where a decision of this kind, made at `at`, does not say enough.

    move: hold, deduct, remit or apply (a recovery). A hold needs code, text, who decided, notice by
    then and an end to come within LONGEST_HOLD; what takes money also a legal basis; a deduction
    also evidence and a way to object; a deduction and a recovery notice HEARING before.
    """
    needs = {"code": grounds.code, "reason": grounds.text, "decided-by": grounds.decided_by}
    if move != "hold":
        needs["basis"] = grounds.legal_basis
    if move == "deduct":
        needs |= {"evidence": grounds.evidence, "appeal": grounds.appeal}
    for option, text in needs.items():
        if not text.strip():
            rule = f"{NAMES[move]} says its {', '.join(needs)}"
            raise Disagreed(f"no {option}", rule, f"Give --{option} TEXT.")
    latest = at - HEARING if move in TAKING else at
    if grounds.notice_at > latest:
        raise Disagreed(
            f"notice on {grounds.notice_at:%Y-%m-%d %H:%M}",
            f"the worker is told of {NAMES[move]} by {latest:%Y-%m-%d %H:%M}, before it is made",
            "Give notice, wait for an answer, and decide then.",
        )
    if move == "hold" and (grounds.ends_at is None or grounds.ends_at <= at):
        raise Disagreed(
            f"end {grounds.ends_at}",
            "a hold ends at a time to come, and releases itself then",
            "Give --until T; one that must last longer is decided again.",
        )
    if move == "hold" and grounds.ends_at is not None and grounds.ends_at > at + LONGEST_HOLD:
        raise Disagreed(
            f"end {grounds.ends_at:%Y-%m-%d %H:%M}",
            f"a hold ends within five years, by {at + LONGEST_HOLD:%Y-%m-%d}",
            "Give an earlier --until T; one that must last longer is decided again.",
        )


def require_between(least: int, most: int, **given: int | None) -> None:
    """Raise Disagreed where a number that is given lies outside; each is named by its argument."""
    for name, number in given.items():
        if number is not None and not least <= number <= most:
            said = name.replace("_", " ")
            rule, mend = f"{said} are {least} to {most:,}", f"Give --{name.replace('_', '-')} N."
            raise Disagreed(f"{number} {said}", rule, mend)
