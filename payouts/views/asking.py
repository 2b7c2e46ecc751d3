"""A worker asks in three steps: which line, what is wrong with it, in which words."""

from datetime import datetime
from typing import Any, cast

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import ListView, TemplateView, View

from ledger.models import Payment, Work
from payouts.disputes import asking, listed, subjects, watching
from payouts.disputes.asking import NotSaid
from payouts.disputes.forms import ChoiceForm, DraftForm
from payouts.disputes.subjects import NoSuchLine, Subject
from payouts.models import Dispute, Draft
from payouts.my_pay import behind
from workers.models import User
from workers.posting import Form
from workers.roles import Permission, Role
from workers.scoping import Scoped

PAGE = 30  # rows
LINES = 12  # offered to ask about; every line of the other pages leads here, too


class MyQuestions(Scoped, ListView):
    """What the worker asked, and what is not sent yet."""

    model = Dispute
    permission = Permission.DISPUTE_ASK
    template_name = "disputes/mine.html"
    paginate_by = PAGE
    nav, section = Role.WORKER, "my-questions"

    def get_queryset(self) -> "QuerySet[Dispute]":
        """Return the questions that were sent, the newest first."""
        return listed.newest_first(super().get_queryset())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the drafts, and where each question stands."""
        context = super().get_context_data(**kwargs)
        drafts = self.visible(Draft).select_related("engagement__vendor").order_by("-changed_at")
        return context | {
            "shown": listed.shown(context["object_list"], timezone.now()),
            "drafts": drafts,
            "watched": watching.of(context["object_list"]),
        }


class Ask(Scoped, TemplateView):
    """Step one: which line."""

    model = Payment
    permission = Permission.DISPUTE_ASK
    template_name = "disputes/ask.html"
    nav, section = Role.WORKER, "my-questions"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the newest payments and the newest work."""
        paid = self.get_queryset().filter(void=False, corrected_by=None)
        paid = paid.select_related("engagement__vendor")
        work = behind.current(self.visible(Work)).select_related("engagement__vendor")
        return super().get_context_data(
            payments=paid.order_by("-sent_at_ms", "-pk")[:LINES],
            work=work.order_by("-ended_at_ms", "-pk")[:LINES],
            **kwargs,
        )


class OfLine(Scoped, View, abstract=True):
    """A page that shows the line that is asked about."""

    model = Draft
    permission = Permission.DISPUTE_ASK
    nav, section = Role.WORKER, "my-questions"

    def subject(self, about: str) -> Subject:
        """Return the line that is meant; Http404 for one of others."""
        try:
            return subjects.find(about, self.visible)
        except NoSuchLine:
            raise Http404 from None

    def page(self, template: str, subject: Subject, form: Form, **more: Any) -> HttpResponse:
        """Return a page with the line, and a form as it stands."""
        mine = self.visible(Dispute).filter(about=subject.about, closed_at=None)
        context = {
            "form": form,
            "subject": subject,
            "open": listed.shown(listed.newest_first(mine), timezone.now()),
            "evidence": subject.evidence,
            "zone": subject.engagement.vendor.zone,
            "currency": subject.currency,
            "view": self,
            **more,
        }
        return render(self.request, template, context)


class AskAbout(OfLine):
    """Step two: what is wrong with a line."""

    permission = Permission.DISPUTE_ASK

    def get(self, request: HttpRequest, about: str) -> HttpResponse:
        """Show the choices. Nothing is kept."""
        return self.page("disputes/choose.html", self.subject(about), ChoiceForm())

    def post(self, request: HttpRequest, about: str) -> HttpResponse:
        """Keep the choice as a draft, and go on to step three."""
        subject, form = self.subject(about), ChoiceForm(request.POST)
        if not form.is_valid():
            return self.page("disputes/choose.html", subject, form)
        draft = asking.begin(
            worker=cast(User, request.user).worker,
            subject=subject,
            choice=form.cleaned_data["choice"],
            at=timezone.now(),
        )
        return redirect("draft", pk=draft.pk)


class OfDraft(OfLine, abstract=True):
    """A page of a draft, which nobody sees but its writer."""

    def draft(self, pk: str) -> Draft:
        """Return the draft, if it is the visitor's."""
        return get_object_or_404(self.get_queryset(), pk=pk)


class DraftPage(OfDraft):
    """Step three: words. Then it is sent, or kept to be sent another day."""

    permission = Permission.DISPUTE_ASK

    def get(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Show the draft as the vendor would see it."""
        draft = self.draft(pk)
        return self.words(draft, DraftForm(initial={"words": draft.words}))

    def post(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Keep the words; send them if so said."""
        draft, form, at = self.draft(pk), DraftForm(request.POST), timezone.now()
        if not form.is_valid():
            return self.words(draft, form)
        words, act = form.cleaned_data["words"], request.POST.get("act")
        if act == "send":
            return self.send(draft, words, at)
        asking.keep_words(draft=draft, words=words, at=at)
        if act == "discard":
            return redirect("discard", pk=draft.pk)
        messages.info(request, _("Kept. Nobody but you sees it."))
        return redirect("draft", pk=draft.pk)

    def send(self, draft: Draft, words: str, at: datetime) -> HttpResponse:
        """Send it, and show the question."""
        try:
            dispute = asking.send(
                draft=draft,
                subject=self.subject(draft.about),
                words=words,
                by=cast(User, self.request.user),
                at=at,
            )
        except NotSaid as error:
            messages.error(self.request, str(error))
            return redirect("my-questions")
        return redirect("question", pk=dispute.pk)

    def words(self, draft: Draft, form: DraftForm) -> HttpResponse:
        """Return the page of step three."""
        return self.page("disputes/words.html", self.subject(draft.about), form, draft=draft)


class DiscardDraft(OfDraft):
    """Ask whether a draft is to be thrown away; then throw it away."""

    permission = Permission.DISPUTE_ASK

    def get(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Show what would be lost; nothing is."""
        context = {"draft": self.draft(pk), "view": self}
        return render(request, "disputes/discard.html", context)

    def post(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Throw it away."""
        self.draft(pk).delete()
        messages.info(request, _("Thrown away. Nobody has seen it."))
        return redirect("my-questions")
