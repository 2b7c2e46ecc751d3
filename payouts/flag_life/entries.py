"""The ledger entries behind flags that are not found any more: which of them answered the flag.

Where a flag asks for money that lies somewhere unsent, the entry that sent it answers the flag for
good. Where it asks for unpaid time, the award that pays for that closes it. Any other entry is
named beside the reason, where it was posted after the flag was last found.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db import connection

from ledger.models import Transfer
from ledger.moves import (
    PAYABLE,
    PENDING,
    REFUSED,
    WITHHELD,
)
from ledger.periods import week_from
from payouts.detectors.wording import is_with_the_worker, positive
from payouts.facts.asking import among
from payouts.flag_life import standing
from payouts.models import Flag

# Their flags are about money that is not sent, and no longer true once it is. Those about time or
# prices can end while the money they ask for was never promised: old pay is no answer to them.
ASK_FOR_MONEY_UNSENT = frozenset(
    {"W01", "W02", "W03", "W04", "W05", "W06", "W07", "W08", "W09", "W10", "W17"}
)
SENDS = ("pay", "apply", "remit")  # money of a piece of work leaves for the worker
NOT_SENT = (PENDING, PAYABLE, REFUSED, WITHHELD)


class Behind(NamedTuple):
    """The entry that answered a flag, if one did, and whether it sent all that was asked for."""

    entry_id: int | None = None
    is_paid: bool = False


class Last(NamedTuple):
    """The last entries of a piece of work: that sent money, that awarded it, and of any kind."""

    sent_id: int | None
    awarded_id: int | None
    any_id: int


def behind(
    gone: Sequence[Flag],
    money: Mapping[int, Counter[str]],
    awards: Mapping[int, Collection[int]],
    zone: str,
) -> dict[int, Behind]:
    """Return what stands behind each flag that is gone, by flag. Three queries.

    money: of each flag's works, by account, as it is now. awards: those that pay for what it asked,
    by their work: the last one of them closes it. zone: the vendor's.
    """
    named = {flag.pk: standing.works_of(flag.evidence) for flag in gone}
    last = _last({work for works in (*named.values(), *awards.values()) for work in works})
    posted = _of_weeks([flag for flag in gone if "week" in flag.evidence], zone)
    for flag in gone:
        there = [last[work].any_id for work in named[flag.pk] if work in last]
        posted[flag.pk] += there
    recorded = _recorded({entry for entries in posted.values() for entry in entries})
    found = {}
    for flag in gone:
        awarded = [last[work].awarded_id or 0 for work in awards[flag.pk] if work in last]
        if any(awarded):
            found[flag.pk] = Behind(max(awarded))
            continue
        sent = [last[work].sent_id or 0 for work in named[flag.pk] if work in last]
        if flag.code in ASK_FOR_MONEY_UNSENT and any(sent) and _all_is_sent(money[flag.pk]):
            found[flag.pk] = Behind(max(sent), is_paid=True)
            continue
        since = [one for one in posted[flag.pk] if recorded[one] > flag.last_seen_at]
        found[flag.pk] = Behind(max(since, default=None))
    return found


def _all_is_sent(money: Counter[str]) -> bool:
    return is_with_the_worker(money) and not positive(money, *NOT_SENT)


def _last(work_ids: Collection[int]) -> dict[int, Last]:
    """Return the last entries of each of these works. One query."""
    if not work_ids:
        return {}
    wanted, parameter = among(work_ids)
    sends = ", ".join(f"'{move}'" for move in SENDS)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT t.work_id, MAX(CASE WHEN t.move IN ({sends}) THEN t.id END),
                       MAX(CASE WHEN t.move = 'award' THEN t.id END), MAX(t.id)
                FROM ledger_transfer t WHERE t.work_id {wanted} GROUP BY t.work_id""",
            {"ids": parameter},
        )
        return {work_id: Last(*entries) for work_id, *entries in cursor}


def _of_weeks(flags: Iterable[Flag], zone: str) -> defaultdict[int, list[int]]:
    """Return the entries by which money became owed in the weeks that flags are about. One query.

    Only those that were posted since any of these flags was last found.
    """
    found: defaultdict[int, list[int]] = defaultdict(list)
    spans = defaultdict(list)
    for flag in flags:
        spans[flag.engagement_id].append((flag, week_from(_day(flag), zone)))
    if not spans:
        return found
    owed = Transfer.objects.filter(
        engagement__in=list(spans),
        target=PAYABLE,
        batch__recorded_at__gt=min(one.last_seen_at for some in spans.values() for one, _ in some),
    )
    for pk, account, ended_at_ms in owed.values_list("pk", "engagement_id", "work__ended_at_ms"):
        for flag, week in spans[account]:
            if week.start_ms <= ended_at_ms < week.end_ms:
                found[flag.pk].append(pk)
    return found


def _day(flag: Flag) -> date:
    return date.fromisoformat(flag.evidence["week"])


def _recorded(entries: Collection[int]) -> dict[int, datetime]:
    rows = Transfer.objects.filter(pk__in=entries) if entries else Transfer.objects.none()
    return dict(rows.values_list("pk", "batch__recorded_at"))
