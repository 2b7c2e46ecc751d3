"""What a planted case is, and the sheet of paper on which one is drawn up.

A case belongs to one worker. Its findings are what a perfect detector finds there; its near misses
look alike and must be left alone.
"""

from dataclasses import dataclass, field

from ledger.sample.days import HOUR, MINUTE, due_s, monday
from ledger.sample.work import MICROS, Decision, Payment, Work

PROJECT = "special-orders"
AFTER = 6 * HOUR  # the usual time from hand-in to decision


@dataclass(frozen=True)
class Finding:
    """What must be found. A floor finding names its week, all others their works.

    stake_micros: money at stake that no other finding of the case explains.
    shortfall_micros: the whole shortfall of the week, where the stake is only a part of it.
    """

    code: str
    stake_micros: int
    why: str
    works: tuple[str, ...] = ()
    week: int | None = None
    overlap: bool = False
    shortfall_micros: int | None = None

    def plan(self, account: str, source: str) -> dict[str, object]:
        """Return its entry in `planted.json`."""
        entry: dict[str, object] = {
            "code": self.code,
            "account": account,
            "accounts": [account],
            "source": source,
            "works": sorted(self.works),
            "week": None if self.week is None else monday(self.week),
            "days": [],
            "project": "",
            "stake_micros": self.stake_micros,
            "kind": "overlap" if self.overlap else "alone",
            "why": self.why,
        }
        if self.code == "W28":
            whole = self.shortfall_micros
            entry["shortfall_micros"] = self.stake_micros if whole is None else whole
        return entry


@dataclass(frozen=True)
class NearMiss:
    """What must not be found, and why."""

    code: str
    reason: str
    works: tuple[str, ...] = ()
    week: int | None = None

    def plan(self, account: str, source: str) -> dict[str, object]:
        """Return its entry in `planted.json`."""
        return {
            "code": self.code,
            "account": account,
            "accounts": [account],
            "source": source,
            "works": sorted(self.works),
            "week": None if self.week is None else monday(self.week),
            "days": [],
            "project": "",
            "reason": self.reason,
        }


@dataclass(frozen=True)
class Case:
    """One worker's planted work, its payments, and what is to be said of it.

    reserved: weeks that hold nothing but the planted work.
    newcomer: the worker did nothing else at all.
    """

    works: tuple[Work, ...]
    payments: tuple[Payment, ...] = ()
    findings: tuple[Finding, ...] = ()
    near_misses: tuple[NearMiss, ...] = ()
    reserved: frozenset[int] = frozenset()
    newcomer: bool = False


@dataclass
class Sheet:
    """Numbers and keeps the works of one worker while a case is drawn up."""

    account: str
    works: list[Work] = field(default_factory=list)

    def order(self) -> str:
        """Return the kind of task: no two workers' orders are the same work."""
        return f"order {self.account}"

    def next_id(self) -> str:
        return f"{self.account}-{len(self.works) + 1:04d}"

    def add(self, work: Work) -> Work:
        self.works.append(work)
        return work

    def task(
        self,
        start: int,
        minutes: int,
        dollars: float | None,
        *,
        outcome: str | None = "approved",
        decided: int | None = None,
        reason: str = "",
        category: str = "task",
        due: int | None = None,
        decide_by: int | None = None,
        active_minutes: int | None = None,
        in_run: bool = True,
    ) -> Work:
        """Add one attempt. outcome None: never decided. dollars None: nobody wrote the pay down."""
        end = start + minutes * MINUTE
        decided = end + AFTER if decided is None else decided
        micros = None if dollars is None else round(dollars * MICROS)
        approved = outcome in ("approved", "screened_out") and bool(micros)
        return self.add(
            Work(
                external_id=self.next_id(),
                project=PROJECT,
                task_type=self.order(),
                category=category,
                start_s=start,
                end_s=end,
                decisions=(Decision(outcome, decided, reason),) if outcome else (),
                pay_micros=micros,
                rate_micros=micros,
                active_s=None if active_minutes is None else active_minutes * MINUTE,
                decide_by_s=decide_by,
                due_s=(due or due_s(decided)) if approved else None,
                paid_in_run=in_run,
            )
        )

    def award(self, at: int, dollars: float, *, reason: str, in_run: bool = True) -> Work:
        """Add a bonus: money without time, earned on the day it was given."""
        micros = round(dollars * MICROS)
        return self.add(
            Work(
                external_id=self.next_id(),
                project=PROJECT,
                task_type="bonus",
                category="award",
                start_s=None,
                end_s=None,
                decisions=(Decision("approved", at, reason),),
                pay_micros=micros,
                rate_micros=micros,
                due_s=due_s(at),
                paid_in_run=in_run,
            )
        )
