"""A vendor's months for tests of scans: files come in, are taken back, decisions are made.

Six accounts with four attempts each share two projects and some ids, so that work vanishes from
lists, ids are used again and refusals come in masses, all by chance. Time goes on, mostly.
"""

from datetime import UTC, datetime, timedelta

from ledger import agreeing, ending, jobs, pledging, reference_rates, releasing, undo, withholding
from ledger.files import Refused
from ledger.grounds import Disagreed, Grounds
from ledger.money import Money
from tests import bringing, factories
from tests.payouts.exports import written
from workers.models import Engagement

BEGIN = datetime(2026, 9, 7, tzinfo=UTC)  # a Monday
NOW = datetime(2026, 12, 1, tzinfo=UTC)
DAY = timedelta(days=1)
ACCOUNTS, ATTEMPTS = 6, 4
KEYS = [(account, attempt) for account in range(ACCOUNTS) for attempt in range(ATTEMPTS)]
AMOUNTS = ("0.00", "2.00", "12.00", "12.00", "40.00")
LATER = (0, 0, 1, 1, 2, 3, 3, 5, 9, -4)  # days from one scan to the next
STEPS = (
    *("export",) * 5, *("pay",) * 4, "refuse_all", "undo", "hold", "release", "deactivate",
    "rate", "quotes", *("nothing",) * 3,
)  # fmt: skip
WITH_TERMS = (*STEPS, *("promise", "publish", "close_project", "deactivate_later") * 2)


class Months:
    """A new vendor whose first export holds all attempts, and what happens to it by chance."""

    def __init__(self, folder, random, steps=STEPS):
        self.folder, self.random, self.imports, self.told = folder, random, [], {}
        self.steps = steps
        self.vendor = factories.vendor(f"Vendor {next(factories.numbers)}")
        self.day = random.randrange(9, 20)
        self._export(KEYS)
        self._pay()

    @property
    def as_of(self):
        return BEGIN + timedelta(days=self.day, hours=13)

    def go_on(self):
        """Do one step, and let time go by; a step that the ledger refuses does nothing."""
        self.day = max(self.day + self.random.choice(LATER), 5)
        getattr(self, f"_{self.random.choice(self.steps)}")()

    def _export(self, keys=()):
        for key in keys or self.random.sample(KEYS, self.random.randrange(1, 25)):
            if key not in self.told or self.random.random() < 0.2:
                self.told[key] = self._row()
        named = keys or self.random.sample(KEYS, self.random.randrange(12, 25))
        self._bring_in_work([(key, self.told[key]) for key in named])

    def _refuse_all(self):
        decided = self.day - self.random.randrange(-3, 5)
        for key in KEYS:
            said = {"status": "rejected", "kind": "task", "decided": decided}
            self.told[key] = {**self.told.get(key, self._row()), **said}
        self._bring_in_work(list(self.told.items()))

    def _row(self):
        choice, decided = self.random.choice, self.random.randrange(8, 40)
        return {
            "kind": choice(("task", "task", "task", "training", "rework", "waiting")),
            "status": choice(("approved", "approved", "approved", "submitted", "rejected")),
            "length": choice((20, 60, 300, 900)),
            "amount": choice(AMOUNTS),
            "active": choice((None, 10, 50)),
            "decided": decided,
            "decide_by": decided + self.random.randrange(-8, 9),
            "due": decided + self.random.randrange(3, 25),
            "currency": choice(("USD", "USD", "USD", "EUR")),
        }

    def _bring_in_work(self, told):
        path = written(self.folder, [self._cells(key, row) for key, row in told])
        exported_at = BEGIN + self.day * DAY
        complete = self.random.random() < 0.6
        self._bring_in(path, "work", exported_at=exported_at, complete=complete)

    def _cells(self, key, row):
        account, attempt = key
        start = BEGIN + timedelta(days=2 * attempt, hours=9 + 2 * account)
        is_decided = row["status"] != "submitted"
        return {
            "external_id": f"att-{attempt}-{account % 4}",
            "worker_external_id": f"w-{account}",
            "source_system": "studio",
            "project": f"project-{account % 2}",
            "task_type": "outline",
            "work_category": row["kind"],
            "status": row["status"],
            "worker_country": ("KE", "US")[account % 2],
            "started_at": start.isoformat(),
            "ended_at": (start + timedelta(minutes=row["length"])).isoformat(),
            "active_seconds": "" if row["active"] is None else row["active"] * 6,
            "rate_kind": "piece",
            "rate_amount": row["amount"],
            "currency": row["currency"],
            "status_at": (BEGIN + row["decided"] * DAY).isoformat() if is_decided else "",
            "status_reason": "poor" if row["status"] == "rejected" else "",
            "decide_by": (BEGIN + row["decide_by"] * DAY).isoformat(),
            "due_at": (BEGIN + row["due"] * DAY).isoformat(),
        }

    def _pay(self):
        rows, day = [], self.random.randrange(self.day - 10, self.day + 15)
        for account in self.random.sample(range(ACCOUNTS), self.random.randrange(1, 5)):
            sent = BEGIN + day * DAY
            arrived = self.random.choice(("", sent.isoformat(), (sent + DAY).isoformat()))
            rows.append(
                {
                    "payment_reference": f"ref-{next(factories.numbers)}",
                    "worker_external_id": f"w-{account}",
                    "source_system": "studio",
                    "amount": self.random.choice(AMOUNTS[1:]),
                    "currency": "USD",
                    "sent_at": sent.isoformat(),
                    "arrived_at": arrived,
                    "fee": self.random.choice(("", "0.50")) if arrived else "",
                    "work_ids": "",
                }
            )
        until = (BEGIN + self.random.randrange(self.day - 5, self.day + 30) * DAY).date()
        self._bring_in(written(self.folder, rows), "payouts", complete_until=until)

    def _bring_in(self, path, kind, **given):
        self.imports.append(bringing.bring_in(self.vendor, path, kind=kind, at=NOW, **given))

    def _undo(self):
        try:
            job = undo.start(imported=self.random.choice(self.imports), by=None, at=NOW)
        except Refused:
            return
        jobs.run(job_id=job.pk, at=NOW)

    def _account(self):
        account = f"w-{self.random.randrange(ACCOUNTS)}"
        return Engagement.objects.get(vendor=self.vendor, account=account)

    def _hold(self):
        grounds = Grounds(
            code="quality_review", text="looked at again", decided_by="Ms Pay", notice_at=NOW,
            ends_at=NOW + self.random.randrange(1, 40) * DAY,
        )  # fmt: skip
        try:
            withholding.withhold("hold", engagement=self._account(), grounds=grounds, at=NOW)
        except Disagreed:
            return

    def _release(self):
        as_of = NOW + self.random.randrange(40) * DAY
        jobs.run(job_id=releasing.start(vendor=self.vendor, as_of=as_of, at=NOW).pk, at=NOW)

    def _deactivate(self):
        said = {"code": "inactive", "text": "no work", "decided_by": "board"}
        try:
            ending.deactivate(engagement=self._account(), told_at=NOW, from_at=NOW, at=NOW, **said)
        except Disagreed:
            return

    def _deactivate_later(self):
        said = {"code": "inactive", "text": "no work", "decided_by": "board"}
        at = BEGIN + (10 + self._some_day(40)) * DAY
        try:
            ending.deactivate(engagement=self._account(), told_at=at, from_at=at, at=at, **said)
        except Disagreed:
            return

    def _close_project(self):
        project, at = f"project-{self.random.randrange(2)}", BEGIN + self._some_day(50) * DAY
        try:
            ending.close(
                vendor=self.vendor, project=project, text="no client", decided_by="board",
                from_at=at, at=BEGIN,
            )  # fmt: skip
        except Disagreed:
            return

    def _promise(self):
        first = (BEGIN + self._some_day(4) * DAY).date()
        pledging.promise(
            vendor=self.vendor, name=f"bonus-{next(factories.numbers)}", text="two give a bonus",
            project=f"project-{self.random.randrange(2)}",
            pieces_at_least=self.random.choice((None, 1, 2)),
            counting=self.random.choice(pledging.COUNTING), first_on=first,
            last_on=first + 14 * DAY, due_on=first + self.random.randrange(14, 40) * DAY,
            amount=Money(5_000_000, "USD"), at=BEGIN,
        )  # fmt: skip

    def _publish(self):
        try:
            pledging.publish(
                vendor=self.vendor, project=f"project-{self.random.randrange(2)}", name="rules",
                version=self.random.randrange(1, 4), kind="instructions", words=2_380,
                required=True, from_on=(BEGIN + self._some_day(9) * DAY).date(), at=BEGIN,
            )  # fmt: skip
        except Disagreed:
            return

    def _some_day(self, before):
        return self.random.randrange(before)

    def _rate(self):
        try:
            agreeing.set_rate(
                vendor=self.vendor, project="project-0", per="piece", at=BEGIN,
                amount=Money(self.random.choice((10, 50)) * 1_000_000, "USD"),
                from_on=(BEGIN + self.random.randrange(60) * DAY).date(),
            )  # fmt: skip
        except Disagreed:
            return

    def _quotes(self):
        path, day = self.folder / "rates.csv", self.random.randrange(40)
        on = (BEGIN + day * DAY).date()
        path.write_text(f"currency,base,day,rate,source\nUSD,EUR,{on},1.{day:02},a-bank\n")
        reference_rates.bring_in(path=path, name=path.name, at=NOW)

    def _nothing(self):
        """Only time goes by."""
