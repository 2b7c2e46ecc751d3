"""The list of flags as a page shows it: worst money first, each with its rule and what to do."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet, Sum

from payouts import detectors
from payouts.detectors.coverage import RECORDS
from payouts.flag_words import PLAIN as PLAIN
from payouts.flag_words import UNKNOWN, Plain
from payouts.models import Flag

NOTICE = "W32"  # about the record as a whole: it stands above the list
LISTED = 10  # pieces of work named below a flag


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
            _plain(flag),
            works[:LISTED],
            max(flag.evidence.get("pieces", len(works)) - LISTED, 0) if works else 0,
            date.fromisoformat(due) if due else None,
        )


def _plain(flag: Flag) -> Plain:
    plain = PLAIN.get(flag.code, UNKNOWN)
    record = RECORDS.get(flag.evidence.get("record", ""))
    return replace(plain, mend=record.mend) if record else plain


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
