"""Flags on pages and in the API: each side sees what is its own, and who may answer does."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from rest_framework.throttling import SimpleRateThrottle

from payouts import scanning
from payouts.disputes import asking, subjects
from payouts.flag_life import answering
from payouts.models import Dispute, Draft, Flag, FlagEvent
from tests import bringing, factories
from tests.payouts.exports import bring_payouts, bring_work, payment, work
from workers.models import Engagement

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 3, 10, tzinfo=UTC)
DAY = timedelta(days=1)
WHY = "The bank was closed on that day, see notice 7."
NO = "It was not closed at all: I was paid for other work."


@pytest.fixture
def site(tmp_path):
    SimpleRateThrottle.cache.clear()
    bringing.floor_since_2010()
    vendor = factories.vendor()
    bring_work(vendor, tmp_path, work(number=1), work(number=2), work("bea", rate_amount="90.00"))
    bring_payouts(vendor, tmp_path, payment("somebody else"))
    with time_machine.travel(NOW, tick=False) as clock:
        scanning.scan(vendor=vendor, as_of=NOW, at=NOW)
        yield Site(vendor, clock, tmp_path)


class Site:
    def __init__(self, vendor, clock, folder):
        self.vendor, self.clock, self.folder = vendor, clock, folder
        self.account = Engagement.objects.get(account="ada")
        self.users = {
            "worker": factories.worker(self.account, name="ada"),
            "vendor": factories.staff(vendor, "vera"),
            "auditor": factories.auditor(vendor, name="audrey"),
        }
        self.clients = {}

    @property
    def flag(self):
        return Flag.objects.get(code="W01", engagement=self.account)

    def client(self, role):
        if role not in self.clients:
            self.clients[role] = Client()
            self.clients[role].force_login(self.users[role])
        return self.clients[role]

    def get(self, role, name, *args, **asked):
        response = self.client(role).get(reverse(name, args=args), asked)
        assert response.status_code == 200
        return response.content.decode()

    def post(self, role, name, *args, **data):
        response = self.client(role).post(reverse(name, args=args), data, follow=True)
        assert response.status_code == 200
        return response.content.decode()

    def explain(self, words=WHY):
        return self.post("vendor", "flag-explain", self.flag.pk, words=words, seen=1)

    def ask(self):
        """The worker disagrees, by the pages."""
        about = f"flag-{self.flag.pk}"
        self.client("worker").post(reverse("ask-about", args=[about]), {"choice": "not_paid"})
        self.post("worker", "draft", Draft.objects.get().pk, act="send", words=NO)
        return Dispute.objects.get()

    def listed(self, role, name, *args, **asked):
        """Return where the flags of a list stand, in its order."""
        response = self.client(role).get(reverse(name, args=args), asked)
        return [(one.flag.engagement.account, one.stands) for one in response.context["shown"]
                if one.flag.engagement]  # fmt: skip


def test_the_whole_way_from_the_scan_to_the_money(site):
    assert "The vendor must answer by" in site.get("worker", "my-pay")
    assert "Ask about this flag" in site.get("worker", "flag", site.flag.pk)
    assert "Your answer is due by" in site.get("vendor", "flag", site.flag.pk)

    said = site.explain()

    assert "You explained it" in said
    for role in ("worker", "auditor"):
        assert WHY in site.get(role, "flag", site.flag.pk)
    assert "1 flag waits for your answer" not in site.get("vendor", "overview", site.vendor.slug)

    question = site.ask()

    assert (question.flag, question.stake_micros) == (site.flag, None)
    page = site.get("vendor", "flag", site.flag.pk)
    assert "The worker asked about it." in page
    assert reverse("question", args=[question.pk]) in page
    assert "Explain more" not in page  # it goes on in the question
    assert NO in site.get("vendor", "question", question.pk)

    bring_payouts(
        site.vendor, site.folder, payment("ada", "40.00", sent_at="2026-11-03T10:00:00Z"), at=NOW
    )
    site.clock.shift(DAY)
    scanning.scan(vendor=site.vendor, as_of=NOW + DAY, at=NOW + DAY)

    page = site.get("worker", "flag", site.flag.pk)
    assert "✓ Paid" in page
    assert "Entry in the ledger:" in page
    assert site.listed("worker", "my-flags", state="closed") == [("ada", "closed")]


def test_a_question_is_known_to_no_auditor_before_it_is_escalated(site):
    site.explain()
    question = site.ask()

    assert site.listed("vendor", "flags", site.vendor.slug, state="disputed") == [
        ("ada", "disputed")
    ]
    assert site.listed("auditor", "audit-flags", state="explained") == [("ada", "explained")]
    for page in (
        site.get("auditor", "flag", site.flag.pk),
        site.get("auditor", "audit-flags"),
        site.client("auditor").get(f"/api/v1/flags/{site.flag.pk}/").content.decode(),
    ):
        assert str(question.pk) not in page
        assert "asked about it" not in page

    Dispute.objects.update(escalated_at=NOW)

    assert site.listed("auditor", "audit-flags")[0] == ("ada", "disputed")
    assert str(question.pk) in site.get("auditor", "flag", site.flag.pk)


def test_who_takes_the_account_over_sees_the_flag_and_not_the_question(site):
    """What a person asked belongs to the person."""
    question = site.ask()
    person = factories.person_of(site.account)
    person.links.update(ended_at=NOW)
    site.users["worker"] = factories.worker(site.account, name="later")
    site.clients.clear()

    page = site.get("worker", "flag", site.flag.pk)

    assert str(question.pk) not in page
    assert "asked about it" not in page
    assert site.listed("worker", "my-flags") == [("ada", "asked")]


def test_auditors_see_first_what_nobody_answered(site):
    slug = site.vendor.slug
    assert site.listed("auditor", "audit-flags") == [("bea", "asked"), ("ada", "asked")]
    bea = Flag.objects.get(engagement__account="bea")
    answering.explain(flag=bea, words=WHY, seen=1, by=site.users["vendor"], at=NOW)

    answering.escalate_overdue(at=NOW + 15 * DAY)

    first = [("ada", "escalated"), ("bea", "explained")]
    assert site.listed("auditor", "audit-flags") == first
    assert site.listed("auditor", "flags", slug) == first
    assert site.listed("vendor", "flags", slug) == first[::-1]  # the worst money first


def test_the_numbers_of_the_filters_are_those_of_the_lists(site):
    site.explain()
    counts = site.client("vendor").get(reverse("flags", args=[site.vendor.slug])).context["counts"]

    assert list(counts) == ["asked", "explained"]
    for stands, number in counts.items():
        response = site.client("vendor").get(
            reverse("flags", args=[site.vendor.slug]), {"state": stands}
        )
        assert response.context["paginator"].count == number
    everything = reverse("flags", args=[site.vendor.slug])
    for asked in ("nonsense", "closed' --", "Ω"):
        assert site.client("vendor").get(everything, {"state": asked}).status_code == 200


def test_what_is_in_another_currency_stands_after_the_vendors_own(site):
    evidence = site.flag.evidence
    for currency, micros in (("KES", 900_000_000), ("USD", 3_000_000)):
        factories.flag(
            site.account, subject=currency, stake_micros=micros, currency=currency,
            evidence=evidence,
        )  # fmt: skip

    listed = site.client("vendor").get(reverse("flags", args=[site.vendor.slug]))

    found = [(one.flag.currency, one.flag.stake_micros) for one in listed.context["shown"]]
    own = [micros for currency, micros in found if currency == "USD"]
    assert found == [
        *(("USD", micros) for micros in sorted(own, reverse=True)),
        ("KES", 900_000_000),
    ]


def test_an_auditor_closes_what_was_escalated_with_a_reason(site):
    answering.escalate_overdue(at=NOW + 15 * DAY)
    site.clock.shift(16 * DAY)

    assert "Nobody answered by" in site.get("auditor", "flag", site.flag.pk)
    site.post(
        "auditor", "flag-decide", site.flag.pk, words="It was paid in cash, see letter.", seen=2
    )

    assert site.flag.closed_as == "decided"
    for role in ("worker", "vendor"):
        assert "It was paid in cash, see letter." in site.get(role, "flag", site.flag.pk)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"words": "  ", "seen": 1}, "Write a few words."),
        ({"words": "Soon.", "seen": 1}, "These words have 4 letters or digits"),
        ({"words": WHY, "seen": 0}, "Something happened to this flag meanwhile. Read it first."),
        ({"words": WHY, "seen": "x"}, "whole number"),
        ({"words": WHY}, "Nothing stands here."),
        ({"words": "x" * 2001, "seen": 1}, "at most 2000 fit"),
        ({"words": WHY, "seen": 10**30}, "less than or equal to"),
    ],
)
def test_an_answer_that_is_not_kept_is_told_why(site, data, said):
    assert said in site.post("vendor", "flag-explain", site.flag.pk, **data)
    assert not FlagEvent.objects.filter(happening="explained").exists()


def test_what_is_typed_is_shown_as_text(site):
    site.explain('<script>alert("paid already")</script> in full')

    page = site.get("worker", "flag", site.flag.pk)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_no_staff_is_named_to_a_worker(site):
    site.explain()

    for address in (reverse("flag", args=[site.flag.pk]), f"/api/v1/flags/{site.flag.pk}/"):
        assert "vera" not in site.client("worker").get(address).content.decode()


def test_of_a_flag_about_all_accounts_it_is_not_said_that_the_worker_reads_it(site):
    figures = {"quarter": "2026-Q3", "events": 11, "under": 11, "per_mille": 0, "net_micros": -1}
    given = {"code": "W29", "engagement": None, "evidence": figures}
    whole = factories.flag(site.flag.engagement, **given)

    assert "The worker reads it" in site.get("vendor", "flag", site.flag.pk)
    assert "No worker reads it" in site.get("vendor", "flag", whole.pk)


def test_nobody_can_ask_about_what_is_not_theirs_or_not_the_vendors(site):
    bea = Flag.objects.get(engagement__account="bea")
    health = factories.flag(site.account, code="W30", for_vendor=False)
    notice = Flag.objects.filter(engagement=None).first()

    for flag in (bea, health, notice):
        answer = site.client("worker").get(reverse("ask-about", args=[f"flag-{flag.pk}"]))
        assert answer.status_code == 404
    assert "Ask about this flag" not in site.get("worker", "flag", health.pk)
    assert site.client("vendor").get(reverse("flag", args=[health.pk])).status_code == 404


def test_money_paid_by_a_question_about_one_piece_goes_to_that_piece(site):
    """What was refused is overturned: the question has the work of its flag."""
    bea = Flag.objects.get(engagement__account="bea")
    subject = subjects.find(f"flag-{bea.pk}", lambda model: model.objects.all())

    assert subject.root_id == bea.evidence["works"][0]["work"]
    two = subjects.find(f"flag-{site.flag.pk}", lambda model: model.objects.all())
    assert two.root_id is None


def answer(site, **data):
    address = f"/api/v1/flags/{site.flag.pk}/answer/"
    return site.client("vendor").post(address, data, content_type="application/json")


def test_the_api_tells_where_a_flag_stands_and_takes_an_answer(site):
    row = site.client("vendor").get(f"/api/v1/flags/{site.flag.pk}/").json()
    assert (row["state"], row["closed_as"], row["events"]) == ("asked", "", 1)
    assert row["answer_due_at"] == "2026-11-17T10:00:00Z"
    assert [(one["happening"], one["by"]) for one in row["history"]] == [
        ("notified", "scan"), ("asked", "scan"),
    ]  # fmt: skip

    first = answer(site, words=WHY, seen=row["events"])
    second = answer(site, words=WHY, seen=row["events"])

    assert first.status_code == 200
    assert first.json()["state"] == "explained"
    assert first.json()["history"][-1]["words"] == WHY
    assert (second.status_code, second.json()["code"]) == (409, "overtaken")
    listed = site.client("worker").get("/api/v1/flags/", {"state": "explained"}).json()["results"]
    assert [one["history"][-1]["words"] for one in listed] == [WHY]


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"words": "Soon.", "seen": 1}, "words"),
        ({"words": "", "seen": 1}, "words"),
        ({"words": ["a"], "seen": 1}, "words"),
        ({"words": WHY}, "seen"),
        ({"words": WHY, "seen": -1}, "seen"),
        ({"words": WHY, "seen": None}, "seen"),
    ],
)
def test_the_api_says_what_is_wrong_with_an_answer(site, data, field):
    response = answer(site, **data)

    assert response.status_code == 400
    assert list(response.json()["errors"]) == [field]
    assert site.flag.events == 1


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"state": "asked"}, True),
        ({"state": "escalated"}, False),
        ({"due_before": "2026-11-18T00:00:00Z"}, True),
        ({"due_before": "2026-11-17T10:00:00Z"}, False),
    ],
)
def test_the_api_finds_flags_by_where_they_stand(site, asked, found):
    rows = site.client("worker").get("/api/v1/flags/", asked).json()["results"]

    assert [row["account"] for row in rows] == ["ada"] * found


def test_the_api_refuses_a_state_that_there_is_not(site):
    response = site.client("worker").get("/api/v1/flags/", {"state": "paid"})

    assert response.status_code == 400
    assert list(response.json()["errors"]) == ["state"]


def test_an_entry_outside_the_days_of_a_grant_is_not_shown_to_the_auditor(site):
    sent_at = "2026-11-03T10:00:00Z"  # the grant is for October
    paid = payment("ada", "40.00", payment_reference="SECRET-NOV", sent_at=sent_at)
    bring_payouts(site.vendor, site.folder, paid, at=NOW)
    site.clock.shift(DAY)
    scanning.scan(vendor=site.vendor, as_of=NOW + DAY, at=NOW + DAY)

    assert "SECRET-NOV" in site.get("vendor", "flag", site.flag.pk)
    page = site.get("auditor", "flag", site.flag.pk)
    assert "✓ Paid" in page
    assert "SECRET-NOV" not in page
    row = site.client("auditor").get(f"/api/v1/flags/{site.flag.pk}/").json()
    assert row["history"][-1]["entry"] is None


def test_a_draft_about_a_flag_is_seen_by_nobody(site):
    about = f"flag-{site.flag.pk}"
    site.client("worker").post(reverse("ask-about", args=[about]), {"choice": "other"})

    assert Draft.objects.get().about == about
    assert site.listed("vendor", "flags", site.vendor.slug)[-1] == ("ada", "asked")
    with pytest.raises(asking.NotSaid):
        asking.begin(
            worker=factories.person_of(site.account),
            subject=subjects.find(about, lambda model: model.objects.all()),
            choice="nonsense",
            at=NOW,
        )
