"""Questions from the first word to the ledger entry that settles them, through pages and tasks."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from ledger import balances, jobs, releasing, undo, withholding
from ledger.grounds import Grounds
from ledger.models import Batch, Job, Transfer, Work, WorkWeek
from payouts import tasks
from payouts.disputes import answering, asking, subjects
from payouts.disputes.asking import NotSaid
from payouts.models import Dispute, Draft, Entry, Message
from tests import bringing, factories
from tests.payouts import exports
from workers.models import Engagement

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 3, 10, tzinfo=UTC)
REFUSED = {"status": "rejected", "status_reason": "blurred", "due_at": ""}


@pytest.fixture
def site(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    bringing.floor_since_2010()
    vendor = factories.vendor()
    exports.bring_work(vendor, tmp_path, exports.work(number=1), exports.work(number=2, **REFUSED))
    account = Engagement.objects.get()
    worker, staff = factories.worker(account, name="ada"), factories.staff(vendor, "vera")
    with time_machine.travel(NOW, tick=False):
        yield Site(vendor, account, worker, staff, tmp_path)


class Site:
    def __init__(self, vendor, account, worker, staff, folder):
        self.vendor, self.account, self.folder = vendor, account, folder
        self.users = {"worker": worker, "vendor": staff}
        self.clients = {}

    def client(self, role):
        if role not in self.clients:
            self.clients[role] = Client()
            self.clients[role].force_login(self.users[role])
        return self.clients[role]

    def post(self, role, name, *args, **data):
        return self.client(role).post(reverse(name, args=args), data)

    def get(self, role, name, *args):
        response = self.client(role).get(reverse(name, args=args))
        return response, response.content.decode()

    def work(self, number):
        return Work.objects.get(external_id=f"ada-{number}", corrected_by=None)

    def at(self, number):
        root = self.work(number).root_id
        return {one.account: one.micros for one in balances.of_work([root])[root]}

    def ask(self, number, choice="refused"):
        """Ask about a piece of work by the pages, and return the question."""
        about = f"work-{self.work(number).root_id}"
        self.post("worker", "ask-about", about, choice=choice)
        draft = Draft.objects.get()
        sent = self.post("worker", "draft", draft.pk, act="send", words="The picture was sharp.")
        return Dispute.objects.get(pk=sent.headers["Location"].split("/")[-2])


def test_time_that_was_logged_is_released_answered_and_settled_in_the_ledger(site):
    """The whole way: logged by hand, released, a question opens, the vendor pays, it is closed."""
    site.post("worker", "my-log", started_at="2026-10-07T14:00", ended_at="2026-10-07T14:30",
              what="Read the new instructions")  # fmt: skip
    entry = Entry.objects.get()
    response, page = site.get("worker", "log-release", entry.pk)
    assert response.status_code == 200
    assert "Read the new instructions" in page
    assert Dispute.objects.count() == 0  # to look at it releases nothing

    site.post("worker", "log-release", entry.pk, words="Nobody pays for reading.")

    dispute = Dispute.objects.get()
    assert (dispute.choice, dispute.stake_micros) == ("time", 7_500_000)  # at the floor
    assert dispute.answer_due_at == NOW + timedelta(days=14)
    _, page = site.get("vendor", "vendor-questions", site.vendor.slug)
    assert str(dispute.pk) in page
    _, page = site.get("vendor", "question", dispute.pk)
    assert "Nobody pays for reading." in page
    assert "ada-of" not in page

    site.post("vendor", "question-answer", dispute.pk, act="pay", amount="7.50", seen=1)

    dispute.refresh_from_db()
    assert (dispute.outcome, dispute.closed_at) == ("paid", NOW)
    batch = Batch.objects.get(kind="dispute")
    award = Transfer.objects.get(batch=batch)
    assert (award.move, award.amount_micros) == ("award", 7_500_000)
    assert str(dispute.pk) in award.reason
    assert Message.objects.get(dispute=dispute, said="paid").batch == batch
    jobs.run(job_id=Job.objects.get(kind="weeks").pk, at=NOW)
    assert WorkWeek.objects.get().earned_micros == 27_500_000
    _, page = site.get("worker", "question", dispute.pk)
    assert "what was asked for is owed to the worker" in page


def test_refused_work_is_overturned_and_no_later_import_refuses_it_again(site):
    dispute = site.ask(2)
    assert dispute.stake_micros == 20_000_000

    site.post("vendor", "question-answer", dispute.pk, act="pay", amount="20", seen=1)

    assert site.at(2) == {"payable": 20_000_000}
    again = exports.work(number=2, **REFUSED, task_type="outline anew")
    exports.bring_work(site.vendor, site.folder, again, at=NOW)
    assert site.at(2) == {"payable": 20_000_000}


def test_what_a_decision_holds_is_given_back_and_not_paid_beside_it(site):
    grounds = Grounds(
        "quality_review", "A second look at 1.", "vera", NOW, ends_at=NOW + timedelta(days=5)
    )
    withholding.withhold("hold", engagement=site.account, grounds=grounds, works=["ada-1"], at=NOW)
    dispute = site.ask(1)
    assert dispute.stake_micros == 20_000_000

    site.post("vendor", "question-answer", dispute.pk, act="pay", amount="20", seen=1)

    assert site.at(1) == {"payable": 20_000_000}
    later = NOW + timedelta(days=6)
    assert releasing.start_due(at=later) == []  # nothing is held any more
    dispute.refresh_from_db()
    assert dispute.outcome == "paid"


def test_what_is_owed_already_cannot_be_made_owed_again(site):
    dispute = site.ask(1, choice="not_paid")
    assert site.at(1) == {"payable": 20_000_000}

    _, page = site.get("vendor", "question", dispute.pk)
    answer = site.post("vendor", "question-answer", dispute.pk, act="pay", amount="20", seen=1)

    assert "owed for this work already: a pay run pays it" in page
    assert "Make this amount owed" not in page
    assert "it would be owed twice" in answer.content.decode()
    assert site.at(1) == {"payable": 20_000_000}
    assert not Batch.objects.filter(kind="dispute").exists()


@pytest.mark.parametrize(("amount", "end"), [("20", "payable"), ("5", "pending")])
def test_work_in_review_that_was_not_paid_is_approved_and_nothing_is_awarded(site, amount, end):
    exports.bring_work(site.vendor, site.folder, exports.pending(number=3), at=NOW)
    dispute = site.ask(3, choice="not_paid")

    answer = site.post("vendor", "question-answer", dispute.pk, act="pay", amount=amount, seen=1)

    assert site.at(3) == {end: 20_000_000}
    assert ("approved as a whole" in answer.content.decode()) == (end == "pending")
    exports.bring_work(site.vendor, site.folder, exports.pending(number=3, task_type="b"), at=NOW)
    assert site.at(3) == {end: 20_000_000}
    assert not Transfer.objects.filter(move="award").exists()


def test_an_import_can_be_undone_after_its_work_was_settled(site):
    dispute = site.ask(2)
    site.post("vendor", "question-answer", dispute.pk, act="pay", amount="20", seen=1)
    imported = Work.objects.earliest("pk").batch.imported

    job = undo.start(imported=imported, by=None, at=NOW)
    jobs.run(job_id=job.pk, at=NOW)

    job.refresh_from_db()
    assert (job.state, job.error) == ("done", "")
    assert site.at(2) == {}


def test_whoever_asks_about_a_line_again_is_led_to_the_open_question_and_may_still_ask(site):
    about = f"work-{site.work(2).root_id}"
    first = site.ask(2)
    link, said = reverse("question", args=[first.pk]), "You asked about this line already"
    _, page = site.get("worker", "ask-about", about)
    assert said in page
    assert link in page
    assert said not in site.get("worker", "ask-about", f"work-{site.work(1).root_id}")[1]

    second = site.ask(2)
    assert second.pk != first.pk
    assert "2 questions are open" in site.get("worker", "ask-about", about)[1]

    for one in (first, second):
        site.post("worker", "question-say", one.pk, act="withdraw", words="", seen=1)
    assert said not in site.get("worker", "ask-about", about)[1]


def test_an_amount_sent_twice_is_owed_once(site):
    dispute = site.ask(1, choice="too_little")

    for _ in range(2):
        site.post("vendor", "question-answer", dispute.pk, act="pay", amount="1", seen=1)

    assert Transfer.objects.filter(batch__kind="dispute").count() == 1


def test_part_of_what_was_asked_for_leaves_the_worker_the_last_word(site):
    dispute = site.ask(2)

    site.post("vendor", "question-answer", dispute.pk, act="pay", amount="5", seen=1)

    dispute.refresh_from_db()
    assert (dispute.outcome, dispute.paid_micros) == ("", 5_000_000)
    assert site.at(2) == {"payable": 5_000_000, "refused": 15_000_000}
    site.post("worker", "question-say", dispute.pk, act="agree", seen=2)
    dispute.refresh_from_db()
    assert dispute.outcome == "agreed"


def test_words_alone_do_not_close_and_the_worker_takes_them_to_an_auditor(site):
    dispute = site.ask(2)
    site.users["auditor"] = factories.auditor(site.vendor)
    assert site.get("auditor", "question", dispute.pk)[0].status_code == 404

    site.post("vendor", "question-answer", dispute.pk, act="answer", words="It was.", seen=1)
    dispute.refresh_from_db()
    assert dispute.closed_at is None
    site.post("worker", "question-say", dispute.pk, act="escalate", words="It was not.", seen=2)

    _, page = site.get("auditor", "audit-questions")
    assert str(dispute.pk) in page
    closing = {"words": "The picture is sharp.", "seen": 3}
    site.post("auditor", "question-decide", dispute.pk, **closing)
    dispute.refresh_from_db()
    assert dispute.outcome == "decided"


def test_what_nobody_answers_within_14_days_is_shown_to_the_auditor_once(site):
    dispute = site.ask(2)
    answered = site.ask(1, choice="other")
    site.post("vendor", "question-answer", answered.pk, act="answer", words="So.", seen=1)

    assert answering.escalate_overdue(at=NOW + timedelta(days=14)) == 0
    later = NOW + timedelta(days=14, seconds=1)
    assert [answering.escalate_overdue(at=later) for _ in range(2)] == [1, 0]
    dispute.refresh_from_db()
    assert dispute.escalated_at == later
    assert dispute.messages.filter(said="escalated").count() == 1
    assert tasks.escalate() == 0


def test_a_draft_is_seen_by_nobody_until_it_is_sent(site):
    about = f"work-{site.work(2).root_id}"
    site.post("worker", "ask-about", about, choice="refused")
    draft = Draft.objects.get()
    site.post("worker", "draft", draft.pk, act="save", words="Not sure yet.")

    _, page = site.get("vendor", "vendor-questions", site.vendor.slug)
    assert "No question was put to you" in page
    assert Dispute.objects.count() == 0
    _, page = site.get("worker", "my-questions")
    assert str(draft.pk) in page


def test_a_draft_is_sent_once(site):
    subject = subjects.find(f"work-{site.work(2).root_id}", lambda model: model.objects.all())
    person = factories.person_of(site.account)
    draft = asking.begin(worker=person, subject=subject, choice="refused", at=NOW)
    given = {"draft": draft, "subject": subject, "words": "", "by": site.users["worker"], "at": NOW}
    asking.send(**given)

    with pytest.raises(NotSaid, match="sent already"):
        asking.send(**{**given, "draft": Draft(worker=person)})


def test_nobody_answers_what_they_have_not_read(site):
    dispute = site.ask(2)
    site.post("worker", "question-say", dispute.pk, act="again", words="One more thing.", seen=1)

    response = site.client("vendor").post(
        reverse("question-answer", args=[dispute.pk]),
        {"act": "answer", "words": "No.", "seen": 1},
        follow=True,
    )

    assert "Something was said meanwhile" in response.content.decode()
    assert dispute.messages.count() == 2


@pytest.mark.parametrize(
    "about",
    [
        pytest.param("work-999999999999", id="an id that nobody has"),
        pytest.param("work-x", id="no id"),
        pytest.param("work-99999999999999999999", id="more than a database holds"),
        pytest.param("week-abc", id="half a week"),
        pytest.param("scan-1", id="what nobody can ask about"),
    ],
)
def test_a_line_that_is_not_there_cannot_be_asked_about(site, about):
    assert site.get("worker", "ask-about", about)[0].status_code == 404


def test_every_kind_of_line_can_be_asked_about(site):
    statement = factories.statement(site.account)
    payment = factories.payment(site.account)
    week = WorkWeek.objects.get()
    for about in (
        f"statement-{statement.pk}",
        f"payment-{payment.pk}",
        f"week-{site.account.pseudonym.hex}-{week.starts_on}",
    ):
        response, _ = site.get("worker", "ask-about", about)
        assert response.status_code == 200
        subject = subjects.find(about, lambda model: model.objects.all())
        assert subject.about == about
