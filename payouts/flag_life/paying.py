"""Pays for the time that a flag asks for: by awards that name the flag, so that a scan closes it.

What is paid is what was read on the flag's page; it is found anew under the vendor's lock, so time
that was paid meanwhile is not paid again. There is an award for each week in which the time was.
"""

from collections import Counter
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ledger import journal
from ledger.agreed import FLAG
from ledger.drafts import Draft
from ledger.facts import Account, award
from ledger.intervals import part_of
from ledger.money import Money
from ledger.periods import Week, ms_of, weeks_overlapping
from payouts import detectors, looking_again, scanning
from payouts.detectors import awarding
from payouts.detectors.shapes import Finding
from payouts.facts import accounts
from payouts.facts.background import Background
from payouts.flag_life import answering
from payouts.flag_life.answering import Overtaken
from payouts.models import Flag, LookAcross, Scan
from workers.models import Engagement, User

KIND = "flag"
HERE = awarding.CODES - {"W10"}  # which asks for other money besides


def asks_for(flag: Flag) -> int:
    """Return the micros of time that a flag asks for, also where other flags count it.

    0 where it is closed, or asks for something else.
    """
    if flag.closed_as or flag.code not in HERE:
        return 0
    return flag.stake_micros + int(flag.evidence.get("staked_elsewhere_micros", 0))


@transaction.atomic
def pay(*, flag: Flag, micros: int, seen: int, by: User, at: datetime) -> Scan:
    """Make what a flag asks for owed to the worker at once, and start the scan that closes it.

    micros: what was read. seen: how many events of it were read. Raises Overtaken where it asks for
    something else by now.
    """
    journal.lock(flag.vendor)
    held = answering.read_by(flag, seen)
    account = held.engagement
    finding = _now(held, account, at) if account and asks_for(held) else None
    owed = sum(claim.micros for claim in finding.claims) if finding else 0
    if account is None or finding is None or not owed:
        raise Overtaken(_("It asks for nothing by now. The next scan closes it."))
    if owed != micros:
        asked = {"now": Money(owed, held.currency), "read": Money(micros, held.currency)}
        raise Overtaken(_("It asks for %(now)s by now, not %(read)s. Scan again first.") % asked)
    with journal.batch(vendor=held.vendor, kind=KIND, at=at, by=by) as draft:
        _award(draft, journal.accounts([account])[account.pk], held, finding, ms_of(at))
    return scanning.start(vendor=held.vendor, as_of=at, by=by, at=at)


def _now(flag: Flag, account: Engagement, at: datetime) -> Finding | None:
    """Return what is found of a flag by now, awards that were made meanwhile taken off."""
    seen = LookAcross.objects.filter(vendor=flag.vendor).first()
    across = looking_again.across_of(seen) if seen else None
    background = Background.of(flag.vendor, ms_of(at), across)
    those = Engagement.objects.filter(pk=account.pk)
    found = [
        finding
        for facts in accounts.read(background, after=0, limit=1, those=those)
        for finding in detectors.judge(facts)
    ]
    return next(
        (one for one in found if (one.code, one.subject) == (flag.code, flag.subject)), None
    )


def _award(draft: Draft, account: Account, flag: Flag, finding: Finding, at_ms: int) -> None:
    """Draft an award for each week, dated when the last of its time was over."""
    micros: Counter[Week] = Counter()
    over_ms: dict[Week, int] = {}
    for claim in finding.claims:
        start_ms, end_ms = claim.started_at_ms, claim.ended_at_ms
        for week in weeks_overlapping(start_ms, end_ms, flag.vendor.zone):
            micros[week] += part_of(claim.micros, start_ms, end_ms, week.start_ms, week.end_ms)
            over_ms[week] = max(over_ms.get(week, 0), min(end_ms, week.end_ms - 1))
    for week in sorted(week for week in micros if micros[week]):
        row = draft.row(account, line=0, raw=b"")
        fact = award(
            external_id=f"flag {flag.pk} {week.starts_on} {draft.uuid}",
            project=FLAG,
            names=awarding.name_of_flag(flag.code, flag.evidence),
            on_ms=over_ms[week],
            micros=micros[week],
            currency=flag.currency,
            decided_at_ms=at_ms,
        )
        row.move(
            "award", micros[week], flag.currency, work=row.work(fact, root=None),
            happened_at_ms=at_ms, due_at_ms=at_ms,
            reason=f"flag {flag.pk}: {flag.code}, week of {week.starts_on}",
        )  # fmt: skip
