"""Closes the gaps to the floor of one period at once: an award for each worker-week, to the micro.

What is missing is taken over the longest time that the work can have taken, so that the week
reaches the floor for certain. Pay that is still undecided may close a gap by itself: such weeks
wait. A week is topped up again only where later facts opened a new gap, by the new gap alone.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ledger import journal, weeks
from ledger.agreed import PayTermsInForce
from ledger.facts import award
from ledger.floor import TOP_UP, Verdict
from ledger.models import Work, WorkWeek
from ledger.money import Money
from ledger.periods import DAY, Period, day_of, last_ms_of, ms_of, week_from
from payouts import weekly
from payouts.models import TopUp
from payouts.statements import words
from workers.models import Engagement, User, Vendor
from workers.refusal import Refusal

DAYS_TO_PAY = 7  # after the week was topped up; the shorter of this and what was agreed


@dataclass(frozen=True, slots=True)
class Gap:
    """What one worker-week lacks to the floor, as one line of the ledger: vendor -> payable."""

    engagement_id: int
    account: str
    week: weekly.AccountWeek
    micros: int

    @property
    def reason(self) -> str:
        """What the worker reads beside the award."""
        test = self.week.test
        floor = Money(test.floor_micros or 0, self.week.currency)
        days = words.days(test.starts_on, test.ends_on)
        return f"top-up to the floor of {floor} an hour, {days}"


@dataclass(frozen=True)
class Preview:
    """The gaps of a period, and what stands in the way of others."""

    period: Period
    gaps: tuple[Gap, ...]
    undecided: int = 0  # weeks below the floor that wait for decisions
    unknown: int = 0  # weeks that cannot be judged: pay or time is not known
    micros: dict[str, int] = field(default_factory=dict)  # by currency
    over: int = 0  # all weeks that are over
    reached: int = 0  # weeks that are at the floor

    @property
    def digest(self) -> str:
        """A hash of all gaps: what is made is what was previewed."""
        said = ";".join(
            f"{gap.engagement_id}/{gap.week.test.starts_on}/{gap.week.currency}/{gap.micros}"
            for gap in self.gaps
        )
        return hashlib.sha256(said.encode()).hexdigest()


class Changed(Refusal):
    """The gaps are not those that were previewed: look again."""


def preview(*, vendor: Vendor, period: Period, as_of: datetime) -> Preview:
    """Return the gaps of the weeks that end in the period and are over. Four queries."""
    rows = weekly.within(
        WorkWeek.objects.filter(vendor=vendor, floor__isnull=False), period.first_on, period.last_on
    ).order_by("engagement_id", "starts_on")
    names = dict(Engagement.objects.filter(vendor=vendor).values_list("pk", "account"))
    today = day_of(ms_of(as_of), vendor.zone)
    gaps, undecided, unknown, over, reached = [], 0, 0, 0, 0
    micros: Counter[str] = Counter()
    for week in weekly.judged(rows, weekly.payments_of([vendor], as_of)):
        if week.test.ends_on >= today:
            continue
        over += 1
        if week.test.verdict == Verdict.PASS:
            reached += 1
        elif week.test.earned_micros is None:
            unknown += 1
        elif week.pending_micros and week.missing_high_micros:
            undecided += 1
        elif week.missing_high_micros:
            name = names[week.engagement_id]
            gaps.append(Gap(week.engagement_id, name, week, week.missing_high_micros))
            micros[week.currency] += week.missing_high_micros
    return Preview(period, tuple(gaps), undecided, unknown, dict(micros), over, reached)


def close(*, vendor: Vendor, period: Period, digest: str, by: User | None, at: datetime) -> TopUp:
    """Award what is missing, as it was previewed. digest: the preview's.

    One batch, one transaction. Raises Changed where the gaps are others by now, or there are none.
    """
    with transaction.atomic():
        journal.lock(vendor)
        weeks.refresh(vendor)
        seen = preview(vendor=vendor, period=period, as_of=at)
        if not seen.gaps:
            said = _("%(month)s: no week that is over and decided is below the floor.")
            raise Changed(said % {"month": period.label})
        if seen.digest != digest:
            said = _("%(month)s: the gaps have changed since you looked. Look again.")
            raise Changed(said % {"month": period.label})
        made = TopUp.objects.create(
            vendor=vendor,
            period=period.label,
            weeks=len(seen.gaps),
            micros=seen.micros,
            digest=digest,
            made_by=by,
            made_at=at,
        )
        _award(made, seen.gaps)
        weeks.refresh(vendor)
    return made


def said(made: TopUp) -> str:
    """Return in words what was done: '3 worker-weeks are topped up by 12.50 USD.'"""
    done = ngettext(
        "%(weeks)s worker-week is topped up by %(money)s. It is payable now: put it in a run.",
        "%(weeks)s worker-weeks are topped up by %(money)s. It is payable now: put it in a run.",
        made.weeks,
    )
    money = words.both(str(Money(micros, code)) for code, micros in made.micros.items())
    return done % {"weeks": f"{made.weeks:,}", "money": money}


def _award(made: TopUp, gaps: Sequence[Gap]) -> None:
    at_ms = ms_of(made.made_at)
    terms = PayTermsInForce.of(made.vendor)
    people = Engagement.objects.in_bulk({gap.engagement_id for gap in gaps})
    accounts = journal.accounts(people.values())
    earlier = _earlier(gaps)
    with journal.batch(
        vendor=made.vendor, kind="top-up", at=made.made_at, by=made.made_by, origin=made.uuid
    ) as draft:
        draft.load_streams(accounts)
        for gap in gaps:
            starts_on = gap.week.test.starts_on
            last_ms = week_from(starts_on, made.vendor.zone).end_ms - 1
            agreed = terms.at(
                source=people[gap.engagement_id].source, project=TOP_UP, claimed_at_ms=last_ms
            )
            days = min(DAYS_TO_PAY, agreed.due_days)
            due_on = day_of(at_ms, made.vendor.zone) + days * DAY
            row = draft.row(accounts[gap.engagement_id], line=0, raw=b"")
            number = earlier[gap.engagement_id, starts_on.isoformat()] + 1
            fact = award(
                external_id=f"{TOP_UP}/{starts_on}/{number}",
                project=TOP_UP,
                names=TOP_UP,
                on_ms=last_ms,
                micros=gap.micros,
                currency=gap.week.currency,
                decided_at_ms=at_ms,
            )
            work = row.work(fact, root=None)
            row.move(
                "award", gap.micros, gap.week.currency, work=work, happened_at_ms=at_ms,
                due_at_ms=last_ms_of(due_on, made.vendor.zone), reason=gap.reason,
            )  # fmt: skip


def _earlier(gaps: Sequence[Gap]) -> Counter[tuple[int, str]]:
    """Return how many top-ups these accounts' weeks have had: (account, Monday) -> count."""
    owners = {gap.engagement_id for gap in gaps}
    rows = Work.objects.filter(
        engagement__in=owners, external_id__startswith=f"{TOP_UP}/", revision=1
    )
    found: Counter[tuple[int, str]] = Counter()
    for engagement_id, external_id in rows.values_list("engagement_id", "external_id"):
        found[engagement_id, external_id.split("/")[1]] += 1
    return found
