"""A month as staff pay it, end to end: work, gaps, run, bank, paper; one payment comes back."""

from datetime import UTC, date, datetime, time

import pytest

from ledger import jobs, periods, proofs
from ledger.models import Batch, WorkWeek
from ledger.periods import DAY
from payouts import scanning, topups
from payouts.models import Flag, PayRun, Statement
from payouts.runs import drafting, files, looking, sending
from payouts.settlement import intake as settlement
from payouts.statements import issue
from payouts.statements.data import from_json
from tests import bringing, factories
from tests.payouts import exports
from tests.payouts.runs.conftest import know_payees
from tests.payouts.settlement import reports
from tests.payouts.settlement.reports import Line
from workers.models import Payee

pytestmark = pytest.mark.django_db

OCTOBER = periods.month("2026-10")
AT = datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.fixture
def vendor(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    bringing.floor_since_2010()
    made = factories.vendor("Aster Labelling")
    exports.bring_work(
        made, tmp_path, exports.work("ada", 1), exports.work("ben", 1, rate_amount="10.000001"),
        exports.work("eva", 1),
    )  # fmt: skip
    know_payees(made)
    Payee.objects.filter(engagement__account="eva").update(currency="EUR")
    for on, rate in ((date(2026, 10, 12), 1.25), (date(2026, 11, 19), 1.28)):
        factories.reference_rate(
            "USD", "EUR", rate, on, recorded_at=datetime.combine(on + DAY, time(), UTC)
        )
    return made


def pay_all(vendor, maker, checker):
    run = drafting.draft(vendor=vendor, period=OCTOBER, by=maker, at=AT)
    for check in looking.checked(run, as_of=AT):
        if not check.holds:
            drafting.answer(run=run, code=check.code, reason="compared by hand")
    run.refresh_from_db()
    jobs.run(job_id=sending.approve(run=run, by=checker, at=AT).pk, at=AT)
    run.refresh_from_db()
    return run


def bank_says(vendor, *lines):
    file, _ = settlement.receive(
        vendor=vendor, content=reports.camt(*lines), name="statement.xml", at=AT
    )
    jobs.run(job_id=settlement.job_of(file).pk, at=AT)


def flags(vendor):
    scanning.scan(vendor=vendor, as_of=AT, at=AT)
    open_flags = Flag.objects.filter(vendor=vendor, resolved_at=None)
    return set(open_flags.values_list("code", "engagement__account"))


def earned_and_received(account):
    week = WorkWeek.objects.get(engagement__account=account)
    return week.earned_micros, week.received_micros


def test_a_month_is_paid_and_a_returned_payment_is_paid_again(vendor):
    maker, checker = factories.staff(vendor, "mary"), factories.staff(vendor, "charles")
    assert ("W28", "ben") in flags(vendor)

    seen = topups.preview(vendor=vendor, period=OCTOBER, as_of=AT)
    topups.close(vendor=vendor, period=OCTOBER, digest=seen.digest, by=maker, at=AT)
    assert ("W28", "ben") not in flags(vendor)

    first = pay_all(vendor, maker, checker)
    to_ada, to_ben, to_eva = first.items.order_by("engagement__account")
    assert (to_ada.amount_micros, to_ben.amount_micros) == (20_000_000, 15_000_000)
    # Late, and the dollar fell meanwhile: the rate of the due day, 1.25, is the better one.
    assert (to_eva.amount_micros, to_eva.goes_out) == (20_000_000, (16_000_000, "EUR"))
    assert to_ben.reference.encode() in files.written(first, "pain001")
    assert b'<InstdAmt Ccy="EUR">16.00</InstdAmt>' in files.written(first, "pain001")

    day = AT.date().isoformat()
    bank_says(vendor, Line(to_ada.reference, amount="20.00", day=day))
    bank_says(
        vendor,
        Line(to_ben.reference, amount="15.00", day=day),
        Line(to_ben.reference, amount="15.00", day=day, status="returned", reason="AC04"),
    )
    bank_says(vendor, Line(to_eva.reference, "20.61", day=day, arrived=("16.00", "EUR")))
    assert earned_and_received("ada") == (20_000_000, 20_000_000)
    assert earned_and_received("eva") == (20_000_000, 20_000_000)
    assert earned_and_received("ben") == (15_000_000, 0)

    second = pay_all(vendor, maker, checker)
    (again,) = second.items.all()
    assert (again.engagement.account, again.amount_micros) == ("ben", 15_000_000)
    assert again.reference != to_ben.reference
    bank_says(vendor, Line(again.reference, amount="15.00", day=day))
    assert earned_and_received("ben") == (15_000_000, 15_000_000)
    assert PayRun.objects.filter(vendor=vendor, state="sent").count() == 2

    issue.issue_all(vendor=vendor, period="2026-10", by=maker, at=AT)
    paper = from_json(Statement.objects.get(engagement__account="ben").data)
    assert sum(line.amount_micros for line in paper.pay if line.is_earned) == 15_000_000
    assert any("top-up to the floor" in line.reason for line in paper.pay)
    for batch in Batch.objects.filter(vendor=vendor):
        assert proofs.recheck(batch) == []
