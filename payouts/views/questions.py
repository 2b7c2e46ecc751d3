"""Questions that were sent: the thread, the acts in it, and the lists of both other sides."""

from collections.abc import Callable
from typing import Any, cast

from django.db.models import QuerySet
from django.utils import timezone
from django.views.generic import DetailView, ListView

from ledger.money import format_amount
from payouts.disputes import answering, asking, listed, watching
from payouts.disputes.forms import DecideForm, PayForm, ReplyForm, SayForm
from payouts.models import Dispute
from payouts.views.vendor import OfVendor
from workers.models import User
from workers.posting import Form, Posting, WithForms
from workers.roles import Permission, Role
from workers.scoping import Scoped

PAGE = 30  # rows

SECTIONS = {"worker": "my-questions", "vendor": "vendor-questions", "auditor": "audit-questions"}


class Question(WithForms, Scoped, DetailView):
    """One question and its thread: for its writer, the vendor, an auditor once escalated."""

    model = Dispute
    permission = Permission.DISPUTE_VIEW
    template_name = "disputes/question.html"

    def get_queryset(self) -> "QuerySet[Dispute]":
        """Return the questions with their account and vendor."""
        return super().get_queryset().select_related("engagement", "vendor")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the thread, who must answer, and what this visitor may do."""
        roles = listed.roles_towards(self.object, cast(User, self.request.user))
        watched = {} if "vendor" in roles else watching.of([self.object])
        one = listed.standing(self.object, timezone.now())
        thread = self.object.messages.order_by("position")
        seen = {"seen": len(thread)}
        say = pay = reply = decide = owing = None
        acting = () if self.object.outcome else roles
        if "worker" in acting:
            say = self.form(SayForm, initial=seen)
        if "vendor" in acting:
            owing = answering.owing(self.object)
            pays = owing.not_yet if owing else one.pays_micros
            if owing is None or owing.not_yet:
                offered = {**seen, "amount": format_amount(pays) if pays else ""}
                pay = self.form(PayForm, currency=self.object.currency, initial=offered)
            reply = self.form(ReplyForm, initial=seen)
        if "auditor" in acting:
            decide = self.form(DecideForm, initial=seen)
        return super().get_context_data(
            drops=watched.get(self.object.pk),
            one=one,
            thread=thread,
            say=say,
            owing=owing,
            pay=pay,
            reply=reply,
            decide=decide,
            evidence=self.object.evidence,
            zone=self.object.vendor.zone,
            currency=self.object.currency,
            roles=roles,
            section=next(name for role, name in SECTIONS.items() if role in roles),
            **kwargs,
        )


class ActingInQuestion(Posting, abstract=True):
    """Something that is done in a question."""

    model = Dispute
    on_page, page_name = Question, "question"

    def say(self, call: Callable[..., Any], dispute: Dispute, form: Form, **more: Any) -> None:
        """Call with what all acts have in common."""
        call(
            dispute=dispute,
            words=form.cleaned_data["words"],
            seen=form.cleaned_data["seen"],
            by=cast(User, self.request.user),
            at=timezone.now(),
            **more,
        )


class Say(ActingInQuestion):
    """The worker agrees, asks again, takes it to an auditor, or takes it back."""

    permission = Permission.DISPUTE_ASK
    form_class = SayForm
    calls = {
        "agree": asking.agree,
        "again": asking.ask_again,
        "escalate": asking.escalate,
        "withdraw": asking.withdraw,
    }

    def act(self, row: Dispute, form: SayForm) -> None:
        """Do what was chosen."""
        chosen = self.request.POST.get("act", "")
        self.say(self.calls.get(chosen, asking.ask_again), row, form)


class Answer(ActingInQuestion):
    """The vendor answers in words, or makes an amount owed."""

    permission = Permission.DISPUTE_ANSWER

    def sent(self, row: Dispute) -> Form:
        """Return the form of the button that was pressed."""
        said = self.request.POST
        if said.get("act") == "pay":
            return PayForm(said, currency=row.currency)
        return ReplyForm(said)

    def act(self, row: Dispute, form: Form) -> None:
        """Answer or pay."""
        if isinstance(form, PayForm):
            self.say(answering.pay, row, form, micros=form.cleaned_data["amount"])
        else:
            self.say(answering.answer, row, form)


class Decide(ActingInQuestion):
    """An auditor closes a question with a written reason."""

    permission = Permission.DISPUTE_DECIDE
    form_class = DecideForm

    def act(self, row: Dispute, form: DecideForm) -> None:
        """Decide."""
        self.say(answering.decide, row, form)


class VendorQuestions(OfVendor, ListView):
    """The questions that were put to a vendor, those that wait for it first."""

    model = Dispute
    permission = Permission.DISPUTE_VIEW
    template_name = "disputes/listed.html"
    paginate_by = PAGE
    section = "vendor-questions"

    def get_queryset(self) -> "QuerySet[Dispute]":
        """Return the vendor's, the open ones first, by the day an answer is due."""
        return listed.open_first(super().get_queryset().filter(vendor=self.find()))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add where each stands."""
        context = super().get_context_data(**kwargs)
        shown = listed.shown(context["object_list"], timezone.now())
        return context | {"vendor": self.vendor, "shown": shown}


class AuditQuestions(Scoped, ListView):
    """The questions that were escalated."""

    model = Dispute
    permission = Permission.DISPUTE_DECIDE
    template_name = "disputes/listed.html"
    paginate_by = PAGE
    nav, section = Role.AUDITOR, "audit-questions"

    def get_queryset(self) -> "QuerySet[Dispute]":
        """Return them, the open ones first."""
        return listed.open_first(super().get_queryset())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add where each stands."""
        context = super().get_context_data(**kwargs)
        return context | {"shown": listed.shown(context["object_list"], timezone.now())}
