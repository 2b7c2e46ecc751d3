"""The list of flags as a page shows it: worst money first, each with its rule and where it stands.

Where a flag stands depends on who asks: that a worker disagrees is known to those who may see the
question, so lists are given the questions that whoever asks may see.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    Min,
    OuterRef,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.utils.functional import Promise

from ledger.periods import day_of, ms_of
from payouts import detectors
from payouts.detectors.coverage import RECORDS
from payouts.flag_life import keeping, standing
from payouts.flag_words import PLAIN, UNKNOWN, Plain
from payouts.models import Dispute, Flag

NOTICE = "W32"  # about the record as a whole: it stands above the list
DISPUTED, CLOSED = "disputed", "closed"
# What a list can be asked for, in the order in which its filters stand.
STANDS = (
    standing.ASKED,
    standing.ESCALATED,
    DISPUTED,
    standing.EXPLAINED,
    standing.NOTIFIED,
    CLOSED,
)
NAMED = 3  # on a worker's first page
FOR_AUDITORS = (standing.ESCALATED, DISPUTED)  # first of all


@dataclass(frozen=True, slots=True)
class Kind:
    """One code among the open flags."""

    code: str
    title: str
    short: str | Promise
    flags: int
    stakes: tuple[tuple[int, str], ...]  # micros and currency


@dataclass(frozen=True, slots=True)
class Shown:
    """One flag for the template. Days are on the vendor's clock."""

    flag: Flag
    stands: str  # one of STANDS
    title: str
    sentence: str
    plain: Plain
    due_on: date | None
    overdue: bool
    changed_on: date | None
    asked_worker_on: date | None  # the vendor says that it waits for the worker's details


def standing_now(flags: "QuerySet[Any]", questions: "QuerySet[Dispute]") -> "QuerySet[Any]":
    """Return flags with `stands`, one of STANDS, and since when the vendor waits for the worker.

    questions: those that whoever asks may see.
    """
    asked = Exists(questions.filter(flag=OuterRef("pk"), closed_at=None))
    return flags.annotate(
        asked_worker_at=Subquery(keeping.asked_worker(OuterRef("pk")).values("at")[:1]),
        stands=Case(
            When(resolved_at__isnull=False, then=Value(CLOSED)),
            When(state=standing.ESCALATED, then=Value(standing.ESCALATED)),
            When(asked, then=Value(DISPUTED)),
            default=F("state"),
            output_field=CharField(),
        ),
    )


def rows(
    flags: "QuerySet[Any]", *, code: str = "", stands: str = "", for_auditor: bool = False
) -> "QuerySet[Any]":
    """Return flags with their vendor and account. flags: from standing_now.

    Open ones by the money at stake, what is in another currency than the vendor's after the rest:
    its numbers compare with none. Closed ones by when they were, the newest first.
    for_auditor: first those that nobody answered, or whose worker disagrees.
    """
    chosen = _chosen(flags, stands).select_related("engagement", "vendor")
    if code:
        chosen = chosen.filter(code=code)
    elif not stands:
        chosen = chosen.exclude(code=NOTICE)
    if stands == CLOSED:
        return chosen.order_by("-resolved_at", "-pk")
    first = [Case(When(stands__in=FOR_AUDITORS, then=0), default=1)] if for_auditor else []
    abroad = Case(When(currency=F("vendor__currency"), then=0), default=1)
    return chosen.order_by(*first, abroad, "-stake_micros", "since_at_ms", "pk")


def _chosen(flags: "QuerySet[Any]", stands: str) -> "QuerySet[Any]":
    return flags.filter(stands=stands) if stands else flags.filter(resolved_at=None)


def notices(flags: "QuerySet[Any]", at: datetime) -> Iterator[Shown]:
    """Yield what is open about the record as a whole. One query."""
    open_ones = flags.filter(code=NOTICE, resolved_at=None).order_by("subject", "pk")
    return shown(open_ones.select_related("engagement", "vendor"), at)


def front_page(flags: "QuerySet[Any]", at: datetime) -> tuple[list[Shown], int]:
    """Return the open flags with the most money, as the first page names them; and how many."""
    open_ones = rows(flags)
    return list(shown(open_ones[:NAMED], at)), open_ones.count()


def counts(flags: "QuerySet[Any]") -> dict[str, int]:
    """Return how many flags stand where, in the order of STANDS, without zeros. One query."""
    counted = flags.order_by().values_list("stands").annotate(Count("pk"))
    found: dict[str, int] = dict(counted.values_list("stands", "pk__count"))
    return {stands: found[stands] for stands in STANDS if found.get(stands)}


def unanswered(flags: "QuerySet[Any]") -> "QuerySet[Any]":
    """Return the open flags that wait for the vendor's answer."""
    return flags.filter(resolved_at=None, state=standing.ASKED)


def waiting(flags: "QuerySet[Any]") -> tuple[int, datetime | None]:
    """Return how many open flags wait for the vendor's answer, and when the first is due."""
    found = unanswered(flags).aggregate(number=Count("pk"), first=Min("answer_due_at"))
    return found["number"], found["first"]


def kinds(flags: "QuerySet[Any]", *, stands: str = "") -> list[Kind]:
    """Return the codes found, with their number and their money. One query."""
    found: dict[str, list[tuple[int, int, str]]] = {}
    chosen = _chosen(flags, stands).order_by()
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


def shown(flags: Iterable[Any], at: datetime) -> Iterator[Shown]:
    """Yield flags with their words. flags: from standing_now, with their vendor."""
    for flag in flags:
        stands, zone = keeping.of(flag), flag.vendor.zone
        yield Shown(
            flag,
            flag.stands,
            title_of(flag.code),
            sentence_of(flag),
            plain_of(flag),
            _on(stands.due_at, zone),
            standing.is_overdue(stands, at),
            _on(stands.changed_at, zone),
            _on(flag.asked_worker_at, zone),
        )


def _on(moment: datetime | None, zone: str) -> date | None:
    return None if moment is None else day_of(ms_of(moment), zone)


def plain_of(flag: Flag) -> Plain:
    """Return the rule in plain words, and how it is mended."""
    plain = PLAIN.get(flag.code, UNKNOWN)
    record = RECORDS.get(flag.evidence.get("record", ""))
    return replace(plain, mend=record.mend) if record else plain


def title_of(code: str) -> str:
    """Return what a code flags; the code itself where its check is gone."""
    return detectors.title(code) if code in detectors.BY_CODE else code


def sentence_of(flag: Flag) -> str:
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
