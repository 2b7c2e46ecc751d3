"""A small sample brought in by the real way in, and the people who look at its pages."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from ledger import jobs, periods
from ledger.models import Payment
from ledger.money import format_amount
from ledger.sample.writing import write_sample
from payouts import scanning
from payouts.runs import drafting, payee_file
from payouts.settlement import intake
from payouts.statements import issue
from tests import factories, planted
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
    payee_file.bring_in(vendor=vendor, path=folder / plan["payees"], by=None, at=as_of)
    drafting.draft(vendor=vendor, period=periods.month(MONTHS[-1]), by=site.users["mary"], at=as_of)
    both = factories.worker(platform[2], name="both")
    Membership.objects.create(vendor=vendor, user=both)
    site.users["both"] = both
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
