"""A worker asks in three steps: which line, what is wrong with it, in which words."""

from typing import Any, cast

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import ListView, TemplateView, View

from ledger.models import Payment, Work
from payouts import my_work
from payouts.disputes import asking, listed, subjects, watching
from payouts.disputes.asking import NotSaid
from payouts.disputes.standing import CHOICES
from payouts.disputes.subjects import NoSuchLine, Subject
from payouts.models import Dispute, Draft
from workers.models import User
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
        work = my_work.current(self.visible(Work)).select_related("engagement__vendor")
        return super().get_context_data(
            payments=paid.select_related("engagement__vendor").order_by("-sent_at_ms", "-pk")[
                :LINES
            ],
            work=work.order_by("-ended_at_ms", "-pk")[:LINES],
            **kwargs,
        )


class AskAbout(Scoped, View):
    """Step two: what is wrong with a line."""

    model = Draft
    permission = Permission.DISPUTE_ASK
    nav, section = Role.WORKER, "my-questions"

    def get(self, request: HttpRequest, about: str) -> HttpResponse:
        """Show the choices. Nothing is kept."""
        return self.choices(self.subject(about))

    def post(self, request: HttpRequest, about: str) -> HttpResponse:
        """Keep the choice as a draft, and go on to step three."""
        subject = self.subject(about)
        try:
            draft = asking.begin(
                worker=cast(User, request.user).worker,
                subject=subject,
                choice=request.POST.get("choice", ""),
                at=timezone.now(),
            )
        except NotSaid as error:
            return self.choices(subject, str(error))
        return redirect("draft", pk=draft.pk)

    def subject(self, about: str) -> Subject:
        """Return the line that is meant; Http404 for one of others."""
        try:
            return subjects.find(about, self.visible)
        except NoSuchLine:
            raise Http404 from None

    def choices(self, subject: Subject, error: str = "") -> HttpResponse:
        """Return the page of step two."""
        context = {"choices": CHOICES, "error": error}
        return render(self.request, "disputes/choose.html", context | self.shown(subject))

    def shown(self, subject: Subject) -> dict[str, Any]:
        """Return what a page needs to show the line."""
        return {
            "subject": subject,
            "evidence": subject.evidence,
            "zone": subject.engagement.vendor.zone,
            "currency": subject.currency,
            "view": self,
        }


class DraftPage(AskAbout):
    """Step three: words. Then it is sent, or kept to be sent another day."""

    permission = Permission.DISPUTE_ASK

    def get(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Show the draft as the vendor would see it."""
        return self.words(self.draft(pk))

    def post(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Keep the words; send them if so said."""
        draft, words = self.draft(pk), request.POST.get("words", "")
        at = timezone.now()
        if request.POST.get("act") == "discard":
            draft.delete()
            return redirect("my-questions")
        if request.POST.get("act") != "send":
            asking.keep_words(draft=draft, words=words, at=at)
            messages.info(request, _("Kept. Nobody but you sees it."))
            return redirect("draft", pk=draft.pk)
        try:
            dispute = asking.send(
                draft=draft,
                subject=self.subject(draft.about),
                words=words,
                by=cast(User, request.user),
                at=at,
            )
        except NotSaid as error:
            messages.error(request, str(error))
            return redirect("my-questions")
        return redirect("question", pk=dispute.pk)

    def draft(self, pk: str) -> Draft:
        """Return the draft, if it is the visitor's."""
        return get_object_or_404(self.get_queryset(), pk=pk)

    def words(self, draft: Draft) -> HttpResponse:
        """Return the page of step three."""
        context = {"draft": draft, **self.shown(self.subject(draft.about))}
        return render(self.request, "disputes/words.html", context)
