"""The list of flags as a page shows it: worst money first, each with its rule and what to do."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet, Sum

from payouts import detectors
from payouts.models import Flag

NOTICE = "W32"  # about the record as a whole: it stands above the list
LISTED = 10  # pieces of work named below a flag


@dataclass(frozen=True, slots=True)
class Plain:
    """A code in plain words: in short, the rule that it holds to, and how it is mended."""

    short: str
    rule: str
    mend: str


PLAIN = {
    "W01": Plain(
        "Late pay",
        "Approved work is paid by its due date; three days are left for the bank.",
        "Send the money, or bring in the remittance that shows that it was sent.",
    ),
    "W02": Plain(
        "Never decided",
        "Work that was handed in is decided within the time agreed.",
        "Decide it, and bring in the export with the decision.",
    ),
    "W19": Plain(
        "Fees taken from pay",
        "Getting paid costs the worker nothing: whoever chooses the way bears its fees.",
        "Pay what the fees took, and send the full amount at your own cost from now on.",
    ),
    "W20": Plain(
        "Costly exchange",
        "An exchange takes at most 0.5 % against the reference rate of the day.",
        "Pay the difference, or pay in the currency that was agreed.",
    ),
    "W21": Plain(
        "Late and worth less",
        "Pay that comes late takes the better of two days' rates: the due day's or its own.",
        "Pay the difference to what the due day's rate would have given.",
    ),
    "W28": Plain(
        "Below the floor",
        "Every hour that was asked for earns the floor, in each week by itself.",
        "Pay a top-up for this week, or bring in the time or pay that is missing in the record.",
    ),
    "W32": Plain(
        "No record of payments",
        "What was paid must be on record before anybody can tell whether pay is late.",
        "Bring in the remittances up to today, and say up to which day they are complete.",
    ),
}
UNKNOWN = Plain("", "See the documentation of this check.", "Look at the evidence.")


@dataclass(frozen=True, slots=True)
class Kind:
    """One code among the open flags."""

    code: str
    title: str
    short: str
    flags: int
    stakes: tuple[tuple[int, str], ...]  # micros and currency


@dataclass(frozen=True, slots=True)
class Shown:
    """One flag for the template."""

    flag: Flag
    title: str
    sentence: str
    plain: Plain
    works: list[dict[str, Any]]
    more: int
    due_on: date | None


def rows(flags: "QuerySet[Flag]", *, code: str = "", resolved: bool = False) -> "QuerySet[Flag]":
    """Return open flags by money at stake, or resolved ones by when they were, the newest first."""
    chosen = flags.filter(resolved_at__isnull=not resolved).select_related("engagement")
    if code:
        chosen = chosen.filter(code=code)
    elif not resolved:
        chosen = chosen.exclude(code=NOTICE)
    return (
        chosen.order_by("-resolved_at", "-pk")
        if resolved
        else chosen.order_by("-stake_micros", "since_at_ms", "pk")
    )


def notices(flags: "QuerySet[Flag]") -> Iterator[Shown]:
    """Yield what is open about the record as a whole. One query."""
    return shown(list(flags.filter(code=NOTICE, resolved_at=None).select_related("engagement")))


def kinds(flags: "QuerySet[Flag]", *, resolved: bool = False) -> list[Kind]:
    """Return the codes found, with their number and their money. One query."""
    found: dict[str, list[tuple[int, int, str]]] = {}
    chosen = flags.filter(resolved_at__isnull=not resolved)
    counted = chosen.values_list("code", "currency").annotate(Count("pk"), Sum("stake_micros"))
    for code, currency, number, micros in counted.order_by("code", "currency"):
        found.setdefault(code, []).append((number, micros, currency))
    return [
        Kind(
            code,
            title_of(code),
            PLAIN[code].short if code in PLAIN else code,
            sum(number for number, _, _ in some),
            tuple((micros, currency) for _, micros, currency in some if micros),
        )
        for code, some in found.items()
    ]


def shown(flags: list[Flag]) -> Iterator[Shown]:
    """Yield one page of flags with their words."""
    for flag in flags:
        works = flag.evidence.get("works", [])
        due = flag.evidence.get("due_on")
        yield Shown(
            flag,
            title_of(flag.code),
            _sentence(flag),
            PLAIN.get(flag.code, UNKNOWN),
            works[:LISTED],
            max(flag.evidence.get("pieces", len(works)) - LISTED, 0) if works else 0,
            date.fromisoformat(due) if due else None,
        )


def title_of(code: str) -> str:
    """Return what a code flags; the code itself where its check is gone."""
    return detectors.title(code) if code in detectors.BY_CODE else code


def _sentence(flag: Flag) -> str:
    """Return the finding in words; evidence of an earlier version may lack some of them."""
    try:
        said = detectors.sentence(
            code=flag.code,
            stake_micros=flag.stake_micros,
            currency=flag.currency,
            evidence=flag.evidence,
        )
    except (KeyError, ValueError):
        return ""
    return said[:1].upper() + said[1:] + "."
