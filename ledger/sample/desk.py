"""The desk at which the cases of further kinds of withheld pay are drawn up.

Each of them has workers of its own, numbered on from the ordinary ones, so that no case disturbs
another. What they are and what must be found was written from a list of the kinds of withheld pay
alone, without a look at the detectors (DECISIONS.md D-080). A stake is named where that list
defines one, or where it follows from what is owed less what is paid.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from ledger.sample.cases import AFTER, PROJECT, Sheet
from ledger.sample.days import HOUR, MINUTE, due_s, monday, stamp, week_of
from ledger.sample.work import MICROS, PAID_OUTCOMES, SOURCE, Decision, Payment, Work

FLOOR_MICROS = 15 * MICROS


def time_micros(seconds: int, hourly_micros: int = FLOOR_MICROS) -> int:
    """Return what time is worth by the hour; a fraction of a micro goes up, to the worker.

    >>> time_micros(61)
    254167
    """
    return -(-seconds * hourly_micros // HOUR)


@dataclass
class Page(Sheet):
    """The sheet of one worker.

    country: drawn by chance if empty. newcomer: did nothing but what stands here.
    """

    country: str = ""
    newcomer: bool = False
    payments: list[Payment] = field(default_factory=list)

    def work(
        self,
        start: int,
        minutes: float,
        dollars: float,
        *,
        status: str = "approved",
        reason: str = "",
        decided: int | None = None,
        **fields: Any,
    ) -> Work:
        """Add one attempt of piece work. fields: any other field of Work."""
        end = start + round(minutes * MINUTE)
        at = end + AFTER if decided is None else decided
        micros = round(dollars * MICROS)
        paid = status in PAID_OUTCOMES and micros > 0
        one = Work(
            self.next_id(),
            PROJECT,
            self.order(),
            "task",
            start,
            end,
            (Decision(status, at, reason),) if status != "submitted" else (),
            micros,
            micros,
            due_s=due_s(at) if paid else None,
        )
        return self.add(one._replace(**fields))

    def hours(
        self, start: int, minutes: float, hourly: float, paid_minutes: float, **fields: Any
    ) -> Work:
        """Add one attempt that is paid by the hour, for so many minutes."""
        paid_s, rate = round(paid_minutes * MINUTE), round(hourly * MICROS)
        pay = time_micros(paid_s, rate) / MICROS
        given = {"rate_kind": "hour", "rate_micros": rate, "paid_s": paid_s, **fields}
        return self.work(start, minutes, pay, **given)

    def paid(self, *works: Work, sent: int, **fields: Any) -> Payment:
        """Pay work by a payment of its own that lists it. fields: any other field of Payment.

        The work must have been left out of the pay runs (paid_in_run=False).
        """
        amount = sum(work.pay_micros or 0 for work in works)
        ids = tuple(work.external_id for work in works)
        payment = Payment(sent, amount, ids)._replace(**fields)
        self.payments.append(payment)
        return payment

    def well_paid(self, start: int) -> Work:
        """Add half an hour that pays so well that its week is far above the floor."""
        return self.work(start, 30, 60)

    def tell_again(self, work: Work, **fields: Any) -> Work:
        """Let the later of two exports say something else than the first did."""
        told = work._replace(**fields, told_first=work)
        self.works[self.works.index(work)] = told
        return told


@dataclass
class Desk:
    """All pages so far, what is to be said of them, and what the vendor recorded besides.

    first: the number of the first worker. delivered: (work, account) as a client's manifest lists
    them; delivered_of: (project, attempts) where it only counts.
    """

    first: int
    pages: list[Page] = field(default_factory=list)
    delivered: list[tuple[str, str]] = field(default_factory=list)
    delivered_of: list[tuple[str, int]] = field(default_factory=list)
    deactivations: list[dict[str, str]] = field(default_factory=list)
    closings: list[dict[str, str]] = field(default_factory=list)
    promises: list[dict[str, object]] = field(default_factory=list)
    planted: list[dict[str, object]] = field(default_factory=list)
    near_misses: list[dict[str, object]] = field(default_factory=list)

    def page(self, *, country: str = "", newcomer: bool = False) -> Page:
        """Return the empty page of the next worker."""
        account = f"tg-{self.first + len(self.pages):05d}"
        self.pages.append(Page(account, country=country, newcomer=newcomer))
        return self.pages[-1]

    def deliver(self, page: Page, *works: Work) -> None:
        """Let the client's manifest list work of one worker."""
        self.delivered += [(work.external_id, page.account) for work in works]

    def found(
        self,
        code: str,
        pages: Page | Iterable[Page],
        works: Iterable[Work],
        stake_micros: int | None,
        why: str,
        *,
        overlap: bool = False,
        by_work: bool = True,
        project: str = "",
    ) -> None:
        """Plan a finding.

        stake_micros: None where the kind defines none. overlap: another finding has the same money.
        by_work: False where it is about a span of time, not about single works. project: where it
        is about no works, but about what was said of a project.
        """
        entry = _subject(code, pages, list(works), by_work, project)
        kind = "overlap" if overlap else "alone"
        self.planted.append({**entry, "stake_micros": stake_micros, "kind": kind, "why": why})

    def left(
        self,
        code: str,
        pages: Page | Iterable[Page],
        works: Iterable[Work],
        reason: str,
        *,
        by_work: bool = True,
        project: str = "",
    ) -> None:
        """Plan a near miss: something that must not be found."""
        subject = _subject(code, pages, list(works), by_work, project)
        self.near_misses.append({**subject, "reason": reason})


Scene = Callable[[Desk], None]


def _subject(
    code: str, pages: Page | Iterable[Page], works: list[Work], by_work: bool, project: str
) -> dict[str, object]:
    """Return what an entry is about: workers, works, and the week, days and project they share."""
    accounts = [page.account for page in ([pages] if isinstance(pages, Page) else pages)]
    weeks = {week_of(work.at_s) for work in works}
    projects = {work.project for work in works} or {project}
    return {
        "code": code,
        "account": accounts[0] if len(accounts) == 1 else "",
        "accounts": accounts,
        "source": SOURCE,
        "works": sorted({work.external_id for work in works}) if by_work else [],
        "week": monday(weeks.pop()) if len(weeks) == 1 else None,
        "days": sorted({stamp(work.at_s)[:10] for work in works}),
        "project": projects.pop() if len(projects) == 1 else "",
    }
