"""Paying, as staff do it on the pages: gaps closed, a run drafted, checked, approved, sent."""

from html import escape

import pytest
from django.test import Client

from ledger import jobs
from ledger.models import Job, Transfer
from ledger.money import format_amount
from payouts.models import PayItem, PayRun, TopUp
from payouts.runs.answered import Answered
from tests.payouts.settlement import reports
from tests.payouts.settlement.bank import Bank
from tests.payouts.settlement.reports import Line
from tests.web.test_pages import v, visit

pytestmark = pytest.mark.django_db


def run_of(site):
    return PayRun.objects.get(vendor=site.vendor)


def post(site, name, rest, **data):
    """Return the page that a user lands on, with what it says on top in `said`."""
    client = Client(raise_request_exception=True)
    client.force_login(site.users[name])
    answer = client.post(v(site, rest), data, follow=True)
    context = answer.context or {}
    refused = context.get("refused")
    told = [*context.get("messages", ()), *(refused.on_top if refused else ())]
    answer.said = " ".join(map(str, told))
    return answer


def change(site, **data):
    return post(site, "mary", "runs/1/change/", **data)


def make_ready(site):
    """Leave out whom it cannot pay, and answer every check of the draft, as mary."""
    for item in PayItem.objects.filter(engagement__payee=None):
        change(site, do="leave_out", reference=item.reference, reason="no bank account yet")
    for check, _ in visit(site, "mary", v(site, "runs/1/")).context["problems"]:
        if not check.holds:
            change(site, do="answer", code=check.code, reason="compared by hand")


def let_go(site):
    """Approve and post the run, as vera; return what the page said to her approval."""
    said = post(site, "vera", "runs/1/approve/").said
    jobs.run(job_id=Job.objects.get(kind="pay_run").pk, at=site.as_of)
    return said


def test_gaps_are_previewed_as_ledger_lines_and_closed_once(site):
    page = visit(site, "vera", v(site, "top-ups/?period=2026-10"))
    digest = page.context["preview"].digest
    count = len(page.context["preview"].gaps)

    said = post(site, "vera", "top-ups/close/", period="2026-10", digest=digest).said
    again = visit(site, "vera", v(site, "top-ups/?period=2026-10"))

    assert count > 0
    assert TopUp.objects.get().weeks == count
    assert "No gap of Oct 2026 can be closed" in again.said
    assert "topped up by" in said


def test_a_preview_that_was_not_this_one_posts_nothing(site):
    said = post(site, "vera", "top-ups/close/", period="2026-10", digest="another").said

    assert "the gaps have changed since you looked" in said
    assert not TopUp.objects.exists()


@pytest.mark.parametrize("period", ["", "2026-13", "next month", "2026-10&x"])
def test_a_month_that_is_none_is_refused_in_words(site, period):
    assert "is not a month" in post(site, "vera", "top-ups/close/", period=period, digest="").said

    page = visit(site, "vera", v(site, "runs/draft/"), period=period, currency="USD").said
    assert (
        f"“{escape(period)}” is not a month of the list" if period else "Choose a month"
    ) in page


def test_a_run_goes_from_draft_to_file_in_two_peoples_hands(site):
    seen = visit(site, "vera", v(site, "runs/1/"))
    assert "It can be approved when every check holds or is answered" in seen.said
    assert visit(site, "vera", v(site, "runs/1/files/csv/")).status_code == 404

    make_ready(site)
    own = visit(site, "mary", v(site, "runs/1/"))
    assert "whoever drafted it cannot" in own.said
    assert "second person" in post(site, "mary", "runs/1/approve/").said
    assert run_of(site).state == "draft"

    assert "is approved" in let_go(site)

    sent = visit(site, "vera", v(site, "runs/1/"))
    assert run_of(site).state == "sent"
    assert "Until the bank's answer is brought in" in sent.said
    assert sent.context["answered"].on_its_way == sent.context["sums"].micros
    assert "Left out: no bank account yet" in sent.said
    body = visit(site, "vera", v(site, "runs/1/files/csv/")).content.decode()
    paid = Transfer.objects.filter(move="pay", batch__kind="run")
    assert body.count("\n") == paid.values("payment").distinct().count() + 1


def test_a_sent_run_says_what_has_become_of_each_payment(site, tmp_path):
    make_ready(site)
    let_go(site)
    came, back, *_ = PayItem.objects.filter(left_out="").order_by("-amount_micros", "pk")[:2]
    bank = Bank(tmp_path, vendor=site.vendor)
    amount = format_amount(came.amount_micros)
    bank.report(reports.camt(Line(came.reference, amount, fee="0.25", currency="USD")))
    bank.report(reports.pain002(Line(back.reference, status="rejected")))

    page = visit(site, "vera", v(site, "runs/1/"))

    assert page.context["answered"] == Answered(
        arrived=came.amount_micros - 250_000,
        on_its_way=page.context["sums"].micros - came.amount_micros - back.amount_micros,
        fees=250_000,
        back=back.amount_micros,
    )
    assert "less a fee of 0.25" in page.said
    assert "Came back 20" in page.said
    assert "It was owed again at once" in page.said


def test_a_check_that_must_hold_cannot_be_answered_away(site):
    said = change(site, do="answer", code="payee", reason="he will tell us").said

    assert "cannot be answered away" in said
    assert run_of(site).answers == {}


def test_a_worker_sees_no_run(site):
    assert visit(site, "owed", v(site, "runs/")).status_code == 403
    assert visit(site, "owed", v(site, "runs/1/")).status_code == 403


def test_what_cannot_be_done_with_a_run_is_not_there(site):
    assert change(site, do="explode").status_code == 404
    assert change(site, do="leave_out", reference="nobody's").status_code == 404


def test_the_overview_says_what_it_would_be_without_top_ups(site):
    assert "had a top-up" not in visit(site, "vera", v(site)).said
    seen = visit(site, "vera", v(site, "top-ups/?period=2026-10")).context["preview"]
    post(site, "vera", "top-ups/close/", period="2026-10", digest=seen.digest)

    whole = visit(site, "vera", v(site)).context["overview"].whole

    assert whole.topped_up == len(seen.gaps)
    assert whole.reached - whole.reached_before == len(seen.gaps)
