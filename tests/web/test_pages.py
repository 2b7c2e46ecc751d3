"""What the pages say about a sample that was brought in by the real way in, on the day it ends."""

import gzip
import re
from datetime import timedelta

import pytest
from django.contrib.staticfiles import finders
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ledger import jobs
from ledger.models import Import, Job, Payment, Transfer, WorkWeek
from payouts import weekly
from payouts.models import Flag, Scan, Statement
from payouts.my_pay import earnings
from payouts.statements.words import money
from tests import factories
from tests.web.test_browser import addresses
from workers.models import Engagement

pytestmark = pytest.mark.django_db

WORKER_BYTES, VENDOR_BYTES = 20 * 1024, 100 * 1024
MOST_REQUESTS, MOST_QUERIES = 5, 30
INLINE = re.compile(r"</?(?:span|bdi|strong|b|em)\b[^>]*>")
TAGS = re.compile(r"<[^>]+>")


def visit(site, name, address, **data):
    """Return the answer to a user; the body as one line of text in `said`."""
    client = Client(raise_request_exception=True)
    if name:
        client.force_login(site.users[name])
    response = client.post(address, data) if data else client.get(address)
    text = TAGS.sub(" ", INLINE.sub("", response.content.decode()))
    response.said = " ".join(text.replace("&#x27;", "'").split())
    return response


def v(site, rest=""):
    return f"/v/{site.vendor.slug}/{rest}"


# The worker


def test_a_worker_learns_first_what_is_overdue_and_since_when(site):
    case = site.planted("W01")
    page = visit(site, "owed", "/pay/").said

    assert page.index("You are owed") < page.index("Earned")
    assert f"{money(case['stake_micros'], 'USD')} is overdue since" in page


def test_the_parts_of_every_accounts_pay_add_up_to_what_was_earned(site):
    pay = earnings.so_far(Engagement.objects.filter(vendor=site.vendor), as_of=site.as_of)

    assert len(pay.by_account) > 60
    for purses in pay.by_account.values():
        for one in purses:
            lost = one.fees + one.lost
            where = one.received + one.remitted + one.on_approval + one.on_the_way + lost
            assert one.earned == where + one.withheld + one.owed - one.paid_ahead


def test_accounts_together_are_the_sum_of_each_by_itself(site):
    mine = Engagement.objects.filter(links__worker__user=site.users["several"])
    pay = earnings.so_far(mine, as_of=site.as_of)

    each = [purse.earned for purses in pay.by_account.values() for purse in purses]
    assert len(each) == 2
    assert [purse.earned for purse in pay.purses] == [sum(each)]
    assert money(sum(each), "USD") in visit(site, "several", "/pay/").said


def test_what_a_platform_pays_on_approval_is_not_said_to_be_owed(site):
    page = visit(site, "turk", "/pay/").said

    assert "Nothing is owed to you now" in page
    assert "Paid on approval" in page


def test_a_week_below_the_floor_says_what_is_missing(site):
    case = site.planted("W28")
    account = site.account_of("low")
    page = visit(site, "low", f"/pay/{account.pseudonym}/weeks/{case['week']}/").said

    assert "below the floor of 15.00 USD" in page
    assert f"{money(case['shortfall_micros'], 'USD')} is missing" in page


def test_refused_work_stands_with_its_reason(site):
    refused = Transfer.objects.filter(move="refuse", engagement=site.account_of("owed"))
    page = visit(site, "owed", "/pay/work/refused/").said

    for reason in refused.values_list("reason", flat=True):
        assert f"Refused: {reason}" in page


def test_a_payment_opens_to_the_work_that_it_pays(site):
    account = site.account_of("owed")
    payment = Payment.objects.filter(engagement=account).latest("pk")
    page = visit(site, "owed", f"/pay/payments/{payment.pk}/").said

    works = payment.transfers.filter(move="pay").values_list("work__external_id", flat=True)
    assert works
    assert all(work in page for work in works)
    assert money(payment.amount_micros, "USD") in page


def test_who_has_no_account_is_told_what_to_do(site):
    page = visit(site, "newcomer", "/pay/").said

    assert "No account is linked to you yet" in page
    assert "Add an account" in page


def test_everybody_comes_to_their_own_first_page(site):
    places = {"owed": "/pay/", "vera": v(site), "ada": "/audit/"}

    assert {name: visit(site, name, "/").headers["Location"] for name in places} == places
    assert "Where to?" in visit(site, "both", "/").said


# The vendor


def test_the_headline_counts_worker_weeks_that_earned_the_floor(site):
    weeks = WorkWeek.objects.filter(vendor=site.vendor)
    payments = weekly.payments_of([site.vendor], site.as_of)
    judged = [week.test.verdict for week in weekly.judged(weeks, payments)]
    page = visit(site, "vera", v(site)).said

    reached, below = judged.count("pass"), judged.count("fail")
    assert 0 < below < len(judged)
    assert f"{reached * 1000 // len(judged) / 10}% of worker-weeks earned the floor" in page
    assert f"{reached:,} of {len(judged):,} worker-weeks; {below} did not" in page


def test_flags_come_worst_money_first_and_by_code(site):
    page = visit(site, "vera", v(site, "flags/?code=W28"))
    stakes = Flag.objects.filter(vendor=site.vendor, code="W28").order_by("-stake_micros")

    rows = [one.flag.stake_micros for one in page.context["shown"]]
    assert rows == list(stakes.values_list("stake_micros", flat=True)) != []
    assert "Approved work has not been paid" not in page.said


def test_a_scan_begins_with_a_button_and_shows_how_far_it_is(site):
    started = visit(site, "vera", v(site, "flags/scan/"), go="1")
    page = visit(site, "vera", started.headers["Location"])

    assert Scan.objects.filter(vendor=site.vendor, by=site.users["vera"]).count() == 1
    assert "This page refreshes by itself" in page.said
    assert page.headers["Refresh"]


HEADER = "external_id,worker_external_id,source_system,project,task_type,status,ended_at,rate_kind,rate_amount,currency,status_at\n"  # noqa: E501


def a_file(name, rows, amount="2.50", account="ann"):
    """Return an export of `rows` pieces of work, the last of which has this amount."""
    lines = [
        f"{name}-{n},{account},acme,boats,boxes,approved,2026-10-20T10:{n // 60:02}:{n % 60:02}Z,"
        f"piece,{amount if n == rows - 1 else '2.50'},USD,2026-10-21T10:00:00Z\n"
        for n in range(rows)
    ]
    return SimpleUploadedFile(f"{name}.csv", (HEADER + "".join(lines)).encode())


def bring_in(site, upload, kind="work", **said):
    """Bring a file in by the page, and return its import and the address of its page."""
    answer = visit(site, "vera", v(site, "imports/"), file=upload, kind=kind, **said)
    address = answer.headers["Location"]
    return Import.objects.get(uuid=address.split("/")[-2]), address


def work_off(key):
    return jobs.run(job_id=Job.objects.get(key=key).pk, at=timezone.now())


def test_a_file_is_brought_in_watched_and_its_rejected_rows_come_back_mended(
    site, settings, tmp_path
):
    settings.VAR_DIR = tmp_path
    imported, address = bring_in(site, a_file("first", 120, amount="two"))
    waiting = visit(site, "vera", address)
    work_off(f"import:{imported.uuid}")
    done = visit(site, "vera", address)
    rejects = Client()
    rejects.force_login(site.users["vera"])
    csv = rejects.get(f"/api/v1/imports/{imported.uuid}/rejects/").getvalue().decode()
    mended, again = bring_in(
        site,
        SimpleUploadedFile("mended.csv", csv.replace("two", "2.50").encode()),
    )
    work_off(f"import:{mended.uuid}")

    assert "The file is being read" in waiting.said
    assert waiting.headers["Refresh"]
    assert "119 new · 1 rejected · 0 changed" in done.said
    assert re.search(r"Row \d+: \w+ two ", done.said)
    assert "<table" not in done.content.decode()  # five columns do not fit on a phone
    assert "Refresh" not in done.headers
    assert "1 new · 0 rejected · 0 changed" in visit(site, "vera", again).said


def test_the_same_file_again_adds_nothing_and_says_so(site, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    _, first = bring_in(site, a_file("twice", 3))
    client = Client()
    client.force_login(site.users["vera"])
    data = {"file": a_file("twice", 3), "kind": "work"}
    answer = client.post(v(site, "imports/"), data, follow=True)

    assert answer.request["PATH_INFO"] == first
    assert "This file was brought in before, so nothing was added." in answer.content.decode()


def test_a_file_that_cannot_be_read_is_refused_with_how_to_mend_it(site, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    upload = SimpleUploadedFile("photo.csv", b"\x89PNG\r\n\x1a\n\x00\x00")
    answer = visit(site, "vera", v(site, "imports/"), file=upload, kind="work")

    assert answer.status_code == 200
    assert "Not taken. To be mended: File" in answer.said
    assert not Import.objects.filter(name="photo.csv").exists()


def test_a_file_with_too_many_bad_rows_is_shown_as_never_posted(site, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    imported, address = bring_in(site, a_file("bad", 3, amount="two"))
    work_off(f"import:{imported.uuid}")
    said = visit(site, "vera", address).said

    assert "✓ Checking Refused, nothing kept" in said
    assert "1 of 3 rows: a file with more than 1 % of bad rows leaves nothing behind." in said


def test_undo_says_first_that_what_was_paid_becomes_overpaid(site, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    work, address = bring_in(site, a_file("paid", 2))
    work_off(f"import:{work.uuid}")
    row = "R1,ann,acme,5.00,USD,2026-10-25T10:00:00Z,2026-10-26T10:00:00Z,paid-0;paid-1\n"
    head = "payment_reference,worker_external_id,source_system,amount,currency,sent_at,arrived_at,work_ids\n"  # noqa: E501
    paid, _ = bring_in(site, SimpleUploadedFile("r.csv", (head + row).encode()), kind="payouts")
    work_off(f"import:{paid.uuid}")
    preview = visit(site, "vera", f"{address}undo/").said
    visit(site, "vera", f"{address}undo/", go="1")
    work_off(f"undo:{work.uuid}")

    assert "Become overpaid 5.00 USD" in preview
    assert "This import was undone" in visit(site, "vera", address).said


def test_statements_are_issued_from_the_page(site):
    sent = visit(site, "vera", v(site, "statements/issue/"), period="2026-10")
    job = Job.objects.filter(kind="statements").latest("pk")
    before = visit(site, "vera", sent.headers["Location"]).said
    jobs.run(job_id=job.pk, at=site.as_of)
    after = visit(site, "vera", sent.headers["Location"]).said

    there = Statement.objects.filter(period="2026-10").count()
    assert "The statements of 2026-10 are being issued" in before
    assert f"2026-10: 0 new · 0 corrections · {there} unchanged" in after


def test_a_month_that_is_not_over_cannot_be_issued(site):
    jobs_before = Job.objects.count()
    client = Client()
    client.force_login(site.users["vera"])

    answer = client.post(v(site, "statements/issue/"), {"period": "2099-01"}, follow=True)

    assert "“2099-01” is not a month of the list" in answer.content.decode()
    assert Job.objects.count() == jobs_before


# The auditor


def test_an_auditor_sees_the_period_of_the_grant_its_sums_and_its_end(site):
    page = visit(site, "ada", "/audit/").said
    october = Statement.objects.filter(vendor=site.vendor, period="2026-10")

    assert f"Oct 2026: {october.count()} statements" in page
    assert "Sep 2026" not in page
    assert "You may read them until 1 Jan 2100" in page


# All pages


def test_every_page_is_small_and_asks_for_nothing_from_others(site):
    for name, (user, address, words) in addresses(site).items():
        answer = visit(site, user, address)
        html = answer.content.decode()
        parts = re.findall(r'<link rel="(?:icon|stylesheet)" href="([^"]+)"', html)
        weight = len(gzip.compress(answer.content))
        for part in parts:
            with open(finders.find(part.removeprefix("/static/")), "rb") as file:
                weight += len(gzip.compress(file.read()))
        most = VENDOR_BYTES if user in ("vera", "ada") else WORKER_BYTES

        assert words in answer.said, name
        assert weight <= most, f"{name}: {weight} bytes"
        assert 1 + len(parts) <= MOST_REQUESTS, name
        assert "<script" not in html, name
        assert " style=" not in html, name
        assert not re.search(r'(?:src|href|action)="(?:https?:)?//', html), name


def test_every_page_asks_the_database_a_fixed_number_of_questions(site):
    """However many rows a page has: all of them stay under one bound."""
    for name, (user, address, _) in addresses(site).items():
        client = Client()
        if user:
            client.force_login(site.users[user])
        with CaptureQueriesContext(connection) as asked:
            client.get(address)

        assert len(asked) <= MOST_QUERIES, f"{name}: {len(asked)} queries"


def test_more_rows_cost_no_more_questions(site, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    asked = {}
    for account, rows in (("few", 2), ("many", 49)):
        imported, _ = bring_in(site, a_file(account, rows, account=account))
        work_off(f"import:{imported.uuid}")
        one = Engagement.objects.get(vendor=site.vendor, account=account)
        client = Client()
        client.force_login(factories.worker(one, name=account))
        week = f"/pay/{one.pseudonym}/weeks/2026-10-19/"
        for place, page in (("pay", "/pay/"), ("work", "/pay/work/payable/"), ("week", week)):
            with CaptureQueriesContext(connection) as queries:
                client.get(page)
            asked[account, place] = len(queries)

    for place in ("pay", "work", "week"):
        assert asked["few", place] == asked["many", place]


def test_what_users_write_is_shown_as_text_and_nothing_else(site, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    evil = "<script>alert(1)</script>" + "x" * 60
    text = (HEADER + "e1,<b>mallory</b>,acme," + evil[:90] + ",<b>t</b>,approved,"
            "2026-10-20T10:00:00Z,piece,2.50,USD,2026-10-21T10:00:00Z\n")  # fmt: skip
    imported, _ = bring_in(site, SimpleUploadedFile("<i>evil</i>.csv", text.encode()))
    work_off(f"import:{imported.uuid}")
    account = Engagement.objects.filter(vendor=site.vendor, source="acme").latest("pk")
    person = factories.worker(account, name="mallory")
    site.users["mallory"] = person
    for address in (f"/pay/{account.pseudonym}/", f"/pay/{account.pseudonym}/weeks/2026-10-19/"):
        html = visit(site, "mallory", address).content.decode()
        assert "<script" not in html
        assert "&lt;" in html
    assert "<i>evil" not in visit(site, "vera", v(site, "imports/")).content.decode()
    del site.users["mallory"]


def test_errors_are_said_in_plain_words(site, client, settings):
    gone = visit(site, "owed", f"/pay/payments/{10**9}/")
    closed = visit(site, "owed", v(site))

    assert (gone.status_code, closed.status_code) == (404, 403)
    assert "There is no such page" in gone.said
    assert "You cannot open this page" in closed.said


def test_money_that_nobody_knows_to_be_paid_is_not_called_overdue(site):
    """Where payments are known up to a day, what fell due later may have been sent."""
    account = site.account_of("low")
    later = site.as_of + timedelta(days=40)
    pay = earnings.so_far(Engagement.objects.filter(pk=account.pk), as_of=later)

    assert pay.purses[0].not_known > 0
