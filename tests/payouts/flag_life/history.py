"""A vendor with one account and late pay, to whose flag anything may happen; and what must hold."""

from datetime import timedelta

from ledger import balances, jobs, undo
from ledger.models import Work
from payouts import scanning
from payouts.disputes import asking, subjects
from payouts.flag_life import answering
from payouts.models import Flag, FlagEvent
from tests import factories
from tests.payouts.exports import AS_OF, bring_payouts, bring_work, payment, work
from workers.models import Engagement

WHY = "The bank was closed on that day, see notice 7."
CLOSING = ("paid", "closed", "superseded", "decided")
# What may follow what, between two closings; "late": an explanation after the escalation.
MAY_FOLLOW = {
    "asked": {"explained", "escalated", "paid", "closed", "superseded"},
    "explained": {"explained", "asked", "paid", "closed", "superseded"},
    "escalated": {"late", "decided", "paid", "closed", "superseded"},
    "late": {"late", "decided", "paid", "closed", "superseded"},
}


class History:
    """Acts on one flag through the real doors, in any order."""

    def __init__(self, folder):
        self.folder, self.now = folder, AS_OF + timedelta(days=1)
        self.vendor = factories.vendor()
        self.imports, self.pieces, self.kept = [], 0, {}
        self.more()
        account = Engagement.objects.get(vendor=self.vendor)
        bring_payouts(self.vendor, folder, payment("somebody else"), at=self.now)
        self.worker = factories.worker(account)
        self.staff = [factories.staff(self.vendor) for _ in range(2)]
        self.auditor = factories.auditor(self.vendor)

    def flag(self):
        """Return the newest flag on late pay, if there is one."""
        return Flag.objects.filter(vendor=self.vendor, code="W01").order_by("version").last()

    def tick(self):
        self.now += timedelta(seconds=1)
        return self.now

    def more(self):
        """More work of the same due day comes in."""
        self.pieces += 1
        bring_work(self.vendor, self.folder, work(number=self.pieces), at=self.tick())

    def pay(self, number):
        """One piece of work is paid, unless it was."""
        paid = payment(works=f"ada-{number}", sent_at="2026-10-30T10:00:00Z")
        if number <= self.pieces and self.owed(number):
            self.imports.append(bring_payouts(self.vendor, self.folder, paid, at=self.tick()))

    def refuse(self, number):
        """A later export takes back what was approved; the money is in sight, and not owed."""
        if number <= self.pieces:
            said_at = self.tick().isoformat()
            row = work(number=number, status="rejected", status_at=said_at, status_reason="blurred")
            bring_work(self.vendor, self.folder, {**row, "due_at": ""}, at=self.now)

    def undo(self):
        """The last payment turns out to be none."""
        if self.imports:
            job = undo.start(imported=self.imports.pop(), by=None, at=self.tick())
            jobs.run(job_id=job.pk, at=self.now)

    def scan(self):
        """A scan; another one right after it adds nothing."""
        scanning.scan(vendor=self.vendor, as_of=self.tick(), at=self.now)
        self.agrees_with_the_ledger()
        before = FlagEvent.objects.count()
        scanning.scan(vendor=self.vendor, as_of=self.now, at=self.tick())
        assert FlagEvent.objects.count() == before

    def wait(self, days):
        """Days pass, and the calendar does what is its."""
        self.now += timedelta(days=days)
        answering.escalate_overdue(at=self.now)
        assert answering.escalate_overdue(at=self.now) == 0

    def explain(self):
        """Two of the staff answer at once: at most one does."""
        self.at_once(answering.explain, self.staff)

    def decide(self):
        """An auditor decides, twice by mistake."""
        self.at_once(answering.decide, [self.auditor] * 2)

    def at_once(self, call, people):
        if (flag := self.flag()) is None:
            return
        done = 0
        for who in people:
            try:
                call(flag=flag, words=WHY, seen=flag.events, by=who, at=self.tick())
                done += 1
            except answering.Overtaken:
                pass
        assert done <= 1

    def ask(self):
        """The worker disagrees: a question, which is no event of the flag."""
        if (flag := self.flag()) is None:
            return
        subject = subjects.find(f"flag-{flag.pk}", lambda model: model.objects.all())
        person = factories.person_of(subject.engagement)
        before = FlagEvent.objects.count()
        asking.open_case(
            subject=subject, worker=person, choice="other", words="", by=self.worker, at=self.tick()
        )
        assert FlagEvent.objects.count() == before

    def owed(self, number=None):
        names = [f"ada-{number}"] if number else [f"ada-{n + 1}" for n in range(self.pieces)]
        works = Work.objects.filter(engagement__vendor=self.vendor, external_id__in=names)
        roots = set(works.values_list("root_id", flat=True))
        there = balances.of_work(list(roots))
        return sum(one.micros for root in roots for one in there[root] if one.account == "payable")

    def agrees_with_the_ledger(self):
        """What is owed is asked about, unless an auditor decided; what is not is closed."""
        flag = self.flag()
        if self.owed():
            assert flag.closed_as in ("", "decided")
            assert flag.stake_micros == self.owed()
        elif flag is not None:
            assert flag.closed_as != ""

    def check(self):
        """Nothing is lost or changed, and the row says what the events say."""
        flags = {flag.pk: flag for flag in Flag.objects.filter(vendor=self.vendor)}
        events = {
            pk: list(flag.history.order_by("position").values()) for pk, flag in flags.items()
        }
        for pk, before in self.kept.items():
            assert events[pk][: len(before)] == before
        for pk, happened in events.items():
            check_one(flags[pk], happened)
        self.kept = events


def check_one(flag, happened):
    """Hold one flag to its events, each of which is dated, and by whom."""
    assert [event["position"] for event in happened] == list(range(1, len(happened) + 1))
    assert flag.events == len(happened)
    dates = [event["at"] for event in happened]
    assert dates == sorted(dates)
    before, closed = None, ""
    for event in happened:
        name = event["happening"]
        if closed:
            assert name == "reopened"
            before, closed = None, ""
            continue
        if before in ("escalated", "late") and name == "explained":
            name = "late"
        allowed = {"asked"} if before is None else MAY_FOLLOW[before]
        assert name in allowed, (before, name)
        who = {"explained": "vendor", "late": "vendor", "decided": "auditor", "escalated": "clock"}
        assert event["role"] == who.get(name, "scan")
        assert (event["by_id"] is not None) == (event["role"] in ("vendor", "auditor"))
        assert (event["seal"] != "") == (event["by_id"] is not None)
        assert (event["due_at"] is not None) == (name == "asked")
        assert name != "paid" or event["entry_id"]
        assert name not in ("closed", "superseded") or event["reason"]
        before, closed = name, name if name in CLOSING else ""
    assert flag.closed_as == closed
    assert (flag.resolved_at is not None) == bool(closed)
    assert flag.changed_at == dates[-1]
    if not closed:
        assert flag.state == {"late": "escalated"}.get(before, before)
