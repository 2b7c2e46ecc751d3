"""Questions that were sent: the thread, the acts in it, and the lists of both other sides."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import DetailView, ListView, View

from payouts.disputes import answering, asking, listed, watching
from payouts.disputes.asking import NotSaid
from payouts.forms import AnswerForm, WordsForm
from payouts.models import Dispute
from payouts.views.vendor import OfVendor
from workers.models import User
from workers.roles import Permission, Role
from workers.scoping import Scoped

PAGE = 30  # rows
LINES = 12  # offered to ask about; every line of the other pages leads here, too

SECTIONS = {"worker": "my-questions", "vendor": "vendor-questions", "auditor": "audit-questions"}


class Question(Scoped, DetailView):
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
        return super().get_context_data(
            drops=watched.get(self.object.pk),
            one=listed.standing(self.object, timezone.now()),
            thread=self.object.messages.order_by("position"),
            evidence=self.object.evidence,
            zone=self.object.vendor.zone,
            currency=self.object.currency,
            roles=roles,
            section=next(name for role, name in SECTIONS.items() if role in roles),
            **kwargs,
        )


class Acting(Scoped, View, abstract=True):
    """Something that is done in a question, and leads back to it."""

    http_method_names = ["post"]
    model = Dispute
    form_class: type[WordsForm] = WordsForm

    def post(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Do it, or say why not."""
        dispute = get_object_or_404(self.get_queryset(), pk=pk)
        form = self.form_class(request.POST)
        if not form.is_valid():
            error = next(iter(form.errors.values()))[0]
            messages.error(request, str(error))
            return redirect("question", pk=dispute.pk)
        try:
            self.act(dispute, form.cleaned_data)
        except NotSaid as error:
            messages.error(request, str(error))
        return redirect("question", pk=dispute.pk)

    def act(self, dispute: Dispute, given: dict[str, Any]) -> None:
        """Make the one call into the domain."""
        raise NotImplementedError

    def say(
        self, call: Callable[..., Any], dispute: Dispute, given: dict[str, Any], **more: Any
    ) -> None:
        """Call with what all acts have in common."""
        call(
            dispute=dispute,
            words=given["words"],
            seen=given["seen"],
            by=cast(User, self.request.user),
            at=timezone.now(),
            **more,
        )


class Say(Acting):
    """The worker agrees, asks again, takes it to an auditor, or takes it back."""

    permission = Permission.DISPUTE_ASK
    calls = {
        "agree": asking.agree,
        "again": asking.ask_again,
        "escalate": asking.escalate,
        "withdraw": asking.withdraw,
    }

    def act(self, dispute: Dispute, given: dict[str, Any]) -> None:
        """Do what was chosen."""
        self.say(self.calls.get(given["act"], asking.ask_again), dispute, given)


class Answer(Acting):
    """The vendor answers in words, or makes an amount owed."""

    permission = Permission.DISPUTE_ANSWER
    form_class = AnswerForm

    def act(self, dispute: Dispute, given: dict[str, Any]) -> None:
        """Answer or pay."""
        if given["act"] != "pay":
            self.say(answering.answer, dispute, given)
        elif not given["amount"]:
            raise NotSaid(_("Say how much: an amount above zero."))
        else:
            self.say(answering.pay, dispute, given, micros=given["amount"])


class Decide(Acting):
    """An auditor closes a question with a written reason."""

    permission = Permission.DISPUTE_DECIDE

    def act(self, dispute: Dispute, given: dict[str, Any]) -> None:
        """Decide."""
        self.say(answering.decide, dispute, given)


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
