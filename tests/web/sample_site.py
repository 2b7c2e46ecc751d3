"""A small sample brought in by the real way in, and the people who look at its pages."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from ledger import jobs, periods
from ledger.models import Payment, Work
from ledger.money import format_amount
from ledger.periods import ms_of
from ledger.sample.writing import write_sample
from payouts import scanning
from payouts.disputes import answering, asking, subjects
from payouts.evidence import log, release
from payouts.flag_life import answering as flag_answers
from payouts.models import Dispute, Draft, Entry, Flag
from payouts.runs import drafting
from payouts.settlement import intake
from payouts.statements import issue
from tests import factories, planted
from tests.factories import HOUR_MS
from tests.payouts.settlement import reports
from workers.models import Engagement, Membership, User, Vendor

WORKERS, WEEKS = 60, 9
CODES = ("W01", "W28", "W02")
MONTHS = ("2026-09", "2026-10")


@dataclass
class Site:
    """The vendor, what was planted at it, and users by name."""

    vendor: Vendor
    plan: dict[str, Any]
    as_of: datetime
    users: dict[str, User] = field(default_factory=dict)

    def planted(self, code):
        """Return a planted case of a detector that stands alone in its account."""
        return next(
            one for one in self.plan["planted"] if one["code"] == code and one["kind"] == "alone"
        )

    def account(self, name):
        return Engagement.objects.get(vendor=self.vendor, account=name)

    def account_of(self, name):
        """Return the one account of a worker."""
        return Engagement.objects.get(links__worker__user=self.users[name])


def build(folder):
    """Return the site, written to the test database: imports, a scan, statements of two months."""
    plan = write_sample(folder, workers=WORKERS, weeks=WEEKS)
    vendor = planted.bring_in(folder, plan)
    as_of = datetime.fromisoformat(plan["as_of"])
    scanning.scan(vendor=vendor, as_of=as_of, at=as_of)
    for month in MONTHS:
        issue.issue_all(vendor=vendor, period=month, by=None, at=as_of)
    _report_of_the_bank(vendor, as_of)
    site = Site(vendor, plan, as_of)
    owed, low, waiting = (site.account(site.planted(code)["account"]) for code in CODES)
    platform = Engagement.objects.filter(vendor=vendor, source="mturk").order_by("account")
    site.users = {
        "vera": factories.staff(vendor, "vera"),
        "owed": factories.worker(owed, name="owed"),
        "low": factories.worker(low, name="low"),
        "several": factories.worker(waiting, platform[0], name="several"),
        "turk": factories.worker(platform[1], name="turk"),
        "newcomer": factories.worker(name="newcomer"),
        "ada": factories.auditor(vendor, first_on=date(2026, 10, 1), name="ada"),
    }
    site.users["mary"] = factories.staff(vendor, "mary")
    drafting.draft(vendor=vendor, period=periods.month(MONTHS[-1]), by=site.users["mary"], at=as_of)
    both = factories.worker(platform[2], name="both")
    Membership.objects.create(vendor=vendor, user=both)
    site.users["both"] = both
    record(site, low)
    return site


def _report_of_the_bank(vendor, as_of):
    """Bring in what a bank says: of payments that are known to have arrived, and of others."""
    arrived = Payment.objects.filter(engagement__vendor=vendor, transfers__move="settle")
    lines = [
        reports.Line(one.reference, format_amount(one.amount_micros), name="Jan Nowak")
        for one in arrived.order_by("pk").distinct()[:60]
    ]
    lines += [reports.Line(f"RENT-{n}", "700.00", name="House & Sons") for n in range(60)]
    content = reports.camt(*lines, opening="0.50").replace(b'"USD">0.50', b'"USD">0.75', 1)
    file, _ = intake.receive(vendor=vendor, content=content, name="bank-october.xml", at=as_of)
    jobs.run(job_id=intake.job_of(file).pk, at=as_of)


def _answers(site, account):
    """Let the vendor explain a flag of the worker's, and answer none of another one in time."""
    flags = Flag.objects.filter(vendor=site.vendor, state="asked").order_by("-stake_micros")
    site.flag = flags.filter(engagement=account)[0]
    words = "The hours of that week were brought in twice; the second export is right."
    flag_answers.explain(
        flag=site.flag, words=words, seen=site.flag.events, by=site.users["vera"], at=site.as_of
    )
    october = ms_of(datetime(2026, 10, 2, tzinfo=UTC))
    late = flags.filter(engagement__isnull=False, since_at_ms__gte=october)
    late.filter(pk=late[0].pk).update(answer_due_at=site.as_of - timedelta(days=1))
    flag_answers.escalate_overdue(at=site.as_of)
    site.silent = Flag.objects.get(vendor=site.vendor, state="escalated")


def record(site, account):
    """Write the private record of one worker: entries, a draft, questions in different states."""
    person, user, at = factories.person_of(account), site.users["low"], site.as_of
    work = Work.objects.filter(engagement=account, revision=1).order_by("-ended_at_ms")
    given = {"worker": person, "engagement": account, "at": at}
    ended_at_ms = work[0].ended_at_ms + 4 * HOUR_MS
    for number, what in enumerate(("Reading the instructions", "Waiting for tasks", "A call")):
        end = ended_at_ms + number * HOUR_MS
        said = log.Said(end - (number + 1) * 1_260_000, end, what, note="It was not counted.")
        entry = log.by_hand(said=said, **given)
    corrected = log.edit(entry=entry, said=said._replace(what="A call with the lead"), at=at)
    log.note_screenshot(entry=corrected, sha256="9f" * 32, size=48_213, at=at)
    log.by_hand(said=said._replace(external_id="HIT-77-lost", promised_micros=1_250_000,
                                   currency=site.vendor.currency), **given)  # fmt: skip
    log.start(what="Boats in harbours", **given)
    released = Entry.objects.get(what="Waiting for tasks")
    release.release(entry=released, words="I was on call.", by=user, at=at)

    def line(number):
        about = f"work-{work[number].root_id}"
        return subjects.find(about, lambda model: model.objects.all())

    asked = {"worker": person, "at": at}
    asking.begin(subject=line(0), choice="too_little", **asked)
    answered = asking.open_case(
        subject=line(1), choice="other", words="Which rate is this?", by=user, **asked
    )
    answering.answer(dispute=answered, words="The old one.", seen=1, by=site.users["vera"], at=at)
    asking.escalate(dispute=answered, words="The new one was agreed.", seen=2, by=user, at=at)
    _answers(site, account)
    site.entry, site.draft = corrected, Draft.objects.get(worker=person)
    site.question = Dispute.objects.get(choice="time")
    site.escalated = answered
