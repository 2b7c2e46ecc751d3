"""Asks the vendor about a flag and tells the worker of it: what a finding sets going."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from ledger.agreed import PayTermsInForce
from ledger.periods import ms_of
from payouts.flag_life import keeping, standing
from payouts.flag_life.keeping import Events
from payouts.models import Flag, FlagEvent, Scan
from workers.models import Engagement


@dataclass(frozen=True)
class Asking:
    """A scan that tells and asks. sources: of the accounts of its flags."""

    at: datetime
    terms: PayTermsInForce
    sources: dict[int, str]

    @classmethod
    def of(cls, scan: Scan, terms: PayTermsInForce, accounts: Collection[int]) -> "Asking":
        """Return what a scan asks by. accounts: those that it looked at. At most one query."""
        asked = accounts if terms.terms else ()
        rows = Engagement.objects.filter(pk__in=asked).values_list("pk", "source")
        return cls(scan.started_at, terms, dict(rows))

    def tell(self, events: Events, flag: Flag, answer: FlagEvent | None) -> None:
        """Let happen what follows from finding a flag. answer: the last one that was given."""
        for_whom = {role for role in ("worker", "vendor") if getattr(flag, f"for_{role}")}
        if flag.engagement_id is None:
            for_whom -= {"worker"}  # it is about no single account, and no worker's page shows it
        grew = answer is not None and standing.grew(
            answered_micros=answer.stake_micros,
            answered_works=answer.works,
            micros=flag.stake_micros,
            works=standing.works_of(flag.evidence),
        )
        for happening in standing.on_finding(keeping.of(flag), for_whom=for_whom, grew=grew):
            events.add(flag, happening, at=self.at, role="scan", within=self.within(flag))

    def within(self, flag: Flag) -> timedelta:
        """Return the time that there is to answer, by the terms in force when it is asked."""
        works = flag.evidence.get("works", ())
        projects = {work["project"] for work in works} | {flag.evidence.get("project", "")} - {""}
        days = self.terms.answer_days(
            source=self.sources.get(flag.engagement_id or 0, ""),
            projects=projects,
            at_ms=ms_of(self.at),
        )
        return timedelta(days=days)
