"""Every form that takes something typed, with one bad value: what comes back, and where."""

from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any, NamedTuple

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

import config.urls  # noqa: F401  (all views, and with them all forms)
from ledger.forms import ImportForm
from ledger.models import Work
from payouts import forms as own_record
from payouts.disputes import forms as said
from payouts.leaving.forms import AccountsForm, FeeForm
from payouts.models import PayItem
from payouts.runs import forms as runs
from payouts.settlement.forms import SettlementForm
from tests.web.test_pages import v, visit
from workers.forms import CodeForm, JoinForm, SignInForm
from workers.posting import Form

pytestmark = pytest.mark.django_db

TOO_LONG = "so " * 700
FEE = {"method": "iban", "currency": "EUR", "fixed": "0.50", "percent": "", "least": "1"}
HOURS = {"started_at": "2026-10-05T09:00", "ended_at": "2026-10-05T10:00", "note": "A call"}


class Case(NamedTuple):
    """A form that `user` sends. bad: the field with the error, which `why` is part of."""

    form: type[Form]
    user: str
    address: Callable[[Any], str]
    typed: dict[str, str]
    bad: str
    why: str
    also: Callable[[Any], dict[str, Any]] = lambda site: {}  # hidden inputs and files


def named(name, attribute):
    return lambda site: reverse(name, args=[getattr(site, attribute).pk])


def of_vendor(rest):
    return lambda site: v(site, rest)


def a_line(site):
    work = Work.objects.filter(engagement=site.account_of("low")).first()
    return reverse("ask-about", args=[f"work-{work.root_id}"])


def seen(site, row):
    return {"seen": getattr(site, row).messages.count()}


def read(text):
    return SimpleUploadedFile("a.csv", text.encode())


CASES = [
    # Anybody
    Case(SignInForm, "", lambda site: "/sign-in/", {"username": "zed"}, "password", "Fill it in"),
    Case(JoinForm, "", lambda site: "/join/", {"code": "AAAAA-AAAAA", "pseudonym": "a b"},
         "pseudonym", "without blanks", lambda site: {"password": "correct horse battery"}),
    Case(CodeForm, "owed", lambda site: "/accounts/", {"code": "QQQQQ-QQQQQ"}, "code",
         "does not work"),
    # The worker's own record
    Case(own_record.EntryForm, "low", lambda site: "/pay/log/", {**HOURS, "promised": "1,5"},
         "promised", "“1,5” is not an amount"),
    Case(own_record.CorrectionForm, "low", named("log-entry", "entry"),
         {**HOURS, "ended_at": "2026-10-05T08:00"}, "ended_at", "The end is before the start"),
    Case(own_record.StartForm, "several", lambda site: "/pay/log/start/", {"what": "Boats"},
         "account", "one of your accounts", lambda site: {"account": "0" * 32}),
    Case(own_record.OwnExportForm, "low", lambda site: "/pay/log/exports/", {}, "file",
         "is empty", lambda site: {"file": read("")}),
    Case(own_record.PictureForm, "low", named("log-screenshot", "entry"), {}, "picture",
         "Choose a picture"),
    Case(own_record.ReleaseForm, "low", named("log-release", "entry"), {"words": TOO_LONG},
         "words", "at most 2000 fit"),
    # Questions and flags
    Case(said.ChoiceForm, "low", a_line, {}, "choice", "Choose what is wrong"),
    Case(said.DraftForm, "low", named("draft", "draft"), {"words": TOO_LONG}, "words",
         "at most 2000 fit", lambda site: {"act": "send"}),
    Case(said.SayForm, "low", named("question-say", "question"), {"words": " "}, "words",
         "Write a few words", lambda site: {"act": "again", **seen(site, "question")}),
    Case(said.PayForm, "vera", named("question-answer", "question"),
         {"amount": "12,50", "words": "Sorry."}, "amount", "“12,50” is not an amount",
         lambda site: {"act": "pay", **seen(site, "question")}),
    Case(said.ReplyForm, "vera", named("question-answer", "question"), {"words": TOO_LONG},
         "words", "at most 2000 fit", lambda site: seen(site, "question")),
    Case(said.DecideForm, "ada", named("question-decide", "escalated"), {"words": "no"}, "words",
         "have 2 letters", lambda site: seen(site, "escalated")),
    Case(said.DecideForm, "ada", named("flag-decide", "silent"), {"words": "No."}, "words",
         "have 2 letters", lambda site: {"seen": site.silent.events}),
    Case(said.ExplainForm, "vera", named("flag-explain", "silent"), {"words": "A mistake."},
         "words", "have 8 letters", lambda site: {"seen": site.silent.events}),
    # The vendor's files
    Case(ImportForm, "vera", of_vendor("imports/"),
         {"exported_at": "2999-01-01T00:00", "complete_until": "2026-10-31"}, "exported_at",
         "Mend the date", lambda site: {"kind": "work", "file": read("a,b\n1,2\n")}),
    Case(SettlementForm, "vera", of_vendor("settlement/add/"), {}, "mapping", "JSON",
         lambda site: {"file": read("a,b\n1,2\n"), "mapping": read("{")}),
    # How pay leaves
    Case(AccountsForm, "vera", of_vendor("settlement/accounts/declare/"),
         {"accounts": "DE00 3704 0044 0532 0130 00", "from_on": "2026-10-01", "reason": "All"},
         "accounts", "checksum is wrong"),
    Case(FeeForm, "vera", of_vendor("fees/set/"), {**FEE, "from_on": "1 Oct", "reason": "The bank"},
         "from_on", "&#x27;1 Oct&#x27;: this is not a day"),
    Case(FeeForm, "vera", of_vendor("fees/set/"),
         {**FEE, "currency": "EUX", "from_on": "2026-10-01", "reason": "The bank"}, "currency",
         "Did you mean"),
    Case(FeeForm, "vera", of_vendor("fees/set/"),
         {**FEE, "percent": "1,5", "from_on": "2026-10-01", "reason": "The bank"}, "percent",
         "Write it like 1.5"),
    # Runs and statements
    Case(runs.DraftForm, "mary", of_vendor("runs/draft/"), {}, "period", "“2026-13” is not a month",
         lambda site: {"period": "2026-13", "currency": "USD"}),
    Case(runs.LeaveOutForm, "mary", of_vendor("runs/1/change/"), {"reason": "so " * 101}, "reason",
         "at most 300 fit", lambda site: {"do": "leave_out", "reference": an_item().reference}),
    Case(runs.AnswerForm, "mary", of_vendor("runs/1/change/"), {"reason": "so " * 101}, "reason",
         "at most 300 fit", lambda site: {"do": "answer", "code": a_check(site)}),
    Case(runs.MonthForm, "vera", of_vendor("statements/issue/"), {}, "period",
         "“soon” is not a month", lambda site: {"period": "soon"}),
]  # fmt: skip


def an_item():
    return PayItem.objects.order_by("-amount_micros", "pk")[0]


def a_check(site):
    """Return the code of a check that found something and may be answered."""
    problems = visit(site, "mary", v(site, "runs/1/")).context["problems"]
    return next(check.code for check, _ in problems if not check.must_hold)


class Page(HTMLParser):
    """The inputs of a page by id, the words below each id, and the links of the line on top."""

    def __init__(self, text):
        super().__init__()
        self.inputs, self.words, self.links, self.open = {}, {}, [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        name = given.get("id")
        if tag in ("input", "select", "textarea", "fieldset") and name:
            self.inputs[name] = {**given, "tag": tag}
        if tag == "a" and any(klass and "refused" in klass for _, _, klass in self.open):
            self.links.append(given.get("href"))
        if tag not in ("input", "meta", "link", "br"):
            self.open.append((tag, name, given.get("class")))

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        for _, name, _ in self.open:
            if name:
                self.words[name] = self.words.get(name, "") + data

    def typed(self, field):
        """Return what stands in a field: its value, its choice, or its text."""
        element = self.inputs[field.auto_id]
        if element["tag"] == "textarea":
            return self.words.get(field.auto_id, "").removeprefix("\n")
        return field.value() if element["tag"] == "select" else element.get("value", "")


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.form.__name__} {case.bad}")
def test_a_refused_form_comes_back_with_what_was_typed_and_why(site, case):
    client = Client()
    if case.user:
        client.force_login(site.users[case.user])

    answer = client.post(case.address(site), {**case.typed, **case.also(site)})
    page = Page(answer.content.decode())

    assert answer.status_code == 200
    form = answer.context.get("refused") or answer.context["form"]
    assert type(form) is case.form
    field = form[case.bad]
    shown = page.inputs[field.auto_id]
    if shown["tag"] != "fieldset":
        assert shown["aria-invalid"] == "true"
    beside = f"{field.auto_id}_error"
    assert beside in shown["aria-describedby"].split()
    assert case.why.replace("&#x27;", "'") in " ".join(page.words[beside].split())
    assert page.links[0] == f"#{field.auto_id}"
    for name, text in case.typed.items():
        assert page.typed(form[name]) == text, name


def test_every_form_of_the_product_is_among_them():
    def leaves(form):
        below = form.__subclasses__()
        return {form} if not below else {leaf for one in below for leaf in leaves(one)}

    def is_typed(form):
        return any(not field.widget.is_hidden for field in form.base_fields.values())

    of_product = {one for one in leaves(Form) if is_typed(one)}
    assert of_product - {case.form for case in CASES} == set()


def test_a_password_is_never_sent_back(site):
    answer = Client().post(
        "/join/", {"code": "", "pseudonym": "zed", "password": "hunter2-hunter2"}
    )

    assert "zed" in answer.content.decode()
    assert "hunter2" not in answer.content.decode()


def test_words_that_were_overtaken_can_be_sent_once_the_others_were_read(site):
    client = Client()
    client.force_login(site.users["vera"])
    address = reverse("flag-explain", args=[site.silent.pk])
    words = "It was paid in cash on the day, see the receipt."

    first = client.post(address, {"words": words, "seen": site.silent.events + 7})
    page = Page(first.content.decode())
    again = client.post(
        address,
        {"words": page.words["explain_words"], "seen": page.inputs["explain_seen"]["value"]},
    )

    assert "Something happened to this flag meanwhile" in first.content.decode()
    assert again.status_code == 302


@pytest.mark.parametrize(
    ("row", "page", "decides", "answers"),
    [
        ("silent", "flag", "flag-decide", "flag-explain"),
        ("escalated", "question", "question-decide", "question-answer"),
    ],
)
def test_words_about_what_was_closed_meanwhile_are_not_lost(site, row, page, decides, answers):
    pk = getattr(site, row).pk
    vendor, auditor = Client(), Client()
    vendor.force_login(site.users["vera"])
    auditor.force_login(site.users["ada"])
    read = Page(auditor.get(reverse(page, args=[pk])).content.decode())
    closing = {
        "words": "The receipt says that it was paid in cash.",
        "seen": read.inputs["decide_seen"]["value"],
    }
    assert auditor.post(reverse(decides, args=[pk]), closing).status_code == 302

    def answer(words):
        sent = {"words": words, "act": "reply", "seen": closing["seen"]}
        return vendor.post(reverse(answers, args=[pk]), sent).content.decode()

    for words, shown in (("Paid,\nsee <it>.", "Paid,<br>see &lt;it&gt;."), (TOO_LONG, TOO_LONG)):
        text = answer(words)
        assert "Not taken." in text
        assert shown.strip() in text
    assert "Shorten it" in text


def test_a_reason_for_a_run_that_was_cancelled_meanwhile_is_not_lost(site):
    vendor, item = Client(), PayItem.objects.filter(run__number=1, left_out="").first()
    vendor.force_login(site.users["vera"])
    change = v(site, "runs/1/change/")
    vendor.post(change, {"do": "cancel"})

    text = vendor.post(
        change, {"do": "leave_out", "reference": item.reference, "reason": "A new <account>."}
    ).content.decode()

    assert "Not taken." in text
    assert "Not sent:" in text
    assert "A new &lt;account&gt;." in text


def test_what_a_clock_was_to_be_started_for_is_not_lost_while_another_one_runs(site):
    client = Client()
    client.force_login(site.users["low"])

    text = client.post(reverse("log-start"), {"what": "A call about <it>"}).content.decode()

    assert "A clock is running for this account already." in text
    assert "Not sent: What are you working on?" in text
    assert "A call about &lt;it&gt;" in text


def test_the_address_that_a_form_is_sent_to_leads_to_its_page(site):
    """A phone that let go of the page asks for it again."""
    client = Client()
    client.force_login(site.users["vera"])

    assert client.get(v(site, "fees/set/")).headers["Location"] == v(site, "fees/")


def test_a_draft_is_asked_about_before_it_is_thrown_away(site):
    client = Client()
    client.force_login(site.users["low"])
    draft = reverse("draft", args=[site.draft.pk])

    asked = client.post(draft, {"act": "discard", "words": "Half a thought"}, follow=True)
    kept = client.get(draft)
    client.post(asked.request["PATH_INFO"])

    assert "Throw this question away?" in asked.content.decode()
    assert "Half a thought" in kept.content.decode()
    assert client.get(draft).status_code == 404
